"""Every root module below a directory: each is read as if it were alone.

One that cannot be read ends no run: it is unread, with its reasons.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from checker.errors import Reason, SourceError, UsageError
from checker.files import Repository
from checker.knowledge.partial import Location
from checker.model import Inventory, Unread
from checker.model.cases import Answer
from checker.records import dataclass
from checker.sources.terraform.cases import in_cases
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.configuration.targets import directory_of
from checker.sources.terraform.evaluation.deep import deep
from checker.sources.terraform.given import Given, name_in
from checker.sources.terraform.load import open_root, read_root
from checker.sources.terraform.modules.modules import Module
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.modules.variables import (
    undeclared,
    undeclared_sensitive,
    without_value,
)
from checker.sources.terraform.resources.roles import NoSuchDeployerError
from checker.sources.terraform.root_work import work_of
from checker.sources.terraform.roots import Roots, find_roots
from checker.sources.terraform.states import States
from checker.sources.terraform.values.budget import Budget

MOST_REASONS = 5
"""How many reasons why a root module cannot be read stand in a report."""


@dataclass(frozen=True)
class Below:
    """The root modules at or below a directory, and what they are read with."""

    target: Path
    directory: Path
    files: Files
    roots: Roots
    budget: Budget

    def __iter__(self) -> Iterator[str]:
        """Yield for each directory of Terraform what it is, in the order of their paths."""
        for where in sorted({*self.roots.directories, *self.roots.others}):
            why = self.roots.others.get(where)
            said = "root module" if why is None else f"only a module ({why})"
            yield f"`{self.path(where)}`: {said}"

    def path(self, where: Path) -> str:
        """Return a directory as addresses begin with it."""
        return where.relative_to(self.directory).as_posix()

    def prefix(self, where: Path) -> str:
        """Return what the addresses of a root module begin with."""
        path = self.path(where)
        return "" if path == "." else f"{path}:"

    def given(self, where: Path, given: Given) -> Given:
        """Return what is given to one root module: variables that it does not declare are not."""
        return given.declared(self.roots.modules[where]).marked(self.files.name(where))


def find_below(target: Path, root: Path | Repository, given: Given | None = None) -> Below:
    """Find every root module at or below `target`.

    SourceError if there is none, or the directory cannot be read.
    """
    files = (given or Given()).files(root)
    directory = directory_of(target, files)
    roots = find_roots(directory, files)
    return Below(target, directory, files, roots, Budget(lambda: files.bytes))


def load_below(below: Below, given: Given | None = None) -> list[Inventory]:
    """Read every root module, one inventory each; of one that cannot be read it tells the reasons.

    Addresses begin with the root module's path and a colon. A variable need not be declared by
    every root module, but by one, and so with the address of a deployer.

    Raises SourceError with every reason if no root module can be read, else as `load`.
    """
    given = given or Given()
    if given.earlier is None:
        _refuse_undeclared(given, below.roots)
    states = _states(below, given)
    found: list[Inventory] = []
    unread = [_unlisted(each) for each in below.roots.unlisted]
    reasons = list(below.roots.unlisted)
    hints: list[str] = []
    nobody: list[NoSuchDeployerError] = []
    for n, where in enumerate(below.roots.directories):
        given.progress("reading root modules", n, len(below.roots.directories), 0)
        if below.budget.is_over:
            unread.append(Unread(below.path(where), below.budget.over, mappings=True))
            continue
        try:
            inventory, error = _loaded(below, where, given, states)
        except SourceError as failed:
            below.budget.count_root()
            unread.append(_unread(below.path(where), failed))
            reasons += failed.reasons
            hints.append(failed.hint)
            continue
        found.append(inventory)
        nobody += [] if error is None else [error]
    if not found:
        raise SourceError(*dict.fromkeys(reasons), hint=next(filter(None, hints), ""))
    if len(nobody) == len(found):
        raise nobody[0]
    rest = (*unread, *(_uncalled(below, where) for where in below.roots.uncalled))
    return [*found, *([Inventory(target=str(below.target), unread=rest)] if rest else [])]


def _loaded(
    below: Below, where: Path, given: Given, states: States
) -> tuple[Inventory, NoSuchDeployerError | None]:
    """Read one root module; where it has no such deployer, without, and say that."""
    mine, target = below.given(where, given), str(below.target / below.path(where))

    def read(who: str | None, answers: Sequence[Answer]) -> tuple[Inventory, Project]:
        if answers and below.budget.is_over:
            raise SourceError(Reason(below.budget.over, below.path(where)))
        project = _project(below, where, given, states)
        found = read_root(project, target, replace(mine, deployer=who, answers=answers))
        below.budget.count_root(work_of(found, project))
        return found, project

    try:
        return in_cases(partial(read, given.deployer)), None
    except NoSuchDeployerError as error:
        return in_cases(partial(read, None)), error


def _project(
    below: Below,
    where: Path,
    given: Given,
    states: States | None = None,
    reader: Project | None = None,
) -> Project:
    return Project(
        where,
        below.files,
        prefix=below.prefix(where),
        modules=below.roots.modules,
        region=given.region,
        live=given.live,
        data=given.data,
        states=states,
        reader=reader,
        engine=given.engine,
        kept_engine=given.kept_engine(below.files.name(where)),
        budget=below.budget,
    )


def _states(below: Below, given: Given) -> States:
    """Return the root modules as each other's states."""

    def opened(where: Path, reader: Project | None) -> Module:
        project = _project(below, where, given, states, reader)
        return open_root(project, str(where), below.given(where, given))

    modules = below.roots.modules
    directories = below.roots.directories
    states = States({where: modules[where] for where in directories}, opened, below.path)
    states.learn(directories, modules.values(), deep)
    return states


def _unread(path: str, error: SourceError) -> Unread:
    said = "; ".join(str(reason) for reason in error.reasons[:MOST_REASONS])
    more = len(error.reasons) - MOST_REASONS
    why = f"the root module cannot be read: {said}{f'; and {more} more' if more > 0 else ''}"
    return Unread(path, why, _location(error.reasons[0]) if error.reasons else None)


def _unlisted(reason: Reason) -> Unread:
    return Unread(reason.place, reason.message, None)


def _uncalled(below: Below, where: Path) -> Unread:
    why = "is only a module: it declares mappings, or calls what does, and no root module calls it"
    return Unread(below.path(where), why, Location(below.files.name(where)), mappings=True)


def _location(reason: Reason) -> Location | None:
    """Return the place of a reason: `file`, `file:line` or `file:line:column`."""
    place = reason.place
    numbers: list[int] = []
    while len(numbers) < _NUMBERS:
        head, _, tail = place.rpartition(":")
        if not head or not tail.isascii() or not tail.isdigit():
            break
        place, numbers = head, [int(tail), *numbers]
    return Location(place, *numbers) if place else None


_NUMBERS = 2  # line and column


def _refuse_undeclared(given: Given, found: Roots) -> None:
    def declared(name: str) -> bool:
        return any(found.modules[where].has("variable", name) for where in found.directories)

    for word in given.variables:
        if "=" not in word:
            raise without_value()
        if not declared(name_in(word)):
            raise UsageError(undeclared(word, "no root module declares"))
    for name in given.sensitive_variables:
        if not declared(name):
            raise UsageError(undeclared_sensitive(name, "any root module"))
