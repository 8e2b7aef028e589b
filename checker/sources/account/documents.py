"""IAM documents as the API returns them: JSON texts, or objects that the SDK has decoded."""

from __future__ import annotations

import json
from typing import TypeVar

from checker.iam import document
from checker.iam.document import Document
from checker.knowledge.partial import Invalid, Known, Location, Unknown, Value
from checker.knowledge.text import Text

T = TypeVar("T")


def parsed(written: object, id: str, at: Location) -> Document | Unknown:
    """Read a document; an unknown if it is none."""
    try:
        text = written if isinstance(written, str) else json.dumps(written)
        found = document.parse(Text.of(text), id=id, at=at)
    except RecursionError:
        return Unknown(f"`{id}` is nested too deeply to be read", at, "ask again")
    return found.value if isinstance(found, Known) else _held(found)


def held(found: Value[T]) -> Value[T]:
    """Return what AWS holds: it takes nothing invalid, so what is so here was not read whole."""
    return found if isinstance(found, Known) else _held(found)


def _held(unknown: Unknown) -> Unknown:
    if not isinstance(unknown, Invalid):
        return unknown
    return Unknown(f"AWS answered what it would not take: {unknown.why}", unknown.at, "ask again")
