"""Properties of resources as typed values.

CloudFormation takes booleans and numbers as text too.
"""

from __future__ import annotations

import re

from checker.iam.document import Document, from_node, parse
from checker.knowledge.json_nodes import JsonNode, Members
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.sensitive import carried, plain
from checker.knowledge.text import Text
from checker.sources.cloudformation.values.nodes import text_of, written

_NUMBER = re.compile("-?[0-9]{1,18}")


def inner(node: JsonNode | None, *names: str) -> JsonNode | None:
    """Return what stands under some names in a property: None where that is absent.

    It is unknown where something on the way is unknown, or is no object.
    """
    for name in names:
        if node is None or isinstance(node.value, Unknown):
            return node
        if not isinstance(node.value, Members):
            return JsonNode(Unknown(f"it is not an object with `{name}`", node.at), node.at)
        node = node.value.get(name)
    return node


def is_word(node: JsonNode | None, wanted: str, at: Location) -> Value[bool]:
    """Tell whether a property is a word; it is not where it is absent."""
    if node is None:
        return Known(value=False, at=at, default=True)
    found = text_of(node)
    if isinstance(found, Unknown):
        return found
    if found.literal is None:
        return found.why_unknown(node.at)
    return Known(found.literal == wanted, node.at)


def integer(node: JsonNode | None, name: str, default: int, at: Location) -> Value[int]:
    """Return a whole number, or the default where it is absent."""
    found = optional_integer(node, name, at)
    if isinstance(found, Known) and found.value is None:
        return Known(default, at, default=True)
    return found if isinstance(found, Unknown) else Known(found.value or 0, found.at)


def optional_integer(node: JsonNode | None, name: str, at: Location) -> Value[int | None]:
    """Return a whole number, or None where it is absent."""
    if node is None:
        return Known(None, at, default=True)
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return Known(node.value, node.at)
    text = text_of(node)
    if isinstance(text, Unknown):
        return text
    if text.holes:
        return text.why_unknown(node.at)
    if text.literal is not None and _NUMBER.fullmatch(text.literal):
        return Known(carried(text.literal, int(plain(text.literal))), node.at)
    return Unknown(f"`{name}` is not a whole number", node.at)


def boolean(node: JsonNode | None, name: str, at: Location, *, default: bool) -> Value[bool]:
    """Return a boolean, or the default where it is absent."""
    if node is None:
        return Known(default, at, default=True)
    text = text_of(node)
    if isinstance(text, Unknown):
        return text
    if text.holes:
        return text.why_unknown(node.at)
    word = (text.literal or "").lower()
    if word in {"true", "false"}:
        return Known(word == "true", node.at)
    return Unknown(f"`{name}` is neither true nor false", node.at)


def text(node: JsonNode | None, name: str, at: Location) -> Value[Text]:
    """Return a text; unknown where it is absent."""
    if node is None:
        return Unknown(f"`{name}` is not set", at)
    found = text_of(node)
    return found if isinstance(found, Unknown) else Known(found, node.at)


def naming(node: JsonNode | None, property: str, at: Location) -> Value[Text]:
    """Return a name or an ARN; unknown where it is absent or empty."""
    found = text(node, property, at)
    if isinstance(found, Known) and not found.value.parts:
        return Unknown(f"`{property}` is empty", found.at)
    return found


def optional_text(node: JsonNode | None, at: Location) -> Value[Text | None]:
    """Return a text, or None where it is absent or empty."""
    if node is None:
        return Known(None, at, default=True)
    found = text_of(node)
    if isinstance(found, Unknown):
        return found
    return Known(found if found.parts else None, node.at)


def document(node: JsonNode | None, id: str, at: Location) -> Document | Unknown:
    """Return a policy document, which is an object or JSON text."""
    if node is None:
        return Unknown(f"`{id}` has no document", at)
    if isinstance(node.value, Text):
        found = parse(node.value, id=id, at=node.at)
    else:
        found = from_node(node, id=id, at=node.at)
    return found.value if isinstance(found, Known) else found


def json_text(node: JsonNode | None) -> Text | None:
    """Return JSON text of a property that is one, or an object; None where it is absent."""
    if node is None:
        return None
    return node.value if isinstance(node.value, Text) else written(node)


def listed(node: JsonNode | None, name: str) -> tuple[JsonNode, ...] | Unknown:
    """Return the elements of a list; a single value stands for a list of one."""
    if node is None:
        return ()
    if isinstance(node.value, Unknown):
        return node.value
    if isinstance(node.value, tuple):
        return node.value
    if isinstance(node.value, Text):
        return (node,)
    return Unknown(f"`{name}` is not a list", node.at)
