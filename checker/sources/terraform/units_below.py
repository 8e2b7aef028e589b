"""The units of Terragrunt below a directory, beside the root modules there.

Read are the plan JSON that `terragrunt run --all plan --json-out-dir DIR` writes for each unit and
the units that `terragrunt render --all --json --write` writes; a configuration of Terragrunt
without either is unread.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from checker.errors import Reason, SourceError, UsageError
from checker.files import FileError, Repository, absolute
from checker.model import Inventory, Unread
from checker.records import dataclass
from checker.sources.terraform import recursive as below
from checker.sources.terraform.configuration.engine import chosen
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.configuration.targets import directory_of
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load_file
from checker.sources.terraform.recorded.files import read_recorded
from checker.sources.terraform.recursive import Below
from checker.sources.terraform.roots import MOST_DIRECTORIES
from checker.sources.terraform.terragrunt.units import REMEDY, Unit, is_alone
from checker.sources.terraform.values.budget import Budget

PLAN = "tfplan.json"
RENDERED = ("terragrunt.rendered.json", "terragrunt_rendered.json")
MOST_UNITS = 1_000
STEPS_A_UNIT = 600
"""How many steps each unit adds to what all of one run may take together."""
MOST_MAPPINGS = 10_000
MOST_BYTES = 64 * 1024 * 1024
"""How many mappings units may have together, and how long what they read may be: one module that
many of them call counts for each.
"""


@dataclass(frozen=True)
class Everything:
    """What lies at or below a directory: root modules, files of units, units without a file.

    `roots` is None where there is no root module.
    """

    target: Path
    files: Files
    roots: Below | None
    units: tuple[Path, ...]
    alone: tuple[Path, ...]

    def __iter__(self) -> Iterator[str]:
        """Yield for each directory what it is."""
        yield from self.roots or ()
        yield from (f"`{path.parent.as_posix()}`: unit of Terragrunt" for path in self.units)
        yield from (f"`{path.as_posix()}`: unit of Terragrunt, unread" for path in self.alone)


def find_below(target: Path, root: Path | Repository, given: Given | None = None) -> Everything:
    """Find every root module and every unit at or below `target`.

    A module that a unit calls is no root module. SourceError if there is nothing, or the directory
    cannot be read.
    """
    files = (given or Given()).files(root)
    units, alone = _units(directory_of(target, files), files)
    roots: Below | None = None
    try:
        roots = below.find_below(target, files.repository, given)
    except SourceError:
        if not units and not alone:
            raise
    if not units and roots is None:
        raise SourceError(*(Reason(_UNREAD, each.as_posix()) for each in alone), hint=REMEDY)
    if roots is not None:
        roots = _without(roots, set(_called(target, units, files.repository)))
    return Everything(target, files, roots, units, alone)


def load_below(everything: Everything, given: Given | None = None) -> list[Inventory]:
    """Read every root module and every unit; what cannot be read is unread.

    Addresses begin with the path and a colon. Raises SourceError with every reason if nothing can
    be read, else as `load`.
    """
    given = given or Given()
    if everything.units and (given.variables or given.var_files):
        raise UsageError("a unit has its variables: `--var` and `--var-file` cannot change them")
    found: list[Inventory] = []
    unread = [Unread(each.as_posix(), f"{_UNREAD}: {REMEDY}") for each in everything.alone]
    failed: list[SourceError] = []
    repository = everything.files.repository
    budget = Budget(lambda: STEPS_A_UNIT * len(everything.units))
    amount = _Amount()
    for n, path in enumerate(everything.units):
        given.progress("reading units of Terragrunt", n, len(everything.units), 0)
        if amount.is_much or budget.is_over:
            why = _MUCH if amount.is_much else budget.over
            unread.append(Unread(path.as_posix(), why, mappings=True))
            continue
        try:
            target = everything.target / path
            found.append(load_file(target, repository, given, _prefix(path), budget))
            amount.add(found[-1])
        except SourceError as error:
            budget.count_root()
            failed.append(error)
            unread += [Unread(r.place or path.as_posix(), r.message) for r in error.reasons]
    roots = everything.roots
    if roots is not None and (roots.roots.directories or roots.roots.unlisted):
        try:
            found += below.load_below(roots, given)
        except SourceError as error:
            failed.append(error)
            unread += [Unread(r.place or str(everything.target), r.message) for r in error.reasons]
    if not found:
        reasons = [reason for error in failed for reason in error.reasons]
        otherwise = REMEDY if everything.units or everything.alone else ""
        hint = next((error.hint for error in failed if error.hint), otherwise)
        raise SourceError(*dict.fromkeys(reasons), hint=hint)
    return [
        *found,
        *([Inventory(target=str(everything.target), unread=tuple(unread))] * bool(unread)),
    ]


_UNREAD = "is Terragrunt's, which is not evaluated"
_MUCH = (
    f"units before it have more than {MOST_MAPPINGS} mappings, or read more than {MOST_BYTES}"
    " bytes: check a directory further down"
)


@dataclass
class _Amount:
    """How much the units hold that were read."""

    mappings: int = 0
    size: int = 0

    def add(self, unit: Inventory) -> None:
        self.mappings += len(unit.mappings)
        self.size += unit.size

    @property
    def is_much(self) -> bool:
        """Whether so much was read that no further unit is."""
        return self.mappings > MOST_MAPPINGS or self.size > MOST_BYTES


def _without(roots: Below, called: set[Path]) -> Below:
    """Return the root modules but for those that units call."""
    kept = tuple(each for each in roots.roots.directories if each not in called)
    uncalled = tuple(each for each in roots.roots.uncalled if each not in called)
    return replace(roots, roots=replace(roots.roots, directories=kept, uncalled=uncalled))


def _called(target: Path, units: tuple[Path, ...], repository: Repository) -> Iterator[Path]:
    """Yield the directories of the modules that units call."""
    for path in units:
        if path.name not in RENDERED:
            continue
        with suppress(SourceError):
            unit = read_recorded(target / path, path.as_posix(), repository)
            if isinstance(unit, Unit):
                with suppress(FileError):
                    yield repository.resolve(unit.module(absolute(target / path).parent))


def _units(directory: Path, files: Files) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return the files of units below a directory, and the units without one, by their paths.

    SourceError if a directory cannot be listed, or there are too many.
    """
    found: list[Path] = []
    alone: list[Path] = []
    for where, names in _walk(directory, files):
        relative = where.relative_to(directory)
        own = [name for name in (PLAN, *RENDERED) if name in names]
        found += [relative / name for name in own[:1]]
        if is_alone(names) and not own and not chosen(names, None):
            alone.append(relative)
        if len(found) > MOST_UNITS:
            raise SourceError(Reason(f"more than {MOST_UNITS} units", str(directory)))
    return tuple(found), tuple(alone)


def _walk(directory: Path, files: Files) -> Iterator[tuple[Path, list[str]]]:
    """Yield directories with the names of the files in them; what cannot be listed is left out.

    That is said where the root modules are looked for.
    """
    try:
        walked = files.repository.walk(directory, lambda _where, _error: None)
        for count, (where, inner, names) in enumerate(walked):
            if count >= MOST_DIRECTORIES:
                raise SourceError(
                    Reason(f"more than {MOST_DIRECTORIES} directories", str(directory)),
                    hint="name a directory further down",
                )
            inner[:] = [name for name in inner if not name.startswith(".")]
            yield where, names
    except FileError as error:
        raise SourceError(Reason(f"a directory below it {error.why}", str(directory))) from error


def _prefix(path: Path) -> str:
    return "" if path.parent == Path() else f"{path.parent.as_posix()}:"
