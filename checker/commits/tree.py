"""The files of a commit, as git keeps them: no filter has made anything else of them."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterator
from enum import Enum
from types import MappingProxyType

from dulwich.index import validate_path_element_hfs, validate_path_element_ntfs

from checker.commits.objects import Objects
from checker.errors import Reason, SourceError
from checker.records import dataclass

MOST_LINKS = 40
"""How many symbolic links a path may lead through."""
MOST_STEPS = 20_000
"""How many names a path may look up, those that links bring in included."""
MOST_TARGET = 4096
"""How many characters the path may have that a link holds, as in Linux."""
MOST_DEPTH = 1000
"""How many directories a path may have."""
MOST_ENTRIES = 500_000
"""How many entries a directory may have at all depths together: one tree may stand for many."""
_SUBMODULE = 0o160000


class EntryKind(Enum):
    """What an entry of a tree is."""

    FILE = "file"
    LINK = "symbolic link"
    DIRECTORY = "directory"
    SUBMODULE = "submodule"


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file, link, directory or submodule of a commit; `id` is that of its content."""

    kind: EntryKind
    id: bytes


class Commit:
    """A commit and its files; paths have forward slashes and begin at the working tree's top.

    Every method raises SourceError where an object is missing or damaged.
    """

    def __init__(self, objects: Objects, id: bytes) -> None:
        self.id = id
        self._objects = objects
        self._root = TreeEntry(EntryKind.DIRECTORY, objects.root(id))
        self._trees: dict[bytes, MappingProxyType[str, TreeEntry]] = {}
        self._known: dict[str, TreeEntry] = {}

    def __str__(self) -> str:
        return os.fsdecode(self.id)[:12]

    def entry(self, path: str) -> TreeEntry | None:
        """Return what lies at a path, without following links; None if nothing does."""
        names = _names(path)
        known = len(names)
        while known and "/".join(names[:known]) not in self._known:
            known -= 1
        found: TreeEntry | None = self._known["/".join(names[:known])] if known else self._root
        for n in range(known, len(names)):
            if found is None or found.kind is not EntryKind.DIRECTORY:
                return None
            found = self._tree(found).get(names[n])
            # Of what is below a directory only directories are asked for again and again.
            if found is not None and found.kind is EntryKind.DIRECTORY:
                self._known["/".join(names[: n + 1])] = found
        return found

    def content(self, entry: TreeEntry) -> bytes:
        """Return the content of a file, or the path that a link holds."""
        return self._objects.blob(entry.id)

    def directory(self, path: str) -> MappingProxyType[str, TreeEntry]:
        """Return the entries of a directory by name, none if it is no directory."""
        found = self.entry(path)
        if found is None or found.kind is not EntryKind.DIRECTORY:
            return MappingProxyType({})
        return self._tree(found)

    def below(self, path: str) -> Iterator[tuple[str, TreeEntry]]:
        """Yield what lies at any depth below a directory, with paths from there; no link is one."""
        pending = [("", path)]
        count = 0
        while pending:
            inner, where = pending.pop()
            if inner.count("/") > MOST_DEPTH:
                raise SourceError(Reason(f"more than {MOST_DEPTH} directories", path))
            entries = self.directory(where)
            count += len(entries)
            if count > MOST_ENTRIES:
                raise SourceError(f"the commit {self} has more than {MOST_ENTRIES} files")
            for name, entry in entries.items():
                yield f"{inner}{name}", entry
                if entry.kind is EntryKind.DIRECTORY:
                    pending.append((f"{inner}{name}/", posixpath.join(where, name)))

    def followed(self, path: str) -> str | None:
        """Return a path with its links followed; None if one leads out of the commit's files."""
        done: list[str] = []
        pending = list(reversed(path.split("/")))
        links = steps = 0
        while pending:
            steps += 1
            if steps > MOST_STEPS:
                return None
            name = pending.pop()
            if name in {"", "."}:
                continue
            if name == "..":
                if not done:
                    return None
                done.pop()
                continue
            done.append(name)
            entry = self.entry("/".join(done))
            if entry is None or entry.kind is not EntryKind.LINK:
                continue
            links += 1
            target = os.fsdecode(self.content(entry))
            if links > MOST_LINKS or len(target) > MOST_TARGET or target.startswith("/"):
                return None
            done.pop()
            pending += reversed(target.split("/"))
        return "/".join(done)

    def _tree(self, entry: TreeEntry) -> MappingProxyType[str, TreeEntry]:
        if entry.id not in self._trees:
            entries = {
                _name(name): TreeEntry(_kind(mode), content)
                for name, mode, content in self._objects.tree(entry.id)
            }
            self._trees[entry.id] = MappingProxyType(entries)
        return self._trees[entry.id]


def _names(path: str) -> list[str]:
    return [name for name in path.split("/") if name not in {"", "."}]


def _name(raw: bytes) -> str:
    """Return an entry's name; SourceError for one that git does not check out anywhere."""
    sound = b"/" not in raw and validate_path_element_ntfs(raw)
    # HFS+ takes names of valid UTF-8 only; others exist on other systems.
    if sound and _is_text(raw):
        sound = validate_path_element_hfs(raw)
    if not sound or not raw:
        raise SourceError(f"the commit holds a file of the unsafe name `{os.fsdecode(raw)!a}`")
    return os.fsdecode(raw)


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _kind(mode: int) -> EntryKind:
    if mode == _SUBMODULE:
        return EntryKind.SUBMODULE
    if stat.S_ISLNK(mode):
        return EntryKind.LINK
    return EntryKind.DIRECTORY if stat.S_ISDIR(mode) else EntryKind.FILE
