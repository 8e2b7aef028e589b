"""Which identifier an argument takes, and what a text that surely is none of these is.

A text is judged by what is known of it: one that may have the form is taken to have it.
The forms are those of AWS's service models (botocore 1.44.5: `RoleName`, `FunctionName`,
`EventSourceArn`, `Role`) and of its documentation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol, TypeAlias

from checker.knowledge.holes import Kind
from checker.knowledge.text import Text
from checker.model.arns import RESOURCE, arn_field
from checker.model.identifier_words import (
    attribute_of,
    head_of,
    is_version,
    service_of,
)
from checker.records import dataclass

Resources: TypeAlias = Mapping[str, tuple[str, ...]]
"""What the resource of an ARN may begin with, by the service."""
_NO_SOURCES = frozenset(
    {"lambda", "s3", "sns", "iam", "sts", "kms", "events", "scheduler", "states", "logs",
     "apigateway", "execute-api", "firehose", "ec2", "ecs", "ecr", "ssm", "secretsmanager",
     "cloudwatch", "codebuild", "cognito-idp", "elasticloadbalancing", "pipes", "ses"}
)  # fmt: skip
"""Services whose things no mapping reads."""


def _no_arn(text: Text) -> bool:
    """Tell whether a text surely does not begin as an ARN."""
    first = text.parts[0] if text.parts else ""
    if isinstance(first, str):
        return not (first.startswith("arn:") or (len(text.parts) > 1 and "arn:".startswith(first)))
    narrow = (Kind.NAME, Kind.PART, Kind.ACCOUNT, Kind.REGION)
    return bool(attribute_of(text)) or all(hole.kind in narrow for hole in text.holes[:1])


class IdentifierForm(Protocol):
    """A form of identifier; `wanted` says it in words."""

    @property
    def wanted(self) -> str:
        """What AWS takes, in words."""

    def refuses(self, text: Text) -> bool:
        """Tell whether a text surely has another form."""


@dataclass(frozen=True, slots=True)
class NameForm:
    """The name of a role or user, without its path."""

    wanted: str

    def refuses(self, text: Text) -> bool:
        """Tell whether a text surely has another form."""
        known = (part for part in text.parts if isinstance(part, str))
        return bool(attribute_of(text)) or any(":" in part or "/" in part for part in known)


@dataclass(frozen=True, slots=True)
class ArnForm:
    """An ARN of one of some services, whose resource begins in one of some ways."""

    wanted: str
    of: tuple[tuple[str, tuple[str, ...]], ...]

    def refuses(self, text: Text) -> bool:
        """Tell whether a text surely has another form."""
        if _no_arn(text):
            return True
        service, resource = service_of(text), arn_field(text, RESOURCE)
        if not service:
            return False
        starts = dict(self.of).get(service)
        if starts is None:
            return True
        head = "" if resource is None else head_of(resource)
        whole = resource is not None and len(resource.parts) == 1
        return bool(head) and not any(
            head.startswith(start) or (not whole and start.startswith(head)) for start in starts
        )


@dataclass(frozen=True, slots=True)
class SourceForm:
    """The ARN of what a mapping reads."""

    wanted: str = "the ARN of a queue, stream or broker"

    def refuses(self, text: Text) -> bool:
        """Tell whether a text surely has another form."""
        if not text.parts:
            return False
        return _no_arn(text) or service_of(text) in _NO_SOURCES


@dataclass(frozen=True, slots=True)
class FunctionForm:
    """The name or ARN of a function, with or without a qualifier."""

    wanted: str = "the name or ARN of a function"

    def refuses(self, text: Text) -> bool:
        """Tell whether a text surely has another form."""
        if (
            attribute_of(text)
            or is_version(text)
            or (text.literal is not None and not _CALLED.fullmatch(text.literal))
        ):
            return True
        known = (part for part in text.parts if isinstance(part, str))
        if any("/" in part or _NOT_CALLED.search(part) for part in known):
            return True
        return head_of(text).startswith("arn:") and _FUNCTION.refuses(text)


@dataclass(frozen=True, slots=True)
class QueueUrlForm:
    """The URL of a queue; AWS takes the name of one in the same account and Region as well."""

    wanted: str = "the URL of a queue"

    def refuses(self, text: Text) -> bool:
        """Tell whether a text surely has another form."""
        return head_of(text).startswith("arn:")


@dataclass(frozen=True, slots=True)
class KeyForm:
    """A key by its ID or ARN, and by an alias where AWS takes one."""

    wanted: str
    alias: bool

    def refuses(self, text: Text) -> bool:
        """Tell whether a text surely has another form."""
        head = head_of(text)
        if head.startswith("arn:"):
            starts = ("key/", "alias/") if self.alias else ("key/",)
            return ArnForm("", (("kms", starts),)).refuses(text)
        if head.startswith("alias/"):
            return not self.alias
        bare = text.literal is not None and not _KEY_ID.fullmatch(text.literal)
        return bare or head.startswith("https://")


@dataclass(frozen=True, slots=True)
class LayerForm:
    """The ARN of a layer's version: that of the layer, a colon and the number."""

    wanted: str = "the ARN of a layer's version"

    def refuses(self, text: Text) -> bool:
        """Tell whether a text surely has another form."""
        if _LAYER.refuses(text):
            return True
        fields = text.split(":")
        return fields is not None and len(fields) == _UNVERSIONED and not _given_by_aws(fields)


def _given_by_aws(fields: tuple[Text, ...]) -> bool:
    return fields[5].literal == "awslayer"


@dataclass(frozen=True, slots=True)
class ImageForm:
    """The URI of an image, which names its repository by a host, never by an ARN."""

    wanted: str = "the URI of an image"

    def refuses(self, text: Text) -> bool:
        """Tell whether a text surely has another form."""
        return head_of(text).startswith("arn:")


@dataclass(frozen=True, slots=True)
class IdForm:
    """The ID of a thing of EC2, which begins as those of its kind do."""

    wanted: str
    start: str

    def refuses(self, text: Text) -> bool:
        """Tell whether a text surely has another form."""
        head = head_of(text)
        if len(text.parts) > 1 and self.start.startswith(head):
            return False  # what follows may complete it
        return bool(head) and not head.startswith(self.start)


@dataclass(frozen=True, slots=True)
class AnyArnForm:
    """An ARN of any service."""

    wanted: str

    def refuses(self, text: Text) -> bool:
        """Tell whether a text surely has another form."""
        return _no_arn(text)


_UNVERSIONED = 7
"""So many fields has the ARN of a layer without a version."""
_KEY_ID = re.compile("(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
"""The ID of a key, as KMS's guide gives it (key-id and multi-region-keys-overview)."""
_CALLED = re.compile(
    r"(arn:[^:]*:lambda:)?([a-z0-9-]+:)?(\d{12}:)?(function:)?[a-zA-Z0-9-_.]+"
    r"(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"
)
"""`NamespacedFunctionName` of the service model, wide in the Region."""
_NOT_CALLED = re.compile(r"[^a-zA-Z0-9-_.:$]")
_LAYER = ArnForm("the ARN of a layer", (("lambda", ("layer:", "awslayer:")),))
_FUNCTION = ArnForm("the ARN of a function", (("lambda", ("function:",)),))
ROLE_NAME = NameForm("the name of a role")
USER_NAME = NameForm("the name of a user")
ROLE_ARN = ArnForm("the ARN of a role", (("iam", ("role/",)),))
POLICY_ARN = ArnForm("the ARN of a policy", (("iam", ("policy/",)),))
PRINCIPAL_ARN = ArnForm("the ARN of a principal", (("iam", ("",)), ("sts", ("",))))
QUEUE_ARN = ArnForm("the ARN of a queue", (("sqs", ("",)),))
TARGET_ARN = AnyArnForm("the ARN of a queue or topic")
KEY_ARN = ArnForm("the ARN of a key", (("kms", ("key/", "alias/")),))
KEY = KeyForm("the ID, ARN or alias of a key", alias=True)
KEY_ITSELF = KeyForm("the ID or ARN of a key", alias=False)
SOURCE_ARN, FUNCTION, QUEUE_URL = SourceForm(), FunctionForm(), QueueUrlForm()
LAYER_ARN, IMAGE = LayerForm(), ImageForm()
SUBNET_ID = IdForm("the ID of a subnet", "subnet-")
GROUP_ID = IdForm("the ID of a security group", "sg-")
