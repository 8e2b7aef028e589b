"""Which values AWS takes: policies/aws-ranges.jsonl, which tools/record_ranges.py rebuilds.

Of botocore's service models; the first line of the table names the version.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from checker.knowledge.partial import Value
from checker.records import dataclass
from checker.shipped import folder

FILE = "aws-ranges.jsonl"


@dataclass(frozen=True, slots=True)
class ValueRange:
    """What AWS takes for an argument of a resource type: a number, a word or a length.

    `argument` is Terraform's, a nested one behind its block and a dot. `aws` is the member of AWS's
    API that it sets. A number lies between `least` and `most`; `plain` is the end for a function
    that is no managed instance. `characters` is the length of a text, `pattern` a regular
    expression that matches all of it. `text` is AWS's answer.
    """

    argument: str
    aws: str
    least: int | None = None
    most: int | None = None
    plain: int | None = None
    words: tuple[str, ...] = ()
    characters: int | None = None
    pattern: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class GivenValue:
    """A value that the input gives to an argument, and what AWS takes for it."""

    range: ValueRange
    value: Value[int | str]


@cache
def ranges_of(type_: str) -> tuple[ValueRange, ...]:
    """Return what AWS takes for the arguments of a resource type."""
    return tuple(_range(row) for row in _rows()[1:] if row["type"] == type_)


@cache
def models() -> str:
    """Return the version of botocore whose service models say it."""
    return str(_rows()[0]["botocore"])


def _range(row: dict[str, Any]) -> ValueRange:
    known = {k: v for k, v in row.items() if k not in {"type", "page", "words"}}
    return ValueRange(**known, words=tuple(row.get("words", ())))


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    with (folder() / FILE).open(encoding="utf-8") as file:
        return tuple(map(json.loads, file))
