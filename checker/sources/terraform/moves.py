"""Which address a thing had before: what `moved` blocks say.

See https://developer.hashicorp.com/terraform/language/block/moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.sources.terraform import tree
from checker.sources.terraform.expansion import suffix
from checker.sources.terraform.modules import Module
from checker.sources.terraform.tree import literal_of

MOST = 20_000
"""How many are read: further ones are passed over."""


def moves(modules: Iterable[Module]) -> tuple[tuple[str, str], ...]:
    """Return the old and the new address of each `moved` block, in each instance of its module."""
    found = dict.fromkeys(_moves(modules))
    return tuple(found)


def _moves(modules: Iterable[Module]) -> Iterator[tuple[str, str]]:
    left = MOST
    for module in modules:
        for block in module.declarations.all_of("moved"):
            old, new = (_address(block.body.arguments.get(name)) for name in ("from", "to"))
            left -= 1
            if old and new and left >= 0:
                yield module.prefixed(old), module.prefixed(new)


def _address(argument: tree.Argument | None) -> str:
    """Return the address that an argument names, empty if it names none."""
    if argument is None:
        return ""
    # The JSON syntax has it as a string.
    return literal_of(argument) or _spelled(argument.expression)


def _spelled(node: tree.Expression) -> str:
    parts: list[str] = []
    while True:
        match node:
            case tree.Attribute():
                parts.append(f".{node.name}")
                node = node.of
            case tree.Index():
                parts.append(_key(node.key))
                node = node.of
            case tree.Name():
                return "".join((node.name, *reversed(parts)))
            case _:
                return ""


def _key(node: tree.Expression) -> str:
    """Return an instance's key in its brackets."""
    match node:
        case tree.Literal(value=str() as text):
            return suffix(text)
        case tree.Literal():
            return f"[{node.value}]"
        case tree.Template(parts=(tree.Piece(text=text),)):
            return suffix(text)
        case _:
            return "[?]"
