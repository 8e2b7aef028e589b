"""KMS keys with their policies, aliases and grants."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from checker.iam.document import Document
from checker.iam.keys import default_key_policy
from checker.lookup import Lookup, TooManyError
from checker.model import Grant, Key
from checker.model.identities import Identities
from checker.partial import Hole, Known, Text, Truth, Unknown, Value
from checker.sources.terraform.attributes import arn
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
    made = [found.instance for type_ in TYPES for found in walk.named(type_)]
    named = ((name, each.address) for each in made for name in _names(each))
    identities = Identities(named, walk.elsewhere)
    beside = _Beside(walk)
    return tuple(_key(instance, beside, identities) for instance in made)


def _names(instance: Instance) -> tuple[Text, Text]:
    """Return what names a key: its ARN and its id."""
    return instance.text("arn"), instance.text("key_id")


class _Beside:
    """The resources that name a key, by what they name."""

    def __init__(self, walk: Walk) -> None:
        self.aliases = _Naming(walk.beside("aws_kms_alias"), "target_key_id")
        self.policies = _Naming(walk.beside("aws_kms_key_policy"), "key_id")
        self.grants = _Naming(walk.beside("aws_kms_grant"), "key_id")
        self._read = _read_by_alias(walk)

    def read(self, aliases: list[tuple[Found, Truth]]) -> Iterator[Text]:
        """Yield the ARNs that data sources read by the aliases which surely name a key."""
        for found, named in aliases:
            if named is Truth.YES:
                yield from self._read.get(found.instance.text("arn"), ())


def _read_by_alias(walk: Walk) -> dict[Text, list[Text]]:
    """Return the ARNs of keys that data sources read, by the ARN of the alias that they name."""
    out: dict[Text, list[Text]] = {}
    for found in walk.of("aws_kms_alias", "data"):
        read = found.instance.text("target_key_arn")
        out.setdefault(found.instance.text("arn"), []).append(read)
    for found in walk.of("aws_kms_key", "data"):
        instance = found.instance
        named = instance.written.text("key_id")
        if named is None or not named.spelled.startswith(("alias/", "arn:")):
            continue
        alias = named if named.spelled.startswith("arn:") else arn(instance, "kms", named)
        out.setdefault(alias, []).append(instance.text("arn"))
    return out


class _Naming:
    """Resources that name a key in an argument, by its id or ARN."""

    def __init__(self, found: tuple[Found, ...], argument: str) -> None:
        self._found = found
        texts = ((each.instance.written.text(argument), n) for n, each in enumerate(found))
        self._by_name = Lookup((text, n) for text, n in texts if text is not None)

    def of(self, names: tuple[Text, ...]) -> list[tuple[Found, Truth]]:
        """Return those that name a key, and those that may, in their order."""
        truths = {n: Truth.YES for name in names for n in self._by_name.named(name)}
        try:
            for n in chain.from_iterable(map(self._by_name.perhaps, names)):
                truths.setdefault(n, Truth.MAYBE)
        except TooManyError:
            # whichever it is: one that may name the key leaves open what all of them would
            truths.setdefault(0, Truth.MAYBE)
        return [(self._found[n], truths[n]) for n in sorted(truths)]


def _key(instance: Instance, beside: _Beside, identities: Identities) -> Key:
    written = instance.written
    arn, key_id = _names(instance)
    names = (arn.among(identities), key_id.among(identities))
    switch = "is_enabled" if instance.type == "aws_kms_key" else "enabled"
    grants, more = _grants(beside.grants.of(names), instance.module.address)
    aliases = beside.aliases.of(names)
    return Key(
        id=instance.address,
        arn=arn,
        at=instance.at,
        closed=True,
        aliases=_aliases(aliases),
        managed=Known(value=False, at=instance.at),
        enabled=boolean(written, switch, default=True),
        symmetric=_symmetric(instance),
        policy=_policy(instance, beside.policies.of(names)),
        grants=grants,
        more_grants=more,
        also=tuple(beside.read(aliases)),
    )


def _aliases(naming: list[tuple[Found, Truth]]) -> tuple[Text, ...]:
    return tuple(found.instance.text("name") for found, named in naming if named is Truth.YES)


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


def _policy(instance: Instance, naming: list[tuple[Found, Truth]]) -> Value[Document]:
    found: list[Document | Unknown] = []
    if sent(instance.written, "policy") is not None:
        found.append(policy(instance))
    for other, named in naming:
        if named is Truth.YES:
            unsure = other.unsure_beside(instance.module.address)
            found.append(maybe(policy(other.instance), unsure, other.instance))
        else:
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


def _grants(
    naming: list[tuple[Found, Truth]], home: str
) -> tuple[tuple[Grant, ...], Unknown | None]:
    grants: list[Grant] = []
    more: Unknown | None = None
    for found, named in naming:
        instance = found.instance
        if named is Truth.MAYBE or (named is Truth.YES and found.unsure_beside(home) is not None):
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
