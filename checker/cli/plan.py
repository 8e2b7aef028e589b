"""`tfcheck plan`: check the mappings that a directory of Terraform would create."""

from __future__ import annotations

from typing import Annotated

import typer

from checker.cli import access as credentials
from checker.cli import formats, options
from checker.cli.asked import Asked
from checker.cli.judging import Shown, chosen, ended, judged
from checker.cli.narrowing import Narrowing, narrowed
from checker.errors import UsageError


def plan(
    path: Annotated[
        str,
        typer.Argument(
            help="A directory of Terraform, a saved plan, or plan JSON (`-`: standard input).",
            metavar="PATH",
        ),
    ] = ".",
    var: Annotated[
        list[str] | None,
        typer.Option(help="Set a variable, as Terraform takes it.", metavar="NAME=VALUE"),
    ] = None,
    var_file: Annotated[
        list[str] | None, typer.Option(help="Read variables from a file.", metavar="FILE")
    ] = None,
    plan_file: Annotated[
        str | None,
        typer.Option(
            "--plan", help="A plan of the directory: a saved plan, or its JSON.", metavar="FILE"
        ),
    ] = None,
    recursive: Annotated[
        bool, typer.Option("--recursive", help="Check every root module below PATH.")
    ] = False,
    env: Annotated[
        bool,
        typer.Option(
            "--env", help="Take AWS_REGION, or AWS_DEFAULT_REGION, where a provider has no region."
        ),
    ] = False,
    live: Annotated[
        bool,
        typer.Option("--live", help="Read what is only referred to from the account."),
    ] = False,
    profile: credentials.Profile = None,
    role_arn: credentials.RoleArn = None,
    external_id: credentials.ExternalId = None,
    region: Annotated[
        str | None, typer.Option(help="The Region of providers that name none.", metavar="REGION")
    ] = None,
    policy: options.PolicyName = "current",
    fail_on: options.FailOnOption = None,
    strict: options.Strict = False,
    deployer: options.Deployer = None,
    format: options.Formats = None,
    output: options.Output = None,
    sarif_waived: options.SarifWaived = False,
    root: options.Root = None,
    baseline: Annotated[
        str | None,
        typer.Option(help="Report only what is not in this baseline.", metavar="FILE"),
    ] = None,
    write_baseline: Annotated[
        str | None,
        typer.Option(
            "--write-baseline",
            help="Write all findings as a baseline, and report none of them."
            " Without FILE: to that of --baseline.",
            metavar="[FILE]",
        ),
    ] = None,
    changed_since: Annotated[
        str | None,
        typer.Option(help="Report only what touches files changed since a commit.", metavar="REF"),
    ] = None,
    no_inline_waivers: Annotated[
        bool,
        typer.Option("--no-inline-waivers", help="Let no comment in the input waive anything."),
    ] = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Check every mapping from an SQS queue to a Lambda function before it goes out.

    Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 nothing was checked.
    """
    if not live and (profile or role_arn or external_id):
        raise UsageError("credentials are for `--live`: nothing else reads an account")
    targets = formats.targets(format or (), output, sarif_waived=sarif_waived)
    shown = Shown(targets, quiet, verbose, no_color)
    policy_ = chosen(policy, fail_on, strict=strict)
    asked = Asked(
        path,
        root,
        plan=plan_file,
        recursive=recursive,
        env=env,
        variables=tuple(var or ()),
        var_files=tuple(var_file or ()),
        deployer=deployer or policy_.deployer,
        access=credentials.access(profile, role_arn, external_id) if live else None,
        region=region,
    )
    inventories = asked.inventories()
    report = judged(inventories, policy_, path, verbose=verbose, inline=not no_inline_waivers)
    report = narrowed(report, Narrowing(baseline, write_baseline, changed_since), asked)
    shown.write(report)
    raise typer.Exit(ended(report, policy_))
