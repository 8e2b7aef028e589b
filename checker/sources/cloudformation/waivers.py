"""What waives rules in a template: comments in YAML, and `Metadata` of a resource in any format.

Orders: # tfcheck: ignore[dead-letter-queue-missing] messages may be lost
  Type: AWS::SQS::Queue
  Metadata:
    tfcheck: {ignore: [dead-letter-queue-missing messages may be lost until=2027-01-31]}
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from checker.errors import Reason, SourceError
from checker.files import FileError, Repository
from checker.knowledge.partial import Location
from checker.model import InlineWaiver
from checker.records import dataclass
from checker.sources.cloudformation.language.calls import member
from checker.sources.cloudformation.language.template import StackTemplate, parse
from checker.sources.comments import named
from checker.yaml import MOST_CHARACTERS, Scalar, Sequence, YamlMapping, YamlNode

MOST_WAIVERS = 1_000
MOST_LINES = 1_000_000


@dataclass(frozen=True, slots=True)
class _Block:
    """A resource, or an event of a serverless function: its address, its lines and its body."""

    address: str
    key: Scalar
    end: int
    body: YamlNode


def waivers(
    template: StackTemplate, made: Iterable[tuple[str, Location]]
) -> tuple[InlineWaiver, ...]:
    """Return the waivers of a template, as it is written.

    `made` are the resources of the stack with their places: those that a serverless resource or a
    loop made stand in it, and are what a waiver at it is about. SourceError if there are too many.
    """
    lines = sorted((at.line, each) for each, at in made)
    found: list[InlineWaiver] = []
    for waiver in standing(template):
        if len(found) >= MOST_WAIVERS:
            why = f"more than {MOST_WAIVERS} waivers in one template"
            raise SourceError(Reason(why, template.source))
        first = bisect_left(lines, (waiver.start, ""))
        last = bisect_right(lines, (waiver.end, "\U0010ffff"))
        inside = {each for _, each in lines[first:last]} if waiver.start else set()
        own = {waiver.address} if waiver.address else set()
        found.append(replace(waiver, ids=frozenset(inside | own)))
    return tuple(found)


def waivers_in(files: Repository, source: str) -> list[InlineWaiver]:
    """Return the waivers of a template's file in a commit; none where it has no such template."""
    try:
        data = files.read(files.root / source, 4 * MOST_CHARACTERS)
        return list(standing(parse(data.decode("utf-8-sig"), source)))
    except (FileError, SourceError, UnicodeDecodeError):
        return []


def standing(template: StackTemplate) -> Iterator[InlineWaiver]:
    """Yield the waivers of a template, each with the resource or event that it stands at."""
    blocks = list(_blocks(template))
    shared = _shared_lines(blocks)
    by_line = {each.key.line: each for each in blocks if each.key.line not in shared}
    for comment in template.comments:
        yield _standing(comment.waiver, by_line.get(comment.line), template, shared)
    for each in blocks:
        for waiver in _of_metadata(each.body, template):
            yield _standing(waiver, each, template, shared)
    for waiver in _in_section(template.sections.get("Metadata"), template):
        yield replace(waiver, module=template.source)


def _standing(
    waiver: InlineWaiver, block: _Block | None, template: StackTemplate, shared: frozenset[int]
) -> InlineWaiver:
    if block is None:
        return replace(waiver, module=template.source)
    # Where resources share a line, as in JSON without line breaks, no line tells them apart.
    start = block.key.line
    end = block.end if start not in shared else start - 1
    return replace(waiver, module=template.source, address=block.address, start=start, end=end)


def _shared_lines(blocks: list[_Block]) -> frozenset[int]:
    seen: set[int] = set()
    shared: set[int] = set()
    for each in blocks:
        (shared if each.key.line in seen else seen).add(each.key.line)
    return frozenset(shared)


def _blocks(template: StackTemplate) -> Iterator[_Block]:
    """Yield the resources of a template, and the events in them."""
    sections = [value.line for value in template.sections.values()]
    resources = template.sections.get("Resources")
    entries = resources.entries if isinstance(resources, YamlMapping) else ()
    starts = sorted({*sections, *(key.line for key, _ in entries), MOST_LINES})
    for key, node in entries:
        end = starts[bisect_right(starts, key.line)] - 1
        yield _Block(key.text, key, end, node)
        events = member(member(node, "Properties"), "Events")
        inner = events.entries if isinstance(events, YamlMapping) else ()
        for name, event in inner:
            if key.line < name.line <= end:
                yield _Block(f"{key.text}.Events.{name.text}", name, min(_last(event), end), event)


def _last(node: YamlNode) -> int:
    """Return the last line on which something in a node begins."""
    last, pending = node.line, [node]
    while pending:
        one = pending.pop()
        last = max(last, one.line)
        if isinstance(one, YamlMapping):
            pending.extend(value for _, value in one.entries)
        elif isinstance(one, Sequence):
            pending.extend(one.items)
    return last


def _of_metadata(body: YamlNode, template: StackTemplate) -> Iterator[InlineWaiver]:
    yield from _in_section(member(body, "Metadata"), template)


def _in_section(metadata: YamlNode | None, template: StackTemplate) -> Iterator[InlineWaiver]:
    ignored = member(member(metadata, "tfcheck"), "ignore")
    items = (
        ignored.items if isinstance(ignored, Sequence) else () if ignored is None else (ignored,)
    )
    for each in items:
        at = template.place(each)
        if isinstance(each, Scalar):
            yield named(each.text, at)
            continue
        given = {name: member(each, name) for name in ("rule", "reason", "until")}
        texts = {name: node.text for name, node in given.items() if isinstance(node, Scalar)}
        rules = (texts["rule"],) if "rule" in texts else ()
        yield InlineWaiver(rules, texts.get("reason", ""), texts.get("until", ""), at)
