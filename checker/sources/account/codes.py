"""Error codes of AWS, by what they say."""

from __future__ import annotations

import re

GONE = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "QueueDoesNotExist",
        "ResourceNotFoundException",
        "NoSuchEntity",
        "NotFoundException",
    }
)
"""A thing does not exist."""
NO_ORGANIZATION = "AWSOrganizationsNotInUseException"
"""An account is in no organization."""
NOT_ENABLED = "PolicyTypeNotEnabledException"
"""An organization has no policies of a type."""
ABSENT = GONE | {NO_ORGANIZATION, NOT_ENABLED}
"""What is concluded from an absence is asked for twice: AWS is eventually consistent."""
STALE = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "SignatureDoesNotMatch",
        "InvalidToken",
    }
)
"""Credentials are not valid, or not any more."""
_DENIED = ("AccessDenied", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized")
_CODE = re.compile(r"[A-Za-z0-9][\w.:-]{0,127}", re.ASCII)


def denied(code: str) -> bool:
    """Tell whether the credentials lack a permission."""
    return code.startswith(_DENIED)


def readable(code: object) -> str:
    """Return a code as a server wrote it; empty for what no service would write."""
    text = str(code)
    return text if _CODE.fullmatch(text) else ""
