"""Inference against a plain transformers pipeline, in one run: python scripts/benchmarks/inference.py model_dir=DIR

Prints pairs a second on the same pairs with their real lengths, the ratio, latency, cold start, memory, and, with
articles=FILE, articles a second of the whole analysis.
"""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import stance
from stance.articles import read_articles
from stance.command_line import run
from stance.dataset import labelled_pairs
from stance.inference.batch import CHUNK, Work, analyze_rows, answers
from stance.schema import Pair


@dataclass
class Config:
    """configs/benchmarks/inference.yaml"""

    model_dir: str = ""
    dataset: str = ""
    articles: str = ""
    pairs: int = 0
    rounds: int = 0


def plain_pipeline(model_dir: str) -> Any:
    """What a user of transformers would write: the same weights, the whole context, truncated at 512 tokens."""
    from transformers import AutoModelForSequenceClassification, PreTrainedTokenizerFast, pipeline

    tokens = PreTrainedTokenizerFast(
        tokenizer_file=str(Path(model_dir) / "tokenizer.json"), pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    )
    model = AutoModelForSequenceClassification.from_pretrained(model_dir)
    classify = pipeline("text-classification", model=model, tokenizer=tokens, device="cpu", top_k=None)

    def answer(pairs: list[Pair]) -> None:
        inputs = [{"text": f"{pair.speaker} : {pair.claim}", "text_pair": pair.context} for pair in pairs]
        for one in inputs:
            classify(one, truncation=True, max_length=512)

    return answer


def rates(functions: dict[str, Any], pairs: list[Pair], rounds: int) -> dict[str, float]:
    """Median pairs a second of each function; the rounds alternate, so that a slow minute hits all."""
    seen: dict[str, list[float]] = {name: [] for name in functions}
    for answer in functions.values():
        answer(pairs[:2])
    for _ in range(rounds):
        for name, answer in functions.items():
            start = time.perf_counter()
            answer(pairs)
            seen[name].append(len(pairs) / (time.perf_counter() - start))
    return {name: median(values) for name, values in seen.items()}


def latency(model: stance.StanceClassifier, rounds: int) -> tuple[float, float]:
    """p50 and p95 milliseconds of one prediction whose input has 64 tokens."""
    filler = "The engineers had asked for the record of the last inspection and for the names of those who signed it. "
    text = "The ministry said on Monday that the dam was safe. " + filler * 2
    for cut in range(len(text), 0, -1):  # shorten until the input has 64 tokens
        if len(model.encoder.encode("the ministry", "The dam is safe", text[:cut]).input_ids) <= 64:
            break
    times = []
    for _ in range(max(20, 10 * rounds)):
        start = time.perf_counter()
        model.predict("the ministry", "The dam is safe", text[:cut])
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times)[len(times) // 2], sorted(times)[int(len(times) * 0.95)]


PREDICT = "predict('Ana', 'The dam is safe', 'Ana said so.')"
ANALYZE = "analyze('Ana Ruiz said the dam was safe. ' * 30)"


def fresh_process(model_dir: str, call: str, rounds: int = 3) -> tuple[float, float]:
    """Median seconds in which a fresh process imports, loads and answers once, without Python's own start; its peak
    MB, read from the kernel (rusage would count the process that started it)."""
    code = (
        f"import time; t = time.perf_counter(); import stance; stance.load({model_dir!r}).{call}; "
        "print(time.perf_counter() - t, next(l for l in open('/proc/self/status') if l.startswith('VmHWM')).split()[1])"
    )
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() for _ in range(rounds)]
    return median(float(seconds) for seconds, _ in runs), max(float(kilobytes) / 1024 for _, kilobytes in runs)


def main(config: Config) -> float:
    """Measure and print; returns the ratio of pairs a second to the plain pipeline's."""
    model = stance.load(config.model_dir)
    every = labelled_pairs(config.dataset)
    pairs = every[:: max(1, len(every) // config.pairs)][: config.pairs]
    measured = rates(
        {"plain pipeline": plain_pipeline(config.model_dir), f"stance ({model.backend.name})": model.predict_batch},
        pairs,
        config.rounds,
    )
    plain, ours = measured.values()
    for name, rate in measured.items():
        print(f"{name:20s} {rate:8.1f} pairs/s")
    print(f"{'ratio':20s} {ours / plain:8.2f}   (target 6)")
    print("one pair, 64 tokens  p50 {:.1f} ms, p95 {:.1f} ms   (target p50 8)".format(*latency(model, config.rounds)))
    for name, call in (("load and predict", PREDICT), ("load and analyze", ANALYZE)):
        seconds, memory = fresh_process(config.model_dir, call)
        print(f"{name:20s} {seconds:8.2f} s, peak {memory:.0f} MB   (targets 2 s, 600 MB)")
    if config.articles:
        start, count = time.perf_counter(), 0
        for done, _ in answers(analyze_rows, read_articles(config.articles), Work(config.model_dir), CHUNK["articles"]):
            count += done
        print(f"{'analyze':20s} {count / (time.perf_counter() - start):8.2f} articles/s   (target 12)")
    return ours / plain


if __name__ == "__main__":
    run("benchmarks/inference", Config, main)
