"""One template of a run: its resources, and what the names in it stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from checker.errors import Reason, SourceError
from checker.knowledge.holes import Hole
from checker.knowledge.json_nodes import JsonNode
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.sources.cloudformation.given import StackInput
from checker.sources.cloudformation.language.calls import CONDITION, member
from checker.sources.cloudformation.language.template import (
    KNOWN_TRANSFORMS,
    LANGUAGE_EXTENSIONS,
    MOST_RESOURCES,
    StackTemplate,
    TemplateResource,
)
from checker.sources.cloudformation.values.attributes import StackAttributes, missing
from checker.sources.cloudformation.values.conditions import Conditions
from checker.sources.cloudformation.values.evaluation import Evaluator
from checker.sources.cloudformation.values.loops import (
    MOST_TURNS,
    LoopMember,
    UnknownLoopError,
    is_loop,
    looped_members,
)
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.parameters import NOTHING_PASSED, Passed, StackParameters
from checker.sources.cloudformation.values.resource_loops import ResourceLoops
from checker.yaml import Scalar, YamlNode

MOST_DEPTH = 40
"""How many values may refer to one another in a row; those behind them are unknown."""
OUTPUTS = "Outputs."


class Beyond(Protocol):
    """What a template takes from beyond it, and what all templates of a run share.

    `open` are the values that are being worked out, by the id and property of whose they are.
    """

    @property
    def open(self) -> set[tuple[str, str]]:
        """The values that are being worked out."""

    def spend(self, steps: int) -> bool:
        """Take steps of the run's budget; tell whether there were any left."""

    def refuse(self, why: str, at: Location, unsure: str) -> None:
        """Note what CloudFormation refuses, and why that is not sure, if so."""

    def nested(self, resource: TemplateResource) -> StackScope | None:
        """Return the template of a nested stack; None where it is not read."""

    def imported(self, name: Text, by: StackScope, at: Location) -> JsonNode | None:
        """Return what another stack of the run exports; None where none surely does."""


class StackScope:
    """The values of one template with what is given beside it.

    `prefix` begins the ids of its resources: it names the nested stack, or the file of one of
    several templates. `owner` is the nested stack that has this template. `unread` says why there
    may be further resources, if so.
    """

    def __init__(
        self,
        template: StackTemplate,
        given: StackInput,
        beyond: Beyond,
        prefix: str = "",
        passed: Passed = NOTHING_PASSED,
        owner: TemplateResource | None = None,
    ) -> None:
        self.template = template
        self.prefix = prefix
        self.owner = owner
        self.parameters = StackParameters(template, given, prefix, passed)
        self.attributes = StackAttributes(self)
        self._beyond = beyond
        self._stand_ins = given.stand_ins
        self._turns: set[tuple[object, ...]] = set()
        self._in_conditions = 0
        self._values = Evaluator(self, {})
        self._conditions = Conditions(template.conditions, self._values)
        self._written: dict[str, tuple[LoopMember[Evaluator], ...] | UnknownLoopError] = {}
        self._memo: dict[tuple[str, str], JsonNode | None] = {}
        self.resources: dict[str, TemplateResource] = {}
        loops = ResourceLoops(self)
        for each in loops.resources():
            if each.name in self.resources:
                place = f"{each.at.source}:{each.at.line}:{each.at.column}"
                raise SourceError(Reason(f"two resources are called `{each.name}`", place))
            self.resources[each.name] = each
        self.unread: tuple[tuple[str, Unknown], ...] = tuple(loops.unread)
        if len(self.resources) > MOST_RESOURCES:
            why = (
                f"the template has more than {MOST_RESOURCES} resources: CloudFormation refuses it"
            )
            raise SourceError(Reason(why, template.source))

    def there(self, resource: TemplateResource) -> Value[bool]:
        """Tell whether a resource is there if its stack is: its condition holds."""
        condition = resource.condition
        if condition is None:
            return Known(value=True, at=resource.at)
        return self.holds(condition.text, self.place(condition))

    def stack_name(self, resource: TemplateResource) -> Text:  # noqa: ARG002 - they are of one
        """Return the name of the stack that a resource is of."""
        return self.parameters.stack_name

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
        self._beyond.refuse(why, at, unsure)

    def spend(self, steps: int) -> bool:
        """Take steps of the run's budget; tell whether there were any left."""
        return self._beyond.spend(steps)

    def holds(self, condition: str, at: Location) -> Value[bool]:
        """Tell whether a condition of the template holds; resources have no values in it."""
        self._in_conditions += 1
        found = self._conditions.holds(condition, at)
        self._in_conditions -= 1
        return found

    def has_condition(self, name: str) -> bool:
        """Tell whether the template has a condition of a name, or may have it."""
        return self._conditions.has(name)

    def mapping(self, name: str) -> YamlNode | None:
        """Return a mapping of the template."""
        return self.template.mappings.get(name)

    def may_loop(self) -> bool:
        """Tell whether the template has the transform that loops need."""
        return LANGUAGE_EXTENSIONS in self.template.transforms

    @property
    def macro(self) -> str:
        """The first transform of the template that only the account can run; empty if none."""
        return next((each for each in self.template.transforms if each not in KNOWN_TRANSFORMS), "")

    def turn(self, loop: YamlNode, loops: Mapping[str, str]) -> bool:
        """Tell whether the budget of loops has this turn of one, which counts once."""
        self._turns.add((loop.line, loop.column, *loops.items()))
        return len(self._turns) <= MOST_TURNS

    def imported(self, name: Text, at: Location) -> JsonNode | None:
        """Return what another stack of the run exports; None where none surely does."""
        return self._beyond.imported(name, self, at)

    def reference(self, name: str, at: Location) -> JsonNode | None:
        """Return what `Ref` gives; None for `AWS::NoValue`."""
        if name == "AWS::NoValue":
            return None
        pseudo = self.parameters.pseudo(name, at)
        if pseudo is not None:
            return pseudo
        if self.parameters.has(name):
            return self._guarded("", name, at, lambda: self.parameters.value(name, at))
        resource = self.resources.get(name)
        if resource is None or self._in_conditions:
            return JsonNode(missing(name, at), at)
        return JsonNode(self.attributes.reference(resource).taken_of(resource.id), at)

    def attribute(self, resource: str, name: str, at: Location) -> JsonNode:
        """Return what `Fn::GetAtt` gives."""
        found = self.resources.get(resource)
        if found is None or self._in_conditions:
            return JsonNode(missing(resource, at), at)
        nested = self._beyond.nested(found)
        if nested is not None and name.startswith(OUTPUTS):
            return nested.output(name.removeprefix(OUTPUTS), at)
        return JsonNode(self.attributes.attribute(found, name).taken_of(found.id), at)

    def output(self, name: str, at: Location) -> JsonNode:
        """Return an output of the stack, as another one takes it."""
        node = self.template.outputs.get(name)
        value = None if node is None else member(node, "Value")
        condition = None if node is None else member(node, CONDITION)
        absent = isinstance(condition, Scalar) and self.holds(condition.text, at)
        if value is None or (isinstance(absent, Known) and not absent.value):
            stack = self.prefix.rstrip("/") or self.template.source
            return JsonNode(Unknown(f"`{stack}` has no output `{name}`", at), at)
        found = self._guarded("", f"{OUTPUTS}{name}", at, lambda: self.value(value))
        return (
            JsonNode(Unknown(f"output `{name}` has no value", at), at) if found is None else found
        )

    def property(self, resource: TemplateResource, name: str) -> JsonNode | None:
        """Return a property of a resource; None where it is absent, or `AWS::NoValue`."""
        entries = resource.properties.entries if resource.properties is not None else ()
        node = next((value for word, value in entries if word.text == name), None)
        of = Evaluator(self, resource.loops)
        if node is None:
            made = next((each for each in self._looped(resource) if each.name == name), None)
            if made is None:
                return self._made_up(resource)
            node, of = made.node, made.of
        written = node
        return self._guarded(resource.id, name, self.place(node), lambda: of.value(written))

    def _looped(self, resource: TemplateResource) -> tuple[LoopMember[Evaluator], ...]:
        """Return the properties that loops make; none where it is unknown what they make."""
        if resource.id not in self._written:
            entries = resource.properties.entries if resource.properties is not None else ()
            loops = [(key.text, node) for key, node in entries if is_loop(key.text)]
            of = Evaluator(self, resource.loops)
            itself = Unknown(f"`{resource.name}` refers to itself", resource.at)
            self._written[resource.id] = UnknownLoopError(itself)
            try:
                self._written[resource.id] = tuple(looped_members(loops, of)) if loops else ()
            except UnknownLoopError as error:
                self._written[resource.id] = error
        found = self._written[resource.id]
        return () if isinstance(found, UnknownLoopError) else found

    def _guarded(
        self, id: str, name: str, at: Location, work: Callable[[], JsonNode | None]
    ) -> JsonNode | None:
        """Work out a value once; unknown where it refers to itself, or through too many others."""
        key = (id or self.prefix, name)
        beyond = self._beyond.open
        if key in beyond:
            return JsonNode(Unknown(f"`{id or name}` refers to itself", at), at)
        if len(beyond) >= MOST_DEPTH:
            why = f"more than {MOST_DEPTH} resources refer to one another in a row"
            return JsonNode(Unknown(why, at), at)
        if key not in self._memo:
            beyond.add(key)
            self._memo[key] = work()
            beyond.discard(key)
        return self._memo[key]

    def _made_up(self, resource: TemplateResource) -> JsonNode | None:
        """Return what a property is that is not written: unknown where others may be made."""
        node = member(resource.node, "Properties")
        if node is None:
            return None
        if resource.properties is None or node.tag:
            why = f"`Properties` of `{resource.name}` is not a mapping of properties"
            return JsonNode(Unknown(why, self.place(node)), self.place(node))
        keys = [key for key, _ in resource.properties.entries if key.text.startswith("Fn::")]
        loops = self._written.get(resource.id)
        if isinstance(loops, UnknownLoopError):
            if loops.wrong:
                self.refuse(loops.unknown.why, loops.unknown.at, "")
            return JsonNode(loops.unknown, loops.unknown.at)
        made = next((key for key in keys if not is_loop(key.text)), None)
        if made is None:
            return None
        at = self.place(made)
        return JsonNode(Unknown(f"`{made.text}` makes properties that are not read", at), at)

    def text_property(self, resource: TemplateResource, name: str) -> Text | Unknown | None:
        """Return a property that is a text; None where it is absent."""
        found = self.property(resource, name)
        return None if found is None else text_of(found)


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
