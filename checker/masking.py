"""Secrets out of everything that is printed: marked as sensitive by the input, they stay in it.

What is sensitive already writes itself as a token (`knowledge/sensitive_tokens.py`). This is the
second line: the texts themselves are looked for, should one have lost its mark on the way.

| a text of            | is masked                                                       |
|----------------------|-----------------------------------------------------------------|
| 8 characters or more | wherever it stands                                              |
| 3 to 7 characters    | where it is a word of its own: no letter or digit on its sides  |
| 1 or 2 characters    | where it stands alone between backticks, as messages write a value |

Numbers of less than six digits are as those of one or two characters, for they count lines and
seconds too. Words that every configuration holds (`true`, `null`, a Region) are not looked for at
all: they are masked where they are marked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from checker.knowledge import sensitive_tokens
from checker.knowledge.sensitive_tokens import MASK

T = TypeVar("T")

OWN_WORDS = {
    "Affected": {"rule"},
    "Finding": {"kind", "rule"},
    "Location": {"source"},
    "Report": {"kind", "policy", "version"},
    "Row": {"noun", "passed"},
    "SourceLine": {"source"},
    "TrailStep": {"kind"},
}
"""Fields, by their classes, that hold words of ours and names of files, never a value."""
LEAST, LEAST_DIGITS = 3, 6
"""How long a text, and a number, must be to be looked for outside backticks."""
LONG = 8
"""How long a text must be to be looked for inside of words."""
_EVERYWHERE = re.compile(
    r"true|false|null|yes|no|on|off|Allow|Deny|\*|2012-10-17|aws|sqs|lambda|iam|kms"
    r"|[a-z]{2}(-[a-z]+){1,2}-\d"
)


class Masker:
    """Replaces secrets in strings, also as JSON writes them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        given = [each for each in secrets if not _EVERYWHERE.fullmatch(each)]
        self._alone = sorted(f"`{each}`" for each in given if not _is_long(each) and each.isalnum())
        spelled = {each for each in given if _is_long(each)}
        spelled |= {json.dumps(s, ensure_ascii=False)[1:-1] for s in spelled}
        # The longest first, so that no part of one is left where another is a part of it.
        ordered = sorted(spelled, key=lambda each: (-len(each), each))
        self._secrets = [each for each in ordered if len(each) >= LONG]
        self._words = [(each, _word(each)) for each in ordered if len(each) < LONG]

    def text(self, text: str) -> str:
        """Return a text without the secrets in it."""
        text = sensitive_tokens.shown(str(text))
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        for secret, word in self._words:
            if secret in text:
                text = word.sub(MASK, text)
        for secret in self._alone:
            text = text.replace(secret, f"`{MASK}`")
        return text

    def whole(self, value: T) -> T:
        """Return a value with every string in it masked: in dataclasses, tuples and themselves."""
        needed = self._secrets or self._words or self._alone or sensitive_tokens.met()
        return self._masked(value) if needed else value

    def _masked(self, value: Any) -> Any:  # noqa: ANN401 - whatever a report is made of
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, tuple):
            return tuple(map(self._masked, value))
        if is_dataclass(value) and not isinstance(value, type):
            own = OWN_WORDS.get(type(value).__name__, ())
            names = [each.name for each in fields(value) if each.name not in own]
            inner = {name: getattr(value, name) for name in names}
            made = {name: self._masked(one) for name, one in inner.items()}
            changed = {name: one for name, one in made.items() if one is not inner[name]}
            return replace(value, **changed) if changed else value
        return value


def _is_long(text: str) -> bool:
    """Tell whether a text is long enough to be looked for everywhere."""
    return len(text) >= (LEAST_DIGITS if text.isdigit() else LEAST)


def _word(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){re.escape(text)}(?![^\W_])")
