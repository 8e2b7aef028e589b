"""Deliberate faults in the decision are caught: each makes a case of fixtures/iam come out wrong.

The laws catch them too: a dropped deny, an ignored boundary and a `?` that takes a hole by
`test_a_decision_stays_settled_so_no_pending_deny_unknown_key_or_boundary_is_dropped` and
`test_like_stays_settled_so_a_question_mark_never_takes_a_hole_for_one_character`.
"""

from dataclasses import replace

from test_cases import given, layers_of, request_of

from checker.iam import authorize as deciding
from checker.iam import condition
from checker.iam.authorize import authorize
from checker.iam.request import ABSENT
from checker.knowledge import matching
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth

CASES = [parameter.values[0] for parameter in given()]


def wrong():
    """Return the names of the cases that come out wrong."""
    return [
        case["name"]
        for case in CASES
        if authorize(request_of(case), layers_of(case)).allowed is not Truth[case["allowed"]]
    ]


def test_without_a_fault_every_case_comes_out_right():
    assert wrong() == []


def test_a_dropped_pending_deny_is_caught(monkeypatch):
    survey = deciding.survey

    def faulty(*arguments, **named):
        said = survey(*arguments, **named)
        return said if said.denies is Truth.YES else replace(said, denies=Truth.NO)

    monkeypatch.setattr(deciding, "survey", faulty)
    assert wrong()


def test_an_absent_key_taken_for_an_unknown_one_is_caught(monkeypatch):
    key_of = condition.key_of

    def faulty(*arguments):
        found = key_of(*arguments)
        return Unknown("unknown", Location("x")) if found is ABSENT else found

    monkeypatch.setattr(condition, "key_of", faulty)
    assert wrong()


def test_an_ignored_boundary_is_caught(monkeypatch):
    surveys = deciding._surveys

    def faulty(request, layers, comparisons):
        return surveys(request, replace(layers, boundary=None), comparisons)

    monkeypatch.setattr(deciding, "_surveys", faulty)
    assert wrong()


def test_a_question_mark_that_takes_a_hole_is_caught(monkeypatch):
    name = Text.of("arn:aws:sqs:eu-west-1:111122223333:", Hole("name", Kind.NAME))
    pattern = Text.of("arn:aws:sqs:eu-west-1:111122223333:?")
    assert name.like(pattern) is Truth.MAYBE

    def faulty(piece, text, at):
        return all(token in (text[at + n], matching.ONE) for n, token in enumerate(piece))

    monkeypatch.setattr(matching, "_fits", faulty)
    monkeypatch.setattr(
        matching, "hole", lambda name, alphabet: [matching.Filler(name, 0, alphabet, many=True)]
    )
    assert name.like(pattern) is not Truth.MAYBE
