"""Whether an answer is of the thing that was asked for, where it says what it is of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Words = Mapping[str, Any]
"""What an operation is asked with, or answers, by the names of the members."""


def answers_it(name: str, region: str, words: Words, answer: Words) -> bool:
    """Tell whether an answer is of what an operation was asked for with these words."""
    check = _CHECKS.get(name)
    return check is None or check(region, words, answer)


def _queue(region: str, words: Words, answer: Words) -> bool:
    account, name = words["QueueUrl"].split("/")[-2:]
    return bool(answer["Attributes"]["QueueArn"].split(":")[3:] == [region, account, name])


def _role(_region: str, words: Words, answer: Words) -> bool:
    role, name = answer["Role"], words["RoleName"]
    tail = role["Arn"].rpartition("/")[2]
    return bool(role["RoleName"].casefold() == name.casefold() == tail.casefold())


def _inline(_region: str, words: Words, answer: Words) -> bool:
    asked = words["RoleName"].casefold(), words["PolicyName"]
    return (answer["RoleName"].casefold(), answer["PolicyName"]) == asked


def _function(region: str, words: Words, answer: Words) -> bool:
    """A function is asked for by its name, or an ARN that may lack its head or end qualified.

    https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
    """
    described = answer["FunctionArn"].split(":")
    if (
        described[3] != region
        or described[5:6] != ["function"]
        or len(described) not in _FUNCTION_FIELDS
    ):
        return False
    account, name, qualifier = _function_asked(words["FunctionName"])
    qualifier = words.get("Qualifier", qualifier)
    if (
        described[6] != name
        or account not in ("", described[4])
        or not _qualified(described[7:], qualifier)
    ):
        return False
    return not words["FunctionName"].startswith("arn:") or bool(
        described[:5] == words["FunctionName"].split(":")[:5]
    )


_FUNCTION_FIELDS = (7, 8)
"""How many fields the ARN of a function has, without and with a qualifier."""


def _qualified(described: list[str], asked: str) -> bool:
    """Tell whether a version is the one that is asked for: an alias may be shown as its version."""
    return described in ([], [asked]) or (
        asked not in ("", "$LATEST") and _is_alias(asked, described[0])
    )


def _is_alias(asked: str, described: str) -> bool:
    return described.isdigit() and not asked.isdigit()


def _function_asked(written: str) -> tuple[str, str, str]:
    """Return the account, the name and the qualifier that are asked for, empty where none is."""
    fields = written.split(":")
    at = fields.index("function") + 1 if "function" in fields[:-1] else 0
    account = fields[at - 2] if at > 1 else ""
    return account, fields[at], "".join(fields[at + 1 : at + 2])


def _key(region: str, words: Words, answer: Words) -> bool:
    """A key is asked for by its ARN or id, or by an alias, which tells no more than the place."""
    described, asked = answer["KeyMetadata"], words["KeyId"]
    arn = described["Arn"].split(":", 5)
    if arn[3] != region or arn[5] != f"key/{described['KeyId']}":
        return False
    if asked.startswith("arn:"):
        fields = asked.split(":", 5)
        return bool(arn[:5] == fields[:5] and fields[5] in (arn[5], *_alias(fields[5])))
    return bool(asked == described["KeyId"] or asked.startswith("alias/"))


def _alias(resource: str) -> tuple[str, ...]:
    return (resource,) if resource.startswith("alias/") else ()


def _mappings(region: str, words: Words, answer: Words) -> bool:
    queue = words.get("EventSourceArn")
    return all(
        each["FunctionArn"].split(":")[3] == region
        and (each.get("EventSourceArn") == queue if queue else _has_source(each))
        for each in answer["EventSourceMappings"]
    )


def _has_source(mapping: Words) -> bool:
    """A mapping has an event source: an ARN, or the addresses of one that AWS does not manage."""
    return bool(mapping.get("EventSourceArn") or mapping.get("SelfManagedEventSource"))


def _grants(_region: str, words: Words, answer: Words) -> bool:
    keys = {each["KeyId"] for each in answer["Grants"] if each.get("KeyId")}
    return all(words["KeyId"].endswith(key.rpartition("/")[2]) for key in keys)


def _regions(region: str, _words: Words, answer: Words) -> bool:
    """The Region that answers is one of those that the account can use."""
    return any(each["RegionName"] == region for each in answer["Regions"])


_CHECKS: dict[str, Callable[[str, Words, Words], bool]] = {
    "ec2:DescribeRegions": _regions,
    "iam:GetPolicy": lambda _, words, described: described["Policy"]["Arn"] == words["PolicyArn"],
    "iam:GetPolicyVersion": lambda _, words, described: (
        described["PolicyVersion"]["VersionId"] == words["VersionId"]
    ),
    "iam:GetRole": _role,
    "iam:GetRolePolicy": _inline,
    "kms:DescribeKey": _key,
    "kms:ListGrants": _grants,
    "lambda:GetFunctionConfiguration": _function,
    "lambda:ListEventSourceMappings": _mappings,
    "organizations:DescribePolicy": lambda _, words, described: (
        described["Policy"]["PolicySummary"]["Id"] == words["PolicyId"]
    ),
    "organizations:ListParents": lambda _, words, described: all(
        each["Id"] != words["ChildId"] for each in described["Parents"]
    ),
    "organizations:ListPoliciesForTarget": lambda _, words, described: all(
        each["Type"] == words["Filter"] for each in described["Policies"]
    ),
    "sqs:GetQueueAttributes": _queue,
    "sts:GetCallerIdentity": lambda _, __, described: (
        described["Arn"].split(":")[4] == described["Account"]
    ),
}
"""How it is known that an answer is of the thing that was asked for, where it can be."""
