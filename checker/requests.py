"""The requests that a mapping leads to: who asks AWS for what, and which documents answer.

Lambda's poller reads the queue as a session of the function's role, SQS decrypts in that
session's name, Lambda assumes the role, and the deployer creates the mapping.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from checker.iam.authorize import Decision, Layers, Reason, authorize
from checker.iam.document import Document, Documents, Effect, parse
from checker.iam.request import ABSENT, PUBLIC_ADDRESS, Caller, Context, KeyValue, Request
from checker.iam.statement import Principal, PrincipalKind
from checker.model import Grant, Key, Mapping, Queue, Role, account_of, arn_field, region_of
from checker.partial import Hole, Kind, Known, Location, Text, Truth, Unknown

_NOWHERE = Location("request")
_SESSION: dict[str, KeyValue] = {
    "aws:SourceVpc": ABSENT,
    "aws:SourceVpcArn": ABSENT,
    "aws:SourceVpce": ABSENT,
    "aws:VpcSourceIp": ABSENT,
    "aws:VpceAccount": ABSENT,
    "aws:VpceOrgID": ABSENT,
    "aws:VpceOrgPaths": ABSENT,
    "aws:SourceArn": ABSENT,
    "aws:SourceAccount": ABSENT,
    "aws:SourceOrgID": ABSENT,
    "aws:SourceOrgPaths": ABSENT,
    "aws:FederatedProvider": ABSENT,
    "aws:MultiFactorAuthPresent": ABSENT,
    "aws:MultiFactorAuthAge": ABSENT,
    "aws:PrincipalServiceName": ABSENT,
    "aws:PrincipalIsAWSService": (Text.of("false"),),
    "aws:SecureTransport": (Text.of("true"),),
    "aws:SourceIp": (PUBLIC_ADDRESS,),
    "ec2:SourceInstanceARN": ABSENT,
    "lambda:SourceFunctionArn": ABSENT,
}
"""What is the same in every request of the poller: it comes from Lambda's own network, never
from the function's VPC, and not from the function's code."""


def poll(action: str, queue: Queue, role: Role) -> Request:
    """Return what Lambda's poller asks of a queue, as a session of the execution role."""
    keys = _SESSION | {
        "aws:ViaAWSService": (Text.of("false"),),
        "aws:CalledVia": ABSENT,
        "aws:CalledViaFirst": ABSENT,
        "aws:CalledViaLast": ABSENT,
    }
    return Request(Caller.role(role.arn), action, queue.arn, account_of(queue.arn), Context(keys))


def queue_layers(queue: Queue, role: Role) -> Layers:
    """Return the documents that decide what a role may do with a queue."""
    return Layers(identity=role.identity, boundary=boundary_of(role), resource=queue.policy)


def decrypt(key: Key, queue: Queue, role: Role) -> Request:
    """Return what SQS asks of a key in the poller's name when a message is received.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    keys: dict[str, KeyValue] = _SESSION | {
        "aws:ViaAWSService": (Text.of("true"),),
        "kms:ViaService": (_sqs_in(queue.arn),),
        "kms:EncryptionContext:aws:sqs:arn": (queue.arn,),
        "kms:EncryptionContextKeys": (Text.of("aws:sqs:arn"),),
        "kms:EncryptionAlgorithm": (Text.of("SYMMETRIC_DEFAULT"),),
        "kms:GrantIsForAWSResource": ABSENT,
    }
    caller = Caller.role(role.arn)
    return Request(caller, "kms:Decrypt", key.arn, account_of(key.arn), Context(keys))


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
    return Layers(identity=role.identity, boundary=boundary_of(role), resource=policy)


def decide_decrypt(key: Key, queue: Queue, role: Role) -> Decision:
    """Decide whether a role may decrypt what a queue holds: by documents, or by a grant.

    AWS does not say how far a grant reaches past a permissions boundary, or to another account
    without an identity document; where that decides, the answer is MAYBE.
    https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
    """
    request, layers = decrypt(key, queue, role), key_layers(key, queue, role)
    decision = authorize(request, layers)
    grants = [(grant, _grants(grant, role)) for grant in key.grants]
    perhaps = [grant for grant, truth in grants if truth is not Truth.NO]
    if decision.allowed is Truth.YES or (not perhaps and key.more_grants is None):
        return decision
    if authorize(request, _free(layers)).allowed is Truth.NO:
        return decision
    sure = tuple(_reason(grant) for grant, truth in grants if truth is Truth.YES)
    if sure:
        named = replace(_ANYBODY.statements[0], principals=(Principal(_AWS, role.arn),))
        given = replace(_ANYBODY, statements=(named,), memo={})
        granted = replace(layers, resource=_more(layers.resource, given))
        if authorize(request, granted).allowed is Truth.YES:
            return Decision(Truth.YES, sure)
    reasons = tuple(_reason(grant) for grant in perhaps)
    if key.more_grants is not None:
        unseen = key.more_grants
        reasons += (Reason(unseen.why, unseen.at, unseen.remedy),)
    return Decision(Truth.MAYBE, reasons)


def assume(role: Role) -> Request:
    """Return Lambda's request to assume the execution role.

    https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
    """
    untold = Unknown(
        "what Lambda tells of its source when it assumes a role is not documented",
        _NOWHERE,
        "drop the condition from the trust document",
    )
    keys: dict[str, KeyValue] = {
        "aws:SourceArn": untold,
        "aws:SourceAccount": untold,
        "sts:ExternalId": ABSENT,
        "aws:SecureTransport": (Text.of("true"),),
        "aws:SourceVpc": ABSENT,
        "aws:SourceVpce": ABSENT,
        "aws:MultiFactorAuthPresent": ABSENT,
    }
    caller = Caller.service("lambda.amazonaws.com")
    return Request(caller, "sts:AssumeRole", role.arn, account_of(role.arn), Context(keys))


def trust_layers(role: Role) -> Layers:
    """Return the trust document as the only one that decides who may assume a role."""
    if isinstance(role.trust, Known):
        return Layers(resource=Documents((role.trust.value,)))
    return Layers(resource=Documents((role.trust,)))


_ON_MAPPING = frozenset(
    f"lambda:{name}".lower()
    for name in (
        "GetEventSourceMapping",
        "UpdateEventSourceMapping",
        "DeleteEventSourceMapping",
        "ListTags",
        "TagResource",
        "UntagResource",
    )
)
_UNTAGGED = frozenset({"lambda:listtags", "lambda:untagresource"})


def deploy(action: str, mapping: Mapping, deployer: Role) -> Request:
    """Return what the deployer asks of Lambda in order to create a mapping.

    Creating takes no resource, so only `Resource: "*"` allows it; what is asked afterwards names
    the new mapping, whose UUID nobody knows yet.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
    """
    function = mapping.function
    region = mapping.region
    keys: dict[str, KeyValue] = {
        "aws:SecureTransport": (Text.of("true"),),
        "aws:ViaAWSService": (Text.of("false"),),
        "aws:RequestedRegion": (region.value,) if isinstance(region, Known) else region,
    }
    if action.lower() not in _UNTAGGED:
        keys["lambda:FunctionArn"] = (function.value,) if isinstance(function, Known) else function
        if isinstance(mapping.tagged, Known) and not mapping.tagged.value:
            keys["aws:TagKeys"] = ABSENT
    account = account_of(deployer.arn)
    resource = Text.of("*")
    if action.lower() in _ON_MAPPING:
        resource = _mapping_arn(mapping, deployer)
    user = (arn_field(deployer.arn, 5) or Text.of()).like(Text.of("user/*")) is Truth.YES
    caller = Caller.user(deployer.arn) if user else Caller.role(deployer.arn)
    return Request(caller, action, resource, account, Context(keys))


def deployer_layers(deployer: Role) -> Layers:
    """Return the documents that decide what the deployer may do."""
    return Layers(identity=deployer.identity, boundary=boundary_of(deployer))


class Lack(Enum):
    """What stands between a caller and a refused request."""

    IDENTITY = "no identity document allows it"
    BOUNDARY = "the permissions boundary does not allow it"
    RESOURCE = "the resource's own document does not allow it"
    DENY = "a statement denies it"


def lack(request: Request, layers: Layers) -> Lack:
    """Tell what has to change first before a refused request is allowed."""
    if authorize(request, _identity_free(layers)).allowed is not Truth.NO:
        return Lack.IDENTITY
    wider = _boundary_free(_identity_free(layers))
    if authorize(request, wider).allowed is not Truth.NO:
        return Lack.BOUNDARY
    return Lack.DENY if authorize(request, _free(layers)).allowed is Truth.NO else Lack.RESOURCE


def admitted(layers: Layers) -> Layers:
    """Return the layers as if the resource's own document allowed everybody everything.

    What it denies stays denied: this leaves the caller's side to be judged.
    """
    return replace(layers, resource=_more(layers.resource, _ANYBODY))


def admitting(documents: Documents) -> Layers:
    """Return layers of which only the allows of the resource's own document are left."""
    members = tuple(
        member if isinstance(member, Unknown) else _allows(member) for member in documents.members
    )
    allows = replace(documents, members=members)
    return Layers(identity=_only(_EVERYTHING), resource=allows)


def boundary_of(role: Role) -> Documents | None:
    """Return the permissions boundary as a layer; None if there is none."""
    match role.boundary:
        case Unknown() as unknown:
            return Documents((unknown,))
        case Known(value=document):
            return None if document is None else Documents((document,))


def _mapping_arn(mapping: Mapping, deployer: Role) -> Text:
    region = mapping.region
    where: Text | Hole = Hole("region of the mapping", Kind.REGION)
    if isinstance(region, Known):
        where = region.value
    elif region.why:
        where = Hole("region of the mapping", Kind.REGION, region.why, region.at, region.remedy)
    uuid = Hole(f"uuid of {mapping.id}", Kind.NAME, "AWS makes the mapping's UUID", mapping.at)
    partition = arn_field(deployer.arn, 1) or Text.of(Hole("partition", Kind.PARTITION))
    account = account_of(deployer.arn) or Text.of(Hole("account of the deployer", Kind.ACCOUNT))
    start = Text.of("arn:", partition, ":lambda:", where, ":", account)
    return Text.of(start, ":event-source-mapping:", uuid)


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
    """Tell whether a grant lets a role decrypt; a constrained one may."""
    if isinstance(grant.grantee, Unknown) or isinstance(grant.operations, Unknown):
        who = Truth.MAYBE
    else:
        who = grant.grantee.value.equals(role.arn) & Truth.of("Decrypt" in grant.operations.value)
    if isinstance(grant.operations, Known) and "Decrypt" not in grant.operations.value:
        return Truth.NO
    free = isinstance(grant.constrained, Known) and not grant.constrained.value
    return who & (Truth.YES if free else Truth.MAYBE)


def _reason(grant: Grant) -> Reason:
    return Reason(f"the grant `{grant.id}` may let it decrypt", grant.at)


def _everything(principal: str) -> Document:
    text = f'{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{principal}"Action":"*",'
    return parse(Text.of(text, '"Resource":"*"}]}'), id="everything", at=_NOWHERE).get()


_AWS = PrincipalKind.AWS
_EVERYTHING = _everything("")
"""An identity document that allows everything."""
_ANYBODY = _everything('"Principal":"*",')
"""A resource's document that allows everybody everything."""


def _more(documents: Documents | None, document: Document) -> Documents:
    if documents is None:
        return _only(document)
    return replace(documents, members=(*documents.members, document))


def _only(document: Document) -> Documents:
    return Documents((document,))


def _identity_free(layers: Layers) -> Layers:
    return replace(layers, identity=_more(layers.identity, _EVERYTHING))


def _boundary_free(layers: Layers) -> Layers:
    if layers.boundary is None:
        return layers
    return replace(layers, boundary=_more(layers.boundary, _EVERYTHING))


def _free(layers: Layers) -> Layers:
    """Return the layers with everything allowed in each; what is denied stays denied."""
    return admitted(_boundary_free(_identity_free(layers)))


def _allows(document: Document) -> Document:
    statements = tuple(s for s in document.statements if s.effect is not Effect.DENY)
    return replace(document, statements=statements, memo={})
