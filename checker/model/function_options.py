"""What AWS tests of a function when it makes it, besides its role and its timeout."""

from __future__ import annotations

from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.records import dataclass

_NOWHERE = Location("")
_NO: Known[bool] = Known(value=False, at=_NOWHERE, default=True)
_NONE: Known[None] = Known(None, _NOWHERE, default=True)


@dataclass(frozen=True, slots=True)
class LayerVersion:
    """A layer version of a function, by its ARN.

    `closed_to` says which other account made it without a permission for the function's account,
    None where that is not so or where the input does not make the layer.
    """

    arn: Value[Text]
    closed_to: Value[str] | None = None


@dataclass(frozen=True, slots=True)
class FunctionOptions:
    """Options of a function that AWS tests when it makes the function.

    `vpc` tells whether it is connected to a VPC, `tracing` whether its tracing mode is `Active`.
    `key` encrypts its environment variables; None where it has no such key, or no variables.
    `image` is the URI of its container image, None if it has none; `image_closed_to` is as with
    layers, of an image in a repository without a policy. `dead_letter_policy` says why
    the policy of its dead-letter topic may allow what the role's documents do not. `layered` tells
    whether it has layers, `package` is its package type, `Zip` or `Image`. `run_by` names an option
    that says how an archive is run, such as `Runtime`, where it is sent of an image as well.

    `durable` is the longest execution of a durable function in seconds, None for another function;
    `managed` tells whether it runs on managed instances, `tenants` whether each of its invocations
    is one tenant's.
    """

    vpc: Value[bool] = _NO
    tracing: Value[bool] = _NO
    key: Value[Text | None] = _NONE
    image: Value[Text | None] = _NONE
    image_closed_to: Value[str] | None = None
    layers: tuple[LayerVersion, ...] = ()
    layered: Value[bool] = _NO
    package: Value[str] = Known("Zip", _NOWHERE, default=True)
    run_by: Value[str | None] = _NONE
    dead_letter_policy: Unknown | None = None
    durable: Value[int | None] = _NONE
    managed: Value[bool] = _NO
    tenants: Value[bool] = _NO
