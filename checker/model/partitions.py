"""The partitions of AWS: which one a Region is of, and the domain of its services.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

DNS_SUFFIX = {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}
"""The domain of the services of a partition; of the isolated ones it is not documented."""
PARTITIONS = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
    ("eusc-", "aws-eusc"),
)
"""How the Regions of a partition begin; those of `aws` begin in other ways."""


def partition_of(region: str) -> str:
    """Return the partition that a Region is of."""
    return next((partition for start, partition in PARTITIONS if region.startswith(start)), "aws")
