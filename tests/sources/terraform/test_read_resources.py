"""Data sources that read what the same configuration makes, and tags that are known in part."""

from __future__ import annotations

import json

import pytest

from checker.cli import main

CONFIGURATION = """
provider "aws" {{
  region = "eu-west-1"
}}
variable "tags" {{ type = map(string) }}
locals {{
  read = {{ Effect = "Allow", Resource = aws_sqs_queue.q.arn, Action = [
    "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"] }}
}}
resource "aws_sqs_queue" "q" {{
  name                       = "orders"
  visibility_timeout_seconds = 180
  {queue}
}}
resource "aws_kms_key" "k" {{}}
resource "aws_kms_key" "other" {{}}
resource "aws_kms_alias" "a" {{
  name          = "alias/orders"
  target_key_id = aws_kms_key.k.key_id
}}
resource "aws_kms_alias" "b" {{
  name          = "alias/other"
  target_key_id = aws_kms_key.other.key_id
}}
data "aws_kms_alias" "a" {{ name = aws_kms_alias.a.name }}
data "aws_kms_alias" "b" {{ name = aws_kms_alias.b.name }}
data "aws_kms_key" "a" {{ key_id = aws_kms_alias.a.arn }}
data "aws_kms_key" "b" {{ key_id = "${{aws_kms_alias.b.arn}}" }}
resource "aws_iam_role" "r" {{
  name = "worker"
  {role}
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole",
                    Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}
resource "aws_iam_policy" "all" {{
  name   = "all"
  policy = jsonencode({{ Version = "2012-10-17", Statement = [local.read] }})
}}
resource "aws_iam_policy" "some" {{
  count  = 1
  name   = "some"
  policy = jsonencode({{ Version = "2012-10-17", Statement = [
    merge(local.read, {{ Action = "sqs:ReceiveMessage" }})] }})
}}
data "aws_iam_policy" "all" {{ arn = aws_iam_policy.all.arn }}
data "aws_iam_policy" "some" {{ arn = aws_iam_policy.some[0].arn }}
{attached}
resource "aws_lambda_function" "f" {{
  function_name = "worker"
  role          = aws_iam_role.r.arn
  timeout       = 30
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}}
resource "aws_lambda_event_source_mapping" "m" {{
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
}}
"""


def inline(policy):
    return f"""resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.r.name
  policy = {policy}
}}"""


def by_arn(arn):
    return f"""resource "aws_iam_role_policy_attachment" "p" {{
  role       = aws_iam_role.r.name
  policy_arn = {arn}
}}"""


def decrypting(key):
    return inline(
        'jsonencode({ Version = "2012-10-17", Statement = [local.read, '
        f'{{ Effect = "Allow", Action = "kms:Decrypt", Resource = {key} }}] }})'
    )


def on_tags(**keys):
    tests = ", ".join(f'"aws:{key}Tag/{name}" = "{value}"' for key, (name, value) in keys.items())
    return inline(
        'jsonencode({ Version = "2012-10-17", Statement = [merge(local.read, '
        f"{{ Condition = {{ StringEquals = {{ {tests} }} }} }})] }})"
    )


KEY = "kms_master_key_id = aws_kms_alias.a.name"
TEAM = 'tags = merge(var.tags, { team = "a" })'
OVER = 'tags = merge({ team = "a" }, var.tags)'
CASES = {
    "a policy that is read": ("", "", inline("data.aws_iam_policy.all.policy"), {}),
    "a policy that lacks something": (
        "", "", inline("data.aws_iam_policy.some.policy"), {"role-cannot-read-queue": "problem"}
    ),
    "the key of an alias": (KEY, "", decrypting("data.aws_kms_alias.a.target_key_arn"), {}),
    "the key of another alias": (
        KEY, "", decrypting("data.aws_kms_alias.b.target_key_arn"),
        {"role-cannot-decrypt": "problem"},
    ),
    "a key by its alias": (KEY, "", decrypting("data.aws_kms_key.a.arn"), {}),
    "another key by its alias": (
        KEY, "", decrypting("data.aws_kms_key.b.arn"), {"role-cannot-decrypt": "problem"}
    ),
    "a policy without account": (
        "", "", by_arn('"arn:aws:iam:::policy/all"'), {"role-cannot-read-queue": "unknown"}
    ),
    "a role's known tag": ("", TEAM, on_tags(Principal=("team", "a")), {}),
    "a role's other value": (
        "", TEAM, on_tags(Principal=("team", "b")), {"role-cannot-read-queue": "problem"}
    ),
    "a role's tag that may be another": (
        "", OVER, on_tags(Principal=("team", "a")), {"role-cannot-read-queue": "unknown"}
    ),
    "a role's tag that may be there": (
        "", TEAM, on_tags(Principal=("x", "a")), {"role-cannot-read-queue": "unknown"}
    ),
    "a queue's known tag": (TEAM, "", on_tags(Resource=("team", "a")), {}),
    "a queue's tag, as the role's": (
        TEAM, TEAM, on_tags(Resource=("team", "$${aws:PrincipalTag/team}")), {}
    ),
    "a queue's other value": (
        TEAM, "", on_tags(Resource=("team", "b")), {"role-cannot-read-queue": "problem"}
    ),
}  # fmt: skip
RULES = ("role-cannot-read-queue", "role-cannot-decrypt", "document-invalid")


@pytest.mark.parametrize("name", CASES)
def test_what_the_same_configuration_tells_is_known(name, tmp_path, capsys):
    queue, role, attached, expected = CASES[name]
    text = CONFIGURATION.format(queue=queue, role=role, attached=attached)
    (tmp_path / "main.tf").write_text(text)
    main(["plan", str(tmp_path), "--root", str(tmp_path), "--format", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {f["rule"]: f["kind"] for f in findings if f["rule"] in RULES} == expected


def test_a_policy_arn_without_an_account_is_said_to_lack_it(tmp_path, capsys):
    attached = by_arn('"arn:aws:iam:::policy/all"')
    text = CONFIGURATION.format(queue="", role="", attached=attached)
    (tmp_path / "main.tf").write_text(text)
    main(["plan", str(tmp_path), "--root", str(tmp_path)])
    assert "has no account id, so AWS refuses to attach it" in capsys.readouterr().out
