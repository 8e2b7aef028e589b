"""Blocks, arguments and elements end where they end in the text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scanning import scan

from checker.knowledge.partial import Location
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.json_syntax import parse_json, scan_json
from checker.sources.terraform.language.syntax import parse_block, parse_expression

FIXTURES = Path(__file__).parents[3] / "fixtures"
FILES = sorted(
    path
    for name in ("scenarios", "configurations", "expressions")
    for path in (FIXTURES / name).rglob("*.tf")
)
JSON = sorted((FIXTURES / "scenarios").rglob("*.tf.json"))
AFTER = re.compile(r"[ \t\r]*(?:\n|\Z|[}\]),:]|\#|//|/\*|if |\.\.\.)")


def cut(text, at):
    """Return the text at a location, and what stands behind it."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    start = starts[at.line - 1] + at.column - 1
    end = starts[at.end_line - 1] + at.end_column - 1
    assert start < end <= len(text), at
    return text[start:end], text[end:]


def shape(node):
    """Return a tree without its places."""
    if isinstance(node, tuple):
        return tuple(shape(each) for each in node)
    if not hasattr(node, "__slots__"):
        return node
    names = [name for name in node.__slots__ if name != "at"]
    return type(node).__name__, *(shape(getattr(node, name)) for name in names)


def arguments(body):
    """Yield the arguments of a body and of the blocks in it."""
    yield from body.arguments.values()
    for block in body.blocks:
        yield from arguments(block.body)


def blocks(block):
    """Yield a block and those in it."""
    yield block
    for inner in block.body.blocks:
        yield from blocks(inner)


def elements(node):
    """Yield the elements of literal lists and objects in a tree."""
    if isinstance(node, tree.Tuple | tree.Object):
        yield from node.items
    if isinstance(node, tuple):
        for each in node:
            yield from elements(each)
    elif hasattr(node, "__slots__"):
        for name in node.__slots__:
            yield from elements(getattr(node, name))


def parsed_blocks(file):
    """Return a file's text and its blocks."""
    text = file.read_text("utf-8").removeprefix("\ufeff")
    return text, [parse_block(block) for block in scan(text, file.name)]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("file", FILES, ids=lambda f: f.relative_to(FIXTURES).as_posix())
def test_a_place_holds_what_was_read_there_and_no_more(file):
    text, found = parsed_blocks(file)
    for block in (inner for outer in found for inner in blocks(outer)):
        own, _ = cut(text, block.at)
        assert own.startswith(block.kind), block.at
        assert own.endswith("}"), block.at
    for argument in (each for block in found for each in arguments(block.body)):
        own, after = cut(text, argument.at)
        name, _, value = own.partition("=")
        assert name.strip() == argument.name, argument.at
        assert shape(parse_expression(value, Location("t.tf", 1, 1))) == shape(argument.expression)
        assert AFTER.match(after), argument.at
        for element in elements(argument.expression):
            own, after = cut(text, element.at)
            assert not own[-1].isspace(), element.at
            assert AFTER.match(after), element.at


@pytest.mark.parametrize("file", JSON, ids=lambda f: f.relative_to(FIXTURES).as_posix())
def test_in_json_a_place_is_that_of_the_value(file):
    text = file.read_text("utf-8")
    for block in map(parse_json, scan_json(text, file.name)):
        assert cut(text, block.at)[0][-1] in '}]"'
        for argument in arguments(block.body):
            own, after = cut(text, argument.at)
            assert (own[0], own[-1]) in {("{", "}"), ("[", "]"), ('"', '"')} or own.isalnum()
            assert re.match(r"\s*[,}]", after), argument.at


def test_windows_line_ends_and_heredocs_are_counted_as_they_stand():
    inner = '  c = <<-E\r\n    é: ${x}\r\n  E\r\n  d = [1,\r\n    "é"] # last\r\n'
    text = f'resource "a" "b" {{\r\n{inner}}}\r\n'
    (block,) = [parse_block(each) for each in scan(text, "t.tf")]
    c, d = block.body.arguments["c"], block.body.arguments["d"]
    assert (c.at.end_line, c.at.end_column) == (4, 4)
    assert (d.at.line, d.at.end_line, d.at.end_column) == (5, 6, 9)
    first, last = d.expression.items
    assert (first.at.end_line, first.at.end_column) == (5, 9)
    assert (last.at.column, last.at.end_column) == (5, 8)
    assert (block.at.end_line, block.at.end_column) == (7, 2)


def test_two_locations_that_begin_at_one_place_are_one():
    one, other = Location("t.tf", 1, 2), Location("t.tf", 1, 2, 3, 4)
    assert one == other
    assert hash(one) == hash(other)
    assert not one < other
