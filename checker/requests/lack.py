"""What a refused request lacks."""

from __future__ import annotations

from enum import Enum

from checker.iam.authorize import Layers
from checker.iam.decisions import Decisions
from checker.iam.request import Request
from checker.knowledge.truth import Truth
from checker.requests.layers import (
    boundary_free,
    free,
    identity_free,
)


class Lack(Enum):
    """What stands between a caller and a refused request."""

    IDENTITY = "no identity document allows it"
    BOUNDARY = "the permissions boundary does not allow it"
    RESOURCE = "the resource's own document does not allow it"
    DENY = "a statement denies it"


def lack(request: Request, layers: Layers, decisions: Decisions) -> Lack:
    """Tell what has to change first before a refused request is allowed."""
    return decisions.once("lack", request, layers, lambda: _lack(request, layers, decisions))


def _lack(request: Request, layers: Layers, decisions: Decisions) -> Lack:
    if decisions.decide(request, identity_free(layers)).allowed is not Truth.NO:
        return Lack.IDENTITY
    wider = boundary_free(identity_free(layers))
    if decisions.decide(request, wider).allowed is not Truth.NO:
        return Lack.BOUNDARY
    denied = decisions.decide(request, free(layers)).allowed is Truth.NO
    return Lack.DENY if denied else Lack.RESOURCE
