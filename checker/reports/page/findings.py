"""The findings of the page: each cause once, those of one rule that are many as one block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial

from markupsafe import Markup, escape

from checker.records import dataclass
from checker.reports.excerpts import places, unplaced, without_places
from checker.reports.page.by_mapping import word
from checker.reports.page.sentences import SentencePart, pieces, segments
from checker.reports.report import Finding, Report, Row
from checker.reports.snippets import Places, Snippets
from checker.reports.terminal import Tone, visible
from checker.reports.titles import title
from checker.reports.worsened import marked

TITLES = {
    "error": "Errors",
    "unknown": "Unknown",
    "warning": "Warnings",
    "note": "Notes",
    "waived": "Waived",
}
MOST_ALIKE = {"error": 20}
"""How many findings of one rule are shown in full, by their word; of more only the first is."""
_MOST_ALIKE = 5
MOST_LISTED = {"note": 1_000}
"""How many findings of one rule are listed that are not shown in full; the rest are counted."""
_MOST_LISTED = 10_000
MOST_TEXTS = 500
"""Of how many of them a message or fix of their own is shown; of the rest the place is."""
MOST_UNFOLDED = 100
"""How many of them a list has that is not folded."""
MOST_AFFECTED = 10
"""How many mappings are named that a finding concerns."""
MOST_RULES = 3
WIDTH = 110
"""How wide excerpts are, in characters."""
_CODE = re.compile(r"`([^`]*)`")
_TONES: dict[str, Tone] = {"error": "bad", "unknown": "doubtful", "warning": "warn"}
_OPEN, _TONE_END, _CLOSE = "\x02", "\x03", "\x04"
_PAINTED = re.compile(f"{_OPEN}([a-z]+){_TONE_END}([^{_CLOSE}]*){_CLOSE}")


@dataclass(frozen=True, slots=True)
class MappingLink:
    """A mapping that a finding concerns: the number of its row, and what it is called."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class AlikeFinding:
    """A finding of a rule that is shown in full elsewhere; what it says is left out if the same."""

    number: int
    at: str
    message: list[tuple[str, bool]]
    fix: list[SentencePart]
    links: list[MappingLink]
    more: int
    rule: str


@dataclass(frozen=True, slots=True)
class FindingBlock:
    """A finding in full, and those that are `alike`.

    So many more are `unlisted`, and of so many are texts of their own left out that `differ`.
    """

    number: int
    shown: str
    rules: str
    at: str
    message: list[tuple[str, bool]]
    undecided: str
    excerpt: Markup
    notes: list[list[tuple[str, bool]]]
    waived: str
    settle: str
    fix: list[SentencePart]
    links: list[MappingLink]
    more: int
    rule: str
    alike: Sequence[AlikeFinding] = ()
    unlisted: int = 0
    differ: int = 0
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class FindingSection:
    """The findings of one word, such as `error`."""

    word: str
    title: str
    count: int
    blocks: list[FindingBlock] = field(default_factory=list)


def sections(report: Report) -> list[FindingSection]:
    """Return the findings of a report by their words, the worst first."""
    groups: dict[str, dict[str, list[int]]] = {each: {} for each in TITLES}
    for number, finding in enumerate(report.findings):
        groups[word(finding)].setdefault(finding.rule, []).append(number)
    page = _Page(
        report,
        {row.id: n for n, row in enumerate(report.mappings)},
        Snippets({(e.source, e.line): e.text for e in report.lines}, Places(), _painted, WIDTH),
    )
    found = []
    for each, of_word in groups.items():
        count = sum(map(len, of_word.values()))
        if count:
            blocks = [block for group in of_word.values() for block in page.blocks(each, group)]
            found.append(FindingSection(each, TITLES[each], count, blocks))
    return found


@dataclass(frozen=True, slots=True)
class _Page:
    """A report, the rows of its mappings by their ids, and what shows lines of the input."""

    report: Report
    rows: Mapping[str, int]
    snippets: Snippets

    def blocks(self, word: str, group: Sequence[int]) -> Iterator[FindingBlock]:
        """Yield the blocks of the findings with these numbers, which are of one word and rule."""
        if len(group) <= MOST_ALIKE.get(word, _MOST_ALIKE):
            yield from (self._block(number, word) for number in group)
            return
        first, *others = group
        most = MOST_LISTED.get(word, _MOST_LISTED)
        same = self._texts(self.report.findings[first])
        alike, differ = [], 0
        for number in others[:most]:
            differ += self._texts(self.report.findings[number]) != same
            alike.append(self._alike(number, same, has_room=differ <= MOST_TEXTS))
        yield replace(
            self._block(first, word),
            alike=alike,
            unlisted=max(len(others) - most, 0),
            differ=max(differ - MOST_TEXTS, 0),
            is_long=len(alike) > MOST_UNFOLDED,
        )

    def _block(self, number: int, word: str) -> FindingBlock:
        finding = self.report.findings[number]
        rules = list(dict.fromkeys(each.rule for each in finding.parts))
        more = len(rules) - MOST_RULES
        links, left = self._links(finding)
        return FindingBlock(
            number=number,
            shown=marked(word, finding),
            rules=", ".join(rules[:MOST_RULES]) + (f" and {more} more" if more > 0 else ""),
            at="" if finding.at is None else visible(str(finding.at)),
            message=segments(_message(finding)),
            undecided=", ".join(rules) if more > 0 else "",
            excerpt=self._excerpt(finding, word),
            notes=[segments(each) for each in dict.fromkeys(unplaced(finding))],
            waived=_waived(finding),
            settle="To settle it" if finding.kind == "unknown" else "Fix",
            fix=pieces(finding.fix) if finding.fix and finding.waived is None else [],
            links=links,
            more=left,
            rule=finding.rule,
        )

    def _alike(self, number: int, same: tuple[str, str], *, has_room: bool) -> AlikeFinding:
        finding = self.report.findings[number]
        links, more = self._links(finding)
        message, fix = self._texts(finding)
        return AlikeFinding(
            number=number,
            at=visible(finding.subject if finding.at is None else str(finding.at)),
            message=segments(_message(finding)) if has_room and message != same[0] else [],
            fix=pieces(finding.fix) if has_room and fix not in {same[1], ""} else [],
            links=links,
            more=more,
            rule=finding.rule,
        )

    def _links(self, finding: Finding) -> tuple[list[MappingLink], int]:
        numbers = [self.rows[each] for each in finding.mappings if each in self.rows]
        shown = [
            MappingLink(n, visible(title(self.report.mappings[n]))) for n in numbers[:MOST_AFFECTED]
        ]
        return shown, len(numbers) - len(shown)

    def _texts(self, finding: Finding) -> tuple[str, str]:
        """Return message and fix without the names that are the finding's own.

        What differs then from those of another finding has to be shown.
        """
        own = {finding.subject, *finding.mappings[:1]}
        for each in finding.mappings[:1]:
            if each in self.rows:
                own |= _parts(self.report.mappings[self.rows[each]])
        names = sorted(own - {""}, key=len, reverse=True)
        fix = finding.fix if finding.waived is None else ""
        without = partial(_without, names)
        return _CODE.sub(without, _message(finding)), _CODE.sub(without, fix)

    def _excerpt(self, finding: Finding, word: str) -> Markup:
        """Return the lines that a finding is about as the text shows them, set in tones."""
        every = places(finding)
        known = self.snippets.lines
        if not any(each.label or (each.at.source, each.at.line) in known for each in every):
            return Markup()
        gutter = max(len(str(each.at.line)) for each in every)
        tone = _TONES.get(word, "strong")
        lines = [
            line
            for n, place in enumerate(every)
            for line in self.snippets.shown(place, tone, gutter, first=not n)
        ]
        escaped = str(escape("\n".join(lines)))
        return Markup(_PAINTED.sub(r'<span class="\1">\2</span>', escaped))  # noqa: S704 - escaped


def _without(names: Sequence[str], match: re.Match[str]) -> str:
    code = match[0]
    for each in names:
        code = code.replace(each, "")
    return code


def _painted(text: str, tone: Tone) -> str:
    """Return a text between control characters, which no text of a report holds once visible."""
    return f"{_OPEN}{tone}{_TONE_END}{text}{_CLOSE}"


def _message(finding: Finding) -> str:
    """Return what a finding says, without the places that are shown beside it."""
    if finding.kind == "unknown" and finding.why:
        return finding.why
    return without_places(finding.message, places(finding))


def _waived(finding: Finding) -> str:
    if finding.waived is None:
        return ""
    until = f" until {finding.waived.until}" if finding.waived.until else ""
    return visible(f"{finding.waived.reason or 'no reason given'}{until}")


def _parts(row: Row) -> set[str]:
    things = (row.source, row.function, row.role, row.key, row.dead_letter)
    return {each.id for each in things if each is not None}
