"""A git repository on disk: where it is, how it stores objects, and what its refs point to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from dulwich.config import ConfigFile

from checker.commits.ancestry import merge_base
from checker.commits.kept import read_kept
from checker.commits.objects import WHOLE, Objects
from checker.commits.references import resolve
from checker.commits.refs import Refs
from checker.commits.tree import Commit
from checker.errors import MissingCommitError, SourceError, UsageError

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
        self._refs: Refs | None = None
        # Refs in a table cannot be read; ids of commits need none.
        if settings.get("refstorage", "files") == "files":
            self._refs = Refs(shared, private, self.digits)
        self.shallow = frozenset(read_kept(shared, "shallow").split())

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
            word = read_kept(self.private, name)[: self.digits]
            return word if len(word) == self.digits else None
        if self._refs is None:
            raise UsageError(
                "the git repository keeps its refs in a table, which is not read",
                hint="name the commit by its whole id",
            )
        return self._refs.follow(name)

    def within(self, directory: Path) -> str:
        """Return a directory as a path in the working tree, empty for its top."""
        inner = Path(os.path.relpath(directory.resolve(), self.top)).as_posix()
        return "" if inner == "." else inner

    def close(self) -> None:
        """Close the files that are open."""
        self.objects.close()


@contextmanager
def opened(directory: Path) -> Iterator[GitRepository]:
    """Open the repository whose working tree a directory is in; UsageError if there is none.

    Raises SourceError where `.git` leads to a repository of something else.
    """
    here = directory.resolve()
    for top in (here, *here.parents):
        private = _private(top)
        if private is not None:
            repository = GitRepository(top, private, _shared(private))
            try:
                yield repository
            finally:
                repository.close()
            return
    raise UsageError(f"`{directory}` is in no git repository")


def _private(top: Path) -> Path | None:
    """Return what `.git` is or, in a linked working tree or a submodule, points to.

    Raises SourceError if that is a directory elsewhere which does not name this working tree.
    """
    found = top / ".git"
    if found.is_symlink():
        found = _real(found)
    elif found.is_file():
        key, _, place = os.fsdecode(read_kept(top, ".git")).partition(":")
        if key != "gitdir" or not place.strip():
            return None
        found = _real(top / place.strip())
    if not (found / "HEAD").is_file():
        return None
    if found != top / ".git" and not _names(found, top):
        raise SourceError(
            f"`.git` leads to `{found}`, which does not name this working tree",
            hint="see `git worktree repair`, or set `core.worktree` there to this directory",
        )
    return found


def _names(private: Path, top: Path) -> bool:
    """Tell whether a directory of git's names a working tree as its own."""
    back = os.fsdecode(read_kept(private, "gitdir")).strip()
    if back and _real(private / back) == _real(top / ".git"):
        return True
    configs = (_config(private, name).get("core", {}) for name in ("config", "config.worktree"))
    named = [each["worktree"] for each in configs if each.get("worktree")]
    return any(_real(private / each) == top for each in named[-1:])


def _shared(private: Path) -> Path:
    """Return what all working trees of a repository share; SourceError if it is of another one."""
    common = os.fsdecode(read_kept(private, "commondir")).strip()
    if not common:
        return private
    shared = _real(private / common)
    if private.parent != shared / "worktrees":
        raise SourceError(
            "`commondir` of the git repository leads to another one, which is not read"
        )
    return shared


def _real(place: Path) -> Path:
    """Return a path with its links followed. Raises SourceError for one that no path can be."""
    try:
        return place.resolve()
    except (OSError, ValueError, RuntimeError):
        raise SourceError("`.git` does not lead to a directory") from None


def _settings(file: Path) -> dict[str, str]:
    """Return the extensions that a configuration names."""
    found = _config(file.parent).get("extensions", {})
    return {name: value.lower() for name, value in found.items()}


def _config(directory: Path, name: str = "config") -> dict[str, dict[str, str]]:
    """Return the settings of a repository by their sections; what it includes is not read."""
    try:
        text = read_kept(directory, name)
        read = ConfigFile.from_file(BytesIO(text), expand_includes=False)
    except (ValueError, OSError):
        raise SourceError("the configuration of the git repository cannot be read") from None
    return {
        os.fsdecode(section[0]).lower(): {
            os.fsdecode(key).lower(): os.fsdecode(value) for key, value in read.items(section)
        }
        for section in read.sections()
        if len(section) == 1
    }
