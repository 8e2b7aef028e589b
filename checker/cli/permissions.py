"""`tfcheck permissions PART`: the least document for the role, the deployer or an audit."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli import console

if TYPE_CHECKING:
    from checker.least import LeastStatement
    from checker.rules.settings import Settings


class DocumentPart(StrEnum):
    """Whose document is asked for."""

    ROLE = "role"
    DEPLOYER = "deployer"
    AUDIT = "audit"


class Language(StrEnum):
    """How the document is written."""

    JSON = "json"
    HCL = "hcl"


def permissions(
    part: Annotated[
        DocumentPart,
        typer.Argument(help="principal that the document is for", metavar="role|deployer|audit"),
    ],
    queue: Annotated[
        str | None, typer.Option(help="queue that the role reads", metavar="ARN")
    ] = None,
    function: Annotated[
        str | None, typer.Option(help="function that the deployer maps", metavar="ARN")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="KMS key that encrypts the queue", metavar="ARN")
    ] = None,
    format: Annotated[Language, typer.Option(help="output format")] = Language.JSON,
    policy: Annotated[
        str,
        typer.Option(
            help="rule policy, whose `permissions` the document holds", metavar="NAME|FILE"
        ),
    ] = "current",
) -> None:
    """Print the least IAM policy document for the execution role, the deployer or an audit."""
    from checker.least import as_hcl, as_json, demanded
    from checker.policy import load
    from checker.rules import RULES

    chosen = load(policy, [rule.name for rule in RULES])
    grants = _grants(part, queue, function, key, demanded(chosen))
    text = as_json(grants) if format is Language.JSON else as_hcl(part.value, grants)
    console.write(f"{text}\n")


def _grants(
    part: DocumentPart, queue: str | None, function: str | None, key: str | None, settings: Settings
) -> tuple[LeastStatement, ...]:
    from checker.least import for_audit, for_deployer, for_role

    match part:
        case DocumentPart.ROLE:
            return for_role(_arn("--queue", queue, ":sqs:"), _key(key), settings)
        case DocumentPart.DEPLOYER:
            return for_deployer(_arn("--function", function, ":lambda:"), settings)
        case DocumentPart.AUDIT:
            return for_audit()


def _key(key: str | None) -> str | None:
    return None if key is None else _arn("--key", key, ":kms:")


def _arn(option: str, given: str | None, service: str) -> str:
    from checker.errors import UsageError

    if given is None:
        raise UsageError(f"`{option} ARN` is missing")
    if not given.startswith("arn:") or service not in given or given.count(":") < 5:  # noqa: PLR2004
        raise UsageError(f"`{option} {given}` is not an ARN of that service")
    return given
