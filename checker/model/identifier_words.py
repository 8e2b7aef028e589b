"""What an identifier is, in words: which attribute of which thing."""

from __future__ import annotations

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.model.arns import RESOURCE, arn_field

_OF_ATTRIBUTE = {
    ".unique_id": "a unique ID",
    ".policy_id": "the ID of a policy",
    ".key_id": "the ID of a key",
    ".function_url": "a function URL",
}
_NOUNS = {
    ("sqs", ""): "the ARN of a queue",
    ("sns", ""): "the ARN of a topic",
    ("s3", ""): "the ARN of a bucket",
    ("lambda", "function:"): "the ARN of a function",
    ("lambda", "layer:"): "the ARN of a layer",
    ("iam", "role/"): "the ARN of a role",
    ("iam", "policy/"): "the ARN of a policy",
    ("iam", "user/"): "the ARN of a user",
    ("iam", "instance-profile/"): "the ARN of an instance profile",
    ("sts", ""): "the ARN of a session",
    ("kms", "key/"): "the ARN of a key",
    ("kms", "alias/"): "the ARN of an alias",
    ("execute-api", ""): "the ARN of an API",
    ("ec2", ""): "an ARN",
    ("ecr", ""): "the ARN of a repository",
    ("apigateway", ""): "an ARN of API Gateway",
}


def said_of(text: Text) -> str:
    """Say what a text is that names a thing in some way."""
    attribute = attribute_of(text)
    if attribute:
        return attribute
    head = head_of(text)
    if head.startswith("arn:"):
        return _said_of_arn(text)
    if is_version(text):
        return "a version"
    if head.startswith(("http://", "https://")):
        if ".lambda-url." in text.spelled:
            return "a function URL"
        return "a queue URL" if head.startswith("https://sqs.") else "a URL"
    if head.startswith("alias/"):
        return "the name of an alias"
    return "a path and a name" if "/" in text.spelled else "a name"


def _said_of_arn(text: Text) -> str:
    name, resource = service_of(text), arn_field(text, RESOURCE)
    start = "" if resource is None else head_of(resource)
    if name == "apigateway" and "/functions/" in text.spelled:
        return "an invoke ARN"
    for (of, kind), noun in _NOUNS.items():
        if of == name and start.startswith(kind):
            return noun
    return f"an ARN of `{name}`" if name else "an ARN"


def attribute_of(text: Text) -> str:
    """Say which attribute a text is that only the provider knows; empty for another."""
    hole = text.parts[0] if len(text.parts) == 1 else ""
    if not isinstance(hole, Hole) or "aws_" not in hole.name:
        return ""
    return next((said for end, said in _OF_ATTRIBUTE.items() if hole.name.endswith(end)), "")


def is_version(text: Text) -> bool:
    """Tell whether a text is the version of a function, and nothing before it."""
    hole = text.parts[0] if len(text.parts) == 1 else ""
    if isinstance(hole, Hole):
        return "aws_lambda_function." in hole.name and hole.name.endswith(".version")
    return text.literal == "$LATEST"


def of_attribute(text: Text) -> str:
    """Return the address of the block whose unique ID or such a text is; empty for another."""
    hole = text.parts[0] if attribute_of(text) else ""
    return hole.name.rpartition(".")[0] if isinstance(hole, Hole) else ""


def head_of(text: Text) -> str:
    """Return what a text surely begins with."""
    first = text.parts[0] if text.parts else ""
    return first if isinstance(first, str) else ""


def service_of(arn: Text) -> str:
    """Return the service of an ARN, empty where it is unknown; the rest may be unknown as well."""
    fields = arn.split(":", 3)
    return fields[2].literal or "" if fields is not None and len(fields) > 3 else ""  # noqa: PLR2004
