"""Which files of a working tree are as a commit has them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from checker.commits.repository import opened
from checker.commits.tree import Commit, EntryKind
from checker.errors import SourceError, UsageError
from checker.files import FileError, Repository

MOST_FILES = 1_000
"""How many files are compared with the commit's."""
MOST_BYTES = 4_000_000
"""How large a file may be that is compared."""


def unchanged(files: Repository, commit: str, paths: Iterable[str]) -> frozenset[str]:
    """Return those of the paths whose files are as a commit has them.

    Paths begin at the root of the files. There are none where the root is not the top of a working
    tree, or where the commit is not in its repository.
    """
    try:
        with opened(files.root) as repository:
            if repository.within(files.root):
                return frozenset()
            there = repository.commit(commit)
            few = list(dict.fromkeys(paths))[:MOST_FILES]
            return frozenset(path for path in few if _is_same(files, there, path))
    except (SourceError, UsageError):
        return frozenset()


def _is_same(files: Repository, commit: Commit, path: str) -> bool:
    try:
        entry = commit.entry(path)
        if entry is None or entry.kind is not EntryKind.FILE:
            return False
        return files.read(files.root / Path(path), MOST_BYTES) == commit.content(entry)
    except (SourceError, FileError):
        return False
