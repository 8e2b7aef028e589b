"""The intrinsic functions that work on values alone.

Each takes the evaluator, its argument as written, and its place; None is `AWS::NoValue`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from itertools import islice
from typing import Protocol, TypeAlias

from checker.knowledge.holes import Hole
from checker.knowledge.json_nodes import JsonNode, Members
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.sensitive import carried, plain
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.cloudformation.values.nodes import (
    PerhapsAbsent,
    joined,
    same,
    text_of,
    written,
)
from checker.yaml import Sequence, YamlMapping, YamlNode


class Declared(Protocol):
    """What a stack gives to functions."""

    def mapping(self, name: str) -> YamlNode | None:
        """Return a mapping of the template; None if there is none of the name."""

    def reference(self, name: str, at: Location) -> JsonNode | None:
        """Return what `Ref` gives; None for `AWS::NoValue`."""

    def imported(self, name: Text, at: Location) -> JsonNode | None:
        """Return what another stack of the run exports; None where none surely does."""


class FunctionArguments(Protocol):
    """What works out the arguments of functions."""

    @property
    def stack(self) -> Declared:
        """The stack of which they are."""

    def value(self, node: YamlNode) -> JsonNode | None:
        """Return what a node comes to; None for `AWS::NoValue`."""

    def text(self, node: JsonNode | None) -> Text:
        """Return a value as a part of a text; what is unknown is a hole."""

    def hole(self, unknown: Unknown, at: Location) -> Hole:
        """Return the stretch of text of an unknown value."""

    def wrong(self, why: str, at: Location) -> JsonNode:
        """Return what a function comes to that CloudFormation refuses."""


Work: TypeAlias = Callable[[FunctionArguments, YamlNode, Location], JsonNode | None]
_PAIR = 2
MOST_BLOCKS = 256
"""How many blocks `Fn::Cidr` gives at most."""
_HOST_BITS = 8


def _arguments(argument: YamlNode, number: int) -> tuple[YamlNode, ...] | None:
    found = argument.items if isinstance(argument, Sequence) else ()
    return found if len(found) >= number else None


def _join(of: FunctionArguments, argument: YamlNode, at: Location) -> JsonNode:
    given = _arguments(argument, _PAIR)
    if given is None:
        return of.wrong("`Fn::Join` takes a delimiter and a list", at)
    delimiter = of.text(of.value(given[0]))
    listed = of.value(given[1])
    if listed is None or not isinstance(listed.value, tuple) or _short(listed) is not None:
        return JsonNode(_unknown_list(of, listed, "Fn::Join", at), at)
    parts: list[str | Hole | Text] = []
    for n, each in enumerate(listed.value):
        parts += [delimiter] if n else []
        parts.append(of.text(each))
    return JsonNode(joined(parts, at), at)


def _short(listed: JsonNode) -> Unknown | None:
    """Return why a list may be shorter than it looks; None if it is not."""
    items = listed.value if isinstance(listed.value, tuple) else ()
    return next((each.value for each in items if isinstance(each.value, PerhapsAbsent)), None)


def _unknown_list(
    of: FunctionArguments, node: JsonNode | None, name: str, at: Location
) -> Text | Unknown:
    if node is not None and isinstance(node.value, Unknown):
        return Text.of(of.hole(node.value, at))
    if node is not None and isinstance(node.value, Text) and node.value.holes:
        return Text.of(of.hole(node.value.why_unknown(at), at))
    short = None if node is None else _short(node)
    if short is not None:
        return Text.of(of.hole(short, at))
    return Unknown(f"`{name}` takes a list", at)


def _split(of: FunctionArguments, argument: YamlNode, at: Location) -> JsonNode:
    given = _arguments(argument, _PAIR)
    if given is None:
        return of.wrong("`Fn::Split` takes a delimiter and a text", at)
    delimiter = of.text(of.value(given[0])).literal
    text = of.text(of.value(given[1]))
    if not delimiter:
        return JsonNode(Unknown("the delimiter of `Fn::Split` is unknown", at), at)
    if len(delimiter) == 1:
        pieces = text.split(delimiter)
    else:
        pieces = (
            None if text.literal is None else tuple(map(Text.of, text.literal.split(delimiter)))
        )
    if pieces is None:
        return JsonNode(text.why_unknown(at), at)
    return JsonNode(tuple(JsonNode(each, at) for each in pieces), at)


def _select(of: FunctionArguments, argument: YamlNode, at: Location) -> JsonNode:
    given = _arguments(argument, _PAIR)
    if given is None:
        return of.wrong("`Fn::Select` takes an index and a list", at)
    index = of.text(of.value(given[0]))
    listed = of.value(given[1])
    if listed is None or not isinstance(listed.value, tuple) or _short(listed) is not None:
        return JsonNode(_unknown_list(of, listed, "Fn::Select", at), at)
    if index.literal is None:
        return JsonNode(index.why_unknown(at), at)
    if not index.literal.isdigit() or int(index.literal) >= len(listed.value):
        return of.wrong(f"`Fn::Select` takes none of {len(listed.value)} by `{index}`", at)
    return listed.value[int(index.literal)]


def _base64(of: FunctionArguments, argument: YamlNode, at: Location) -> JsonNode:
    text = of.text(of.value(argument))
    if text.literal is None:
        return JsonNode(Text.of(of.hole(text.why_unknown(at), at)), at)
    made = base64.b64encode(plain(text.literal).encode()).decode()
    return JsonNode(Text.of(carried(text.literal, made)), at)


def _find_in_map(of: FunctionArguments, argument: YamlNode, at: Location) -> JsonNode | None:
    given = _arguments(argument, _PAIR + 1)
    if given is None:
        return of.wrong("`Fn::FindInMap` takes a mapping and two keys", at)
    keys = [of.text(of.value(each)) for each in given[:3]]
    default = None
    if len(given) > len(keys) and isinstance(given[3], YamlMapping):
        default = next((v for k, v in given[3].entries if k.text == "DefaultValue"), None)
    name = keys[0].literal
    table = None if name is None else of.stack.mapping(name)
    if table is None:
        if name is None:
            return JsonNode(keys[0].why_unknown(at), at)
        return of.wrong(f"Mapping named '{name}' is not present in the 'Mappings' section", at)
    found = [of.value(each) for row in _under(table, keys[1]) for each in _under(row, keys[2])]
    if not found and default is not None:
        return of.value(default)
    open_key = next((each for each in keys if each.holes), None)
    if open_key is None or not found:
        missing = f"Unable to get mapping for {name}::{keys[1]}::{keys[2]}"
        return found[0] if found else of.wrong(missing, at)
    if found and default is None and all(same(found[0], each) for each in found):
        return found[0]
    return JsonNode(open_key.why_unknown(at), at)


def _under(node: YamlNode, key: Text) -> Iterator[YamlNode]:
    """Yield what stands under a key, or under every key that it may be."""
    for name, value in getattr(node, "entries", ()):
        if key.equals(Text.of(name.text)) is not Truth.NO:
            yield value


def _length(of: FunctionArguments, argument: YamlNode, at: Location) -> JsonNode:
    listed = of.value(argument)
    if listed is None or not isinstance(listed.value, tuple) or _short(listed) is not None:
        return JsonNode(_unknown_list(of, listed, "Fn::Length", at), at)
    return JsonNode(len(listed.value), at)


def _json(of: FunctionArguments, argument: YamlNode, at: Location) -> JsonNode:
    found = of.value(argument)
    return (
        of.wrong("`Fn::ToJsonString` takes a value", at)
        if found is None
        else JsonNode(written(found), at)
    )


def _import(of: FunctionArguments, argument: YamlNode, at: Location) -> JsonNode:
    name = of.text(of.value(argument))
    found = of.stack.imported(name, at)
    if found is not None:
        return found
    why = f"`{name}` is exported by another stack"
    return JsonNode(Text.of(Hole(f"Fn::ImportValue {name}", why=why, at=at)), at)


def output_name(stack: str, output: str) -> Text:
    """Return the name by which an output of a stack is looked up: no export is called so."""
    return Text.of(f"output {output} of stack {stack}")


def output_of_stack(of: FunctionArguments, argument: YamlNode, at: Location) -> Text | None:
    """Return the name of the output that is read, if it is of this account and Region.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
    """
    found = of.value(argument)
    value = None if found is None else found.value
    given = {k.spelled: text_of(v) for k, v in getattr(value, "items", ())}
    stack, output = given.pop("StackName", None), given.pop("OutputName", None)
    region, here = given.pop("Region", None), of.stack.reference("AWS::Region", at)
    if given or not isinstance(stack, Text) or not isinstance(output, Text):
        return None
    if stack.literal is None or output.literal is None:
        return None
    if region is not None and (here is None or region != here.value):
        return None
    return output_name(stack.literal, output.literal)


def _stack_output(of: FunctionArguments, argument: YamlNode, at: Location) -> JsonNode:
    name = output_of_stack(of, argument, at)
    made = None if name is None else of.stack.imported(name, at)
    if made is not None:
        return made
    found = of.value(argument)
    value = None if found is None else found.value
    names = value.items if isinstance(value, Members) else ()
    named = " ".join(str(text_of(each)) for _, each in names)
    why = "it is an output of another stack"
    return JsonNode(Text.of(Hole(f"Fn::GetStackOutput {named}", why=why, at=at)), at)


def _cidr(of: FunctionArguments, argument: YamlNode, at: Location) -> JsonNode:
    """Cut a block of addresses into so many of so many bits.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
    """
    given = _arguments(argument, _PAIR)
    if given is None:
        return of.wrong("`Fn::Cidr` takes a block, a count and a number of bits", at)
    texts = [of.text(of.value(each)) for each in given[: _PAIR + 1]]
    open_one = next((each for each in texts if each.literal is None), None)
    if open_one is not None:
        return JsonNode(open_one.why_unknown(at), at)
    block, count, *bits = (plain(each.literal or "") for each in texts)
    try:
        network = ip_network(block, strict=False)
        size = int(bits[0]) if bits else _HOST_BITS
        subnets = network.subnets(new_prefix=network.max_prefixlen - size)
        found = list(islice(subnets, min(int(count), MOST_BLOCKS)))
    except ValueError:
        found = []
    if not found or len(found) < int(count):
        return of.wrong(f"`Fn::Cidr` cannot cut `{texts[0]}` so", at)
    made = (carried(texts[0].literal, str(each)) for each in found)
    return JsonNode(tuple(JsonNode(Text.of(each), at) for each in made), at)


FUNCTIONS: dict[str, Work] = {
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::FindInMap": _find_in_map,
    "Fn::Length": _length,
    "Fn::ToJsonString": _json,
    "Fn::ImportValue": _import,
    "Fn::GetStackOutput": _stack_output,
}
OF_LANGUAGE_EXTENSIONS = frozenset(("Fn::Length", "Fn::ToJsonString"))
"""Functions that CloudFormation takes only with the transform `AWS::LanguageExtensions`."""
