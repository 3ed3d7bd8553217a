"""Where a model is loaded from: a folder, a .zip of one, an MLflow run or registered model. All end as a folder."""

from __future__ import annotations

import lzma
import stat
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from stance.bundle import MANIFEST
from stance.errors import InputError, StanceError, reason

MAX_UNPACKED_BYTES = 4 * 2**30
"""An archive that unpacks to more than this is refused; the largest encoder that fits is some 700 M parameters."""

MLFLOW_SCHEMES = ("runs:/", "models:/", "mlflow-artifacts:/")


@dataclass(frozen=True)
class Source:
    """A model folder, and the temporary folder that it lies in, if any: deleted at the end of a ``with`` block, or
    with this object."""

    folder: Path
    temporary: Any = None

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *error: object) -> None:
        if self.temporary is not None:
            self.temporary.cleanup()


def open_source(source: Path | str) -> Source:
    """The folder of a model named by its path, its archive, or its MLflow address.

    Raises :class:`InputError` for an archive that is none, too large, or that would write outside its folder, and
    :class:`StanceError` for an MLflow address that leads nowhere.
    """
    if str(source).startswith(MLFLOW_SCHEMES):
        return _from_mlflow(str(source))
    path = Path(source)
    return _unpacked(path) if path.suffix.lower() == ".zip" and path.is_file() else Source(path)


def _unpacked(path: Path) -> Source:
    temporary = tempfile.TemporaryDirectory(prefix="stance-")
    broken = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError, ValueError)
    try:
        with zipfile.ZipFile(path) as archive:
            _check(path, archive.infolist())
            archive.extractall(temporary.name)
    except broken as error:  # RuntimeError: a password; ValueError: names that are no text
        raise InputError(path, f"cannot be unpacked ({error})") from None
    return Source(_holder(Path(temporary.name), path), temporary)


def _check(path: Path, members: list[zipfile.ZipInfo]) -> None:
    size = sum(member.file_size for member in members)
    if size > MAX_UNPACKED_BYTES:
        raise InputError(path, f"unpacks to {size} bytes; at most {MAX_UNPACKED_BYTES} are allowed")
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or stat.S_ISLNK(member.external_attr >> 16):
            raise InputError(path, f"holds {member.filename!r}, which leads outside its folder")


def _holder(root: Path, named: Path | str) -> Path:
    """The one folder below ``root`` that holds a manifest."""
    found = sorted(root.rglob(MANIFEST))
    if len(found) != 1:
        raise InputError(str(named), f"holds {len(found)} models (files named {MANIFEST}), one is needed")
    return found[0].parent


def _from_mlflow(address: str) -> Source:
    """Copy an MLflow model's files to a temporary folder: the one use of mlflow outside tracking and export."""
    try:
        from mlflow.artifacts import download_artifacts
        from mlflow.exceptions import MlflowException
    except ImportError:
        raise StanceError(f"{address}: MLflow addresses need mlflow: pip install mlflow") from None
    temporary = tempfile.TemporaryDirectory(prefix="stance-")
    try:
        return Source(_holder(Path(download_artifacts(address, dst_path=temporary.name)), address), temporary)
    except (MlflowException, OSError) as error:
        raise StanceError(f"{address}: {reason(error)} (is MLFLOW_TRACKING_URI set?)") from None
