"""A git repository on disk: where it is, how it stores objects, and what its refs point to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from dulwich.config import ConfigFile
from dulwich.refs import DiskRefsContainer, Ref, SymrefLoop, check_ref_format

from checker.commits.ancestry import merge_base
from checker.commits.objects import WHOLE, Objects
from checker.commits.references import resolve
from checker.commits.tree import Commit
from checker.errors import MissingCommitError, SourceError, UsageError

_MOST_BYTES = 1024 * 1024
"""How large a file of git's own may be that is read whole."""
_HEADS = ("FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD")
_FORMATS = {"sha1": 40, "sha256": 64}


class GitRepository:
    """A repository with a working tree.

    `top` is the working tree's directory, `private` what git keeps of this working tree, `shared`
    what it keeps for all working trees of the repository.
    """

    def __init__(self, top: Path, private: Path, shared: Path) -> None:
        self.top, self.private, self.shared = top, private, shared
        settings = _settings(shared / "config")
        kind = settings.get("objectformat", "sha1")
        if kind not in _FORMATS:
            raise SourceError(f"the git repository hashes with `{kind}`, which is not supported")
        self.digits = _FORMATS[kind]
        self.objects = Objects(shared / "objects", kind)
        self._refs: DiskRefsContainer | None = None
        # Refs in a table cannot be read; ids of commits need none.
        if settings.get("refstorage", "files") == "files":
            self._refs = DiskRefsContainer(shared, private)
        self.shallow = frozenset(_read(shared / "shallow").split())

    def commit(self, reference: str) -> Commit:
        """Return the commit that a reference names.

        It is an id or the beginning of one, a branch, a tag, a remote's branch, `HEAD` or one of
        git's other heads, followed by any number of `~N` and `^N`. Raises UsageError if there is
        none, SourceError if it cannot be read.
        """
        return Commit(self.objects, resolve(reference, self))

    def merge_base(self, one: Commit, other: Commit) -> Commit:
        """Return where two commits parted; UsageError if they share none that is known."""
        found, cut = merge_base(one.id, other.id, self.parents, self.objects.time)
        if found is not None:
            return Commit(self.objects, found)
        if cut:
            raise MissingCommitError(
                "the history is cut off before the two commits meet: this is a shallow clone",
                hint=WHOLE,
            )
        raise MissingCommitError("the two commits share no history")

    def parents(self, commit: bytes) -> tuple[bytes, ...] | None:
        """Return the parents of a commit; None where a shallow clone cuts them off."""
        found = self.objects.parents(commit)
        return None if commit in self.shallow and found else found

    def reference(self, name: str) -> bytes | None:
        """Return the id that a ref points to (`HEAD`, `refs/heads/main`); None without one."""
        if name in _HEADS:
            word = _read(self.private / name)[: self.digits]
            return word if len(word) == self.digits else None
        if self._refs is None:
            raise UsageError(
                "the git repository keeps its refs in a table, which is not read",
                hint="name the commit by its whole id",
            )
        raw = Ref(os.fsencode(name))
        if name != "HEAD" and not check_ref_format(Ref(raw.removeprefix(b"refs/"))):
            return None
        try:
            return self._refs.follow(raw)[1]
        except (OSError, ValueError, SymrefLoop):
            return None

    def within(self, directory: Path) -> str:
        """Return a directory as a path in the working tree, empty for its top."""
        inner = Path(os.path.relpath(directory.resolve(), self.top)).as_posix()
        return "" if inner == "." else inner

    def close(self) -> None:
        """Close the files that are open."""
        self.objects.close()


@contextmanager
def opened(directory: Path) -> Iterator[GitRepository]:
    """Open the repository whose working tree a directory is in; UsageError if there is none."""
    here = directory.resolve()
    for top in (here, *here.parents):
        private = _private(top)
        if private is not None:
            common = os.fsdecode(_read(private / "commondir").strip())
            repository = GitRepository(top, private, private / common)
            try:
                yield repository
            finally:
                repository.close()
            return
    raise UsageError(f"`{directory}` is in no git repository")


def _private(top: Path) -> Path | None:
    """Return what `.git` is or, in a linked working tree or a submodule, points to."""
    found = top / ".git"
    if found.is_file():
        key, _, place = os.fsdecode(_read(found)).partition(":")
        found = top / place.strip() if key == "gitdir" else found
    return found if (found / "HEAD").is_file() else None


def _settings(file: Path) -> dict[str, str]:
    """Return the extensions that a configuration names; what it includes is not read."""
    try:
        read = ConfigFile.from_file(BytesIO(_read(file)), expand_includes=False)
    except (ValueError, OSError):
        raise SourceError("the configuration of the git repository cannot be read") from None
    if not read.has_section((b"extensions",)):
        return {}
    found = read.items((b"extensions",))
    return {os.fsdecode(key).lower(): os.fsdecode(value).lower() for key, value in found}


def _read(file: Path) -> bytes:
    """Return a small file's content, empty if there is none."""
    if not file.is_file():
        return b""
    with file.open("rb") as stream:
        return stream.read(_MOST_BYTES)
