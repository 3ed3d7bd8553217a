"""Files: what is read is checked first, what is written is never half there."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from glob import has_magic, iglob
from pathlib import Path
from typing import IO, Any, cast

from stance.errors import InputError, StanceError, reason

MAX_LINE_BYTES = 64 * 2**20
"""A JSONL line above this size is refused: no article is that long. It bounds memory, of hostile archives too."""

COMPRESSED = (".gz", ".zst")
STDIN = "-"
Row = dict[str, Any]


def existing_file(path: Path | str) -> Path:
    """``path`` if it is a readable, non-empty file; else an :class:`InputError` that says which of these it is not."""
    path = Path(path)
    if path.is_dir():
        raise InputError(path, "is a folder, a file is needed")
    if not path.is_file():
        raise InputError(path, "no such file")
    if not os.access(path, os.R_OK):
        raise InputError(path, "cannot be read (permission denied)")
    if path.stat().st_size == 0:
        raise InputError(path, "is empty")
    return path


def matching_files(path: Path | str) -> list[Path]:
    """The files that a path stands for, in name order: itself, all below a folder, or those that a pattern matches
    (``news/**/*.html``, ``part-?.jsonl.gz``). A path that exists is no pattern, whatever signs it holds."""
    path = Path(path)
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file())
    if path.exists() or not has_magic(str(path)):
        return [path]
    return sorted(Path(file) for file in iglob(str(path), recursive=True) if Path(file).is_file())  # noqa: PTH207 - absolute patterns too


def writable_output(path: Path | str) -> Path:
    """An output path whose folder can be written; checked before any work begins."""
    if not str(path):
        raise StanceError("output is empty; give output=PATH")
    target = Path(path)
    parent = next((folder for folder in target.absolute().parents if folder.exists()), Path("/"))
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise StanceError(f"output={path}: {parent} cannot be written")
    if target.is_dir():
        raise StanceError(f"output={path} is a folder, a file name is needed")
    return target


def decode(raw: bytes, path: Path, line: int | None = None) -> str:
    """UTF-8 text (a byte order mark is dropped); binary and other encodings are refused by name."""
    if b"\x00" in raw:
        raise InputError(path, "is binary, not text", line)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(path, f"is not UTF-8 (byte {error.start})", line) from None


def is_unicode(text: str) -> bool:
    """Whether a string is text: JSON can spell halves of characters, which no tokenizer takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def sha256_file(path: Path | str) -> str:
    """Hex digest of a file's bytes."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_text(text: str) -> str:
    """Hex digest of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def atomic_write(path: Path | str) -> Iterator[Path]:
    """A temporary path beside ``path`` to write to; it takes the final name only when the block succeeds."""
    path = Path(path)
    partial = _partial(path)
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path | str, marker: str) -> Iterator[Path]:
    """Like :func:`atomic_write` for a folder: the old one stays untouched until the new one is whole.

    Only a folder that is empty or holds ``marker``, the file by which such folders are known, is replaced: a slip in
    a path must not cost anybody their other files.
    """
    path = Path(path)
    if path.exists() and not path.is_dir():
        raise InputError(path, "is a file, a folder is needed")
    if path.is_dir() and any(path.iterdir()) and not (path / marker).is_file():
        raise InputError(path, f"holds other things (no {marker}) and is not replaced; name a new folder")
    _partial(path)
    partial = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent))
    partial.chmod(0o755)
    try:
        yield partial
        if path.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".old", dir=path.parent))
            path.rename(old / path.name)
            partial.rename(path)
            shutil.rmtree(old)
        else:
            partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _partial(path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise InputError(path.parent, "is a file, a folder is needed") from None
    except PermissionError:
        raise InputError(path.parent, "cannot be written (permission denied)") from None
    if path.is_dir() and path.name == "":
        raise InputError(path, "names no file")
    return path.with_name(f".{path.name}.{os.getpid()}.partial")


def write_rows(path: Path | str, rows: Iterable[Row]) -> int:
    """Write JSONL atomically; returns the number of lines."""
    if Path(path).is_dir():
        raise InputError(path, "is a folder, a file name is needed")
    count = 0
    with atomic_write(path) as partial, partial.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def write_json(path: Path | str, value: object) -> None:
    """Write one JSON document atomically, indented and with a final newline."""
    with atomic_write(path) as partial:
        partial.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


# --- rows ------------------------------------------------------------------------------------------------------------


def ending(path: Path | str) -> str:
    """What a file holds, by its name: ``.jsonl`` for ``a.jsonl`` as for ``a.jsonl.gz``; lower case."""
    path = Path(path)
    inner = path.with_suffix("") if path.suffix.lower() in COMPRESSED else path
    return inner.suffix.lower()


def stem(path: Path | str) -> str:
    """A file's name without its ending: ``a`` for ``a.txt`` as for ``a.txt.gz``."""
    path = Path(path)
    return Path(path.stem).stem if path.suffix.lower() in COMPRESSED else path.stem


def read_rows(path: Path | str) -> Iterator[tuple[int, Row | InputError]]:
    """(line or row number from 1, JSON object) of a JSONL or Parquet file, or of ``-``, the standard input.

    Streams; ``.gz`` and ``.zst`` are unpacked on the way. A line that holds no object comes as its error, so that the
    caller decides whether to go on.
    """
    if str(path) == STDIN:
        name = Path("standard input")
        yield from _jsonl(_unpacked(sys.stdin.buffer, name), name)
        return
    path = existing_file(path)
    if ending(path) == ".parquet":
        yield from enumerate(_parquet(path), start=1)
        return
    with open_bytes(path) as file:
        yield from _jsonl(file, path)


def whole_rows(path: Path | str) -> Iterator[Row]:
    """The rows of a file that this project has written; an empty one has none, a broken row is an
    :class:`InputError`."""
    if Path(path).is_file() and Path(path).stat().st_size == 0:
        return
    for _, row in read_rows(path):
        if isinstance(row, InputError):
            raise row
        yield row


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """A file's bytes, unpacked if its name ends in ``.gz`` or ``.zst``."""
    suffix = path.suffix.lower()
    with path.open("rb") as raw:
        if suffix == ".gz":
            yield io.BufferedReader(gzip.GzipFile(fileobj=raw))
        elif suffix == ".zst":
            yield io.BufferedReader(arrow("Zstandard").input_stream(raw, compression="zstd"))
        else:
            yield raw


def _unpacked(file: Any, path: Path) -> IO[bytes]:
    """A stream without a name, unpacked where its first bytes say that it is packed."""
    start = file.peek(4)[:4] if hasattr(file, "peek") else b""
    if start.startswith(b"\x1f\x8b"):
        return io.BufferedReader(gzip.GzipFile(fileobj=file))
    if start == b"\x28\xb5\x2f\xfd":
        with unpacking(path):
            return io.BufferedReader(arrow("Zstandard").input_stream(file, compression="zstd"))
    return cast(IO[bytes], file)


def arrow(what: str) -> Any:
    """The pyarrow package, or the error that says for what it is needed."""
    try:
        import pyarrow as package
    except ImportError:
        raise StanceError(f"{what} needs pyarrow: pip install 'stance[articles]'") from None
    return package


def _jsonl(file: IO[bytes], path: Path) -> Iterator[tuple[int, Row | InputError]]:
    for number, raw in enumerate(_lines(file, path), start=1):
        try:
            text = decode(raw, path, number).strip()
            row = _object(text, path, number) if text else None
        except InputError as error:
            yield number, error
        else:
            if row is not None:
                yield number, row


def _lines(file: IO[bytes], path: Path) -> Iterator[bytes]:
    number = 0
    while raw := _line(file, path, number + 1):
        number += 1
        if len(raw) > MAX_LINE_BYTES:
            raise InputError(path, f"line is longer than {MAX_LINE_BYTES // 2**20} MiB", number)
        yield raw


def _line(file: IO[bytes], path: Path, number: int) -> bytes:
    with unpacking(path, number):
        return file.readline(MAX_LINE_BYTES + 1)


@contextmanager
def unpacking(path: Path, line: int | None = None) -> Iterator[None]:
    """Turns what a broken archive raises into one line; gzip, zlib and Arrow each have errors of their own."""
    try:
        yield
    except StanceError:
        raise
    except Exception as error:
        raise InputError(path, f"cannot be unpacked or read ({error})", line) from None


def _parquet(path: Path) -> Iterator[Row]:
    pa = arrow("Parquet")
    import pyarrow.parquet as pq

    try:
        for batch in pq.ParquetFile(path).iter_batches(batch_size=1024):
            yield from batch.to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise InputError(path, f"is not a readable Parquet file ({reason(error)})") from None


def _object(text: str, path: Path, line: int) -> Row:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:  # a ValueError is an integer of thousands of digits
        reason = getattr(error, "msg", "nested too deeply, or a number too long")
        raise InputError(path, f"is not JSON ({reason})", line) from None
    if not isinstance(row, dict):
        raise InputError(path, f"holds a {type(row).__name__}, an object is needed", line)
    return row
