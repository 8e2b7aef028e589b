"""Documents of which nothing is known, by why that is."""

from __future__ import annotations

from checker.knowledge.partial import Unknown
from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class UnknownDocument(Unknown):
    """A document of which nothing is known; `via` is the id of what attaches it."""

    via: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere(UnknownDocument):
    """A document that exists outside the input, so that AWS has taken it as it is."""


@dataclass(frozen=True, slots=True)
class Unattachable(UnknownDocument):
    """A document that does not exist or is not to be attached, as `lacks` says.

    `answer` is that of AWS; `unsure` says why it is unknown whether it is attached at all.
    """

    lacks: str = "does not exist"
    answer: str = ""
    unsure: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Unattached(UnknownDocument):
    """A document that may be attached to another principal than the one that is asked about."""
