"""Policy documents as the API returns them: JSON texts, which IAM encodes as a part of a URL.

The SDK would decode those of IAM to objects, in which of a member that stands twice one is left.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar
from urllib.parse import unquote

from botocore.model import OperationModel, Shape

from checker.iam import document
from checker.iam.document import Document
from checker.knowledge.partial import Invalid, Known, Location, Unknown, Value
from checker.knowledge.text import Text

T = TypeVar("T")

_DOCUMENT = "policyDocumentType"
"""The name of the shape of IAM's documents in the SDK's model."""


def decode(parsed: dict[str, Any], model: OperationModel, **_: object) -> None:
    """Turn the documents in an answer of IAM into the JSON texts that they are."""
    left: list[tuple[Any, Shape | None]] = [(parsed, model.output_shape)]
    while left:
        value, shape = left.pop()
        if shape is None or value is None:
            continue
        if shape.type_name == "list":
            left += [(each, shape.member) for each in value]
        if shape.type_name == "structure":
            for name, of in shape.members.items():
                if of.name == _DOCUMENT and isinstance(value.get(name), str):
                    value[name] = unquote(value[name])
                elif name in value:
                    left.append((value[name], of))


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
    return Unknown(
        f"AWS answered with a document that it does not accept: {unknown.why}",
        unknown.at,
        "ask again",
    )
