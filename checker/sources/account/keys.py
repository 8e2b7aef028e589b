"""KMS keys, by three calls each: what it is, its policy, its grants.

https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
"""

from __future__ import annotations

import re
from typing import Any

from checker.iam.document import Document
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model import Grant, Key, Pairs, open_key
from checker.sources.account.answers import Answers, tried
from checker.sources.account.arns import split_arn
from checker.sources.account.documents import parsed


def read_key(answers: Answers, named: str, region: str) -> Key:
    """Return the key that an ARN, or the ARN of an alias, names."""
    at = Location(named)

    def describe() -> dict[str, Any]:
        split_arn(named, "kms")
        found: dict[str, Any] = answers.ask("kms", region, "DescribeKey", KeyId=named)
        metadata: dict[str, Any] = found["KeyMetadata"]
        return metadata

    answer = tried(describe, at, f"key `{named}`")
    if isinstance(answer, Unknown):
        key = open_key(Text.of(named), at)
        return Key(
            id=key.id,
            arn=key.arn,
            at=at,
            closed=False,
            aliases=key.aliases,
            managed=key.managed if isinstance(key.managed, Known) else answer,
            enabled=answer,
            symmetric=answer,
            policy=answer,
            grants=(),
            more_grants=answer,
        )
    return _key(answers, named, answer.value, region)


def _key(answers: Answers, named: str, answer: dict[str, Any], region: str) -> Key:
    arn = str(answer["Arn"])
    at = Location(arn)
    alias = named.split(":", 5)[5]
    managed = answer.get("KeyManager") == "AWS"
    grants, more = ((), None) if managed else _grants(answers, arn, region)
    return Key(
        id=arn,
        arn=Text.of(arn),
        at=at,
        closed=True,
        aliases=(Text.of(alias),) if alias.startswith("alias/") else (),
        managed=Known(managed, at),
        enabled=_enabled(answer["KeyState"], at),
        symmetric=_symmetric(answer, at),
        policy=Unknown("AWS writes it", at) if managed else _policy(answers, arn, region),
        grants=grants,
        more_grants=more,
        state=answer["KeyState"],
    )


_UNUSABLE = (
    *("Creating", "Disabled", "PendingDeletion", "PendingImport", "PendingReplicaDeletion"),
    *("Unavailable", "Updating"),
)
"""The states of a key that cannot be used.

https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
"""
_USAGES = ("ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT")
_SPEC = re.compile("(RSA|ECC|HMAC|ML|SM2)([_A-Z0-9]*)")
"""Specifications of keys that do not encrypt with one secret; there are more of them each year."""


def _enabled(state: str, at: Location) -> Value[bool]:
    """Tell whether a key can be used; unknown in a state that is none."""
    if state == "Enabled" or state in _UNUSABLE:
        return Known(state == "Enabled", at)
    return Unknown(f"the state of the key is unknown: AWS calls it `{state}`", at, "ask again")


def _symmetric(answer: dict[str, Any], at: Location) -> Value[bool]:
    """Tell whether a key encrypts and decrypts with one secret; `CustomerMasterKeySpec` is older.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html
    """
    spec = answer.get("KeySpec") or answer.get("CustomerMasterKeySpec")
    if spec is None:
        return Unknown("kms:DescribeKey names no `KeySpec`", at, "ask again")
    usage = answer.get("KeyUsage", "ENCRYPT_DECRYPT")
    if usage not in _USAGES or not (spec == "SYMMETRIC_DEFAULT" or _SPEC.fullmatch(spec)):
        return Unknown(f"the key is `{spec}` for `{usage}`, which are unknown", at, "ask again")
    return Known((spec, usage) == ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"), at)


def _policy(answers: Answers, arn: str, region: str) -> Value[Document]:
    at = Location(arn)

    def ask() -> str:
        answer = answers.ask("kms", region, "GetKeyPolicy", KeyId=arn, PolicyName="default")
        return str(answer["Policy"])

    text = tried(ask, at, f"the policy of key `{arn}`")
    if isinstance(text, Unknown):
        return text
    found = parsed(text.value, f"the policy of {arn}", at)
    return Known(found, at) if isinstance(found, Document) else found


def _grants(answers: Answers, arn: str, region: str) -> tuple[tuple[Grant, ...], Unknown | None]:
    at = Location(arn)
    answer = tried(
        lambda: answers.ask_all("kms", region, "ListGrants", "Grants", KeyId=arn),
        at,
        f"the grants of key `{arn}`",
    )
    if isinstance(answer, Unknown):
        return (), answer
    return tuple(_grant(each, at) for each in answer.value), None


def _grant(answer: dict[str, Any], at: Location) -> Grant:
    grantee = answer.get("GranteePrincipal")
    nobody = Unknown(f"grant `{answer['GrantId']}` names no grantee", at, "ask again")
    return Grant(
        id=answer["GrantId"],
        grantee=nobody if grantee is None else Known(Text.of(grantee), at),
        operations=Known(tuple(answer["Operations"]), at),
        at=at,
        equal=_pairs(answer, "EncryptionContextEquals", at),
        subset=_pairs(answer, "EncryptionContextSubset", at),
    )


def _pairs(answer: dict[str, Any], name: str, at: Location) -> Value[Pairs | None]:
    """Return the encryption context that a grant demands; None if it demands none."""
    pairs = (answer.get("Constraints") or {}).get(name)
    if pairs is None:
        return Known(None, at)
    return Known(tuple((Text.of(key), Text.of(value)) for key, value in pairs.items()), at)
