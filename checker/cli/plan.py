"""`tfcheck plan`: check the mappings that a directory of Terraform would create."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli import console, formats, options
from checker.cli.asked import Asked
from checker.cli.narrowing import Narrowing, narrowed

if TYPE_CHECKING:
    from checker.model import Inventory
    from checker.policy import Policy
    from checker.report import Report
    from checker.settings import Settings


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
    policy: options.PolicyName = "current",
    fail_on: options.FailOnOption = None,
    strict: options.Strict = False,
    deployer: options.Deployer = None,
    format: options.Formats = None,
    output: options.Output = None,
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
    targets = formats.targets(format or (), output)
    chosen = _policy(policy, fail_on, strict)
    asked = Asked(
        path,
        root,
        plan=plan_file,
        recursive=recursive,
        env=env,
        variables=tuple(var or ()),
        var_files=tuple(var_file or ()),
        deployer=deployer or chosen.deployer,
    )
    report = _check(chosen, asked, verbose=verbose, inline=not no_inline_waivers)
    report = narrowed(report, Narrowing(baseline, write_baseline, changed_since), asked)
    color = console.is_terminal() and not no_color and not os.environ.get("NO_COLOR")
    for each in targets:
        each.write(report, color=color, quiet=quiet, verbose=verbose)
    raise typer.Exit(_end(report, chosen))


def _policy(name: str, fail_on: options.FailOn | None, strict: bool) -> Policy:
    """Return the policy, with what the command line lays over it."""
    from checker.policy import load
    from checker.report import Severity
    from checker.rules import RULES

    policy = load(name, [rule.name for rule in RULES])
    if fail_on is not None:
        policy = replace(policy, fail_on=Severity(fail_on.value))
    return replace(policy, undecided_fails=policy.undecided_fails or strict)


def _check(policy: Policy, asked: Asked, *, verbose: bool, inline: bool) -> Report:
    """Load, check and judge; `verbose` tells how each permission was decided, too."""
    from datetime import UTC, datetime

    from checker.check import check
    from checker.masking import Masker
    from checker.policy import judge
    from checker.rules import RULES

    inventories = asked.inventories()
    rules = policy.select(RULES)
    results = [result for each in inventories for result in check(each, rules, policy.settings)]
    today = datetime.now(UTC).date()
    report = judge(inventories, results, policy, today, target=asked.path, inline=inline)
    if verbose:
        report = _with_traces(report, inventories, policy.settings)
    secrets = frozenset[str]().union(*(each.secrets for each in inventories))
    return Masker(secrets).whole(report)


def _with_traces(report: Report, inventories: list[Inventory], settings: Settings) -> Report:
    from checker.tracing import traced

    traces = {
        mapping.id: traced(mapping, inventory, settings)
        for inventory in inventories
        for mapping in inventory.mappings
    }
    rows = tuple(replace(row, trace=traces[row.id]) for row in report.mappings)
    return replace(report, mappings=rows)


def _end(report: Report, policy: Policy) -> int:
    """Return the exit code; say last what is not confirmed."""
    from checker.policy import fails

    summary = report.summary
    if summary.undecided:
        console.say(f"{summary.undecided} of {summary.mappings} undecided: not confirmed")
    return int(fails(report, policy))
