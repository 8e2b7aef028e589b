"""`tfcheck audit`: check the mappings that exist in an account."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checker.cli import console, credentials, formats, options, panels
from checker.cli.judgement import Shown, chosen, ended, judged
from checker.cli.progress import watched
from checker.cli.selection import selection
from checker.errors import UsageError


def audit(
    region: credentials.Regions = None,
    all_regions: Annotated[
        bool,
        typer.Option(
            "--all-regions",
            help="read every Region that is enabled in the account",
            rich_help_panel=panels.ACCOUNT,
        ),
    ] = False,
    profile: credentials.Profile = None,
    role_arn: credentials.RoleArn = None,
    external_id: credentials.ExternalId = None,
    assume_no_scp: credentials.AssumeNoScp = False,
    max_workers: credentials.MaxWorkers = 16,
    max_rps: credentials.MaxRps = 0,
    resume: Annotated[
        str | None,
        typer.Option(
            help="keep the answers of AWS in this file, and continue from those that it holds",
            metavar="FILE",
            rich_help_panel=panels.ACCOUNT,
        ),
    ] = None,
    policy: options.PolicyName = "current",
    select: options.Select = None,
    ignore: options.Ignore = None,
    fail_on: options.FailOnOption = None,
    strict: options.Strict = False,
    exit_zero: options.ExitZero = False,
    deployer: Annotated[
        str | None,
        typer.Option(
            help="principal that creates mappings, whose permissions are then checked too;"
            " `me` is the caller",
            metavar="ARN|me",
            rich_help_panel=panels.RULES,
        ),
    ] = None,
    format: options.Formats = None,
    output: options.Output = None,
    sarif_waived: options.SarifWaived = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Check every mapping from an SQS queue to a Lambda function that exists in an account.

    It only reads. What cannot be read is unknown, and reported with the call and the error. A first
    run:

    \b
      tfcheck permissions audit > audit.json
      aws iam put-user-policy --user-name auditor \\
        --policy-name tfcheck --policy-document file://audit.json
      tfcheck audit --profile auditor --region eu-west-1

    \b
      blocked    orders -> orders-worker in eu-west-1
        error    role-cannot-read-queue
                 role `...` is not allowed to `sqs:DeleteMessage` on queue `...`

    Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 nothing was checked, 130 interrupted.
    """  # noqa: D301 - click reads the character
    from checker.model import CALLER
    from checker.sources.account.load import Audit, load

    targets = formats.targets(format or (), output, sarif_waived=sarif_waived)
    shown = Shown(targets, quiet, verbose, no_color)
    chosen_rules = selection(select or (), ignore or ())
    policy_ = chosen(policy, chosen_rules, fail_on, strict=strict)
    who = deployer or policy_.deployer
    if who is not None and who != CALLER and not who.startswith("arn:"):
        raise UsageError(f"the deployer `{who}` is neither an ARN nor `{CALLER}`")
    asked = Audit(
        access=credentials.access(profile, role_arn, external_id, workers=max_workers, rps=max_rps),
        regions=tuple(dict.fromkeys(region or ())),
        every=all_regions,
        assume_no_scp=assume_no_scp,
        deployer=who,
        resume=None if resume is None else Path(resume),
    )
    with watched(quiet=quiet, plain=no_color) as tell:
        inventory = load(asked, tell)
        report = judged(
            [inventory], policy_, inventory.target, verbose=verbose, inline=False, progress=tell
        )
    report = chosen_rules.stated(report)
    shown.write(report)
    code = ended(report, policy_, exit_zero=exit_zero)
    if inventory.interrupted:
        console.say("interrupted: the report is not complete")
        code = console.INTERRUPTED
    raise typer.Exit(code)
