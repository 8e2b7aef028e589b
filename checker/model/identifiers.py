"""Arguments that name a thing by another identifier than AWS takes there."""

from __future__ import annotations

from checker.knowledge.partial import Location, Unknown
from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class MeantThing:
    """A thing that a wrong identifier means, and which attribute of it AWS takes.

    `attribute` is `arn`, or `id` for what identifies it. It is `listed` if it is one of several.
    """

    id: str
    attribute: str
    listed: bool = False


@dataclass(frozen=True, slots=True)
class WrongIdentifier:
    """An argument of a block, what it was given and what AWS wants there, and what AWS answers.

    `id` is the block's address and `at` the argument's place; `things` are other things that it
    means. One that is `beside` is needed by no mapping. `unsure` says why it is unknown whether AWS
    is asked for that, if so: the block may not be there, or the argument not be what it refers to.
    `meant` is what to refer to, where that is known.
    """

    id: str
    argument: str
    given: str
    wanted: str
    answer: str
    at: Location
    things: tuple[str, ...] = ()
    unsure: Unknown | None = None
    beside: bool = False
    meant: MeantThing | None = None

    @property
    def why(self) -> str:
        """What is wrong, in a sentence."""
        return f"`{self.argument}` of `{self.id}` is {self.given}, and AWS takes {self.wanted}"
