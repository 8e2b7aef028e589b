"""KMS keys with their policies, aliases and grants."""

from __future__ import annotations

from checker.iam.document import Document
from checker.iam.keys import default_key_policy
from checker.model import Grant, Key
from checker.partial import Hole, Known, Text, Truth, Unknown, Value
from checker.sources.terraform.instances import Instance
from checker.sources.terraform.resources.names import listed
from checker.sources.terraform.resources.reading import (
    boolean,
    maybe,
    optional_text,
    policy,
    sent,
    text,
)
from checker.sources.terraform.resources.walk import Found, Walk

TYPES = (
    "aws_kms_key",
    "aws_kms_external_key",
    "aws_kms_replica_key",
    "aws_kms_replica_external_key",
)


def keys(walk: Walk) -> tuple[Key, ...]:
    """Return every key that the configuration creates."""
    return tuple(_key(found.instance, walk) for type_ in TYPES for found in walk.of(type_))


def _key(instance: Instance, walk: Walk) -> Key:
    written = instance.written
    arn = instance.text("arn")
    names = (arn, instance.text("key_id"))
    switch = "is_enabled" if instance.type == "aws_kms_key" else "enabled"
    grants, more = _grants(names, walk)
    return Key(
        id=instance.address,
        arn=arn,
        at=instance.at,
        closed=True,
        aliases=_aliases(names, walk),
        managed=Known(value=False, at=instance.at),
        enabled=boolean(written, switch, default=True),
        symmetric=_symmetric(instance),
        policy=_policy(instance, names, walk),
        grants=grants,
        more_grants=more,
    )


def _named(found: Found, argument: str, names: tuple[Text, ...]) -> Truth:
    """Tell whether a resource names this key, by id or ARN."""
    name = found.instance.written.text(argument)
    if name is None:
        return Truth.NO
    if name in names:
        return Truth.YES
    return Truth.of(fact=False) if all(name.equals(n) is Truth.NO for n in names) else Truth.MAYBE


def _aliases(names: tuple[Text, ...], walk: Walk) -> tuple[Text, ...]:
    return tuple(
        found.instance.text("name")
        for found in walk.of("aws_kms_alias")
        if _named(found, "target_key_id", names) is Truth.YES
    )


def _symmetric(instance: Instance) -> Value[bool]:
    for argument in ("customer_master_key_spec", "key_usage"):
        found = optional_text(instance.written, argument)
        if isinstance(found, Unknown):
            return found
        if found.value is not None and found.value.literal is None:
            return found.value.untold(found.at)
        if found.value is not None and found.value.literal not in {
            "SYMMETRIC_DEFAULT",
            "ENCRYPT_DECRYPT",
        }:
            return Known(value=False, at=found.at)
    return Known(value=True, at=instance.at, default=True)


def _policy(instance: Instance, names: tuple[Text, ...], walk: Walk) -> Value[Document]:
    found: list[Document | Unknown] = []
    if sent(instance.written, "policy") is not None:
        found.append(policy(instance))
    for other in walk.of("aws_kms_key_policy"):
        named = _named(other, "key_id", names)
        if named is Truth.YES:
            found.append(maybe(policy(other.instance), other.unsure, other.instance))
        elif named is Truth.MAYBE:
            address = other.instance.address
            why = f"whether `{address}` is the policy of `{instance.address}` is not told"
            found.append(Unknown(why, other.instance.at))
    if not found:
        provider = instance.provider
        document = default_key_policy(provider.account, provider.partition, instance.at)
        return Known(document, instance.at, default=True)
    if len(found) > 1:
        return Unknown(
            f"`{instance.address}` is given {len(found)} policies: the last one written stays",
            instance.at,
        )
    only = found[0]
    return Known(only, only.at) if isinstance(only, Document) else only


def _grants(names: tuple[Text, ...], walk: Walk) -> tuple[tuple[Grant, ...], Unknown | None]:
    grants: list[Grant] = []
    more: Unknown | None = None
    for found in walk.of("aws_kms_grant"):
        instance = found.instance
        named = _named(found, "key_id", names)
        if named is Truth.MAYBE or (named is Truth.YES and found.unsure is not None):
            more = Unknown(
                f"whether `{instance.address}` is a grant on this key is not told", instance.at
            )
        elif named is Truth.YES:
            grants.append(_grant(instance))
    return tuple(grants), more


def _grant(instance: Instance) -> Grant:
    written = instance.written
    at = written.place("operations")
    operations = tuple(listed(written.get("operations"), instance, "operations"))
    names = tuple(each.literal or str(each) for each in operations)
    untold = [each for each in operations if each.holes and "Decrypt" not in names]
    told: Value[tuple[str, ...]] = untold[0].untold(at) if untold else Known(names, at)
    blocks = list(written.nested("constraints"))
    constrained: Value[bool] = Known(value=bool(blocks), at=instance.at)
    if any(isinstance(block, Hole) for block in blocks):
        constrained = Unknown("the grant's constraints are not told", instance.at)
    return Grant(
        instance.address, text(written, "grantee_principal"), told, constrained, instance.at
    )
