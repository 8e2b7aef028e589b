from dataclasses import replace

import pytest
from samples import (
    a_function,
    a_key,
    a_mapping,
    a_problem,
    a_queue,
    a_role,
    an_inventory,
    known,
    saying,
    unset,
)

from checker.check import check
from checker.knowledge.partial import NotKnown
from checker.knowledge.text import Text
from checker.model import EventSourceMapping, Function, Inventory, Key, Queue, Role
from checker.rules.settings import Settings


def results(inventory, *rules):
    return check(inventory, rules, Settings())


def test_silence_is_a_result_too():
    (result,) = results(an_inventory(), saying("quiet"))
    assert (result.problems, result.unknowns) == ((), ())


def test_a_rule_may_yield_problems_and_unknowns_and_go_on():
    (result,) = results(an_inventory(), saying("loud", a_problem("one"), unset(), a_problem("two")))
    assert [problem.message for problem in result.problems] == ["one", "two"]
    assert result.unknowns == (unset(),)


def test_what_a_rule_said_before_it_met_an_unknown_value_stands():
    (result,) = results(an_inventory(), saying("stuck", a_problem("one"), NotKnown(unset())))
    assert [problem.message for problem in result.problems] == ["one"]
    assert result.unknowns == (unset(),)


def test_any_other_exception_of_a_rule_is_a_bug_and_raised():
    with pytest.raises(ZeroDivisionError):
        results(an_inventory(), saying("broken", ZeroDivisionError()))


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (EventSourceMapping, "aws_lambda_event_source_mapping.orders"),
        (Queue, "aws_sqs_queue.orders"),
        (Function, "aws_lambda_function.worker"),
        (Role, "aws_iam_role.worker"),
    ],
)
def test_a_rule_is_put_to_what_the_mapping_uses(kind, subject):
    (result,) = results(an_inventory(), saying("it", a_problem(), on=kind))
    assert result.subject == subject
    assert result.mappings == ("aws_lambda_event_source_mapping.orders",)


def test_a_queue_of_two_mappings_is_one_subject_with_both():
    inventory = an_inventory(
        mappings=(a_mapping("one"), a_mapping("two", feeds="other")),
        functions=(a_function(), a_function("other")),
    )
    (result,) = results(inventory, saying("it", on=Queue))
    assert [each.rpartition(".")[2] for each in result.mappings] == ["one", "two"]
    assert len(results(inventory, saying("it", on=Function))) == 2


@pytest.mark.parametrize("kind", [Queue, Function, Role, Key])
def test_what_no_mapping_uses_is_not_checked(kind):
    inventory = replace(an_inventory(keys=(a_key(),)), mappings=())
    assert results(inventory, saying("it", on=kind)) == ()


def test_a_rule_on_the_whole_inventory_concerns_every_mapping():
    inventory = an_inventory(mappings=(a_mapping("one"), a_mapping("two")))
    (result,) = results(inventory, saying("it", on=Inventory))
    assert len(result.mappings) == 2


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Queue, {"mappings": (a_mapping(source=unset()),)}),
        (Key, {"mappings": (a_mapping(source=unset()),)}),
        (Function, {"mappings": (a_mapping(function=unset()),)}),
        (Role, {"mappings": (a_mapping(function=unset()),)}),
        (Role, {"functions": (replace(a_function(), role=unset()),)}),
    ],
)
def test_a_thing_that_is_not_known_makes_its_rules_unknown(kind, changes):
    (result,) = results(an_inventory(**changes), saying("it", a_problem(), on=kind))
    assert result.unknowns == (unset(),)
    assert result.problems == ()
    assert result.mappings == ("aws_lambda_event_source_mapping.orders",)


def test_a_queue_that_the_input_only_refers_to_is_checked_as_an_open_one():
    (result,) = results(an_inventory(sources=()), saying("it", on=Queue))
    assert result.subject == "arn:aws:sqs:eu-west-1:{account}:orders"


@pytest.mark.parametrize(
    "written",
    [
        "alias/orders",
        "orders",
        "arn:aws:kms:eu-west-1:111122223333:key/orders",
        "arn:aws:kms:eu-west-1:111122223333:alias/orders",
    ],
)
def test_a_key_is_found_by_whatever_the_queue_calls_it(written):
    key = replace(a_key(), arn=Text.of("arn:aws:kms:eu-west-1:111122223333:key/orders"))
    here = Text.of("arn:aws:sqs:eu-west-1:111122223333:orders")
    queue = a_queue(arn=here, kms_key=known(Text.of(written)))
    mapping = a_mapping(source=known(here))
    inventory = an_inventory(mappings=(mapping,), sources=(queue,), keys=(a_key("other"), key))
    (result,) = results(inventory, saying("it", on=Key))
    assert (result.subject, result.unknowns) == ("aws_kms_key.orders", ())


def test_a_key_that_the_input_lacks_is_an_open_one_and_no_key_is_no_subject():
    lost = an_inventory(sources=(a_queue(kms_key=known(Text.of("alias/elsewhere"))),))
    (result,) = results(lost, saying("it", on=Key))
    assert "alias/elsewhere" in result.subject
    assert results(an_inventory(), saying("it", on=Key)) == ()


def test_a_rule_about_anything_else_is_a_bug():
    with pytest.raises(TypeError, match="str"):
        results(an_inventory(roles=(a_role(),)), saying("it", on=str))
