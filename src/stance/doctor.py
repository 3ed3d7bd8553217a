"""What is wrong with this machine or environment, and the remedy: the traps that others have fallen into."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

OK, NOTE, BAD = "ok", "note", "BAD"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report; ``remedy`` is what to do about a note or a fault."""

    level: str
    what: str
    remedy: str = ""


def check_python() -> Iterator[Finding]:
    """The interpreter, and the encoding of file names."""
    yield Finding(OK, f"python {platform.python_version()}")
    if sys.getfilesystemencoding().lower() != "utf-8":
        yield Finding(BAD, f"file names are {sys.getfilesystemencoding()}", "set PYTHONUTF8=1")


def check_packages() -> Iterator[Finding]:
    """What the base install needs, and what each extra would add."""
    for name, extra in _required():
        try:
            yield Finding(OK, f"{name} {version(name)}")
        except PackageNotFoundError:
            if extra:
                yield Finding(NOTE, f"{name} is not installed", f"pip install 'stance[{extra}]' if you need it")
            else:
                yield Finding(BAD, f"{name} is not installed", f"pip install {name}")


def _required() -> Iterator[tuple[str, str]]:
    try:
        lines = requires("stance") or []
    except PackageNotFoundError:
        lines = []
    for line in lines:
        name = re.split(r"[\s<>=!~;\[(]", line, maxsplit=1)[0]
        extra = re.search(r"extra == ['\"](\w+)['\"]", line)
        if name != "stance" and (extra is None or extra[1] in ("articles", "train")):
            yield name, extra[1] if extra else ""


TRAPS: tuple[tuple[str, str, str], ...] = (
    ("omegaconf", r"2\.[4-9]|[3-9]", "pip install 'omegaconf<2.4': hydra 1.3 does not run on newer ones"),
    ("mlflow", r"3\.18\.0$", "pip install mlflow==3.17.2: parts of 3.18.0 are missing"),
    ("transformers", r"[0-4]\.", "pip install 'transformers>=5'"),
)
"""Package, versions that are known to fail (a pattern), remedy."""


def check_traps() -> Iterator[Finding]:
    """Versions that install and then fail."""
    for name, pattern, remedy in TRAPS:
        try:
            found = version(name)
        except PackageNotFoundError:
            continue
        if re.match(pattern, found):
            yield Finding(BAD, f"{name} {found} does not work here", remedy)


def check_processor(cpuinfo: Path = Path("/proc/cpuinfo")) -> Iterator[Finding]:
    """Instructions that decide how fast training and int8 are."""
    try:
        flags = set(cpuinfo.read_text(encoding="ascii", errors="ignore").split())
    except OSError:
        yield Finding(NOTE, f"{platform.machine()}: the processor's features are unknown")
        return
    if not flags & {"avx2", "asimd"}:
        yield Finding(BAD, "no AVX2 or NEON", "inference will be very slow: use another machine")
    if not flags & {"avx512_vnni", "avx_vnni", "asimddp"}:
        yield Finding(NOTE, "no VNNI: int8 is hardly faster than fp32 here", "none needed: auto was measured")
    if not flags & {"avx512_bf16", "amx_bf16", "bf16"}:
        yield Finding(NOTE, "no bf16 instructions: training runs in fp32, a quarter of the speed", "train elsewhere")
    yield Finding(OK, f"{os.cpu_count()} processors, {platform.machine()}")


def check_environment() -> Iterator[Finding]:
    """Settings and space."""
    threads = os.environ.get("OMP_NUM_THREADS")
    if threads and threads.isdigit() and int(threads) < (os.cpu_count() or 1):
        yield Finding(NOTE, f"OMP_NUM_THREADS={threads}: torch leaves processors idle", "unset OMP_NUM_THREADS")
    free = shutil.disk_usage(Path.cwd()).free / 2**30
    if free < 2:
        yield Finding(NOTE, f"{free:.1f} GiB of disk free", "checkpoints and exports need some 2 GiB")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_python,
    check_packages,
    check_traps,
    check_processor,
    check_environment,
)


def examine() -> list[Finding]:
    """All findings, in the order of :data:`CHECKS`."""
    return [finding for check in CHECKS for finding in check()]


def format_findings(findings: list[Finding]) -> str:
    """A line each, remedies indented below, a verdict at the end."""
    lines = []
    for finding in findings:
        lines.append(f"{finding.level:4s}  {finding.what}")
        if finding.remedy:
            lines.append(f"      -> {finding.remedy}")
    faults = sum(finding.level == BAD for finding in findings)
    return "\n".join([*lines, "", "all is well" if not faults else f"{faults} to mend"])
