"""JSON as Terraform shows plans and states: text to values, bounded in size and depth.

JSON does not tell a list from a set or tuple, nor a map from an object: they become plain tuples
and dicts.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.sources.terraform.language.evaluation_errors import UnknownResultError
from checker.sources.terraform.language.json_syntax import JsonValue
from checker.sources.terraform.language.numbers import normal, read
from checker.sources.terraform.plan import holes
from checker.sources.terraform.plan.holes import Undecodable
from checker.sources.terraform.values.terraform_values import TerraformValue

MOST_DEPTH = 100
MOST_WIDE_BYTES = 50 * 1024 * 1024
"""How large text with characters beyond ASCII may be: it takes up to four times the memory."""


def read_json(data: bytes, most: int) -> JsonValue:
    """Return what JSON text holds; Undecodable if it is none, or has more than `most` values."""
    if not data.isascii() and len(data) > MOST_WIDE_BYTES:
        raise Undecodable(f"it is larger than {MOST_WIDE_BYTES} bytes")
    # Each value but the first follows one of these, so nothing is made before it is counted.
    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > most:
        raise Undecodable(f"it holds more than {most} values")
    try:
        text = data.decode(json.detect_encoding(data))
        found: JsonValue = json.loads(
            text.removeprefix("\ufeff"),
            parse_int=_whole,
            parse_float=read,
            parse_constant=_no_number,
        )
    except (ValueError, ArithmeticError):
        raise Undecodable("it is not valid JSON") from None
    except RecursionError:
        raise Undecodable("it is nested too deeply") from None
    return found


def _whole(word: str) -> int | Decimal | Hole:
    return int(word) if len(word) < _SHORT else read(word)


_SHORT = 1000  # most numbers are, and `int` is quick


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def value_of(
    shown: JsonValue,
    name: str,
    at: Location,
    unknown: object = False,  # noqa: FBT002 - as JSON marks it
    depth: int = 0,
) -> TerraformValue:
    """Return a value, given what of it is unknown: `true`, or an object or array of such marks.

    Unknowns are named after `name`. What is unknown may be missing or null in `shown`.
    """
    if depth > MOST_DEPTH:
        return holes.unreadable(name, "it is nested too deeply", at)
    if unknown is True:
        return holes.unknown(name, at)
    if isinstance(shown, dict):
        return _object(shown, name, at, unknown if isinstance(unknown, dict) else {}, depth)
    if isinstance(shown, list):
        return _array(shown, name, at, unknown if isinstance(unknown, list) else [], depth)
    if has_mark(unknown):
        return holes.unknown(name, at)
    return _primitive(shown, name, at)


def _object(
    shown: dict[str, JsonValue], name: str, at: Location, marks: dict[str, Any], depth: int
) -> TerraformValue:
    found = {
        key: value_of(inner, holes.member(name, key), at, marks.get(key, False), depth + 1)
        for key, inner in shown.items()
    }
    for key, mark in marks.items():
        if key not in shown and has_mark(mark):
            found[key] = value_of(None, holes.member(name, key), at, mark, depth + 1)
    return found


def _array(
    shown: list[JsonValue], name: str, at: Location, marks: list[Any], depth: int
) -> TerraformValue:
    if len(marks) != len(shown):
        if has_mark(marks):
            return holes.unknown(name, at)
        marks = [False] * len(shown)
    return tuple(
        value_of(inner, holes.element(name, n), at, mark, depth + 1)
        for n, (inner, mark) in enumerate(zip(shown, marks, strict=True))
    )


def _primitive(shown: str | int | Decimal | Hole | None, name: str, at: Location) -> TerraformValue:
    if isinstance(shown, (int, Decimal)) and not isinstance(shown, bool):
        try:
            return normal(shown)
        except UnknownResultError as error:
            return holes.unreadable(name, error.why, at)
    if isinstance(shown, Hole):
        return holes.unreadable(name, shown.why, at)
    return shown


def has_mark(marks: object) -> bool:
    """Tell whether there is a `true` anywhere in marks."""
    pending = [marks]
    while pending:
        one = pending.pop()
        if one is True:
            return True
        if isinstance(one, dict):
            pending.extend(one.values())
        elif isinstance(one, list):
            pending.extend(one)
    return False


def marked(marks: object) -> frozenset[tuple[str | int, ...]]:
    """Return the paths at which marks are `true`."""
    found: set[tuple[str | int, ...]] = set()
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), marks)]
    while pending:
        path, one = pending.pop()
        if one is True or (len(path) > MOST_DEPTH and has_mark(one)):
            found.add(path)
        elif isinstance(one, dict):
            pending.extend(((*path, key), inner) for key, inner in one.items())
        elif isinstance(one, list):
            pending.extend(((*path, n), inner) for n, inner in enumerate(one))
    return frozenset(found)
