"""Names for unknowns that come of others: equal calls get equal names, others different ones.

A name reads like the expression that it stands for: `lower(aws_sqs_queue.q.name)`.
"""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal

from checker.knowledge import sensitive, sensitive_tokens
from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.language.numbers import number_text
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    List,
    Map,
    Marked,
    Set,
    TerraformValue,
)

MOST_CHARACTERS = 200
"""How long a name may be; a longer one is replaced by its hash."""

_WORD = re.compile(
    r'(?!(?:true|false|null)$)[A-Za-z_][\w.\-]*(?:\["[^"\\{}]*"\]|\[\d+\]|\.[\w\-]+)*'
)

_CALL = re.compile(r"[a-z0-9_:]+\(")


def call_name(function: str, arguments: tuple[TerraformValue, ...]) -> str:
    """Return the name of what a function makes of its arguments."""
    written = ", ".join(written_value(argument) for argument in arguments)
    if len(written) > MOST_CHARACTERS:
        written = "#" + hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{function}({written})"


def written_value(value: TerraformValue) -> str:
    """Write a value so that different values are written differently, however deep it is."""
    out: list[str] = []
    # What is still to be written, the next one last; a bare string is written as it is.
    pending: list[str | tuple[TerraformValue]] = [(value,)]
    while pending:
        current = pending.pop()
        if isinstance(current, str):
            out.append(current)
            continue
        (one,) = current
        if isinstance(one, Marked):
            out.append(sensitive_tokens.token(written_value(one.value)))
        elif isinstance(one, (tuple, dict, Set)):
            pending.extend(reversed(_collection(one)))
        else:
            out.append(_simple(one))
    return "".join(out)


def _simple(value: str | int | Decimal | Hole | Text | Lazy | None) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, Decimal)):
        return str(value) if sensitive.is_sensitive(value) else number_text(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Hole):
        return _hole(value)
    if isinstance(value, Lazy):
        return _hole(Hole(str(value)))
    if value.literal is not None:
        return _quoted(value.literal)
    if len(value.parts) == 1:
        return f"tostring({_hole(value.holes[0])})"
    return "+".join(map(_simple, value.parts))


def _quoted(text: str) -> str:
    """Write a string; of a sensitive one only what stands for it."""
    return str(text) if sensitive.is_sensitive(text) else json.dumps(text, ensure_ascii=False)


def _hole(hole: Hole) -> str:
    if _WORD.fullmatch(hole.name) or (_CALL.match(hole.name) and hole.name.endswith(")")):
        return hole.name
    return "{" + json.dumps(hole.name, ensure_ascii=False) + "}"


def _collection(
    value: tuple[TerraformValue, ...] | dict[str, TerraformValue] | Set,
) -> list[str | tuple[TerraformValue]]:
    """Return what is written for a collection: strings, and values still to be written."""
    written: list[str | tuple[TerraformValue]] = []
    if isinstance(value, dict):
        for key in sorted(value):
            written += [", " if written else "", f"{_quoted(key)} = "]
            written.append((value[key],))
        written = ["{", *written, "}"]
        return ["tomap(", *written, ")"] if isinstance(value, Map) else written
    for member in value.members if isinstance(value, Set) else value:
        written += [", " if written else "", (member,)]
    written = ["[", *written, "]"]
    if isinstance(value, Set):
        return ["toset(", *written, ")"]
    return ["tolist(", *written, ")"] if isinstance(value, List) else written
