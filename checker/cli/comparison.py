"""`--changed-since`: the commit before a change is read and judged as the working tree is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from checker.cli import templates
from checker.cli.earlier_commit import EarlierCommit, MissingCommit, why_unread
from checker.cli.request import STANDARD_INPUT
from checker.errors import Reason, SourceError, TfcheckError
from checker.files import FileError, absolute
from checker.records import dataclass

if TYPE_CHECKING:
    from checker.cli.request import PlanRequest
    from checker.commits import CommittedRepository
    from checker.model import Inventory
    from checker.policy.comparison import Comparison
    from checker.reports.report import Report
    from checker.sources.terraform.given import Given

LENT = "git does not track it, so it is taken to be as it is now"
NEW = "everything in it is new"
PLANNED = "the plan is of the working tree: the commit is read from its configuration"


@dataclass(frozen=True, slots=True)
class Run:
    """What was checked: the report on `inventories`, and what makes one of others."""

    asked: PlanRequest
    inventories: Sequence[Inventory]
    report: Report
    judged: Callable[[Sequence[Inventory]], Report]


def compared(run: Run, since: EarlierCommit | MissingCommit) -> Comparison:
    """Compare a run with the same on a commit; where that cannot be read, it says why.

    It costs one more run.
    """
    from checker.masking import Masker
    from checker.policy.comparison import Comparison

    if isinstance(since, MissingCommit):
        return Comparison(since.name, why=since.why)
    secrets = frozenset[str]().union(*(each.secrets for each in run.inventories))
    try:
        found = _compared(run, since)
    except TfcheckError as error:
        found = Comparison(str(since.commit), why=why_unread(error))
    masker = Masker(secrets)
    return replace(found, unread_rows=masker.whole(found.unread_rows), why=masker.text(found.why))


def _compared(run: Run, since: EarlierCommit) -> Comparison:
    from checker.policy.comparison import Comparison, compare
    from checker.policy.renames import Renames, sound

    earlier = _Earlier(run, since)
    with closing(earlier.files):
        inventories = earlier.inventories()
    earlier.unread_rows += [f"`{each}`: {LENT}" for each in sorted(earlier.files.lent)]
    name = str(since.commit)
    if not inventories:
        return Comparison(name, unread_rows=tuple(earlier.unread_rows))
    then = run.judged(inventories)
    moves = (move for each in run.inventories for move in each.moves)
    kept = sound(moves, run.report, then, earlier.roots)
    found = compare(run.report, then, name, Renames(kept, earlier.roots, earlier.targets))
    return replace(found, unread_rows=(*found.unread_rows, *earlier.unread_rows))


class _Earlier:
    """A run on a commit: `files` of it, and `unread_rows`, which say what of it is not read.

    `roots` are names of root modules (`envs/prod:`) today by those of the commit, `targets` paths.
    """

    def __init__(self, run: Run, since: EarlierCommit) -> None:
        self._run, self._since, self._asked = run, since, run.asked
        self.unread_rows: list[str] = []
        self.roots: dict[str, str] = {}
        self.targets: dict[str, str] = {}
        self._var_files = list(self._named(run.asked.var_files))
        self._state = next(self._named([run.asked.state] if run.asked.state else []), None)
        named = {*self._var_files, *([] if self._state is None else [self._state])}
        self.files: CommittedRepository = since.lending(frozenset(named))

    def inventories(self) -> list[Inventory]:
        """Read the commit; none if what is checked is new. Raises SourceError and UsageError."""
        asked = self._asked
        if asked.path == STANDARD_INPUT:
            raise SourceError("a plan on standard input has no earlier version")
        if asked.names_file():
            if not self._has_file():
                raise SourceError(Reason("the commit has no such file", asked.path))
            return self._read(self._given(()), Path(asked.path))
        now = self._now()
        target = self._target(now)
        if target is None:
            self.unread_rows.append(f"`{asked.path}`: the commit does not have it, so {NEW}")
            return []
        found = self._read(self._given(now.values()), target)
        self._match_roots(now, found, target)
        return found

    def _given(self, roots: Iterable[Path]) -> Given:
        if self._asked.plan is not None:
            self.unread_rows.append(f"`{self._asked.plan}`: {PLANNED}")
        given = self._asked.given()
        return replace(
            given,
            plan=None,
            state=self._state,
            var_files=self._var_files,
            earlier=tuple(roots),
        )

    def _read(self, given: Given, target: Path) -> list[Inventory]:
        """Read what lies at `target`; without the deployer, if the commit does not have it."""
        from checker.sources.terraform.resources.roles import NoSuchDeployerError

        try:
            return self._asked.read(given, self.files, target)
        except NoSuchDeployerError:
            self.unread_rows.append(f"`--deployer {given.deployer}`: the commit does not have it")
            return self._asked.read(replace(given, deployer=None), self.files, target)

    def _named(self, names: Iterable[str]) -> Iterator[Path]:
        """Yield where files that the user names were."""
        for name in names:
            place = self._since.same_file(absolute(Path(name)))
            if place is None:
                self.unread_rows.append(f"`{name}`: the commit does not have it")
            else:
                yield place

    def _has_file(self) -> bool:
        """Tell whether the commit has a plan or state there; one that git leaves out is new."""
        files = self._since.files().repository
        try:
            return files.is_file(absolute(Path(self._asked.path)))
        except FileError:
            return False

    def _now(self) -> dict[str, Path]:
        """Return the directories of today's root modules by their names."""
        target = self._resolved()
        return {each.prefix: target / each.prefix[:-1] for each in self._run.inventories}

    def _resolved(self) -> Path:
        return self._asked.files.resolve(absolute(Path(self._asked.path)))

    def _target(self, now: dict[str, Path]) -> Path | None:
        """Return the directory in the commit that was what is checked now."""
        from checker.sources.terraform.configuration.files import Files
        from checker.sources.terraform.configuration.moved_roots import modules_below, moved_roots

        then, asked = Files(self.files), Path(self._asked.path)
        if next(modules_below(absolute(asked), then), None) is not None:
            return asked
        # What git does not track is no earlier version of itself.
        if templates.holds_template(asked, self._since.files().repository):
            return asked
        today = Files(self._asked.files)
        gone = (
            each
            for each in modules_below(self.files.root, then)
            if not any(today.configuration(each))
        )
        for new, old in moved_roots(now.values(), gone, today, then).items():
            inner = new.relative_to(self._resolved()).parts
            if old.parts[len(old.parts) - len(inner) :] == inner:
                found = old.parents[len(inner) - 1] if inner else old
                self.targets[str(found)] = self._asked.path
                return found
        return None

    def _match_roots(self, now: dict[str, Path], found: list[Inventory], target: Path) -> None:
        """Note which root modules were elsewhere below what is checked."""
        from checker.sources.terraform.configuration.files import Files
        from checker.sources.terraform.configuration.moved_roots import moved_roots

        base = self.files.resolve(absolute(target))
        then = {each.prefix: base / each.prefix[:-1] for each in found}
        new = {place: name for name, place in now.items() if name not in then}
        gone = {place: name for name, place in then.items() if name not in now}
        files = Files(self._asked.files), Files(self.files)
        for place, old in moved_roots(new, gone, *files).items():
            self.roots[gone[old]] = new[place]
            was = str(target / gone[old][:-1])
            self.targets[was] = str(Path(self._asked.path) / new[place][:-1])
