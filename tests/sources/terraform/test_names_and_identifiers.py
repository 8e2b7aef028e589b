"""A reference names its block, a name is taken once, and AWS takes one identifier in each place."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from checker.check import check
from checker.policy import judge
from checker.policy import load as load_policy
from checker.rules import RULES
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load

BASE = (Path(__file__).parents[3] / "fixtures/bases/orders.tf").read_text()
TAKEN, TWICE, WRONG = "name-taken-twice", "resource-managed-twice", "wrong-identifier"
SHORT = "visibility-timeout-below-function-timeout"
DENIED = "role-cannot-read-queue"
NOTED = {
    "policy-attached-too-late",
    "mapping-does-not-wait",
    "whole-batch-retried",
    "permission-does-nothing",
}


def function(label, name="worker", rest=""):
    return (
        f'resource "aws_lambda_function" "{label}" {{\n  function_name = "{name}"\n'
        '  role = aws_iam_role.worker.arn\n  runtime = "python3.12"\n  handler = "a.b"\n'
        f'  filename = "worker.zip"\n  {rest}\n}}\n'
    )


def provider(alias, rest):
    return f'provider "aws" {{\n  alias = "{alias}"\n  {rest}\n}}\n'


def base(*pairs):
    text = BASE
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new)
    return text


LONG = base("timeout       = 30", "timeout       = 300")
FUNCTION = "function_name    = aws_lambda_function.worker.arn"
SOURCE = "event_source_arn = aws_sqs_queue.orders.arn"
ROLE = "role = aws_iam_role.worker.name"
TARGET = "deadLetterTargetArn = aws_sqs_queue.dead.arn"
RUN_AS = "role          = aws_iam_role.worker.arn"
NAMES = {
    "the long timeout is first": (LONG + function("twin"), {TAKEN, SHORT}),
    "the long timeout is last": (function("twin") + LONG, {TAKEN, SHORT}),
    "a function by its name": (
        LONG.replace(FUNCTION, "function_name = aws_lambda_function.worker.function_name")
        + function("twin"),
        {TAKEN, SHORT},
    ),
    "a function through a local": (
        LONG.replace(FUNCTION, "function_name = local.f")
        + "locals {\n  f = try(aws_lambda_function.worker.arn, null)\n}\n"
        + function("twin"),
        {TAKEN, SHORT},
    ),
    "a function through an alias": (
        LONG.replace(FUNCTION, "function_name = aws_lambda_alias.a.arn")
        + 'resource "aws_lambda_alias" "a" {\n  name = "live"\n  function_version = "1"\n'
        + "  function_name = aws_lambda_function.worker.function_name\n}\n"
        + function("twin"),
        {TAKEN, SHORT},
    ),
    "one of two alternatives": (
        base(
            FUNCTION,
            "function_name = var.long ? aws_lambda_function.worker.arn : "
            "aws_lambda_function.twin.arn",
        )
        + 'variable "long" { default = false }\n'
        + function("twin"),
        {TAKEN},
    ),
    "a function of another case": (BASE + function("twin", "Worker"), set()),
    "two functions that no mapping uses": (
        BASE + function("one", "other") + function("two", "other"),
        set(),
    ),
    "one environment's account twice": (
        BASE + provider("b", 'region = "eu-west-1"') + function("twin", rest="provider = aws.b"),
        {TAKEN},
    ),
    "another profile": (
        BASE
        + provider("b", 'region = "eu-west-1"\n  profile = "b"')
        + function("twin", rest="provider = aws.b"),
        set(),
    ),
    "a Region that is unknown": (
        BASE
        + 'variable "r" {}\n'
        + provider("b", "region = var.r")
        + function("twin", rest="provider = aws.b"),
        set(),
    ),
    "a Region of its own": (BASE + function("twin", rest='region = "us-east-1"'), set()),
    "a name from a variable, twice": (
        'variable "n" {}\n'
        + base('function_name = "worker"', "function_name = var.n")
        + function("twin", "${var.n}"),
        {TAKEN},
    ),
    "names from two variables": (
        'variable "n" {}\nvariable "m" {}\n'
        + base('function_name = "worker"', "function_name = var.n")
        + function("twin", "${var.m}"),
        set(),
    ),
    "a queue that differs": (
        BASE + 'resource "aws_sqs_queue" "twin" {\n  name = "orders"\n}\n',
        {TAKEN},
    ),
    "a dead-letter queue that differs": (
        BASE
        + 'resource "aws_sqs_queue" "twin" {\n  name = "orders-dead"\n  delay_seconds = 5\n}\n',
        {TAKEN},
    ),
    "a dead-letter queue that is the same": (
        BASE + 'resource "aws_sqs_queue" "twin" {\n  name = "orders-dead"\n}\n',
        {TWICE},
    ),
}
IDENTIFIERS = {
    "a role by its ARN": (base(ROLE, "role = aws_iam_role.worker.arn"), {WRONG}),
    "a role by its id": (base(ROLE, "role = aws_iam_role.worker.id"), set()),
    "a role by its path": (base(ROLE, 'role = "/service/worker"'), {WRONG}),
    "a role by its unique ID": (base(ROLE, "role = aws_iam_role.worker.unique_id"), {WRONG}),
    "a role by a part of its ARN": (
        base(ROLE, 'role = split("/", aws_iam_role.worker.arn)[1]'),
        set(),
    ),
    "a role that is unknown": (base(ROLE, "role = var.r") + 'variable "r" {}\n', {DENIED}),
    "a queue by its URL": (base(SOURCE, "event_source_arn = aws_sqs_queue.orders.url"), {WRONG}),
    "a queue by its id": (base(SOURCE, "event_source_arn = aws_sqs_queue.orders.id"), {WRONG}),
    "a queue by its name": (base(SOURCE, 'event_source_arn = "orders"'), {WRONG}),
    "a queue by its URL, decided all the same": (
        base(SOURCE, "event_source_arn = aws_sqs_queue.orders.url", "= 180", "= 20"),
        {WRONG, SHORT},
    ),
    "a function for a queue": (
        base(SOURCE, "event_source_arn = aws_lambda_function.worker.arn"),
        {WRONG},
    ),
    "a topic for a queue": (
        base(SOURCE, "event_source_arn = aws_sns_topic.t.arn")
        + 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n',
        {WRONG},
    ),
    "an invoke ARN": (
        base(FUNCTION, "function_name = aws_lambda_function.worker.invoke_arn"),
        {WRONG},
    ),
    "a qualified invoke ARN": (
        base(FUNCTION, "function_name = aws_lambda_function.worker.qualified_invoke_arn"),
        {WRONG},
    ),
    "an API for a function": (
        base(FUNCTION, "function_name = aws_api_gateway_rest_api.a.execution_arn")
        + 'resource "aws_api_gateway_rest_api" "a" {\n  name = "a"\n}\n',
        {WRONG},
    ),
    "a layer for a function": (
        base(FUNCTION, "function_name = aws_lambda_layer_version.l.arn")
        + 'resource "aws_lambda_layer_version" "l" {\n  layer_name = "x"\n'
        + '  filename = "worker.zip"\n}\n',
        {WRONG},
    ),
    "a role for a function": (base(FUNCTION, "function_name = aws_iam_role.worker.arn"), {WRONG}),
    "a function by name and qualifier": (base(FUNCTION, 'function_name = "worker:live"'), set()),
    "a policy for the function's role": (
        base(RUN_AS, 'role = "arn:aws:iam::111122223333:policy/worker"'),
        {WRONG},
    ),
    "the function's role by its name": (
        base(RUN_AS, "role = aws_iam_role.worker.name"),
        {"configuration-invalid"},
    ),
    "a dead-letter queue by its URL": (
        base(TARGET, "deadLetterTargetArn = aws_sqs_queue.dead.url"),
        {WRONG},
    ),
    "a dead-letter queue by its name": (
        base(TARGET, "deadLetterTargetArn = aws_sqs_queue.dead.name"),
        {WRONG},
    ),
}
CASES = NAMES | IDENTIFIERS


def found(folder, text):
    """Return the rules of error and warning severity that say something of a configuration."""
    (folder / "main.tf").write_text(text)
    policy = load_policy("current", [rule.name for rule in RULES])
    inventory = load(folder, folder, Given())
    results = check(inventory, policy.select(RULES), policy.settings)
    report = judge(inventory, results, policy, date(2026, 11, 28))
    return {each.rule for each in report.findings} - NOTED


@pytest.mark.parametrize("case", CASES)
def test_a_name_and_an_identifier_are_what_aws_takes_them_for(case, tmp_path):
    text, expected = CASES[case]
    assert found(tmp_path, text) == expected


def test_what_two_provider_configurations_read_is_not_one_thing(tmp_path):
    text = "".join(
        provider(each, f'region = "eu-west-1"\n  profile = "{each}"')
        + f'data "aws_sqs_queue" "{each}" {{\n  provider = aws.{each}\n  name = "orders"\n}}\n'
        + f'resource "aws_lambda_event_source_mapping" "{each}" {{\n  provider = aws.{each}\n'
        + f"  event_source_arn = data.aws_sqs_queue.{each}.arn\n"
        + '  function_name = "worker"\n}\n'
        for each in ("a", "b")
    )
    assert "duplicate-mapping" not in found(tmp_path, text)


def test_an_unsure_block_leaves_other_mappings_alone(tmp_path):
    other = 'resource "aws_sqs_queue" "other" {\n  name = "other"\n}\n'
    twin = 'variable "n" { type = number }\n' + function("twin", rest="count = var.n")
    text = BASE + other + twin + function("second", "second")
    text += (
        'resource "aws_lambda_event_source_mapping" "other" {\n'
        "  event_source_arn = aws_sqs_queue.other.arn\n"
        "  function_name = aws_lambda_function.second.arn\n}\n"
    )
    (tmp_path / "main.tf").write_text(text)
    inventory = load(tmp_path, tmp_path, Given())
    rule = next(each for each in RULES if each.name == TAKEN)
    policy = load_policy("current", [each.name for each in RULES])
    unsure = [each for each in check(inventory, [rule], policy.settings) if each.unknowns]
    assert [each.mappings for each in unsure] == [("aws_lambda_event_source_mapping.orders",)]


PLANNED = {
    "aws_sqs_queue": {"name": {"constant_value": "orders"}},
    "aws_iam_role": {"name": {"constant_value": "worker"}},
    "aws_lambda_function": {
        "function_name": {"constant_value": "worker"},
        "role": {"references": ["aws_iam_role.w.arn", "aws_iam_role.w"]},
    },
    "aws_iam_role_policy": {"role": {"references": ["aws_iam_role.w.arn", "aws_iam_role.w"]}},
    "aws_lambda_event_source_mapping": {
        "event_source_arn": {"references": ["aws_sqs_queue.w.arn", "aws_sqs_queue.w"]},
        "function_name": {"references": ["aws_lambda_function.w.arn", "aws_lambda_function.w"]},
    },
}


def plan_json(expressions):
    """Return plan JSON with one resource of each type, of which it holds some expressions."""
    provider = {"provider_name": "registry.terraform.io/hashicorp/aws", "mode": "managed"}
    named = [{"address": f"{t}.w", "type": t, "name": "w", **provider} for t in expressions]
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {},
        "resource_changes": [
            {
                **each,
                "change": {
                    "actions": ["create"],
                    "before": None,
                    "after": {
                        name: given["constant_value"]
                        for name, given in expressions[each["type"]].items()
                        if "constant_value" in given
                    },
                    "after_unknown": {
                        name: True
                        for name, given in expressions[each["type"]].items()
                        if "references" in given
                    },
                },
            }
            for each in named
        ],
        "configuration": {
            "provider_config": {
                "aws": {
                    "name": "aws",
                    "full_name": provider["provider_name"],
                    "expressions": {"region": {"constant_value": "eu-west-1"}},
                }
            },
            "root_module": {
                "resources": [
                    {**each, "provider_config_key": "aws", "expressions": expressions[each["type"]]}
                    for each in named
                ]
            },
        },
    }


def wrong(target, folder, given):
    inventory = load(target, folder, given)
    rule = next(each for each in RULES if each.name == WRONG)
    policy = load_policy("current", [each.name for each in RULES])
    said = list(check(inventory, [rule], policy.settings))
    problems = [one.message for each in said for one in each.problems if not one.aside]
    return problems, [one.why for each in said for one in each.unknowns]


def test_what_an_argument_makes_of_a_reference_is_not_in_plan_json(tmp_path):
    target = tmp_path / "plan.json"
    target.write_text(json.dumps(plan_json(PLANNED)))
    problems, unknowns = wrong(target, tmp_path, Given())
    assert problems == []
    assert any("`role` of `aws_iam_role_policy.w` is the ARN of a role" in why for why in unknowns)


def test_what_terraform_plans_and_aws_refuses_is_reported_beside_the_plan(tmp_path):
    """The `id` of a role is unknown in a first plan, so that Terraform does not look at it."""
    (tmp_path / "main.tf").write_text(base(RUN_AS, "role = aws_iam_role.worker.id"))
    plan = tmp_path / "plan.json"
    text = json.dumps(plan_json(PLANNED))
    for type_, label in (
        ("aws_sqs_queue", "orders"),
        ("aws_lambda_event_source_mapping", "orders"),
    ):
        text = text.replace(f"{type_}.w", f"{type_}.{label}")
    plan.write_text(text.replace(".w", ".worker").replace('"name": "w"', '"name": "worker"'))
    problems, _ = wrong(tmp_path, tmp_path, Given(plan=plan))
    assert problems == [
        "`role` of `aws_lambda_function.worker` is a name, and AWS takes the ARN of a role"
    ]
