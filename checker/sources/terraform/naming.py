"""Names for unknowns that come of others: equal calls get equal names, others different ones.

A name reads like the expression that it stands for: `lower(aws_sqs_queue.q.name)`.
"""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal

from checker.partial import Hole, Text
from checker.sources.terraform.arithmetic import number_text
from checker.sources.terraform.values import List, Map, Set, Value

MOST_CHARACTERS = 200
"""How long a name may be; a longer one is replaced by its hash."""

_WORD = re.compile(
    r'(?!(?:true|false|null)$)[A-Za-z_][\w.\-]*(?:\["[^"\\{}]*"\]|\[\d+\]|\.[\w\-]+)*'
)

_CALL = re.compile(r"[a-z0-9_:]+\(")


def call_name(function: str, arguments: tuple[Value, ...]) -> str:
    """Return the name of what a function makes of its arguments."""
    written = ", ".join(written_value(argument) for argument in arguments)
    if len(written) > MOST_CHARACTERS:
        written = "#" + hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{function}({written})"


def written_value(value: Value) -> str:
    """Write a value so that different values are written differently."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, Decimal)):
        return number_text(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Hole):
        return _hole(value)
    if isinstance(value, Text):
        if value.literal is not None:
            return json.dumps(value.literal, ensure_ascii=False)
        parts = (_hole(p) if isinstance(p, Hole) else written_value(p) for p in value.parts)
        return "+".join(parts) if len(value.parts) > 1 else f"tostring({_hole(value.holes[0])})"
    return _collection(value)


def _hole(hole: Hole) -> str:
    if _WORD.fullmatch(hole.name) or (_CALL.match(hole.name) and hole.name.endswith(")")):
        return hole.name
    return "{" + json.dumps(hole.name, ensure_ascii=False) + "}"


def _collection(value: tuple[Value, ...] | dict[str, Value] | Set) -> str:
    if isinstance(value, dict):
        items = (
            f"{json.dumps(key, ensure_ascii=False)} = {written_value(value[key])}"
            for key in sorted(value)
        )
        written = "{" + ", ".join(items) + "}"
        return f"tomap({written})" if isinstance(value, Map) else written
    members = value.members if isinstance(value, Set) else value
    written = "[" + ", ".join(written_value(item) for item in members) + "]"
    if isinstance(value, Set):
        return f"toset({written})"
    return f"tolist({written})" if isinstance(value, List) else written
