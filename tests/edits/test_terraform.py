"""A fix names things by addresses that are valid where it is pasted."""

import pytest
from samples import arn

from checker.edits.terraform import worded
from checker.knowledge.text import Text
from checker.rules.fix import (
    HERE,
    AddCondition,
    AddStatement,
    AddToList,
    BlockAddress,
    Fix,
    RemoveAttribute,
    RemoveBlock,
    SetAttribute,
    principal,
    reference,
    set_attribute,
    statement,
)

HOLED = arn("sqs", "orders")
HANDED = (
    "QUEUE_ARN }}`; `QUEUE_ARN` is `aws_sqs_queue.q.arn`, which the call of `{}` has to pass in"
)
WHOLE = Text.of("arn:aws:sqs:eu-west-1:111122223333:orders")


def resource(holder, thing, at=HOLED, *, made=True, prefix=""):
    """Return how a statement for a role names a queue."""
    queue = reference(thing, "queue", at, made=made)
    edit = AddStatement(
        holder, statement(("sqs:DeleteMessage",), Resource=queue), "identity policy"
    )
    said = worded(Fix(f"add {HERE}", (edit,)), prefix)
    start = 'add `{ Effect = "Allow", Action = ["sqs:DeleteMessage"], Resource = '
    assert said.startswith(start)
    return said.removeprefix(start)


@pytest.mark.parametrize(
    ("holder", "thing", "said"),
    [
        ("aws_iam_role.r", "aws_sqs_queue.q", "aws_sqs_queue.q.arn }`"),
        ('aws_iam_role.r["a"]', "aws_sqs_queue.q[0]", "aws_sqs_queue.q[0].arn }`"),
        ("aws_iam_role.r", "data.aws_sqs_queue.q", "data.aws_sqs_queue.q.arn }`"),
        ("module.m.aws_iam_role.r", "module.m.aws_sqs_queue.q", "aws_sqs_queue.q.arn }`"),
        (
            'module.m["a.b"].aws_iam_role.r',
            'module.m["a.b"].aws_sqs_queue.q["c.d"]',
            'aws_sqs_queue.q["c.d"].arn }`',
        ),
        (
            "module.m.module.n.aws_iam_role.r",
            "module.m.module.n.aws_sqs_queue.q",
            "aws_sqs_queue.q.arn }`",
        ),
        (
            "module.m.aws_iam_role.r",
            "aws_sqs_queue.q",
            HANDED.format("module.m"),
        ),
        (
            "module.m.module.n.aws_iam_role.r",
            "module.m.aws_sqs_queue.q",
            HANDED.format("module.n"),
        ),
        (
            "aws_iam_role.r",
            "module.m.aws_sqs_queue.q",
            "QUEUE_ARN }`; `QUEUE_ARN` is the ARN of `module.m.aws_sqs_queue.q`",
        ),
        (
            "module.a.aws_iam_role.r",
            "module.b.aws_sqs_queue.q",
            "QUEUE_ARN }`; `QUEUE_ARN` is the ARN of `module.b.aws_sqs_queue.q`",
        ),
        (
            "module.m[0].aws_iam_role.r",
            "module.m[1].aws_sqs_queue.q",
            "QUEUE_ARN }`; `QUEUE_ARN` is the ARN of `module.m[1].aws_sqs_queue.q`",
        ),
        (
            "aws_iam_role.r",
            "aws_sqs_queue.q[*]",
            "QUEUE_ARN }`; `QUEUE_ARN` is the ARN of `aws_sqs_queue.q[*]`",
        ),
    ],
)
def test_a_thing_is_named_by_what_is_valid_at_the_place(holder, thing, said):
    assert resource(holder, thing) == said


def test_a_thing_of_another_module_whose_arn_is_known_is_named_by_it():
    assert resource("aws_iam_role.r", "module.m.aws_sqs_queue.q", WHOLE) == f'"{WHOLE}" }}`'


def test_a_thing_that_is_not_made_here_has_no_address():
    assert resource("aws_iam_role.r", str(WHOLE), WHOLE, made=False) == f'"{WHOLE}" }}`'
    said = resource("aws_iam_role.r", str(HOLED), made=False)
    assert said == f"QUEUE_ARN }}`; `QUEUE_ARN` is the ARN of `{HOLED}`"


def test_the_prefix_of_a_root_module_is_no_part_of_an_address():
    assert (
        resource("a:aws_iam_role.r", "a:aws_sqs_queue.q", prefix="a:") == "aws_sqs_queue.q.arn }`"
    )
    other = resource("a:aws_iam_role.r", "b:aws_sqs_queue.q", prefix="a:")
    assert other == "QUEUE_ARN }`; `QUEUE_ARN` is the ARN of `b:aws_sqs_queue.q`"


@pytest.mark.parametrize(
    ("fix", "said"),
    [
        (Fix("use another queue"), "use another queue"),
        (set_attribute("a.b", "batch_size", 10), "`batch_size = 10`"),
        (set_attribute("a.b", "enabled", value=True), "`enabled = true`"),
        (set_attribute("a.b", "types", ("x", "y")), '`types = ["x", "y"]`'),
        (set_attribute("a.b", "name", '${x} "'), '`name = "$${x} \\""`'),
        (
            Fix(f"{HERE} on it", (SetAttribute("a.b", "c", 1), RemoveAttribute("a.b", "d"))),
            "`c = 1` and remove `d` on it",
        ),
        (Fix(HERE, (RemoveBlock("aws_x.y"),)), "remove `aws_x.y`"),
        (
            Fix(HERE, (AddCondition("a.b", principal("Bool", "x")),)),
            '`Condition = { Bool = "x" }`',
        ),
        (
            Fix(HERE, (AddToList("a.b", "depends_on", BlockAddress("aws_x.y")),)),
            "`depends_on = [aws_x.y]`",
        ),
        (
            Fix(HERE, (SetAttribute("a.b", "c", principal("aws:PrincipalArn", "x")),)),
            '`c = { "aws:PrincipalArn" = "x" }`',
        ),
    ],
)
def test_an_edit_is_spelled_as_terraform_takes_it(fix, said):
    assert worded(fix) == said
