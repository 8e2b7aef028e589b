"""Which address a thing had before: what `moved` blocks say.

See https://developer.hashicorp.com/terraform/language/block/moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.project import ModuleInstance
from checker.sources.terraform.values.instance_keys import suffix

MOST = 20_000
"""How many are read: further ones are passed over."""
Move = tuple[str, str]
"""The old and the new address."""


def moves(modules: Iterable[ModuleInstance]) -> tuple[Move, ...]:
    """Return the old and the new address of each `moved` block, in each instance of its module."""
    found = dict.fromkeys(_moves(modules))
    return tuple(found)


def _moves(modules: Iterable[ModuleInstance]) -> Iterator[Move]:
    left = MOST
    for module in modules:
        for old, new in moves_in(module.declarations):
            left -= 1
            if left >= 0:
                yield module.prefixed(old), module.prefixed(new)


def moves_in(declarations: Declarations) -> Iterator[Move]:
    """Yield what the `moved` blocks of one module say, in addresses inside the module."""
    for block in declarations.all_of("moved"):
        old, new = (_address(block.body.arguments.get(name)) for name in ("from", "to"))
        if old and new:
            yield old, new


def _address(argument: tree.Argument | None) -> str:
    """Return the address that an argument names, empty if it names none."""
    if argument is None:
        return ""
    # The JSON syntax has it as a string.
    text = _literal(argument.expression)
    return text if isinstance(text, str) else _spelled(argument.expression)


def _spelled(node: tree.Expression) -> str:
    parts: list[str] = []
    while True:
        match node:
            case tree.Attribute():
                parts.append(f".{node.name}")
                node = node.of
            case tree.Index():
                key = _literal(node.key)
                if key is None:
                    return ""
                parts.append(suffix(key))
                node = node.of
            case tree.Name():
                return "".join((node.name, *reversed(parts)))
            case _:
                return ""


def _literal(node: tree.Expression) -> int | str | None:
    """Return the string or whole number that an expression is, None for any other."""
    value: object = None
    if isinstance(node, tree.Literal):
        value = node.value
    elif isinstance(node, tree.Template) and len(node.parts) == 1:
        part = node.parts[0]
        value = part.text if isinstance(part, tree.Piece) else None
    return value if isinstance(value, (int, str)) and not isinstance(value, bool) else None
