"""The root modules below a directory: those that Terraform is run in.

What calls a module, what configures a backend and what lies under `modules/` tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import field
from pathlib import Path

from checker.errors import Reason, SourceError
from checker.files import FileError
from checker.records import dataclass
from checker.sources.terraform.configuration.declarations import Declarations, declare
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.configuration.module_arguments import META_ARGUMENTS
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.language.module_addresses import is_local
from checker.sources.terraform.language.tree import literal_of
from checker.sources.terraform.modules.variables import automatic_files

MAPPING = "aws_lambda_event_source_mapping"
MOST_DIRECTORIES = 20_000
_NOT_WALKED = {"node_modules"}
_OF_MODULES = {"modules", "mixins"}
_OF_ROOTS = {"examples", "example"}


@dataclass(frozen=True, slots=True)
class Roots:
    """The directories of root modules, in the order of their paths, and every module by its own.

    `others` are the directories that are only modules, with what tells that; `uncalled` are those
    of them that lead to a mapping, though no root module here calls them. `unlisted` are the
    reasons why directories could not be listed.
    """

    directories: tuple[Path, ...]
    modules: dict[Path, Declarations]
    others: dict[Path, str] = field(default_factory=dict)
    uncalled: tuple[Path, ...] = ()
    unlisted: tuple[Reason, ...] = ()


def find_roots(directory: Path, files: Files) -> Roots:
    """Find the root modules at or below a directory.

    A root module has a backend, or is called by no other module of these, lies under no `modules/`
    and holds a provider, a mapping, or calls of modules that lead to a mapping or are not here to
    be read. One that cannot be split into blocks counts as a root module, if no other calls it.

    SourceError if there is no root module.
    """
    unlisted: list[Reason] = []
    scanned = {where: declare(where, files) for where in _directories(directory, files, unlisted)}
    found = {where: each for where, each in scanned.items() if each.files or each.unreadable}
    tree_ = _Tree(directory, files, found)
    others = {where: why for where in found if (why := tree_.only_module(where))}
    roots = tuple(where for where in found if where not in others)
    if not roots and not unlisted:
        raise _no_root(directory, files, tree_)
    reached = tree_.reached(roots)
    uncalled = tuple(each for each in others if each not in reached and tree_.maps(each))
    return Roots(roots, found, others, uncalled, tuple(unlisted))


def _no_root(directory: Path, files: Files, found: _Tree) -> SourceError:
    hint = "name a directory that holds one, or one root module without --recursive"
    mapping = next((each for each in found.modules if found.maps(each)), None)
    if mapping is not None:
        hint = f"name `{files.name(mapping)}` without --recursive to check that module alone"
    why = "no root module: none with a provider, a backend or a mapping"
    return SourceError(Reason(why, str(directory)), hint=hint)


def _directories(directory: Path, files: Files, unlisted: list[Reason]) -> Iterator[Path]:
    """Yield directories in the order of their paths, without hidden ones and links.

    SourceError if there are too many; the reasons for those that cannot be listed are noted.
    """

    def refused(where: Path, error: FileError) -> None:
        unlisted.append(Reason(f"the directory {error.why}", files.name(where)))

    try:
        walked = files.repository.walk(directory, refused)
        for count, (where, names, _) in enumerate(walked):
            if count >= MOST_DIRECTORIES:
                raise SourceError(
                    Reason(f"more than {MOST_DIRECTORIES} directories", str(directory)),
                    hint="name a directory further down",
                )
            names[:] = [each for each in names if each[:1] != "." and each not in _NOT_WALKED]
            yield where
    except FileError as error:
        raise SourceError(Reason(f"a directory below it {error.why}", str(directory))) from error


class _Tree:
    """The modules below a directory, and which calls which."""

    def __init__(self, top: Path, files: Files, modules: dict[Path, Declarations]) -> None:
        self._top, self._files, self.modules = top, files, modules
        self._calls: dict[Path, set[Path]] = {}
        self._remote: set[Path] = set()
        self._handed: dict[Path, list[Path]] = {}
        self._callers: dict[Path, Path] = {}
        for where, each in modules.items():
            local = {other for other in self._called(where, each) if other in modules}
            self._calls[where] = local
            for other in local - {where}:
                self._callers.setdefault(other, where)
        self._leading = self._that_lead(
            where
            for where, each in modules.items()
            if where in self._remote or each.names("resource", MAPPING)
        )
        self._mapping = self._that_lead(
            where for where, each in modules.items() if each.names("resource", MAPPING)
        )

    def only_module(self, where: Path) -> str:
        """Return what tells that a directory is only a module; an empty text for a root module."""
        module = self.modules[where]
        configured = _configures(module)
        if any(_backend(block) for block in module.all_of("terraform")):
            return ""
        caller = self._callers.get(where)
        if caller is not None and not (configured and self._is_complete(where)):
            return f"called by `{self._files.name(caller)}`"
        if caller is not None or configured or module.unreadable:
            return ""
        above = self._under_modules(where)
        if above:
            return f"under `{above}/`, without a provider and a backend"
        if where not in self._leading and not (module.names("module") and self._is_example(where)):
            return "without a provider, a backend and a mapping"
        return ""

    def maps(self, where: Path) -> bool:
        """Tell whether a mapping is declared in a module, or in one that it calls, near or far."""
        return where in self._mapping

    def reached(self, starts: tuple[Path, ...]) -> set[Path]:
        """Return modules, and those that they call, near or far."""
        seen, pending = set(starts), list(starts)
        while pending:
            for other in self._calls[pending.pop()]:
                if other not in seen:
                    seen.add(other)
                    pending.append(other)
        return seen

    def _that_lead(self, goals: Iterator[Path]) -> set[Path]:
        """Return the modules that call one of these, near or far, and these themselves."""
        callers: dict[Path, list[Path]] = {}
        for where, others in self._calls.items():
            for other in others:
                callers.setdefault(other, []).append(where)
        seen = set(goals)
        pending = list(seen)
        while pending:
            for caller in callers.get(pending.pop(), ()):
                if caller not in seen:
                    seen.add(caller)
                    pending.append(caller)
        return seen

    def _called(self, where: Path, module: Declarations) -> Iterator[Path]:
        """Yield the directories of the local modules that a module calls."""
        for name in module.names("module"):
            block = module.block("module", name)
            source = None if block is None else literal_of(block.body.arguments.get("source"))
            if source is None or not is_local(source):
                self._remote.add(where)
                continue
            # What leads out of the root is said where the call is evaluated.
            with suppress(EvaluationError):
                other = self._files.inside(where / source)
                if block is not None and not block.body.arguments.keys() <= META_ARGUMENTS:
                    self._handed.setdefault(other, []).append(where)
                yield other

    def _under_modules(self, where: Path) -> str:
        """Return the name of the directory above that holds modules, if that of no root is nearer.

        Examples of a module are run.
        """
        names = where.relative_to(self._top).parts[:-1]
        given = [name for name in names if name in _OF_MODULES | _OF_ROOTS]
        return given[-1] if given and given[-1] in _OF_MODULES else ""

    def _is_example(self, where: Path) -> bool:
        return not _OF_ROOTS.isdisjoint(where.relative_to(self._top).parts[:-1])

    def _is_complete(self, where: Path) -> bool:
        """Tell whether a module can be run alone: all its variables have values, and no caller's.

        One whose variables have empty defaults, and are given values where it is called, is not.
        """
        module = self.modules[where]
        with suppress(SourceError):
            if automatic_files(where, self._files):
                return True
        # A module that nobody runs hands on what it would be given.
        if not all(self._under_modules(caller) for caller in self._handed.get(where, ())):
            return False
        blocks = (module.block("variable", name) for name in module.names("variable"))
        return all(block is not None and "default" in block.body.arguments for block in blocks)


def _configures(module: Declarations) -> bool:
    """Tell whether a module configures a provider: an alias alone only names what callers pass."""
    return any(
        block.body.blocks or set(block.body.arguments) != {"alias"}
        for block in module.all_of("provider")
    )


def _backend(block: tree.Block) -> bool:
    return any(inner.kind in {"backend", "cloud"} for inner in block.body.blocks)
