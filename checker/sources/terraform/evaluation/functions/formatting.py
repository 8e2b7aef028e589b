"""`format` and `formatlist`.

See https://developer.hashicorp.com/terraform/language/functions/format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions import graphemes, numerals
from checker.sources.terraform.evaluation.functions.function import (
    MOST_CHARACTERS,
    TerraformFunction,
    too_long,
)
from checker.sources.terraform.evaluation.functions.json_text import encode, json_cost
from checker.sources.terraform.evaluation.functions.lists import MOST_ELEMENTS, few, sequence
from checker.sources.terraform.evaluation.functions.texts import text_of
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.conversions import to_bool, to_number, to_string
from checker.sources.terraform.values.naming import call_name
from checker.sources.terraform.values.size_limits import CHARACTERS, weight, wide
from checker.sources.terraform.values.terraform_values import (
    List,
    Set,
    TerraformValue,
    first_hole,
    inside,
)
from checker.sources.terraform.values.unify import STRING

_VERB = re.compile(r"%([ #+0\-]*)([1-9][0-9]*)?(\.[0-9]*)?(?:\[([1-9][0-9]*)\])?([A-Za-z])|%%")
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


def _pieces(template: str) -> Iterator[str | tuple[Verb, int]]:
    """Cut a format into literal stretches and verbs, each with the number of its argument."""
    at = index = 0
    while True:
        sign = template.find("%", at)
        if sign < 0:
            yield template[at:]
            return
        yield template[at:sign]
        match = _VERB.match(template, sign)
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


def _format(template: str | Text, *arguments: TerraformValue) -> TerraformValue:
    return _rendered(_given(template, arguments), arguments)


def _given(template: str | Text, arguments: tuple[TerraformValue, ...]) -> str:
    """Return a format that is known and has no null to write, of which Terraform tells nothing."""
    if isinstance(template, Text):
        raise UnknownResultError
    if any(argument is None for argument in arguments):
        raise UnknownResultError("the type of a null is not followed")
    return template


def _rendered(template: str, arguments: tuple[TerraformValue, ...]) -> Text:
    used = 0
    parts: list[str | Hole | Text] = []
    size = 0
    for piece in _pieces(template):
        if isinstance(piece, str):
            parts.append(piece)
            continue
        verb, index = piece
        if index > len(arguments):
            raise EvaluationError(
                f"not enough arguments for `{verb}`: need index {index} but have {len(arguments)}"
            )
        used = max(used, index)
        made = _formatted(verb, arguments[index - 1])
        parts.append(made)
        size += len(str(made))
        if size > MOST_CHARACTERS:
            raise too_long()
    if used < len(arguments):
        raise EvaluationError(f"too many arguments; only {used} used by format string")
    return Text.of(*parts)


def _formatted(verb: Verb, value: TerraformValue) -> Text:
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


def _formatlist(template: str | Text, *arguments: TerraformValue) -> TerraformValue:
    known = _given(template, arguments)
    columns: list[tuple[TerraformValue, ...] | None] = []
    sizes: set[int] = set()
    for argument in arguments:
        if isinstance(argument, Hole) and argument.kind.alphabet.least == 0:
            raise UnknownResultError
        column = sequence(argument, "") if isinstance(argument, (tuple, Set)) else None
        columns.append(column)
        sizes |= set() if column is None else {len(column)}
    if len(sizes) > 1:
        raise EvaluationError("the lists given as arguments differ in length")
    rows = sizes.pop() if sizes else 1
    few(rows * (len(columns) + 1))
    out: list[TerraformValue] = []
    for n in range(rows):
        pairs = zip(columns, arguments, strict=True)
        row = tuple(value if column is None else column[n] for column, value in pairs)
        made = _rendered(known, row)
        out.append(made if made.literal is None else made.literal)
    return List(out, STRING)


def _format_cost(template: str | Text, *arguments: TerraformValue) -> int:
    """Return the steps of one call: each verb writes its argument, as wide as it says."""
    if isinstance(template, Text):
        return 1
    steps = 2 * weight(template)
    weights = [_written(argument) for argument in arguments]
    for match in _VERB.finditer(template):
        width = min(int(match[2] or 0) if len(match[2] or "") < _LONG else 0, MOST_CHARACTERS)
        steps += 5 + width // CHARACTERS
        if match[3] is not None:
            steps += DECIMAL + numerals.MOST_PRECISION // CHARACTERS
    # With `[n]` an argument may be written more often than once.
    times = template.count("%") if "[" in template else 1
    return wide(template, *arguments) * (steps + times * sum(weights))


_LONG = 9
DECIMAL = 30


def _written(value: TerraformValue) -> int:
    """Return the steps of writing one argument, as JSON at the worst."""
    graphical = graphemes.effort(value) if isinstance(value, str) else 0
    decimal = DECIMAL if isinstance(value, Decimal) else 0
    return json_cost(value) + graphical + decimal


def _formatlist_cost(template: str | Text, *arguments: TerraformValue) -> int:
    rows = max((len(inside(argument)) for argument in arguments), default=0) or 1
    if isinstance(template, Text) or rows * (len(arguments) + 1) > MOST_ELEMENTS:
        return 1
    alone = [argument for argument in arguments if not isinstance(argument, (tuple, Set))]
    listed = [argument for argument in arguments if isinstance(argument, (tuple, Set))]
    each = _format_cost(template, *alone)
    more = 1 + (template.count("%") if "[" in template else 0)
    items = sum(_written(one) for column in listed for one in inside(column))
    return rows * (1 + each) + wide(template, *arguments) * more * items


FUNCTIONS = (
    TerraformFunction(
        "format",
        _format,
        ("string", "any?*"),
        partial=True,
        returns="string",
        cost=_format_cost,
    ),
    TerraformFunction(
        "formatlist", _formatlist, ("string", "any?*"), partial=True, cost=_formatlist_cost
    ),
)
