"""The texts that masking looks for in what is printed: the second line behind the marks.

The marks decide what a report shows (`marks.py`). Should one be lost on the way, the texts that
were marked are still looked for: those that the input marks, and those that functions make of
them. What a function was given besides, such as a list to choose from, is no secret.
"""

from __future__ import annotations

from decimal import Decimal

from checker.knowledge import sensitive, sensitive_tokens
from checker.knowledge.text import Text
from checker.sources.terraform.values.terraform_values import Lazy, Marked, TerraformValue, inside

MOST_TEXTS = 1_000
MOST_CHARACTERS = 100_000
"""How many texts are looked for, and how long one may be; the marks know no bound."""
LEAST_DERIVED = 8
"""How long a text must be that a function makes: a piece of a secret may be any word."""


class Secrets:
    """The texts of one run that no report may hold."""

    def __init__(self) -> None:
        self.any = False
        self._given: dict[str, None] = {}
        self._derived: dict[str, None] = {}

    @property
    def texts(self) -> frozenset[str]:
        """All of them."""
        return frozenset((*self._given, *self._derived))

    def keep(self, value: TerraformValue) -> None:
        """Keep what a value holds that the input marks."""
        self.any = True
        sensitive_tokens.note()
        _add(self._given, strings_of(value))

    def called(
        self, name: str, arguments: tuple[TerraformValue, ...], result: TerraformValue
    ) -> None:
        """Keep what a function makes of marked arguments, forget what `nonsensitive` shows."""
        self.any = True
        if name.removeprefix("core::") == "nonsensitive" and not isinstance(result, Marked):
            for text in strings_of(result):
                self._derived.pop(text, None)
        elif isinstance(result, Marked) and len(self._derived) < MOST_TEXTS:
            made = strings_of(result) - strings_of(arguments, marked=False)
            _add(self._derived, {text for text in made if len(text) >= LEAST_DERIVED})


def _add(kept: dict[str, None], texts: set[str]) -> None:
    for text in sorted(texts):
        if len(kept) < MOST_TEXTS and len(text) <= MOST_CHARACTERS:
            kept[text] = None


def strings_of(value: TerraformValue, *, marked: bool = True) -> set[str]:
    """Return every string, key and number in a value, as texts write them.

    Without `marked`, those that are marked are left out.
    """
    found: set[str] = set()
    pending: list[TerraformValue] = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, Marked) and not marked:
            continue
        if isinstance(one, Text):
            found.update(sensitive.plain(part) for part in one.parts if isinstance(part, str))
        elif isinstance(one, str):
            found.add(sensitive.plain(one))
        elif isinstance(one, (int, Decimal)) and not isinstance(one, bool):
            found.add(str(sensitive.opened(one)))
        elif isinstance(one, dict):
            found.update(map(sensitive.plain, one))
        if not isinstance(one, Lazy):
            pending.extend(inside(one))
    return found - {""}
