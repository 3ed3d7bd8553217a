"""How fast articles become pairs: python scripts/benchmarks/builder.py articles=FILE [count=200] [large=2000]

Words a second of the stages on one core, each alone; of the whole builder on all cores, against a spaCy pipeline as
it comes; and articles a second and peak memory at two sizes of input, which must not differ. With words=40 the articles
are cut into short ones, so that large=100000 is a matter of minutes.
"""

import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from stance.articles import read_articles
from stance.articles.ledger import Ledger
from stance.articles.screen import Screening, screen
from stance.attribution.parse import _pieces, load_parser
from stance.builder import stages
from stance.command_line import run
from stance.files import write_rows
from stance.parallel import chunks, cores
from stance.records import article_row, pair_row
from stance.schema import Article
from stance.wording import sentences


@dataclass
class Config:
    """configs/benchmarks/builder.yaml"""

    articles: str = ""
    count: int = 200
    small: int = 200
    large: int = 0
    words: int = 0
    rounds: int = 3
    workers: int = 0


def spread(articles: Sequence[Article], count: int) -> Sequence[Article]:
    """At most ``count`` of the articles, from all over their file."""
    return articles[:: max(1, len(articles) // count)][:count]


def varied(articles: Iterable[Article], count: int) -> Iterator[Article]:
    """``count`` articles, repeated with an id and a word of their own so that none is folded as a copy."""
    for number, article in enumerate(islice(cycle(articles), count)):
        yield replace(article, article_id=f"{article.article_id}-{number}", text=f"{article.text} No{number}.")


def pieces(articles: Iterable[Article], words: int) -> Iterator[Article]:
    """Each article cut between sentences into articles of at least ``words`` words; what is left over is dropped."""
    for article in articles:
        piece: list[str] = []
        for number, span in enumerate(sentences(article.text)):
            piece.append(span.of(article.text))
            if len(" ".join(piece).split()) >= words:
                yield replace(article, article_id=f"{article.article_id}.{number}", text=" ".join(piece))
                piece = []


def words(articles: Iterable[Article]) -> int:
    """Words between spaces."""
    return sum(len(article.text.split()) for article in articles)


def staged(file: Path, folder: Path) -> dict[str, float]:
    """Processor seconds of each stage on one core, from the file to the file."""
    spent: dict[str, float] = {}

    def timed(name: str, made: Any, *arguments: Any) -> Any:
        start = time.process_time()
        result = made(*arguments)
        spent[name] = spent.get(name, 0.0) + time.process_time() - start
        return result

    articles = timed("read", lambda: list(read_articles(file)))
    ledger = Ledger(folder / "ledger")
    kept = [one for one in timed("screen", lambda: list(screen(articles, ledger, Screening()))) if one]
    ledger.delete()
    made: list[Any] = []
    for batch in chunks(kept, 16):
        result: Any = batch
        for name, stage in stages().items():
            result = timed(name, stage, result)
        made += result
    timed("write", lambda: write_rows(folder / "pairs.jsonl", (pair_row(one) for pairs in made for one in pairs)))
    return spent


def plain_parse(articles: Iterable[Article]) -> float:
    """Processor seconds of spaCy's own pipe over the same paragraphs, article by article."""
    pipeline = load_parser().pipeline
    start = time.process_time()
    for article in articles:
        list(pipeline.pipe((span.of(article.text) for span in _pieces(article.text)), batch_size=64))
    return time.process_time() - start


WHOLE = """
import sys, time
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from stance.articles import read_articles
from stance.articles.screen import Screening
from stance.builder import BuildOptions, build_pairs
file, output, workers = sys.argv[1:]
if __name__ == "__main__":
    start = time.perf_counter()
    build_pairs(read_articles(file), output, file, BuildOptions(Screening("exact"), int(workers)))
    used = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    busy = sum(one.ru_utime + one.ru_stime for one in used)
    print(time.perf_counter() - start, busy, *(one.ru_maxrss / 1024 for one in used))
"""


class Run(NamedTuple):
    """Seconds on the clock and of processors, and peak MB of the reading and of the largest working process."""

    seconds: float
    busy: float
    reader: float
    worker: float


def whole(file: Path, folder: Path, workers: int) -> Run:
    """The whole builder in a fresh process, its start included."""
    command = [sys.executable, "-c", WHOLE, str(file), str(folder / "o.jsonl.gz"), str(workers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Run(*map(float, done.stdout.split()))


def machine() -> str:
    """The processor, and what of vector arithmetic it has."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"model name\s*:\s*(.+)", info)
    has = [flag for flag in ("avx2", "avx512f", "avx512_vnni") if re.search(rf"\b{flag}\b", info)]
    return f"{model[1] if model else platform.processor()}, {cores()} cores, {' '.join(has) or 'no AVX'}"


def main(config: Config) -> float:
    """Measure and print; returns the words a second of the whole builder on all cores."""
    print(machine(), "python", platform.python_version(), f"load {os.getloadavg()[0]:.1f}")
    articles = read_articles(config.articles)
    source = list(pieces(articles, config.words) if config.words else articles)
    chosen = spread(source, config.count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_rows(folder / "a.jsonl", map(article_row, chosen))
        staged(folder / "a.jsonl", folder)  # warm
        rounds = [(staged(folder / "a.jsonl", folder), plain_parse(chosen)) for _ in range(config.rounds)]
        spent = {stage: median(one[stage] for one, _ in rounds) for stage in rounds[0][0]}
        total, plain = sum(spent.values()), median(one for _, one in rounds)
        for stage, seconds in spent.items():
            print(f"{stage:10s} {100 * seconds / total:5.1f} %  {words(chosen) / max(seconds, 1e-9):10.0f} words/s")
        print(f"one core   {words(chosen) / total:8.0f} words/s, {len(chosen) / total:.1f} articles/s (processor time)")
        print(f"parse      {plain / spent['parse']:8.2f} times as fast as spaCy's pipe, article by article")
        runs = []
        for count in filter(None, (config.small, config.large)):
            write_rows(folder / "b.jsonl", map(article_row, varied(spread(source, count), count)))
            one = whole(folder / "b.jsonl", folder, config.workers)
            runs.append((count, words(read_articles(folder / "b.jsonl")), one))
            print(f"{count:7d} articles, {config.workers or cores()} processes: {rates(*runs[-1])}")
            print(f"        peak of the reading process {one.reader:.0f} MB, of a working one {one.worker:.0f} MB")
    if len(runs) == 1:
        return runs[0][1] / runs[0][2].seconds
    (fewer, few, short), (more, many, long) = runs
    between = Run(long.seconds - short.seconds, long.busy - short.busy, 0, 0)
    print(f"between the two, without the start: {rates(more - fewer, many - few, between)}")
    return (many - few) / between.seconds


def rates(articles: int, count: int, run: Run) -> str:
    """A run's speed on the clock and by the processors' time, which other work on the machine does not lengthen."""
    return (
        f"{count / run.seconds:.0f} words/s, {articles / run.seconds:.1f} articles/s on the clock; "
        f"{count / run.busy:.0f} words and {articles / run.busy:.1f} articles a processor second"
    )


if __name__ == "__main__":
    run("benchmarks/builder", Config, main)
