"""A plan beside the account that it goes out to."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from deployment import READ, allow, document
from scenarios import scenario

from checker.cli import main

pytestmark = pytest.mark.sampled(3)

ROOT = Path(__file__).parents[3]
REFERS = """
provider "aws" {
  region = "eu-west-1"
}

data "aws_sqs_queue" "orders" {
  name = "orders"
}

data "aws_iam_role" "orders" {
  name = "orders"
}

resource "aws_lambda_function" "new" {
  function_name = "new"
  role          = data.aws_iam_role.orders.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  timeout       = TIMEOUT
}

resource "aws_lambda_event_source_mapping" "new" {
  event_source_arn        = data.aws_sqs_queue.orders.arn
  function_name           = aws_lambda_function.new.arn
  function_response_types = ["ReportBatchItemFailures"]
}
"""


@pytest.fixture
def account(aws, monkeypatch, tmp_path):
    """A queue and a role that the configuration in the current directory refers to."""
    monkeypatch.chdir(tmp_path)
    key = aws.user("ci", allow("lambda:*", "*"))
    dead = aws.queue("orders-dead", MessageRetentionPeriod="1209600")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 5})
    queue = aws.queue("orders", VisibilityTimeout="60", RedrivePolicy=redrive)
    aws.role("orders", allow(READ, queue))
    Path("main.tf").write_text(REFERS.replace("TIMEOUT", "10"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    return aws


def plan(capsys, *words):
    code = main(["plan", *words, "--format", "json"])
    answer = capsys.readouterr()
    assert code in (0, 1), answer.err
    return code, json.loads(answer.out)


def found(report, severity="error"):
    return sorted({e["rule"] for e in report["findings"] if e["severity"] == severity})


def test_what_it_refers_to_settles_what_was_unknown(account, capsys):
    assert plan(capsys)[1]["mappings"][0]["verdict"] == "undecided"
    code, report = plan(capsys, "--live")
    assert (code, report["mappings"][0]["verdict"], found(report)) == (0, "ready", [])
    assert report["mappings"][0]["queue"]["arn"] == "arn:aws:sqs:eu-west-1:123456789012:orders"


def test_a_problem_between_both_is_found(account, capsys):
    Path("main.tf").write_text(REFERS.replace("TIMEOUT", "100"))
    code, report = plan(capsys, "--live")
    assert (code, found(report)) == (1, ["visibility-timeout-below-function-timeout"])


def test_what_the_input_attaches_counts_beside_what_is_there(account, capsys):
    account.client("iam").delete_role_policy(RoleName="orders", PolicyName="own")
    assert found(plan(capsys, "--live")[1]) == ["role-cannot-read-queue"]
    text = Path("main.tf").read_text()
    Path("main.tf").write_text(
        text
        + """
resource "aws_iam_role_policy" "read" {
  role   = data.aws_iam_role.orders.name
  policy = DOCUMENT
}
""".replace("DOCUMENT", f"jsonencode({document(allow(READ, '*'))})")
    )
    assert found(plan(capsys, "--live")[1]) == []


CREATES = (
    REFERS.replace("data.aws_iam_role", "aws_iam_role")
    .replace("TIMEOUT", "10")
    .replace(
        """data "aws_iam_role" "orders" {
  name = "orders"
}""",
        """
data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "orders" {
  name                 = "new-orders"
  assume_role_policy   = data.aws_iam_policy_document.lambda.json
  permissions_boundary = "arn:aws:iam::123456789012:policy/boundary"
}

GRANT
""",
    )
)
GRANTS = {
    "attached": """
resource "aws_iam_role_policy_attachment" "orders" {
  role       = aws_iam_role.orders.name
  policy_arn = "arn:aws:iam::123456789012:policy/read"
}
""",
    "copied from a data source": """
data "aws_iam_policy" "read" {
  WHICH
}

resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.name
  policy = data.aws_iam_policy.read.policy
}
""",
}


@pytest.mark.parametrize(
    "grant",
    [
        GRANTS["attached"],
        GRANTS["copied from a data source"].replace("WHICH", 'name = "read"'),
        GRANTS["copied from a data source"].replace(
            "WHICH", 'arn = "arn:aws:iam::123456789012:policy/read"'
        ),
    ],
)
def test_policies_that_exist_decide_for_a_role_that_does_not(account, capsys, grant):
    iam = account.client("iam")
    for name, actions in (("read", READ), ("boundary", [*READ, "logs:*"])):
        iam.create_policy(PolicyName=name, PolicyDocument=document(allow(actions, "*")))
    Path("main.tf").write_text(CREATES.replace("GRANT", grant))
    assert plan(capsys)[1]["mappings"][0]["verdict"] == "undecided"
    code, report = plan(capsys, "--live")
    assert (code, found(report)) == (0, []), report["findings"][0]["message"]
    arn = "arn:aws:iam::123456789012:policy/boundary"
    iam.create_policy_version(
        PolicyArn=arn, PolicyDocument=document(allow("logs:*", "*")), SetAsDefault=True
    )
    assert found(plan(capsys, "--live")[1]) == ["role-cannot-read-queue"]


def test_a_policy_that_is_not_there_is_unknown_with_the_call(account, capsys):
    Path("main.tf").write_text(CREATES.replace("GRANT", GRANTS["attached"]))
    _, report = plan(capsys, "--live")
    assert report["mappings"][0]["verdict"] == "undecided"
    assert "policy/read` does not exist" in json.dumps(report["findings"])


def test_nothing_of_this_account_is_taken_for_another_accounts(account, capsys):
    """IAM knows roles by name: `orders` of another account is not our `orders`."""
    text = Path("main.tf").read_text()
    other = text.replace("data.aws_iam_role.orders.arn", '"arn:aws:iam::210987654321:role/orders"')
    Path("main.tf").write_text(other)
    _, report = plan(capsys, "--live")
    assert report["mappings"][0]["verdict"] != "ready"
    assert "can be read on iam:GetRole" in json.dumps(report["findings"])
    Path("main.tf").write_text(
        text.replace(
            'data "aws_iam_role" "orders" {',
            """provider "aws" {
  alias  = "other"
  region = "eu-west-1"

  assume_role {
    role_arn = "arn:aws:iam::210987654321:role/deployer"
  }
}

data "aws_iam_role" "orders" {
  provider = aws.other""",
        )
    )
    _, report = plan(capsys, "--live")
    assert report["mappings"][0]["verdict"] != "ready"
    assert "arn:aws:iam::123456789012:role/orders" not in json.dumps(report["mappings"])


def test_the_key_of_filters_is_read(account, capsys):
    kms = account.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    text = Path("main.tf").read_text()
    Path("main.tf").write_text(
        text.replace(
            'function_response_types = ["ReportBatchItemFailures"]',
            f'function_response_types = ["ReportBatchItemFailures"]\n  kms_key_arn = "{key}"',
        )
    )
    _, report = plan(capsys, "--live")
    assert report["mappings"][0]["verdict"] == "blocked"
    assert found(report) == ["filter-key-closed-to-lambda"]


def test_a_deployer_that_is_named_is_read(account, capsys):
    may = account.role("pipeline", allow("lambda:*", "*"))
    may_not = account.role("nobody")
    assert found(plan(capsys, "--live", "--deployer", may)[1]) == []
    assert found(plan(capsys, "--live", "--deployer", may_not)[1]) == [
        "deployer-cannot-create-mapping"
    ]


def test_the_deployer_is_the_caller(account, capsys):
    account.client("iam").delete_user_policy(UserName="ci", PolicyName="own")
    code, report = plan(capsys, "--live")
    assert code == 1
    assert found(report) == ["deployer-cannot-create-mapping"]
    assert plan(capsys, "--live", "--deployer", "me") == (code, report)
    assert main(["plan", "--deployer", "me"]) == 2
    assert "`--live`" in capsys.readouterr().err


ASSUMES = """
provider "aws" {
  region = "eu-west-1"

  assume_role {
    role_arn = "arn:aws:iam::ACCOUNT:role/pipeline"
  }
}
"""


@pytest.mark.parametrize(
    ("number", "documents", "expected"),
    [
        ("123456789012", [allow("lambda:*", "*")], []),
        ("123456789012", [], ["deployer-cannot-create-mapping"]),
        # Nobody can tell what a role of another account may do, so it is not asked.
        ("210987654321", [], []),
    ],
)
def test_the_deployer_is_the_role_that_the_provider_assumes(
    account, capsys, number, documents, expected
):
    account.role("pipeline", *documents)
    account.client("iam").delete_user_policy(UserName="ci", PolicyName="own")
    text = Path("main.tf").read_text()
    head, _, rest = text.partition("data ")
    assert "assume_role" not in head
    Path("main.tf").write_text(ASSUMES.replace("ACCOUNT", number) + "data " + rest)
    _, report = plan(capsys, "--live")
    assert [e for e in found(report) if e.startswith("deployer")] == expected
    answer = any("was not named" in each for each in report["assumptions"])
    assert answer == (number != "123456789012")
    assert "deployer-cannot-create-mapping" in found(plan(capsys, "--live", "--deployer", "me")[1])


MALFORMED = [
    "arn:aws:",
    "arn:aws:SERVICE",
    "arn:aws:SERVICE:",
    "arn:aws:SERVICE:eu-west-1",
    "arn:aws:SERVICE:eu-west-1:123456789012:",
    "arn:aws:SERVICE:::",
    "arn:aws:SERVICE:EU W:123456789012:x",
    "arn:aws:SERVICE:eu-west-1:123456789012:a/b/../c:d:e",
    "arn:aws:SERVICE::123456789012:role/",
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("arn", MALFORMED)
def test_an_arn_that_is_none_is_unknown_alone(account, capsys, arn):
    Path("malformed.tf").write_text(
        """
resource "aws_lambda_event_source_mapping" "malformed" {
  event_source_arn = "SQS"
  function_name    = "LAMBDA"
  kms_key_arn      = "KMS"
}

resource "aws_lambda_function" "malformed" {
  function_name = "malformed"
  role          = "IAM"
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}

resource "aws_lambda_event_source_mapping" "role" {
  event_source_arn = data.aws_sqs_queue.orders.arn
  function_name    = aws_lambda_function.malformed.arn
}

data "aws_iam_policy" "malformed" {
  arn = "IAM"
}

resource "aws_iam_role_policy_attachment" "malformed" {
  role       = aws_lambda_function.malformed.role
  policy_arn = data.aws_iam_policy.malformed.arn
}
""".replace("SQS", arn.replace("SERVICE", "sqs"))
        .replace("LAMBDA", arn.replace("SERVICE", "lambda"))
        .replace("KMS", arn.replace("SERVICE", "kms"))
        .replace("IAM", arn.replace("SERVICE", "iam"))
    )
    _, report = plan(capsys, "--live")
    verdicts = {row["id"].rpartition(".")[2]: row["verdict"] for row in report["mappings"]}
    # Two mappings read the queue; the provider refuses some of the ARNs, and the root with them.
    refused = any(each["rule"] == "configuration-invalid" for each in report["findings"])
    assert verdicts.pop("new") == ("blocked" if refused else "at-risk")
    assert not {"ready", "at-risk"} & set(verdicts.values())
    assert plan(capsys, "--live", "--deployer", arn.replace("SERVICE", "iam"))[0] in (0, 1)


def test_credentials_without_live_are_refused(account, capsys):
    assert main(["plan", "--profile", "x"]) == 2
    assert "--live" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [[], ["--env"], ["--recursive"], ["--deployer", "arn:aws:iam::1:role/x"]]
)
def test_a_plan_without_live_opens_no_socket(monkeypatch, capsys, words):
    def refused(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    code = main(["plan", str(scenario("queue-of-another-team")), *words])
    assert code in (0, 1)
    assert "socket" not in capsys.readouterr().err
