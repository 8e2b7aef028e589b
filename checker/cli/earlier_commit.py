"""An earlier commit of the repository that is checked, by which a run is judged."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from checker.cli.config_file import NAME
from checker.errors import MissingCommitError, SourceError, TfcheckError, UsageError
from checker.files import OUTSIDE, FileError, MissingFileError, OutsideError
from checker.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.cli.request import PlanRequest
    from checker.commits import Commit, CommittedRepository, GitRepository
    from checker.files import Repository
    from checker.model import Inventory
    from checker.sources.terraform.configuration.engine import Engine
    from checker.sources.terraform.configuration.files import Files


MOST_BYTES = 16 * 1024 * 1024
"""How large a file may be that is looked for in a commit."""


@dataclass(frozen=True, slots=True)
class EarlierCommit:
    """A commit whose files stand for those of the working tree: what a branch changes has no say.

    `now` is the directory that is checked, at or below the working tree's top. Paths are those on
    disk; links are followed as the commit has them. A path outside the working tree is
    read from disk. SourceError where the repository does not hold an object of the commit.
    """

    repository: GitRepository
    commit: Commit
    now: Repository

    @property
    def top(self) -> Path:
        """The working tree's directory."""
        return self.repository.top

    def root(self, path: Path) -> Path:
        """Return what a file must not lead out of: the working tree, for a file of the commit."""
        from checker.policy.files import DISK

        return DISK.root(path) if self._inner(path) is None else self.top

    def resolve(self, path: Path, root: Path) -> Path:
        """Return a path with every link followed. Raises OutsideError if it leads out of a root."""
        from checker.policy.files import DISK

        inner = self._inner(path)
        if inner is None:
            return DISK.resolve(path, root)
        found = self.commit.followed(inner)
        if found is None or not (self.top / found).is_relative_to(root):
            raise OutsideError(OUTSIDE)
        return self.top / found

    def read(self, path: Path, most: int, root: Path | None = None) -> bytes:
        """Return a file of at most so many bytes. Raises FileError."""
        from checker.policy.files import DISK

        inner = self._inner(path)
        if inner is None:
            return DISK.read(path, most, root)
        content = self._content(inner)
        if content is None:
            raise MissingFileError(f"cannot be read: the commit {self.commit} has no such file")
        if len(content) > most:
            raise FileError(f"is larger than {most} bytes")
        return content

    def configuration(self, path: Path) -> Path | None:
        """Return the nearest configuration file that the commit has, from a path up."""
        inner = self._inner(path)
        if inner is None:
            return None
        here = self.top / inner
        folders = [each for each in (here, *here.parents) if each.is_relative_to(self.top)]
        files = (each / NAME for each in folders)
        inside = ((file, file.relative_to(self.top).as_posix()) for file in files)
        return next((file for file, inner in inside if self._content(inner) is not None), None)

    def files(self) -> Files:
        """Return the commit's files, and no others, for reading Terraform."""
        from checker.commits import CommittedRepository
        from checker.sources.terraform.configuration.files import Files

        return Files(CommittedRepository(self.now, self.repository, self.commit))

    def lending(self, named: frozenset[Path]) -> CommittedRepository:
        """Return the commit's files, and those on disk that git leaves out; `named` ones, too."""
        from checker.commits import CommittedRepository

        return CommittedRepository(self.now, self.repository, self.commit, lends=True, named=named)

    def same_file(self, path: Path) -> Path | None:
        """Return where a file of the working tree was in the commit; None if nowhere.

        It was where it is. If it is new, it was at the only path that held the same content and is
        gone. What git does not track is no part of a commit.
        """
        from checker.commits import EntryKind, LeftOut
        from checker.files import Repository, read_named

        inner = self._inner(path)
        if inner is None or self._content(inner) is not None:
            return path
        if LeftOut(self.repository, self.commit).is_untracked(inner):
            return path

        wanted = self.repository.objects.digest(read_named(path, MOST_BYTES, self.now))
        repository = Repository(self.top)
        found = [
            name
            for name, entry in self.commit.below("")
            if entry.kind is EntryKind.FILE
            and entry.id == wanted
            and not repository.is_file(self.top / name)
        ]
        return self.top / found[0] if len(found) == 1 else None

    def agreed(self, inventories: Sequence[Inventory]) -> list[Inventory]:
        """Return inventories in which waivers count as far as the commit has them, too."""
        from checker.model import agreed
        from checker.sources.cloudformation import waivers as of_templates
        from checker.sources.terraform import committed

        files = self.files()
        of_terraform = partial(committed.waivers_in, files)
        of_template = partial(of_templates.waivers_in, files.repository)
        return [
            replace(
                each,
                waivers=agreed(
                    each.waivers, of_template if each.kind == "cloudformation" else of_terraform
                ),
            )
            for each in inventories
        ]

    def sensitive(self, *, strict: bool = True) -> Callable[[str], frozenset[str]]:
        """Return what tells the variables that the commit marks sensitive in a directory.

        Directories are relative to the repository that is checked. Unless it is `strict`, what the
        repository does not hold marks none.
        """
        from checker.sources.terraform.committed import marked_variables

        files = self.files()

        def marked(directory: str) -> frozenset[str]:
            try:
                return marked_variables(directory, files)
            except SourceError:
                if strict:
                    raise
                return frozenset()

        return cache(marked)

    def engine(self, directory: str) -> Engine | None:
        """Return what the commit is run with in a directory; None if it has no Terraform there.

        Directories are as those of `sensitive`.
        """
        from checker.sources.terraform.configuration.engine import LOCK, chosen, engine_of
        from checker.sources.terraform.language.evaluation_errors import EvaluationError

        files = self.files()
        place = files.root / directory
        try:
            names = files.names(place)
            if not chosen(names, None):
                return None
            lock = files.read(place / LOCK).decode(errors="replace") if LOCK in names else ""
        except (SourceError, EvaluationError):
            return None
        return engine_of(names, lock)[0]

    def _content(self, inner: str) -> bytes | None:
        from checker.commits import EntryKind

        followed = self.commit.followed(inner)
        entry = None if followed is None else self.commit.entry(followed)
        if entry is None or entry.kind is not EntryKind.FILE:
            return None
        return self.commit.content(entry)

    def _inner(self, path: Path) -> str | None:
        """Return a path from the working tree's top; None for one that lies elsewhere.

        Links below the top are the commit's, so that those of the working tree are not followed.
        """
        whole = Path(os.path.abspath(path))  # noqa: PTH100 - `resolve` would follow links
        for above in (self.top, *reversed(whole.parents)):
            if whole.is_relative_to(above) and above.resolve() == self.top:
                return whole.relative_to(above).as_posix()
        if whole.resolve().is_relative_to(self.top):
            raise UsageError(
                f"`{path}` is a link into the repository",
                hint="name the file that it leads to: its content is that of the commit",
            )
        return None


@contextmanager
def named(reference: str, asked: PlanRequest) -> Iterator[EarlierCommit]:
    """Open the commit that a reference names. Raises UsageError and SourceError."""
    from checker.commits import opened

    with opened(asked.repository) as repository:
        yield EarlierCommit(repository, repository.commit(reference), asked.files)


@dataclass(frozen=True, slots=True)
class MissingCommit:
    """A commit that cannot be read, as the user names it, and why."""

    name: str
    why: str


@contextmanager
def parted(reference: str, asked: PlanRequest) -> Iterator[EarlierCommit | MissingCommit]:
    """Open the commit where `HEAD` left what a reference names, as far as the clone holds it.

    Raises UsageError for a name that no commit has.
    """
    from checker.commits import opened

    now = asked.files
    with ExitStack() as stack:
        found: EarlierCommit | MissingCommit
        try:
            repository = stack.enter_context(opened(now.root))
            other, head = repository.commit(reference), repository.commit("HEAD")
            found = EarlierCommit(repository, repository.merge_base(other, head), now)
        except (MissingCommitError, SourceError) as error:
            found = MissingCommit(reference, why_unread(error))
        yield found


def why_unread(error: TfcheckError) -> str:
    """Return why a run stopped, in one line."""
    hint = f" ({error.hint})" if error.hint else ""
    return f"{'; '.join(map(str, error.reasons))}{hint}"
