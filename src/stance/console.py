"""The ``stance`` command: predict, analyze, info, doctor. What a user of a model needs; no hydra, no mlflow."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from stance.doctor import BAD, examine, format_findings
from stance.errors import InputError, StanceError
from stance.files import STDIN, ending
from stance.schema import Article, Pair

MODEL = os.environ.get("STANCE_MODEL", "models/stance")

_ANALYZE = """\
examples:
  stance analyze article.txt                             a table on the screen
  stance analyze article.txt --report page.html          a page to look at
  cat article.txt | stance analyze -                     from a pipe
  stance analyze articles.jsonl.gz --output out.jsonl    many articles; goes on after a kill
"""
_PREDICT = """\
examples:
  stance predict article.txt --speaker "the ministry" --claim "The dam is safe"
  stance predict pairs.jsonl                             JSON lines with speaker, claim, context; answers on stdout
  stance predict pairs.parquet --output answers.parquet
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; exit code 2 with one line on stderr for what the user can mend, 130 after Ctrl-C."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except StanceError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `stance analyze ... | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.filename is None:
            raise
        print(f"error: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser("stance", description="Who affirms, denies or leaves open what in the news?")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: object, help: str, epilog: str = "") -> argparse.ArgumentParser:
        raw = argparse.RawDescriptionHelpFormatter
        made = commands.add_parser(name, help=help, description=help, epilog=epilog, formatter_class=raw)
        made.set_defaults(run=run)
        return made

    for one in (
        command("analyze", _analyze, "the stance map of an article, or of many", _ANALYZE),
        command("predict", _predict, "the stance of a speaker on a claim in a text, or of many such pairs", _PREDICT),
    ):
        one.add_argument("file", metavar="FILE|-", help="text, HTML, JSONL or Parquet (.gz, .zst too); - is stdin")
        one.add_argument("--model", default=MODEL, help=f"folder, .zip or MLflow address (default: {MODEL})")
        one.add_argument("--backend", default="auto", help="auto, torch, onnx or int8")
        one.add_argument("--output", default="", help="file to write: .jsonl, .parquet, .gz, .zst")
    actions = commands.choices
    actions["analyze"].add_argument("--report", default="", help="HTML page to write; for many articles, an index")
    actions["analyze"].add_argument("--json", action="store_true", help="JSON lines instead of a table")
    actions["predict"].add_argument("--speaker", default="", help="with --claim: FILE is the text")
    actions["predict"].add_argument("--claim", default="")
    info = command("info", _info, "what a model is, how good, how fast, on what data")
    info.add_argument("model", nargs="?", default=MODEL, metavar="DIR", help=f"default: {MODEL}")
    command("doctor", _doctor, "what is wrong with this machine or environment, and the remedy")
    return top


def _analyze(options: argparse.Namespace) -> int:
    from stance.articles import read_articles
    from stance.inference.batch import CHUNK, Work, analyze_rows, answer_file, answers
    from stance.inference.rows import format_stance_table, statement_of
    from stance.progress import progress
    from stance.report import AnalyzeWithPages, prepare_pages, write_index

    work = Work(options.model, options.backend)
    articles = iter([_typed_article()]) if options.file == STDIN else read_articles(options.file)
    report = Path(options.report) if options.report else None
    output = options.output or (str(report.with_suffix(".statements.jsonl")) if report else "")
    task = AnalyzeWithPages(str(prepare_pages(report, Path(output)))) if report else analyze_rows
    if output:
        shown = progress(articles, options.file, "articles")
        count = answer_file(task, shown, output, work, options.file, CHUNK["articles"])
        print(f"{count} statements in {output}", file=sys.stderr)
        if report:
            write_index(Path(output), report)
            print(f"page in {report}", file=sys.stderr)
        return 0
    for _, rows in answers(task, articles, work, chunk=1):
        if options.json:
            sys.stdout.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        else:
            title = str(rows[0].get("title") or rows[0]["article_id"]) if rows else options.file
            print(format_stance_table(title, [statement_of(row) for row in rows]) + "\n")
        sys.stdout.flush()
    return 0


def _typed_article() -> Article:
    """The standard input as one article."""
    return Article("stdin", _stdin())


def _stdin() -> str:
    from stance.articles.text import whole_text

    return whole_text(sys.stdin.buffer, Path("standard input"))


def _text(file: str) -> str:
    """The text of the one article that a file holds."""
    from stance.articles import read_articles

    if file == STDIN:
        return _stdin()
    found = list(islice(read_articles(file), 2))
    if len(found) != 1:
        raise InputError(file, f"holds {'several articles' if found else 'no article'}, one is needed")
    return found[0].text


def _predict(options: argparse.Namespace) -> int:
    from stance.inference.batch import CHUNK, Work, answer_file, answers, predict_rows
    from stance.progress import progress
    from stance.records import parse_pair, read_records

    if bool(options.speaker) != bool(options.claim):
        raise StanceError("--speaker and --claim go together; without both, FILE holds pairs")
    work = Work(options.model, options.backend)
    if options.speaker:
        pairs = iter([Pair("pair", options.speaker, options.claim, _text(options.file))])
    elif options.file != STDIN and ending(options.file) not in (".jsonl", ".parquet"):
        raise InputError(options.file, "is no file of pairs (.jsonl, .parquet); for a text give --speaker and --claim")
    else:
        pairs = read_records(options.file, parse_pair)
    if options.output:
        shown, about = progress(pairs, options.file, "pairs"), f"{options.speaker}|{options.claim}"
        count = answer_file(predict_rows, shown, options.output, work, options.file, CHUNK["pairs"], about)
        print(f"{count} predictions in {options.output}", file=sys.stderr)
        return 0
    for _, rows in answers(predict_rows, pairs, work, chunk=1 if options.speaker else CHUNK["pairs"]):
        for row in rows:
            visible = {key: value for key, value in row.items() if key != "context"}
            print(json.dumps(visible, ensure_ascii=False, default=str), flush=True)
    return 0


def _info(options: argparse.Namespace) -> int:
    from stance.bundle import read_manifest
    from stance.model_source import open_source

    with open_source(options.model) as source:
        manifest = read_manifest(source.folder)
        best, card = manifest.get("auto", "torch"), source.folder / "README.md"
        print(f"{options.model}: format {manifest['format']}, every file as exported, auto = {best}\n")
        text = card.read_text(encoding="utf-8") if card.is_file() else json.dumps(manifest, indent=2)
        print("".join(char for char in text if char.isprintable() or char == "\n"))  # no terminal codes from a folder
    return 0


def _doctor(options: argparse.Namespace) -> int:
    findings = examine()
    print(format_findings(findings))
    return int(any(finding.level == BAD for finding in findings))


if __name__ == "__main__":
    raise SystemExit(main())
