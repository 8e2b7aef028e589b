"""What a service asks of its source's key in the poller's name, and the grants that answer it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from checker.iam.authorize import Decision, DecisionReason, Layers
from checker.iam.context import NO_TAGS
from checker.iam.decisions import Decisions
from checker.iam.document import Document, Documents, Memo, parse
from checker.iam.request import ABSENT, Context, KeyValue, Request
from checker.iam.statement import Principal, PrincipalKind
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth, all_of, any_of
from checker.model import (
    EventSource,
    Grant,
    Key,
    Pairs,
    Role,
    account_of,
    arn_field,
    region_of,
    type_of,
)
from checker.requests.by_source import requests_of
from checker.requests.layers import (
    ANYBODY,
    boundary_of,
    free,
    joined,
    session_of,
)
from checker.requests.poller import SESSION


def decrypt(key: Key, source: EventSource, role: Role) -> Request:
    """Return what a service asks of a key in the poller's name when it reads what a source holds.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    context = requests_of(source).context(source)
    keys: dict[str, KeyValue] = SESSION | {
        "aws:ViaAWSService": (Text.of("true"),),
        "kms:ViaService": (_endpoint(source),),
        **{f"kms:EncryptionContext:{name}": (value,) for name, value in context},
        "kms:EncryptionContextKeys": tuple(name for name, _ in context),
        "kms:EncryptionAlgorithm": (Text.of("SYMMETRIC_DEFAULT"),),
        "kms:GrantIsForAWSResource": ABSENT,
    }
    return Request(
        caller=session_of(role),
        action="kms:Decrypt",
        resource=key.arn,
        resource_account=account_of(key.arn),
        context=Context(keys),
        resource_tags=key.tags,
        resource_aliases=_aliases(key),
        sent_tags=NO_TAGS,
    )


def _aliases(key: Key) -> KeyValue:
    return (key.aliases or ABSENT) if key.more_aliases is None else key.more_aliases


def key_layers(key: Key, source: EventSource, role: Role) -> Layers:
    """Return the documents that decide what a role may do with a source's key, but its grants."""
    policy: Documents
    if isinstance(key.managed, Known) and key.managed.value:
        policy = Documents((_managed_policy(source, key.at).get(),))
    elif isinstance(key.policy, Known):
        policy = Documents((key.policy.value,))
    elif key.closed:
        policy = Documents((key.policy,))
    else:
        policy = Documents(unseen=key.policy)
    return Layers(
        identity=role.identity,
        boundary=boundary_of(role),
        resource=policy,
        scps=role.scps,
        rcps=key.rcps,
    )


def decide_decrypt(key: Key, source: EventSource, role: Role, decisions: Decisions) -> Decision:
    """Decide whether a role may decrypt what a source holds: by documents, or by a grant.

    AWS does not say how far a grant reaches past a permissions boundary, or to another account
    without an identity document; where that decides, the answer is MAYBE.
    https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
    """
    request, layers = decrypt(key, source, role), key_layers(key, source, role)
    context = requests_of(source).context(source)
    decision = decisions.authorize(request, layers)
    if decision.allowed is Truth.YES:
        return decision
    to_role = _grants_to(key, role, decisions)
    over = not decisions.comparisons.charge(len(to_role))
    unseen = decisions.comparisons.unknown if over else key.more_grants
    grants = [(grant, who & _fits(grant, context)) for grant, who in ([] if over else to_role)]
    perhaps = [grant for grant, truth in grants if truth is not Truth.NO]
    if not perhaps and unseen is None:
        unfit = _unfit(to_role, source)
        return replace(decision, because=(*decision.because, *unfit))
    if decisions.decide(request, free(layers)).allowed is Truth.NO:
        return decision
    sure = tuple(_reason(grant) for grant, truth in grants if truth is Truth.YES)
    if sure:
        named = replace(ANYBODY.statements[0], principals=(Principal(PrincipalKind.AWS, role.arn),))
        given = replace(ANYBODY, statements=(named,), memo=Memo())
        granted = replace(layers, resource=joined(layers.resource, given))
        if decisions.decide(request, granted).allowed is Truth.YES:
            return Decision(Truth.YES, sure)
    reasons = tuple(_reason(grant) for grant in perhaps)
    if unseen is not None:
        reasons += (DecisionReason(unseen.why, unseen.at, unseen.remedy, cause=unseen),)
    return Decision(Truth.MAYBE, reasons)


def _endpoint(source: EventSource) -> Text:
    """Return the name of a source's service in its Region, as `kms:ViaService` has it."""
    service = type_of(source).service
    partition = arn_field(source.arn, 1)
    region = region_of(source.arn) or Text.of(Hole(f"region of {source.arn}", Kind.REGION))
    if partition is None or partition.literal is None:
        return Text.of(f"{service}.", region, ".", Hole("domain of AWS"))
    china = ".cn" if str(partition) == "aws-cn" else ""
    return Text.of(f"{service}.", region, ".amazonaws.com", china)


def _managed_policy(source: EventSource, at: Location) -> Known[Document] | Unknown:
    """Return the policy of the key that AWS manages for a service in an account; none edits it."""
    account = account_of(source.arn) or Text.of(Hole(f"account of {source.arn}", Kind.ACCOUNT))
    text = Text.of(
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},',
        '"Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*",',
        '"kms:CreateGrant","kms:DescribeKey"],"Resource":"*","Condition":{"StringEquals":',
        '{"kms:ViaService":"',
        _endpoint(source),
        '","kms:CallerAccount":"',
        account,
        '"}}}]}',
    )
    return parse(text, id=f"the key policy of `{type_of(source).managed_alias}`", at=at)


def _grants(grant: Grant, role: Role) -> Truth:
    """Tell whether a grant lets a role decrypt, whatever the encryption context."""
    if isinstance(grant.grantee, Unknown) or isinstance(grant.operations, Unknown):
        who = Truth.MAYBE
    else:
        who = grant.grantee.value.equals(role.arn) & Truth.of("Decrypt" in grant.operations.value)
    if isinstance(grant.operations, Known) and "Decrypt" not in grant.operations.value:
        return Truth.NO
    return who


def _grants_to(key: Key, role: Role, decisions: Decisions) -> tuple[tuple[Grant, Truth], ...]:
    """Return the grants of a key that might let a role decrypt, each with whether it does."""

    def work() -> tuple[tuple[Grant, Truth], ...]:
        if not decisions.comparisons.charge(len(key.grants)):
            return tuple((grant, Truth.MAYBE) for grant in key.grants)
        found = ((grant, _grants(grant, role)) for grant in key.grants)
        return tuple((grant, truth) for grant, truth in found if truth is not Truth.NO)

    return decisions.once_of(("grants", role.arn), key, work)


def _fits(grant: Grant, context: Pairs) -> Truth:
    """Tell whether a grant's constraints admit an encryption context.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
    """
    return _is(grant.equal, context) & _has_every(grant.subset, context)


def _is(pairs: Value[Pairs | None], context: Pairs) -> Truth:
    """Tell whether the context has every pair of a constraint, and no other."""
    if isinstance(pairs, Known) and pairs.value and len(pairs.value) != len(context):
        sure = all(key.literal is not None for key, _ in pairs.value)
        return Truth.NO if sure else Truth.MAYBE
    return _has_every(pairs, context)


def _has_every(pairs: Value[Pairs | None], context: Pairs) -> Truth:
    """Tell whether the context has every pair; in a grant letters of any case make one key."""
    if isinstance(pairs, Unknown):
        return Truth.MAYBE
    if pairs.value is None:
        return Truth.YES
    if not pairs.value:
        return Truth.MAYBE  # what an empty constraint demands is not documented
    return all_of(_has(context, key, value) for key, value in pairs.value)


def _has(context: Pairs, key: Text, value: Text) -> Truth:
    return any_of(key.lower().equals(name) & value.equals(held) for name, held in context)


def _unfit(
    grants: Iterable[tuple[Grant, Truth]], source: EventSource
) -> tuple[DecisionReason, ...]:
    """Name the grants to a role that let it decrypt only with another encryption context."""
    context = requests_of(source).context(source)
    said = ", ".join(f"`{name}` = `{value}`" for name, value in context)
    return tuple(
        DecisionReason(
            f"the grant `{grant.id}` lets it decrypt only with another encryption context than"
            f" {type_of(source).brand}'s, which is {said}",
            grant.at,
        )
        for grant, _ in grants
    )


def _reason(grant: Grant) -> DecisionReason:
    return DecisionReason(f"the grant `{grant.id}` might allow it", grant.at)
