"""An account in which each layer of permissions decides about some mapping, and a plan of it."""

from __future__ import annotations

import json

from deployment import READ, TRUST, allow
from relay import OneOrganization

ALL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
ALL_OF_RESOURCES = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}
SOUND = ("orders", "locked")
BROKEN = (
    "queue-denies",
    "boundary-cuts",
    "key-closed",
    "role-denies",
    "policy-denies",
    "stopped",
    "slow",
    "scp-denies",
    "rcp-denies",
)
NAMES = (*SOUND, *BROKEN)


def _deny(action, name, **more):
    resource = f"arn:aws:sqs:*:*:{name}"
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def organization():
    """Return one with a policy of each type that denies, and others that allow."""
    scp = {"Version": "2012-10-17", "Statement": [_deny("sqs:*", "scp-denies")]}
    rcp = {
        "Version": "2012-10-17",
        "Statement": [_deny("sqs:*", "rcp-denies", Principal="*")],
    }
    targets = ("123456789012", "ou-abcd-1", "r-abcd")
    policies = {(each, "SERVICE_CONTROL_POLICY"): [ALL] for each in targets}
    policies |= {(each, "RESOURCE_CONTROL_POLICY"): [ALL_OF_RESOURCES] for each in targets}
    policies["ou-abcd-1", "SERVICE_CONTROL_POLICY"] = [ALL, scp]
    policies["r-abcd", "RESOURCE_CONTROL_POLICY"] = [ALL_OF_RESOURCES, rcp]
    return OneOrganization(policies)


class Landscape:
    """Makes the account; `arns` are pairs of queue and function by name."""

    def __init__(self, aws):
        self._aws = aws
        self.arns = {}
        self.caller = aws.user("ci", allow("lambda:*", "*"))
        dead = aws.queue("dead", MessageRetentionPeriod="1209600")
        self._redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 5})
        for name in NAMES:
            self._pair(name)
        self._bind()
        self._close()
        self._gone()
        queue, function = self.arns["orders"]
        fresh = aws.function("fresh", aws.client("iam").get_role(RoleName="orders")["Role"]["Arn"])
        self.arns["fresh"] = (self._lonely(), fresh)
        assert queue != function

    def _pair(self, name):
        queue = self._aws.queue(name, VisibilityTimeout="60", RedrivePolicy=self._redrive)
        role = self._aws.role(name, *self._statements(name))
        function = self._aws.function(name, role, timeout=100 if name == "slow" else 10)
        self._aws.mapping(queue, function, FunctionResponseTypes=["ReportBatchItemFailures"])
        self.arns[name] = (queue, function)

    def _statements(self, name):
        may = allow(READ, "*")
        crypt = allow("kms:Decrypt", "*")
        if name == "role-denies":
            return may, {"Effect": "Deny", "Action": "sqs:DeleteMessage", "Resource": "*"}
        tagged = {"Condition": {"StringEquals": {"aws:ResourceTag/team": "orders"}}}
        elsewhere = {**allow("sqs:PurgeQueue", "*"), **tagged}  # lets the tags be read
        return (may, crypt, elsewhere) if name == "locked" else (may,)

    def _bind(self):
        """Attach a boundary and a managed policy, and close a queue and a function."""
        iam, sqs = self._aws.client("iam"), self._aws.client("sqs")

        def policy(name, *statements):
            document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            return iam.create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"]

        bound = policy("bound", allow("sqs:ReceiveMessage", "*"))
        wide = policy("wide", allow("*", "*"))
        no = policy("no", {"Effect": "Deny", "Action": "sqs:ReceiveMessage", "Resource": "*"})
        iam.put_role_permissions_boundary(RoleName="boundary-cuts", PermissionsBoundary=bound)
        iam.put_role_permissions_boundary(RoleName="orders", PermissionsBoundary=wide)
        iam.attach_role_policy(RoleName="policy-denies", PolicyArn=no)
        iam.attach_role_policy(RoleName="orders", PolicyArn=wide)
        closed = _deny("sqs:*", "queue-denies", Principal="*")
        url = sqs.get_queue_url(QueueName="queue-denies")["QueueUrl"]
        document = json.dumps({"Version": "2012-10-17", "Statement": [closed]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})
        self._aws.client("lambda").put_function_concurrency(
            FunctionName="stopped", ReservedConcurrentExecutions=0
        )

    def _close(self):
        """Encrypt two queues: the role of one is let in, that of the other is kept out."""
        kms, sqs = self._aws.client("kms"), self._aws.client("sqs")
        for name, effect in (("locked", "Allow"), ("key-closed", "Deny")):
            role = f"arn:aws:iam::123456789012:role/{name}"
            root = "arn:aws:iam::123456789012:root"
            statements = [
                {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"},
                {
                    "Effect": effect,
                    "Principal": {"AWS": role},
                    "Action": "kms:Decrypt",
                    "Resource": "*",
                },
            ]
            document = json.dumps({"Version": "2012-10-17", "Statement": statements})
            key = kms.create_key(Policy=document)["KeyMetadata"]["Arn"]
            kms.create_grant(KeyId=key, GranteePrincipal=role, Operations=["Encrypt"])
            url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": key})

    def _gone(self):
        """Leave a mapping behind whose queue is deleted."""
        self._pair("gone")
        sqs = self._aws.client("sqs")
        sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="gone")["QueueUrl"])

    def _lonely(self):
        """Return a queue that no mapping reads yet."""
        return self._aws.queue("lonely", VisibilityTimeout="60", RedrivePolicy=self._redrive)

    def terraform(self):
        """Return a configuration that maps the pairs anew, some by data sources."""
        blocks = ['provider "aws" {\n  region = "eu-west-1"\n}\n']
        for name in NAMES:
            queue, function = self.arns[name]
            blocks.append(_MAPPING % (name, queue, function))
        may = json.dumps({"Version": "2012-10-17", "Statement": [allow(READ, "*")]})
        made = _NEW.replace("TRUST", json.dumps(TRUST)).replace("MAY", may)
        return "\n".join([*blocks, made])


_MAPPING = """
resource "aws_lambda_event_source_mapping" "%s" {
  event_source_arn        = "%s"
  function_name           = "%s"
  function_response_types = ["ReportBatchItemFailures"]
}
"""
_NEW = """
data "aws_sqs_queue" "lonely" {
  name = "lonely"
}

data "aws_iam_role" "orders" {
  name = "orders"
}

data "aws_iam_policy" "no" {
  name = "no"
}

resource "aws_iam_role" "made" {
  name               = "made"
  assume_role_policy = jsonencode(TRUST)
}

resource "aws_iam_role_policy" "may" {
  role   = aws_iam_role.made.name
  policy = jsonencode(MAY)
}

resource "aws_iam_role_policy" "no" {
  role   = aws_iam_role.made.name
  policy = data.aws_iam_policy.no.policy
}

resource "aws_lambda_function" "made" {
  function_name = "made"
  role          = aws_iam_role.made.arn
  timeout       = 10
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}

resource "aws_lambda_event_source_mapping" "made" {
  event_source_arn        = data.aws_sqs_queue.lonely.arn
  function_name           = aws_lambda_function.made.arn
  function_response_types = ["ReportBatchItemFailures"]
}

resource "aws_lambda_function" "new" {
  function_name = "new"
  role          = data.aws_iam_role.orders.arn
  timeout       = 10
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}

resource "aws_lambda_event_source_mapping" "new" {
  event_source_arn        = data.aws_sqs_queue.lonely.arn
  function_name           = aws_lambda_function.new.arn
  function_response_types = ["ReportBatchItemFailures"]
}
"""
