"""What a body refers to, without evaluating anything.

A name is known by its first words: `("var", "x")`, `("local", "x")`, `("module", "c", "output")`,
`("data", TYPE, NAME)` or `(TYPE, NAME)`. A variable of a `for` looks like the latter and names
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import TypeAlias

from checker.sources.terraform.language import tree

ReferenceName: TypeAlias = tuple[str, ...]
_LONGEST = {"data": 3, "module": 3}


def in_body(body: tree.Body) -> Iterator[ReferenceName]:
    """Yield every name in a body and the blocks in it, but for what `depends_on` names."""
    pending = [body]
    while pending:
        one = pending.pop()
        for argument in one.arguments.values():
            if argument.name != "depends_on":
                yield from in_expression(argument.expression)
        pending.extend(block.body for block in one.blocks)


def depended_on(body: tree.Body) -> Iterator[ReferenceName]:
    """Yield what a body's `depends_on` names; a module is named as a whole: `("module", "c")`."""
    argument = body.arguments.get("depends_on")
    if argument is None:
        return
    yield from in_expression(argument.expression)
    listed = argument.expression
    for item in listed.items if isinstance(listed, tree.Tuple) else ():
        # Terraform still takes the quotes that it demanded before 0.12.
        if isinstance(item, tree.Literal) and isinstance(item.value, str):
            yield _cut(tuple(_words(item.value)))


def in_expression(expression: tree.Expression) -> Iterator[ReferenceName]:
    """Yield every name in an expression."""
    pending: list[object] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, tree.Unshown):
            yield from (_cut(tuple(_words(name))) for name in node.names)
            continue
        if isinstance(node, (tree.Name, tree.Attribute, tree.Index, tree.Splat)):
            words = _chain(node, pending)
            if words:
                yield _cut(words)
            continue
        if isinstance(node, tuple):
            pending.extend(node)
        elif is_dataclass(node):
            pending.extend(getattr(node, each.name) for each in fields(node))


def _chain(node: object, pending: list[object]) -> ReferenceName:
    """Return the words of `a.b["c"].d`, outermost first; what stands in brackets is pending."""
    words: list[str] = []
    while True:
        match node:
            case tree.Attribute():
                words.append(node.name)
                node = node.of
            case tree.Index():
                pending.append(node.key)
                node = node.of
            case tree.Splat():
                words.extend(_of_each(node.each, pending))
                node = node.of
            case tree.Name():
                words.append(node.name)
                return tuple(reversed(words))
            case _:
                pending.append(node)
                return ()


def _of_each(node: object, pending: list[object]) -> Iterator[str]:
    while isinstance(node, (tree.Attribute, tree.Index)):
        if isinstance(node, tree.Attribute):
            yield node.name
        else:
            pending.append(node.key)
        node = node.of


def _words(name: str) -> Iterator[str]:
    """Yield the words of a name as plan JSON prints it, without instance keys."""
    depth, word, quoted = 0, "", False
    for character in name:
        if character == '"':
            quoted = not quoted
        if not quoted and character in "[]":
            depth += 1 if character == "[" else -1
        elif depth == 0 and character == ".":
            yield word
            word = ""
        elif depth == 0:
            word += character
    yield word


def _cut(words: ReferenceName) -> ReferenceName:
    named = words[1:] if words[0] == "resource" and len(words) > 1 else words
    return named[: _LONGEST.get(named[0], 2)]
