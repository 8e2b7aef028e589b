"""The resources of a template: those that it writes, and those that `Fn::ForEach` makes.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from checker.errors import Reason, SourceError
from checker.knowledge.partial import Unknown
from checker.sources.cloudformation.language.template import (
    StackTemplate,
    TemplateResource,
    resource_of,
)
from checker.sources.cloudformation.values.evaluation import Evaluator, StackValues
from checker.sources.cloudformation.values.loops import (
    MOST_TURNS,
    EndlessLoopError,
    UnknownLoopError,
    is_loop,
    turns,
)
from checker.yaml import YamlNode

TRANSFORM = "Fn::Transform"


class LoopedTemplate(StackValues, Protocol):
    """A template whose resources are made."""

    @property
    def template(self) -> StackTemplate:
        """The template."""

    @property
    def prefix(self) -> str:
        """What begins the ids of its resources."""


class ResourceLoops:
    """Makes the resources of a template; `unread` says what may make further ones."""

    def __init__(self, scope: LoopedTemplate) -> None:
        self._scope = scope
        self.unread: list[tuple[str, Unknown]] = []

    def resources(self) -> Iterator[TemplateResource]:
        """Yield every resource. Raises SourceError where one is none."""
        yield from self._made(self._scope.template.resources, Evaluator(self._scope, {}))

    def _made(self, members: Mapping[str, YamlNode], of: Evaluator) -> Iterator[TemplateResource]:
        for name, node in members.items():
            if name == TRANSFORM:
                why = f"`{TRANSFORM}` makes resources when the stack is deployed"
                self.unread.append((name, Unknown(why, self._scope.place(node))))
            elif not is_loop(name):
                scope = self._scope
                made = resource_of(scope.template, of.looped(name), node, of.loops, scope.prefix)
                yield _with_its_condition(made, of)
        for name, node in members.items():
            if is_loop(name):
                yield from self._of_loop(name, node, of)

    def _of_loop(self, name: str, node: YamlNode, of: Evaluator) -> Iterator[TemplateResource]:
        """Yield what a loop makes; where its collection is unknown that is noted."""
        try:
            for run, body in turns(name, node, of):
                yield from self._made({key.text: each for key, each in body.entries}, run)
        except UnknownLoopError as error:
            at = error.unknown.at
            if isinstance(error, EndlessLoopError):
                why = f"its loops run more than {MOST_TURNS} times"
                raise SourceError(Reason(why, at.source)) from None
            if error.wrong:
                place = f"{at.source}:{at.line}:{at.column}"
                raise SourceError(Reason(error.unknown.why, place)) from None
            self.unread.append((name, error.unknown))


def _with_its_condition(made: TemplateResource, of: Evaluator) -> TemplateResource:
    """Return a resource whose condition is that of its turn: two turns may have two conditions."""
    condition = made.condition
    if condition is None or not of.loops:
        return made
    named = of.looped(condition.text)
    return replace(made, condition=replace(condition, value=named, text=named))
