"""YAML in Terraform's functions, with the scalar rules of Terraform's own reader (go-cty-yaml).

Those are neither YAML 1.1's nor 1.2's: `010` is 10, `y` is true, a date becomes a timestamp.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import field
from decimal import Decimal
from typing import Any

from checker import yaml
from checker.records import dataclass
from checker.sources.terraform.evaluation.functions import times
from checker.sources.terraform.evaluation.functions.function import (
    FunctionScope,
    TerraformFunction,
    normal_form,
)
from checker.sources.terraform.evaluation.functions.json_text import json_cost
from checker.sources.terraform.evaluation.functions.sequences import few, members
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.language.numbers import normal, number_text, parse
from checker.sources.terraform.values.primitives import to_string
from checker.sources.terraform.values.size_limits import MOST_DEPTH
from checker.sources.terraform.values.size_limits import weight as heaviness
from checker.sources.terraform.values.terraform_values import (
    PlacedDict,
    PlacedTuple,
    Set,
    TerraformValue,
)

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(["true", "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"])
_FALSE = frozenset(["false", "False", "FALSE", "n", "N", "no", "No", "NO", "off", "Off", "OFF"])
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_BASES = re.compile(r"0(?:x[0-9a-fA-F]+|o[0-7]+)")
_ENDLESS = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_DATE = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?:[Tt]| )([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_TAGS = "tag:yaml.org,2002:"
_MERGE = object()
MOST_VALUES = 100_000
"""How many values there may be when every alias is written out."""


def _decode(scope: FunctionScope, text: str) -> TerraformValue:
    reader = _Reader(scope.spend)
    try:
        for event in yaml.events(text):
            reader.take(event)
    except yaml.TooLongError as error:
        raise UnknownResultError(str(error)) from None
    except yaml.YamlError as error:
        raise EvaluationError(f"on line {error.line}: {error}") from None
    if not reader.roots:
        raise EvaluationError("missing start of document")
    if len(reader.roots) > 1:
        raise EvaluationError("unexpected extra content after value")
    return reader.roots[0]


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; `weight` counts the values in it."""

    event: yaml.Event
    items: list[Any] = field(default_factory=list)
    weight: int = 1


@dataclass(slots=True)
class _Reader:
    """Builds a value from the steps of a text; `spend` takes what aliases and merges write out."""

    spend: Callable[[int], None]
    roots: list[TerraformValue] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[TerraformValue, int]] = field(default_factory=dict)

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        if event.kind == "document":
            if event.text not in ("", "1.1"):
                raise EvaluationError("found incompatible YAML document")
        elif event.kind == "scalar":
            is_key = self._at_key()
            merges = is_key and event.text == "<<" and not event.tag
            # Terraform forgets the anchor of a key.
            anchor = "" if is_key else event.anchor
            if merges:
                self._hold(_MERGE, 1)
                return
            value = _scalar(event)
            if isinstance(value, (int, Decimal)):
                self.spend(heaviness(value))  # an exponent makes digits that nobody wrote
            self._add(value, anchor, 1)
        elif event.kind == "alias":
            if self._at_key():
                raise EvaluationError("an alias cannot be a mapping key")
            if event.anchor not in self.anchors:
                raise EvaluationError(f"reference to undefined anchor `{event.anchor}`")
            value, weight = self.anchors[event.anchor]
            self.spend(weight + heaviness(value))
            self._add(value, "", weight)
        elif event.kind == "end":
            self._close()
        else:
            if len(self.stack) >= MOST_DEPTH:
                raise UnknownResultError(f"nested deeper than {MOST_DEPTH} levels")
            self.stack.append(_Open(event))

    def _at_key(self) -> bool:
        top = self.stack[-1] if self.stack else None
        return top is not None and top.event.kind == "mapping" and len(top.items) % 2 == 0

    def _close(self) -> None:
        top = self.stack.pop()
        name = "map" if top.event.kind == "mapping" else "seq"
        if top.event.tag not in ("", _TAGS + name):
            raise EvaluationError(f"cannot interpret a {top.event.kind} as `{top.event.tag}`")
        value = PlacedTuple(top.items) if name == "seq" else _mapping(top.items, self.spend)
        self._add(value, top.event.anchor, top.weight)

    def _add(self, value: TerraformValue, anchor: str, weight: int) -> None:
        if anchor:
            self.anchors[anchor] = (value, weight)
        if not self.stack:
            self.roots.append(value)
        else:
            self._hold(value, weight)

    def _hold(self, item: object, weight: int) -> None:
        """Put a value, or `_MERGE`, into the innermost list or mapping."""
        top = self.stack[-1]
        top.items.append(item)
        top.weight += weight
        if top.weight > MOST_VALUES:
            raise UnknownResultError(f"more than {MOST_VALUES} values")


def _mapping(items: list[TerraformValue], spend: Callable[[int], None]) -> PlacedDict:
    made: dict[str, TerraformValue] = {}
    for key, value in zip(items[::2], items[1::2], strict=True):
        if key is _MERGE:
            spend(len(value) if isinstance(value, dict) else 1)
            _merge(made, value)
            continue
        if key is None:
            raise EvaluationError("mapping key cannot be null")
        if isinstance(key, (dict, tuple)):
            raise EvaluationError("only strings are allowed as mapping keys")
        made[str(to_string(key))] = value
    return PlacedDict({name: made[name] for name in sorted(made)})


def _merge(made: dict[str, TerraformValue], value: TerraformValue) -> None:
    if not isinstance(value, dict):
        raise EvaluationError("map merge requires a map as the value")
    made |= value


def _scalar(event: yaml.Event) -> TerraformValue:
    tag = event.tag
    if tag.startswith(_TAGS):
        kind = tag.removeprefix(_TAGS)
        if kind == "str":
            return normal_form(event.text)
        if kind == "null" and (event.plain or event.text):
            return None
        if kind == "binary":
            return _binary(event.text)
        if kind not in ("int", "float", "bool", "timestamp", "null"):
            raise EvaluationError(f"unsupported tag `{tag}`")
        if not event.plain:
            return normal_form(event.text)
        return _tagged(event.text, kind)
    if tag:
        raise EvaluationError(f"unsupported tag `{tag}`")
    return _resolved(event.text) if event.plain else normal_form(event.text)


def _binary(text: str) -> str:
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise EvaluationError("cannot interpret the value as base64") from None
    return text


def _tagged(text: str, kind: str) -> TerraformValue:
    value = _resolved(text)
    boolean = isinstance(value, bool)
    number = isinstance(value, (int, Decimal)) and not boolean
    if (kind == "bool" and boolean) or (kind in ("int", "float") and number):
        return value
    if kind == "timestamp" and isinstance(value, str) and value != text:
        return value
    raise UnknownResultError(f"the tag `!!{kind}` on a value of another kind")


def _resolved(text: str) -> TerraformValue:
    """Return what a plain scalar means."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _NUMBER.fullmatch(text):
        return parse(text)
    if _BASES.fullmatch(text):
        return normal(int(text, 0))
    if _ENDLESS.fullmatch(text):
        raise UnknownResultError("the number is infinite")
    if text in (".nan", ".NaN", ".NAN"):
        raise EvaluationError("floating point NaN is not supported")
    return _time(text) or normal_form(text)


def _time(text: str) -> str | None:
    """Return a date or time as RFC 3339, None if it is neither."""
    match = _DATE.fullmatch(text)
    if match is None or (" " in text and match[7]):
        return None
    year, month, day = match[1], match[2].zfill(2), match[3].zfill(2)
    clock = ":".join((match[n] or "0").zfill(2) for n in (4, 5, 6))
    if match[4] and "t" in text.lower() and not match[7]:
        return None
    try:
        moment, _ = times.timestamp(f"{year}-{month}-{day}T{clock}{match[7] or 'Z'}")
    except UnknownResultError:
        raise
    except EvaluationError:
        return None
    return times.written(moment)


def _encode(value: TerraformValue) -> TerraformValue:
    out: list[yaml.Event] = []
    _write(value, out)
    text = yaml.emit(out)
    if len(out) > 1:
        return text
    # Go's libyaml ends a plain scalar that stands alone with a mark, ours a block scalar.
    text = text.removesuffix("\n...\n") + ("\n" if text.endswith("\n...\n") else "")
    return f"{text}...\n" if out[0].plain else text


def _write(value: TerraformValue, out: list[yaml.Event]) -> None:
    few(len(out))
    if isinstance(value, dict):
        out.append(yaml.Event("mapping"))
        for name in sorted(value):
            _write(name, out)
            _write(value[name], out)
        out.append(yaml.Event("end", "mapping"))
    elif isinstance(value, (tuple, Set)):
        items = members(value, "")
        out.append(yaml.Event("sequence"))
        for item in items:
            _write(item, out)
        out.append(yaml.Event("end", "sequence"))
    elif isinstance(value, str):
        if "\ufeff" in value:
            raise UnknownResultError("how Terraform writes a byte order mark as YAML")
        out.append(yaml.Event("scalar", value))
    elif isinstance(value, bool) or value is None:
        word = {None: "null", True: "true", False: "false"}[value]
        out.append(yaml.Event("scalar", word, plain=True))
    elif isinstance(value, (int, Decimal)):
        out.append(yaml.Event("scalar", number_text(value), plain=True))


def _decode_cost(text: str) -> int:
    """Return the steps of reading: each value stands behind one of these marks, or a line."""
    marks = sum(text.count(mark) for mark in "\n,:[{?-&*")
    return 2 * heaviness(text) + _EVENT * (1 + marks)


_EVENT = 4  # the steps of reading or writing one value


def _encode_cost(value: TerraformValue) -> int:
    return _EVENT * json_cost(value)


FUNCTIONS = (
    TerraformFunction("yamldecode", _decode, ("string",), scoped=True, cost=_decode_cost),
    TerraformFunction("yamlencode", _encode, ("any?",), returns="string", cost=_encode_cost),
)
