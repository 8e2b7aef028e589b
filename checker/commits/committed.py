"""The files of a commit, read as those of the working tree are."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from checker.commits.left_out import LeftOut
from checker.commits.repository import GitRepository, opened
from checker.commits.tree import MOST_LINKS, Commit, EntryKind, TreeEntry
from checker.errors import SourceError, UsageError
from checker.files import (
    OUTSIDE,
    FileError,
    MissingFileError,
    OutsideError,
    Repository,
    absolute,
)
from checker.files.walk import LISTED, OpenedPlace
from checker.records import dataclass

INSTALLED = ".terraform"
"""Where Terraform keeps what it installs for a root module."""
_MODES = {
    EntryKind.FILE: stat.S_IFREG | 0o644,
    EntryKind.LINK: stat.S_IFLNK | 0o777,
    EntryKind.DIRECTORY: stat.S_IFDIR | 0o755,
    EntryKind.SUBMODULE: stat.S_IFDIR | 0o755,
}
_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\r?\n")
_DIGEST = re.compile(rb"^oid sha256:([0-9a-f]{64})\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a path leads, from the working tree's top: an entry of a commit, or a file on disk."""

    path: str
    entry: TreeEntry | None
    commit: Commit
    is_lent: bool = False


class CommittedRepository(Repository):
    """The directory `now` as a commit has it; paths are those on disk, links those of the commit.

    What git leaves out is no part of any commit: with `lends` it is read from disk, and so are the
    modules that Terraform installed, and the files `named` that git does not track. `lent` are
    those that were read, but for installed modules. Nothing is written. Every method raises
    SourceError where the repository does not hold an object.
    """

    def __init__(
        self,
        now: Repository,
        repository: GitRepository,
        commit: Commit,
        *,
        lends: bool = False,
        named: frozenset[Path] = frozenset(),
    ) -> None:
        self.given, self.root = now.given, now.root
        self.looked_up = self._listed = 0
        self._bases = [f"{str(each).rstrip(os.sep)}{os.sep}" for each in (self.root, self.given)]
        self._now, self._commit, self._top = now, commit, repository.top
        self._prefix = repository.within(self.root)
        self._left_out = LeftOut(repository, commit) if lends else None
        self._named = {absolute(each) for each in named}
        self.looked_up = self._listed = 0
        self._submodules: dict[str, Commit] = {}
        self.lent: set[str] = set()
        self._open = ExitStack()

    def close(self) -> None:
        """Close the repositories of submodules."""
        self._open.close()

    def holds(self, path: Path) -> bool:
        """Tell whether a whole path lies in the directory, or is one of the files `named`."""
        return path in self._named or super().holds(path)

    def open(self, path: Path, most: int) -> BinaryIO:
        """Open a file of at most so many bytes. Raises FileError."""
        return BytesIO(self.read(path, most))

    def read(self, path: Path, most: int) -> bytes:
        """Return the bytes of a file of at most so many. Raises FileError."""
        found = self._find(path)
        if found.is_lent:
            if INSTALLED not in found.path.split("/"):
                self.lent.add(found.path)
            return self._disk(found.path).read(self._top / found.path, most)
        if found.entry is None:
            raise MissingFileError(f"cannot be read: the commit {self._commit} has no such file")
        if found.entry.kind is not EntryKind.FILE:
            raise FileError("is a directory")
        content = self._whole(found, found.commit.content(found.entry), most)
        if len(content) > most:
            raise FileError(f"is larger than {most} bytes")
        return content

    @contextmanager
    def opened(self, directory: Path, flags: int = LISTED) -> Iterator[int | str]:  # noqa: ARG002
        """Refuse: a commit has no directory that can be opened. Raises FileError."""
        raise FileError(f"is a directory of the commit {self._commit}")
        yield ""

    def _whole(self, found: _Found, content: bytes, most: int) -> bytes:
        """Return a file's content; of a pointer to one that Git LFS keeps, that of the same file.

        https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
        """
        if not _POINTER.match(content):
            return content
        digest = _DIGEST.search(content)
        now = self._disk(found.path).read(self._top / found.path, most)
        alike = digest is not None and hashlib.sha256(now).hexdigest().encode() == digest[1]
        if not alike and now != content:
            raise FileError(f"is kept by Git LFS, and differs in the commit {self._commit}")
        return now

    def _entries(self, directory: Path) -> dict[str, bool]:
        found = self._find(directory)
        if not found.is_lent and (found.entry is None or not _is_directory(found.entry)):
            raise MissingFileError("cannot be read: No such file or directory")
        listed = {} if found.entry is None else found.commit.directory(self._inside(found))
        names = {name: each.kind is EntryKind.DIRECTORY for name, each in listed.items()}
        for name, is_directory in self._listed_now(found).items():
            if name not in names and self._is_lent(posixpath.join(found.path, name)):
                names[name] = is_directory
        self._count(1 + len(names))
        self._listed += len(names)
        return names

    def _listed_now(self, found: _Found) -> dict[str, bool]:
        """Return what lies in a directory of the working tree now, none if it is another."""
        if self._left_out is None:
            return {}
        place = self._top / found.path
        try:
            disk = self._disk(found.path)
            return disk._entries(place) if disk.resolve(place) == place else {}  # noqa: SLF001
        except FileError:
            return {}

    @contextmanager
    def _located(self, path: Path) -> Iterator[OpenedPlace]:
        found = self._find(path)
        info: os.stat_result | None = None
        if found.is_lent:
            info = self._disk(found.path).stat(self._top / found.path)
        elif found.entry is not None:
            info = os.stat_result((_MODES[found.entry.kind], 0, 0, 1, 0, 0, 0, 0, 0, 0))
        inner = Path(os.path.relpath(self._top / found.path, self.root))
        yield OpenedPlace(inner.parts, str(self._top / found.path), None, info)

    def _find(self, path: Path) -> _Found:
        """Follow a path. Raises OutsideError if it leads out of the directory."""
        self._refuse_too_many()
        named = path in self._named
        pending = self._from_top(path, named=named)
        for _ in range(MOST_LINKS):
            self._count(1 + pending.count("/"))
            followed = self._commit.followed(pending)
            if followed is None or not (named or self._is_inside(followed)):
                raise OutsideError(OUTSIDE)
            found = self._entry(followed)
            if found.entry is not None or not self._is_lent(followed):
                return found
            real = self._disk(followed).resolve(self._top / followed)
            if real == self._top / followed:
                return _Found(followed, None, self._commit, is_lent=True)
            # A link that git leaves out may lead to what a commit has.
            pending = real.relative_to(self._top).as_posix()
        raise FileError(f"cannot be read: its path follows more than {MOST_LINKS} links")

    def _from_top(self, path: Path, *, named: bool) -> str:
        """Return a path as it is written from the working tree's top."""
        text = str(path if path.is_absolute() else absolute(Path()) / path)
        for base in self._bases:
            if text.startswith(base):
                return posixpath.join(self._prefix, Path(text[len(base) :]).as_posix())
        if path in {self.root, self.given}:
            return self._prefix
        try:
            real = Path(os.path.realpath(text))
        except (OSError, ValueError):
            raise FileError("cannot be read: it has no path on disk") from None
        if not real.is_relative_to(self._top if named else self.root):
            raise OutsideError(OUTSIDE)
        return real.relative_to(self._top).as_posix()

    def _is_inside(self, inner: str) -> bool:
        return not self._prefix or f"{inner}/".startswith(f"{self._prefix}/")

    def _entry(self, inner: str) -> _Found:
        """Look a path up in the commit, or in that of the submodule which it lies in."""
        names = [each for each in inner.split("/") if each]
        for n in range(1, len(names) + 1):
            place = "/".join(names[:n])
            entry = self._commit.entry(place)
            if entry is None:
                break
            if entry.kind is EntryKind.SUBMODULE:
                commit = self._submodule(place, entry.id)
                rest = commit.followed("/".join(names[n:]))
                return _Found(inner, None if rest is None else commit.entry(rest), commit)
        return _Found(inner, self._commit.entry(inner), self._commit)

    def _inside(self, found: _Found) -> str:
        """Return the path of what was found in the commit that holds it."""
        place = next((at for at, each in self._submodules.items() if each is found.commit), "")
        return found.path[len(place) :].lstrip("/") if place else found.path

    def _submodule(self, place: str, id: bytes) -> Commit:
        """Return the commit that a submodule stood at. Raises FileError if it is not there."""
        if place not in self._submodules:
            directory = self._top / place
            if Path(os.path.realpath(directory)) != directory:
                raise FileError("lies in a submodule in whose place a link stands now")
            try:
                found = self._open.enter_context(opened(directory))
                if found.top != directory.resolve():
                    raise FileError("lies in a submodule that is not checked out")
                self._submodules[place] = Commit(found.objects, id)
            except (SourceError, UsageError):
                why = "lies in a submodule whose repository does not hold the commit's version"
                raise FileError(why) from None
        return self._submodules[place]

    def _is_lent(self, inner: str) -> bool:
        """Tell whether a path that the commit does not have is read from disk."""
        if self._left_out is None or ".git" in map(str.casefold, inner.split("/")):
            return False
        chosen = INSTALLED in inner.split("/") or self._top / inner in self._named
        if chosen and self._left_out.is_untracked(inner):
            return True
        if self._left_out(inner):
            return True
        # A pattern such as `build/` leaves out directories alone.
        return self._left_out(inner, is_directory=True) and self._is_directory_now(inner)

    def _is_directory_now(self, inner: str) -> bool:
        try:
            return self._disk(inner).is_directory(self._top / inner)
        except FileError:
            return False

    def _disk(self, inner: str) -> Repository:
        """Return where a path of the working tree is read."""
        return self._now if self._is_inside(inner) else Repository(self._top)


def _is_directory(entry: TreeEntry) -> bool:
    return entry.kind in {EntryKind.DIRECTORY, EntryKind.SUBMODULE}
