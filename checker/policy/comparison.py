"""What a change brings: the findings of a run against those of the commit before it.

A finding is the same whatever file and line it stands on: a renamed file, local value or module
directory makes nothing new, and neither does a `moved` block.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from typing import TypeAlias

from checker.policy.improvement import GREATER, is_smaller
from checker.policy.summary import summarize
from checker.records import dataclass
from checker.reports.report import Compared, Finding, Report, Row, Severity, UnreadRow, Verdict

_WORDS = re.compile(r"([\s()`,;{}\"']+)")
_PLACE = re.compile(r"\.(?:tf|tofu|tfvars|hcl|json|ya?ml|tpl|tftpl|txt):\d+(?::\d+)?\.?$")
_BRACKETS = re.compile(r" ?\((?:default)?[, ]*\)")
_NAMES = re.compile(r"\b(local|var)\.[\w-]+")
_INSTANCE = re.compile(r"\[[^\]]*\]")
_VERDICTS = list(Verdict)
_SEVERITIES = list(Severity)

FindingKey: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """The findings that a commit has too, and what else a change does.

    `was` is the verdict of each mapping that got worse. `unread_rows` are what of the commit was
    not read, `lost` says that something is not read now which was. With a `why` the commit was not
    read.
    """

    commit: str
    known: frozenset[Finding] = frozenset()
    was: dict[str, Verdict] = field(default_factory=dict)
    fixed: int = 0
    unread_rows: tuple[str, ...] = ()
    lost: bool = False
    why: str = ""

    def applied(self, report: Report) -> Report:
        """Return a report without the findings that are known; verdicts count them all the same."""
        kept = tuple(
            replace(each, new=not self.why and each.waived is None)
            for each in report.findings
            if each not in self.known
        )
        rows = tuple(replace(row, was=self.was.get(row.id)) for row in report.mappings)
        return replace(
            report,
            mappings=rows,
            findings=kept,
            summary=summarize(rows, kept, report.summary.other_sources),
            unchanged=len(report.findings) - len(kept),
            compared=Compared(self.commit, self.fixed, self.unread_rows, self.lost, self.why),
        )


def compare(
    now: Report, then: Report, commit: str, renamed: Callable[[str], str] = str
) -> Comparison:
    """Compare a report with that on a commit, both under one policy.

    `renamed` gives today's addresses in a text of the commit.
    """
    before = {renamed(row.id): row.verdict for row in then.mappings}
    theirs = [_Said.of(each, renamed) for each in then.findings]
    ours = [_Said.of(each, str) for each in now.findings]
    unread_rows = {renamed(row.id) for row in then.unread}
    ids = {row.id for row in now.unread}
    return Comparison(
        commit,
        known=frozenset(_known(ours, theirs)),
        was=dict(_worse(now.mappings, before)),
        fixed=_fixed(ours, theirs),
        unread_rows=tuple(f"`{row.id}`: {row.why}" for row in _only(then.unread, ids, renamed)),
        lost=not ids <= unread_rows,
    )


def _only(
    unread_rows: Iterable[UnreadRow], others: set[str], renamed: Callable[[str], str]
) -> Iterator[UnreadRow]:
    return (row for row in unread_rows if renamed(row.id) not in others)


@dataclass(frozen=True, slots=True)
class _Said:
    """A finding as it is compared: of each mapping, without files, lines and names of values."""

    finding: Finding
    subject: str
    mappings: tuple[str, ...]
    facts: str

    @classmethod
    def of(cls, finding: Finding, renamed: Callable[[str], str]) -> _Said:
        message = finding.message
        for at in (finding.at, *(each.at for each in finding.because)):
            # A name with blanks is no word.
            if at is not None and " " in at.source:
                message = message.replace(str(at), "x.tf:1")
        return cls(
            finding,
            _without_places(renamed(finding.subject)).replace("[0]", ""),
            tuple(renamed(each) for each in finding.mappings),
            facts(renamed(message)),
        )

    @property
    def stands(self) -> bool:
        return self.finding.waived is None

    def points(self, rule: str = "") -> Iterator[FindingKey]:
        """Yield what it is about, once for each mapping, as its own rule says or another."""
        for mapping in self.mappings or ("",):
            yield (rule or self.finding.rule, self.subject, mapping)

    def keys(self) -> Iterator[FindingKey]:
        """Yield what it says, once for each mapping."""
        said = (self.finding.kind, self.finding.severity.value, self.facts)
        return ((*point, *said) for point in self.points())


def facts(message: str) -> str:
    """Return what a message says without places and the names of values.

    `30 s (default, queue.tf:3)` and `30 s (main.tf:9)` are one fact. What has no key is what was
    the first of one: Terraform makes it that where `count` comes or goes.
    """
    return _NAMES.sub(r"\1", _BRACKETS.sub("", _without_places(message))).replace("[0]", "")


def _without_places(text: str) -> str:
    """Return a text without words that end as `main.tf:3` does; it takes linear time."""
    return "".join("" if _PLACE.search(word) else word for word in _WORDS.split(text))


def _known(ours: list[_Said], theirs: list[_Said]) -> Iterator[Finding]:
    """Yield the findings of which the commit says no less, of every mapping.

    What is waived in one of them alone is new. An unknown point that was unknown for another
    reason, or a problem, is no worse than it was, and neither is a problem that got smaller.
    """
    standing = _Counts(each for each in theirs if each.stands)
    waived = _Counts(each for each in theirs if not each.stands)
    left: list[_Said] = []
    for each in ours:
        if (standing if each.stands else waived).take(each):
            yield each.finding
        else:
            left.append(each)
    problems = _Problems(each for each in theirs if each.stands)
    for each in left:
        if not each.stands:
            continue
        if each.finding.kind == "unknown":
            if standing.take_point(each):
                yield each.finding
        elif problems.are_no_smaller(each):
            rule = problems.rule_of(each)
            if standing.take_point(each, rule):
                yield each.finding


class _Counts:
    """How often each thing is said of each mapping; what is taken is not there again."""

    def __init__(self, said: Iterable[_Said]) -> None:
        self._keys: Counter[FindingKey] = Counter()
        self._points: Counter[FindingKey] = Counter()
        for each in said:
            self._keys.update(each.keys())
            self._points.update(each.points())

    def take(self, each: _Said) -> bool:
        """Take what a finding says, if it is all there."""
        wanted = Counter(each.keys())
        if any(self._keys[key] < count for key, count in wanted.items()):
            return False
        self._keys.subtract(wanted)
        self._points.subtract(each.points())
        return True

    def take_point(self, each: _Said, rule: str = "") -> bool:
        """Take one thing that a rule says of what a finding is about, whatever it says."""
        wanted = Counter(each.points(rule))
        if any(self._points[point] < count for point, count in wanted.items()):
            return False
        self._points.subtract(wanted)
        return True


class _Problems:
    """The problems of the commit, by what they are about."""

    def __init__(self, said: Iterable[_Said]) -> None:
        self._found: dict[FindingKey, list[_Said]] = defaultdict(list)
        for each in said:
            if each.finding.kind == "problem":
                for point in each.points():
                    self._found[point].append(each)

    def are_no_smaller(self, now: _Said) -> bool:
        """Tell whether the commit has a fault that is no smaller, of each mapping."""
        rule = self.rule_of(now)
        return all(
            any(rule or _is_smaller(now, then) for then in self._found.get(point, ()))
            for point in now.points(rule)
        )

    def rule_of(self, now: _Said) -> str:
        """Return the rule that spoke of the same fault where it was greater; empty for its own."""
        greater = GREATER.get(now.finding.rule, "")
        known = all(point in self._found for point in now.points(greater)) if greater else False
        return greater if known else ""


def _is_smaller(now: _Said, then: _Said) -> bool:
    if _SEVERITIES.index(now.finding.severity) < _SEVERITIES.index(then.finding.severity):
        return False
    return now.facts == then.facts or is_smaller(now.finding.rule, now.facts, then.facts)


def _fixed(ours: list[_Said], theirs: list[_Said]) -> int:
    """Count the findings of the commit about which nothing is said any more."""
    points = {point for each in ours for point in each.points()}
    return sum(each.stands and points.isdisjoint(each.points()) for each in theirs)


def _worse(rows: Iterable[Row], before: dict[str, Verdict]) -> Iterator[tuple[str, Verdict]]:
    """Yield the mappings of which the verdict got worse, with what it was.

    Where the number of instances is unknown now, it was the worst of those that were known.
    """
    instances: dict[str, list[Verdict]] = defaultdict(list)
    for mapping, verdict in before.items():
        instances[_INSTANCE.sub("[*]", mapping)].append(verdict)
    for row in rows:
        known = [before[row.id]] if row.id in before else []
        if not known and "[*]" in row.id:
            known = instances[_INSTANCE.sub("[*]", row.id)]
        was = min(known, key=_VERDICTS.index, default=row.verdict)
        if _VERDICTS.index(row.verdict) < _VERDICTS.index(was):
            yield row.id, was
