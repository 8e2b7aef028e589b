"""The comment on a pull request: no longer than GitHub takes, whole in its markup, honest."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hostile import NAMES, a_report
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from checker.knowledge.partial import Location
from checker.policy.summary import summarize
from checker.reports import markdown
from checker.reports.markup import code, fenced, prose, shortened, size, within
from checker.reports.report import Proposed, UnreadRow, Verdict
from checker.rules.rule import Evidence
from examples import examples

GITHUB = 65_536
_VOID = {"br", "hr", "img", "input"}


class Nesting(HTMLParser):
    """Follows what is open; `mistakes` are ends that end nothing."""

    def __init__(self):
        super().__init__()
        self.open, self.mistakes, self.depth_of_end, self.rows = [], [], None, []

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append(0)
        if tag in {"td", "th"}:
            self.rows[-1] += 1
        if tag == "sub":
            self.depth_of_end = [each for each in self.open if each != "p"]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.mistakes.append(tag)
        else:
            self.open.pop()


def assert_sound(said):
    """Hold what GitHub demands, and that nothing is open at the end."""
    # Counted here, as GitHub does: the program's own count may be wrong.
    assert len(said.encode("utf-16-le")) // 2 <= markdown.MOST < GITHUB
    assert len(said.encode()) < 262_144
    return assert_whole(said)


def assert_whole(said):
    """Hold that nothing is open at the end, and that names open nothing."""
    assert said.startswith(f"{markdown.MARK}\n\n### tfcheck: ")
    seen = Nesting()
    seen.feed(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(said))
    seen.close()
    assert (seen.open, seen.mistakes) == ([], [])
    assert seen.depth_of_end == []
    assert set(seen.rows) <= {4}
    return said


def many(name, *, rows=1, findings=1, because=2, unread=1, assumptions=1, proposed=0):
    """A report of a name with as many parts as wanted."""
    report = a_report(name)
    at = Location(f"{name}.tf", 3, 5)
    some = [replace(each, because=each.because * (because // 2)) for each in report.findings]
    found = tuple(
        replace(some[n % len(some)], subject=f"{n} {name}", message=f"{n} {some[0].message}")
        for n in range(findings)
    )
    listed = tuple(
        replace(report.mappings[n % 4], id=f"{n} {name}", verdict=Verdict.BLOCKED)
        for n in range(rows)
    )
    waiver = Proposed(("region-mismatch",), name or "a.b", name, "", at)
    return replace(
        report,
        target=name,
        policy=name or "current",
        mappings=listed,
        findings=found,
        unread=tuple(UnreadRow(f"{n} {name}", f"not installed: {name}", at) for n in range(unread)),
        assumptions=tuple(f"nothing denies {n} {name}" for n in range(assumptions)),
        proposed=(waiver,) * proposed,
        summary=summarize(listed, found, 0),
    )


def test_long_names_everywhere_fit():
    """The issue's case: 120 mappings of long names took 520,721 characters."""
    for length in (1, 200, 1_000, 5_000):
        report = many("n" * length, rows=120, findings=240, unread=120, assumptions=50)
        said = assert_sound(markdown.render(report))
        assert "left out" in said.lower()


@pytest.mark.parametrize("sign", ["\U0001f600", "\u4e2d", "e\u0301", "n"])
def test_a_character_counts_for_what_github_counts(sign):
    """Beyond the basic plane it is two, so that half as many fit."""
    report = many(sign * 150, rows=120, findings=400, because=30, unread=120, assumptions=50)
    assert_sound(markdown.render(report))


def test_the_table_has_a_hundred_rows_at_most_and_counts_the_others():
    said = assert_sound(markdown.render(many("a", rows=150)))
    rows = [line for line in said.splitlines() if line.startswith("| ") and "`" in line]
    assert len(rows) == 100
    assert "50 mappings" in said


@pytest.mark.parametrize("name", ["a|b", "|", "a||b|", "`|`", "\\|"])
def test_a_bar_in_a_name_ends_no_cell(name):
    report = many(name, rows=4)
    rows = [line for line in markdown.render(report).splitlines() if line.startswith("| ")]
    assert {line.count("|") for line in rows} == {5}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_makes_it_longer_or_opens_what_stays_open(name):
    assert_sound(markdown.render(many(name)))
    sizes = {"rows": 150, "findings": 300, "because": 60, "unread": 150, "proposed": 150}
    assert_sound(markdown.render(many(name * 30, **sizes, assumptions=150)))


_pieces = st.sampled_from(
    (
        *NAMES[:-1],
        *("`", "```", "@", "|", "\n", "\\", "\U000e0041", "\u3164", "\U0001f600", "\u4e2d", "a"),
        *("www.", "https://", "<details>", "</details>", "<code>", "&", "$$", "~~~", "- ", "#1"),
    )
)
_names = st.builds(
    lambda parts, times: "".join(parts) * times,
    st.lists(_pieces, max_size=5),
    st.sampled_from((1, 1, 7, 400, 5_000)),
).map(lambda name: name[:20_000])
_sizes = st.sampled_from((0, 1, 3, 40, 150))


@settings(max_examples=examples(30))
@given(_names, *[_sizes] * 6)
def test_any_report_fits_and_is_whole(name, rows, findings, because, unread, assumptions, proposed):
    report = many(
        name,
        rows=rows,
        findings=findings,
        because=because,
        unread=unread,
        assumptions=assumptions,
        proposed=proposed,
    )
    assert_sound(markdown.render(report))


def test_what_is_left_out_is_counted():
    report = many("n" * 150, rows=130, findings=400, unread=90, assumptions=90, proposed=90)
    said = markdown.render(report)
    shown = {
        "mapping": len(re.findall(r"^\| \S+ blocked", said, re.MULTILINE)),
        "finding": len(re.findall(r"^(?:`+[^\n]*?`+: )?\d+ role", said, re.MULTILINE))
        + len(re.findall("^- .*: \\d+ role", said, re.MULTILINE)),
        "part": said.count("not installed"),
        "assumption": said.count("nothing denies"),
        "waiver": said.count("a waiver of"),
    }
    (line,) = re.findall("^Left out.*$", said, re.MULTILINE)
    known = {"finding": 0}
    for count, noun in re.findall(r"(\d+) ([a-z]+?)s?\b", line):
        known[noun] = known.get(noun, 0) + int(count)
    totals = {"mapping": 130, "finding": 400, "part": 90, "assumption": 90, "waiver": 90}
    assert {noun: shown[noun] + known.get(noun, 0) for noun in totals} == totals
    assert all(shown[noun] for noun in totals)


def test_nothing_is_said_of_what_was_not_left_out():
    assert "left out" not in markdown.render(a_report()).lower()


def test_the_worst_are_shown_even_if_each_is_as_long_as_can_be():
    report = many("`@|\n" * 2_000, rows=120, findings=50, because=200, unread=90, assumptions=90)
    said = assert_sound(markdown.render(report))
    assert "<details open><summary><b>new error</b>: role-cannot-read-queue" in said


def test_a_long_name_keeps_its_beginning_and_its_end():
    name = "module.first." + "x" * 500 + ".last"
    assert shortened(name, 41) == f"module.first.{'x' * 7}\N{HORIZONTAL ELLIPSIS}{'x' * 15}.last"
    assert shortened("short", 5) == "short"
    assert len(code(name)) < 170
    assert prose(f"a `{name}` b").endswith(".last` b")


@given(st.text(max_size=60).map(lambda text: text * 50), st.sampled_from((400, 600, 4_000)))
@settings(max_examples=examples(100))
def test_a_bounded_text_is_bounded_however_it_is_set(text, most):
    for write in (prose, fenced):
        assert size(within(text, most, write)) <= most


def test_evidence_that_is_left_out_of_a_finding_is_counted():
    report = a_report()
    long = replace(report.findings[0], because=tuple(Evidence(f"ground {n}") for n in range(40)))
    said = assert_sound(markdown.render(replace(report, findings=(long,))))
    assert said.count("ground") == 15
    assert "- 25 reasons more" in said
