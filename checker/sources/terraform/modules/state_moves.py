"""Where a state has an object that `moved` blocks give another address.

See https://developer.hashicorp.com/terraform/language/block/moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.sources.terraform.modules.moves import Move, moves_in
from checker.sources.terraform.modules.project import ModuleInstance

MOST_MOVES = 20
"""How many moves one object may have made."""


def former_addresses(address: str, module: ModuleInstance) -> Iterator[str]:
    """Yield the addresses at which an object in a module may have been, the last one first.

    The moves that its own module and the root module tell are followed.
    """
    root = module.project.declarations(module.project.directory)
    moves = list(moves_in(root))
    if module.address:
        prefix = f"{module.address}."
        moves += ((prefix + old, prefix + new) for old, new in moves_in(module.declarations))
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
