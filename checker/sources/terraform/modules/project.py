"""One root module of a run: what its modules ask of it, and what has been met so far."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeAlias

from checker.iam.document import Document
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location, Unknown
from checker.sources.terraform.configuration.backends import StateReference
from checker.sources.terraform.configuration.call_scope import CallScope
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.configuration.engine import Engine
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.configuration.installed import DEFAULT_DATA
from checker.sources.terraform.configuration.root_engine import RootEngine
from checker.sources.terraform.evaluation.in_progress import InProgress
from checker.sources.terraform.evaluation.refusals import Refusals
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.argument_names import Note, newest
from checker.sources.terraform.modules.instance_count import InstanceCount
from checker.sources.terraform.modules.module_directories import CallingModule, ModuleDirectories
from checker.sources.terraform.modules.open_inputs import OpenInputs
from checker.sources.terraform.modules.policy_texts import PolicyTexts
from checker.sources.terraform.modules.repetition import UncountedBlock
from checker.sources.terraform.modules.shared_run import SharedRun
from checker.sources.terraform.plan.model import Plan
from checker.sources.terraform.plan.planned import Planned
from checker.sources.terraform.state.objects import State
from checker.sources.terraform.state.recorded import ASSUMPTION, Recorded
from checker.sources.terraform.terragrunt.unit_sources import generating_unit
from checker.sources.terraform.values.budget import Budget
from checker.sources.terraform.values.terraform_values import Marked, TerraformValue


class LiveData(Protocol):
    """An account that tells what a configuration only refers to."""

    @property
    def account(self) -> str:
        """The account's id."""

    def data(self, type_: str, arguments: Mapping[str, str], region: str) -> Mapping[str, str]:
        """Return what a data source tells, as far as it can be read."""

    def policy(self, arn: str) -> Document | Unknown:
        """Return the document of a managed policy, or why it cannot be read."""


class ModuleInstance(CallingModule, Protocol):
    """One instance of a module, or the root module, as a project and its resources see it."""

    @property
    def project(self) -> Project:
        """What all modules of the run share."""

    @property
    def marked(self) -> bool:
        """Whether anything that was met so far is sensitive or ephemeral."""

    @property
    def call_block(self) -> tree.Block | None:
        """The block that calls it, None for the root module."""

    @property
    def given(self) -> Iterable[str]:
        """The names of the variables that are given a value."""

    def output(self, name: str, at: Location) -> TerraformValue:
        """Return the value of one of its outputs."""

    def missing(self, what: str, at: Location) -> Hole:
        """Note that a thing is not declared, and return the unknown that it is."""

    def invalid(self, words: tuple[str, ...], at: Location) -> Hole:
        """Note that a reference ends before it names a thing, and return the unknown it is."""

    def spend(self, steps: int, *, plain: bool = False) -> None:
        """Take steps of the run's budget."""

    def resource(self, mode: str, type_: str, name: str, at: Location) -> TerraformValue:
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


class Project(ModuleDirectories):
    """One root module's run.

    `prefix` begins every address (`envs/prod:`), `region` is the environment's. `plan` is a plan of
    this configuration; `shown` says that the plan's JSON is all there is of it. `state` is what
    exists already. `live` is the account that its providers work in by default. `withheld` are
    variables of the root module that no report shows, whatever the configuration says; `marks` tell
    those of any module by its directory. `states` are the other root modules of the run; with a
    `reader` this one is read beside that, for its outputs, and shares what bounds a run. `family`
    are the root modules that are read together, by directory and workspace. `workspace` is what
    `terraform.workspace` names, None where that is not known. `budget` is that of a run which reads
    several root modules.
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
        self.refusals = Refusals(accepted=plan is not None)
        if reader is None:
            size = sum(each.size for each in (plan, state) if each is not None)
            own = budget or Budget(lambda: files.bytes + size)
            shared = SharedRun(own, InProgress(self.refusals))
        else:
            shared = reader.shared
        found = RootEngine(directory, files, engine, kept_engine)
        super().__init__(directory, files, found, modules, data, shared)
        self.live, self.states = live, states
        self.prefix, self.region = prefix, region
        self.workspace: str | None = None
        self.withheld: frozenset[str] = frozenset()
        self.marks: Sequence[Callable[[str], frozenset[str]]] = ()
        self.family: Family = {} if reader is None else reader.family
        self.inputs, self.policies, self.instances = OpenInputs(), PolicyTexts(), InstanceCount()
        self.plan = Planned(plan, shown=shown, keep_secret=self.keep_secret, prefix=prefix)
        self.state = None if state is None else Recorded(state, self.keep_secret)
        if state is not None:
            self.assume(ASSUMPTION)

    def paths(self, directory: Path) -> dict[str, TerraformValue]:
        """Return what `path` stands for in a module."""
        module = Path(os.path.relpath(directory, self.directory)).as_posix()
        return {"module": module, "root": ".", "cwd": "."}

    def before(self, address: str) -> Mapping[str, TerraformValue]:
        """Return the attributes of an instance that is there already, empty if it is made."""
        found = self.plan.before(address)
        return found or ({} if self.state is None else self.state.attributes(address))

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
