"""Which files of a working tree differ from a commit."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from dulwich.ignore import IgnoreFilter, read_ignore_patterns
from dulwich.index import Index

from checker.commits.repository import GitRepository, opened
from checker.commits.tree import Commit, Kind
from checker.errors import SourceError, UsageError
from checker.files import FileError, Repository

MOST_BYTES = 64 * 1024 * 1024
"""A larger file counts as changed."""
MOST_LINKS = 40


class ChangedFiles:
    """Tells of single files whether they differ from a commit; no other file is read.

    Names are relative to `directory`, or absolute. A file differs if its bytes do, but for the ends
    of lines; no filter is run, so one that a filter would change back (Git LFS) differs. A file
    that the commit does not have differs unless the commit's `.gitignore` files, or the
    repository's `info/exclude`, leave it out and git does not track it. What cannot be compared
    differs, and so do the `always` named.
    """

    def __init__(
        self,
        repository: GitRepository,
        commit: Commit,
        directory: Path,
        always: frozenset[str] = frozenset(),
    ) -> None:
        self._repository, self._commit = repository, commit
        self._prefix = repository.within(directory)
        self._working = Repository(repository.top)
        self._always = always
        self._answers: dict[str, bool] = {}
        self._tracked: set[str] | None = None
        self._filters: dict[str, IgnoreFilter | None] = {}

    def __contains__(self, name: object) -> bool:
        """Tell whether a file has changed."""
        if not isinstance(name, str):
            return False
        if name not in self._answers:
            try:
                self._answers[name] = name in self._always or self._changed(name)
            except (OSError, ValueError):  # a name that no file can have, or one that is not read
                self._answers[name] = True
        return self._answers[name]

    def _changed(self, name: str) -> bool:
        top = self._repository.top
        path = os.path.normpath(top / self._prefix / name)
        for _ in range(MOST_LINKS):
            inner = Path(os.path.relpath(path, top)).as_posix()
            if inner == ".." or inner.startswith("../"):
                # Nothing is known of what lies elsewhere, if anything does.
                return Path(path).exists()
            link = self._first_link(inner)
            if link is None:
                return self._differs(inner)
            if self._differs(link):
                return True
            rest = os.path.relpath(path, top / link)
            path = os.path.normpath((top / link).parent / (top / link).readlink() / rest)
        return True

    def _first_link(self, inner: str) -> str | None:
        """Return the first part of a path that is a symbolic link in the working tree."""
        names = inner.split("/")
        parts = ("/".join(names[: n + 1]) for n in range(len(names)))
        return next((part for part in parts if (self._repository.top / part).is_symlink()), None)

    def _differs(self, inner: str) -> bool:
        """Tell whether a file or link differs, by its path from the working tree's top."""
        names = inner.split("/")
        for n in range(1, len(names)):
            entry = self._commit.entry("/".join(names[:n]))
            if entry is not None and entry.kind is Kind.SUBMODULE:
                return self._differs_in("/".join(names[:n]), "/".join(names[n:]), entry.id)
        entry = self._commit.entry(inner)
        file = self._repository.top / inner
        if entry is None:
            return (file.is_symlink() or file.exists()) and not self._is_left_out(inner)
        try:
            if file.is_symlink():
                # `Path.readlink` would leave out a leading `./`.
                target = os.fsencode(os.readlink(file))  # noqa: PTH115
                return entry.kind is not Kind.LINK or target != self._commit.content(entry)
            if file.is_dir():
                return entry.kind is not Kind.DIRECTORY
            if entry.kind is not Kind.FILE or not file.is_file():
                return True
            return self._differs_from(file, entry.id)
        except OSError:
            return True

    def _differs_from(self, file: Path, id: bytes) -> bool:
        try:
            data = self._working.read(file, MOST_BYTES)
        except FileError:
            return True
        objects = self._repository.objects
        if objects.digest(data) == id:
            return False
        before = objects.blob(id)
        return _lines(data) != _lines(before)

    def _differs_in(self, place: str, inner: str, commit: bytes) -> bool:
        """Tell whether a file of a submodule differs from the commit that it stood at."""
        directory = self._repository.top / place
        try:
            with opened(directory) as submodule:
                if submodule.top != directory.resolve():
                    return True
                then = Commit(submodule.objects, commit)
                return inner in ChangedFiles(submodule, then, directory)
        except (SourceError, UsageError):
            return True

    def _is_left_out(self, inner: str) -> bool:
        """Tell whether git neither tracks a file nor would."""
        if self._tracked is None:
            self._tracked = self._list_tracked()
        return self._tracked is not None and inner not in self._tracked and self._is_ignored(inner)

    def _list_tracked(self) -> set[str] | None:
        """Return what git tracks; None if its list cannot be read."""
        file = self._repository.private / "index"
        if not file.is_file():
            return set()
        try:
            index = Index(file, object_format=self._repository.objects.format)
            return {os.fsdecode(name) for name in index}
        except Exception:  # noqa: BLE001 - whatever a damaged or newer list does to its reader
            return None

    def _is_ignored(self, inner: str) -> bool:
        """Tell whether a file, or a directory above it, is left out; the last pattern decides."""
        names = inner.split("/")
        return any(
            self._pattern_leaves_out(names[:n], is_directory=n < len(names))
            for n in range(1, len(names) + 1)
        )

    def _pattern_leaves_out(self, names: list[str], *, is_directory: bool) -> bool:
        for n in range(len(names) - 1, -2, -1):
            found = self._filter("/".join(names[:n]) if n >= 0 else None)
            relative = os.fsencode("/".join(names[max(n, 0) :]))
            for pattern in reversed(found.patterns if found is not None else ()):
                if pattern.matches(relative, is_directory):
                    return pattern.is_exclude
        return False

    def _filter(self, directory: str | None) -> IgnoreFilter | None:
        """Return the patterns of the commit's `.gitignore` in a directory; None: `info/exclude`."""
        key = "\0" if directory is None else directory
        if key not in self._filters:
            data = self._patterns(directory)
            lines = read_ignore_patterns(BytesIO(data))
            self._filters[key] = IgnoreFilter(lines) if data else None
        return self._filters[key]

    def _patterns(self, directory: str | None) -> bytes:
        if directory is None:
            file = self._repository.shared / "info/exclude"
            return file.read_bytes() if file.is_file() else b""
        entry = self._commit.entry(f"{directory}/.gitignore")
        if entry is None or entry.kind is not Kind.FILE:
            return b""
        return self._commit.content(entry)


def _lines(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")
