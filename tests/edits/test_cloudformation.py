"""How fixes are spelled in templates."""

import pytest

from checker.edits.cloudformation import property_of, translated, worded
from checker.knowledge.partial import KNOWN_ELSEWHERE
from checker.model import TemplateForm
from checker.rules.fix import (
    HERE,
    AddStatement,
    AddToList,
    BlockAddress,
    Fix,
    ObjectValue,
    Reference,
    RemoveAttribute,
    RemoveBlock,
    SetAttribute,
    statement,
)

QUEUE = Reference("Orders", "queue", literal="")


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (SetAttribute("Q", "visibility_timeout_seconds", 360), "`VisibilityTimeout: 360`"),
        (SetAttribute("Q", "message_retention_seconds", 60), "`MessageRetentionPeriod: 60`"),
        (RemoveAttribute("M", "scaling_config"), "remove `ScalingConfig`"),
        (RemoveAttribute("M", "StartingPosition"), "remove `StartingPosition`"),
        (AddToList("M", "depends_on", BlockAddress("Policy")), "`DependsOn: [Policy]`"),
        (RemoveBlock("Permission"), "remove `Permission`"),
        (
            AddStatement("Role", statement(("sqs:DeleteMessage",), Resource=QUEUE), "trust policy"),
            "`{Effect: Allow, Action: [sqs:DeleteMessage], Resource: !GetAtt Orders.Arn}`",
        ),
        (
            SetAttribute("Q", "redrive_policy", ObjectValue((("a b", "*"), ("c", True)))),
            '`RedrivePolicy: {a b: "*", c: true}`',
        ),
    ],
)
def test_an_edit_is_spelled_in_properties(edit, said):
    assert worded(Fix(HERE, (edit,))) == said


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("`batch_size = 10`, or less", "`BatchSize: 10`, or less"),
        ("set `kms_master_key_id`", "set `KmsMasterKeyId`"),
        (
            "add `redrive_policy = jsonencode({ deadLetterTargetArn = A, maxReceiveCount = 5 })`",
            "add `RedrivePolicy: {deadLetterTargetArn: A, maxReceiveCount: 5}`",
        ),
        ("queue `my_own_queue` of `batch_of_mine`", "queue `my_own_queue` of `batch_of_mine`"),
        (KNOWN_ELSEWHERE, "check what is deployed with `tfcheck audit`"),
        ("run with `--live`, or not", "check what is deployed with `tfcheck audit`, or not"),
        ("batch_size outside of backticks", "batch_size outside of backticks"),
    ],
)
def test_names_of_terraform_are_translated_and_those_of_the_user_are_not(sentence, said):
    assert translated(sentence) == said


def test_a_waiver_of_a_json_template_is_no_comment():
    fix = Fix("# tfcheck: ignore[a-rule] the reason, and until=YYYY-MM-DD if it ends")
    said = worded(fix, TemplateForm(frozenset(("a.json",))), "a.json")
    assert said == '`"ignore": ["a-rule the reason"]`, and until=YYYY-MM-DD if it ends'
    assert worded(fix, TemplateForm(frozenset(("a.json",))), "b.yaml") == fix.message


def test_a_property_keeps_its_name():
    assert property_of("StartingPosition") == "StartingPosition"
