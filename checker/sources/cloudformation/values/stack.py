"""One stack: its resources, and what their properties come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.errors import Reason, SourceError
from checker.knowledge.holes import Hole
from checker.knowledge.json_nodes import JsonNode, Members
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.sources.cloudformation.given import StackInput
from checker.sources.cloudformation.language.calls import member, words
from checker.sources.cloudformation.language.template import (
    LANGUAGE_EXTENSIONS,
    MOST_RESOURCES,
    StackTemplate,
    TemplateResource,
    loops_in,
    resource_of,
)
from checker.sources.cloudformation.values.attributes import StackAttributes, missing
from checker.sources.cloudformation.values.conditions import Conditions
from checker.sources.cloudformation.values.evaluation import MOST_STEPS, Evaluator
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.parameters import StackParameters
from checker.yaml import Sequence, YamlMapping, YamlNode

TRANSFORM = "Fn::Transform"
MOST_DEPTH = 40
"""How many resources may refer to one another in a row; values behind them are unknown."""
MOST_TURNS = 10_000
"""How often the loops of a template may run, all in all."""
_LOOP = 3  # an identifier, a collection and what is made of each


class Stack:
    """The values of a template with what is given beside it.

    `unread` says why there may be further resources, if so.
    """

    def __init__(self, template: StackTemplate, given: StackInput) -> None:
        self.template = template
        self.parameters = StackParameters(template, given)
        self.attributes = StackAttributes(self)
        self._stand_ins = given.stand_ins
        self.unread: list[tuple[str, Unknown]] = []
        self._left = MOST_STEPS
        self._turns = 0
        self.refused: dict[Location, tuple[str, str]] = {}
        self._values = Evaluator(self, {})
        self._conditions = Conditions(dict(template.conditions), self)
        self._memo: dict[tuple[str, str], JsonNode | None] = {}
        self._open: set[tuple[str, str]] = set()
        self.resources: dict[str, TemplateResource] = {}
        for each in self._made(template.resources, {}):
            if each.id in self.resources:
                place = f"{each.at.source}:{each.at.line}:{each.at.column}"
                raise SourceError(Reason(f"two resources are called `{each.id}`", place))
            self.resources[each.id] = each
        if len(self.resources) > MOST_RESOURCES:
            why = (
                f"the template has more than {MOST_RESOURCES} resources: CloudFormation refuses it"
            )
            raise SourceError(Reason(why, template.source))

    # Resources.

    def of_type(self, *types: str) -> Iterator[TemplateResource]:
        """Yield the resources of some types that surely or perhaps are there."""
        for each in self.resources.values():
            if each.type in types and not self.is_absent(each):
                yield each

    def is_absent(self, resource: TemplateResource) -> bool:
        """Tell whether a resource surely is not there."""
        found = self.there(resource)
        return isinstance(found, Known) and not found.value

    def there(self, resource: TemplateResource) -> Value[bool]:
        """Tell whether a resource is there: its condition holds."""
        condition = resource.condition
        if condition is None:
            return Known(value=True, at=resource.at)
        return self.holds(condition.text, self.place(condition))

    def unsure(
        self, resource: TemplateResource, beside: TemplateResource | None = None
    ) -> Unknown | None:
        """Say why a resource may not be there; None if it is.

        One of the same condition as the one `beside` which it counts is there with it.
        """
        found = self.there(resource)
        if isinstance(found, Known) or _alike(resource, beside):
            return None
        return found.leaves(f"it is unknown whether `{resource.id}` is created")

    def _made(
        self, members: Mapping[str, YamlNode], loops: Mapping[str, str]
    ) -> Iterator[TemplateResource]:
        looped = dict(loops_in(members))
        for name, node in members.items():
            if name == TRANSFORM:
                why = f"`{TRANSFORM}` makes resources when the stack is deployed"
                self.unread.append((name, Unknown(why, self.place(node))))
            elif name not in looped:
                yield resource_of(self.template, name, node, loops)
        for key, node in looped.items():
            yield from self._of_loop(key, node, loops)

    def _of_loop(
        self, key: str, node: YamlNode, loops: Mapping[str, str]
    ) -> Iterator[TemplateResource]:
        """Yield what a loop makes; where its collection is unknown that is noted.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
        """
        at = self.place(node)
        parts = node.items if isinstance(node, Sequence) else ()
        if len(parts) != _LOOP or LANGUAGE_EXTENSIONS not in self.template.transforms:
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
            of = Evaluator(self, inner)
            body = {of.literal(name.text, at).spelled: each for name, each in parts[2].entries}
            yield from self._made(body, inner)

    def _collection(self, node: YamlNode, loops: Mapping[str, str]) -> list[str] | None:
        found = Evaluator(self, loops).value(node)
        items = found.value if found is not None and isinstance(found.value, tuple) else None
        if items is None:
            return None
        texts = [text_of(each) for each in items]
        known = [each.literal for each in texts if isinstance(each, Text) and each.literal]
        return known if len(known) == len(texts) else None

    # Values.

    def place(self, node: YamlNode) -> Location:
        """Return where a node stands."""
        return self.template.place(node)

    def value(self, node: YamlNode) -> JsonNode | None:
        """Return what a node outside of loops comes to."""
        return self._values.value(node)

    def filled(self, written: str) -> tuple[str | Hole, ...]:
        """Return a text with holes for what stands for something unknown."""
        parts: list[str | Hole] = [written]
        for word, why in self._stand_ins.items():
            if word in written:
                parts = [piece for each in parts for piece in _split(each, word, why)]
        return tuple(parts)

    def refuse(self, why: str, at: Location, unsure: str) -> None:
        """Note what CloudFormation refuses, and why that is not sure, if so."""
        if at not in self.refused or not unsure:
            self.refused[at] = why, unsure

    def spend(self, steps: int) -> bool:
        """Take steps of the stack's budget; tell whether there were any left."""
        self._left -= steps
        return self._left >= 0

    def holds(self, condition: str, at: Location) -> Value[bool]:
        """Tell whether a condition of the template holds."""
        return self._conditions.holds(condition, at)

    def mapping(self, name: str) -> YamlNode | None:
        """Return a mapping of the template."""
        return self.template.mappings.get(name)

    def reference(self, name: str, at: Location) -> JsonNode | None:
        """Return what `Ref` gives; None for `AWS::NoValue`."""
        if name == "AWS::NoValue":
            return None
        pseudo = self.parameters.pseudo(name, at)
        if pseudo is not None:
            return pseudo
        if self.parameters.has(name):
            return self.parameters.value(name, at)
        resource = self.resources.get(name)
        if resource is None:
            return JsonNode(missing(name, at), at)
        return JsonNode(self.attributes.reference(resource), at)

    def attribute(self, resource: str, name: str, at: Location) -> JsonNode:
        """Return what `Fn::GetAtt` gives."""
        found = self.resources.get(resource)
        if found is None:
            return JsonNode(missing(resource, at), at)
        return JsonNode(self.attributes.attribute(found, name), at)

    def property(self, resource: TemplateResource, name: str) -> JsonNode | None:
        """Return a property of a resource; None where it is absent, or `AWS::NoValue`."""
        key = (resource.id, name)
        entries = resource.properties.entries if resource.properties is not None else ()
        node = next((value for word, value in entries if word.text == name), None)
        if node is None:
            return self._made_up(resource)
        at = self.place(node)
        if key in self._open:
            return JsonNode(Unknown(f"`{resource.id}` refers to itself", at), at)
        if len(self._open) >= MOST_DEPTH:
            why = f"more than {MOST_DEPTH} resources refer to one another in a row"
            return JsonNode(Unknown(why, at), at)
        if key not in self._memo:
            self._open.add(key)
            self._memo[key] = Evaluator(self, resource.loops).value(node)
            self._open.discard(key)
        return self._memo[key]

    def _made_up(self, resource: TemplateResource) -> JsonNode | None:
        """Return what a property is that is not written: unknown where others may be made."""
        node = member(resource.node, "Properties")
        if node is None:
            return None
        if resource.properties is None or node.tag:
            why = f"`Properties` of `{resource.id}` is not a mapping of properties"
            return JsonNode(Unknown(why, self.place(node)), self.place(node))
        made = next((k for k, _ in resource.properties.entries if k.text.startswith("Fn::")), None)
        if made is None:
            return None
        at = self.place(made)
        return JsonNode(Unknown(f"`{made.text}` makes properties that are not read", at), at)

    def text_property(self, resource: TemplateResource, name: str) -> Text | Unknown | None:
        """Return a property that is a text; None where it is absent."""
        found = self.property(resource, name)
        return None if found is None else text_of(found)

    def member(self, node: JsonNode | None, name: str) -> JsonNode | None:
        """Return a member of an object that was worked out."""
        if node is None or not isinstance(node.value, Members):
            return None
        return node.value.get(name)


def _split(part: str | Hole, word: str, why: Unknown) -> Iterator[str | Hole]:
    """Yield a part of a text, with a hole for each time that a word stands in it."""
    if isinstance(part, Hole):
        yield part
        return
    first, *rest = part.split(word)
    yield first
    for each in rest:
        yield Hole(word, why=why.why, at=why.at, remedy=why.remedy)
        yield each


def _alike(one: TemplateResource, other: TemplateResource | None) -> bool:
    if other is None or one.condition is None or other.condition is None:
        return False
    return one.condition.text == other.condition.text
