"""What all modules of one run share: files, installed modules, functions, and what went wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from checker.errors import Reason, SourceError
from checker.iam.document import Document
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location, Unknown
from checker.model import Unread
from checker.sources.terraform.configuration.absent_modules import AbsentModules
from checker.sources.terraform.configuration.backends import StateReference
from checker.sources.terraform.configuration.call_scope import CallScope
from checker.sources.terraform.configuration.declarations import Declarations, declare
from checker.sources.terraform.configuration.engine import Engine
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.configuration.installed import (
    DEFAULT_DATA,
    REMEDY,
    ModuleCall,
)
from checker.sources.terraform.configuration.module_places import ModulePlaces
from checker.sources.terraform.configuration.module_source import evaluated_source
from checker.sources.terraform.configuration.root_engine import RootEngine
from checker.sources.terraform.configuration.root_files import RootFiles
from checker.sources.terraform.evaluation.in_progress import InProgress
from checker.sources.terraform.evaluation.refusals import Refusals
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.language.module_addresses import is_local
from checker.sources.terraform.language.tree import literal_of
from checker.sources.terraform.modules.argument_names import Note, newest
from checker.sources.terraform.modules.instance_count import InstanceCount
from checker.sources.terraform.modules.open_inputs import OpenInputs
from checker.sources.terraform.modules.policy_texts import PolicyTexts
from checker.sources.terraform.modules.repetition import UncountedBlock
from checker.sources.terraform.plan.model import Plan
from checker.sources.terraform.plan.planned import Planned
from checker.sources.terraform.state.objects import State
from checker.sources.terraform.state.recorded import ASSUMPTION, Recorded
from checker.sources.terraform.terragrunt.unit_sources import generating_unit
from checker.sources.terraform.values.budget import Budget
from checker.sources.terraform.values.secrets import Secrets
from checker.sources.terraform.values.terraform_values import Marked, TerraformValue

MOST_MODULES = 20_000


class LiveData(Protocol):
    """An account that tells what a configuration only refers to."""

    @property
    def account(self) -> str:
        """The account's id."""

    def data(self, type_: str, arguments: Mapping[str, str], region: str) -> Mapping[str, str]:
        """Return what a data source tells, as far as it can be read."""

    def policy(self, arn: str) -> Document | Unknown:
        """Return the document of a managed policy, or why it cannot be read."""


class ModuleInstance(Protocol):
    """One instance of a module, or the root module, as a project and its resources see it."""

    @property
    def project(self) -> Project:
        """What all modules of the run share."""

    @property
    def address(self) -> str:
        """Its address, empty for the root module."""

    @property
    def key(self) -> str:
        """The names of the calls that lead to it, joined by dots."""

    @property
    def callers(self) -> frozenset[Path]:
        """The directories of those that call it, and its own."""

    @property
    def declarations(self) -> Declarations:
        """What its directory declares."""

    @property
    def scope(self) -> Scope:
        """Where its expressions are evaluated."""

    @property
    def marked(self) -> bool:
        """Whether anything that was met so far is sensitive or ephemeral."""

    @property
    def call_block(self) -> tree.Block | None:
        """The block that calls it, None for the root module."""

    @property
    def given(self) -> Iterable[str]:
        """The names of the variables that are given a value."""

    def prefixed(self, address: str) -> str:
        """Return an address inside this module as Terraform prints it."""

    def output(self, name: str, at: Location) -> TerraformValue:
        """Return the value of one of its outputs."""

    def spend(self, steps: int, *, plain: bool = False) -> None:
        """Take steps of the run's budget."""

    def resource(self, mode: str, type_: str, name: str, at: Location) -> Any:  # noqa: ANN401
        """Return what `type.name` or `data.type.name` stands for: one, several or unknown."""

    def children(self) -> Iterator[tuple[ModuleInstance, Hole | None]]:
        """Yield every instance of every child module; where the number is unknown, one and why."""

    def uncounted_calls(self) -> Iterator[UncountedBlock]:
        """Yield the calls of child modules of which the number of instances is unknown."""


Family: TypeAlias = dict[tuple[Path, str], ModuleInstance]
"""Root modules that are read together, by directory and workspace."""


class RemoteStates(Protocol):
    """The other root modules of a run, whose outputs a data source reads."""

    def read(self, reference: StateReference, project: Project) -> ModuleInstance | str:
        """Return the root module whose outputs a data source reads, or why there is none."""

    def neighbours(self, project: Project) -> Iterator[ModuleInstance]:
        """Yield the root modules that make what a root module reads, or attach to the same."""


class Project:
    """One root module's run: every module directory is scanned once.

    `prefix` begins every address (`envs/prod:`), `modules` are directories scanned before, `region`
    is the environment's. `plan` is a plan of this configuration; `shown` says that the plan's JSON
    is all there is of it. `state` is what exists already. `live` is the account that its providers
    work in by default. `withheld` are variables of the root module that no report shows, whatever
    the configuration says; `marks` tell those of any module by its directory. `data` is where
    `terraform init` left modules, None if none of these is to be read. `assumed` is what the values
    rest on that the configuration does not tell. `states` are the other root modules of the run;
    with a `reader` this one is read beside that, for its outputs, and shares what bounds a run.
    `family` are the root modules that are read together, by directory and workspace. `workspace` is
    what `terraform.workspace` names, None where that is not known. `budget` is that of a run which
    reads several root modules.
    """

    def __init__(  # noqa: PLR0913 - each is what a run is given
        self,
        directory: Path,
        files: Files,
        *,
        prefix: str = "",
        modules: dict[Path, Declarations] | None = None,
        region: str | None = None,
        plan: Plan | None = None,
        shown: bool = False,
        live: LiveData | None = None,
        data: str | None = DEFAULT_DATA,
        states: RemoteStates | None = None,
        reader: Project | None = None,
        state: State | None = None,
        engine: Engine | None = None,
        kept_engine: Engine | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.live = live
        self.states = states
        self.workspace: str | None = None
        self.withheld: frozenset[str] = frozenset()
        self.marks: Sequence[Callable[[str], frozenset[str]]] = ()
        self.inputs = OpenInputs()
        self.directory = directory
        self.files = files
        self.engine = RootEngine(directory, files, engine, kept_engine)
        self.prefix = prefix
        self.region = region
        self.plan = Planned(plan, shown=shown, keep_secret=self.keep_secret, prefix=prefix)
        self.refusals = Refusals(accepted=plan is not None)
        self.unread: dict[str, Unread] = {}
        self.secrets: Secrets = Secrets() if reader is None else reader.secrets
        self._scanned = {} if modules is None else modules
        self._declarations: dict[Path, Declarations] = {}
        self.places = ModulePlaces(directory, files, data)
        self.begun: set[Path] = set() if reader is None else reader.begun
        self.absent: AbsentModules = AbsentModules() if reader is None else reader.absent
        self.assumed: dict[str, None] = {} if reader is None else reader.assumed
        self.family: Family = {} if reader is None else reader.family
        self.state = None if state is None else Recorded(state, self.keep_secret)
        size = (0 if plan is None else plan.size) + (0 if state is None else state.size)
        own = budget or Budget(lambda: files.bytes + size)
        self.budget: Budget = own if reader is None else reader.budget
        self.root_files = RootFiles(directory, files, self.budget)
        self.in_progress: InProgress = (
            InProgress(self.refusals) if reader is None else reader.in_progress
        )
        self._modules = 0
        if state is not None:
            self.assume(ASSUMPTION)
        self.policies = PolicyTexts()
        self.instances = InstanceCount()

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
        if directory not in self.begun:
            self.begun.add(directory)
            found.begin()
        return found

    def paths(self, directory: Path) -> dict[str, TerraformValue]:
        """Return what `path` stands for in a module."""
        module = Path(os.path.relpath(directory, self.directory)).as_posix()
        return {"module": module, "root": ".", "cwd": "."}

    # Child modules.

    def count_module(self, at: Location) -> None:
        """Bound how many module instances there are; SourceError beyond."""
        self._modules += 1
        if self._modules > MOST_MODULES:
            raise SourceError(Reason(f"more than {MOST_MODULES} module instances", _place(at)))

    def module(self, caller: ModuleInstance, name: str, block: tree.Block) -> Declarations | Hole:
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
            self.absent.note(address, block.body, caller.scope)
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
        self, caller: ModuleInstance, name: str, source: str, block: tree.Block
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
            self.assumed[found.assumed] = None
        return found.directory

    def before(self, address: str) -> Mapping[str, TerraformValue]:
        """Return the attributes of an instance that is there already, empty if it is made."""
        found = self.plan.before(address)
        return found or ({} if self.state is None else self.state.attributes(address))

    def assume(self, what: str) -> None:
        """Note something outside the input that the answer rests on."""
        self.assumed.setdefault(what)

    def misfit(self, address: str) -> Note:
        """Return what notes that Terraform refuses the block of an address as the provider has it.

        A version of the provider that is newer than all that are known may take it.
        """

        def note(summary: str, why: str, at: Location) -> None:
            self.refusals.add(summary, why, at, address, self.engine.newer_provider(newest()))

        return note

    @cached_property
    def generating(self) -> str:
        """Why what the root module does not declare may be declared all the same, if so."""
        if type(self.files) is not Files:
            return ""  # a plan and a rendered unit hold all files that there are
        unit = generating_unit(self.directory, self.files)
        return (
            unit and f"Terragrunt might add its declaration, because `{unit}` uses this directory"
        )

    def leave_out(self, address: str, why: str, at: Location | None) -> None:
        """Note that something of the configuration was not read."""
        address = address or '""'  # a name in JSON may be empty
        self.unread.setdefault(address, Unread(address, why, at))

    def _left_out(self, address: str, why: str, remedy: str, at: Location) -> Hole:
        self.unread.setdefault(address, Unread(address, why, at, mappings=True))
        return Hole(address, why=f"module `{address}` {why}", at=at, remedy=remedy)

    # Secrets.

    def marked_in(self, directory: Path) -> frozenset[str]:
        """Return the variables of a module's directory that an earlier commit marks sensitive."""
        name = self.files.name(directory) if self.marks else ""
        return frozenset[str]().union(*(each(name) for each in self.marks))

    @property
    def marked(self) -> bool:
        """Whether anything that was met so far is sensitive or ephemeral."""
        return self.secrets.any

    def keep_secret(self, value: TerraformValue) -> None:
        """Note that no report may show what a value holds."""
        self.secrets.keep(value)

    # Functions.

    def call(
        self, node: tree.Call, arguments: tuple[TerraformValue, ...], scope: Scope
    ) -> TerraformValue:
        """Apply a function to arguments."""
        from checker.sources.terraform.evaluation.functions import apply

        self.inputs.called(node.name, arguments)
        around = CallScope(self.root_files, self.budget, self.secrets, scope, node.at)
        result = apply(node.name, arguments, around)
        if self.secrets.any or isinstance(result, Marked):
            self.secrets.called(node.name, arguments, result)
        return result


def _place(at: Location) -> str:
    return f"{at.source}:{at.line}:{at.column}"
