"""Terraform's JSON syntax: `.tf.json` files to the blocks that `scan.py` finds in HCL.

A property of a body may be an argument or a nested block; only a provider's schema tells which.
So an object, or a list of objects, is kept as both, and who reads the body asks for one.
See https://developer.hashicorp.com/terraform/language/syntax/json.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias

from checker.errors import Reason, SourceError
from checker.knowledge import jsontext
from checker.knowledge.holes import Hole
from checker.knowledge.json_nodes import JsonError, JsonNode, LongNumber, Members
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.records import dataclass
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.fast_expressions import number
from checker.sources.terraform.language.numbers import unknown
from checker.sources.terraform.language.origins import Lines

LABELS = {
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "action": 2,
    "list": 2,
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "check": 1,
    "locals": 0,
    "terraform": 0,
    "moved": 0,
    "import": 0,
    "removed": 0,
}
JsonValue: TypeAlias = (
    "str | int | Decimal | Hole | bool | list[JsonValue] | dict[str, JsonValue] | None"
)
"""What JSON holds, as Python reads it; a Hole is a number beyond what is read."""
MOST_NESTED = 12
"""How deep nested blocks are looked for: no resource of AWS nests them deeper."""


@dataclass(frozen=True, slots=True, eq=False)
class JsonBlock:
    """A block of a JSON file: its kind, labels and place, and the object that is its body."""

    kind: str
    labels: tuple[str, ...]
    at: Location
    node: JsonNode | None


def scan_json(text: str, source: str) -> tuple[JsonBlock, ...]:
    """Split a JSON file into blocks; SourceError where it is not such a file."""
    start = Location(source, 1, 1)
    text = text.removeprefix("\ufeff")
    try:
        node = jsontext.parse(Text((text,), Lines(source, text)), start)
    except JsonError as error:
        raise _fault(f"the file is not JSON: {error.message}", error.at) from error
    found: list[JsonBlock] = []
    for top in _objects(node, "a configuration"):
        for kind, inner in _properties(top):
            if kind in LABELS:
                found.extend(_labelled(kind, (), inner))
            else:
                found.append(JsonBlock(kind, (), inner.at, None))  # the reader says that it is none
    return tuple(found)


def parse_json(block: JsonBlock) -> tree.Block:
    """Read a block's body; SourceError where an expression in it is not valid."""
    if block.node is None:
        raise _fault(f"`{block.kind}` is not a known block of Terraform", block.at)
    if block.kind == "variable":
        return tree.Block(block.kind, block.labels, _variable(block.node), block.at)
    body = _body(block.node, "", 0)
    return tree.Block(block.kind, block.labels, body, block.at)


def _fault(message: str, at: Location) -> SourceError:
    return SourceError(Reason(message, f"{at.source}:{at.line}:{at.column}"))


def _objects(node: JsonNode, what: str) -> Iterator[JsonNode]:
    """Yield an object, or each of a list of objects."""
    listed = node.value if isinstance(node.value, tuple) else (node,)
    for one in listed:
        if not isinstance(one.value, Members):
            raise _fault(f"{what} must be an object", one.at)
        yield one


def _properties(node: JsonNode) -> Iterator[tuple[str, JsonNode]]:
    """Yield the properties of an object but for `//`, which is a comment."""
    if isinstance(node.value, Members):
        for key, inner in node.value.items:
            if str(key) != "//":
                yield str(key), inner


def _labelled(kind: str, labels: tuple[str, ...], node: JsonNode) -> Iterator[JsonBlock]:
    """Yield the blocks below some labels: the body once the kind has them all."""
    for one in _objects(node, f"`{'.'.join((kind, *labels))}`"):
        if len(labels) == LABELS[kind]:
            yield JsonBlock(kind, labels, one.at, one)
            continue
        for label, inner in _properties(one):
            yield from _labelled(kind, (*labels, label), inner)


def _body(node: JsonNode, kind: str, depth: int) -> tree.Body:
    arguments: dict[str, tree.Argument] = {}
    blocks: list[tree.Block] = []
    for name, inner in _properties(node):
        if name in arguments:
            raise _fault(f"`{name}` is given twice", inner.at)
        if name == "dynamic" and kind != "dynamic":
            blocks.extend(_dynamic(inner, depth))
            continue
        read = _references if name == "depends_on" else _expression
        arguments[name] = tree.Argument(name, read(inner), inner.at)
        if depth < MOST_NESTED and _is_block(inner):
            blocks.extend(
                tree.Block(name, (), _body(one, name, depth + 1), one.at)
                for one in _objects(inner, f"`{name}`")
            )
    return tree.Body(arguments, tuple(blocks))


def _is_block(node: JsonNode) -> bool:
    if isinstance(node.value, tuple):
        return bool(node.value) and all(isinstance(one.value, Members) for one in node.value)
    return isinstance(node.value, Members)


def _dynamic(node: JsonNode, depth: int) -> Iterator[tree.Block]:
    for one in _objects(node, "`dynamic`"):
        for kind, inner in _properties(one):
            for content in _objects(inner, f"`dynamic.{kind}`"):
                body = _body(content, "dynamic", depth + 1)
                yield tree.Block("dynamic", (kind,), _named_iterator(body), content.at)


def _named_iterator(body: tree.Body) -> tree.Body:
    """Read `iterator` as the bare name that it is."""
    named = body.arguments.get("iterator")
    if named is None or not isinstance(named.expression, tree.Literal):
        return body
    name = tree.Name(str(named.expression.value), named.at)
    iterator = tree.Argument("iterator", name, named.at)
    return tree.Body({**body.arguments, "iterator": iterator}, body.blocks)


def _variable(node: JsonNode) -> tree.Body:
    """Read a variable: its type is an expression in a string, its default is no template."""
    arguments: dict[str, tree.Argument] = {}
    for name, inner in _properties(node):
        if name == "type" and isinstance(inner.value, Text):
            expression = _parsed(inner.value, inner.at)
        else:
            expression = _expression(inner, literal=True)
        arguments[name] = tree.Argument(name, expression, inner.at)
    return tree.Body(arguments, ())


def _expression(node: JsonNode, *, literal: bool = False) -> tree.Expression:
    """Read a value as an expression, whose strings are templates unless it is `literal`."""
    value = node.value
    if isinstance(value, Text):
        return _string(value, node.at, literal=literal)
    if isinstance(value, tuple):
        return tree.Tuple(tuple(_expression(one, literal=literal) for one in value), node.at)
    if isinstance(value, Members):
        items = tuple(
            tree.Item(
                _string(key, inner.at, literal=literal),
                _expression(inner, literal=literal),
                inner.at,
            )
            for key, inner in value.items
        )
        return tree.Object(items, node.at)
    if isinstance(value, LongNumber):
        return tree.KnownValue(unknown(value.text, value.why, node.at), node.at)
    if isinstance(value, Unknown):
        raise _fault(value.why, node.at)
    if isinstance(value, Decimal):
        return number(str(value), node.at)
    return tree.Literal(value, node.at)


def read_expression(value: JsonValue, at: Location) -> tree.Expression:
    """Read Python's JSON as an expression, of which all that is known is where the whole stands."""
    if isinstance(value, list):
        return tree.Tuple(tuple(read_expression(one, at) for one in value), at)
    if isinstance(value, dict):
        items = (
            tree.Item(_string(Text.of(key), at, literal=False), read_expression(inner, at), at)
            for key, inner in value.items()
        )
        return tree.Object(tuple(items), at)
    if isinstance(value, str):
        return _string(Text.of(value), at, literal=False)
    if isinstance(value, Hole):
        return tree.KnownValue(value, at)
    return tree.Literal(value, at)


def is_template(value: object) -> bool:
    """Tell whether a string in a JSON value holds a template, or the text of one."""
    if isinstance(value, list):
        return any(map(is_template, value))
    if isinstance(value, dict):
        return any(map(is_template, value)) or any(map(is_template, value.values()))
    return isinstance(value, str) and ("${" in value or "%{" in value)


def _string(text: Text, at: Location, *, literal: bool) -> tree.Expression:
    from checker.sources.terraform.language.syntax import parse_string

    word = str(text)
    if literal or not is_template(word):
        return tree.Literal(word, at)
    return parse_string(word, Location(at.source, at.line, at.column + 1))


def _references(node: JsonNode) -> tree.Expression:
    """Read the list of `depends_on`, whose strings are references."""
    listed = node.value if isinstance(node.value, tuple) else (node,)
    return tree.Tuple(
        tuple(_parsed(n.value, n.at) for n in listed if isinstance(n.value, Text)), node.at
    )


def _parsed(text: Text, at: Location) -> tree.Expression:
    from checker.sources.terraform.language.syntax import parse_expression

    return parse_expression(str(text), Location(at.source, at.line, at.column + 1))
