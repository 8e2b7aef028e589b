"""What an input leaves open, such as an environment's name, and the answers that make a difference.

`var.environment == "prod" ? 10 : 5` has two values, each of which can be checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from checker.model.inventory import Inventory


@dataclass(frozen=True, slots=True)
class Answer:
    """One value of what is open, null included, or with `others` any that is none of these.

    `name` is what is open, such as `var.environment`.
    """

    name: str
    value: str | bool | None = None
    others: tuple[str | bool | None, ...] = ()

    def __str__(self) -> str:
        if self.others:
            return f"another `{self.name}`"
        if isinstance(self.value, str):
            return f'`{self.name} = "{self.value}"`'
        return f"`{self.name} = {'null' if self.value is None else str(self.value).lower()}`"


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is open, the reason that unknowns give for it, and all answers told apart."""

    why: str
    answers: tuple[Answer, ...]


class Cases(Protocol):
    """An input that can be read again with answers to what it leaves open."""

    @property
    def questions(self) -> Sequence[Question]:
        """What is open, each with its answers."""

    def inventory(self, answers: Sequence[Answer]) -> Inventory | None:
        """Read the input with these answers; None where it is refused with them."""
