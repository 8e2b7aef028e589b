"""What AWS says when it refuses what sends to a queue; see `checker.rules.quotes`."""

from __future__ import annotations

from checker.rules._quote import Quote

PRODUCER_QUOTES = (
    Quote(
        "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS"
        " topics",
        "Subscribe",
        "badmintoncryer/cdk-preflight; getmoto/moto pull request 8957",
        "H",
    ),
    Quote(
        "Parameter(s) SqsParameters must be specified for target: {}.",
        "PutTargets",
        "awslabs/aws-ddk issue 183",
        "H",
    ),
)
"""Every sentence about a subscription or target that a page quotes."""
