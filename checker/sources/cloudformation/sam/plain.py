"""Nodes of a template as plain objects, and plain objects as nodes again, with their places."""

from __future__ import annotations

from typing import TypeAlias

from checker.sources.cloudformation.language.calls import call_of
from checker.yaml import Scalar, Sequence, YamlMapping, YamlNode

PlainValue: TypeAlias = (
    str | int | float | bool | list["PlainValue"] | dict[str, "PlainValue"] | None
)
"""Whatever a template holds, as the translator takes and gives it."""


def plain(node: YamlNode) -> PlainValue:
    """Return a node as strings, numbers, lists and dictionaries, with functions in long form."""
    call = call_of(node, conditions=True)
    if call is not None and node.tag:
        return {call.name: plain(call.argument)}
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(each) for each in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def located(value: PlainValue, hint: YamlNode | None) -> YamlNode:
    """Return a plain object as nodes that stand where those of `hint` of the same keys do."""
    line, column = (1, 1) if hint is None else (hint.line, hint.column)
    if hint is not None and plain(hint) == value:
        return hint
    if isinstance(value, dict):
        return _mapping(value, hint, line, column)
    if isinstance(value, list):
        hints = hint.items if isinstance(hint, Sequence) else ()
        items = tuple(
            located(each, hints[n] if n < len(hints) else hint) for n, each in enumerate(value)
        )
        return Sequence(items, line, column)
    if isinstance(value, (str, int, bool)) or value is None:
        text = value if isinstance(value, str) else _word(value)
        return Scalar(value, text, line, column)
    return Scalar(str(value), str(value), line, column)


def _mapping(
    value: dict[str, PlainValue], hint: YamlNode | None, line: int, column: int
) -> YamlNode:
    known = hint.entries if isinstance(hint, YamlMapping) and not hint.tag else ()
    keys = {key.text: (key, node) for key, node in known}
    entries = []
    for name, inner in value.items():
        key, node = keys.get(name, (Scalar(name, name, line, column), None))
        entries.append((key, located(inner, hint if node is None else node)))
    return YamlMapping(tuple(entries), line, column)


def _word(value: bool | int | None) -> str:  # noqa: FBT001 - as JSON writes it
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)
