"""What a template's values come to: JSON nodes with holes where something is not known yet.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from checker.knowledge.holes import Hole
from checker.knowledge.json_nodes import JsonNode, Members
from checker.knowledge.partial import Location, Unknown, Value
from checker.knowledge.text import Text
from checker.sources.cloudformation.language.calls import (
    GET_ATT,
    IF,
    REF,
    SUB,
    IntrinsicCall,
    call_of,
)
from checker.sources.cloudformation.language.template import LANGUAGE_EXTENSIONS
from checker.sources.cloudformation.values.branches import either, of_either
from checker.sources.cloudformation.values.functions import FUNCTIONS, OF_LANGUAGE_EXTENSIONS
from checker.sources.cloudformation.values.loops import (
    UnknownLoopError,
    is_loop,
    looped_members,
)
from checker.sources.cloudformation.values.names import attribute_name, referenced_name
from checker.sources.cloudformation.values.nodes import (
    PerhapsAbsent,
    hole,
    joined,
    same,
    scalar,
    text_of,
)
from checker.yaml import Scalar, Sequence, YamlNode

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
MOST_STEPS = 2_000_000
"""How many values are worked out for one stack: further ones are unknown."""


class StackValues(Protocol):
    """What the names in a template stand for."""

    @property
    def prefix(self) -> str:
        """What tells unknown values of this stack from those of others."""

    def place(self, node: YamlNode) -> Location:
        """Return where a node stands."""

    def reference(self, name: str, at: Location) -> JsonNode | None:
        """Return what `Ref` gives; None for `AWS::NoValue`."""

    def attribute(self, resource: str, name: str, at: Location) -> JsonNode:
        """Return what `Fn::GetAtt` gives."""

    def holds(self, condition: str, at: Location) -> Value[bool]:
        """Tell whether a condition of the template holds."""

    def mapping(self, name: str) -> YamlNode | None:
        """Return a mapping of the template; None if there is none of the name."""

    def filled(self, written: str) -> tuple[str | Hole, ...]:
        """Return a text with holes for what stands for something unknown."""

    def imported(self, name: Text, at: Location) -> JsonNode | None:
        """Return what another stack of the run exports; None where none surely does."""

    def refuse(self, why: str, at: Location, unsure: str) -> None:
        """Note what CloudFormation refuses, and why that is not sure, if so."""

    @property
    def macro(self) -> str:
        """The first transform of the template that only the account can run; empty if none."""

    def spend(self, steps: int) -> bool:
        """Take steps of the stack's budget; tell whether there were any left."""

    def may_loop(self) -> bool:
        """Tell whether the template has the transform that loops need."""

    def turn(self, loop: YamlNode, loops: Mapping[str, str]) -> bool:
        """Tell whether the budget of loops has this turn of one, which counts once."""


class Evaluator:
    """Works out values of one stack; `loops` are the values of the loops around them."""

    def __init__(self, stack: StackValues, loops: Mapping[str, str]) -> None:
        self.stack = stack
        self.loops = loops
        self._choosing = 0

    def value(self, node: YamlNode) -> JsonNode | None:
        """Return what a node comes to; None for `AWS::NoValue`, which leaves a property out."""
        at = self.stack.place(node)
        if not self.stack.spend(1):
            return JsonNode(Unknown(f"more than {MOST_STEPS} values are worked out", at), at)
        call = call_of(node)
        if call is not None:
            return self._called(call, at)
        if isinstance(node, Scalar):
            return self._scalar(node, at)
        if isinstance(node, Sequence):
            found = (self.value(each) for each in node.items)
            return JsonNode(tuple(each for each in found if each is not None), at)
        return self._members(node.entries, at)

    def _members(self, entries: tuple[tuple[Scalar, YamlNode], ...], at: Location) -> JsonNode:
        made = next((key for key, _ in entries if key.text.startswith("Fn::")
                     and not is_loop(key.text)), None)  # fmt: skip
        if made is not None:
            why = f"`{made.text}` makes members that are not worked out"
            return JsonNode(Unknown(why, self.stack.place(made)), at)
        found: list[tuple[Text, JsonNode]] = []
        try:
            for each in looped_members(((key.text, node) for key, node in entries), self):
                value = each.of.value(each.node)
                if value is not None:
                    found.append((Text.of(each.name), value))
        except UnknownLoopError as error:
            if error.wrong:
                return self.wrong(error.unknown.why, error.unknown.at)
            return JsonNode(error.unknown, at)
        return JsonNode(Members(tuple(found)), at)

    # Loops.

    def place(self, node: YamlNode) -> Location:
        """Return where a node stands."""
        return self.stack.place(node)

    def may_loop(self) -> bool:
        """Tell whether the template has the transform that loops need."""
        return self.stack.may_loop()

    def turn(self, loop: YamlNode, loops: Mapping[str, str]) -> bool:
        """Tell whether the template's budget has this turn of a loop, which counts once."""
        return self.stack.turn(loop, loops)

    def inside(self, loops: Mapping[str, str]) -> Evaluator:
        """Return the same with other values of the identifiers."""
        found = Evaluator(self.stack, loops)
        found._choosing = self._choosing
        return found

    def _scalar(self, node: Scalar, at: Location) -> JsonNode:
        value = scalar(node)
        if not isinstance(value, str):
            return JsonNode(value, at)
        return JsonNode(self.literal(node.text, at), at)

    def literal(self, written: str, at: Location) -> Text:
        """Return a string; a dynamic reference in it is a hole, and a loop's variable is filled."""
        return joined(self.stack.filled(self.looped(written)), at)

    def looped(self, written: str) -> str:
        """Return a word with the variables of the loops around it filled in."""
        for name, value in self.loops.items():
            plain = re.sub("[^A-Za-z0-9]", "", value)
            written = written.replace(f"${{{name}}}", value).replace(f"&{{{name}}}", plain)
        return written

    def _called(self, call: IntrinsicCall, at: Location) -> JsonNode | None:
        if call.name == REF:
            return self._reference(call, at)
        if call.name == GET_ATT:
            return self._attribute(call, at)
        if call.name == SUB:
            return JsonNode(self._substituted(call, at), at)
        if call.name == IF:
            return self._chosen(call, at)
        if call.name in OF_LANGUAGE_EXTENSIONS and not self.stack.may_loop():
            return self._without_transform(call, at)
        work = FUNCTIONS.get(call.name)
        if work is None:
            why = f"`{call.name}` is worked out by CloudFormation when the stack is deployed"
            return JsonNode(Unknown(why, at), at)
        return work(self, call.argument, at)

    def _reference(self, call: IntrinsicCall, at: Location) -> JsonNode | None:
        written = call.argument
        if isinstance(written, Scalar) and written.text in self.loops:
            return JsonNode(Text.of(self.loops[written.text]), at)
        name = referenced_name(self, written)
        if name is None:
            return self.wrong("`Ref` names a parameter or a resource", at)
        if isinstance(name, Unknown):
            return JsonNode(name, at)
        return self.stack.reference(name, at)

    def _attribute(self, call: IntrinsicCall, at: Location) -> JsonNode:
        named = attribute_name(self, call)
        if named is None:
            return self.wrong("`Fn::GetAtt` names a resource and an attribute", at)
        if isinstance(named, Unknown):
            return JsonNode(named, at)
        return self.stack.attribute(*named, at)

    def _substituted(self, call: IntrinsicCall, at: Location) -> Text | Unknown:
        """Return the text of `Fn::Sub`: `${Name}`, `${Resource.Attribute}`, `${!Literal}`."""
        pattern, given = call.argument, {}
        if isinstance(pattern, Sequence):
            if len(pattern.items) != 2:  # noqa: PLR2004 - a text, and what its names stand for
                return Unknown("`Fn::Sub` takes a text and a mapping of names", at)
            pattern, names = pattern.items
            given = {key.text: value for key, value in getattr(names, "entries", ())}
        if not isinstance(pattern, Scalar):
            return Unknown("`Fn::Sub` takes a text", at)
        parts: list[str | Hole | Text] = []
        end = 0
        text = self.looped(pattern.text)
        for found in _VARIABLE.finditer(text):
            parts += self.stack.filled(text[end : found.start()])
            parts += [self._variable(found[1].strip(), given, at)]
            end = found.end()
        return joined((*parts, *self.stack.filled(text[end:])), at)

    def _variable(self, name: str, given: Mapping[str, YamlNode], at: Location) -> Text:
        if name.startswith("!"):
            return Text.of(f"${{{name[1:]}}}")
        if name in given:
            found = self.value(given[name])
        elif "." in name:
            resource, _, attribute = name.partition(".")
            found = self.stack.attribute(resource, attribute, at)
        elif name in self.loops:
            return Text.of(self.loops[name])
        else:
            found = self.stack.reference(name, at)
        return self.text(found)

    def text(self, node: JsonNode | None) -> Text:
        """Return a value as a part of a text; what is unknown is a hole."""
        if node is None:
            return Text.of()
        found = text_of(node)
        return found if isinstance(found, Text) else Text.of(self.hole(found, node.at))

    def hole(self, unknown: Unknown, at: Location) -> Hole:
        """Return the stretch of text of an unknown value, which differs from turn to turn."""
        found = hole(unknown, at)
        turn = "".join(f" {name}={value}" for name, value in self.loops.items())
        return replace(found, name=self.stack.prefix + found.name + turn)

    def _chosen(self, call: IntrinsicCall, at: Location) -> JsonNode | None:
        parts = call.argument.items if isinstance(call.argument, Sequence) else ()
        if len(parts) != 3 or not isinstance(parts[0], Scalar):  # noqa: PLR2004 - as it takes
            return self.wrong("`Fn::If` takes a condition and two values", at)
        condition = self.stack.holds(self.looped(parts[0].text), at)
        if not isinstance(condition, Unknown):
            return self.value(parts[1 if condition.value else 2])
        self._choosing += 1
        one, other = self.value(parts[1]), self.value(parts[2])
        self._choosing -= 1
        if same(one, other):
            return of_either(one, other)
        if any(each is None or isinstance(each.value, PerhapsAbsent) for each in (one, other)):
            why = PerhapsAbsent(condition.why, condition.at, condition.remedy, condition)
            return JsonNode(why, at)
        return JsonNode(either(self.stack.prefix + parts[0].text, one, other, condition, at), at)

    def _without_transform(self, call: IntrinsicCall, at: Location) -> JsonNode:
        """Return what a function of a transform comes to where the template does not name it."""
        why = f"Encountered unsupported function: {call.name}"
        macro = self.stack.macro
        self.stack.refuse(why, at, f"transform `{macro}` is run by CloudFormation" if macro else "")
        return JsonNode(Unknown(f"{why}: it needs `Transform: {LANGUAGE_EXTENSIONS}`", at), at)

    def wrong(self, why: str, at: Location) -> JsonNode:
        """Return what an intrinsic function comes to that CloudFormation refuses."""
        self.stack.refuse(why, at, "it depends on a condition" if self._choosing else "")
        return JsonNode(Unknown(why, at), at)
