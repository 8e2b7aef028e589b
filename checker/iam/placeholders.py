"""Texts that would be an ARN or account id but for a value that was not set.

An empty variable leaves `arn:aws:iam:::root`, a template `arn:aws:sqs:eu-west-1:ACCOUNT_ID:orders`.
AWS refuses such a principal; such a resource or condition names nothing that can exist, so what is
meant is unknown. An ARN without Region and account (`arn:aws:sqs:::orders`) is written so by hand,
as that of a bucket is: it is what it says, and names nothing.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import re
from functools import lru_cache

from checker.knowledge.text import Text

REMEDY = "replace it with the actual value"
"""What settles a placeholder."""
_ACCOUNT = re.compile(r"\d{12}|aws")
_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,124}|[0-9a-f]{64}")
"""A unique id of a user or role, or a canonical user id."""
_WORDS = re.compile(r"[\w<>\[\]{}(). -]{1,60}")
_WILD = re.compile(r"[*?$]")
_FIELDS = {"sqs": (3, 4), "lambda": (3, 4), "kms": (3, 4), "iam": (4,), "sts": (4,)}
"""Which fields of an ARN are never empty, by its service."""
_NAMES = {3: "Region", 4: "account id"}
_ACCOUNT_FIELD = 4
_COUNT = 6


def placeholder(text: Text) -> str | None:
    """Say what an ARN lacks, or None if it lacks nothing or that is unknown."""
    cut = _cut(text)
    if cut is None:
        return None
    for index in _wanted(cut):
        literal = cut[index].literal
        if literal == "":
            return f"`{text}` has no {_NAMES[index]}"
        if index == _ACCOUNT_FIELD and literal is not None and _stands_for_account(literal):
            return f"`{literal}` in `{text}` is not an account id"
    return None


def account_placeholder(text: Text) -> str | None:
    """Say why a text that should be an account id is none; None if it is one, or unknown."""
    literal = text.literal
    if literal is None or _is_account(literal):
        return None
    return f"`{text}` is not an account id" if literal else "the account id is empty"


def principal_placeholder(text: Text) -> str | None:
    """Say why a text names no AWS principal, which AWS refuses; None if it may name one."""
    literal = text.literal
    if literal is None or literal.startswith("arn:"):
        return placeholder(text)
    if not literal or literal.isdecimal():
        return account_placeholder(text)
    if _WILD.search(literal) or _ID.fullmatch(literal):
        return None
    return f"`{text}` is neither an account id nor an ARN"


def completed(text: Text) -> Text:
    """Return an ARN with a wildcard in place of what it lacks."""
    cut = _cut(text)
    if cut is None:
        return text
    wanted = _wanted(cut)
    parts = [
        Text.of("*") if index in wanted and _lacks(index, field) else field
        for index, field in enumerate(cut)
    ]
    first, *rest = parts
    return Text.of(first, *(part for each in rest for part in (":", each)))


def _wanted(cut: tuple[Text, ...]) -> tuple[int, ...]:
    """Return the fields that an ARN should have; none where none of several is there."""
    wanted = _FIELDS.get(cut[2].literal or "", ())
    bare = len(wanted) > 1 and all(cut[index].literal == "" for index in wanted)
    return () if bare else wanted


def _lacks(index: int, field: Text) -> bool:
    literal = field.literal
    if literal is None:
        return False
    return not literal or (index == _ACCOUNT_FIELD and _stands_for_account(literal))


def _stands_for_account(literal: str) -> bool:
    """Tell whether words stand where an account id belongs: `ACCOUNT_ID`, `<account>`, `12345`."""
    return bool(_WORDS.fullmatch(literal)) and not _is_account(literal)


def _is_account(literal: str) -> bool:
    return bool(_ACCOUNT.fullmatch(literal) or _WILD.search(literal))


@lru_cache(maxsize=16384)
def _cut(text: Text) -> tuple[Text, ...] | None:
    """Return the fields of an ARN; None if it is none, or unknown."""
    first = text.parts[0] if text.parts else ""
    if not isinstance(first, str) or not first.startswith("arn:"):
        return None
    fields = text.split(":", _COUNT - 1)
    return None if fields is None or len(fields) < _COUNT else fields
