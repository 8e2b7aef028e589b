"""Which construct made a resource, and the line of the user's program that made the construct."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from checker.knowledge.constructs import shown_path
from checker.knowledge.partial import Known, Location, Unknown
from checker.knowledge.trail import CallArgument, Trail, TrailStep
from checker.model import Inventory
from checker.records import dataclass
from checker.sources.cloudformation.assembly.documents import (
    JsonDocument,
    items,
    member,
    text,
)
from checker.sources.cloudformation.assembly.frames import ProgramFiles
from checker.sources.cloudformation.language import calls
from checker.sources.cloudformation.language.template import StackTemplate
from checker.yaml import Scalar

PATH = "aws:cdk:path"
MOST_ENTRIES = 1_000
"""How many entries of one construct are looked at."""
MOST_CHARACTERS = 500
"""How much of a path is shown."""
_LOGICAL_ID, _CREATED = "aws:cdk:logicalId", "aws:cdk:creationStack"


@dataclass(frozen=True, slots=True)
class Construct:
    """What made a resource: its path in the app, and where the user's program makes it."""

    path: str
    at: Location | None = None

    @property
    def shown(self) -> str:
        """The path without the resource in which a construct of a library wraps what it makes."""
        return shown_path(self.path)


@dataclass(frozen=True, slots=True)
class ConstructRecords:
    """The constructs of a stack by their paths, and by the ids of what they make.

    An id that two constructs use, one of them in a nested stack, is not among the ids.
    """

    by_path: Mapping[str, Construct] = field(default_factory=dict)
    by_id: Mapping[str, Construct] = field(default_factory=dict)

    @classmethod
    def of_nested(cls, every: Iterable[ConstructRecords]) -> ConstructRecords:
        """Return what the metadata of stacks says of those that they nest: all of it by paths."""
        return cls({path: made for each in every for path, made in each.by_path.items()})


def construct_records(
    metadata: Mapping[str, JsonDocument], program: ProgramFiles
) -> ConstructRecords:
    """Return the constructs that the metadata of a stack names."""
    by_path: dict[str, Construct] = {}
    by_id: dict[str, Construct | None] = {}
    for written, entries in metadata.items():
        path = written.removeprefix("/")
        at = None
        ids = []
        for entry in items(entries)[:MOST_ENTRIES]:
            if text(entry, "type") == _CREATED:
                at = at or program.user_frame(items(member(entry, "data")))
            elif text(entry, "type") == _LOGICAL_ID:
                at = at or program.user_frame(items(member(entry, "trace")))
                ids.append(text(entry, "data"))
        by_path[path] = Construct(path, at)
        for each in ids:
            by_id[each] = None if each in by_id else by_path[path]
    known = {name: each for name, each in by_id.items() if each is not None}
    return ConstructRecords(by_path, known)


class ConstructOrigins:
    """The constructs that made the resources of templates, by where these stand."""

    def __init__(self) -> None:
        self.paths: dict[str, str] = {}
        self._marks: dict[str, list[tuple[int, int]]] = {}
        self._made: dict[str, list[Construct | None]] = {}

    def add(self, template: StackTemplate, records: ConstructRecords, prefix: str | None) -> None:
        """Add the resources of a template; `prefix` begins their ids, None where it is unknown."""
        found = dict(_resources(template, records))
        marks: list[tuple[tuple[int, int], Construct | None]] = [
            ((value.line, value.column), None) for value in template.sections.values()
        ]
        for name, node in template.resources.items():
            key = template.keys.get((node.line, node.column), node)
            marks.append(((key.line, key.column), found.get(name)))
        marks.sort(key=lambda each: each[0])
        self._marks[template.source] = [start for start, _ in marks]
        self._made[template.source] = [made for _, made in marks]
        for name, made in found.items():
            self.paths.setdefault(name, made.path)
            if prefix is not None:
                self.paths[prefix + name] = made.path

    def made_by(self, at: Location) -> Construct | None:
        """Return the construct that made what stands at a place; None if none is known."""
        n = bisect_right(self._marks.get(at.source, ()), (at.line, at.column))
        return self._made[at.source][n - 1] if n else None


def constructs_of(found: Inventory, origins: ConstructOrigins) -> dict[str, str]:
    """Return the paths of the constructs that made things, by the ids of the things."""
    paths = dict(origins.paths)
    every = (found.mappings, found.sources, found.functions, found.roles, found.keys)
    for thing in (each for things in every for each in things):
        made = origins.made_by(thing.at)
        if made is not None and thing.id not in paths:
            paths[thing.id] = made.path
    return paths


def _resources(
    template: StackTemplate, records: ConstructRecords
) -> Iterator[tuple[str, Construct]]:
    for name, node in template.resources.items():
        written = calls.member(calls.member(node, "Metadata"), PATH)
        path = written.text if isinstance(written, Scalar) else ""
        made = records.by_path.get(path) or records.by_id.get(name)
        if made is None and path:
            made = Construct(path)
        if made is not None:
            yield name, Construct(made.path[:MOST_CHARACTERS], made.at)


@dataclass(frozen=True, slots=True)
class ConstructTrails:
    """The trails of a stack: from a line of its template to the line of the user's program."""

    origins: ConstructOrigins

    def of(
        self,
        value: Location | Known[object] | Unknown,
        about: object = (),  # noqa: ARG002 - as the protocol has it
    ) -> Trail:
        """Return the place in the template, then that of the program, if it is known."""
        at = value if isinstance(value, Location) else value.at
        made = self.origins.made_by(at)
        if made is None:
            return (TrailStep("place", "", at),)
        if made.at is None:
            return (TrailStep("construct", made.shown, at),)
        return (
            TrailStep("construct", made.shown, at, installed=True),
            TrailStep("program", made.shown, made.at),
        )

    def call_argument(
        self,
        block: str,  # noqa: ARG002 - as the protocol has it
        path: tuple[str, ...],  # noqa: ARG002 - the same
    ) -> CallArgument | None:
        """Return None: no module is called."""
        return None
