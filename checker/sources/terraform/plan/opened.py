"""A plan file, opened once for whoever finds out of which kind it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from checker.errors import Reason, SourceError
from checker.files import FileError, Repository, SpecialFileError, open_named

MOST_BYTES = 200 * 1024 * 1024
"""How large a plan file may be: larger ones are refused before they are read."""


@contextmanager
def opened_plan(path: Path, name: str, repository: Repository | None = None) -> Iterator[BinaryIO]:
    """Open a plan file, wherever the user says it is. SourceError if it is no regular file."""
    try:
        file = open_named(path, MOST_BYTES, repository)
    except FileError as error:
        raise SourceError(Reason(f"the file {error.why}", name), hint=_hint(error)) from None
    with file:
        yield file


def _hint(error: FileError) -> str:
    return "`-` reads plan JSON from standard input" if isinstance(error, SpecialFileError) else ""
