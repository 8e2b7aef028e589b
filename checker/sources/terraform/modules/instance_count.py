"""How many instances of resources and data sources a configuration makes, within a bound."""

from __future__ import annotations

from checker.errors import Reason, SourceError
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.records import dataclass
from checker.sources.terraform.modules.expansion import Expansion

MOST_COUNTED = 16_000
"""How many instances are distinguished; past it the number of those of a block is unknown."""
MOST_BLOCKS = 20_000
"""How many instances and blocks without a number there may be at all."""


@dataclass
class InstanceCount:
    """The instances that were made so far."""

    counted: int = 0
    blocks: int = 0

    def bounded(self, expansion: Expansion, address: str, at: Location) -> Expansion:
        """Return the instances of a block, or an unknown number of them past the bound.

        Raises:
            SourceError: the modules of the configuration have too many blocks.
        """
        given = self.counted + len(expansion.keys) <= MOST_COUNTED
        self.counted += len(expansion.keys)
        self.blocks += len(expansion.keys) if given and expansion.keys else 1
        if self.blocks > MOST_BLOCKS:
            place = f"{at.source}:{at.line}:{at.column}"
            raise SourceError(Reason(f"more than {MOST_BLOCKS} resources in all modules", place))
        # A block without `count` and `for_each` has one instance, however many others there are.
        if given or not expansion.keys or None in expansion.keys:
            return expansion
        why = f"the configuration has more than {MOST_COUNTED} instances of resources"
        return Expansion({}, Hole(f"{address}[*]", why=why, at=at), expansion.counted)
