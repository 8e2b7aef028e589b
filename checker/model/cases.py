"""What an input leaves open, such as an environment's name, and the answers that make a difference.

`var.environment == "prod" ? 10 : 5` has two values, each of which can be checked.
"""

from __future__ import annotations

from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """One value of what is open, null included, or with `others` any that is none of these.

    `name` is what is open, such as `var.environment`; a condition of an expression has `words` for
    it, such as "the condition at main.tf:5".
    """

    name: str
    value: str | bool | None = None
    others: tuple[str | bool | None, ...] = ()
    words: str = ""

    @property
    def subject(self) -> str:
        """What is open, as messages name it."""
        return self.words or f"`{self.name}`"

    def __str__(self) -> str:
        if self.words:
            return f"{self.words} being {str(self.value).lower()}"
        if self.others:
            return f"another `{self.name}`"
        if isinstance(self.value, str):
            return f'`{self.name} = "{self.value}"`'
        return f"`{self.name} = {'null' if self.value is None else str(self.value).lower()}`"


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is open, the reason that unknowns give for it, and all known answers."""

    why: str
    answers: tuple[Answer, ...]
