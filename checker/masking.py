"""Secrets out of everything that is printed: marked as sensitive by the input, they stay in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

T = TypeVar("T")

MASK = "(sensitive)"
OWN_WORDS = {"kind", "passed", "policy", "rule", "source", "version"}
"""Fields that hold words of ours and names of files, never a value."""
LEAST = 3
"""How long a value must be to be masked: shorter ones are everywhere, and say nothing."""


class Masker:
    """Replaces secrets in strings, also as JSON writes them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spelled = {s for s in secrets if len(s) >= LEAST}
        spelled |= {json.dumps(s, ensure_ascii=False)[1:-1] for s in spelled}
        # The longest first, so that no part of one is left where another is a part of it.
        self._secrets = sorted(spelled, key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return a text without the secrets in it."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text

    def whole(self, value: T) -> T:
        """Return a value with every string in it masked: in dataclasses, tuples and themselves."""
        return self._masked(value) if self._secrets else value

    def _masked(self, value: Any) -> Any:  # noqa: ANN401 - whatever a report is made of
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, tuple):
            return tuple(map(self._masked, value))
        if is_dataclass(value) and not isinstance(value, type):
            names = [each.name for each in fields(value) if each.name not in OWN_WORDS]
            inner = {name: getattr(value, name) for name in names}
            made = {name: self._masked(one) for name, one in inner.items()}
            changed = {name: one for name, one in made.items() if one != inner[name]}
            return replace(value, **changed) if changed else value
        return value
