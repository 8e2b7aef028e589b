"""The index of waivers finds what going through all waivers finds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.errors import PolicyFileError
from checker.knowledge.partial import Location
from checker.model import InlineWaiver
from checker.policy import waiver_index
from checker.policy.policy import Waiver
from checker.policy.waiver_index import CommentWaivers, PolicyWaivers

addresses = st.sampled_from(
    ("a.b", "a.bc", 'a.b["x.y"]', "module.m", "module.m[0].a.b", "module.m.a.b[1]", "a", "")
)
lines = st.integers(0, 12)
comments = st.builds(
    lambda at, ids, start, length: InlineWaiver(
        ("rule",), "why", "", Location("main.tf", at), frozenset(ids) - {""}, start, start + length
    ),
    st.integers(1, 50),
    st.sets(addresses, max_size=2),
    lines,
    st.integers(0, 4),
)


@given(st.lists(comments, max_size=8, unique_by=lambda each: each.at), addresses, addresses, lines)
def test_a_comment_is_found_as_by_going_through_all(waivers, subject, mapping, line):
    at = Location("main.tf", line)
    fit = [w for w in waivers if w.names(subject) or w.names(mapping) or w.holds(at)]
    index = CommentWaivers(waivers)
    assert index.about(subject, mapping, (at,)) == (fit[0] if fit else None)
    found = {each.at for group in index.groups(subject, mapping, (at,)) for each in group}
    assert found == {each.at for each in fit}


def a_waiver(pattern, *, rule="rule", unknown=False, line=1):
    return Waiver(rule, pattern, "why", date(2030, 1, 1), unknown, Location("policy.yaml", line))


@given(st.lists(st.text(alphabet="ab*", max_size=4), max_size=6), st.text("ab", max_size=5))
def test_the_first_waiver_that_names_a_mapping_is_found(patterns, mapping):
    waivers = [a_waiver(pattern, line=n) for n, pattern in enumerate(patterns)]
    fit = [waiver for waiver in waivers if waiver.names(mapping)]
    found = PolicyWaivers(waivers).first("rule", mapping, unknown=False)
    assert found == (fit[0] if fit else None)


def test_a_waiver_takes_unknowns_only_if_it_says_so():
    index = PolicyWaivers([a_waiver("*"), a_waiver("a*", unknown=True, line=2)])
    assert index.first("rule", "a", unknown=True).at.line == 2
    assert index.first("rule", "b", unknown=True) is None
    assert index.first("other", "a", unknown=False) is None


def test_too_many_comparisons_end_with_the_bound(monkeypatch):
    monkeypatch.setattr(waiver_index, "MOST_COMPARISONS", 100)
    index = PolicyWaivers([a_waiver(f"*{n}b") for n in range(60)])
    assert index.first("rule", "a", unknown=False) is None
    assert index.first("rule", "a", unknown=False) is None  # it is found once
    with pytest.raises(PolicyFileError, match="more than 100 comparisons"):
        index.first("rule", "b", unknown=False)
