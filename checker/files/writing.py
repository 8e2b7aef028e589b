"""Files that are written: whole beside the old one and renamed, or a line behind it.

A run that fails, or a disk that is full, leaves the old file. Devices and pipes are written
directly, and so is a file whose directory allows no other (one that is mounted by itself).
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISREG

from checker.files.named import confining
from checker.files.regular import (
    NO_FOLLOW,
    SPECIAL,
    FileError,
    OutsideError,
    SpecialFileError,
    failure,
)
from checker.files.repository import Repository, absolute
from checker.files.walk import DIRECTORY
from checker.records import dataclass

_PRIVATE = 0o600
_PUBLIC = 0o666
_CLOSE = getattr(os, "O_CLOEXEC", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW | _CLOSE
_OLD = os.O_WRONLY | os.O_TRUNC | NO_FOLLOW | _CLOSE
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | NO_FOLLOW | _CLOSE
_NOT_BESIDE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV}
"""What a directory answers that allows to write a file in it, but none beside it."""


@dataclass(frozen=True, slots=True)
class _Target:
    """A file's name in its directory, a descriptor; without one the name is a whole path."""

    name: str
    directory: int | None
    old: os.stat_result | None

    @property
    def is_special(self) -> bool:
        """Tell whether there is a pipe or device of that name."""
        return self.old is not None and not S_ISREG(self.old.st_mode)

    def open(self, flags: int, mode: int = _PUBLIC, name: str | None = None) -> int:
        """Open the file, or another beside it."""
        return os.open(name or self.name, flags, mode, dir_fd=self.directory)

    def replace(self, data: bytes) -> None:
        """Write a file beside the old one, with its permissions, and give it the old one's name."""
        new = f".tfcheck-{secrets.token_hex(8)}.tmp"
        if self.directory is None:
            new = str(Path(self.name).parent / new)
        descriptor = self.open(_NEW, name=new)
        try:
            if self.old is not None and hasattr(os, "fchmod"):
                os.fchmod(descriptor, S_IMODE(self.old.st_mode))
            _write_out(descriptor, data, sync=True)
            os.replace(new, self.name, src_dir_fd=self.directory, dst_dir_fd=self.directory)
        except BaseException:
            with suppress(OSError):
                os.unlink(new, dir_fd=self.directory)
            raise


def check_writable(path: Path, repository: Repository | None = None) -> None:
    """Raise FileError for a path that cannot become a file: a directory, or one below none."""
    if not _is_open_file(path):
        with _target(path, repository):
            pass


def write(path: Path, text: str, repository: Repository | None = None) -> None:
    """Write a text as UTF-8, what UTF-8 lacks as an escape; raises FileError.

    A link is written through, unless it leads out of what confines the path.
    """
    data = text.encode("utf-8", "backslashreplace")
    try:
        if _is_open_file(path):
            _write_out(os.open(absolute(path), os.O_WRONLY | os.O_TRUNC | _CLOSE), data)
            return
        with _target(path, repository) as target:
            if target.is_special:
                _write_out(target.open(_OLD), data)
                return
            try:
                target.replace(data)
            except OSError as error:
                if target.old is None or error.errno not in _NOT_BESIDE:
                    raise
                _write_out(target.open(_OLD), data)
    except (OSError, ValueError) as error:
        raise failure(error, "written") from error


def append(path: Path, text: str, repository: Repository | None = None) -> None:
    """Add a text to the end of a regular file, a new one for its owner alone; raises FileError."""
    try:
        with _target(path, repository) as target:
            if target.is_special:
                raise SpecialFileError(SPECIAL)
            _write_out(target.open(_APPEND, _PRIVATE), text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        raise failure(error, "written") from error


def _is_open_file(path: Path) -> bool:
    """Tell whether a path is one of the system's names of a device or of a file that is open."""
    here = absolute(path)
    if not any(here.is_relative_to(each) for each in ("/dev", "/proc")):
        return False
    try:
        return os.path.islink(here) or not S_ISREG(os.stat(here).st_mode)
    except (OSError, ValueError):
        return False


@contextmanager
def _target(path: Path, repository: Repository | None) -> Iterator[_Target]:
    """Find where a path leads, its directory open meanwhile. Raises FileError."""
    here = absolute(path)
    inside = confining(here, repository)
    try:
        real = Path(os.path.realpath(here)) if inside is None else inside.resolve(here)
    except OutsideError as error:
        raise OutsideError("leads out of the repository, where nothing is written") from error
    if ".git" in _folded(real) and ".git" not in _folded(here):
        raise OutsideError("leads into `.git`, where nothing is written")
    folder = inside if inside is not None and real != inside.root else Repository(real.parent)
    with folder.opened(real.parent, DIRECTORY) as opened:
        directory, name = (opened, real.name) if isinstance(opened, int) else (None, str(real))
        try:
            old = os.stat(name, dir_fd=directory, follow_symlinks=False)
        except FileNotFoundError:
            old = None
        if old is not None and S_ISDIR(old.st_mode):
            raise FileError("cannot be written: it is a directory")
        yield _Target(name, directory, old)


def _folded(path: Path) -> set[str]:
    return {each.casefold() for each in path.parts}


def _write_out(descriptor: int, data: bytes, *, sync: bool = False) -> None:
    """Write everything and close; with `sync`, what the disk refuses is raised here."""
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        if sync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
