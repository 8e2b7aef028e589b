"""A small deployment in a moto server, made with boto3, and what can be wrong with it."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache

import boto3

REGION = "eu-west-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    ],
}
READ = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]


def package():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return {}\n")
    return out.getvalue()


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions, resource):
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


@cache
def client(service, endpoint):
    """Return the client of a service, made once: that takes longer than a request."""
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - moto takes any
    )


class Deployment:
    """Makes things by name; what is returned is the ARN, for a mapping its UUID."""

    def __init__(self, endpoint):
        self.endpoint = endpoint

    def client(self, service):
        return client(service, self.endpoint)

    def queue(self, name, **attributes):
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return answer["Attributes"]["QueueArn"]

    def role(self, name, *statements):
        iam = self.client("iam")
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        if statements:
            iam.put_role_policy(
                RoleName=name, PolicyName="own", PolicyDocument=document(*statements)
            )
        return made["Role"]["Arn"]

    def user(self, name, *statements):
        """Make a user and return its access key."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*statements))
        return iam.create_access_key(UserName=name)["AccessKey"]

    def function(self, name, role, timeout=10):
        made = self.client("lambda").create_function(
            FunctionName=name,
            Role=role,
            Runtime="python3.12",
            Handler="app.handler",
            Code={"ZipFile": package()},
            Timeout=timeout,
        )
        return made["FunctionArn"]

    def mapping(self, queue, function, **words):
        made = self.client("lambda").create_event_source_mapping(
            EventSourceArn=queue, FunctionName=function, **words
        )
        return made["UUID"]

    def sound(self, name="orders", actions=READ):
        """Make a queue with its dead-letter queue, a role, a function and the mapping."""
        dead = self.queue(f"{name}-dead", MessageRetentionPeriod="1209600")
        redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 5})
        queue = self.queue(name, VisibilityTimeout="60", RedrivePolicy=redrive)
        role = self.role(name, allow(list(actions), queue))
        function = self.function(name, role)
        self.mapping(queue, function, FunctionResponseTypes=["ReportBatchItemFailures"])
        return queue, function, role
