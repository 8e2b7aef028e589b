"""The operations that may leave: an audit lists, gets and describes, and asks who it is.

Names are those of IAM actions, which for these operations are those of the API.
"""

from __future__ import annotations

READING = (
    "ec2:DescribeRegions",
    "iam:GetAccountAuthorizationDetails",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:ListGrants",
    "kms:ListResourceTags",
    "lambda:GetFunctionConcurrency",
    "lambda:GetFunctionConfiguration",
    "lambda:GetFunctionRecursionConfig",
    "lambda:ListEventSourceMappings",
    "organizations:DescribeOrganization",
    "organizations:DescribePolicy",
    "organizations:ListParents",
    "organizations:ListPoliciesForTarget",
    "sqs:GetQueueAttributes",
    "sqs:ListQueueTags",
)
"""What an audit asks of an account; every IAM document that lets it do so lists these."""
FREE = ("sts:GetCallerIdentity",)
"""What nobody needs a permission for."""
ALLOWED = frozenset((*READING, *FREE))
SENDING = "sqs:SendMessage"
"""The one operation that writes; only `verify --send-test-message` adds it."""
