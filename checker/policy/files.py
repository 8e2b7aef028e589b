"""Where policy files, configurations and baselines are read: on disk, or in a commit."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class PolicyFiles(Protocol):
    """Reads files by their path on disk, wherever their content is kept."""

    def resolve(self, path: Path) -> Path:
        """Return a path with every link followed; one that leads elsewhere is outside."""

    def read(self, path: Path, most: int) -> bytes:
        """Return what a file begins with, at most so many bytes; OSError if it cannot be read."""

    def is_file(self, path: Path) -> bool:
        """Tell whether there is such a file."""


class Disk:
    """Files as they are on disk."""

    def resolve(self, path: Path) -> Path:
        """Return a path with every link followed."""
        return path.resolve()

    def read(self, path: Path, most: int) -> bytes:
        """Return what a file begins with, at most so many bytes; OSError if it cannot be read."""
        with path.open("rb") as file:
            return file.read(most)

    def is_file(self, path: Path) -> bool:
        """Tell whether there is such a file."""
        return path.is_file()


DISK = Disk()
