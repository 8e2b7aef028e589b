"""Sentences of a report on the page: what stands in backticks is code."""

from __future__ import annotations

import re

from checker.records import dataclass
from checker.reports.terminal import visible, visible_lines

_CODE = re.compile(r"`([^`]*)`")
_COMMAND = re.compile(r"(?:aws|terraform|tofu) |-")
LONGEST_INLINE = 60
"""How long a piece of code may be that stands inside of a sentence, in characters."""


@dataclass(frozen=True, slots=True)
class SentencePart:
    """A part of a sentence: `text`, a `name`, `code` to be copied, or a whole `block` of it."""

    kind: str
    text: str


def segments(text: str) -> list[tuple[str, bool]]:
    """Cut a sentence into what stands in backticks (True) and what does not."""
    return _cut(visible(text))


def _cut(shown: str) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    end = 0
    for match in _CODE.finditer(shown):
        found += [(shown[end : match.start()], False), (match[1], True)]
        end = match.end()
    found.append((shown[end:], False))
    return [each for each in found if each[0]]


def pieces(fix: str) -> list[SentencePart]:
    """Cut a fix into sentences and the code that a person would copy from it."""
    shown = visible_lines(fix)
    if "`" not in shown and _COMMAND.match(shown):
        return [SentencePart("block", shown)]
    return [SentencePart(_kind(text) if is_code else "text", text) for text, is_code in _cut(shown)]


def _kind(text: str) -> str:
    """Return whether code is a mere name, or something to copy: an attribute, a block, a command.

    A name of AWS or Terraform has no space or equals sign outside of an instance key.
    """
    if not any(sign in text for sign in " ={\n") and not text.startswith("--"):
        return "name"
    return "block" if len(text) > LONGEST_INLINE or "\n" in text else "code"
