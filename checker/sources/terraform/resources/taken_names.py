"""Names that two blocks of a configuration give to things of one kind, account and Region.

A name is taken twice where it is surely the same text, whatever its holes come to. What makes a
name different is as unknown as the name: two blocks are then two things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text, narrowed
from checker.knowledge.truth import Truth
from checker.model.clashes import NameClash, NamedBlock
from checker.model.identities import ANY_KEY, without_keys
from checker.records import dataclass
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.provider.arns import function_arn
from checker.sources.terraform.resources.names import name_in, principal_name
from checker.sources.terraform.resources.queue_attributes import differ
from checker.sources.terraform.resources.reading import unknown
from checker.sources.terraform.resources.walk import MAPPING, FoundInstance, Walk

_Place: TypeAlias = tuple[Text, ...]
APART = (
    "provider configurations of different profiles, roles, accounts or Regions make things in"
    " different accounts or Regions"
)
INLINE = "inline policy"
_MOST_PLACES = 8
"""In so many accounts and Regions a name is compared with the others of the same name."""
MOST_CLASHES = 1_000
"""So many are reported; a configuration that has more cannot be applied anyway."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type of resource whose names are unique in a place, and what AWS answers to the second."""

    type: str
    kind: str
    place: Callable[[Instance], _Place]
    name: Callable[[Instance], Text]
    error: str
    adopts: bool = False


def _account(instance: Instance) -> _Place:
    return (instance.provider.account,)


def _region(instance: Instance) -> _Place:
    return instance.provider.account, instance.provider.region


def _function(instance: Instance) -> _Place:
    named = narrowed(instance.written.text("function_name") or Text.of(""))
    return (function_arn(named, instance),)


def _role(instance: Instance) -> _Place:
    role = principal_name(instance.written.text("role") or Text.of(""))
    return (name_in(instance.provider.account, role.lower()),)


def _named(instance: Instance) -> Text:
    return instance.text("name")


_KINDS = (
    _Kind(
        "aws_lambda_function",
        "function",
        _region,
        lambda each: each.text("function_name"),
        "ResourceConflictException: Function already exist: {name}",
    ),
    _Kind(
        "aws_sqs_queue",
        "queue",
        _region,
        _named,
        "QueueAlreadyExists: A queue already exists with the same name and a different value for"
        " attribute {attribute}",
        adopts=True,
    ),
    _Kind(
        "aws_iam_role",
        "role",
        _account,
        _named,
        "EntityAlreadyExists: Role with name {name} already exists.",
    ),
    _Kind(
        "aws_iam_policy",
        "policy",
        _account,
        _named,
        "EntityAlreadyExists: A policy called {name} already exists. Duplicate names are not"
        " allowed.",
    ),
    _Kind(
        "aws_kms_alias",
        "KMS alias",
        _region,
        _named,
        "AlreadyExistsException: An alias with the name {arn} already exists",
    ),
    _Kind(
        "aws_lambda_alias",
        "alias",
        _function,
        _named,
        "ResourceConflictException: Alias already exists: {arn}",
    ),
    _Kind("aws_iam_role_policy", INLINE, _role, _named, "", adopts=True),
)
_WITHOUT_CASE = {"aws_iam_role", "aws_iam_policy"}
"""IAM does not distinguish names of roles and policies by their case."""


def name_clashes(walk: Walk) -> tuple[NameClash, ...]:
    """Return the blocks of the root module whose names are those of others before them.

    Where mappings or things of one name are made in places that may be one, the report says that
    they are taken for two.
    """
    made = (found.instance.provider for found in walk.of(MAPPING))
    if _may_be_one(dict.fromkeys((each.account, each.region) for each in made)):
        walk.modules[0].project.assume(APART)
    clashes = (clash for kind in _KINDS for clash in _of_kind(walk, kind))
    return tuple(islice(clashes, MOST_CLASHES))


def _of_kind(walk: Walk, kind: _Kind) -> Iterator[NameClash]:
    by_name: dict[Text, dict[_Place, list[FoundInstance]]] = {}
    for found in walk.beside(kind.type):
        # of another root module it is unknown whether it is of the same account
        if found.instance.module.project is walk.modules[0].project:
            name = kind.name(found.instance)
            key = name.lower() if kind.type in _WITHOUT_CASE else name
            by_name.setdefault(key, {}).setdefault(kind.place(found.instance), []).append(found)
    for places in by_name.values():
        if kind.place is not _role and _may_be_one(places):
            walk.modules[0].project.assume(APART)
        for several in places.values():
            first = next((each for each in several if each.unsure is None), several[0])
            others = (each for each in several if each is not first and not _same(first, each))
            yield from (_clash(kind, first, other) for other in others)


def _same(one: FoundInstance, other: FoundInstance) -> bool:
    """Tell whether one of two instances may be the other: it stands for all of its block."""
    ids = one.instance.address, other.instance.address
    return any(ANY_KEY in each for each in ids) and without_keys(ids[0]) == without_keys(ids[1])


def _may_be_one(places: Iterable[_Place]) -> bool:
    """Tell whether two places may be one, as far as the configuration tells."""
    some = list(islice(places, _MOST_PLACES))
    return any(
        min(map(Text.equals, one, other)) is Truth.MAYBE
        for n, one in enumerate(some)
        for other in some[:n]
    )


def _clash(kind: _Kind, first: FoundInstance, second: FoundInstance) -> NameClash:
    one, other = first.instance, second.instance
    refused: Value[bool] = Known(value=not kind.adopts, at=other.at)
    attribute = ""
    if kind.adopts and kind.kind != INLINE:
        refused, attribute = _differ(one, other)
    if _made(one) and _made(other):
        refused = Known(value=False, at=other.at)
    name = kind.name(other)
    arn = Text.of() if kind.kind == INLINE else other.text("arn")
    return NameClash(
        kind.kind,
        name,
        NamedBlock(one.address, one.at),
        NamedBlock(other.address, other.at),
        arn,
        kind.error.format(name=name, arn=arn, attribute=attribute),
        refused,
        _unsure(first, second),
    )


def _made(instance: Instance) -> bool:
    """Tell whether a plan or state has the object already, so that AWS is not asked to make it."""
    return bool(instance.module.project.before(instance.address))


def _unsure(first: FoundInstance, second: FoundInstance) -> Unknown | None:
    """Say why it is unknown whether both blocks are there."""
    pairs = ((first, second), (second, first))
    for one, other in pairs:
        hole: Hole | None = one.unsure_beside(other.instance.module.address)
        if hole is not None:
            return unknown(hole, one.instance.at)
    return None


def _differ(one: Instance, other: Instance) -> tuple[Value[bool], str]:
    """Tell whether AWS refuses a queue beside another of its name, and the attribute it names."""
    found: Sequence[tuple[str, Value[bool]]] = differ(one, other)
    for attribute, different in found:
        if isinstance(different, Known) and different.value:
            return different, attribute
    return found[0][1] if found else Known(value=False, at=other.at), ""
