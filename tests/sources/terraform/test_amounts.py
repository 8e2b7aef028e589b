"""Amounts that a few lines of Terraform ask for: past each bound the value is unknown."""

import pytest
from products import (
    FUNCTION,
    FUNCTION_ARN,
    QUEUE,
    REGION,
    STACK,
    allow,
    block,
    document,
    function,
    mapping,
    queue,
    resource,
    role,
    role_policy,
    times,
)

from checker.errors import SourceError
from checker.iam.document import Document
from checker.knowledge.partial import Known, Unknown
from checker.sources.terraform.load import load
from checker.sources.terraform.modules import instance_count, policy_texts
from checker.sources.terraform.resources import dependencies


@pytest.fixture
def inventory(tmp_path):
    def inventory(text):
        (tmp_path / "main.tf").write_text(text, "utf-8")
        return load(tmp_path, tmp_path)

    return inventory


def members(found):
    return found.roles[0].identity.members


def documents(n):
    """Return documents each of which is made of the one before, ten times."""
    first = (
        'data "aws_iam_policy_document" "d0" {\n  statement {\n    actions = ["sqs:*"]\n  }\n}\n'
    )
    return first + "".join(
        block(
            "data",
            "aws_iam_policy_document",
            f"d{i}",
            source_policy_documents=f"[{f'data.aws_iam_policy_document.d{i - 1}.json, ' * 10}]",
        )
        for i in range(1, n + 1)
    )


def test_a_document_made_of_too_many_statements_is_unknown(inventory):
    policy = role_policy("data.aws_iam_policy_document.d12.json")
    (member,) = members(
        inventory(REGION + role() + function() + documents(12) + policy + mapping(QUEUE, FUNCTION))
    )
    assert isinstance(member, Unknown)
    assert "more than 2000 statements" in member.why


def test_a_document_below_the_bound_has_all_its_statements(inventory):
    policy = role_policy("data.aws_iam_policy_document.d3.json")
    (member,) = members(
        inventory(REGION + role() + function() + documents(3) + policy + mapping(QUEUE, FUNCTION))
    )
    assert isinstance(member, Document)
    assert len(member.statements) == 1000


def test_documents_past_the_bound_of_all_are_unknown_and_none_is_left_out(inventory, monkeypatch):
    monkeypatch.setattr(policy_texts, "MOST_STATEMENTS", 20)
    many = document(*(allow("sqs:*", f"arn:aws:sqs:*:*:{n}") for n in range(10)))
    found = members(inventory(STACK + role_policy(many, name="many", count="9")))
    assert len(found) == 10
    unknown = [each for each in found if isinstance(each, Unknown)]
    assert unknown
    assert "statements or" in unknown[0].why


def test_instances_past_the_bound_stand_for_an_unknown_number(inventory, monkeypatch):
    monkeypatch.setattr(instance_count, "MOST_COUNTED", 50)
    found = inventory(STACK + mapping(QUEUE, FUNCTION, count="100"))
    (one,) = found.mappings
    assert one.id.endswith("[*]")
    assert "more than 50 instances" in one.unsure.why


def test_a_block_without_a_number_is_one_thing_past_the_bound_too(inventory, monkeypatch):
    monkeypatch.setattr(instance_count, "MOST_COUNTED", 1)
    found = inventory(STACK + mapping(QUEUE, FUNCTION))
    (one,) = found.mappings
    assert not one.id.endswith("[*]")
    assert isinstance(one.source, Known)
    assert found.refusals == ()


def test_a_policy_past_the_bound_of_instances_is_doubted_and_not_left_out(inventory, monkeypatch):
    monkeypatch.setattr(instance_count, "MOST_COUNTED", 4)
    deny = document(allow() | {"Effect": "Deny"})
    found = inventory(
        REGION
        + role()
        + function()
        + queue()
        + role_policy(deny, count="9")
        + mapping(QUEUE, FUNCTION)
    )
    (member,) = members(found)
    assert "more than 4 instances" in member.unsure.why


def test_blocks_of_modules_past_the_bound_end_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(instance_count, "MOST_COUNTED", 10)
    monkeypatch.setattr(instance_count, "MOST_BLOCKS", 30)
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(STACK + mapping(QUEUE, FUNCTION), "utf-8")
    (tmp_path / "main.tf").write_text('module "m" {\n  source = "./m"\n  count = 20\n}\n', "utf-8")
    with pytest.raises(SourceError, match="more than 30 resources"):
        load(tmp_path, tmp_path)


def test_references_past_the_bound_leave_the_order_unknown(inventory, monkeypatch):
    monkeypatch.setattr(dependencies, "MOST_VISITS", 50)
    chain = "".join(
        f'resource "null_resource" "n{i}" {{\n  depends_on = [null_resource.n{i + 1}]\n}}\n'
        for i in range(100)
    )
    found = inventory(STACK + chain + mapping(QUEUE, FUNCTION, depends_on="[null_resource.n0]"))
    (one,) = found.mappings
    order = found.order.unordered(one.id, ["aws_iam_role_policy.p"], one.at)
    assert isinstance(order, Unknown)
    assert "more than 50 references" in order.why


def test_what_a_block_depends_on_is_searched_once_for_all_instances(inventory):
    found = inventory(STACK + mapping(QUEUE, FUNCTION, count="100", depends_on="[aws_iam_role.r]"))
    left = []
    for one in found.mappings:
        order = found.order.unordered(one.id, ["aws_iam_role_policy.p"], one.at)
        assert order == Known(("aws_iam_role_policy.p",), one.at)
        left.append(found.order._left)
    assert len(set(left)) == 1


@pytest.mark.parametrize("n", [50, 100, 200])
def test_duplicates_grow_in_proportion_to_mappings(inventory, n):
    source = '"arn:aws:sqs:eu-west-1:111122223333:q"'
    found = inventory(mapping(source, f'"{FUNCTION_ARN}"', for_each=times(n)))
    first = found.rivals.first(found.mappings[-1])
    assert (first, len(found.mappings)) == (found.mappings[0], n)
    assert list(found.rivals.perhaps(found.mappings[-1])) == []


def test_one_policy_of_queues_of_one_name_is_kept_for_each(inventory):
    queues = resource("sqs_queue", "q", name='"same"', count="30")
    policy = resource(
        "sqs_queue_policy", "p", queue_url="aws_sqs_queue.q[0].id", policy=document(allow())
    )
    found = inventory(
        REGION + queues + policy + mapping("aws_sqs_queue.q[0].arn", f'"{FUNCTION_ARN}"')
    )
    assert [len(each.policy.members) for each in found.queues] == [1] * 30


@pytest.mark.parametrize("argument", ["visibility_timeout_seconds", "message_retention_seconds"])
def test_a_text_of_too_many_digits_is_unknown(inventory, argument):
    text = f'resource "aws_sqs_queue" "q" {{\n  name = "q"\n  {argument} = "{"9" * 5000}"\n}}\n'
    found = inventory(REGION + text + mapping("aws_sqs_queue.q.arn", f'"{FUNCTION_ARN}"'))
    assert not found.refusals
    assert found.queues
