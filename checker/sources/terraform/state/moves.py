"""Where a state has an object that `moved` blocks give another address.

See https://developer.hashicorp.com/terraform/language/block/moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from checker.partial import Text
from checker.sources.terraform import tree
from checker.sources.terraform.expansion import suffix

if TYPE_CHECKING:
    from checker.sources.terraform.declarations import Declarations
    from checker.sources.terraform.modules import Module

MOST_MOVES = 20
"""How many moves one object may have made."""
Move = tuple[str, str]


def former_addresses(address: str, module: Module) -> Iterator[str]:
    """Yield the addresses at which an object in a module may have been, the last one first.

    The moves that its own module and the root module tell are followed.
    """
    root = module.project.declarations(module.project.directory)
    moves = [*_moves(root, "")]
    if module.address:
        moves += _moves(module.declarations, f"{module.address}.")
    seen = {address}
    for _ in range(MOST_MOVES):
        earlier = next(_applied(address, moves), None)
        if earlier is None or earlier in seen:
            return
        seen.add(earlier)
        address = earlier
        yield address


def _applied(address: str, moves: Iterable[Move]) -> Iterator[str]:
    for old, new in moves:
        rest = address.removeprefix(new)
        if address.startswith(new) and rest[:1] in {"", "[", "."}:
            yield old + rest


def _moves(declarations: Declarations, prefix: str) -> Iterator[Move]:
    for block in declarations.all_of("moved"):
        ends = [block.body.arguments.get(name) for name in ("from", "to")]
        old, new = (None if end is None else _address(end.expression) for end in ends)
        if old and new:
            yield prefix + old, prefix + new


def _address(expression: tree.Expression) -> str:
    """Return what an address in a `moved` block is; nothing for what is none."""
    if isinstance(expression, tree.Name):
        return expression.name
    if isinstance(expression, tree.Attribute):
        of = _address(expression.of)
        return of and f"{of}.{expression.name}"
    if isinstance(expression, tree.Index):
        of, key = _address(expression.of), _key(expression.key)
        return of + key if of and key else ""
    return ""


def _key(expression: tree.Expression) -> str:
    value: object = None
    if isinstance(expression, tree.Literal):
        value = expression.value
    elif isinstance(expression, tree.Template) and len(expression.parts) == 1:
        part = expression.parts[0]
        value = part.text if isinstance(part, tree.Piece) else None
    if isinstance(value, Text):
        value = value.literal
    valid = isinstance(value, (int, str)) and not isinstance(value, bool)
    return suffix(value) if valid else ""  # type: ignore[arg-type]
