"""From a root to the place that a path leads to, one name at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR, S_ISLNK

from checker.files.regular import (
    NO_FOLLOW,
    OUTSIDE,
    FileError,
    MissingFileError,
    OutsideError,
    failure,
)
from checker.records import dataclass

MOST_LINKS = 40
"""How many links one path may follow, as in Linux."""
MOST_STEPS = 10_000
"""How many names one path may look up, those that links bring in included."""

LISTED = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0) | NO_FOLLOW
"""How a directory is opened to list it."""
DIRECTORY = LISTED | getattr(os, "O_PATH", 0)
"""How one is opened to look names up in it, which takes no permission to list it."""


@dataclass(frozen=True, slots=True)
class OpenedPlace:
    """Where a path leads: the `names` from the root, without links.

    `name` is looked up in `directory`, a descriptor; without one it is a whole path. `info` is
    None if nothing is there.
    """

    names: tuple[str, ...]
    name: str
    directory: int | None
    info: os.stat_result | None


@contextmanager
def located(
    steps: Sequence[str],
    root: int,
    returning: Callable[[str], list[str]],
    counting: Callable[[int], None],
) -> Iterator[OpenedPlace]:
    """Walk from the descriptor `root`; the descriptor of the place is closed afterwards.

    `returning` gives the names from the root for an absolute path, or one that begins with `..`;
    it raises OutsideError if that leads elsewhere. `counting` gets how many names were looked up.
    """
    walk = _Walk(root, returning)
    try:
        try:
            place = walk.along(list(steps))
        finally:
            counting(walk.count)
        yield place
    finally:
        walk.restart()


class _Walk:
    """One walk; what it stands in is the root or a directory that it opened itself."""

    def __init__(self, root: int, returning: Callable[[str], list[str]]) -> None:
        self._root = self._here = root
        self._returning = returning
        self._names: list[str] = []
        self._links = self.count = 0

    def restart(self) -> None:
        """Stand in the root again."""
        if self._here != self._root:
            os.close(self._here)
        self._here, self._names = self._root, []

    def along(self, pending: list[str]) -> OpenedPlace:
        """Go where the names lead. Raises FileError."""
        try:
            while pending:
                self._spend()
                name, rest = pending[0], pending[1:]
                if name == "..":
                    pending = self._up(rest)
                    continue
                info = os.stat(name, dir_fd=self._here, follow_symlinks=False)
                if S_ISLNK(info.st_mode):
                    pending = self._follow(os.readlink(name, dir_fd=self._here), rest)
                elif not rest:
                    return OpenedPlace((*self._names, name), name, self._here, info)
                else:
                    self._enter(name, info)
                    pending = rest
            return OpenedPlace(tuple(self._names), ".", self._here, os.fstat(self._here))
        except FileNotFoundError:
            return self._missing(pending)
        except (OSError, ValueError) as error:
            raise failure(error) from error

    def _enter(self, name: str, info: os.stat_result) -> None:
        if not S_ISDIR(info.st_mode):
            raise MissingFileError("cannot be read: Not a directory")
        descriptor = os.open(name, DIRECTORY, dir_fd=self._here)
        names = [*self._names, name]
        self.restart()
        self._here, self._names = descriptor, names

    def _up(self, rest: list[str]) -> list[str]:
        above, outside = self._names[:-1], not self._names
        self.restart()
        if outside:
            self._spend_link()
            return self._returning(os.path.join("..", *rest))
        return above + rest

    def _follow(self, target: str, rest: list[str]) -> list[str]:
        self._spend_link()
        if target.startswith("/"):
            self.restart()
            return self._returning(os.path.join(target, *rest))
        return [each for each in target.split("/") if each not in {"", "."}] + rest

    def _missing(self, pending: list[str]) -> OpenedPlace:
        """Return the place that would be made; OutsideError if that is elsewhere."""
        names = list(self._names)
        for step in pending:
            if step != "..":
                names.append(step)
            elif not names:
                raise OutsideError(OUTSIDE)
            else:
                names.pop()
        return OpenedPlace(tuple(names), names[-1] if names else ".", self._here, None)

    def _spend(self) -> None:
        self.count += 1
        if self.count > MOST_STEPS:
            raise FileError(f"cannot be read: its path takes more than {MOST_STEPS} steps")

    def _spend_link(self) -> None:
        self._links += 1
        if self._links > MOST_LINKS:
            raise FileError(f"cannot be read: its path follows more than {MOST_LINKS} links")


def located_by_path(root: Path, steps: Sequence[str]) -> OpenedPlace:
    """Resolve a path below a root, where directories have no descriptors."""
    try:
        real = Path(os.path.realpath(root.joinpath(*steps)))
        if not real.is_relative_to(root):
            raise OutsideError(OUTSIDE)
        names = real.relative_to(root).parts
        try:
            info = os.lstat(real)
        except FileNotFoundError:
            info = None
    except (OSError, ValueError) as error:
        raise failure(error) from error
    if info is not None and S_ISLNK(info.st_mode):
        raise FileError(f"cannot be read: its path follows more than {MOST_LINKS} links")
    return OpenedPlace(names, str(real), None, info)
