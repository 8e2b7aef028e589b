"""Paths of constructs of the CDK.

A construct of a library wraps the resource that it makes: `Orders/Queue/Resource`. What the program
makes as a resource itself, such as a `CfnQueue`, has a path of its own.
https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html
"""

from __future__ import annotations

_WRAPPED = "/Resource"


def shown_path(path: str) -> str:
    """Return the path as the program has it: that of the construct around the resource."""
    return path.removesuffix(_WRAPPED)


def is_wrapped(path: str) -> bool:
    """Tell whether a construct of a library made a resource, by the resource's path."""
    return path.endswith(_WRAPPED)
