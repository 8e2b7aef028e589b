"""Splats: `of[*].name`, also of blocks that have an unknown number of instances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.sources.terraform.evaluation.access import attribute_of, index_of
from checker.sources.terraform.evaluation.scope import Evaluate, Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import UnknownResultError
from checker.sources.terraform.values.concealment import guarded
from checker.sources.terraform.values.marks import deep_marks, spread
from checker.sources.terraform.values.open_lists import made, mapped, of_instances
from checker.sources.terraform.values.partial_values import PartialList
from checker.sources.terraform.values.terraform_values import Lazy, Marked, Set, TerraformValue


class EachOf(PartialList):
    """What a splat makes of a block with an unknown number of instances: `x[*].arn`.

    `step` is what follows the splat, put to one instance. What it makes of any one of them stands
    for all.
    """

    def __init__(self, of: Lazy, step: Callable[[TerraformValue], TerraformValue]) -> None:
        self.uncertain = of.uncertain
        self.counted = of.counted
        self._of, self._step = of, step
        why = self.uncertain.why if self.uncertain is not None else ""
        why = f"the elements of `{self}` are unknown: {why}"
        super().__init__((), Hole(str(self), why=why))

    def __str__(self) -> str:
        return f"{self._of}[*]"

    @property
    def sample(self) -> TerraformValue:
        """What the step makes of any one of the instances."""
        return self._step(self._of.sample)

    @property
    def among(self) -> tuple[TerraformValue, ...]:
        """What is known to be in the list; nothing where some of it is sensitive."""
        found = self._met()
        if deep_marks(found):
            return ()
        return of_instances(PartialList((), self.unknown, among=found)).among

    def _met(self) -> tuple[TerraformValue, ...]:
        return (self.sample, *(self._step(each) for each in self._of.known()))

    def members(self) -> tuple[TerraformValue, ...]:
        """Return what is known to be in the list, and a Hole for whatever else is."""
        return (*of_instances(PartialList((), self.unknown, among=self._met())).among, self.unknown)

    def attribute(self, name: str, at: Location) -> Hole:
        """Return an unknown: a list has no attributes."""
        unknown = self.uncertain or Hole(str(self))
        return replace(unknown, name=f"{self}.{name}", at=at)

    def index(self, key: TerraformValue, at: Location) -> TerraformValue:
        """Return what the step makes of one instance."""
        return self._step(self._of.index(key, at))

    def whole(self) -> Hole:
        """Return the unknown that it is for who does not know such lists."""
        return self.as_hole()


def splatted(
    of: TerraformValue,
    node: tree.Splat,
    scope: Scope,
    evaluate: Evaluate,
) -> TerraformValue:
    """Return `of[*]` with what follows it put to each element."""
    if isinstance(of, Marked):
        inner = spread(of)
        return guarded(
            "`[*]`", of.marks, (of.value,), lambda: splatted(inner, node, scope, evaluate)
        )
    if isinstance(of, PartialList):
        return _of_part(of, node, scope, evaluate)
    if isinstance(of, Hole):
        return scope.hole(of, node.at)
    if of is None:
        return ()
    if isinstance(of, Lazy) and of.counted:
        return EachOf(of, lambda element: _each_of(node.each, element, scope, evaluate))
    if isinstance(of, Set):
        of = of.members
    elements = of if isinstance(of, tuple) else (of,)
    scope.world.spend(len(elements))
    return tuple(
        _each_of(node.each, element, scope.inner({}, str(n)), evaluate)
        for n, element in enumerate(elements)
    )


def _of_part(of: PartialList, node: tree.Splat, scope: Scope, evaluate: Evaluate) -> TerraformValue:
    """Put what follows a splat to the elements of a list that are known."""
    scope.world.spend(len(of.kept()))
    unknown = scope.hole(of.unknown, node.at)
    try:
        found = mapped(of, lambda each: _each_of(node.each, each, scope, evaluate), unknown)
        return made(of_instances(found) if of.supposed else found)
    except UnknownResultError:
        return unknown


def _each_of(
    node: tree.Expression, element: TerraformValue, scope: Scope, evaluate: Evaluate
) -> TerraformValue:
    """Apply what follows a splat to one element."""
    scope.world.spend(1)
    if isinstance(node, tree.Attribute):
        return attribute_of(_each_of(node.of, element, scope, evaluate), node.name, node.at, scope)
    if isinstance(node, tree.Index):
        of = _each_of(node.of, element, scope, evaluate)
        return index_of(of, evaluate(node.key, scope), node.at, scope)
    if isinstance(node, tree.Splat):
        return splatted(_each_of(node.of, element, scope, evaluate), node, scope, evaluate)
    return element
