"""Functions of strings.

See https://developer.hashicorp.com/terraform/language/functions: string functions.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.terraform.evaluation.functions import costs, graphemes, patterns
from checker.sources.terraform.evaluation.functions.function import (
    MOST_CHARACTERS,
    FunctionScope,
    TerraformFunction,
    too_long,
)
from checker.sources.terraform.evaluation.functions.sequences import few, whole
from checker.sources.terraform.evaluation.functions.texts import (
    SPACES,
    ends,
    first_pieces,
    pieces,
    starts,
    text_of,
    without_prefix,
    without_suffix,
)
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.naming import call_name
from checker.sources.terraform.values.partial_values import PartialList
from checker.sources.terraform.values.terraform_values import List, TerraformValue
from checker.sources.terraform.values.unify import STRING


def _trimspace(text: str | Text) -> TerraformValue:
    return _trimmed(text, SPACES)


def _trim(text: str | Text, cutset: str | Text) -> TerraformValue:
    if isinstance(cutset, Text):
        raise UnknownResultError
    return _trimmed(text, cutset)


def _trimmed(text: str | Text, cutset: str, *, left: bool = True) -> TerraformValue:
    """Take characters from both ends; a text with holes loses its origin if the start moves."""
    if not cutset:
        return text
    cutset = "".join(dict.fromkeys(cutset))
    if isinstance(text, str):
        return text.strip(cutset) if left else text.rstrip(cutset)
    parts = list(text.parts)
    if left:
        parts = _cut(parts, cutset, first=True)
    parts = _cut(parts, cutset, first=False)
    return Text(tuple(parts), text.origin if parts[:1] == list(text.parts[:1]) else None)


def _cut(parts: list[Any], cutset: str, *, first: bool) -> list[Any]:
    """Cut one end; NotTold if what a hole holds there could be cut too."""
    end = parts[0] if first else parts[-1]
    if isinstance(end, str):
        kept = end.lstrip(cutset) if first else end.rstrip(cutset)
        if kept:
            return [kept, *parts[1:]] if first else [*parts[:-1], kept]
        parts = parts[1:] if first else parts[:-1]
        end = parts[0] if first else parts[-1]
    if not end.kind.alphabet.least or any(end.kind.alphabet.has(c) for c in cutset):
        raise UnknownResultError
    return parts


def _chomp(text: str | Text) -> TerraformValue:
    return _trimmed(text, "\r\n", left=False)


def _trimprefix(text: str | Text, prefix: str | Text) -> TerraformValue:
    if isinstance(text, str) and isinstance(prefix, str):
        return text.removeprefix(prefix)
    whole_text, start = text_of(text), text_of(prefix)
    found = starts(whole_text, start)
    if found is Truth.MAYBE:
        raise UnknownResultError
    return without_prefix(whole_text, start) if found is Truth.YES else text


def _trimsuffix(text: str | Text, suffix: str | Text) -> TerraformValue:
    if isinstance(text, str) and isinstance(suffix, str):
        return text.removesuffix(suffix)
    whole_text, end = text_of(text), text_of(suffix)
    found = ends(whole_text, end)
    if found is Truth.MAYBE:
        raise UnknownResultError
    return without_suffix(whole_text, end) if found is Truth.YES else text


def _startswith(text: str | Text, prefix: str | Text) -> TerraformValue:
    return _given(starts(text_of(text), text_of(prefix)))


def _endswith(text: str | Text, suffix: str | Text) -> TerraformValue:
    return _given(ends(text_of(text), text_of(suffix)))


def _given(truth: Truth) -> bool:
    if truth is Truth.MAYBE:
        raise UnknownResultError
    return truth is Truth.YES


def _strcontains(text: str | Text, needle: str | Text) -> TerraformValue:
    if isinstance(text, str) and isinstance(needle, str):
        return needle in text
    if isinstance(needle, Text):
        raise UnknownResultError
    parts = text_of(text).parts
    if any(isinstance(part, str) and needle in part for part in parts):
        return True
    return len(pieces(text_of(text), needle)) > 1


def _indent(spaces: int | Decimal, text: str | Text) -> TerraformValue:
    width = whole(spaces)
    if width < 0:
        raise EvaluationError("the number of spaces must not be negative")
    whole_text = text_of(text)
    lines = sum(part.count("\n") for part in whole_text.parts if isinstance(part, str))
    if lines * width > MOST_CHARACTERS:
        raise too_long()
    return _joined(pieces(whole_text, "\n"), "\n" + " " * width if lines else "")


def _joined(split: list[list[Any]], separator: str | Text) -> Text:
    parts: list[str | Hole | Text] = list(split[0])
    for piece in split[1:]:
        parts.append(separator)
        parts.extend(piece)
    return Text.of(*parts)


def _replace(
    scope: FunctionScope, text: str | Text, needle: str | Text, new: str | Text
) -> TerraformValue:
    if isinstance(needle, Text):
        raise UnknownResultError
    if len(needle) > 1 and needle[0] == needle[-1] == "/":
        if isinstance(text, Text):
            return patterns.open_replace(scope, text, needle[1:-1], new)
        if isinstance(new, Text):
            raise UnknownResultError
        return patterns.replace(scope, text, needle[1:-1], new)
    if not needle:
        if isinstance(text, Text):
            raise UnknownResultError
        _bounded(new, len(text) + 1)
        return _joined([[""], *([c] for c in text), [""]], new) if text else new
    if isinstance(text, str):
        _bounded(new, text.count(needle))
        if isinstance(new, str):
            return text.replace(needle, new)
    split = pieces(text_of(text), needle)
    _bounded(new, len(split))
    return text if len(split) == 1 else _joined(split, new)


def _bounded(new: str | Text, times: int) -> None:
    """Raise NotTold if a text that often would be too long."""
    if times * len(str(new)) > MOST_CHARACTERS:
        raise too_long()


def _split(separator: str | Text, text: str | Text) -> TerraformValue:
    if isinstance(separator, Text):
        raise UnknownResultError
    if not separator:
        if isinstance(text, Text):
            raise UnknownResultError
        return List(text, STRING)
    if isinstance(text, str):
        few(text.count(separator))
        return List(text.split(separator), STRING)
    try:
        return List(map(_plain, pieces(text, separator)), STRING)
    except UnknownResultError:
        first = list(map(_plain, first_pieces(text, separator)))
    hole = replace(text.holes[0], name=call_name("split", (separator, text)), kind=Kind.ANY)
    return PartialList(first, hole, len(first) + 1)


def _plain(piece: list[str | Hole]) -> str | Text:
    text = Text(tuple(piece))
    return text if text.literal is None else text.literal


def _strrev(text: str) -> TerraformValue:
    return "".join(reversed(graphemes.clusters(text)))


def _substr(text: str | Text, offset: int | Decimal, length: int | Decimal) -> TerraformValue:
    start, size = whole(offset, "the offset"), whole(length, "the length")
    if isinstance(text, str):
        found = graphemes.clusters(text) if not text.isascii() or "\r" in text else text
        if start < 0:
            # Counted from the end, a length of 0 takes as much as a length of -1.
            start, size = max(0, start + len(found)), size or -1
        return "".join(found[start:] if size < 0 else found[start : start + size])
    if size == 0 and start >= 0:
        return ""
    if start == 0 and size < 0:
        return text
    head = text.parts[0]
    if start < 0 or not isinstance(head, str):
        raise UnknownResultError
    found = graphemes.clusters(head)
    # The last one may go on in the hole that follows.
    if size > 0 and start + size < len(found):
        return "".join(found[start : start + size])
    if size < 0 and start < len(found):
        return replace(Text(("".join(found[start:]), *text.parts[1:])))
    raise UnknownResultError


_ONE = ("string",)
_TWO = ("string", "string")

FUNCTIONS = (
    TerraformFunction(
        "trimspace", _trimspace, _ONE, partial=True, returns="string", cost=costs.trim
    ),
    TerraformFunction("chomp", _chomp, _ONE, partial=True, returns="string"),
    TerraformFunction("strrev", _strrev, _ONE, returns="string", cost=costs.substr),
    TerraformFunction("trim", _trim, _TWO, partial=True, returns="string", cost=costs.trim),
    TerraformFunction("trimprefix", _trimprefix, _TWO, partial=True, returns="string"),
    TerraformFunction("trimsuffix", _trimsuffix, _TWO, partial=True, returns="string"),
    TerraformFunction("startswith", _startswith, _TWO, partial=True),
    TerraformFunction("endswith", _endswith, _TWO, partial=True),
    TerraformFunction("strcontains", _strcontains, _TWO, partial=True, cost=costs.strcontains),
    TerraformFunction("split", _split, _TWO, partial=True, cost=costs.split),
    TerraformFunction(
        "indent",
        _indent,
        ("number", "string"),
        partial=True,
        returns="string",
        cost=costs.indent,
    ),
    TerraformFunction(
        "replace",
        _replace,
        ("string", "string", "string"),
        partial=True,
        returns="string",
        scoped=True,
        cost=costs.replace,
    ),
    TerraformFunction(
        "substr",
        _substr,
        ("string", "number", "number"),
        partial=True,
        returns="string",
        cost=costs.substr,
    ),
)
