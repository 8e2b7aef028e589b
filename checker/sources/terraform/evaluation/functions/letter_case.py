"""The functions that change the case of strings, as Go does: one character for one character."""

from __future__ import annotations

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions import costs
from checker.sources.terraform.evaluation.functions.function import TerraformFunction
from checker.sources.terraform.evaluation.functions.texts import SPACES, made_hole
from checker.sources.terraform.values.terraform_values import TerraformValue

_CODES = frozenset((Kind.ACCOUNT, Kind.REGION, Kind.PARTITION))


def lower(text: str) -> str:
    """Lower the case as Go does: one character for one character."""
    return text.lower() if text.isascii() else "".join(map(_lowered, text))


def _lowered(character: str) -> str:
    return character.lower()[0]


def upper(text: str) -> str:
    """Raise the case as Go does."""
    return text.upper() if text.isascii() else "".join(map(_raised, text))


def _raised(character: str) -> str:
    for raised in (character.upper(), character.title()):
        if len(raised) == 1:
            return raised
    return character


def _lower(text: str | Text) -> TerraformValue:
    if isinstance(text, str):
        return lower(text)
    return Text(
        tuple(
            lower(part)
            if isinstance(part, str)
            else part
            if part.kind in _CODES
            else made_hole("lower", part, _case_kind(part))
            for part in text.parts
        ),
        text.origin,
    )


def _upper(text: str | Text) -> TerraformValue:
    if isinstance(text, str):
        return upper(text)
    return Text(
        tuple(
            upper(part)
            if isinstance(part, str)
            else part
            if part.kind is Kind.ACCOUNT
            else made_hole("upper", part, Kind.NAME if part.kind in _CODES else _case_kind(part))
            for part in text.parts
        ),
        text.origin,
    )


def _case_kind(hole: Hole) -> Kind:
    return Kind.ANY if hole.kind is Kind.JSON else hole.kind


def _title(text: str) -> TerraformValue:
    out: list[str] = []
    before = " "
    for character in text:
        if _separates(before):
            titled = character.title()
            out.append(titled if len(titled) == 1 else character)
        else:
            out.append(character)
        before = character
    return "".join(out)


def _separates(character: str) -> bool:
    if character.isascii():
        return not (character.isalnum() or character == "_")
    return not character.isalpha() and not character.isdigit() and character in SPACES


_ONE = ("string",)

FUNCTIONS = (
    TerraformFunction("lower", _lower, _ONE, partial=True, returns="string", cost=costs.case),
    TerraformFunction("upper", _upper, _ONE, partial=True, returns="string", cost=costs.case),
    TerraformFunction("title", _title, _ONE, returns="string", cost=costs.in_python),
)
