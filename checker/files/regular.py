"""One regular file, opened without waiting and read with a bound."""

from __future__ import annotations

import os
from io import UnsupportedOperation
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

_READ = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_CHUNK = 1024 * 1024
SPECIAL = "is not a regular file, but a pipe, a device or a socket"
OUTSIDE = "lies outside the repository root, and nothing outside it is read"


class FileError(Exception):
    """A file is not read or not written; `why` says so behind the file's name."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class MissingFileError(FileError):
    """There is no such file."""


class OutsideError(FileError):
    """A path leads out of the directory below which files are read."""


class SpecialFileError(FileError):
    """A path names a pipe, a device or a socket."""


def failure(error: OSError | ValueError, verb: str = "read") -> FileError:
    """Return what a call of the operating system says, in words for the user."""
    if isinstance(error, OSError):
        kind = FileError
        if isinstance(error, (FileNotFoundError, NotADirectoryError)):
            kind = MissingFileError
        return kind(f"cannot be {verb}: {error.strerror or type(error).__name__}")
    return FileError(f"cannot be {verb}: its path holds a character that no path can hold")


def open_regular(
    name: str, most: int, *, directory: int | None = None, follow: bool = False
) -> BinaryIO:
    """Open a regular file of at most so many bytes; `directory` is the descriptor of its folder.

    What was opened is checked, not what had the name before. Opening never waits: a pipe without
    a writer is refused like every pipe.

    Raises:
        FileError: it is no regular file, or is larger.
        OSError, ValueError: as the operating system says.
    """
    _check(os.stat(name, dir_fd=directory, follow_symlinks=follow), most)
    descriptor = os.open(name, _READ | (0 if follow else NO_FOLLOW), dir_fd=directory)
    try:
        _check(os.fstat(descriptor), most)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check(info: os.stat_result, most: int) -> None:
    if S_ISDIR(info.st_mode):
        raise FileError("is a directory")
    if not S_ISREG(info.st_mode):
        raise SpecialFileError(SPECIAL)
    if info.st_size > most:
        raise FileError(f"is larger than {most} bytes")


def _size(file: BinaryIO) -> int:
    """Return how large a file says it is; 0 for one that is in memory."""
    try:
        return os.fstat(file.fileno()).st_size
    except UnsupportedOperation:
        return 0


def contents(file: BinaryIO, most: int) -> bytes:
    """Return all of an open file; FileError if it grew beyond so many bytes meanwhile."""
    try:
        file.seek(0)
        size = _size(file)
        chunks: list[bytes] = []
        left = most
        while True:
            # A file that has nothing to give at once (some of /proc) answers None.
            chunk: bytes | None = file.read(min(max(size, _CHUNK), left) + 1)
            if chunk is None:
                raise FileError("cannot be read without waiting")
            if not chunk:
                return b"".join(chunks)
            left -= len(chunk)
            if left < 0:
                raise FileError(f"is larger than {most} bytes")
            chunks.append(chunk)
            size = 0
    except OSError as error:
        raise failure(error) from error
