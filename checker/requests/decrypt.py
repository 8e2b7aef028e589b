"""What SQS asks of a queue's key in the poller's name, and the grants that answer it."""

from __future__ import annotations

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
from checker.knowledge.truth import Truth, all_of
from checker.model import Grant, Key, Pairs, Queue, Role, account_of, arn_field, region_of
from checker.requests.layers import (
    ANYBODY,
    boundary_of,
    free,
    joined,
    session_of,
)
from checker.requests.poller import SESSION


def decrypt(key: Key, queue: Queue, role: Role) -> Request:
    """Return what SQS asks of a key in the poller's name when a message is received.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    keys: dict[str, KeyValue] = SESSION | {
        "aws:ViaAWSService": (Text.of("true"),),
        "kms:ViaService": (_sqs_in(queue.arn),),
        "kms:EncryptionContext:aws:sqs:arn": (queue.arn,),
        "kms:EncryptionContextKeys": (Text.of("aws:sqs:arn"),),
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


def key_layers(key: Key, queue: Queue, role: Role) -> Layers:
    """Return the documents that decide what a role may do with a queue's key, but its grants."""
    policy: Documents
    if isinstance(key.managed, Known) and key.managed.value:
        policy = Documents((_managed_policy(queue, key.at).get(),))
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


def decide_decrypt(key: Key, queue: Queue, role: Role, decisions: Decisions) -> Decision:
    """Decide whether a role may decrypt what a queue holds: by documents, or by a grant.

    AWS does not say how far a grant reaches past a permissions boundary, or to another account
    without an identity document; where that decides, the answer is MAYBE.
    https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
    """
    request, layers = decrypt(key, queue, role), key_layers(key, queue, role)
    decision = decisions.authorize(request, layers)
    grants = [(grant, _grants(grant, role) & _fits(grant, queue)) for grant in key.grants]
    perhaps = [grant for grant, truth in grants if truth is not Truth.NO]
    if decision.allowed is Truth.YES:
        return decision
    if not perhaps and key.more_grants is None:
        return replace(decision, because=(*decision.because, *_unfit(key, queue, role)))
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
    if key.more_grants is not None:
        unseen = key.more_grants
        reasons += (DecisionReason(unseen.why, unseen.at, unseen.remedy, cause=unseen),)
    return Decision(Truth.MAYBE, reasons)


def _sqs_in(queue: Text) -> Text:
    """Return the name of SQS in a queue's Region, as `kms:ViaService` has it."""
    partition = arn_field(queue, 1)
    region = region_of(queue) or Text.of(Hole(f"region of {queue}", Kind.REGION))
    if partition is None or partition.literal is None:
        return Text.of("sqs.", region, ".", Hole("domain of AWS"))
    return Text.of("sqs.", region, ".amazonaws.com", ".cn" if str(partition) == "aws-cn" else "")


def _managed_policy(queue: Queue, at: Location) -> Known[Document] | Unknown:
    """Return the policy of the AWS managed key for SQS in a queue's account; nobody can edit it."""
    account = account_of(queue.arn) or Text.of(Hole(f"account of {queue.arn}", Kind.ACCOUNT))
    text = Text.of(
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},',
        '"Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*",',
        '"kms:CreateGrant","kms:DescribeKey"],"Resource":"*","Condition":{"StringEquals":',
        '{"kms:ViaService":"',
        _sqs_in(queue.arn),
        '","kms:CallerAccount":"',
        account,
        '"}}}]}',
    )
    return parse(text, id="the key policy of `alias/aws/sqs`", at=at)


def _grants(grant: Grant, role: Role) -> Truth:
    """Tell whether a grant lets a role decrypt, whatever the encryption context."""
    if isinstance(grant.grantee, Unknown) or isinstance(grant.operations, Unknown):
        who = Truth.MAYBE
    else:
        who = grant.grantee.value.equals(role.arn) & Truth.of("Decrypt" in grant.operations.value)
    if isinstance(grant.operations, Known) and "Decrypt" not in grant.operations.value:
        return Truth.NO
    return who


def _fits(grant: Grant, queue: Queue) -> Truth:
    """Tell whether a grant's constraints admit the encryption context of SQS: the queue's ARN.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
    """
    return _has_no_other(grant.equal, queue) & _has_every(grant.subset, queue)


def _has_no_other(pairs: Value[Pairs | None], queue: Queue) -> Truth:
    if isinstance(pairs, Known) and pairs.value is not None and len(pairs.value) > 1:
        sure = all(key.literal is not None for key, _ in pairs.value)
        return Truth.NO if sure else Truth.MAYBE
    return _has_every(pairs, queue)


def _has_every(pairs: Value[Pairs | None], queue: Queue) -> Truth:
    """Tell whether the context has every pair; in a grant letters of any case make one key."""
    if isinstance(pairs, Unknown):
        return Truth.MAYBE
    if pairs.value is None:
        return Truth.YES
    if not pairs.value:
        return Truth.MAYBE  # what an empty constraint demands is not documented
    return all_of(
        key.lower().equals(_CONTEXT_KEY) & value.equals(queue.arn) for key, value in pairs.value
    )


_CONTEXT_KEY = Text.of("aws:sqs:arn")


def _unfit(key: Key, queue: Queue, role: Role) -> tuple[DecisionReason, ...]:
    """Name the grants that would let a role decrypt with another encryption context."""
    return tuple(
        DecisionReason(
            f"the grant `{grant.id}` lets it decrypt only with another encryption context than"
            f" SQS's, which is `aws:sqs:arn` = `{queue.arn}`",
            grant.at,
        )
        for grant in key.grants
        if _grants(grant, role) is not Truth.NO and _fits(grant, queue) is Truth.NO
    )


def _reason(grant: Grant) -> DecisionReason:
    return DecisionReason(f"the grant `{grant.id}` may let it decrypt", grant.at)
