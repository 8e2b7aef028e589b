"""A hole in a JSON text may be what the text lacks; what is wrong elsewhere stays wrong."""

from __future__ import annotations

import pytest

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.json_nodes import JsonError, UnknownJsonError
from checker.knowledge.jsontext import parse
from checker.knowledge.partial import Location
from checker.knowledge.text import Text

AT = Location("main.tf", 3, 5)
ANY = Hole("var.x", why="variable `x` has no value", at=AT)
JSON = Hole("var.y", Kind.JSON, why="variable `y` has no value", at=AT)


@pytest.mark.parametrize(
    "parts",
    [
        ('{"a"', ANY, "1}"),
        ('{"a": 1', ANY, "}"),
        ("[1", JSON, "]"),
        ('{"a": 1}', ANY),
        (ANY, '{"a": 1}'),
        ("{", JSON, "}"),
    ],
)
def test_where_a_hole_stands_nothing_is_missing_for_sure(parts):
    with pytest.raises(UnknownJsonError) as caught:
        parse(Text(parts), AT)
    assert caught.value.unknown.why.endswith("has no value")


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (('{"a" 1, "b": ', JSON, "}"), "expected `:`"),
        (('{"a": ', JSON, ' "b": 1}'), "expected `,` or `}`"),
        (('{"a": "', ANY, '" 1}'), "expected `,` or `}`"),
        (("[", JSON), "expected `,` or `]`"),
    ],
)
def test_what_is_wrong_beside_a_hole_is_wrong(parts, message):
    with pytest.raises(JsonError, match=message):
        parse(Text(parts), AT)
