"""The findings of a report as Markdown: grouped by rule, the worst first, as many as have room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from checker.knowledge.partial import Location
from checker.records import dataclass
from checker.reports.counts import counted
from checker.reports.excerpts import places, without_places
from checker.reports.fix_pieces import pieces
from checker.reports.markup import code, fenced, fitting, linked, prose, size, within
from checker.reports.permalinks import Permalinks
from checker.reports.report import Finding, Severity
from checker.reports.titles import affected
from checker.reports.worsened import marked

MOST_LINE, MOST_TEXT, MOST_REASONS = 600, 4_000, 15
"""How long one line of a list or a reason and one message or fix may be; how many reasons."""
MOST_NAMED = 3
"""How many rules the head of a group names."""
_SEVERITIES = list(Severity)

GroupKey: TypeAlias = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of the same rules that are called by the same `word`, such as `new error`."""

    word: str
    rules: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def key(self) -> GroupKey:
        """What no other group has."""
        return self.word, self.rules


def grouped(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Return standing findings by what they are called and their rules: what is new first."""
    found: dict[GroupKey, list[Finding]] = {}
    for finding in sorted(findings, key=lambda each: not each.new):
        rules = tuple(dict.fromkeys(part.rule for part in finding.parts))
        found.setdefault((_word(finding), rules), []).append(finding)
    return [FindingGroup(word, rules, tuple(each)) for (word, rules), each in found.items()]


def chosen(groups: Sequence[FindingGroup], most: int) -> list[FindingGroup]:
    """Return groups with at most so many findings in all; no group without one.

    Of the worst severity each rule has its first one, then its second, before the next severity.
    """
    ranked = sorted(
        (not finding.new, *_rank(finding), nth, number)
        for number, group in enumerate(groups)
        for nth, finding in enumerate(group.findings)
    )
    counts = dict.fromkeys(range(len(groups)), 0)
    for *_, number in ranked[:most]:
        counts[number] += 1
    taken = (replace(g, findings=g.findings[: counts[n]]) for n, g in enumerate(groups))
    return [each for each in taken if each.findings]


def blocks(
    groups: Iterable[FindingGroup],
    room: int,
    measure: Callable[[str], int],
    write: Callable[[Finding], str],
) -> tuple[list[str], dict[GroupKey, int]]:
    """Return a block a group, as many as have room, and how many findings of each are shown."""
    found: list[str] = []
    shown: dict[GroupKey, int] = {}
    for group in groups:
        room -= measure(_folded(group, len(group.findings), "")) + 2
        inside = fitting(map(write, group.findings), room, 2, measure)
        if not inside:
            break
        found.append(_folded(group, len(inside), "\n\n".join(inside)))
        room -= sum(measure(each) + 2 for each in inside)
        shown[group.key] = len(inside)
        if len(inside) < len(group.findings):
            break
    return found, shown


def _folded(group: FindingGroup, count: int, inside: str) -> str:
    opened = " open" if group.word.removeprefix("new ") in {"error", "unknown"} else ""
    names = ", ".join(group.rules[:MOST_NAMED])
    others = len(group.rules) - MOST_NAMED
    names += f" and {others} more" if others > 0 else ""
    more = f" ({counted(count, 'finding')})" if count > 1 else ""
    head = f"<summary><b>{group.word}</b>: {names}{more}</summary>"
    return f"<details{opened}>{head}\n\n{inside}\n\n</details>"


def left_out(
    groups: Iterable[FindingGroup], shown: Mapping[GroupKey, int], links: Permalinks
) -> Iterator[str]:
    """Yield a line for each group of which not all findings are shown, with how many are not."""
    for group in groups:
        left = group.findings[shown.get(group.key, 0) :]
        if left:
            at = left[0].at
            place = f", the first at {_place(at, links)}" if at is not None else ""
            rules = ", ".join(f"`{rule}`" for rule in group.rules[:MOST_NAMED])
            more = len(group.rules) - MOST_NAMED
            rules += f" and {more} more" if more > 0 else ""
            yield f"- {len(left)} {group.word} {rules}{place}"


def _word(finding: Finding) -> str:
    word = "unknown" if finding.kind == "unknown" else finding.severity.value
    return marked(word, finding)


def _rank(finding: Finding) -> tuple[int, bool]:
    return _SEVERITIES.index(finding.severity), finding.kind != "problem"


def written(
    finding: Finding, titles: Mapping[str, str], links: Permalinks, *, all_affected: bool
) -> str:
    """Return what is said of one finding; where `all_affected`, its mappings are those of all."""
    return "\n".join(_lines(finding, titles, links, all_affected=all_affected))


def _lines(
    finding: Finding, titles: Mapping[str, str], links: Permalinks, *, all_affected: bool
) -> Iterator[str]:
    place = f"{_place(finding.at, links)}: " if finding.at is not None else ""
    rules = list(dict.fromkeys(part.rule for part in finding.parts))
    several = finding.kind == "unknown" and bool(finding.why) and len(rules) > 1
    message = without_places(finding.message, places(finding, MOST_REASONS))
    yield f"{place}{within(finding.why if several else message, MOST_TEXT, prose)}"
    if several:
        yield f"- cannot decide {', '.join(f'`{rule}`' for rule in rules)}"
    for each in finding.because[:MOST_REASONS]:
        at = f" ({_place(each.at, links)})" if each.at is not None else ""
        yield f"- {within(each.text, MOST_LINE, prose)}{at}"
    more = len(finding.because) - MOST_REASONS
    if more > 0:
        yield f"- {counted(more, 'reason')} more"
    if finding.mappings and not all_affected:
        yield f"- affects {affected(finding, titles, code)}"
    if finding.fix:
        yield f"\n{'To settle it' if finding.kind == 'unknown' else 'Fix'}:{_fix(finding.fix)}"


def _place(at: Location, links: Permalinks) -> str:
    return linked(code(str(at)), links.of(at))


def _fix(fix: str) -> str:
    """Return a fix with its code in fences; one of several lines, or a long one, as a whole."""
    parts = list(pieces(fix)) if len(fix) <= MOST_TEXT // 2 and "\n" not in fix else []
    said = "\n\n".join(fenced(e.text, "hcl") if e.code else prose(e.text) for e in parts)
    if not parts or size(said) > MOST_TEXT:
        return f"\n\n{within(fix, MOST_TEXT, fenced)}"
    return f"\n\n{said}" if parts[0].code else f" {said}"
