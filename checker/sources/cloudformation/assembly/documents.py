"""The JSON files of a cloud assembly, found below its directory and bounded in size."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import NoReturn, TypeAlias

from checker.errors import Reason, SourceError
from checker.files import FileError, Repository

MOST_BYTES = 16_000_000
"""How large one file may be."""
MOST_BYTES_IN_ALL = 128_000_000
"""How large the files of one assembly may be together."""
MOST_VALUES = 500_000
"""How many values one file may hold."""
_LONGEST = 1_000
"""How many characters the name of a file may have."""
JsonDocument: TypeAlias = (
    str | int | float | bool | list["JsonDocument"] | dict[str, "JsonDocument"] | None
)


class AssemblyFiles:
    """The files of one assembly and of those in it; what is read counts against one bound."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._left = MOST_BYTES_IN_ALL

    def name(self, path: Path) -> str:
        """Return a path as reports name it."""
        return self.repository.name(path)

    def read(self, path: Path, most: int = MOST_BYTES) -> bytes:
        """Return the bytes of a file. Raises SourceError."""
        try:
            data = self.repository.read(path, most)
        except FileError as error:
            raise SourceError(Reason(error.why, self.name(path))) from None
        self._left -= len(data)
        if self._left < 0:
            why = f"the files of the assembly are larger than {MOST_BYTES_IN_ALL} bytes"
            raise SourceError(Reason(why, self.name(path)))
        return data

    def document(self, path: Path) -> dict[str, JsonDocument]:
        """Return the JSON object that a file holds. Raises SourceError."""
        try:
            found = parsed(self.read(path))
        except ValueError as error:
            raise SourceError(Reason(str(error), self.name(path))) from None
        if not isinstance(found, dict):
            raise SourceError(Reason("it is not a JSON object", self.name(path)))
        return found

    def inner(self, folder: Path, written: JsonDocument, what: str, place: Path) -> Path:
        """Return the path that a manifest at `place` names, which lies below its directory.

        Raises SourceError for one that leads elsewhere, or is no text.
        """
        if not isinstance(written, str) or not 0 < len(written) <= _LONGEST:
            raise SourceError(Reason(f"`{what}` is not the name of a file", self.name(place)))
        parts = PurePosixPath(written.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in written or "\0" in written:
            why = f"`{what}` leads out of the directory of the assembly"
            raise SourceError(Reason(why, self.name(place)))
        return folder.joinpath(*parts.parts)


def parsed(data: bytes) -> JsonDocument:
    """Return what JSON text holds; ValueError that says why, if it is none or holds too much."""
    # Each value but the first follows one of these, so nothing is made before it is counted.
    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > MOST_VALUES:
        raise ValueError(f"it holds more than {MOST_VALUES} values")
    try:
        found: JsonDocument = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError:
        raise ValueError("it is not valid JSON") from None
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def member(document: JsonDocument, name: str) -> JsonDocument:
    """Return a member of an object; None where there is none, or no object."""
    return document.get(name) if isinstance(document, dict) else None


def text(document: JsonDocument, name: str) -> str:
    """Return a member that is a text; an empty one where it is not."""
    found = member(document, name)
    return found if isinstance(found, str) else ""


def members(document: JsonDocument) -> dict[str, JsonDocument]:
    """Return an object as it is; an empty one for what is none."""
    return document if isinstance(document, dict) else {}


def items(document: JsonDocument) -> list[JsonDocument]:
    """Return a list as it is; an empty one for what is none."""
    return document if isinstance(document, list) else []
