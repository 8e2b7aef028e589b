"""What plan JSON alone tells: the configuration's constants and references."""

import json
from pathlib import Path

import pytest
from plan_files import parse_plan_json, read_plan_json

from checker.errors import SourceError
from checker.knowledge.holes import Hole
from checker.sources.terraform.plan import Action
from checker.sources.terraform.plan.configuration import Constant, References

FOLDER = Path(__file__).parents[4] / "fixtures" / "saved-plans"


@pytest.fixture(scope="module")
def first():
    return read_plan_json(FOLDER / "first" / "plan.json", "plan.json").configuration


def test_a_constant_is_known_and_other_expressions_are_references(first):
    written = first.resources["module.worker.aws_lambda_function.this"].expressions
    assert written["function_name"] == Constant("worker")
    assert written["role"] == References(("aws_iam_role.this.arn", "aws_iam_role.this"))
    assert written["environment"][0]["variables"] == References(("var.secret", "var.queues"))


def test_an_expression_that_names_nothing_is_no_constant(first):
    written = first.resources["module.worker.aws_iam_role.this"].expressions
    assert written["assume_role_policy"] == References(())


def test_nested_blocks_are_lists_of_bodies(first):
    written = first.resources["data.aws_iam_policy_document.known"].expressions
    (statement,) = written["statement"]
    assert statement["actions"] == Constant(("sqs:ReceiveMessage",))


def test_each_resource_names_its_provider_configuration(first):
    assert first.resources["module.worker.aws_sqs_queue.west"].provider == "aws.west"
    assert first.providers["aws.west"].alias == "west"
    assert first.providers["aws.west"].expressions["region"] == Constant("us-west-2")
    assert first.providers["aws"].expressions["region"] == References(("var.region",))


def test_module_calls_tell_where_they_come_from_and_what_they_pass(first):
    assert first.calls.keys() == {"module.queue", "module.worker", "module.worker.module.log"}
    assert first.calls["module.worker.module.log"].source == "../queue"
    assert first.calls["module.worker.module.log"].expressions["timeout"] == Constant(9)
    assert first.calls["module.queue"].repeated == References(("var.queues",))
    assert first.calls["module.worker"].repeated == Constant(1)
    assert first.calls["module.worker.module.log"].repeated is None


def test_outputs_are_known_by_their_modules_address(first):
    names = ("aws_iam_role.this.arn", "aws_iam_role.this")
    assert first.outputs["module.worker.role_arn"] == References(names)


def plan(**changed):
    return {"format_version": "1.2", "planned_values": {}, "resource_changes": [], **changed}


def parsed(shown):
    return parse_plan_json(json.dumps(shown).encode(), "plan.json")


def change(**given):
    return plan(resource_changes=[{"address": "a.b", "change": given}])


def refused(data):
    with pytest.raises(SourceError) as caught:
        parse_plan_json(data, "plan.json")
    (reason,) = caught.value.reasons
    assert reason.place == "plan.json"
    return reason.message


def test_a_plan_that_changes_nothing_is_a_plan():
    assert parse_plan_json(b'{"format_version":"1.2","planned_values":{}}', "p").changes == {}


def test_text_of_any_unicode_encoding_is_read():
    text = json.dumps(plan(terraform_version="1.11.4"))
    for encoding in ("utf-8-sig", "utf-16"):
        assert parse_plan_json(text.encode(encoding), "p").terraform_version == "1.11.4"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not valid JSON"),
        (b"\xff\xfe\xfa", "not valid JSON"),
        (b'{"a": NaN}', "not valid JSON"),
        (b'{"@level":"info"}\n{"@level":"info"}\n', "not valid JSON"),
        (b"[]", "the JSON is not a plan"),
        (b'{"format_version":"1.0","planned_values":{},"resource_changes":{}}', "not a plan"),
        (b'{"format_version":"2.0","planned_values":{}}', "`2.0`"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000 + b"1" + b"}" * 200_000, "nested too deeply"),
        (b'{"a":1' + b"0" * 10_000 + b"}", "the JSON is not a plan"),
        (b"[" + b"[]," * 5_000_000 + b"[]]", "more than 5000000 values"),
    ],
    ids=lambda case: repr(case[:20]),
)
def test_what_is_no_plan_json_is_refused_with_the_reason(data, why):
    assert why in refused(data)


def test_a_file_that_is_not_there_is_refused():
    with pytest.raises(SourceError, match="No such file"):
        read_plan_json(FOLDER / "missing.json")


def test_large_text_of_wide_characters_is_refused(monkeypatch):
    monkeypatch.setattr("checker.sources.terraform.plan.shown.MOST_WIDE_BYTES", 10)
    assert "larger than 10 bytes" in refused('{"wide": "\U0001f600"}'.encode())


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("checker.sources.terraform.recorded.files.MOST_BYTES", 10)
    assert "larger than 10 bytes" in refused(b'{"format_version": "1.2"}')


def test_an_unknown_action_is_unknown():
    for actions in (["create", "update"], "create", None, [1], []):
        found = parsed(change(actions=actions, before=None, after={"a": 1}))
        assert found.changes["a.b"].action is Action.UNKNOWN


def test_two_changes_at_one_address_are_unknown():
    one = {"address": "a.b", "change": {"actions": ["delete"], "before": {}, "after": None}}
    found = parsed(plan(resource_changes=[one, one]))
    assert not found.deletes("a.b")
    assert isinstance(found.attributes("a.b"), Hole)


@pytest.mark.parametrize(
    ("after", "unknown", "value"),
    [
        ({"x": 1}, {"y": True}, {"x": 1, "y": Hole("a.b.y")}),
        ({"x": [1, None]}, {"x": [False, True]}, {"x": (1, Hole("a.b.x[1]"))}),
        ({"x": [1]}, {"x": [False, True]}, {"x": Hole("a.b.x")}),
        ({"x": [1]}, {"x": []}, {"x": (1,)}),
        ({"x": None}, {"x": {"y": True}}, {"x": Hole("a.b.x")}),
        ({"x": None}, {"x": {"y": False}}, {"x": None}),
        ({}, {"x": {"y": False}}, {}),
        ({}, {"x y": True}, {"x y": Hole('a.b["x y"]')}),
        ({"x": 1}, True, Hole("a.b")),
        (None, False, None),
    ],
)
def test_what_is_unknown_is_a_hole_and_what_is_absent_is_not(after, unknown, value):
    given = change(actions=["create"], before=None, after=after, after_unknown=unknown)
    assert parsed(given).changes["a.b"].after == value


def test_a_number_too_large_to_work_with_is_unknown():
    data = json.dumps(plan(variables={"n": {"value": 0}})).replace('"value": 0', '"value": 1e9999')
    value = parse_plan_json(data.encode(), "p").inputs(["n"])["n"]
    assert isinstance(value, Hole)
    assert "too large" in value.why


def test_a_value_nested_too_deeply_is_unknown_there():
    deep = json.loads("[" * 150 + "]" * 150)
    value = parsed(plan(variables={"n": {"value": deep}})).inputs(["n"])["n"]
    while not isinstance(value, Hole):
        (value,) = value
    assert "nested too deeply" in value.why


def test_a_deferred_change_leaves_the_plan_incomplete():
    assert parsed(plan(complete=True)).complete
    assert not parsed(plan(complete=True, deferred_changes=[{}])).complete
    assert not parsed(plan()).complete
