"""Documents with lists of which some elements are known: these count, others may be there.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json

import pytest

from checker.cli import main

CONFIGURATION = """
provider "aws" {{
  region = "eu-west-1"
}}
variable "more" {{ type = list(string) }}
variable "any" {{}}
data "external" "e" {{ program = ["true"] }}
locals {{
  on   = data.external.e.result.on == "yes"
  read = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
  deny = {{ Effect = "Deny", Action = "sqs:*", Resource = aws_sqs_queue.q.arn }}
  allow = {{ Effect = "Allow", Action = local.read, Resource = aws_sqs_queue.q.arn }}
  else  = {{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::b/*" }}
}}
resource "aws_sqs_queue" "q" {{
  name                       = "orders"
  visibility_timeout_seconds = 180
}}
resource "aws_sqs_queue" "other" {{ name = "other" }}
resource "aws_iam_role" "r" {{
  name = "worker"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole",
                    Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}
{document}
resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.r.name
  policy = {policy}
}}
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


def encoded(statements):
    return "", f'jsonencode({{ Version = "2012-10-17", Statement = {statements} }})'


def statement(effect="Allow", key="Action", action="local.read", resource="aws_sqs_queue.q.arn"):
    return f'{{ Effect = "{effect}", {key} = {action}, Resource = {resource} }}'


def one(**elements):
    return encoded(f"[{statement(**elements)}]")


def rendered(actions="local.read", resources="[aws_sqs_queue.q.arn]", more=""):
    data = f"""data "aws_iam_policy_document" "p" {{
  statement {{
    actions   = {actions}
    resources = {resources}
  }}
  {more}
}}"""
    return data, "data.aws_iam_policy_document.p.json"


def said(tmp_path, capsys, document, policy):
    """Return what is said of reading the queue and of the document."""
    text = CONFIGURATION.format(document=document, policy=policy)
    (tmp_path / "main.tf").write_text(text)
    main(["plan", str(tmp_path), "--root", str(tmp_path), "--format", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    rules = ("role-cannot-read-queue", "document-invalid", "configuration-invalid")
    said = {(part["rule"], f["kind"]) for f in findings for part in f.get("affected", [f])}
    found = sorted((rule, kind) for rule, kind in said if rule in rules)
    return dict(reversed(found))


def denying(argument, value):
    return f"""statement {{
    effect    = "Deny"
    actions   = {value if argument == "actions" else '["sqs:*"]'}
    resources = {value if argument == "resources" else '["*"]'}
  }}"""


UNSURE, LACKING = {"role-cannot-read-queue": "unknown"}, {"role-cannot-read-queue": "problem"}
WORK = "concat(local.read, var.more)"
OURS, OTHERS = "aws_sqs_queue.q.arn", "aws_sqs_queue.other.arn"
S3, SQS = '["s3:*"]', '["sqs:*"]'
NAMES = "Resource = aws_sqs_queue.q.arn"
BUCKETS = '[for b in var.more : merge(local.{}, {{ {} Resource = "arn:aws:s3:::${{b}}/*" }})]'
ONLY = 'Condition = { ArnEquals = { "aws:PrincipalArn" = concat([aws_iam_role.r.arn], var.more) } }'
ONE_MORE = "concat([local.read[0]], local.on ? [local.read[1]] : [])"
ALLOW_AND = "concat([local.allow], {})"
DOCUMENTS = {
    "a known action beside others": (one(action=WORK), {}),
    "known actions after others": (one(action="concat(var.more, local.read)"), {}),
    "distinct actions": (one(action=f"distinct({WORK})"), {}),
    "a set of actions": (one(action=f"toset({WORK})"), {}),
    "flattened actions": (one(action="flatten([local.read, var.any])"), {}),
    "actions that may be enough": (one(action="concat([local.read[0]], var.more)"), UNSURE),
    "one more action that is not enough": (one(action=ONE_MORE), LACKING),
    "other services, and more": (one(key="NotAction", action=f"concat({S3}, var.more)"), UNSURE),
    "all but this service": (one(key="NotAction", action=f"concat({SQS}, var.more)"), LACKING),
    "a known resource beside others": (one(resource=f"concat([{OURS}], var.more)"), {}),
    "resources of which none is ours": (one(resource=f"local.on ? [{OTHERS}] : []"), LACKING),
    "resources that may be ours": (one(resource=f"compact([{OTHERS}, var.more[0]])"), UNSURE),
    "formatted resources of which none is ours": (
        one(resource='formatlist("arn:aws:s3:::%s/*", var.more)'),
        LACKING,
    ),
    "formatted resources, and ours": (
        one(resource=f'concat([{OURS}], formatlist("arn:aws:s3:::%s/*", var.more))'),
        {},
    ),
    "formatted resources that may be ours": (
        one(resource='formatlist("arn:aws:sqs:*:*:%s", var.more)'),
        UNSURE,
    ),
    "a rendered deny of each bucket, formatted": (
        rendered(more=denying("resources", 'formatlist("arn:aws:s3:::%s/*", var.more)')),
        {},
    ),
    "an allow beside unknown statements": (encoded(ALLOW_AND.format("var.any")), UNSURE),
    "a deny beside unknown statements": (
        encoded("concat([local.allow, local.deny], var.any)"),
        LACKING,
    ),
    "a deny that may be there": (
        encoded(ALLOW_AND.format("local.on ? [local.deny] : []")),
        UNSURE,
    ),
    "an allow that may be there": (encoded("local.on ? [local.allow] : []"), UNSURE),
    "another that may be there": (encoded(ALLOW_AND.format("local.on ? [local.else] : []")), {}),
    "one for each bucket": (encoded(ALLOW_AND.format(BUCKETS.format("else", ""))), {}),
    "a deny of each bucket": (
        encoded(ALLOW_AND.format(BUCKETS.format("deny", 'Action = "*",'))),
        {},
    ),
    "a deny of each of a list": (
        encoded(ALLOW_AND.format("[for b in var.more : merge(local.deny, { Resource = b })]")),
        UNSURE,
    ),
    "a value of a condition": (encoded(f"[merge(local.allow, {{ {ONLY} }})]"), {}),
    "rendered actions": (rendered(actions=WORK), {}),
    "rendered resources": (rendered(resources=f"concat([{OURS}], var.more)"), {}),
    "rendered resources, of a set": (rendered(resources=f"setunion([{OURS}], var.more)"), {}),
    "rendered resources of which none is ours": (
        rendered(resources=f"concat([{OTHERS}], local.on ? [{OTHERS}] : [])"),
        LACKING,
    ),
    "a rendered deny of more": (
        rendered(more=denying("resources", f"concat([{OTHERS}], var.more)")),
        UNSURE,
    ),
    "a rendered deny of one more": (
        rendered(more=denying("resources", f"concat([{OTHERS}], local.on ? [{OTHERS}] : [])")),
        {},
    ),
    "a rendered deny of more actions": (
        rendered(more=denying("actions", f"concat({S3}, var.more)")),
        UNSURE,
    ),
    "a rendered deny of ours and more": (
        rendered(more=denying("resources", f"concat([{OURS}], var.more)")),
        LACKING,
    ),
    "a rendered deny of each bucket": (
        rendered(more=denying("resources", '[for b in var.more : "arn:aws:s3:::${b}"]')),
        {},
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_decides_by_what_is_known_of_its_lists(name, tmp_path, capsys):
    (document, policy), expected = DOCUMENTS[name]
    found = said(tmp_path, capsys, document, policy)
    if found.get("document-invalid") == "unknown":
        del found["document-invalid"]
    assert found == expected


@pytest.mark.sampled(4)
@pytest.mark.parametrize("rest", ["[]", '["sqs:*"]', '["*"]', '["arn:aws:sqs:*:*:orders"]'])
@pytest.mark.parametrize("on", ["yes", "no"])
@pytest.mark.parametrize("name", [name for name in DOCUMENTS if "unknown statements" not in name])
def test_a_settled_document_stays_so_once_all_is_known(name, rest, on, tmp_path, capsys):
    (document, policy), expected = DOCUMENTS[name]
    if expected == UNSURE or (rest == "[]" and "each bucket" in name):
        return  # AWS refuses a statement of which the only list is empty
    pairs = (("var.more", f"tolist({rest})"), ("var.any", "[]"), ("local.on", f'("{on}" == "yes")'))
    for old, new in pairs:
        document, policy = document.replace(old, new), policy.replace(old, new)
    found = said(tmp_path, capsys, document, policy)
    assert found.get("role-cannot-read-queue") == expected.get("role-cannot-read-queue")


HIDDEN = "S3CR3T"
SENSITIVE = (
    "concat([local.secret], var.more)",
    f'sensitive(concat(["{HIDDEN}"], var.more))',
    "distinct(concat(var.more, [local.secret]))",
    '[for x in concat(["a"], var.more) : "${x}-${local.secret}"]',
    "local.on ? [local.secret] : []",
    "flatten([var.more, [[local.secret]]])",
    f'local.secret == "x" ? [] : concat(["{HIDDEN}"], var.more)',
    f'values(merge(var.any, sensitive({{ a = "{HIDDEN}" }})))',
)


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize("listed", SENSITIVE)
def test_what_is_sensitive_in_a_list_is_not_shown(listed, style, tmp_path, capsys):
    secret = f'locals {{\n secret = sensitive("{HIDDEN}")\n}}\n'
    for document, policy in (rendered(resources=listed), one(effect="Deny", resource=listed)):
        text = secret + CONFIGURATION.format(document=document, policy=policy)
        (tmp_path / "main.tf").write_text(text)
        main(["plan", str(tmp_path), "--root", str(tmp_path), "--format", style])
        assert HIDDEN not in capsys.readouterr().out
