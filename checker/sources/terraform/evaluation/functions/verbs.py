"""The verbs of `format`: what each says, and how it writes a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.records import dataclass
from checker.sources.terraform.evaluation.functions import graphemes, numerals
from checker.sources.terraform.evaluation.functions.function import MOST_CHARACTERS, too_long
from checker.sources.terraform.evaluation.functions.json_text import encode
from checker.sources.terraform.evaluation.functions.texts import text_of
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.naming import call_name
from checker.sources.terraform.values.primitives import to_bool, to_number, to_string
from checker.sources.terraform.values.terraform_values import TerraformValue, first_hole

VERB = re.compile(r"%([ #+0\-]*)([1-9][0-9]*)?(\.[0-9]*)?(?:\[([1-9][0-9]*)\])?([A-Za-z])|%%")
_NUMERIC = "bdoxXeEfgG"


@dataclass(frozen=True, slots=True)
class Verb:
    """One `%` sequence: what it says, without the index of its argument."""

    letter: str
    flags: str
    width: int
    precision: int | None

    def __str__(self) -> str:
        precision = "" if self.precision is None else f".{self.precision}"
        return f"%{self.flags}{self.width or ''}{precision}{self.letter}"

    @property
    def plain(self) -> bool:
        """Whether nothing but a letter is said."""
        return not self.flags and not self.width and self.precision is None


def _number(text: str | None) -> int:
    if text and len(text) > 8:  # noqa: PLR2004 - beyond what a text may be long
        raise too_long()
    return int(text or 0)


def cut_at_verbs(template: str) -> Iterator[str | tuple[Verb, int]]:
    """Cut a format into literal stretches and verbs, each with the number of its argument."""
    at = index = 0
    while True:
        sign = template.find("%", at)
        if sign < 0:
            yield template[at:]
            return
        yield template[at:sign]
        match = VERB.match(template, sign)
        if match is None:
            raise EvaluationError(f"invalid format string starting at offset {sign}")
        at = match.end()
        if match[0] == "%%":
            yield "%"
            continue
        index = _number(match[4]) if match[4] else index + 1
        precision = None if match[3] is None else _number(match[3][1:])
        width = _number(match[2])
        if max(width, precision or 0) > MOST_CHARACTERS:
            raise too_long()
        yield Verb(match[5], match[1], width, precision), index


def written_by(verb: Verb, value: TerraformValue) -> Text:
    """Write one argument; a part of the text that is unknown becomes a hole named after it."""
    if verb.letter not in _FORMATS:
        raise EvaluationError(f"unsupported format verb `{verb.letter}`")
    if value is None and verb.letter != "v":
        raise EvaluationError(f"unsupported value for `{verb}`: null value cannot be formatted")
    try:
        return _FORMATS[verb.letter](verb, value)
    except UnknownResultError as error:
        hole = first_hole(value)
        name = call_name("format", (str(verb), value))
        if hole is None:
            return Text((Hole(name, why=error.why, remedy=error.remedy),))
        return Text((Hole(name, why=hole.why, at=hole.at, remedy=hole.remedy),))


def _any(verb: Verb, value: TerraformValue) -> Text:
    if isinstance(value, Hole):
        if not verb.plain:
            raise UnknownResultError
        return Text((value,))
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and "#" not in verb.flags:
        written = numerals.general(value, None, "e")
        return _padded(verb, Text((numerals.signed(written, verb.flags.replace("+", "")),)))
    if isinstance(value, (str, Text)) and "#" not in verb.flags:
        return _padded(verb, text_of(value))
    return _padded(verb, encode(value))


def _string(verb: Verb, value: TerraformValue) -> Text:
    text = _as_text(verb, value)
    if verb.precision:
        if text.holes:
            raise UnknownResultError
        cut = graphemes.clusters(text.literal or "")[: verb.precision]
        text = Text(("".join(cut),))
    return _padded(verb, text)


def _quoted(verb: Verb, value: TerraformValue) -> Text:
    return _padded(verb, encode(_as_text(verb, value)))


def _as_text(verb: Verb, value: TerraformValue) -> Text:
    try:
        return text_of(to_string(value) or "")
    except UnknownResultError:
        raise
    except EvaluationError:
        raise EvaluationError(f"unsupported value for `{verb}`: string required") from None


def _bool(verb: Verb, value: TerraformValue) -> Text:
    try:
        answer = to_bool(value)
    except EvaluationError:
        raise EvaluationError(f"unsupported value for `{verb}`: bool required") from None
    if isinstance(answer, Hole):
        return Text((answer,))
    return Text(("true" if answer else "false",))


def _numeric(verb: Verb, value: TerraformValue) -> Text:
    try:
        number = None if isinstance(value, bool) else to_number(value)
    except UnknownResultError:
        raise
    except EvaluationError:
        number = None
    if isinstance(number, Hole):
        if verb.letter == "d" and verb.plain and isinstance(value, Hole):
            return Text((number,))
        raise UnknownResultError
    if number is None:
        raise EvaluationError(f"unsupported value for `{verb}`: number required")
    if verb.letter in "bdoxX":
        if not isinstance(number, int):
            raise EvaluationError(f"unsupported value for `{verb}`: an integer is required")
        written = numerals.whole(number, verb.letter, verb.precision, alternate="#" in verb.flags)
    else:
        written = numerals.floating(number, verb.letter, verb.precision)
    return Text((numerals.filled(numerals.signed(written, verb.flags), verb),))


def _padded(verb: Verb, text: Text) -> Text:
    """Fill up to the width with blanks, or zeros before the text if the flag says so."""
    if not verb.width:
        return text
    if text.holes:
        raise UnknownResultError
    written = text.literal or ""
    missing = verb.width - graphemes.count(written)
    if missing <= 0:
        return text
    if "-" in verb.flags:
        return Text((written + " " * missing,))
    return Text((("0" if "0" in verb.flags else " ") * missing + written,))


_FORMATS: dict[str, Callable[[Verb, TerraformValue], Text]] = {
    "v": _any,
    "s": _string,
    "q": _quoted,
    "t": _bool,
    **dict.fromkeys(_NUMERIC, _numeric),
}
