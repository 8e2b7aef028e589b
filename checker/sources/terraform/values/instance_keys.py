"""The keys of instances, as Terraform prints them in addresses."""

from __future__ import annotations

import re
from enum import Enum
from typing import Self

from checker.knowledge.holes import Hole
from checker.knowledge.sensitive import SensitiveString
from checker.knowledge.text import Text
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.terraform_values import TerraformValue


class Star(Enum):
    """The key of an instance that stands for all where their number is unknown."""

    ANY = "[*]"


class WithheldKey(SensitiveString):
    """An instance key that is not shown: addresses hold its number instead."""

    __slots__ = ("number",)
    number: int

    def __new__(cls, text: str, number: int) -> Self:
        """Return a key with its number among the instances, from 1."""
        made = super().__new__(cls, text)
        made.number = number
        return made


InstanceKey = int | str | Star | Text | None


def suffix(key: InstanceKey) -> str:
    """Write an instance key as Terraform prints it: nothing, `[0]` or `["a"]`."""
    if key is None:
        return ""
    if isinstance(key, Star):
        return str(key.value)
    if isinstance(key, Text):
        return f'["{"".join(map(_escaped, str(key)))}"]'
    if isinstance(key, WithheldKey):
        return f'["(sensitive {key.number})"]'
    if isinstance(key, str):
        quoted = _TEMPLATE.sub(r"\1\1{", "".join(map(_escaped, key)))
        return f'["{quoted}"]'
    return f"[{key}]"


_TEMPLATE = re.compile(r"([$%])\{")
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def _escaped(character: str) -> str:
    """Write a character of a key as Terraform does: what cannot be printed by its number."""
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 - four digits


def instance_key(key: TerraformValue) -> InstanceKey | Hole:
    """Return a key as Python's int or str, or the hole that leaves it open."""
    if isinstance(key, Hole):
        return key
    if isinstance(key, Text):
        return key.holes[0] if key.holes else str(key)
    if isinstance(key, (int, str)) and not isinstance(key, bool):
        return key
    raise EvaluationError("an instance key must be a string or a whole number")
