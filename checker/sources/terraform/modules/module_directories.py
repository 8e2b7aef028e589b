"""The directories of a run's modules: where a called one lies, and what each declares."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from checker.errors import Reason, SourceError
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.model import Unread
from checker.sources.terraform.configuration.declarations import Declarations, declare
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.configuration.installed import REMEDY, ModuleCall
from checker.sources.terraform.configuration.module_places import ModulePlaces
from checker.sources.terraform.configuration.module_source import evaluated_source
from checker.sources.terraform.configuration.root_engine import RootEngine
from checker.sources.terraform.configuration.root_files import RootFiles
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.language.module_addresses import is_local
from checker.sources.terraform.language.tree import literal_of
from checker.sources.terraform.modules.shared_run import SharedRun

MOST_MODULES = 20_000


class CallingModule(Protocol):
    """What a module call is made of: an instance of the module that holds its block."""

    @property
    def key(self) -> str:
        """The names of the calls that lead to it, joined by dots."""

    @property
    def address(self) -> str:
        """Its address, empty for the root module."""

    @property
    def callers(self) -> frozenset[Path]:
        """The directories of those that call it, and its own."""

    @property
    def declarations(self) -> Declarations:
        """What its directory declares."""

    @property
    def scope(self) -> Scope:
        """Where its expressions are evaluated."""

    def prefixed(self, address: str) -> str:
        """Return an address inside this module as Terraform prints it."""


class ModuleDirectories:
    """The directories of one root module's run, each scanned once; what is left out is noted.

    `modules` are directories scanned before, `data` is where `terraform init` left modules, None if
    none of these is to be read.
    """

    def __init__(
        self,
        directory: Path,
        files: Files,
        engine: RootEngine,
        modules: dict[Path, Declarations] | None,
        data: str | None,
        shared: SharedRun,
    ) -> None:
        self.directory = directory
        self.files = files
        self.engine = engine
        self.shared = shared
        self.budget, self.secrets = shared.budget, shared.secrets
        self.in_progress = shared.in_progress
        self.unread: dict[str, Unread] = {}
        self.root_files = RootFiles(directory, files, shared.budget)
        self.places = ModulePlaces(directory, files, data)
        self._scanned = {} if modules is None else modules
        self._declarations: dict[Path, Declarations] = {}
        self._modules = 0

    @property
    def unreadable(self) -> list[Reason]:
        """Every reason why something asked for could not be read, without doubles."""
        reasons = [r for d in self._declarations.values() for r in d.unreadable]
        return list(dict.fromkeys(reasons))

    def declarations(self, directory: Path) -> Declarations:
        """Scan a module directory once."""
        if directory not in self._declarations:
            self._declarations[directory] = self._declared(directory)
            others = self.engine.others(directory)
            if others and self.engine.is_disputed:
                place = self.files.name(directory)
                self.unread.setdefault(place, Unread(place, others, None, mappings=True))
            elif others:
                self.assume(others)
            for raw in self._declarations[directory].foreign:
                self.leave_out(raw.kind, "is a kind of block that is not known", raw.at)
        return self._declarations[directory]

    def _declared(self, directory: Path) -> Declarations:
        """Scan a directory for the engine of the root module, or take what was scanned before."""
        if directory not in self._scanned:
            self._scanned[directory] = declare(directory, self.files, self.engine.chosen)
        found = self._scanned[directory]
        if found.depends_on_engine:
            return declare(directory, self.files, self.engine.chosen)
        if directory not in self.shared.begun:
            self.shared.begun.add(directory)
            found.begin()
        return found

    def count_module(self, at: Location) -> None:
        """Bound how many module instances there are; SourceError beyond."""
        self._modules += 1
        if self._modules > MOST_MODULES:
            raise SourceError(Reason(f"more than {MOST_MODULES} module instances", _place(at)))

    def module(self, caller: CallingModule, name: str, block: tree.Block) -> Declarations | Hole:
        """Return what a called module declares; a Hole, noted as unread, if it cannot be had."""
        address = caller.prefixed(f"module.{name}")
        argument = block.body.arguments.get("source")
        source: str | Hole | None = literal_of(argument)
        if source is None:
            source = evaluated_source(argument, caller.scope)
        if isinstance(source, Hole):
            return self._left_out(address, f"has no known `source`: {source.why}", "", block.at)
        directory = self._directory(caller, name, source, block)
        if isinstance(directory, str):
            self.shared.absent.note(address, block.body, caller.scope)
            return self._left_out(address, directory, REMEDY, block.at)
        try:
            with self.root_files.looking_up(plain=True):
                real = self.files.inside(directory)
        except EvaluationError as error:
            return self._left_out(address, f"is not read: {error}", "name a wider --root", block.at)
        if real in caller.callers:
            raise SourceError(
                Reason(f"`{address}` calls itself, directly or through others", _place(block.at))
            )
        found = self.declarations(real)
        if not found.files and not found.unreadable:
            return self._left_out(address, f"holds no Terraform files: `{source}`", "", block.at)
        return found

    def _directory(
        self, caller: CallingModule, name: str, source: str, block: tree.Block
    ) -> Path | str:
        """Return where a module lies, or why it is not there."""
        if is_local(source):
            return caller.declarations.directory / source
        key = f"{caller.key}.{name}" if caller.key else name
        call = ModuleCall(key, source, literal_of(block.body.arguments.get("version")))
        found = self.places.find(call)
        if isinstance(found, str):
            return found
        if found.assumed:
            self.shared.assumed[found.assumed] = None
        return found.directory

    def assume(self, what: str) -> None:
        """Note something outside the input that the answer rests on."""
        self.shared.assumed.setdefault(what)

    def leave_out(self, address: str, why: str, at: Location | None) -> None:
        """Note that something of the configuration was not read."""
        address = address or '""'  # a name in JSON may be empty
        self.unread.setdefault(address, Unread(address, why, at))

    def _left_out(self, address: str, why: str, remedy: str, at: Location) -> Hole:
        self.unread.setdefault(address, Unread(address, why, at, mappings=True))
        return Hole(address, why=f"module `{address}` {why}", at=at, remedy=remedy)


def _place(at: Location) -> str:
    return f"{at.source}:{at.line}:{at.column}"
