"""The options that say whose account is read, and how fast."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from checker.sources.account.client import Access

MOST_WORKERS = 64

Profile: TypeAlias = Annotated[
    str | None, typer.Option(help="A profile of the AWS configuration.", metavar="NAME")
]
RoleArn: TypeAlias = Annotated[str | None, typer.Option(help="Work as this role.", metavar="ARN")]
ExternalId: TypeAlias = Annotated[
    str | None, typer.Option(help="The external id that the role asks for.", metavar="ID")
]
Region: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--region", help="A Region, repeatable. [default: the profile's]", metavar="REGION"
    ),
]
AssumeNoScp: TypeAlias = Annotated[
    bool, typer.Option("--assume-no-scp", help="Do not ask for the organization's policies.")
]
MaxWorkers: TypeAlias = Annotated[
    int, typer.Option(min=1, max=MOST_WORKERS, help="How many calls run at once.")
]
MaxRps: TypeAlias = Annotated[
    float, typer.Option(min=0, help="How many requests a second; 0 for no bound.")
]


def access(
    profile: str | None,
    role_arn: str | None,
    external_id: str | None,
    *,
    workers: int = 16,
    rps: float = 0,
    sending: frozenset[str] = frozenset(),
) -> Access:
    """Return what the options say."""
    from checker.sources.account.client import Access

    # boto3 itself reads AWS_DEFAULT_REGION only.
    region = None if profile else os.environ.get("AWS_REGION")
    return Access(profile, role_arn, external_id, workers, rps, sending, region)
