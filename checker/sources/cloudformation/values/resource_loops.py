"""The resources of a template: those that it writes, and those that `Fn::ForEach` makes.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from checker.errors import Reason, SourceError
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.sources.cloudformation.language.calls import words
from checker.sources.cloudformation.language.template import (
    LANGUAGE_EXTENSIONS,
    StackTemplate,
    TemplateResource,
    loops_in,
    resource_of,
)
from checker.sources.cloudformation.values.evaluation import Evaluator, StackValues
from checker.sources.cloudformation.values.nodes import text_of
from checker.yaml import Sequence, YamlMapping, YamlNode

TRANSFORM = "Fn::Transform"
MOST_TURNS = 10_000
"""How often the loops of a template may run, all in all."""
_LOOP = 3  # an identifier, a collection and what is made of each


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
        self._turns = 0
        self.unread: list[tuple[str, Unknown]] = []

    def resources(self) -> Iterator[TemplateResource]:
        """Yield every resource. Raises SourceError where one is none."""
        yield from self._made(self._scope.template.resources, {})

    def _made(
        self, members: Mapping[str, YamlNode], loops: Mapping[str, str]
    ) -> Iterator[TemplateResource]:
        looped = dict(loops_in(members))
        for name, node in members.items():
            if name == TRANSFORM:
                why = f"`{TRANSFORM}` makes resources when the stack is deployed"
                self.unread.append((name, Unknown(why, self._scope.place(node))))
            elif name not in looped:
                yield resource_of(self._scope.template, name, node, loops, self._scope.prefix)
        for key, node in looped.items():
            yield from self._of_loop(key, node, loops)

    def _of_loop(
        self, key: str, node: YamlNode, loops: Mapping[str, str]
    ) -> Iterator[TemplateResource]:
        """Yield what a loop makes; where its collection is unknown that is noted.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
        """
        at = self._scope.place(node)
        parts = node.items if isinstance(node, Sequence) else ()
        if len(parts) != _LOOP or LANGUAGE_EXTENSIONS not in self._scope.template.transforms:
            why = (
                f"`{key}` takes an identifier, a collection and a mapping, and needs the transform"
            )
            why = f"{why} {LANGUAGE_EXTENSIONS}"
            raise SourceError(Reason(why, f"{at.source}:{at.line}:{at.column}"))
        names = words(parts[0])
        values = self._collection(parts[1], loops)
        if values is None or not names or not isinstance(parts[2], YamlMapping):
            self.unread.append((key, Unknown(f"the collection of `{key}` is unknown", at)))
            return
        for value in values:
            self._turns += 1
            if self._turns > MOST_TURNS:
                raise SourceError(Reason(f"its loops run more than {MOST_TURNS} times", at.source))
            inner = {**loops, names[0].text: value}
            of = Evaluator(self._scope, inner)
            body = {of.literal(name.text, at).spelled: each for name, each in parts[2].entries}
            yield from self._made(body, inner)

    def _collection(self, node: YamlNode, loops: Mapping[str, str]) -> list[str] | None:
        found = Evaluator(self._scope, loops).value(node)
        items = found.value if found is not None and isinstance(found.value, tuple) else None
        if items is None:
            return None
        texts = [text_of(each) for each in items]
        known = [each.literal for each in texts if isinstance(each, Text) and each.literal]
        return known if len(known) == len(texts) else None
