"""What is sensitive decides and is not shown: two secrets that decide alike give equal output.

Non-interference is the strongest oracle there is: every byte of every format is compared, between
two runs that differ in nothing but secrets of one shape.
"""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from checker.cli import main
from examples import examples

PHASES = (Phase.explicit, Phase.generate)
"""A run takes a second: a failing example is not made smaller."""
FORMATS = ("text", "json", "sarif", "junit", "gitlab", "github", "markdown", "summary", "html")
# Letter by letter the next one: whatever compares or sorts them does so alike.
ONE = {"s": "hunter4q", "n": "41", "l": '["ab","cdzz"]', "m": '{"ckey":"vval"}', "p": "Acme9"}
OTHER = {"s": "ivoufs5r", "n": "42", "l": '["bc","dezz"]', "m": '{"dlfz":"wwbm"}', "p": "Bdnf8"}
TELLING = ("hunter", "ivouf", "ckey", "dlfz", "vval", "wwbm", "acme9", "bdnf8", "cdzz", "dezz")
VARIABLES = """
variable "s" {
  type      = string
  sensitive = true
}
variable "n" {
  type      = number
  sensitive = true
}
variable "l" {
  type      = list(string)
  sensitive = true
}
variable "m" {
  type      = map(string)
  sensitive = true
}
variable "p" {
  type      = string
  ephemeral = true
}
"""

TEXTS = st.recursive(
    st.sampled_from(
        ["var.s", "var.l[0]", "var.m[keys(var.m)[0]]", "keys(var.m)[0]", '"${var.n}"', "var.p"]
    ),
    lambda inner: st.one_of(
        st.builds(
            lambda form, e: form.replace("E", e),
            st.sampled_from(
                [
                    "upper(E)",
                    '"x-${E}"',
                    '"${E}-${aws_sqs_queue.other.arn}"',
                    'join("-", split("", E))',
                    "substr(E, 0, 2)",
                    'replace(E, "t", "T")',
                    'format("%s/%s", E, "k")',
                    'format("%s%s", aws_sqs_queue.other.arn, E)',
                    "base64encode(E)",
                    "sha256(E)",
                    "strrev(E)",
                    "title(E)",
                    "trimprefix(E, substr(E, 0, 1))",
                    "urlencode(E)",
                    'keys({ (E) = "1" })[0]',
                    "[for c in [E] : c][0]",
                    'join("", [for c in split("", E) : c if c != "-"])',
                    "keys({ for c in [E] : c => 1 })[0]",
                    '{ a = E, b = "b" }.a',
                    "jsondecode(jsonencode({ a = E })).a",
                    'regex("^(.)(.*)$", E)[0]',
                    'regexall(".", E)[0]',
                    "try(tonumber(E), E)",
                    'coalesce(E, "x")',
                    'element([E, "b"], 0)',
                    'lookup({ a = E }, "a", "")',
                    'merge({ a = E }, { b = "b" }).a',
                    "one([E])",
                    "values({ a = E })[0]",
                    'concat([E], ["z"])[0]',
                    'length(E) > 1 ? E : "short"',
                    'length(E) > 1 ? "long" : "short"',
                    '"%{if length(E) > 1}yes%{else}no%{endif}"',
                    '"%{for c in [E]}${c}%{endfor}"',
                    "tolist(toset([E]))[0]",
                    "sensitive(E)",
                    'templatefile("${path.module}/t.tpl", { x = E })',
                    "yamldecode(yamlencode([E]))[0]",
                    "local.secret",
                    "module.inner.out",
                    "jsonencode([E])",
                    "one([{ a = E }][*].a)",
                ]
            ),
            inner,
        )
    ),
    max_leaves=4,
)
REFUSED = st.builds(
    lambda form, e: form.replace("E", e),
    st.sampled_from(
        [
            "tonumber(E)",
            "tobool(E)",
            "{ a = 1 }[E]",
            '["a"][E]',
            "[1][var.n]",
            'file("${E}.json")',
            'templatefile("${E}.tpl", {})',
            'regex("(${E}", "a")',
            'regex("${E}$^", E)',
            "jsondecode(E)[0]",
            'yamldecode("{${E}")',
            "csvdecode(E)[0].x",
            "cidrsubnet(E, 8, 1)",
            'timeadd(E, "1h")',
            "lookup({ a = 1 }, E)",
            "parseint(E, 10)",
            'base64decode("${E}=!")',
            'index(["a"], E)',
            'zipmap([E], ["a", "b"])',
            "formatdate(E, E)",
            "{ a = 1 }.b[E]",
            "E.b",
            "E + 1",
            "!E",
            "E ? 1 : 2",
            "[for c in E : c]",
            "{ for c in [E, E] : c => 1 }",
            '"${[E]}"',
            "substr(aws_sqs_queue.other.arn, E, 1)",
            "replace(aws_sqs_queue.other.arn, E, E)",
            "split(E, aws_sqs_queue.other.url)[0]",
            "aws_sqs_queue.other[E]",
            "data.aws_ssm_parameter.none[E].value",
            "module.inner[E].out",
            "coalesce(aws_sqs_queue.other.url, E)",
            "nothing(E)",
            "max(E, 1)",
            "local[E]",
            "var[E]",
            "provider::acme::f(E)",
            "filebase64sha256(E)",
            'fileset(".", E)[0]',
        ]
    ),
    TEXTS,
)
NUMBERS = st.sampled_from(
    [
        "var.n",
        "var.n + 1",
        "var.n * 2",
        "length(var.s) * 4",
        'tonumber("${var.n}")',
        "max(var.n, 3)",
        "-var.n",
        "var.n / 8",
        "floor(var.n / 8)",
        "jsondecode(jsonencode([var.n]))[0]",
        "[var.n][0]",
        "var.n > 3 ? var.n : 0",
    ]
)
ANY = st.one_of(TEXTS, TEXTS, TEXTS, REFUSED)
PLAIN = {
    "queue": '"orders"',
    "timeout": "60",
    "count_": "1",
    "sid": '"Read"',
    "resource": '"*"',
    "action": '"sqs:GetQueueAttributes"',
    "principal": '"lambda.amazonaws.com"',
    "condition": '"aws:SourceAccount"',
    "role": '"worker"',
    "role_arn": "aws_iam_role.worker.arn",
    "key": "null",
    "pattern": "jsonencode({ body = { a = [1] } })",
    "receives": "5",
    "target": "aws_sqs_queue.other.arn",
    "batch": "10",
    "concurrency": "5",
    "account": '"123456789012"',
    "region": '"eu-west-1"',
    "keys": '["a"]',
    "source": "aws_sqs_queue.q[0].arn",
    "tag": '"t"',
    "fifo": "false",
    "policy_arn": '"arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"',
}
NUMERIC = {"timeout", "receives", "batch", "concurrency"}
CONFIGURATION = """
provider "aws" {
  region              = ${region}
  allowed_account_ids = [${account}]
}
locals {
  secret = "l-${var.s}"
}
module "inner" {
  source = "./inner"
  given  = var.s
}
resource "aws_sqs_queue" "other" {
  name = "other"
}
resource "aws_sqs_queue" "q" {
  count                      = ${count_}
  name                       = ${queue}
  fifo_queue                 = ${fifo}
  visibility_timeout_seconds = ${timeout}
  kms_master_key_id          = ${key}
  redrive_policy = jsonencode({ deadLetterTargetArn = ${target}, maxReceiveCount = ${receives} })
  policy = <<-EOT
    {"Version": "2012-10-17", "Statement": [
      {"Sid": "${sid_}", "Effect": "Deny", "Principal": {"Service": "${principal_}"},
       "Action": "${action_}", "Resource": "${resource_}",
       "Condition": {"StringEquals": {"${condition_}": "${resource_}"}}}]}
  EOT
  tags = { a = ${tag} }
}
resource "aws_iam_role" "worker" {
  name               = ${role}
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
data "aws_iam_policy_document" "trust" {
  statement {
    sid     = ${sid}
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", ${principal}]
    }
  }
}
resource "aws_iam_role_policy" "worker" {
  role = aws_iam_role.worker.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Sid = ${sid}, Effect = "Allow", Action = [${action}, "sqs:ReceiveMessage"],
      Resource = ${resource} }] })
}
resource "aws_iam_role_policy_attachment" "worker" {
  role       = aws_iam_role.worker.name
  policy_arn = ${policy_arn}
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = ${role_arn}
  timeout       = 30
  dynamic "environment" {
    for_each = ${keys}
    content {
      variables = { PASSWORD = environment.value }
    }
  }
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}
resource "aws_lambda_event_source_mapping" "m" {
  for_each         = toset(${keys})
  event_source_arn = ${source}
  function_name    = aws_lambda_function.f.arn
  batch_size       = ${batch}
  filter_criteria {
    filter {
      pattern = ${pattern}
    }
  }
  scaling_config {
    maximum_concurrency = ${concurrency}
  }
}
"""
INNER = 'variable "given" {}\noutput "out" {\n  value = "o-${var.given}"\n}\n'


@st.composite
def configurations(draw):
    """Draw a deployment with expressions over secrets in some of its places."""
    chosen = dict(PLAIN)
    for name in draw(st.lists(st.sampled_from(sorted(PLAIN)), min_size=1, max_size=4)):
        if name == "keys":
            chosen[name] = draw(st.sampled_from(["var.l", "[var.s]", "keys(var.m)"]))
        elif name == "count_":
            chosen[name] = draw(st.sampled_from(["length(var.s) > 2 ? 1 : 0", "var.s"]))
        elif name in NUMERIC:
            chosen[name] = draw(st.one_of(NUMBERS, ANY))
        else:
            chosen[name] = draw(ANY)
    text = VARIABLES + CONFIGURATION
    for name, expression in chosen.items():
        text = text.replace(f"${{{name}_}}", f"${{{expression}}}")
        text = text.replace(f"${{{name}}}", expression)
    return text


def outputs(secrets, *options, stop=()):
    """Return everything that a run writes, in every format, and its exit code."""
    out, err = StringIO(), StringIO()
    words = [f"--format={each}=out.{each}" for each in FORMATS]
    environment = {f"TF_VAR_{name}": value for name, value in secrets.items()}
    with patch.dict("os.environ", environment), redirect_stdout(out), redirect_stderr(err):
        codes = [main(["plan", "--verbose", *words, *options])]
        codes.append(main(["plan", "--write-baseline", "known.json", *options]))
    files = {
        path.name: path.read_text()
        for path in sorted(Path().glob("*.*"))
        if path.is_file() and path.suffix not in {".tf", ".tpl"}
    }
    return codes, out.getvalue(), err.getvalue(), files


def compared(text, *options):
    """Run a configuration with both sets of secrets; return what both write."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patching:
        patching.chdir(folder)
        Path(".git").mkdir()
        Path("inner").mkdir()
        Path("inner/main.tf").write_text(INNER)
        Path("t.tpl").write_text("t ${x} t\n")
        Path("main.tf").write_text(text)
        one = outputs(ONE, *options)
        other = outputs(OTHER, *options)
    assert one == other
    shown = "\n".join((one[1], one[2], *one[3].values())).lower()
    assert [word for word in TELLING if word in shown] == []
    return one


@settings(max_examples=examples(60), phases=PHASES)
@given(configurations())
def test_two_secrets_that_decide_alike_give_equal_output(text):
    compared(text)


@settings(max_examples=examples(15), phases=PHASES)
@given(configurations())
def test_a_pull_request_that_drops_the_word_shows_nothing(text):
    dropped = text.replace("  sensitive = true\n", "").replace("  ephemeral = true\n", "")
    dropped = dropped.replace("= var.s\n", "= nonsensitive(var.s)\n")
    compared(dropped, *(f"--sensitive-var={name}" for name in ONE))
