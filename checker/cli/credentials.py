"""The options that say which account is read, and how fast."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from checker.cli import panels

if TYPE_CHECKING:
    from checker.sources.account.client import Access

MOST_WORKERS = 64

Profile: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="profile of the AWS configuration files",
        metavar="NAME",
        rich_help_panel=panels.ACCOUNT,
    ),
]
RoleArn: TypeAlias = Annotated[
    str | None,
    typer.Option(help="assume this IAM role", metavar="ARN", rich_help_panel=panels.ACCOUNT),
]
ExternalId: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="external ID for assuming the role", metavar="ID", rich_help_panel=panels.ACCOUNT
    ),
]
Regions: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--region",
        help="Region to read; repeatable  [default: the profile's]",
        metavar="REGION",
        rich_help_panel=panels.ACCOUNT,
    ),
]
Region: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--region",
        help="Region of a queue or function that is given by its name  [default: the profile's]",
        metavar="REGION",
        rich_help_panel=panels.ACCOUNT,
    ),
]
AssumeNoScp: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--assume-no-scp",
        help="do not read the policies of the organization, and assume that they deny nothing",
        rich_help_panel=panels.ACCOUNT,
    ),
]
MaxWorkers: TypeAlias = Annotated[
    int,
    typer.Option(
        min=1,
        max=MOST_WORKERS,
        help="most calls at the same time",
        metavar="N",
        rich_help_panel=panels.ACCOUNT,
    ),
]
MaxRps: TypeAlias = Annotated[
    float,
    typer.Option(
        min=0,
        help="most requests per second; 0 for no limit",
        metavar="N",
        rich_help_panel=panels.ACCOUNT,
    ),
]


def access(
    profile: str | None,
    role_arn: str | None,
    external_id: str | None,
    *,
    region: str | None = None,
    workers: int = 16,
    rps: float = 0,
    sending: frozenset[str] = frozenset(),
) -> Access:
    """Return what the options say; without a `region` it is the profile's or the environment's."""
    from checker.sources.account.client import Access

    # boto3 itself reads AWS_DEFAULT_REGION only.
    found = region or (None if profile else os.environ.get("AWS_REGION"))
    return Access(profile, role_arn, external_id, workers, rps, sending, found)
