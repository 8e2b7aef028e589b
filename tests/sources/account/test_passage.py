"""What the counts of a queue tell of one message."""

from __future__ import annotations

import pytest

from checker.sources.account.passage import Counts, Fate, Passage


def fate(before, looks, *, filtered=False):
    """Return what is said of looks, each after 20 more seconds."""
    passage = Passage(Counts(*before), filtered=filtered)
    for n, look in enumerate(looks):
        found = passage.look(Counts(*look), 20.0 * n)
        if found is not None:
            return found
    return passage.end()


@pytest.mark.parametrize(
    ("before", "looks", "expected"),
    [
        ((0, 0), [(1, 0), (0, 0), (0, 0), (0, 0), (0, 0)], Fate.LEFT),
        ((4, 0), [(5, 0), (0, 0), (0, 0), (0, 0), (0, 0)], Fate.LEFT),
        # Counts may be late: an empty queue says nothing before the minute is over.
        ((0, 0), [(0, 0), (0, 0), (1, 0)], Fate.STAYS),
        ((0, 0), [(0, 0), (0, 0), (0, 0)], Fate.EARLY),
        ((0, 0), [(0, 0), (0, 0), (1, 0), (0, 0)], Fate.EARLY),
        ((0, 3), [(1, 3), (0, 3), (0, 4)], Fate.DIED),
        ((0, 0), [(1, 0)] * 9, Fate.STAYS),
        ((4, 0), [(5, 0), (4, 0), (3, 0), (4, 0), (4, 0), (4, 0)], Fate.BUSY),
        ((None, 0), [(1, 0)] * 9, Fate.BUSY),
        ((0, 0), [(None, 0)] * 9, Fate.UNREAD),
        ((0, 0), [(0, 0), (None, 0), (0, 0), (0, 0), (0, 0)], Fate.EARLY),
        ((0, None), [(0, None)] * 4, Fate.UNREAD_DEAD),
        ((0, 0), [(0, None)] * 4, Fate.UNREAD_DEAD),
        ((0, 0), [], Fate.EARLY),
    ],
)
def test_a_fate_is_reported_only_when_it_is_sure(before, looks, expected):
    assert fate(before, looks) is expected


def test_a_filter_may_have_dropped_it():
    assert fate((0, 0), [(0, 0)] * 4, filtered=True) is Fate.FILTERED
