"""Decisions within a bound: what is past it is MAYBE and says so, what was sure before stays."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import cases

from checker.iam.authorize import Layers, authorize
from checker.iam.comparisons import Comparisons
from checker.iam.decisions import Decisions
from checker.iam.document import Documents, parse
from checker.iam.request import Caller, Context, Request
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth

AT = Location("main.tf", 1, 1)
ROLE = "arn:aws:iam::111122223333:role/worker"


def statement(effect="Allow", resource="*", action="sqs:*"):
    return {"Effect": effect, "Action": action, "Resource": resource}


def document(*statements, id="policy"):
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return parse(Text.of(text), id=id, at=AT).get()


def request(queue="orders", action="sqs:ReceiveMessage"):
    resource = Text.of(f"arn:aws:sqs:eu-west-1:111122223333:{queue}")
    return Request(Caller.role(ROLE), action, resource, None, Context())


def layers(*documents):
    return Layers(identity=Documents(documents))


def test_past_the_bound_a_decision_is_maybe_and_names_the_bound():
    many = document(*(statement(resource=f"arn:aws:sqs:*:*:x{n}") for n in range(100)))
    decision = authorize(request("x99"), layers(many), Comparisons(most=50))
    assert decision.allowed is Truth.MAYBE
    assert "more than 50 comparisons" in decision.because[0].text
    assert authorize(request("x99"), layers(many)).allowed is Truth.YES


def test_a_deny_that_was_found_before_the_bound_stays_sure():
    many = (document(statement(), id=f"p{n}") for n in range(100))
    decision = authorize(
        request(), layers(document(statement("Deny")), *many), Comparisons(most=50)
    )
    assert decision.allowed is Truth.NO


def test_an_allow_before_the_bound_is_no_pass_since_a_deny_may_follow():
    many = [document(statement(), id=f"p{n}") for n in range(100)]
    found = layers(*many, document(statement("Deny")))
    assert authorize(request(), found, Comparisons(most=50)).allowed is Truth.MAYBE


@given(cases(), st.integers(0, 40))
def test_a_bound_never_changes_a_settled_answer(case, most):
    asked, found = case.partial()
    free = authorize(asked, found).allowed
    bounded = authorize(*case.partial(), Comparisons(most=most)).allowed
    assert bounded in (free, Truth.MAYBE)


@given(cases())
def test_a_remembered_decision_is_the_decision(case):
    decisions = Decisions()
    asked, found = case.partial()
    once = decisions.authorize(asked, found)
    made = decisions.comparisons.made
    assert decisions.authorize(asked, found) is once
    assert decisions.comparisons.made == made
    assert once == authorize(asked, found)


def compared(mappings, policies):
    """Return how many comparisons it takes to decide for each mapping of one role."""
    decisions = Decisions()
    role = Documents(
        tuple(document(statement(resource="arn:aws:sqs:*"), id=f"p{n}") for n in range(policies))
    )
    for n in range(mappings):
        decisions.authorize(request(f"q{n}"), Layers(identity=role))
    return decisions.comparisons.made


@pytest.mark.parametrize("n", [50, 100, 200])
def test_comparisons_grow_in_proportion_to_mappings(n):
    once = compared(1, 20)
    assert compared(n, 20) <= n * once


def test_one_question_of_many_mappings_is_decided_once():
    decisions = Decisions()
    role = Documents(tuple(document(statement(), id=f"p{n}") for n in range(20)))
    asked = request()
    decisions.authorize(asked, Layers(identity=role))
    made = decisions.comparisons.made
    for _ in range(200):
        decisions.authorize(asked, Layers(identity=role))
    assert decisions.comparisons.made == made


@pytest.mark.parametrize("element", ["Resource", "Action"])
def test_a_long_list_counts_for_many_comparisons(element):
    values = [f"sqs:*{n}" if element == "Action" else f"arn:aws:sqs:*:*:{n}" for n in range(2_000)]
    spent = Comparisons()
    authorize(request(), layers(document(statement() | {element: values})), spent)
    assert spent.made > 400


def test_a_document_longer_than_any_of_aws_is_unknown():
    statements = [statement(resource=f"{n}") for n in range(2_001)]
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    found = parse(Text.of(text), id="policy", at=AT)
    assert "more than 2000 statements" in found.why
    long = parse(Text.of(text[:-1] + " " * 200_000 + "}"), id="policy", at=AT)
    assert "more than 200000 characters" in long.why


def test_decisions_begin_anew_in_another_process():
    decisions = pickle.loads(pickle.dumps(Decisions(most=7)))  # noqa: S301 - our own
    assert (decisions.comparisons.most, decisions.comparisons.made) == (7, 0)
