"""Module instances: what a name stands for in each, worked out once and only when asked.

See https://developer.hashicorp.com/terraform/language/expressions/references.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.configuration.module_arguments import (
    META_ARGUMENTS,
    note_unsupported,
)
from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.evaluation.refusals import undeclared
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.modules.argument_names import note_misfits
from checker.sources.terraform.modules.expansion import (
    Expansion,
    InstanceVariables,
    expand,
    settled,
)
from checker.sources.terraform.modules.instances import ComputeAttribute, Instance
from checker.sources.terraform.modules.names import Names, unfinished, without_block
from checker.sources.terraform.modules.outputs import Outputs
from checker.sources.terraform.modules.project import ModuleInstance, Project
from checker.sources.terraform.modules.project_world import ProjectWorld
from checker.sources.terraform.modules.provider_scope import Configurations
from checker.sources.terraform.modules.providers import Provider
from checker.sources.terraform.modules.repetition import UncountedBlock, instances_of, many
from checker.sources.terraform.modules.variable_values import output_value, variable_value
from checker.sources.terraform.modules.workspace import NOT_KNOWN, REMEDY
from checker.sources.terraform.terragrunt.units import REMEDY as RENDERED
from checker.sources.terraform.values.instance_keys import InstanceKey, suffix
from checker.sources.terraform.values.marks import mark
from checker.sources.terraform.values.terraform_values import EPHEMERAL, TerraformValue


class Module(ProjectWorld):
    """One instance of a module: the root, or a call's instance with its address.

    `inputs` gives the value of each variable that the caller sets. `providers` maps `aws` and
    `aws.alias` to what the caller passes. `key` is the module's key in
    `.terraform/modules/modules.json` (`a.b`). `callers` are the directories of the modules above,
    `call` is the block that calls it.
    `compute` says what the provider makes of a resource's attributes.
    """

    def __init__(  # noqa: PLR0913 - each is what a call gives
        self,
        project: Project,
        declarations: Declarations,
        *,
        address: str = "",
        key: str = "",
        inputs: Mapping[str, Callable[[], TerraformValue]],
        providers: Mapping[str, Provider] | None = None,
        callers: frozenset[Path] = frozenset(),
        call: tree.Block | None = None,
        compute: ComputeAttribute,
    ) -> None:
        self.call_block = call
        self._compute = compute
        self.project = project
        self.declarations = declarations
        self.address = address
        self.key = key
        self.scope = Scope(self, {}, address)
        self.callers = callers | {declarations.directory}
        self._inputs = inputs
        self.providers = Configurations(project, declarations, self.scope, providers or {})
        self._memo: dict[tuple[str, ...], TerraformValue] = {}

    def __str__(self) -> str:
        return self.address or "the root module"

    def evaluate(self, node: tree.Expression) -> TerraformValue:
        """Return the value of an expression in this module."""
        return evaluate(node, self.scope)

    def prefixed(self, address: str) -> str:
        """Return an address inside this module as Terraform prints it."""
        return f"{self.address or self.project.prefix}{'.' if self.address else ''}{address}"

    # What names stand for.

    def name(self, name: str, at: Location) -> TerraformValue:
        """Return what the first word of a reference stands for."""
        if name in {"var", "local", "module", "data", "ephemeral", "resource"}:
            return Names(self, name)
        if name == "path":
            return self.project.paths(self.declarations.directory)
        if name in {"terraform", "tofu"}:
            return {
                "workspace": self.project.workspace or self._workspace(at),
                "applying": Hole("terraform.applying", at=at),
            }
        if name in {"each", "count", "self"}:
            raise without_block(name, at)
        return Names(self, "resource", name)

    def _workspace(self, at: Location) -> TerraformValue:
        found = self.project.inputs.value(
            Hole("terraform.workspace", Kind.NAME, NOT_KNOWN, at, REMEDY)
        )
        return Text.of(found) if isinstance(found, Hole) else found

    def named(self, kind: str, name: str, at: Location) -> TerraformValue:
        """Return the value of `var.name`, `local.name` or `module.name`."""
        work = {"var": self._variable, "local": self._local, "module": self._call}[kind]
        return self._once((kind, name), at, lambda: work(name, at))

    def output(self, name: str, at: Location) -> TerraformValue:
        """Return the value of one of the module's outputs."""
        value: TerraformValue = self._once(("output", name), at, lambda: self._output(name, at))
        return value

    def _once(
        self, key: tuple[str, ...], at: Location, work: Callable[[], TerraformValue]
    ) -> TerraformValue:
        """Work a thing out once; a thing that asks for itself is unknown."""
        if key not in self._memo:
            own = ".".join(key[1:] if key[0] == "resource" else key)
            name = self.prefixed(own)

            def settled() -> TerraformValue:
                try:
                    return work()
                except EvaluationError as error:
                    self.refused(error, name)
                    return Hole(name, why=f"`{own}`: {error}", at=at)

            block = key[0] in _BLOCKS
            made = self.project.in_progress.work_out(name, at, settled, block=block)
            if name in self.project.in_progress:
                return made  # it asks for itself, and is still being worked out
            self._memo[key] = made
        return self._memo[key]

    def missing(self, what: str, at: Location) -> Hole:
        """Note that a thing is not declared, and return the unknown that it is."""
        summary, said = undeclared(what, f"`{self}`" if self.address else "")
        unsure = "" if self.address else self.project.generating
        remedy = RENDERED if unsure else ""
        self.project.refusals.add_once(summary, said, at, self.prefixed(what), unsure, remedy)
        why = f"`{what}` is not declared in {self}{': ' if unsure else ''}{unsure}"
        return Hole(self.prefixed(what), why=why, at=at, remedy=remedy)

    def invalid(self, words: tuple[str, ...], at: Location) -> Hole:
        """Note that a reference ends before it names a thing, and return the unknown it is."""
        name = self.prefixed(".".join(filter(None, words)))
        self.project.refusals.add_once("Invalid reference", unfinished(words), at, name)
        return Hole(name, why=f"`{name}` names nothing", at=at)

    def _variable(self, name: str, at: Location) -> TerraformValue:
        block = self.declarations.block("variable", name)
        if block is None:
            return self.missing(f"var.{name}", at)
        return variable_value(self, name, block, self._inputs.get(name))

    @property
    def given(self) -> Iterable[str]:
        """The names of the variables that are given a value."""
        return self._inputs

    def _local(self, name: str, at: Location) -> TerraformValue:
        argument = self.declarations.local(name)
        if argument is None:
            return self.missing(f"local.{name}", at)
        return self.evaluate(argument.expression)

    def _output(self, name: str, at: Location) -> TerraformValue:
        block = self.declarations.block("output", name)
        if block is None or "value" not in block.body.arguments:
            return self.missing(f"output.{name}", at)
        return output_value(self, block)

    # Resources and data sources.

    def resource(self, mode: str, type_: str, name: str, at: Location) -> TerraformValue:
        """Return what `type.name` or `data.type.name` stands for: one, several or unknown."""
        address = f"data.{type_}.{name}" if mode == "data" else f"{type_}.{name}"
        block = self.declarations.block(mode, type_, name)
        if block is None:
            if self.declarations.has(mode, type_, name):
                why = f"`{address}` could not be read"
                return Hole(self.prefixed(address), why=why, at=at)
            return self.missing(address, at)
        key = (mode, type_, name)
        return self._once(key, at, lambda: self._expanded(key, block, address))

    def ephemeral(self, type_: str, name: str, at: Location) -> TerraformValue:
        """Return what `ephemeral.type.name` stands for: nothing of it is ever written down.

        See https://developer.hashicorp.com/terraform/language/block/ephemeral.
        """
        address = f"ephemeral.{type_}.{name}"
        if not self.declarations.has("ephemeral", type_, name):
            return self.missing(address, at)
        why = f"`{address}` is opened only while Terraform runs"
        return mark(Hole(self.prefixed(address), why=why, at=at), EPHEMERAL)

    def _expanded(
        self, key: tuple[str, str, str], block: tree.Block, address: str
    ) -> TerraformValue:
        address = self.prefixed(address)
        managed = key[0] == "resource"
        if managed:
            before = self.declarations.overridden(*key)
            note_misfits(block, self.project.misfit(address), before)
        expansion = self._settled(expand(block.body, self.scope, address), address, managed=managed)
        expansion = self.project.instances.bounded(expansion, address, block.at)

        def make(of: InstanceKey, variables: InstanceVariables) -> Instance:
            scope = Scope(self, variables, address + suffix(of))
            if expansion.unknown is not None:
                self.project.refusals.may_not_exist(address + suffix(of))
            return Instance(self, block, key[0], address + suffix(of), scope, self._compute)

        return many(expansion, address, make, resource=True)

    def _settled(self, expansion: Expansion, address: str, *, managed: bool = False) -> Expansion:
        return settled(expansion, address, self.project.plan, managed=managed)

    # Child modules.

    def _call(self, name: str, at: Location) -> TerraformValue:
        block = self.declarations.block("module", name)
        if block is None:
            return self.missing(f"module.{name}", at)
        address = self.prefixed(f"module.{name}")
        expansion = self._settled(expand(block.body, self.scope, address), address)
        if expansion.unknown is None and not expansion.keys:
            return () if expansion.counted else {}  # nothing is missing where nothing is made
        declarations = self.project.module(self, name, block)
        if isinstance(declarations, Hole):
            return declarations
        note_unsupported(block, declarations, self.project.refusals, address)

        def make(of: InstanceKey, variables: InstanceVariables) -> Outputs:
            self.project.count_module(block.at)
            own = address + suffix(of)
            scope = Scope(self, variables, own)
            if expansion.unknown is not None:
                self.project.refusals.may_not_exist(own)
            inputs = {
                argument.name: _later(argument.expression, scope)
                for argument in block.body.arguments.values()
                if argument.name not in META_ARGUMENTS
            }
            key = f"{self.key}.{name}" if self.key else name
            return Outputs(
                Module(
                    self.project,
                    declarations,
                    address=own,
                    key=key,
                    inputs=inputs,
                    providers=self.providers.passed_to(block.body, scope),
                    callers=self.callers,
                    call=block,
                    compute=self._compute,
                )
            )

        return many(expansion, address, make, resource=False)

    def children(self) -> Iterator[tuple[ModuleInstance, Hole | None]]:
        """Yield every instance of every child module; where the number is unknown, one and why."""
        for name in self.declarations.names("module"):
            raw = self.declarations.blocks["module", name]
            for outputs, why in instances_of(self.named("module", name, raw.at)):
                if isinstance(outputs, Outputs):
                    yield outputs.module, why

    def uncounted_calls(self) -> Iterator[UncountedBlock]:
        """Yield the calls of child modules of which the number of instances is unknown."""
        for name in self.declarations.names("module"):
            found = self.named("module", name, self.declarations.blocks["module", name].at)
            if isinstance(found, UncountedBlock):
                yield found


_BLOCKS = {"resource", "data", "module"}


def _later(expression: tree.Expression, scope: Scope) -> Callable[[], TerraformValue]:
    return lambda: evaluate(expression, scope)
