"""YAML text into nodes that know their line; the one door to PyYAML.

Scalars are read as YAML 1.2's core schema reads them (https://yaml.org/spec/1.2.2/#103-core-schema)
but for floating-point numbers, so `off` and `yes` are text, and a date is text. Nothing here
recurses over the input, and nesting, size and what aliases expand to are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Any, TypeAlias

import yaml

from checker.records import dataclass

MOST_CHARACTERS = 1_000_000
"""How long a text may be."""
MOST_DEPTH = 64
"""How deep lists and mappings may be nested."""
MOST_NODES = 100_000
"""How many nodes there may be when every alias is written out."""


class YamlError(Exception):
    """The text is not YAML that we read; `line` and `column` count from 1."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value; `text` is how it was written, `tag` is `!Name` if one was given."""

    value: str | int | bool | None
    text: str
    line: int
    column: int
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[YamlNode, ...]
    line: int
    column: int
    tag: str = ""


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """Keys and values in their order; no key occurs twice."""

    entries: tuple[tuple[Scalar, YamlNode], ...]
    line: int
    column: int
    tag: str = ""


YamlNode: TypeAlias = Scalar | Sequence | YamlMapping

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_QUOTED = re.compile(r"('[^\w\s]')|'.{2,}'|\".{2,}\"", re.DOTALL)
"""What PyYAML quotes: signs of its own, which are shown, and of the text, which may be secret."""
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))


def _refused(error: yaml.MarkedYAMLError) -> YamlError:
    said = error.problem or error.context or "not YAML"
    problem = _QUOTED.sub(lambda quoted: quoted[1] or "a word", said)
    return YamlError(problem, *_place(error.problem_mark or error.context_mark))


def parse(text: str) -> YamlNode:
    """Return the one document of a text; an empty text is a null.

    Raises:
        YamlError: the text is not YAML, is too large, or repeats a key.
    """
    if len(text) > MOST_CHARACTERS:
        raise YamlError(f"longer than {MOST_CHARACTERS} characters")
    builder = _Builder()
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise _refused(error) from error
    except yaml.YAMLError as error:
        raise YamlError(str(error).splitlines()[0]) from error
    return builder.root or Scalar(None, "", 1, 1)


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet; `weight` counts its nodes so far."""

    is_mapping: bool
    line: int
    column: int
    tag: str
    anchor: str | None
    children: list[YamlNode] = field(default_factory=list)
    keys: set[object] = field(default_factory=set)
    weight: int = 1


class _Builder:
    """Builds nodes from PyYAML's events, with a stack in place of recursion."""

    def __init__(self) -> None:
        self.root: YamlNode | None = None
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[YamlNode, int]] = {}

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        match event:
            case yaml.ScalarEvent():
                self._add(_scalar(event), event.anchor)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._open(event)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._close()
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.DocumentStartEvent() if self.root is not None:
                raise YamlError("more than one document", *_place(event.start_mark))

    def _open(self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        line, column = _place(event.start_mark)
        if len(self._stack) >= MOST_DEPTH:
            raise YamlError(f"nested deeper than {MOST_DEPTH} levels", line, column)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self._stack.append(_Open(is_mapping, line, column, _tag(event.tag), event.anchor))

    def _close(self) -> None:
        top = self._stack.pop()
        children = tuple(top.children)
        node: YamlNode
        if top.is_mapping:
            keys = (key for key in children[::2] if isinstance(key, Scalar))
            entries = tuple(zip(keys, children[1::2], strict=True))
            node = YamlMapping(entries, top.line, top.column, top.tag)
        else:
            node = Sequence(children, top.line, top.column, top.tag)
        self._add(node, top.anchor, top.weight)

    def _alias(self, event: yaml.AliasEvent) -> None:
        found = self._anchors.get(event.anchor or "")
        if found is None:
            why = f"no anchor `{event.anchor}` ends before this alias"
            raise YamlError(why, *_place(event.start_mark))
        self._add(found[0], None, found[1])

    def _add(self, node: YamlNode, anchor: str | None, weight: int = 1) -> None:
        if anchor is not None:
            self._anchors[anchor] = (node, weight)
        if not self._stack:
            self.root = node
            return
        top = self._stack[-1]
        if top.is_mapping and len(top.children) % 2 == 0:
            _new_key(node, top.keys)
        top.children.append(node)
        top.weight += weight
        if top.weight > MOST_NODES:
            raise YamlError(f"more than {MOST_NODES} values", node.line, node.column)


def _place(mark: object) -> tuple[int, int]:
    """Return line and column from 1; PyYAML's marks count from 0 and may be missing."""
    return getattr(mark, "line", 0) + 1, getattr(mark, "column", 0) + 1


def _new_key(node: YamlNode, keys: set[object]) -> None:
    if not isinstance(node, Scalar):
        raise YamlError("a key must be a single value", node.line, node.column)
    key = (type(node.value), node.value)
    if key in keys:
        raise YamlError(f"the key `{node.text}` occurs twice", node.line, node.column)
    keys.add(key)


def _scalar(event: yaml.ScalarEvent) -> Scalar:
    line, column = _place(event.start_mark)
    plain = event.style is None or event.style == ""
    value = _resolve(event.value) if plain and event.tag is None else event.value
    return Scalar(value, event.value, line, column, _tag(event.tag))


def _resolve(text: str) -> str | int | bool | None:
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    return int(text) if _INTEGER.fullmatch(text) else text


def _tag(tag: str | None) -> str:
    return "" if tag is None or tag == "!" else tag


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a text, for readers and writers with scalar rules of their own.

    `kind` is `scalar`, `sequence`, `mapping`, `end`, `alias` or `document`. `text` is a scalar's
    text, a document's `%YAML` version if it states one, or what an `end` ends; `plain` says that
    a scalar has no quotes.
    """

    kind: str
    text: str = ""
    tag: str = ""
    anchor: str = ""
    plain: bool = False
    line: int = 1


def events(text: str) -> Iterator[Event]:
    """Yield the steps of a text; nesting and aliases are not bounded here.

    Raises:
        YamlError: the text is not YAML.
        TooLongError: it is longer than `MOST_CHARACTERS`.
    """
    if len(text) > MOST_CHARACTERS:
        raise TooLongError(f"longer than {MOST_CHARACTERS} characters")
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            step = _event(event)
            if step is not None:
                yield step
    except yaml.MarkedYAMLError as error:
        raise _refused(error) from error
    except yaml.YAMLError as error:
        raise YamlError(str(error).splitlines()[0]) from error


class TooLongError(YamlError):
    """The text may be YAML, but is longer than we read."""


def _event(event: yaml.Event) -> Event | None:
    line, _ = _place(event.start_mark)
    match event:
        case yaml.ScalarEvent():
            plain = not event.style
            return Event("scalar", event.value, event.tag or "", event.anchor or "", plain, line)
        case yaml.SequenceStartEvent():
            return Event("sequence", "", event.tag or "", event.anchor or "", line=line)
        case yaml.MappingStartEvent():
            return Event("mapping", "", event.tag or "", event.anchor or "", line=line)
        case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
            return Event("end", line=line)
        case yaml.AliasEvent():
            return Event("alias", anchor=event.anchor or "", line=line)
        case yaml.DocumentStartEvent():
            return Event("document", ".".join(map(str, event.version or ())), line=line)
        case _:
            return None


def emit(steps: Iterable[Event]) -> str:
    """Write one document in block style, as libyaml does.

    A scalar that is not plain stands in double quotes, or as a block where it has several lines.
    """
    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    made = [
        yaml.StreamStartEvent(),
        yaml.DocumentStartEvent(explicit=False),
        *map(_emitted, steps),
        yaml.DocumentEndEvent(explicit=False),
        yaml.StreamEndEvent(),
    ]
    written: str = yaml.emit(made, Dumper=dumper, allow_unicode=True, width=80)
    return written


def _emitted(step: Event) -> yaml.Event:
    if step.kind == "mapping":
        return yaml.MappingStartEvent(None, None, implicit=True, flow_style=False)
    if step.kind == "sequence":
        return yaml.SequenceStartEvent(None, None, implicit=True, flow_style=False)
    if step.kind == "end":
        return yaml.MappingEndEvent() if step.text == "mapping" else yaml.SequenceEndEvent()
    style = "" if step.plain else "|" if "\n" in step.text else '"'
    return yaml.ScalarEvent(None, None, (True, True), step.text, style=style)
