"""KMS keys with their policies, aliases and grants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from checker.iam.document import Document
from checker.iam.keys import default_key_policy
from checker.knowledge.holes import Hole
from checker.knowledge.lookup import Lookup, TooManyError
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import Grant, Key, Pairs
from checker.model.identities import Identities
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.provider.arns import arn
from checker.sources.terraform.resources.identifiers import GRANTED, MeantBlocks
from checker.sources.terraform.resources.key_states import enabled, expires, multi_region, state
from checker.sources.terraform.resources.names import listed
from checker.sources.terraform.resources.reading import (
    maybe,
    optional_text,
    policy,
    sent,
    text,
    unknown,
)
from checker.sources.terraform.resources.tags import tags_of
from checker.sources.terraform.resources.walk import FoundInstance, Walk
from checker.sources.terraform.values.primitives import to_text

TYPES = (
    "aws_kms_key",
    "aws_kms_external_key",
    "aws_kms_replica_key",
    "aws_kms_replica_external_key",
)


def keys(walk: Walk, meant: MeantBlocks) -> tuple[Key, ...]:
    """Return every key that the configuration creates."""
    made = [found.instance for type_ in TYPES for found in walk.named(type_)]
    named = ((name, each.address) for each in made for name in _names(each))
    identities = Identities(named, walk.elsewhere)
    beside = _Beside(walk, meant)
    return tuple(_key(instance, beside, identities) for instance in made)


def _names(instance: Instance) -> tuple[Text, Text]:
    """Return what names a key: its ARN and its id."""
    return instance.text("arn"), instance.text("key_id")


class _Beside:
    """The resources that name a key, by what they name."""

    def __init__(self, walk: Walk, meant: MeantBlocks) -> None:
        self.meant = meant
        self.aliases = _Naming(walk.beside("aws_kms_alias"), "target_key_id", meant)
        self.policies = _Naming(walk.beside("aws_kms_key_policy"), "key_id", meant)
        self.grants = _Naming(walk.beside("aws_kms_grant"), "key_id", meant)
        self._read = _read_by_alias(walk)
        ids = [f.instance.text("key_id") for type_ in TYPES for f in walk.of(type_)]
        self._shared = {key_id for key_id, count in Counter(ids).items() if count > 1}

    def replicated(self, instance: Instance) -> bool:
        """Tell whether several keys have the id of a key: in several Regions."""
        return instance.text("key_id") in self._shared

    def read(self, aliases: list[tuple[FoundInstance, Truth]]) -> Iterator[Text]:
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
    """Resources that name a key in an argument, by its id or ARN.

    A replica has the id of its primary key, so an id names the key of the resource's own Region.
    """

    def __init__(self, found: tuple[FoundInstance, ...], argument: str, meant: MeantBlocks) -> None:
        self._found = found
        self._argument = argument
        texts = ((each.instance.written.text(argument), n) for n, each in enumerate(found))
        self._by_name = Lookup((meant.key(text), n) for text, n in texts if text is not None)

    def of(self, names: tuple[Text, ...]) -> list[tuple[FoundInstance, Truth]]:
        """Return those that name a key, and those that may, in their order."""
        truths = {n: Truth.YES for name in names for n in self._by_name.named(name)}
        try:
            for n in chain.from_iterable(map(self._by_name.perhaps, names)):
                truths.setdefault(n, Truth.MAYBE)
        except TooManyError:
            # whichever it is: one that may name the key leaves open what all of them would
            truths.setdefault(0, Truth.MAYBE)
        return [(self._found[n], truths[n]) for n in sorted(truths)]

    def in_region(self, names: tuple[Text, ...], region: Text) -> list[tuple[FoundInstance, Truth]]:
        """Return those that name a key of a Region, and those that may, in their order."""
        named = ((found, truth & self._there(found, region)) for found, truth in self.of(names))
        return [(found, truth) for found, truth in named if truth is not Truth.NO]

    def _there(self, found: FoundInstance, region: Text) -> Truth:
        written = found.instance.written.text(self._argument)
        first = written.parts[0] if written is not None and written.parts else ""
        if isinstance(first, str) and first.startswith("arn:"):
            return Truth.YES  # its Region was compared
        return found.instance.provider.region.equals(region)


def _key(instance: Instance, beside: _Beside, identities: Identities) -> Key:
    arn, key_id = _names(instance)
    names = (arn.among(identities), key_id.among(identities))
    region = instance.provider.region
    replicated = beside.replicated(instance)

    def naming(which: _Naming) -> list[tuple[FoundInstance, Truth]]:
        return which.in_region(names, region) if replicated else which.of(names)

    grants, more = _grants(naming(beside.grants), instance.module.address, beside.meant)
    named = naming(beside.aliases)
    aliases, more_aliases = _aliases(named, instance.module.address)
    return Key(
        id=instance.address,
        arn=arn,
        at=instance.at,
        closed=True,
        aliases=aliases,
        managed=Known(value=False, at=instance.at),
        enabled=enabled(instance),
        symmetric=_symmetric(instance),
        policy=_policy(instance, naming(beside.policies)),
        grants=grants,
        more_grants=more,
        also=tuple(beside.read(named)),
        tags=tags_of(instance),
        more_aliases=more_aliases,
        state=state(instance),
        expires=expires(instance),
        multi_region=multi_region(instance),
    )


def _aliases(
    naming: list[tuple[FoundInstance, Truth]], home: str
) -> tuple[tuple[Text, ...], Unknown | None]:
    """Return the aliases that surely name a key, and why there may be others."""
    names: list[Text] = []
    more: Unknown | None = None
    for found, named in naming:
        instance = found.instance
        if named is Truth.YES:
            names.append(instance.text("name"))
        if named is Truth.MAYBE or found.unsure_beside(home) is not None:
            why = f"it is unknown whether `{instance.address}` is an alias of this key"
            more = Unknown(why, instance.at)
    return tuple(names), more


def _symmetric(instance: Instance) -> Value[bool]:
    for argument in ("customer_master_key_spec", "key_usage"):
        found = optional_text(instance.written, argument)
        if isinstance(found, Unknown):
            return found
        if found.value is not None and found.value.literal is None:
            return found.value.why_unknown(found.at)
        if found.value is not None and found.value.literal not in {
            "SYMMETRIC_DEFAULT",
            "ENCRYPT_DECRYPT",
        }:
            return Known(value=False, at=found.at)
    return Known(value=True, at=instance.at, default=True)


def _policy(instance: Instance, naming: list[tuple[FoundInstance, Truth]]) -> Value[Document]:
    found: list[Document | Unknown] = []
    if sent(instance.written, "policy") is not None:
        found.append(policy(instance))
    for other, named in naming:
        if named is Truth.YES:
            unsure = other.unsure_beside(instance.module.address)
            found.append(maybe(policy(other.instance), unsure, other.instance))
        else:
            address = other.instance.address
            why = f"it is unknown whether `{address}` is the policy of `{instance.address}`"
            found.append(Unknown(why, other.instance.at))
    if not found:
        provider = instance.provider
        document = default_key_policy(provider.account, provider.partition, instance.at)
        return Known(document, instance.at, default=True)
    if len(found) > 1:
        return Unknown(
            f"`{instance.address}` is given {len(found)} policies, and the last one written stays",
            instance.at,
        )
    only = found[0]
    return Known(only, only.at) if isinstance(only, Document) else only


def _grants(
    naming: list[tuple[FoundInstance, Truth]], home: str, meant: MeantBlocks
) -> tuple[tuple[Grant, ...], Unknown | None]:
    grants: list[Grant] = []
    more: Unknown | None = None
    for found, named in naming:
        instance = found.instance
        if named is Truth.MAYBE or (named is Truth.YES and found.unsure_beside(home) is not None):
            more = Unknown(
                f"it is unknown whether `{instance.address}` is a grant on this key", instance.at
            )
        elif named is Truth.YES:
            grants.append(_grant(instance, meant))
    return tuple(grants), more


def _grant(instance: Instance, meant: MeantBlocks) -> Grant:
    written = instance.written
    at = written.place("operations")
    operations = tuple(listed(written.get("operations"), instance, "operations"))
    names = tuple(each.literal or str(each) for each in operations)
    unknowns = [each for each in operations if each.holes and "Decrypt" not in names]
    given: Value[tuple[str, ...]] = unknowns[0].why_unknown(at) if unknowns else Known(names, at)
    blocks = list(written.nested("constraints"))
    return Grant(
        id=instance.address,
        grantee=meant.attribute(text(written, "grantee_principal"), GRANTED, instance),
        operations=given,
        at=instance.at,
        equal=_pairs(instance, blocks, "encryption_context_equals"),
        subset=_pairs(instance, blocks, "encryption_context_subset"),
    )


def _pairs(instance: Instance, blocks: list[Written | Hole], argument: str) -> Value[Pairs | None]:
    """Return the encryption context that a grant demands; None if it demands none."""
    found: list[tuple[Text, Text]] = []
    demands = False
    for block in blocks:
        value = block if isinstance(block, Hole) else block.get(argument)
        if isinstance(value, Hole):
            return unknown(value, instance.at)
        if not isinstance(value, dict):
            continue
        demands = True
        for key, each in value.items():
            said = to_text(each, f"{instance.address}.{argument}", instance.at)
            found.append((Text.of(key), Text.of() if said is None else said))
    return Known(tuple(found) if demands else None, instance.at)
