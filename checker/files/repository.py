"""The directory below which files are read, held open by its descriptor.

A path is walked one name at a time, each name looked up in the directory that was opened before
it, so nothing that is renamed or replaced meanwhile leads elsewhere. Links are read and followed
here, never by the operating system: one that stays inside is followed, one that leads out is
refused, whether or not something is there. What git keeps for itself in `.git` (credentials of
remotes, among other things) is no file of the repository, and never read. Where the platform has
no directory descriptors a path is resolved, opened, and resolved again.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

from checker.files.regular import (
    NO_FOLLOW,
    OUTSIDE,
    FileError,
    MissingFileError,
    OutsideError,
    contents,
    failure,
    open_regular,
)
from checker.files.walk import DIRECTORY, LISTED, OpenedPlace, located, located_by_path

GIT = ".git"
"""What git keeps for itself, in a directory or a file of that name."""
MOST_LOOKUPS = 500_000
LOOKUPS_A_NAME = 50
"""How many names are looked up in one run: so many, and so many for each that directories list."""
_LISTING = 5  # to list a directory takes as long as to look up so many names
BY_DESCRIPTOR = bool(NO_FOLLOW) and {os.open, os.stat, os.readlink} <= os.supports_dir_fd


class Repository:
    """A directory, and the files below it; `given` is its path before links were followed.

    `looked_up` is how many names were looked up so far, in which the cost of finding files counts.
    Raises FileError if there is no such directory.
    """

    def __init__(self, directory: Path) -> None:
        self.given = absolute(directory)
        self.looked_up = self._listed = 0
        try:
            self.root = Path(os.path.realpath(self.given))
            self._bases = [os.path.join(each, "") for each in (self.root, self.given)]
            if not S_ISDIR(os.stat(self.root).st_mode):
                raise FileError("is not a directory")
            if BY_DESCRIPTOR:
                self._descriptor = os.open(self.root, DIRECTORY)
                weakref.finalize(self, os.close, self._descriptor)
        except (OSError, ValueError) as error:
            raise failure(error) from error

    def holds(self, path: Path) -> bool:
        """Tell whether a whole path lies in the directory as it is written, or leads there."""
        if any(path.is_relative_to(each) for each in (self.given, self.root)):
            return True
        try:
            return Path(os.path.realpath(path)).is_relative_to(self.root)
        except (OSError, ValueError):
            return False

    def name(self, path: Path) -> str:
        """Return a resolved path relative to the root, with forward slashes."""
        try:
            return path.relative_to(self.root).as_posix() or "."
        except ValueError:
            return path.as_posix()

    def resolve(self, path: Path) -> Path:
        """Return a path with every link followed, whether or not something is there."""
        with self._located(path) as place:
            return self.root.joinpath(*place.names)

    def stat(self, path: Path) -> os.stat_result | None:
        """Return what the operating system says of a file or directory; None if there is none."""
        try:
            with self._located(path) as place:
                return place.info
        except MissingFileError:
            return None

    def is_file(self, path: Path) -> bool:
        """Tell whether there is a regular file. Raises FileError for one of `.git`."""
        try:
            with self._located(path) as place:
                _refuse_git(place.names)
                return place.info is not None and S_ISREG(place.info.st_mode)
        except MissingFileError:
            return False

    def is_directory(self, path: Path) -> bool:
        """Tell whether there is a directory."""
        info = self.stat(path)
        return info is not None and S_ISDIR(info.st_mode)

    def open(self, path: Path, most: int) -> BinaryIO:
        """Open a regular file of at most so many bytes. Raises FileError."""
        with self._located(path) as place:
            _refuse_git(place.names)
            if place.info is None:
                raise MissingFileError("cannot be read: No such file or directory")
            try:
                file = open_regular(place.name, most, directory=place.directory)
            except (OSError, ValueError) as error:
                raise failure(error) from error
            if place.directory is None:
                self._check_again(file, place)
            return file

    def _check_again(self, file: BinaryIO, place: OpenedPlace) -> None:
        """Refuse what was opened by its path if the path has led elsewhere meanwhile."""
        same = os.path.samestat(os.fstat(file.fileno()), os.lstat(place.name))
        if not same or os.path.realpath(place.name) != place.name:
            file.close()
            raise FileError("changes while it is read")

    def read(self, path: Path, most: int) -> bytes:
        """Return the bytes of a regular file of at most so many. Raises FileError."""
        with self.open(path, most) as file:
            return contents(file, most)

    def names(self, directory: Path) -> list[str]:
        """Return the names in a directory, sorted. Raises FileError."""
        return sorted(self._entries(directory))

    def walk(
        self, directory: Path, refused: Callable[[Path, FileError], None] | None = None
    ) -> Iterator[tuple[Path, list[str], list[str]]]:
        """Yield each directory at or below one, the names of those in it, and the other names.

        No link is followed, and `.git` is passed over. As in `os.walk`, what the reader takes out
        of the first list is not walked. A directory that cannot be listed is `refused` and passed
        over; FileError if there is nobody to take that.
        """
        pending = [self.resolve(directory)]
        while pending:
            where = pending.pop()
            try:
                found = self._entries(where)
            except FileError as error:
                if refused is None:
                    raise
                refused(where, error)
                continue
            inner = sorted(name for name in found if found[name] and name.casefold() != GIT)
            others = (name for name in found if not found[name] and name.casefold() != GIT)
            yield where, inner, sorted(others)
            pending.extend(where / name for name in reversed(inner))

    @contextmanager
    def opened(self, directory: Path, flags: int = LISTED) -> Iterator[int | str]:
        """Open a directory: its descriptor, or its path where there are none. Raises FileError."""
        with self._located(directory) as place:
            if flags == LISTED:
                _refuse_git(place.names)
            if place.info is None:
                raise MissingFileError("cannot be read: No such file or directory")
            if place.directory is None:
                yield place.name
                return
            try:
                descriptor = os.open(place.name, flags, dir_fd=place.directory)
            except OSError as error:
                raise failure(error) from error
            try:
                yield descriptor
            finally:
                os.close(descriptor)

    def _entries(self, directory: Path) -> dict[str, bool]:
        """Return the names in a directory; whether each is a directory and no link."""
        self._count(_LISTING)
        with self.opened(directory) as opened:
            try:
                with os.scandir(opened) as entries:
                    found = {each.name: each.is_dir(follow_symlinks=False) for each in entries}
            except OSError as error:
                raise failure(error) from error
        self._listed += len(found)
        return found

    @contextmanager
    def _located(self, path: Path) -> Iterator[OpenedPlace]:
        """Find the file or directory that a path leads to; its parent is open meanwhile."""
        self._refuse_too_many()
        steps = self._steps(path)
        if BY_DESCRIPTOR:
            with located(steps, self._descriptor, self._entering, self._count) as place:
                yield place
        else:
            self._count(len(steps))
            yield located_by_path(self.root, steps)

    def _refuse_too_many(self) -> None:
        """Raise FileError if too many names were looked up."""
        most = MOST_LOOKUPS + LOOKUPS_A_NAME * self._listed
        if self.looked_up > most:
            raise FileError(f"cannot be read: more than {most} names were looked up before")

    def _count(self, names: int) -> None:
        self.looked_up += names

    def _steps(self, path: Path) -> list[str]:
        """Return the names that lead from the root along a path, `..` and links among them."""
        text = str(path if path.is_absolute() else absolute(Path()) / path)
        for base in self._bases:
            if text.startswith(base):
                return [each for each in text[len(base) :].split(os.sep) if each]
        return [] if path in {self.root, self.given} else self._entering(text)

    def _entering(self, path: str) -> list[str]:
        """Return the names that lead from the root where a path leads that begins outside."""
        whole = os.path.join(self.root, path)
        self._count(whole.count(os.sep))
        try:
            real = Path(os.path.realpath(whole))
        except (OSError, ValueError) as error:
            raise failure(error) from error
        if not real.is_relative_to(self.root):
            raise OutsideError(OUTSIDE)
        return list(real.relative_to(self.root).parts)


def _refuse_git(names: Iterable[str]) -> None:
    """Raise FileError for a place that git keeps for itself."""
    if GIT in map(str.casefold, names):
        raise FileError("is of `.git`, which is never read")


def absolute(path: Path) -> Path:
    """Return a path from the file system's root, without `.` and `..`, and with every link."""
    try:
        return Path(os.path.abspath(path))
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError):
            raise FileError("cannot be found: the current directory does not exist") from error
        raise failure(error) from error
