"""`terraform_remote_state`: the outputs of a root module that is checked in the same run."""

from __future__ import annotations

from collections.abc import Iterable

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.sources.terraform.configuration.backends import StateReference
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.project import ModuleInstance
from checker.sources.terraform.values.marks import unmark
from checker.sources.terraform.values.terraform_values import Lazy, TerraformValue

REMEDY = "check both root modules in one run: `--recursive` on a directory above them"


def remote_outputs(instance: Instance) -> TerraformValue:
    """Return the outputs that a `terraform_remote_state` holds, unknown where they are not here."""
    project = instance.module.project
    name = f"{instance.address}.outputs"
    if project.states is None:
        return Hole(name, why="the state of another root module is not read", at=instance.at,
                    remedy=REMEDY)  # fmt: skip
    found = project.states.read(reference_of(instance), project)
    if isinstance(found, str):
        return Hole(name, why=f"`{instance.address}`: {found}", at=instance.at, remedy=REMEDY)
    return RemoteOutputs(instance, found)


def reference_of(instance: Instance) -> StateReference:
    """Return what a data source says of the state that it reads."""
    written = instance.written
    named = (written.get(name) for name in ("backend", "workspace", "config"))
    return StateReference(instance.address, *named)


class RemoteOutputs(Lazy):
    """The outputs of another root module, as it gives them now."""

    def __init__(self, instance: Instance, root: ModuleInstance) -> None:
        self._instance, self.root = instance, root

    def __str__(self) -> str:
        return f"{self._instance.address}.outputs"

    def attribute(self, name: str, at: Location) -> TerraformValue:
        """Return an output; EvaluationError if the root module has none of this name."""
        project = self._instance.module.project
        if self.root.declarations.has("output", name):
            with project.in_progress.reading():
                return self.root.output(name, at)
        defaults, _ = unmark(self._instance.written.get("defaults"))
        if isinstance(defaults, dict) and name in defaults:
            value: TerraformValue = defaults[name]
            return value
        root = project.files.name(self.root.declarations.directory)
        raise EvaluationError(f"the root module `{root}` has no output `{name}`")

    def whole(self) -> dict[str, TerraformValue]:
        """Return every output."""
        defaults, _ = unmark(self._instance.written.get("defaults"))
        more = defaults if isinstance(defaults, dict) else {}
        return self.chosen(dict.fromkeys((*self.root.declarations.names("output"), *more)))

    def chosen(self, names: Iterable[str]) -> dict[str, TerraformValue]:
        """Return the outputs of some names that there are."""
        found: dict[str, TerraformValue] = {}
        for name in names:
            try:
                found[name] = self.attribute(name, self._instance.at)
            except EvaluationError:
                continue
        return found
