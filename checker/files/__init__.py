"""The only place that opens files: to read them below a directory or by name, and to write them."""

from checker.files.named import (
    confining,
    open_named,
    read_named,
    repository_of,
    stat_named,
    surroundings,
)
from checker.files.regular import (
    OUTSIDE,
    FileError,
    MissingFileError,
    OutsideError,
    SpecialFileError,
    contents,
)
from checker.files.repository import Repository, absolute
from checker.files.writing import append, check_writable, write

__all__ = [
    "OUTSIDE",
    "FileError",
    "MissingFileError",
    "OutsideError",
    "Repository",
    "SpecialFileError",
    "absolute",
    "append",
    "check_writable",
    "confining",
    "contents",
    "open_named",
    "read_named",
    "repository_of",
    "stat_named",
    "surroundings",
    "write",
]
