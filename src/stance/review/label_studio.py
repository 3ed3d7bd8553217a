"""Label Studio (https://labelstud.io): tasks to import, the labeling config beside them, and its JSON export back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.files import Row, decode, existing_file
from stance.review.corrections import Correction, parse_correction
from stance.review.selection import Doubt
from stance.schema import LABELS, Pair

MAX_BYTES = 512 * 2**20
"""An export above this size is refused: it is one JSON document and is read as a whole."""

_CONFIG = """\
<View>
  <Header value="Does the article present $speaker as affirming or denying the claim, or neither?"/>
  <Text name="speaker" value="Speaker: $speaker"/>
  <Text name="claim" value="Claim: $claim"/>
  <Choices name="stance" toName="context" choice="single" required="true" showInline="true">
{choices}
  </Choices>
  <TextArea name="note" toName="context" rows="2" placeholder="Note (optional)"/>
  <HyperText name="context" value="$context"/>
</View>
"""


def labeling_config() -> str:
    """The labeling interface as XML, to be pasted into the project's settings; keys 1, 2, 3 choose a label."""
    choices = [f'    <Choice value="{label}" hotkey="{key}"/>' for key, label in enumerate(LABELS, start=1)]
    return _CONFIG.format(choices="\n".join(choices))


def tasks(doubts: Iterable[Doubt]) -> list[Row]:
    """One task a pair. It shows why the pair was chosen, but neither the label nor a model's answer, which would lead
    the annotator."""
    return [
        {
            "data": {
                "pair_id": doubt.pair.pair_id,
                "article_id": doubt.pair.article_id,
                "speaker": doubt.pair.speaker,
                "claim": doubt.pair.claim,
                "context": marked(doubt.pair),
                "reason": "; ".join(doubt.reasons),
            }
        }
        for doubt in doubts
    ]


def marked(pair: Pair) -> str:
    """The context as HTML with the evidence marked; whatever the text holds is shown and never interpreted."""
    start = pair.context.find(pair.evidence) if pair.evidence else -1
    end = start + len(pair.evidence or "")
    parts = [pair.context] if start < 0 else [pair.context[:start], pair.context[start:end], pair.context[end:]]
    safe = [escape(part).replace("\n", "<br>") for part in parts]
    return safe[0] if start < 0 else f"{safe[0]}<mark>{safe[1]}</mark>{safe[2]}"


def read_export(path: Path | str, annotator: str = "") -> Iterator[Correction]:
    """The judgements of Label Studio's JSON export: every annotation that was not cancelled, with who made it.

    ``annotator`` names whoever an annotation does not (``completed_by`` is missing). A task without annotations is
    passed over. Errors name the line on which the task begins.
    """
    path = existing_file(path)
    if path.stat().st_size > MAX_BYTES:
        raise InputError(path, f"is larger than {MAX_BYTES // 2**20} MiB; export it in parts")
    for line, task in _tasks(decode(path.read_bytes(), path), path):
        for annotation in _objects(task, "annotations", path, line):
            if not annotation.get("was_cancelled"):
                yield _correction(task, annotation, annotator, path, line)


def _tasks(text: str, path: Path) -> Iterator[tuple[int, Row]]:
    """(line, task) of a JSON list; the list is taken apart by hand so that a task's line is known."""
    decoder, at, line, counted = json.JSONDecoder(), _after_space(text, 0), 1, 0
    if text[at : at + 1] != "[":
        raise InputError(path, "is no list of tasks; export the project as JSON", 1)
    at = _after_space(text, at + 1)
    while text[at : at + 1] != "]":
        line, counted = line + text.count("\n", counted, at), at
        try:
            task, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise InputError(path, f"is not JSON ({getattr(error, 'msg', 'nested too deeply')})", line) from None
        if not isinstance(task, dict):
            raise InputError(path, f"holds {task!r:.40}, a task is needed", line)
        yield line, task
        end = _after_space(text, end)
        if text[end : end + 1] not in (",", "]") or not text[end:]:
            raise InputError(path, "ends within the list of tasks, or lacks a comma", line)
        at = _after_space(text, end + 1) if text[end] == "," else end


def _after_space(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


def _objects(row: Row, key: str, path: Path, line: int) -> list[Row]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise InputError(path, f"key {key!r} is {value!r:.40}, a list of objects is needed", line)
    return value


def _correction(task: Row, annotation: Row, annotator: str, path: Path, line: int) -> Correction:
    content = task.get("data")
    if not isinstance(content, dict):
        raise InputError(path, f"key 'data' is {content!r:.40}, an object with pair_id is needed", line)
    answers = {str(one.get("from_name")): one.get("value") for one in _objects(annotation, "result", path, line)}
    row = {
        "pair_id": content.get("pair_id"),
        "stance": _choice(answers.get("stance")),
        "annotator": _name(annotation.get("completed_by")) or annotator,
        "note": _note(answers.get("note")),
    }
    return parse_correction(row, path, line)


def _choice(value: Any) -> Any:
    """``{"choices": ["deny"]}`` -> ``"deny"``; anything else comes as it is, for the error to show."""
    chosen = value.get("choices") if isinstance(value, dict) else value
    return chosen[0] if isinstance(chosen, list) and len(chosen) == 1 else chosen


def _note(value: Any) -> str:
    """``{"text": ["a", "b"]}`` or ``{"text": "a"}`` -> the text."""
    text = value.get("text") if isinstance(value, dict) else None
    return "\n".join(map(str, text)) if isinstance(text, list) else str(text or "")


def _name(person: Any) -> str:
    """Who completed an annotation: exports give a user's number or an object with name and address."""
    if isinstance(person, dict):
        full = " ".join(str(person[key]) for key in ("first_name", "last_name") if person.get(key))
        return full or str(person.get("email") or person.get("id") or "")
    return f"user {person}" if isinstance(person, int) and not isinstance(person, bool) else str(person or "")
