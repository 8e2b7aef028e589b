"""A sentence of AWS, as the rules' pages quote it."""

from __future__ import annotations

import re

from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of AWS: who says it, where it was found, and how sure that is."""

    text: str
    says: str
    source: str
    confidence: str

    def fits(self, said: str) -> bool:
        """Tell whether something that was said is this sentence."""
        pattern = ".*?".join(map(re.escape, self.text.split("{}")))
        return re.fullmatch(pattern, said) is not None
