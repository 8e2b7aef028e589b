"""Which files git neither tracks nor would: what a build makes, and what a person keeps for one."""

from __future__ import annotations

import os
from io import BytesIO

from dulwich.ignore import read_ignore_patterns
from dulwich.index import Index

from checker.commits.ignored import IgnorePattern
from checker.commits.kept import MOST_BYTES, is_kept, read_kept
from checker.commits.repository import GitRepository
from checker.commits.tree import Commit, EntryKind
from checker.errors import SourceError, UsageError
from checker.files import FileError
from checker.files.regular import open_regular

MOST_INDEX = 256 * 1024 * 1024
"""How large git's list of tracked files may be, in bytes."""
_FORMS = tuple(b"DIRC" + version.to_bytes(4, "big") for version in (2, 3, 4))
"""How a list of tracked files begins; extensions of it, as for sparse checkouts, are not read."""


class LeftOut:
    """Tells of paths, from the working tree's top, whether git leaves them out.

    What is left out is known from the `.gitignore` files of a commit and the repository's
    `info/exclude`; those of the working tree, which a branch may change, have no say.
    """

    def __init__(self, repository: GitRepository, commit: Commit) -> None:
        self._repository, self._commit = repository, commit
        self._tracked: set[str] | None = None
        self._listed = False
        self._head: Commit | None = None
        self._filters: dict[str, list[IgnorePattern] | None] = {}

    def __call__(self, inner: str, *, is_directory: bool = False) -> bool:
        """Tell whether git neither tracks a file nor would, or enters no such directory."""
        try:
            return self.is_untracked(inner) and self._is_ignored(inner, is_directory=is_directory)
        except UnicodeEncodeError:  # a name that no file has
            return False

    def is_untracked(self, inner: str) -> bool:
        """Tell whether git surely does not track a file.

        Where its list cannot be read, as that of a sparse checkout, what `HEAD` has is tracked.
        """
        if not self._listed:
            self._tracked, self._listed = self._list_tracked(), True
            self._head = None if self._tracked is not None else self._checked_out()
        if self._tracked is not None:
            return inner not in self._tracked
        try:
            return self._head is not None and self._head.entry(inner) is None
        except SourceError:
            return False

    def _checked_out(self) -> Commit | None:
        """Return the commit that is checked out; None if it or the form of the list is unknown."""
        index = str(self._repository.private / "index")
        try:
            with open_regular(index, MOST_INDEX) as file:
                known = file.read(len(_FORMS[0])) in _FORMS
            return self._repository.commit("HEAD") if known else None
        except (FileError, OSError, SourceError, UsageError):
            return None

    def _list_tracked(self) -> set[str] | None:
        """Return what git tracks; None if its list cannot be read."""
        file = self._repository.private / "index"
        try:
            if not is_kept(file.parent, file.name):
                return set()
            if file.stat().st_size > MOST_INDEX:
                return None
            index = Index(file, object_format=self._repository.objects.format)
            return {os.fsdecode(name) for name in index}
        except Exception:  # noqa: BLE001 - whatever a damaged or newer list does to its reader
            return None

    def _is_ignored(self, inner: str, *, is_directory: bool) -> bool:
        """Tell whether a path, or a directory above it, is left out; the last pattern decides."""
        names = inner.split("/")
        above = [(0, self._filter(None))]
        for n in range(len(names)):
            directory = "/".join(names[:n])
            if self._commit.entry(directory) is None:
                break
            above.append((n, self._filter(directory)))
        rules = [(n, found) for n, found in reversed(above) if found is not None]
        return bool(rules) and any(
            _leaves_out(names[:n], rules, is_directory=is_directory or n < len(names))
            for n in range(1, len(names) + 1)
        )

    def _filter(self, directory: str | None) -> list[IgnorePattern] | None:
        """Return the patterns of the commit's `.gitignore` in a directory; None: `info/exclude`."""
        key = "\0" if directory is None else directory
        if key not in self._filters:
            data = self._patterns(directory)
            if len(data) > MOST_BYTES:
                raise SourceError(f"`.gitignore` is larger than {MOST_BYTES} bytes")
            lines = read_ignore_patterns(BytesIO(data))
            self._filters[key] = [IgnorePattern(each) for each in lines] if data else None
        return self._filters[key]

    def _patterns(self, directory: str | None) -> bytes:
        if directory is None:
            return read_kept(self._repository.shared, "info/exclude")
        entry = self._commit.entry(f"{directory}/.gitignore")
        if entry is None or entry.kind is not EntryKind.FILE:
            return b""
        return self._commit.content(entry)


def _leaves_out(
    names: list[str], rules: list[tuple[int, list[IgnorePattern]]], *, is_directory: bool
) -> bool:
    """Tell what the last pattern that matches says; the nearest `.gitignore` is asked first.

    `rules` are the patterns by how many directories lie above them.
    """
    for depth, found in rules:
        if depth >= len(names):
            continue
        relative = os.fsencode("/".join(names[depth:]))
        for pattern in reversed(found):
            if pattern.matches(relative, is_directory=is_directory):
                return pattern.excludes
    return False
