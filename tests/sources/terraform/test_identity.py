"""Which block of a configuration a text names, where neither count nor names are known.

Each case is a configuration and what must be said of its mappings: their verdicts but for
warnings, and the problems and unknowns of rules of error severity.
"""

from __future__ import annotations

from datetime import date

import pytest

from checker.check import check
from checker.knowledge.truth import Truth
from checker.policy import judge
from checker.policy import load as load_policy
from checker.reports.report import Severity, Verdict
from checker.rules import RULES
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load

TRUST = """
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" }
  }] })
"""
ACTIONS = '["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]'


def queue(label, name, more=""):
    return f"""
resource "aws_sqs_queue" "{label}" {{
  name                       = {name}
  visibility_timeout_seconds = 180
  {more}
}}
"""


def role(label, name, more=""):
    return f'resource "aws_iam_role" "{label}" {{\n  name = {name}\n{TRUST}\n{more}\n}}\n'


def function(label, role, name=None, more=""):
    return f"""
resource "aws_lambda_function" "{label}" {{
  function_name = {name or f'"{label}"'}
  role          = {role}
  timeout       = 30
  runtime       = "python3.12"
  handler       = "a.b"
  filename      = "a.zip"
  {more}
}}
"""


def mapping(label, queue, function, more=""):
    return f"""
resource "aws_lambda_event_source_mapping" "{label}" {{
  event_source_arn = {queue}
  function_name    = {function}
  {more}
}}
"""


def document(resource, effect="Allow", actions=ACTIONS):
    return (
        'jsonencode({ Version = "2012-10-17", Statement = [{ '
        f'Effect = "{effect}", Action = {actions}, Resource = {resource} }}] }})'
    )


def inline(label, role, resource, more="", effect="Allow", actions=ACTIONS):
    return f"""
resource "aws_iam_role_policy" "{label}" {{
  role   = {role}
  policy = {document(resource, effect, actions)}
  {more}
}}
"""


def policy(label, name, resource, more="", effect="Allow", actions=ACTIONS):
    return f"""
resource "aws_iam_policy" "{label}" {{
  {name}
  policy = {document(resource, effect, actions)}
  {more}
}}
"""


def attachment(label, role, policy, more=""):
    return f"""
resource "aws_iam_role_policy_attachment" "{label}" {{
  role       = {role}
  policy_arn = {policy}
  {more}
}}
"""


PROVIDER = """
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["123456789012"]
}
"""


def said(folder, text, modules=None):
    """Return the verdict of each mapping, and the rules of error severity that say something."""
    (folder / "main.tf").write_text(text)
    for name, body in (modules or {}).items():
        (folder / name).mkdir()
        (folder / name / "main.tf").write_text(body)
    current = load_policy("current", [rule.name for rule in RULES])
    inventory = load(folder, folder, Given())
    results = check(inventory, RULES, current.settings)
    report = judge(inventory, results, current, date(2026, 11, 27))
    verdicts = {
        row.id.replace("aws_lambda_event_source_mapping.", ""): SOUND.get(
            row.verdict, row.verdict.value
        )
        for row in report.mappings
    }
    found = {
        (each.rule, each.kind, each.message)
        for each in report.findings
        if each.severity is Severity.ERROR
    }
    return verdicts, found


SOUND = {Verdict.READY: "sound", Verdict.AT_RISK: "sound"}
OPAQUE = 'replace("${var.p}-%s", "_", "-")'
VAR = 'variable "p" {}\n'


def opaque(name):
    return OPAQUE % name


def pair(label, name=None, grant=None):
    """A queue, a role with an inline policy, a function and a mapping of their own."""
    return (
        queue(label, name or opaque(label))
        + role(label, name or opaque(label))
        + inline(label, f"aws_iam_role.{label}.name", grant or f"aws_sqs_queue.{label}.arn")
        + function(label, f"aws_iam_role.{label}.arn", name or opaque(label))
        + mapping(label, f"aws_sqs_queue.{label}.arn", f"aws_lambda_function.{label}.arn")
    )


CASES = {
    # names that are made by functions
    "two stacks of names that a function makes": (
        VAR + PROVIDER + pair("a") + pair("b"),
        {"a": "sound", "b": "sound"},
    ),
    "a grant for the other queue of such a name": (
        VAR + PROVIDER + pair("a") + pair("b", grant="aws_sqs_queue.a.arn"),
        {"a": "sound", "b": "blocked"},
    ),
    "names out of ids that a provider makes up": (
        PROVIDER
        + 'resource "random_id" "a" {}\nresource "random_id" "b" {}\n'
        + pair("a", '"${random_id.a.hex}-worker"')
        + pair("b", '"${random_id.b.hex}-worker"', grant="aws_sqs_queue.a.arn"),
        {"a": "sound", "b": "blocked"},
    ),
    "names of two variables": (
        'variable "a" {}\nvariable "b" {}\n'
        + PROVIDER
        + pair("a", "var.a")
        + pair("b", "var.b", grant="aws_sqs_queue.a.arn"),
        {"a": "sound", "b": "blocked"},
    ),
    "the grant of a managed policy for the other queue": (
        VAR
        + PROVIDER
        + pair("a")
        + queue("b", opaque("b"))
        + role("b", opaque("b"))
        + policy("b", "name_prefix = var.p", "aws_sqs_queue.a.arn")
        + attachment("b", "aws_iam_role.b.name", "aws_iam_policy.b.arn")
        + function("b", "aws_iam_role.b.arn", opaque("b"))
        + mapping("b", "aws_sqs_queue.b.arn", "aws_lambda_function.b.arn"),
        {"a": "sound", "b": "blocked"},
    ),
    "a denial at the other queue": (
        VAR
        + PROVIDER
        + pair("a")
        + queue("b", opaque("b"))
        + inline("deny", "aws_iam_role.a.name", "aws_sqs_queue.b.arn", effect="Deny"),
        {"a": "sound"},
    ),
    "a denial at a queue of a name built like the other": (
        VAR
        + PROVIDER
        + pair("a")
        + queue("b", opaque("b"))
        + inline(
            "deny",
            "aws_iam_role.a.name",
            '"arn:aws:sqs:eu-west-1:123456789012:%s"' % ("${" + opaque("b") + "}"),
            effect="Deny",
        ),
        {"a": "sound"},
    ),
    "a denial at a queue that may be the same": (
        VAR
        + 'variable "other" {}\n'
        + PROVIDER
        + pair("a")
        + inline(
            "deny",
            "aws_iam_role.a.name",
            '"arn:aws:sqs:eu-west-1:123456789012:${var.other}"',
            effect="Deny",
        ),
        {"a": "undecided"},
    ),
    "a data source of a queue that may be the same": (
        VAR
        + 'variable "other" {}\n'
        + PROVIDER
        + pair("a", grant="data.aws_sqs_queue.other.arn")
        + 'data "aws_sqs_queue" "other" {\n  name = var.other\n}\n',
        {"a": "undecided"},
    ),
    "a queue policy that denies the other role": (
        VAR
        + PROVIDER
        + pair("a")
        + role("b", opaque("b"))
        + """
resource "aws_sqs_queue_policy" "a" {
  queue_url = aws_sqs_queue.a.url
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Deny", Action = "sqs:*", Resource = "*", Principal = { AWS = aws_iam_role.b.arn }
  }] })
}
""",
        {"a": "sound"},
    ),
    "a queue policy that denies a condition's other role": (
        VAR
        + PROVIDER
        + pair("a")
        + role("b", opaque("b"))
        + """
resource "aws_sqs_queue_policy" "a" {
  queue_url = aws_sqs_queue.a.url
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Deny", Action = "sqs:*", Resource = "*", Principal = "*"
    Condition = { ArnEquals = { "aws:PrincipalArn" = aws_iam_role.b.arn } }
  }] })
}
""",
        {"a": "sound"},
    ),
    "two keys": (
        VAR
        + PROVIDER
        + "".join(
            queue(x, opaque(x), f"kms_master_key_id = aws_kms_key.{x}.id")
            + f'resource "aws_kms_key" "{x}" {{}}\n'
            + f"""
resource "aws_kms_key_policy" "{x}" {{
  key_id = aws_kms_key.{x}.id
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{{ Effect = "Allow", Action = "kms:*",
    Resource = "*", Principal = {{ AWS = "arn:aws:iam::123456789012:root" }} }}] }})
}}
"""
            + role(x, opaque(x))
            + inline(x, f"aws_iam_role.{x}.id", f"aws_sqs_queue.{x}.arn")
            + inline(
                f"{x}_key",
                f"aws_iam_role.{x}.id",
                "aws_kms_key.a.arn",
                actions='["kms:Decrypt"]',
            )
            + function(x, f"aws_iam_role.{x}.arn", opaque(x))
            + mapping(x, f"aws_sqs_queue.{x}.arn", f"aws_lambda_function.{x}.arn")
            for x in "ab"
        ),
        {"a": "sound", "b": "blocked"},
    ),
    # who an attachment names
    "a grant attached to the other role of such a name": (
        VAR
        + PROVIDER
        + pair("a")
        + queue("b", opaque("b"))
        + role("b", opaque("b"))
        + inline("b", "aws_iam_role.a.name", "aws_sqs_queue.b.arn")
        + function("b", "aws_iam_role.b.arn", opaque("b"))
        + mapping("b", "aws_sqs_queue.b.arn", "aws_lambda_function.b.arn"),
        {"a": "sound", "b": "blocked"},
    ),
    "a denial attached to the other role of such a name": (
        VAR
        + PROVIDER
        + pair("a")
        + role("b", opaque("b"))
        + inline("deny", "aws_iam_role.b.id", '"*"', effect="Deny"),
        {"a": "sound"},
    ),
    "a list of the only policies of the other role of such a name": (
        VAR
        + PROVIDER
        + pair("a")
        + role("b", opaque("b"))
        + 'resource "aws_iam_role_policies_exclusive" "b" {\n'
        + "  role_name = aws_iam_role.b.name\n  policy_names = []\n}\n",
        {"a": "sound"},
    ),
    "a denial attached to a role that may be the same": (
        VAR
        + 'variable "other" {}\n'
        + PROVIDER
        + pair("a")
        + inline("deny", "var.other", '"*"', effect="Deny"),
        {"a": "undecided"},
    ),
    "a denial attached to a data source of a role that may be the same": (
        VAR
        + 'variable "other" {}\n'
        + PROVIDER
        + pair("a")
        + 'data "aws_iam_role" "other" {\n  name = var.other\n}\n'
        + inline("deny", "data.aws_iam_role.other.name", '"*"', effect="Deny"),
        {"a": "undecided"},
    ),
    # policies that only allow
    "a policy that only allows, attached to a role that may be the same": (
        VAR
        + 'variable "other" {}\n'
        + PROVIDER
        + pair("a")
        + policy("more", 'name = "more"', '"*"')
        + attachment("more", "var.other", "aws_iam_policy.more.arn"),
        {"a": "sound"},
    ),
    "a policy that only allows, attached where a count is unknown": (
        VAR
        + 'variable "n" {}\n'
        + PROVIDER
        + pair("a")
        + policy("more", 'name_prefix = "more"', '"*"', "count = var.n")
        + attachment("more", "aws_iam_role.a.name", "aws_iam_policy.more[0].arn", "count = var.n"),
        {"a": "sound"},
    ),
    "policies that only allow, attached by the index of an unknown count": (
        VAR
        + 'variable "n" {}\n'
        + PROVIDER
        + pair("a")
        + policy("more", 'name_prefix = "more"', '"*"', "count = var.n")
        + attachment(
            "more", "aws_iam_role.a.name", "aws_iam_policy.more[count.index].arn", "count = var.n"
        ),
        {"a": "sound"},
    ),
    "one of several policies, of which one denies": (
        VAR
        + 'variable "which" {}\n'
        + PROVIDER
        + pair("a")
        + policy("more", 'name = "more"', '"*"')
        + policy("less", 'name = "less"', '"*"', effect="Deny")
        + attachment(
            "more",
            "aws_iam_role.a.name",
            "var.which ? aws_iam_policy.more.arn : aws_iam_policy.less.arn",
        ),
        {"a": "undecided"},
    ),
    "a policy of which only the ARN is known": (
        VAR
        + 'variable "which" {}\n'
        + PROVIDER
        + pair("a")
        + attachment("more", "aws_iam_role.a.name", "var.which"),
        {"a": "undecided"},
    ),
    "a queue policy that only allows, of a queue that may be the same": (
        VAR
        + 'variable "other" {}\n'
        + PROVIDER
        + pair("a")
        + """
resource "aws_sqs_queue_policy" "other" {
  queue_url = var.other
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sqs:SendMessage", Resource = "*"
    Principal = { Service = "sns.amazonaws.com" }
    Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:sns:eu-west-1:123456789012:t" } }
  }] })
}
""",
        {"a": "sound"},
    ),
    "two queue policies that only allow": (
        VAR
        + PROVIDER
        + pair("a")
        + "".join(
            f"""
resource "aws_sqs_queue_policy" "{x}" {{
  queue_url = aws_sqs_queue.a.id
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{{
    Effect = "Allow", Action = "sqs:SendMessage", Resource = "*"
    Principal = {{ Service = "{x}.amazonaws.com" }}
    Condition = {{ StringEquals = {{ "aws:SourceAccount" = "123456789012" }} }}
  }}] }})
}}
"""
            for x in ("sns", "events")
        ),
        {"a": "sound"},
    ),
    # the same index, where the count is unknown
    "an index of an unknown count": (
        'variable "n" {}\n'
        + PROVIDER
        + queue("a", '"a-${count.index}"', "count = var.n")
        + role("a", '"a-${count.index}"', "count = var.n")
        + inline(
            "a",
            "aws_iam_role.a[count.index].name",
            "aws_sqs_queue.a[count.index].arn",
            "count = var.n",
        )
        + function("a", "aws_iam_role.a[count.index].arn", '"a-${count.index}"', "count = var.n")
        + mapping(
            "a",
            "aws_sqs_queue.a[count.index].arn",
            "aws_lambda_function.a[count.index].arn",
            "count = var.n",
        ),
        {"a[*]": "undecided"},
    ),
    "a key of an unknown map": (
        'variable "n" {}\n'
        + PROVIDER
        + queue("a", '"a-${each.key}"', "for_each = var.n")
        + role("a", '"a-${each.key}"', "for_each = var.n")
        + inline(
            "a",
            "aws_iam_role.a[each.key].name",
            "aws_sqs_queue.a[each.key].arn",
            "for_each = var.n",
        )
        + function("a", "aws_iam_role.a[each.key].arn", '"a-${each.key}"', "for_each = var.n")
        + mapping(
            "a",
            "aws_sqs_queue.a[each.key].arn",
            "aws_lambda_function.a[each.key].arn",
            "for_each = var.n",
        ),
        {"a[*]": "undecided"},
    ),
    "a key of an unknown set by its value": (
        'variable "n" {}\n'
        + PROVIDER
        + queue("a", '"a-${each.value}"', "for_each = toset(var.n)")
        + role("a", '"a-${each.value}"', "for_each = toset(var.n)")
        + inline(
            "a",
            "aws_iam_role.a[each.value].name",
            "aws_sqs_queue.a[each.value].arn",
            "for_each = toset(var.n)",
        )
        + function(
            "a", "aws_iam_role.a[each.value].arn", '"a-${each.key}"', "for_each = toset(var.n)"
        )
        + mapping(
            "a",
            "aws_sqs_queue.a[each.value].arn",
            "aws_lambda_function.a[each.value].arn",
            "for_each = toset(var.n)",
        ),
        {"a[*]": "undecided"},
    ),
    "the first of an unknown count": (
        'variable "n" {}\n'
        + PROVIDER
        + queue("a", '"a-${count.index}"', "count = var.n")
        + role("a", '"a-${count.index}"', "count = var.n")
        + inline("a", "aws_iam_role.a[0].name", "aws_sqs_queue.a[0].arn")
        + function("a", "aws_iam_role.a[0].arn", '"a-${count.index}"', "count = var.n")
        + mapping("a", "aws_sqs_queue.a[0].arn", "aws_lambda_function.a[0].arn"),
        {"a": "sound"},
    ),
    "the first of an unknown count, of names that AWS makes up": (
        'variable "n" {}\n'
        + PROVIDER
        + queue("a", "null", 'name_prefix = "a"\n  count = var.n')
        + role("a", "null", 'name_prefix = "a"\n  count = var.n')
        + policy("a", 'name_prefix = "a"', "aws_sqs_queue.a[0].arn", "count = var.n")
        + attachment("a", "aws_iam_role.a[0].name", "aws_iam_policy.a[0].arn")
        + function("a", "aws_iam_role.a[0].arn", '"a-${count.index}"', "count = var.n")
        + mapping("a", "aws_sqs_queue.a[0].arn", "aws_lambda_function.a[0].arn"),
        {"a": "sound"},
    ),
    "a grant for the first of an unknown count, for the second": (
        'variable "n" {}\n'
        + PROVIDER
        + queue("a", '"a-${count.index}"', "count = var.n")
        + role("a", '"a-${count.index}"', "count = var.n")
        + inline("a", "aws_iam_role.a[0].name", "aws_sqs_queue.a[1].arn")
        + function("a", "aws_iam_role.a[0].arn", '"a-${count.index}"', "count = var.n")
        + mapping("a", "aws_sqs_queue.a[0].arn", "aws_lambda_function.a[0].arn"),
        {"a": "blocked"},
    ),
    "the first of a splat of an unknown count": (
        'variable "n" {}\n'
        + PROVIDER
        + queue("a", '"a-${count.index}"', "count = var.n")
        + role("a", '"a-${count.index}"', "count = var.n")
        + inline("a", "aws_iam_role.a.*.name[0]", "aws_sqs_queue.a.*.arn[0]")
        + function("a", "aws_iam_role.a.*.arn[0]", '"f"')
        + mapping("a", "aws_sqs_queue.a.*.arn[0]", "aws_lambda_function.a.arn"),
        {"a": "sound"},
    ),
    "all of a splat of an unknown count": (
        'variable "n" {}\n'
        + PROVIDER
        + queue("a", '"a-${count.index}"', "count = var.n")
        + role("a", '"a"')
        + 'data "aws_iam_policy_document" "a" {\n  statement {\n    actions = '
        + ACTIONS
        + "\n    resources = aws_sqs_queue.a[*].arn\n  }\n}\n"
        + 'resource "aws_iam_role_policy" "a" {\n  role = aws_iam_role.a.id\n'
        + "  policy = data.aws_iam_policy_document.a.json\n}\n"
        + function("a", "aws_iam_role.a.arn", '"f"')
        + mapping("a", "aws_sqs_queue.a[0].arn", "aws_lambda_function.a.arn"),
        {"a": "sound"},
    ),
    "as many as a splat of an unknown count has": (
        'variable "n" {}\n'
        + PROVIDER
        + pair("b", '"b"')
        + queue("a", '"a-${count.index}"', "count = var.n")
        + mapping(
            "a",
            "aws_sqs_queue.a[count.index].arn",
            "aws_lambda_function.b.arn",
            "count = length(aws_sqs_queue.a[*].arn)",
        ),
        {"a[*]": "blocked", "b": "sound"},
    ),
    "a queue of one index and a role of another": (
        'variable "n" {}\nvariable "m" {}\n'
        + PROVIDER
        + queue("a", '"a-${count.index}"', "count = var.n")
        + role("a", '"a-${count.index}"', "count = var.n")
        + inline(
            "a",
            "aws_iam_role.a[count.index].name",
            "aws_sqs_queue.a[count.index].arn",
            "count = var.n",
        )
        + function("a", "aws_iam_role.a[count.index].arn", '"f-${count.index}"', "count = var.n")
        + mapping(
            "a",
            "aws_sqs_queue.a[var.m].arn",
            "aws_lambda_function.a[count.index].arn",
            "count = var.n",
        ),
        {"a[*]": "undecided"},
    ),
}


SOURCES = (
    "aws_dynamodb_table.t.stream_arn",
    "aws_kinesis_stream.t.arn",
    "aws_kinesis_stream_consumer.t.arn",
    "aws_msk_cluster.t.arn",
    "aws_mq_broker.t.arn",
    "aws_docdb_cluster.t.arn",
)


@pytest.mark.parametrize("source", SOURCES)
def test_what_another_service_makes_is_no_queue(source, tmp_path):
    made = f'resource "{source.split(".")[0]}" "t" {{}}\n'
    text = made + role("a", '"a"') + function("a", "aws_iam_role.a.arn")
    (tmp_path / "main.tf").write_text(text + mapping("a", source, "aws_lambda_function.a.arn"))
    inventory = load(tmp_path, tmp_path, Given())
    assert (inventory.mappings, inventory.other_sources) == ((), 1)


@pytest.mark.parametrize(("count", "sure"), [("1", Truth.YES), ("var.n", Truth.MAYBE)])
def test_a_list_of_the_only_policies_takes_away_only_where_it_is_there(count, sure, tmp_path):
    exclusive = (
        'resource "aws_iam_role_policies_exclusive" "a" {\n'
        f"  count = {count}\n  role_name = aws_iam_role.a.name\n  policy_names = []\n}}\n"
    )
    (tmp_path / "main.tf").write_text('variable "n" {}\n' + PROVIDER + pair("a", '"a"') + exclusive)
    (made,) = load(tmp_path, tmp_path, Given()).roles
    assert [each.sure for each in made.undone] == [sure]


ACCOUNT = """
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}
data "aws_partition" "current" {}
locals {
  account   = data.aws_caller_identity.current.account_id
  region    = data.aws_region.current.name
  partition = data.aws_partition.current.partition
}
"""
PARTS = {
    "role": '"arn:${local.partition}:iam::${local.account}:role/a"',
    "queue": '"arn:${local.partition}:sqs:${local.region}:${local.account}:a"',
    "function": '"arn:aws:lambda:${local.region}:${local.account}:function:a"',
    "policy": '"arn:aws:iam::${local.account}:policy/a"',
}


def by_hand(role_arn, queue_arn, function_arn, policy_arn, before=ACCOUNT, more=""):
    return (
        before
        + queue("a", '"a"')
        + role("a", '"a"')
        + policy("a", 'name = "a"', queue_arn)
        + attachment("a", '"a"', policy_arn)
        + function("a", role_arn, '"a"')
        + mapping("a", queue_arn, function_arn)
        + more
    )


ELSEWHERE = {name: text.replace("${local.account}", "${var.other}") for name, text in PARTS.items()}
OTHER = 'variable "other" {}\n' + ACCOUNT
THIRD = {name: text.replace("${local.account}", "999999999999") for name, text in PARTS.items()}


def stack(provider, grant="aws_sqs_queue.a.arn", more=""):
    """The same stack under another provider configuration; names are the same."""
    return (
        queue(provider, '"a"', f"provider = aws.{provider}\n  {more}")
        + role(provider, '"a"', f"provider = aws.{provider}")
        + inline(
            provider,
            f"aws_iam_role.{provider}.name",
            grant.replace(".a.", f".{provider}."),
            f"provider = aws.{provider}",
        )
        + function(provider, f"aws_iam_role.{provider}.arn", '"a"', f"provider = aws.{provider}")
        + mapping(
            provider,
            f"aws_sqs_queue.{provider}.arn",
            f"aws_lambda_function.{provider}.arn",
            f"provider = aws.{provider}",
        )
    )


KNOWN_BY = {
    "the only account that is allowed": "allowed_account_ids = [var.account]",
    "the role that is assumed": (
        'assume_role {\n    role_arn = "arn:aws:iam::${var.account}:role/d"\n  }'
    ),
    "a role of a name that is not known": (
        'assume_role {\n    role_arn = "arn:aws:iam::${var.account}:role/${var.other}"\n  }'
    ),
}
for words, argument in KNOWN_BY.items():
    provider = f'provider "aws" {{\n  region = "eu-west-1"\n  {argument}\n}}\n'
    given = {k: v.replace("local.account", "var.account") for k, v in PARTS.items()}
    before = OTHER + 'variable "account" {}\n' + provider
    CASES |= {
        f"ARNs by hand of {words}": (by_hand(*given.values(), before=before), {"a": "sound"}),
        f"a queue by hand of another account than {words}": (
            by_hand(*(given | {"queue": ELSEWHERE["queue"]}).values(), before=before),
            {"a": "undecided"},
        ),
    }

TWO = {
    "profiles": """
provider "aws" {
  alias   = "one"
  profile = "one"
  region  = "eu-west-1"
}
provider "aws" {
  alias   = "two"
  profile = "two"
  region  = "eu-west-1"
}
""",
    "a profile that is not known": """
variable "profile" {}
provider "aws" {
  alias  = "one"
  region = "eu-west-1"
}
provider "aws" {
  alias   = "two"
  profile = var.profile
  region  = "eu-west-1"
}
""",
    "roles": """
variable "one" {}
variable "two" {}
provider "aws" {
  alias  = "one"
  region = "eu-west-1"
  assume_role {
    role_arn = var.one
  }
}
provider "aws" {
  alias  = "two"
  region = "eu-west-1"
  assume_role {
    role_arn = "arn:aws:iam::${var.two}:role/deploy"
  }
}
""",
    "Regions": """
variable "region" {}
provider "aws" {
  alias  = "one"
  region = "eu-west-1"
}
provider "aws" {
  alias  = "two"
  region = var.region
}
""",
    "keys": """
provider "aws" {
  alias      = "one"
  access_key = "a"
  region     = "eu-west-1"
}
provider "aws" {
  alias      = "two"
  access_key = "b"
  region     = "eu-west-1"
}
""",
}
CASES |= {
    "ARNs by hand": (by_hand(*PARTS.values()), {"a": "sound"}),
    "ARNs by hand in a known account": (
        by_hand(*PARTS.values(), before=ACCOUNT + PROVIDER),
        {"a": "sound"},
    ),
    "ARNs by hand with the account of the provider written out": (
        by_hand(
            *(each.replace("${local.account}", "123456789012") for each in PARTS.values()),
            before=ACCOUNT + PROVIDER,
        ),
        {"a": "sound"},
    ),
    "a function by its name": (
        by_hand(PARTS["role"], PARTS["queue"], '"a"', PARTS["policy"]),
        {"a": "sound"},
    ),
    "a function by account and name": (
        by_hand(PARTS["role"], PARTS["queue"], '"${local.account}:function:a"', PARTS["policy"]),
        {"a": "sound"},
    ),
    "the URL of a queue by hand": (
        by_hand(
            *PARTS.values(),
            more="""
resource "aws_sqs_queue_policy" "a" {
  queue_url = "https://sqs.${local.region}.amazonaws.com/${local.account}/a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Deny", Action = "sqs:*", Resource = "*"
    Principal = { AWS = "arn:aws:iam::${local.account}:role/a" }
  }] })
}
""",
        ),
        {"a": "blocked"},
    ),
    "a policy by hand of an account that may be another": (
        by_hand(*(PARTS | {"policy": ELSEWHERE["policy"]}).values(), before=OTHER),
        {"a": "undecided"},
    ),
    "a role by hand of an account that may be another": (
        by_hand(*(PARTS | {"role": ELSEWHERE["role"]}).values(), before=OTHER),
        {"a": "undecided"},
    ),
    "a queue by hand of an account that may be another": (
        by_hand(*(PARTS | {"queue": ELSEWHERE["queue"]}).values(), before=OTHER),
        {"a": "undecided"},
    ),
    "a queue by hand of another account": (
        by_hand(*(PARTS | {"queue": THIRD["queue"]}).values(), before=ACCOUNT + PROVIDER),
        {"a": "undecided"},
    ),
    "a grant by hand of another account": (
        ACCOUNT + PROVIDER + pair("a", '"a"', grant=THIRD["queue"]),
        {"a": "blocked"},
    ),
    "a grant by hand of an account that may be another": (
        OTHER + PROVIDER + pair("a", '"a"', grant=ELSEWHERE["queue"]),
        {"a": "undecided"},
    ),
    "a data source of the name of a role": (
        by_hand(
            *(PARTS | {"role": "data.aws_iam_role.a.arn"}).values(),
            more='data "aws_iam_role" "a" {\n  name = "a"\n}\n',
        ),
        {"a": "sound"},
    ),
    "a data source of the name of a queue": (
        by_hand(
            *(PARTS | {"queue": "data.aws_sqs_queue.a.arn"}).values(),
            more='data "aws_sqs_queue" "a" {\n  name = "a"\n}\n',
        ),
        {"a": "sound"},
    ),
    "a data source of the name of a policy": (
        by_hand(
            *(PARTS | {"policy": "data.aws_iam_policy.a.arn"}).values(),
            more='data "aws_iam_policy" "a" {\n  name = "a"\n}\n',
        ),
        {"a": "sound"},
    ),
    "a data source of the name of a function": (
        by_hand(
            *(PARTS | {"function": "data.aws_lambda_function.a.arn"}).values(),
            more='data "aws_lambda_function" "a" {\n  function_name = "a"\n}\n',
        ),
        {"a": "sound"},
    ),
}


def of_two(what):
    """Two Regions are one account, which takes the name of a role once."""
    return "blocked" if what == "Regions" else "sound"


CASES |= {
    f"the same stack twice by {what}": (
        providers + stack("one") + stack("two"),
        dict.fromkeys(("one", "two"), of_two(what)),
    )
    for what, providers in TWO.items()
}
CASES |= {
    f"the same stack twice by {what}, of which one lacks a grant": (
        providers + stack("one") + stack("two", "aws_sqs_queue.one.arn"),
        {"one": of_two(what), "two": "blocked"},
    )
    for what, providers in TWO.items()
}
CASES |= {
    f"the same stack twice by {what}, of which one is denied": (
        providers
        + stack("one")
        + stack("two")
        + inline("deny", "aws_iam_role.two.name", '"*"', "provider = aws.two", effect="Deny"),
        {"one": "sound", "two": "blocked"},
    )
    for what, providers in TWO.items()
    if what != "Regions"
}


def encrypted(key, decrypt, more, name='"a"', label="a", grant=None):
    """A queue that is encrypted with a key, and a role that may decrypt with one."""
    return (
        queue(label, name, f"kms_master_key_id = {key}")
        + role(label, name)
        + inline(label, f"aws_iam_role.{label}.id", f"aws_sqs_queue.{label}.arn")
        + inline(f"{label}_key", f"aws_iam_role.{label}.id", decrypt, actions='["kms:Decrypt"]')
        + function(label, f"aws_iam_role.{label}.arn", name)
        + mapping(label, f"aws_sqs_queue.{label}.arn", f"aws_lambda_function.{label}.arn")
        + more
    )


KEY = """
resource "aws_kms_key" "k" {}
resource "aws_kms_alias" "k" {
  name          = "alias/k"
  target_key_id = aws_kms_key.k.id
}
"""
ANOTHER = KEY.replace('"k"', '"o"').replace("alias/k", "alias/o").replace("key.k", "key.o")
OPAQUE_ALIAS = '${replace(var.p, "_", "-")}'
BY_ALIAS = {
    "its name": ('"alias/k"', KEY),
    "its resource": ("aws_kms_alias.k.name", KEY),
    "its id": ("aws_kms_alias.k.id", KEY),
    "its ARN": ("aws_kms_alias.k.arn", KEY),
    "the ARN of its target": ("aws_kms_alias.k.target_key_arn", KEY),
    "its ARN by hand": ('"arn:aws:kms:${local.region}:${local.account}:alias/k"', KEY),
    "the key's ARN by hand": (
        '"arn:aws:kms:${local.region}:${local.account}:key/${aws_kms_key.k.key_id}"',
        KEY,
    ),
    "a name that is not known": (
        "aws_kms_alias.k.name",
        KEY.replace("alias/k", "alias/" + OPAQUE_ALIAS),
    ),
    "a name that AWS makes up": (
        "aws_kms_alias.k.name",
        KEY.replace('name          = "alias/k"', 'name_prefix = "alias/k"'),
    ),
    "a data source of its name": (
        "data.aws_kms_alias.k.arn",
        KEY + 'data "aws_kms_alias" "k" {\n  name = "alias/k"\n}\n',
    ),
    "the target that a data source reads": (
        "data.aws_kms_alias.k.target_key_arn",
        KEY + 'data "aws_kms_alias" "k" {\n  name = "alias/k"\n}\n',
    ),
    "the key that a data source reads by its name": (
        "data.aws_kms_key.k.arn",
        KEY + 'data "aws_kms_key" "k" {\n  key_id = "alias/k"\n}\n',
    ),
    "the key that a data source reads by its id": (
        "data.aws_kms_key.k.arn",
        KEY + 'data "aws_kms_key" "k" {\n  key_id = aws_kms_key.k.key_id\n}\n',
    ),
}
for words, (named, made) in BY_ALIAS.items():
    CASES[f"a key by {words}"] = (
        VAR + ACCOUNT + encrypted(named, "aws_kms_key.k.arn", made + ANOTHER),
        {"a": "sound"},
    )
    CASES[f"a key by {words}, and a grant for another"] = (
        VAR + ACCOUNT + encrypted(named, "aws_kms_key.o.arn", made + ANOTHER),
        {"a": "blocked"},
    )
CASES |= {
    "a key by the alias of another account": (
        ACCOUNT
        + PROVIDER
        + encrypted('"arn:aws:kms:eu-west-1:999999999999:alias/k"', "aws_kms_key.k.arn", KEY),
        {"a": "undecided"},
    ),
}

TWICE = """
variable "p" {}
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}
locals {
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.name
}
"""


def module(label, rest=""):
    return f'module "{label}" {{\n  source = "./stack"\n  p = var.p\n  {rest}\n}}\n'


NAMED_BY_HAND = by_hand(
    *(each.replace("local.partition", '"aws"') for each in PARTS.values()), before=TWICE
)
CASES |= {
    f"a module of ARNs by hand twice by {what}": (
        providers
        + 'variable "p" {}\n'
        + module("one", "providers = { aws = aws.one }")
        + module("two", "providers = { aws = aws.two }"),
        {"module.one.a": "sound", "module.two.a": "sound"},
        {"stack": NAMED_BY_HAND},
    )
    for what, providers in TWO.items()
    if what != "Regions"
}
CASES |= {
    f"a module of names made by a function twice by {what}": (
        providers
        + 'variable "p" {}\n'
        + module("one", "providers = { aws = aws.one }")
        + module("two", "providers = { aws = aws.two }"),
        dict.fromkeys(("module.one.a", "module.two.a"), of_two(what)),
        {"stack": TWICE + pair("a")},
    )
    for what, providers in TWO.items()
}
CASES |= {
    "a module of names that AWS makes up, of an unknown number": (
        PROVIDER + 'variable "p" {}\nvariable "n" {}\n' + module("one", "count = var.n"),
        {"module.one[*].a": "undecided"},
        {"stack": TWICE + pair("a")},
    ),
    "a grant by a module that may not be there": (
        PROVIDER
        + 'variable "n" {}\n'
        + 'module "one" {\n  source = "./stack"\n  count = var.n\n'
        + "  role = aws_iam_role.a.name\n  queue = aws_sqs_queue.a.arn\n}\n"
        + queue("a", '"a"')
        + role("a", '"a"')
        + function(
            "a",
            "aws_iam_role.a.arn",
            more="environment {\n    variables = { ROLE = var.n > 0 ? module.one[0].x : 1 }\n  }",
        )
        + mapping("a", "aws_sqs_queue.a.arn", "aws_lambda_function.a.arn"),
        {"a": "undecided"},
        {
            "stack": 'variable "role" {}\nvariable "queue" {}\noutput "x" {\n  value = 2\n}\n'
            + inline("a", "var.role", "var.queue")
        },
    ),
    "a denial by a module that may not be there": (
        PROVIDER
        + 'variable "n" {}\n'
        + 'module "one" {\n  source = "./stack"\n  count = var.n\n'
        + "  role = aws_iam_role.a.name\n}\n"
        + pair("a", '"a"'),
        {"a": "undecided"},
        {"stack": 'variable "role" {}\n' + inline("a", "var.role", '"*"', effect="Deny")},
    ),
    "two of a module of an unknown number, with a module in it": (
        PROVIDER
        + 'variable "p" {}\nvariable "n" {}\n'
        + module("one", "count = var.n")
        + "".join(
            function(f"f{n}", f"module.one[{n}].role")
            + mapping(f"m{n}", f"module.one[{n}].queue", f"aws_lambda_function.f{n}.arn")
            for n in range(3)
        )
        + mapping("crossed", "module.one[0].queue", "aws_lambda_function.f1.arn"),
        {
            "module.one[*].module.inner.a": "undecided",
            "crossed": "undecided",  # a policy of any other instance may be its role's
            "m0": "sound",
            "m1": "sound",
            "m2": "sound",
        },
        {
            "stack": 'variable "p" {}\n'
            'module "inner" {\n  source = "../inner"\n  p = var.p\n}\n'
            'output "queue" {\n  value = module.inner.queue\n}\n'
            'output "role" {\n  value = module.inner.role\n}\n',
            "inner": TWICE
            + pair("a", "null").replace("function_name = null", 'function_name = "a-${var.p}"')
            + 'output "queue" {\n  value = aws_sqs_queue.a.arn\n}\n'
            + 'output "role" {\n  value = aws_iam_role.a.arn\n}\n',
        },
    ),
    "the first of a module of an unknown number": (
        PROVIDER
        + 'variable "p" {}\nvariable "n" {}\n'
        + module("one", "count = var.n")
        + function("b", "module.one[0].role")
        + mapping("b", "module.one[0].queue", "aws_lambda_function.b.arn"),
        {"module.one[*].a": "undecided", "b": "sound"},
        {
            "stack": TWICE
            + pair("a")
            + 'output "queue" {\n  value = aws_sqs_queue.a.arn\n}\n'
            + 'output "role" {\n  value = aws_iam_role.a.arn\n}\n'
        },
    ),
}

BY_OWN_KEY = (
    "an index of an unknown count",
    "a key of an unknown map",
    "a key of an unknown set by its value",
)


@pytest.mark.parametrize("case", BY_OWN_KEY)
def test_what_an_instance_names_by_its_own_key_is_the_instance_of_that_key(case, tmp_path):
    text, _ = CASES[case]
    _, found = said(tmp_path, text)
    # whether there is such an instance of the policy, too, is all that is unknown
    assert [(rule, "exists" in message) for rule, _, message in found] == [
        ("role-cannot-read-queue", True)
    ]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("case", CASES)
def test_a_case_is_decided(case, tmp_path):
    text, expected, *modules = CASES[case]
    verdicts, found = said(tmp_path, text, *modules)
    assert verdicts == expected, found
