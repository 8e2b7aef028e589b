"""Whether a principal is allowed to do something; the answer may be that it is unknown.

The order is AWS's: an explicit deny anywhere, then each guard (organisation, endpoint), then what
the identity's and the resource's documents allow together.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from checker.iam import explain
from checker.iam.actions import supports_rcp
from checker.iam.comparisons import Comparisons
from checker.iam.condition import join
from checker.iam.document import Document, Documents
from checker.iam.explain import DecisionReason
from checker.iam.layer import Survey, survey
from checker.iam.match import Layer
from checker.iam.refusals import refused
from checker.iam.request import NOWHERE, CallerKind, Request
from checker.iam.service_rules import is_key, is_trust, never_across
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth, all_of, any_of
from checker.records import dataclass

__all__ = ["Decision", "DecisionReason", "Layers", "authorize"]

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES


@dataclass(frozen=True, slots=True)
class Layers:
    """The documents that bear on a request; None means that the layer is absent.

    `scps` and `rcps` are levels (root, organisational units, account), each of which must allow.
    """

    identity: Documents = field(default_factory=Documents)
    boundary: Documents | None = None
    session: Documents | None = None
    resource: Documents | None = None
    scps: tuple[Documents, ...] = ()
    rcps: tuple[Documents, ...] = ()
    endpoint: Documents | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether AWS would allow a request, and what settles it or leaves it open."""

    allowed: Truth
    because: tuple[DecisionReason, ...] = ()


@dataclass(frozen=True, slots=True)
class _Surveys:
    """What each layer that applies says; a layer that does not apply is None."""

    identity: Survey | None
    boundary: Survey | None
    session: Survey | None
    resource: Survey
    scps: tuple[Survey, ...]
    rcps: tuple[Survey, ...]
    endpoint: Survey | None

    def every(self) -> Iterable[Survey]:
        """Yield them all, the one that most often decides first."""
        one_each = (self.identity, self.resource, self.boundary, self.session, self.endpoint)
        yield from (one for one in one_each if one is not None)
        yield from self.scps
        yield from self.rcps


def authorize(request: Request, layers: Layers, comparisons: Comparisons | None = None) -> Decision:
    """Decide a request as AWS does, in three truths.

    `comparisons` are those of the run; without them the decision has a bound of its own. What is
    not compared any more may allow and may deny.
    """
    comparisons = comparisons or Comparisons()
    if _needs_no_permission(request):
        return Decision(YES, (DecisionReason(f"`{request.action}` needs no permission", None),))
    said = _surveys(request, layers, comparisons)
    denied = any_of(one.denies for one in said.every())
    if denied is YES:
        return Decision(NO, explain.denied(said.every(), request))
    guarded = all_of(guard.allows for guard in _guards(said))
    granted = _granted(request, said)
    allowed = ~denied & guarded & granted
    if allowed is YES:
        return Decision(YES, explain.allowed(said.every()))
    if allowed is MAYBE:
        allows = (guarded & granted) is not YES
        return Decision(MAYBE, explain.undecided(said.every(), request, allows=allows))
    near = refused(_refusing(request, said), said.every(), request, comparisons)
    return Decision(NO, near)


def _needs_no_permission(request: Request) -> bool:
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html."""
    authenticated = request.caller.kind is not CallerKind.ANONYMOUS
    return authenticated and request.action.lower() == "sts:getcalleridentity"


# -- which layers apply ---------------------------------------------------------------------


_WITH_IDENTITY = frozenset(
    {CallerKind.USER, CallerKind.ROLE, CallerKind.SESSION, CallerKind.FEDERATED_USER}
)
_WITH_SESSION = _WITH_IDENTITY - {CallerKind.USER}


def surveys_of(request: Request, layers: Layers) -> tuple[Survey, ...]:
    """Return what each layer that applies says to a request."""
    return tuple(_surveys(request, layers, Comparisons()).every())


def _surveys(request: Request, layers: Layers, comparisons: Comparisons) -> _Surveys:
    def maybe(documents: Documents | None, layer: Layer) -> Survey | None:
        return None if documents is None else survey(documents, request, layer, comparisons)

    kind = request.caller.kind
    identity = layers.identity if kind in _WITH_IDENTITY else None
    boundary = layers.boundary if kind in _WITH_IDENTITY else None
    session = layers.session if kind in _WITH_SESSION else None
    resource = _resource_documents(request, layers)
    bounded = _bounded(boundary)
    return _Surveys(
        identity=maybe(identity, Layer.IDENTITY),
        boundary=maybe(boundary, Layer.BOUNDARY),
        session=maybe(session, Layer.SESSION),
        resource=survey(resource, request, Layer.RESOURCE, comparisons, bounded=bounded),
        scps=tuple(
            survey(level, request, Layer.SCP, comparisons) for level in _scps(request, layers)
        ),
        rcps=tuple(
            survey(level, request, Layer.RCP, comparisons) for level in _rcps(request, layers)
        ),
        endpoint=None
        if layers.endpoint is None
        else survey(layers.endpoint, request, Layer.ENDPOINT, comparisons, bounded=bounded),
    )


def _bounded(boundary: Documents | None) -> Truth:
    """Tell whether the caller has a permissions boundary."""
    if boundary is None or (not boundary.members and boundary.unseen is None):
        return Truth.of(boundary is not None)
    return YES if any(isinstance(m, Document) for m in boundary.members) else MAYBE


def _resource_documents(request: Request, layers: Layers) -> Documents:
    """Return the resource's documents; keys and roles always have one, shown or not."""
    if layers.resource is not None:
        return layers.resource
    if is_key(request) or is_trust(request):
        what = "key policy" if is_key(request) else "trust document"
        why = f"the {what} of `{request.resource}` is unknown"
        return Documents(unseen=Unknown(why, NOWHERE, f"show the {what}"))
    return Documents()


def _scps(request: Request, layers: Layers) -> tuple[Documents, ...]:
    """Service control policies bind an account's principals, but no service-linked role."""
    if not layers.scps:
        return ()
    if request.caller.account is None or _is_linked(request):
        return ()
    return layers.scps


def _rcps(request: Request, layers: Layers) -> tuple[Documents, ...]:
    """Resource control policies bind the services that AWS lists, but no service-linked role.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    """
    if not layers.rcps or not supports_rcp(request.service) or _is_linked(request):
        return ()
    return () if request.action.lower() == "kms:retiregrant" else layers.rcps


def _is_linked(request: Request) -> bool:
    """Tell whether a service-linked role calls."""
    caller = request.caller
    linked = Text.of("*:role/aws-service-role/*")
    return (caller.principal_arn or caller.arn).like(linked) is YES


# -- the formula ----------------------------------------------------------------------------


def _guards(said: _Surveys) -> tuple[Survey, ...]:
    """Return the layers of which each must allow."""
    endpoint = () if said.endpoint is None else (said.endpoint,)
    return (*said.scps, *said.rcps, *endpoint)


def _granted(request: Request, said: _Surveys) -> Truth:
    """Tell whether identity and resource documents together grant the request."""
    if request.caller.account is None:
        return said.resource.named.direct
    same = _same_account(request)
    if same is YES:
        return _granted_at_home(request, said)
    if same is NO:
        return _granted_across(request, said)
    return join((_granted_at_home(request, said), _granted_across(request, said)))


def _same_account(request: Request) -> Truth:
    owner, account = request.owner, request.caller.account
    return MAYBE if owner is None or account is None else account.equals(owner)


def _granted_at_home(request: Request, said: _Surveys) -> Truth:
    """Caller and resource are in one account: either side may grant.

    A direct grant is not limited by boundary and session policy, one to the role is.
    """
    grant = said.resource.named
    limits = _allows(said.boundary) & _allows(said.session)
    # key policies and trust documents must let the account's own documents count
    trust = grant.account if is_key(request) or is_trust(request) else YES
    if request.caller.kind is CallerKind.ROOT:
        return grant.at_all if is_key(request) or is_trust(request) else YES
    return grant.direct | (grant.role & limits) | (trust & _allows(said.identity) & limits)


def _granted_across(request: Request, said: _Surveys) -> Truth:
    """Caller and resource are in two accounts: both sides must grant."""
    if never_across(request):
        return NO
    limits = _allows(said.boundary) & _allows(said.session)
    return said.resource.allows & _allows(said.identity) & limits


def _allows(said: Survey | None) -> Truth:
    """Tell whether a layer allows; one that does not apply does not limit."""
    return YES if said is None else said.allows


def _refusing(request: Request, said: _Surveys) -> tuple[Survey, ...]:
    """Return the layers of which one had to allow and none did, the nearest first."""
    guards = [guard for guard in _guards(said) if guard.allows is NO]
    if guards:
        return tuple(guards[:1])
    if said.identity is None:
        return (said.resource,)
    limits = [one for one in (said.boundary, said.session) if one and one.allows is NO]
    if limits and (said.identity.allows | said.resource.allows) is not NO:
        return tuple(limits)
    if _same_account(request) is NO or is_key(request) or is_trust(request):
        sides = [side for side in (said.identity, said.resource) if side.allows is NO]
        return tuple(sides) or (said.resource,)
    return (said.identity, said.resource) if said.resource.documents.members else (said.identity,)
