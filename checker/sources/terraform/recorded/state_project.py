"""The project of a state alone: every object in it as a block of its own.

An object is a block whose name holds its instance key, and so is a module instance: what two
instances of one block have in common is no longer in a state.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.json_syntax import JsonBlock
from checker.sources.terraform.modules.module_directories import CallingModule
from checker.sources.terraform.modules.project import LiveData, Project
from checker.sources.terraform.plan.model import Deferred, Plan
from checker.sources.terraform.recorded.archived_files import ArchivedFiles
from checker.sources.terraform.state.attributes import UNKNOWN_PROVIDER, Attributes
from checker.sources.terraform.state.objects import State, StateObject

ASSUMPTION = "what the state records is still so"
TAINTED = "the state marks it as tainted: it might be damaged, and the next apply replaces it"
DEPOSED = "it is a deposed object: a replacement left it behind, and the next apply destroys it"


class StateProject(Project):
    """Modules as a state holds them, by the steps to their instances."""

    def __init__(self, state: State, name: str, live: LiveData | None = None) -> None:
        found = Attributes(state)
        plan = Plan(
            state.at,
            complete=True,
            prior=Deferred(lambda: found.decoders),
            prior_providers=Deferred(lambda: found.providers),
            size=state.size,
            doubtful_objects=dict(_unsure(state.objects)),
            is_state=True,
        )
        files = ArchivedFiles(plan)
        super().__init__(files.directory, files, plan=plan, shown=True, live=live)
        self._at = Location(name, 1, 1)
        self._attributes = found
        self._objects: dict[tuple[str, ...], list[StateObject]] = {(): []}
        self._calls: dict[tuple[str, ...], dict[str, None]] = {}
        for each in found.objects:
            self._objects.setdefault(each.modules, []).append(each)
            for n, step in enumerate(each.modules):
                self._calls.setdefault(each.modules[:n], {})[step] = None
        self._declarations[self.directory] = self._recorded(())
        self._steps: dict[str, tuple[str, ...]] = {"": ()}
        self.assume(ASSUMPTION)
        for secret in state.secrets:
            self.keep_secret(secret())

    def module(self, caller: CallingModule, name: str, block: tree.Block) -> Declarations | Hole:  # noqa: ARG002
        """Return the objects of a module instance, whose call is named after it."""
        steps = (*self._steps[caller.address], name)
        self._steps[".".join(f"module.{step}" for step in steps)] = steps
        place = self.directory.joinpath(*(f"{n}" for n in self._place(steps)))
        if place not in self._declarations:
            self._declarations[place] = self._recorded(steps)
        return self._declarations[place]

    def _place(self, steps: tuple[str, ...]) -> Iterable[int]:
        """Number the steps: keys may be anything, and are no names of directories."""
        for n, step in enumerate(steps):
            yield list(self._calls[steps[:n]]).index(step)

    def _recorded(self, steps: tuple[str, ...]) -> Declarations:
        found = Declarations(Path(self._at.source), [], files=1)
        for each in self._objects.get(steps, ()):
            self._add(found, each.mode, (each.type, each.name), self._body(each), each.at)
        for step in self._calls.get(steps, ()):
            self._add(found, "module", (step,), self._call())
        if not steps:
            for label, region in self._attributes.regions.items():
                body = tree.Body(dict(self._configuration(label, region)), ())
                self._add(found, "provider", (label,), body)
        return found

    def _add(
        self,
        found: Declarations,
        kind: str,
        labels: tuple[str, ...],
        body: tree.Body,
        at: Location | None = None,
    ) -> None:
        block = tree.Block(kind, labels, body, at or self._at)
        found.add(JsonBlock(kind, labels, at or self._at, None), block)

    def _body(self, each: StateObject) -> tree.Body:
        """Return a body whose arguments are all known from the state, and from nothing else."""
        names = self._attributes.of(each.address)
        at = each.at or self._at
        arguments = {name: tree.Argument(name, self._unshown(name, at), at) for name in names}
        provider = tree.Literal(self._attributes.label(each), at)
        arguments["provider"] = tree.Argument("provider", provider, at)
        return tree.Body(arguments, (), shown=True)

    def _unshown(self, name: str, at: Location) -> tree.Expression:
        return tree.Unshown(name, f"the state does not record `{name}`", "", at, ())

    def _configuration(self, label: str, region: str) -> Iterable[tuple[str, tree.Argument]]:
        if region:
            yield "region", tree.Argument("region", tree.Literal(region, self._at), self._at)
        if label == UNKNOWN_PROVIDER:  # whose account is no other's for sure
            yield "profile", tree.Argument("profile", self._unshown("profile", self._at), self._at)

    def _call(self) -> tree.Body:
        labels = [tree.Literal(label, self._at) for label in self._attributes.regions]
        passed = tree.Object(tuple(tree.Item(each, each, self._at) for each in labels), self._at)
        source = tree.Literal("", self._at)
        arguments = {
            "providers": tree.Argument("providers", passed, self._at),
            "source": tree.Argument("source", source, self._at),
        }
        return tree.Body(arguments, ())


def _unsure(objects: Iterable[StateObject]) -> Iterable[tuple[str, str]]:
    for each in objects:
        if each.deposed:
            yield each.address, DEPOSED
        elif each.tainted:
            yield each.address, TAINTED
