"""Where rule policies, configurations and baselines are read: on disk, or in a commit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from checker.files import Repository, absolute, confining, read_named


class PolicyFiles(Protocol):
    """Reads files by their path on disk, wherever their content is kept."""

    def root(self, path: Path) -> Path:
        """Return what a file and all that it names must not lead out of: its repository.

        It is the file's own folder where it lies in no repository. Raises FileError.
        """

    def resolve(self, path: Path, root: Path) -> Path:
        """Return a path with every link followed. Raises OutsideError if it leads out of a root."""

    def read(self, path: Path, most: int, root: Path | None = None) -> bytes:
        """Return a file of at most so many bytes, one below a root if there is one.

        Raises FileError.
        """


class Disk:
    """Files as they are on disk; `repository` gives the one that is checked, if any."""

    def __init__(self, repository: Callable[[], Repository | None] = lambda: None) -> None:
        self._repository = repository

    def root(self, path: Path) -> Path:
        """Return the repository that a file lies in as its path is written, else its folder."""
        here = absolute(path)
        return (confining(here, self._repository()) or Repository(here.parent)).root

    def resolve(self, path: Path, root: Path) -> Path:
        """Return a path with every link followed. Raises OutsideError if it leads out of a root."""
        return Repository(root).resolve(absolute(path))

    def read(self, path: Path, most: int, root: Path | None = None) -> bytes:
        """Return a file of at most so many bytes. Raises FileError."""
        if root is None:
            return read_named(path, most, self._repository())
        return Repository(root).read(absolute(path), most)


DISK = Disk()
