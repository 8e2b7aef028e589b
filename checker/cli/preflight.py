"""`tfcheck preflight`: two things that exist, before they are mapped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli import console, credentials, formats, options, panels
from checker.cli.judgement import Shown, chosen, ended, judged
from checker.cli.selection import selection

if TYPE_CHECKING:
    from checker.model import EventSourceMapping, Inventory
    from checker.policy import Policy
    from checker.reports.report import Report
    from checker.sources.account.client import Access
    from checker.sources.account.preflight import Pair


def preflight(
    queue: Annotated[
        str,
        typer.Option(help="queue to map", metavar="ARN|URL|NAME", rich_help_panel=panels.MAPPING),
    ],
    function: Annotated[
        str,
        typer.Option(help="function to invoke", metavar="ARN|NAME", rich_help_panel=panels.MAPPING),
    ],
    batch_size: Annotated[
        int | None,
        typer.Option(
            help="most messages in a batch (`BatchSize`)",
            metavar="N",
            rich_help_panel=panels.MAPPING,
        ),
    ] = None,
    batching_window: Annotated[
        int | None,
        typer.Option(
            help="time to gather a batch (`MaximumBatchingWindowInSeconds`)",
            metavar="SECONDS",
            rich_help_panel=panels.MAPPING,
        ),
    ] = None,
    maximum_concurrency: Annotated[
        int | None,
        typer.Option(
            help="most concurrent invocations (`MaximumConcurrency`)",
            metavar="N",
            rich_help_panel=panels.MAPPING,
        ),
    ] = None,
    filter: Annotated[
        list[str] | None,
        typer.Option(
            help="filter pattern; repeatable", metavar="JSON", rich_help_panel=panels.MAPPING
        ),
    ] = None,
    report_batch_item_failures: Annotated[
        bool,
        typer.Option(
            "--report-batch-item-failures",
            help="the function reports which messages failed (`ReportBatchItemFailures`)",
            rich_help_panel=panels.MAPPING,
        ),
    ] = False,
    region: credentials.Region = None,
    profile: credentials.Profile = None,
    role_arn: credentials.RoleArn = None,
    external_id: credentials.ExternalId = None,
    assume_no_scp: credentials.AssumeNoScp = False,
    policy: options.PolicyName = "current",
    select: options.Select = None,
    ignore: options.Ignore = None,
    fail_on: options.FailOnOption = None,
    exit_zero: options.ExitZero = False,
    format: options.Formats = None,
    output: options.Output = None,
    sarif_waived: options.SarifWaived = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Check a queue and a function that exist, as if the caller created their mapping now.

    If they are ready, the mapping is printed too, for Terraform and CloudFormation.

    Exit codes: 0 nothing at or above --fail-on, 1 findings or undecided, 2 nothing was checked.
    """
    from checker.sources.account.preflight import Pair

    targets = formats.targets(format or (), output, sarif_waived=sarif_waived)
    shown = Shown(targets, quiet, verbose, no_color)
    chosen_rules = selection(select or (), ignore or ())
    policy_ = chosen(policy, chosen_rules, fail_on, strict=True)
    pair = Pair(
        queue,
        function,
        batch_size,
        batching_window,
        maximum_concurrency,
        tuple(filter or ()),
        report_batch_item_failures,
    )
    access = credentials.access(profile, role_arn, external_id, region=region)
    report = _report(access, pair, policy_, assume_no_scp=assume_no_scp, verbose=verbose)
    report = chosen_rules.stated(report)
    shown.write(report)
    if report.summary.ready and all(each.format == "text" for each in shown.targets):
        from checker.cli.paste import cloudformation, terraform

        names = report.mappings[0].source, report.mappings[0].function
        arns = [str(each.arn) for each in names if each is not None]
        console.write(
            f"\n{terraform(arns[0], arns[1], pair)}\n{cloudformation(arns[0], arns[1], pair)}"
        )
    raise typer.Exit(ended(report, policy_, exit_zero=exit_zero))


def _report(
    access: Access, pair: Pair, policy: Policy, *, assume_no_scp: bool, verbose: bool
) -> Report:
    from checker.sources.account.preflight import load_pair

    inventory, wanted = load_pair(access, pair, assume_no_scp=assume_no_scp)
    report = judged([inventory], policy, inventory.target, verbose=verbose, inline=False)
    return only(report, inventory, wanted)


def only(report: Report, inventory: Inventory, wanted: EventSourceMapping) -> Report:
    """Return what a report says of one mapping; the others were read to compare with."""
    from checker.policy.summary import summarize

    rows = tuple(row for row in report.mappings if row.id == wanted.id)
    findings = tuple(
        replace(each, mappings=(wanted.id,))
        for each in report.findings
        if wanted.id in each.mappings or not each.mappings
    )
    counted = summarize(rows, findings, inventory.other_sources)
    return replace(report, mappings=rows, findings=findings, summary=counted)
