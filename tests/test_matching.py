"""The matchers against slow ones that are plainly right, on small alphabets."""

from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.knowledge import automaton, matching
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth

short = st.text(alphabet="ab", max_size=12)
patterns = st.text(alphabet="ab*?", max_size=10)
PART = Hole("part", Kind.PART)


def plainly(text, pattern):
    """Match by trying everything."""

    @cache
    def match(i, j):
        if j == len(pattern):
            return i == len(text)
        if pattern[j] == "*":
            return match(i, j + 1) or (i < len(text) and match(i + 1, j))
        return i < len(text) and pattern[j] in ("?", text[i]) and match(i + 1, j + 1)

    return match(0, 0)


@given(short, patterns, st.sampled_from([1, 64]))
def test_glob_is_what_trying_everything_finds(text, pattern, longest):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "LONGEST_TRIED", longest)
        matching._pieces.cache_clear()
        assert matching.glob(text, pattern) is plainly(text, pattern)
        matching._pieces.cache_clear()


@given(short, st.text(alphabet="ab*", max_size=10))
def test_starred_is_glob_without_question_marks(text, pattern):
    assert matching.starred(text, pattern) is plainly(text, pattern)


def test_only_a_star_is_special_to_a_waiver():
    assert matching.starred("a?b", "a?*")
    assert not matching.starred("axb", "a?*")


@given(
    st.lists(st.sampled_from(["a", "b", "*", "?", PART]), max_size=5),
    st.lists(st.sampled_from(["a", "b", PART]), max_size=5),
)
def test_what_no_filling_matches_is_surely_different(pattern, text):
    """Every short filling of the hole is tried; both sides hold the same hole."""
    fillings = ["".join(letters) for n in range(4) for letters in product("ab", repeat=n)]
    answers = {
        plainly(
            "".join(f if part is PART else part for part in text),
            "".join(f if part is PART else part for part in pattern),
        )
        for f in fillings
    }
    truth = Text(tuple(text)).like(Text(tuple(pattern)))
    if True in answers:
        assert truth is not Truth.NO
    if False in answers:
        assert truth is not Truth.YES


@given(st.integers(0, 255), st.integers(0, 255))
def test_flood_reaches_what_one_step_after_another_reaches(places, passable):
    reached = places
    for _ in range(10):
        reached |= (reached & passable) << 1
    assert automaton.flood(places, passable) == reached


def test_a_pattern_of_stars_takes_time_in_proportion_to_the_text():
    """It would take years to try every place."""
    assert not matching.glob("a" * 10_000, "*a?" * 1_000 + "b")
    assert not matching.glob("a" * 10_000, "*" + "a" * 3_000 + "?" + "a" * 3_000 + "b*")
    assert not matching.starred("a" * 10_000, "*a" * 3_000 + "b")


def test_a_product_past_the_bound_is_not_decided():
    text = Text.of("a" * 3_000, PART, "b" * 3_000)
    pattern = Text.of("a*", *(["c"] * 3_000), "*b")
    assert text.like(pattern) is Truth.MAYBE
    long = Text.of("a" * 30_000)
    assert long.like(Text.of("?" + "a" * matching.MOST_PATTERN)) is Truth.MAYBE
