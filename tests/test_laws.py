"""The law of partial knowledge: learning more never changes a settled answer."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import (
    AT,
    Case,
    cases,
    document,
    filled,
    fillings,
    holes,
    json_text,
    templates,
    texts,
)

from checker.iam.authorize import authorize
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from examples import examples

choices = st.integers(0, 200)


def settled(before, after):
    assert before is Truth.MAYBE or before is after, (before, after)


@given(texts, texts, fillings)
def test_like_stays_settled_so_a_question_mark_never_takes_a_hole_for_one_character(
    text, pattern, names
):
    settled(text.like(pattern), text.fill(names).like(pattern.fill(names)))


@given(texts, texts, fillings)
def test_equals_stays_settled_whatever_the_holes_hold(text, other, names):
    settled(text.equals(other), text.fill(names).equals(other.fill(names)))


@given(texts, st.integers(-1, 6), fillings)
def test_a_split_that_succeeds_cuts_where_the_filled_text_is_cut(text, most, names):
    fields = text.split(":", most)
    if fields is not None:
        cut = tuple(field.fill(names) for field in fields)
        assert cut == tuple(Text.of(f) for f in str(text.fill(names)).split(":", most))


@given(texts, fillings, fillings)
def test_filling_is_final(text, names, others):
    assert text.fill(names).fill(others) == text.fill(names)
    assert text.fill(names).literal is not None


@given(texts, texts, fillings)
def test_text_that_is_all_known_is_like_or_not_like(text, pattern, names):
    text, pattern = text.fill(names), pattern.fill(names)
    expression = "".join(
        ".*" if c == "*" else "." if c == "?" else re.escape(c) for c in str(pattern)
    )
    expected = re.fullmatch(expression, str(text), re.DOTALL) is not None
    assert text.like(pattern) is Truth.of(expected)


@given(holes, texts)
def test_a_hole_equals_itself_and_nothing_is_sure_of_two(hole, text):
    whole = Text.of(text, hole)
    assert whole.equals(whole) is Truth.YES
    assert whole.like(whole) is Truth.YES


@given(cases(), fillings, choices)
def test_a_decision_stays_settled_so_no_pending_deny_unknown_key_or_boundary_is_dropped(
    case: Case, names, choice
):
    before = authorize(*case.partial())
    after = authorize(*case.learn(names, choice))
    settled(before.allowed, after.allowed)


@settings(max_examples=examples(100))
@given(cases())
def test_every_decision_says_why(case: Case):
    decision = authorize(*case.partial())
    assert decision.because or decision.allowed is Truth.YES
    assert all(reason.text for reason in decision.because)


@settings(max_examples=examples(100))
@given(templates(principal=True), fillings, choices)
def test_a_document_with_holes_in_strings_only_is_still_a_document(template, names, choice):
    parsed = document(filled(template, names, choice))
    assert parsed.statements is not None
    assert str(json_text(template)).startswith("{")
    assert parsed.at == AT
