"""What several values have in common, of which one is the value and nobody knows which.

`terraform.workspace == "prod" ? { name = "orders", size = 5 } : { name = "orders", size = 1 }` has
a known name, whatever the workspace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from checker.knowledge import sensitive
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.terraform.values.compare import equal
from checker.sources.terraform.values.marks import NONE, deep_marks, mark, sensitive_text, unmark
from checker.sources.terraform.values.terraform_values import (
    List,
    Marked,
    PlacedDict,
    PlacedTuple,
    Set,
    TerraformValue,
)

MOST_ALTERNATIVES = 200
"""How many values are compared; of more, nothing in common is looked for."""
_Parts: TypeAlias = list[str | Hole]
_OPEN = frozenset((Kind.ANY, Kind.JSON))


def common(values: Sequence[TerraformValue], unknown: Hole) -> TerraformValue:
    """Return what is sure of a value that is one of several; `unknown` where nothing is.

    What differs inside of it is unknown under the name of `unknown` and the steps to it.
    """
    if not values or len(values) > MOST_ALTERNATIVES:
        return unknown
    return _common(values, unknown)


def _common(values: Sequence[TerraformValue], unknown: Hole) -> TerraformValue:
    marks = NONE.union(*(each.marks for each in values if isinstance(each, Marked)))
    if marks:
        made = _common([unmark(each)[0] for each in values], unknown)
        return made if made == unknown else mark(made, marks)
    first, *others = values
    if all(equal(first, other) is Truth.YES and _shape(first) == _shape(other) for other in others):
        own = deep_marks(first)
        if isinstance(first, Text) and any(_thing(other) != first.thing for other in others):
            first = first.taken_of("")
        return mark(first, NONE.union(*map(deep_marks, others)) - own)
    if all(isinstance(each, (str, Text)) for each in values):
        return _text([_parts(each) for each in values], unknown)
    if all(_shape(first) == _shape(other) for other in others):
        if isinstance(first, PlacedDict):
            return _object([each for each in values if isinstance(each, dict)], unknown)
        if isinstance(first, PlacedTuple):
            return _tuple([each for each in values if isinstance(each, tuple)], unknown)
    return unknown


def _thing(value: TerraformValue) -> str:
    return value.thing if isinstance(value, Text) else ""


def _shape(value: TerraformValue) -> object:
    """Return what two values must share so that one may stand for the other, inside too."""
    if isinstance(value, bool) or value is None or isinstance(value, (Hole, Set)):
        return type(value)
    if isinstance(value, (int, Decimal)):
        return "number"
    if isinstance(value, (str, Text)):
        return "string"
    if isinstance(value, dict):
        return type(value), tuple(sorted(value)), getattr(value, "element", None)
    if isinstance(value, (List, PlacedTuple)):
        return type(value), len(value), getattr(value, "element", None)
    return type(value)


def _object(values: Sequence[dict[str, TerraformValue]], unknown: Hole) -> TerraformValue:
    made = {
        name: _common(
            [each[name] for each in values], replace(unknown, name=f"{unknown.name}.{name}")
        )
        for name in values[0]
    }
    return PlacedDict(made)


def _tuple(values: Sequence[tuple[TerraformValue, ...]], unknown: Hole) -> TerraformValue:
    return PlacedTuple(
        _common(list(each), replace(unknown, name=f"{unknown.name}[{n}]"))
        for n, each in enumerate(zip(*values, strict=True))
    )


def _parts(value: TerraformValue) -> _Parts:
    return list(value.parts) if isinstance(value, Text) else [value] if value else []  # type: ignore[list-item]


def _text(texts: list[_Parts], unknown: Hole) -> TerraformValue:
    """Return a text of what all begin and end with, whole words of it, and an unknown between."""
    secret = any(sensitive.is_sensitive(part) for each in texts for part in each)
    texts = [[sensitive.opened(part) for part in each] for each in texts]
    head = _shared(texts)
    turned = [[_turned(part) for part in reversed(each)] for each in texts]
    tail = [_turned(part) for part in reversed(_shared(turned))]
    hole = replace(unknown, kind=_kind(turned))
    if head or tail:
        hole = replace(hole, name=f"{unknown.name} part")
    made = Text((*head, hole, *tail))
    return sensitive_text(made) if secret else made


def _turned(part: str | Hole) -> str | Hole:
    return part if isinstance(part, Hole) else part[::-1]


def _shared(texts: list[_Parts]) -> _Parts:
    """Take from all texts what they begin with alike."""
    taken: _Parts = []
    while all(texts):
        heads = [each[0] for each in texts]
        words = [head for head in heads if isinstance(head, str)]
        if len(words) == len(heads):
            size = _same(words)
            if not size:
                break
            taken.append(words[0][:size])
            for each, word in zip(texts, words, strict=True):
                each[:1] = [word[size:]] if len(word) > size else []
        elif all(head == heads[0] for head in heads):
            taken.append(heads[0])
            for each in texts:
                del each[0]
        else:
            break
    return taken


def _same(words: list[str]) -> int:
    """Return how many characters words begin with alike, up to the end of a word in all of them."""
    least, most = min(words), max(words)
    size = 0
    for one, other in zip(least, most, strict=False):
        if one != other:
            break
        size += 1
    if size == len(least):
        return size
    while size and least[size - 1].isalnum():
        size -= 1
    return size


def _kind(middles: list[_Parts]) -> Kind:
    """Return the kind of a hole that holds any of the middles."""
    holes = [part for each in middles for part in each if isinstance(part, Hole)]
    words = [part for each in middles for part in each if isinstance(part, str)]
    plain = all(Kind.PART.alphabet.holds(word) for word in words)
    if not plain or any(hole.kind in _OPEN for hole in holes):
        return Kind.ANY
    full = all(
        any(isinstance(part, str) or part.kind.alphabet.least for part in each) for each in middles
    )
    return Kind.NAME if full else Kind.PART
