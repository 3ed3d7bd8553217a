"""The one exception that users see: a single line that names what is wrong and where."""

from __future__ import annotations

from pathlib import Path


class StanceError(Exception):
    """Something the user can mend. Command lines print it as one line and exit with code 2."""


class InputError(StanceError):
    """A file or record that cannot be read; the message starts with ``file:line:``."""

    def __init__(self, path: Path | str, message: str, line: int | None = None) -> None:
        name = str(path).encode(errors="backslashreplace").decode()  # a file's name may be in no encoding at all
        where = f"{name}:{line}" if line is not None else name
        super().__init__(f"{where}: {message}")

    def __reduce__(self) -> tuple[type[StanceError], tuple[str]]:
        """Worker processes hand errors over as their one line."""
        return StanceError, (str(self),)


def reason(error: BaseException) -> str:
    """The first line of an error, for a message of one line; its kind where it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def one_of(value: object, choices: list[str] | tuple[str, ...]) -> str:
    """The tail of an error about a value: what was given, what is known."""
    return f"{value!r}; choose from {', '.join(choices)}"
