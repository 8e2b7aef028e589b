"""The elements of a list in a document, one by one, where not all of them are known."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.json_nodes import JsonNode, UnknownArray
from checker.knowledge.jsontext import parse
from checker.knowledge.partial import Unknown


def listed(node: JsonNode) -> Iterator[tuple[JsonNode, Unknown | None]]:
    """Yield the elements of an array, or a value alone, each with why it may not be there.

    Further elements of which nothing is known are one unknown.
    """
    value = node.value
    if isinstance(value, tuple):
        yield from ((each, None) for each in value)
    elif isinstance(value, UnknownArray):
        at = value.at
        unsure = Unknown(value.why, at, value.remedy)
        yield from ((parse(text, at), None) for text in value.hole.among)
        for text in value.hole.perhaps or ():
            yield parse(text, at), unsure
        if value.hole.perhaps is None:
            yield JsonNode(unsure, at), None
    else:
        yield node, None
