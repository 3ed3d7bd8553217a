"""What lies beside a model folder while its training runs: checkpoints to go on from, and what the run was told."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from stance.errors import StanceError
from stance.files import write_json


def checkpoint_folder(folder: Path | str) -> Path:
    """The folder of the checkpoints of a training into ``folder``."""
    folder = Path(folder)
    return folder.with_name(folder.name + ".checkpoints")


def unfinished(folder: Path | str) -> dict[str, Any]:
    """The facts that a training into ``folder`` had been given before it was interrupted; empty where none was."""
    return read_json(checkpoint_folder(folder) / "facts.json")


def keep_facts(folder: Path | str, facts: dict[str, Any]) -> None:
    """Note what :func:`unfinished` answers if the training does not come to its end."""
    if os.environ.get("RANK", "0") == "0":
        with suppress(OSError):  # a full disk costs the way back into the same run, not the training
            checkpoint_folder(folder).mkdir(parents=True, exist_ok=True)
            write_json(checkpoint_folder(folder) / "facts.json", facts)


def keep_recipe(folder: Path | str, settings: dict[str, Any], resume: bool) -> None:
    """Note what a run is set to; one that goes on with other settings than it began with is a :class:`StanceError`."""
    file = checkpoint_folder(folder) / "recipe.json"
    begun = read_json(file) if resume else {}
    for name in sorted(begun.keys() & settings.keys()):
        if begun[name] != settings[name]:
            raise StanceError(f"{name} is {settings[name]!r}, but the run to resume has {begun[name]!r}")
    if os.environ.get("RANK", "0") == "0":
        with suppress(OSError):
            write_json(file, settings)


def last_checkpoint(folder: Path | str, resume: bool) -> str | None:
    """The last whole checkpoint to go on from; without ``resume`` old ones are deleted."""
    checkpoints = checkpoint_folder(folder)
    if not resume:
        if os.environ.get("RANK", "0") == "0":
            shutil.rmtree(checkpoints, ignore_errors=True)
        return None
    # the state is written last, so a kill while a checkpoint was being written leaves it missing or cut short
    whole = [one for one in checkpoints.glob("checkpoint-*") if read_json(one / "trainer_state.json")]
    if not whole:
        print(f"resume=true, but {checkpoints} holds no checkpoint: starting afresh")
        return None
    return str(max(whole, key=lambda one: int(one.name.rpartition("-")[2])))


def read_json(file: Path) -> dict[str, Any]:
    """What a file of a checkpoint holds; nothing where it is missing or cut short."""
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content
