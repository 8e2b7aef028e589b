"""`tfcheck audit`: check the mappings that exist in an account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli import console, credentials, formats, options
from checker.cli.judgement import Shown, chosen, ended, judged
from checker.cli.progress import watched
from checker.errors import UsageError

if TYPE_CHECKING:
    from checker.model import Inventory
    from checker.sources.account.load import Audit


def audit(
    region: credentials.Region = None,
    all_regions: Annotated[
        bool, typer.Option("--all-regions", help="Every Region that the account has opted in to.")
    ] = False,
    profile: credentials.Profile = None,
    role_arn: credentials.RoleArn = None,
    external_id: credentials.ExternalId = None,
    deployer: Annotated[
        str | None,
        typer.Option(help="Who creates mappings; `me` is the caller.", metavar="ARN|me"),
    ] = None,
    assume_no_scp: credentials.AssumeNoScp = False,
    max_workers: credentials.MaxWorkers = 16,
    max_rps: credentials.MaxRps = 0,
    resume: Annotated[
        str | None,
        typer.Option(help="Keep answers in a file, and go on from those in it.", metavar="FILE"),
    ] = None,
    policy: options.PolicyName = "current",
    fail_on: options.FailOnOption = None,
    strict: options.Strict = False,
    format: options.Formats = None,
    output: options.Output = None,
    sarif_waived: options.SarifWaived = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Check every mapping from an SQS queue to a Lambda function that exists in an account.

    It only reads. What may not be read is unknown, and said with the call and the error. A first
    run from nothing:

    \b
      tfcheck permissions audit > audit.json
      aws iam put-user-policy --user-name auditor \\
        --policy-name tfcheck --policy-document file://audit.json
      tfcheck audit --profile auditor --region eu-west-1

    \b
      blocked    arn:aws:lambda:eu-west-1:123456789012:event-source-mapping:...
        error    role-cannot-read-queue
                 role `...` may not `sqs:DeleteMessage` on queue `...`

    Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 nothing was checked, 130 interrupted.
    """  # noqa: D301 - click reads the character
    from checker.model import CALLER
    from checker.sources.account.load import Audit

    targets = formats.targets(format or (), output, sarif_waived=sarif_waived)
    shown = Shown(targets, quiet, verbose, no_color)
    policy_ = chosen(policy, fail_on, strict=strict)
    who = deployer or policy_.deployer
    if who is not None and who != CALLER and not who.startswith("arn:"):
        raise UsageError(f"deployer `{who}`: an account knows ARNs, and `{CALLER}`")
    asked = Audit(
        access=credentials.access(profile, role_arn, external_id, workers=max_workers, rps=max_rps),
        regions=tuple(dict.fromkeys(region or ())),
        every=all_regions,
        assume_no_scp=assume_no_scp,
        deployer=who,
        resume=None if resume is None else Path(resume),
    )
    inventory = _read(asked)
    report = judged([inventory], policy_, inventory.target, verbose=verbose, inline=False)
    shown.write(report)
    code = ended(report, policy_)
    if inventory.interrupted:
        console.say("interrupted: the report is not complete")
        code = console.INTERRUPTED
    raise typer.Exit(code)


def _read(asked: Audit) -> Inventory:
    from checker.sources.account.load import load

    with watched() as progress:
        return load(asked, progress)
