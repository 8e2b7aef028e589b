"""What the files of one module directory declare: an index of blocks, parsed when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field, replace
from pathlib import Path
from typing import TypeAlias

from checker.errors import Reason, SourceError
from checker.records import dataclass
from checker.sources.comments import Comment, comments
from checker.sources.terraform.configuration.engine import Engine, passed_over
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.blocks import OURS
from checker.sources.terraform.language.json_syntax import JsonBlock, parse_json, scan_json
from checker.sources.terraform.language.scan import RawBlock, Stretch, split

FoundBlock: TypeAlias = RawBlock | JsonBlock
_REPEATED = {"locals", "provider", "terraform", "moved", "import", "removed", "check"}
_ARGUMENT = re.compile(r"(?<![\w-])([^\W\d][\w-]*+)[ \t]*+(?:=(?!=)|/\*)")
QUICK_FROM = 100_000
"""How many bytes are read before the expressions for plain blocks are worth making."""
_LATER = {"resource", "data"}
LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "action": 2, "list": 2} | dict.fromkeys(
    _REPEATED, 0
)
LABELS |= {"provider": 1, "check": 1, "variable": 1, "output": 1, "module": 1}
"""How many labels a block of each kind has; of a kind that is not here nothing is known."""


@dataclass
class Declarations:
    """The blocks of one module directory by kind and labels.

    `unreadable` collects every reason why a file or a block could not be read, so that the run
    ends with all of them. `later` are stretches of files that hold nothing but resources and
    data sources of other services: they are indexed when one of these is asked for. `comments` are
    those that waive rules. `foreign` are blocks of no kind that is known.
    `depends_on_engine` tells that Terraform and OpenTofu read different files. Blocks of override
    files are merged into the blocks they name, see
    https://developer.hashicorp.com/terraform/language/files/override.
    """

    directory: Path
    unreadable: list[Reason]
    blocks: dict[tuple[str, ...], FoundBlock] = field(default_factory=dict)
    repeated: dict[str, list[FoundBlock]] = field(default_factory=dict)
    overrides: dict[tuple[str, ...], list[FoundBlock]] = field(default_factory=dict)
    later: list[Stretch] = field(default_factory=list)
    files: int = 0
    comments: list[Comment] = field(default_factory=list)
    foreign: list[FoundBlock] = field(default_factory=list)
    depends_on_engine: bool = False
    _names: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    _stretches: dict[str, list[Stretch]] = field(default_factory=dict)
    _locals: dict[str, list[FoundBlock]] = field(default_factory=dict)
    _opened: set[Stretch] = field(default_factory=set)
    _parsed: dict[int, tree.Block | None] = field(default_factory=dict)
    _refused: dict[int, tuple[Reason, ...]] = field(default_factory=dict)
    _lasting: list[Reason] = field(default_factory=list)
    _given: set[int] = field(default_factory=set)
    _asked: set[int] = field(default_factory=set)

    def begin(self) -> Declarations:
        """Begin the run of one root module: what another asked for in vain is not its own."""
        self.unreadable[:] = self._lasting
        self._given.clear()
        self._asked.clear()
        return self

    def scanned(self) -> Declarations:
        """Note that all files are split: what is unreadable by now is so for whoever asks."""
        self._lasting = list(self.unreadable)
        return self

    def names(self, *group: str) -> tuple[str, ...]:
        """Return the names of the blocks of a kind, or kind and resource type, in file order."""
        if group[0] in _LATER:
            self._index(group[1])
        return tuple(self._names.get(group, ()))

    def block(self, kind: str, *labels: str) -> tree.Block | None:
        """Return a block, parsed; None if there is none, or if it could not be parsed."""
        if kind in _LATER and (kind, *labels) not in self.blocks:
            self._index(labels[0])
        raw = self.blocks.get((kind, *labels))
        if raw is None:
            return None
        block = self.parsed(raw)
        for override in self.overrides.get((kind, *labels), ()):
            over = self.parsed(override)
            if block is not None and over is not None:
                block = _merged(block, over)
        return block

    def overridden(self, *key: str) -> tree.Block | None:
        """Return a block without what override files say of it, None where they say nothing."""
        return self.parsed(self.blocks[key]) if key in self.overrides else None

    def all_of(self, kind: str) -> Iterator[tree.Block]:
        """Yield every block of a kind that may be repeated (`locals`, `provider`), parsed."""
        for raw in self.repeated.get(kind, ()):
            block = self.parsed(raw)
            if block is not None:
                yield block

    def read_of(self, kind: str) -> Iterator[tree.Block]:
        """Yield those blocks of a kind that may be repeated which this root module asked for."""
        for raw in self.repeated.get(kind, ()):
            block = self._parsed.get(id(raw)) if id(raw) in self._asked else None
            if block is not None:
                yield block

    def read_blocks(self, kind: str) -> Iterator[tree.Block]:
        """Yield the blocks of a kind with labels which this root module asked for."""
        asked = [
            key for key, raw in self.blocks.items() if key[0] == kind and id(raw) in self._asked
        ]
        for key in asked:
            block = self.block(*key)
            if block is not None:
                yield block

    def mentions(self, word: str, *key: str) -> bool:
        """Tell whether a word stands in the text of blocks, or may: they are not parsed."""
        repeated = self.repeated.get(key[0], ()) if len(key) == 1 else ()
        found = (self.blocks.get(key), *self.overrides.get(key, ()), *repeated)
        return any(
            not isinstance(raw, RawBlock) or raw.file.text.find(word, raw.body, raw.end) >= 0
            for raw in found
            if raw is not None
        )

    def may_have_local(self, name: str) -> bool:
        """Tell whether a local value of a name may be declared; nothing is parsed."""
        if not self._locals:
            for raw in self.repeated.get("locals", ()):
                for word in self._words(raw):
                    self._locals.setdefault(word, []).append(raw)
        return name in self._locals

    def local(self, name: str) -> tree.Argument | None:
        """Return what the last of the `locals` blocks says of a name; the others are not parsed."""
        if not self.may_have_local(name):
            return None
        for raw in reversed(self._locals[name]):
            block = self.parsed(raw)
            if block is not None and name in block.body.arguments:
                return block.body.arguments[name]
        return None

    def _words(self, raw: FoundBlock) -> set[str]:
        """Return the names of a block's arguments, and perhaps more."""
        if isinstance(raw, RawBlock):
            return set(_ARGUMENT.findall(raw.file.text, raw.body, raw.end))
        block = self.parsed(raw)
        return set() if block is None else set(block.body.arguments)

    def has(self, *key: str) -> bool:
        """Tell whether there is such a block."""
        if key[0] in _LATER and len(key) > 1 and key not in self.blocks:
            self._index(key[1])
        return key in self.blocks

    def resources(self) -> Iterator[tuple[str, ...]]:
        """Yield what every resource and data source is called: its mode, type and name."""
        types = {each for stretch in self.later for each in stretch.types()} | set(self._stretches)
        for type_ in types:
            self._index(type_)
        yield from (key for key in self.blocks if key[0] in _LATER)

    def _index(self, type_: str) -> None:
        """Index what is kept for later and may hold a resource type."""
        if OURS.match(type_):
            return
        for stretch in self.later:
            for each in stretch.types():
                self._stretches.setdefault(each, []).append(stretch)
        self.later.clear()
        for stretch in self._stretches.pop(type_, ()):
            if stretch not in self._opened:
                self._opened.add(stretch)
                for raw in stretch.blocks():
                    self.add(raw)

    def add(self, raw: FoundBlock, block: tree.Block | None = None) -> None:
        """Index a block; a `block` that is parsed already stays so."""
        if block is not None:
            self._parsed[id(raw)] = block
        key = (raw.kind, *raw.labels)
        if raw.kind not in LABELS:
            self.foreign.append(raw)
        elif len(raw.labels) != LABELS[raw.kind]:
            self.refuse(raw, f"a `{raw.kind}` block needs {LABELS[raw.kind]} label(s)")
        elif raw.kind in _REPEATED:
            self.repeated.setdefault(raw.kind, []).append(raw)
        elif key in self.blocks:
            first = self.blocks[key].at
            self.refuse(raw, f"duplicate {raw.kind} `{'.'.join(raw.labels)}`: first at {first}")
        else:
            self.blocks[key] = raw
            self._names.setdefault(key[:-1], []).append(key[-1])

    def refuse(self, raw: FoundBlock, message: str) -> None:
        """Note what is wrong with a block."""
        place = f"{raw.at.source}:{raw.at.line}:{raw.at.column}"
        self.unreadable.append(Reason(message, place))
        self._lasting.append(Reason(message, place))

    def parsed(self, raw: FoundBlock) -> tree.Block | None:
        """Parse a block once; what is wrong with it goes to `unreadable`."""
        from checker.sources.terraform.language.syntax import TooLarge, parse_block

        self._asked.add(id(raw))
        if id(raw) not in self._parsed:
            block: tree.Block | None = None
            try:
                block = parse_json(raw) if isinstance(raw, JsonBlock) else parse_block(raw)
            except TooLarge as error:
                block = tree.Block(raw.kind, raw.labels, tree.Body({}, (), str(error)), raw.at)
            except SourceError as error:
                self._refused[id(raw)] = error.reasons
            self._parsed[id(raw)] = block
        if id(raw) in self._refused and id(raw) not in self._given:
            self._given.add(id(raw))
            self.unreadable.extend(self._refused[id(raw)])
        return self._parsed[id(raw)]


def _merged(block: tree.Block, over: tree.Block) -> tree.Block:
    """Lay an override block over a block: arguments one by one, nested blocks type by type."""
    replaced = {inner.kind for inner in over.body.blocks}
    kept = tuple(inner for inner in block.body.blocks if inner.kind not in replaced)
    arguments = {**block.body.arguments, **over.body.arguments}
    unread = block.body.unread or over.body.unread
    body = tree.Body(arguments, (*kept, *over.body.blocks), unread)
    return replace(block, body=body)


def declare(directory: Path, files: Files, engine: Engine | None = None) -> Declarations:
    """Scan a module directory; reasons for unreadable files are collected, not raised."""
    found = Declarations(directory, [])
    try:
        found.depends_on_engine = bool(passed_over(files.names(directory), Engine.TERRAFORM))
        plain, overrides = files.configuration(directory, engine)
    except SourceError as error:
        found.unreadable.extend(error.reasons)
        return found.scanned()
    for path in plain:
        for raw in _blocks(path, files, found, pass_over=True):
            found.add(raw)
    for path in overrides:
        for raw in _blocks(path, files, found, pass_over=False):
            key = (raw.kind, *raw.labels)
            if raw.kind in _REPEATED:
                found.add(raw)
            elif found.has(*key):
                found.overrides.setdefault(key, []).append(raw)
            else:
                found.refuse(raw, f"`{'.'.join(raw.labels)}` has nothing to override")
    return found.scanned()


def _blocks(
    path: Path, files: Files, found: Declarations, *, pass_over: bool
) -> Iterator[FoundBlock]:
    """Yield a file's blocks; with `pass_over`, those of others are kept for later."""
    found.files += 1
    try:
        text = files.read_source(path)
        if path.name.endswith(".json"):
            yield from scan_json(text, files.name(path))
            return
        found.comments.extend(comments(text, files.name(path)))
        quick = files.bytes >= QUICK_FROM
        for part in split(text, files.name(path), quick=quick, pass_over=quick and pass_over):
            if isinstance(part, Stretch):
                found.later.append(part)
            else:
                yield part
    except SourceError as error:
        found.unreadable.extend(error.reasons)
