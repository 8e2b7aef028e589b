"""`tfcheck plan`: check the mappings that a directory of Terraform would create."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli import config_file, credentials, earlier_commit, formats, options
from checker.cli.comparison import Run, compared
from checker.cli.earlier_commit import EarlierCommit
from checker.cli.filters import Narrowing, narrowed
from checker.cli.judgement import Shown, chosen, ended, judged, secrets_of
from checker.cli.request import STANDARD_INPUT, PlanRequest
from checker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from checker.model import Inventory
    from checker.reports.report import Report


def plan(
    context: typer.Context,
    path: Annotated[
        str,
        typer.Argument(
            help="A directory of Terraform, a saved plan, plan JSON or a state"
            " (`-`: standard input).",
            metavar="PATH",
        ),
    ] = ".",
    var: Annotated[
        list[str] | None,
        typer.Option(help="Set a variable, as Terraform takes it.", metavar="NAME=VALUE"),
    ] = None,
    sensitive_var: Annotated[
        list[str] | None,
        typer.Option(help="Show no value of a variable, whatever declares it.", metavar="NAME"),
    ] = None,
    var_file: Annotated[
        list[str] | None, typer.Option(help="Read variables from a file.", metavar="FILE")
    ] = None,
    workspace: Annotated[
        str | None,
        typer.Option(
            help="The workspace. [default: TF_WORKSPACE, else the one that is selected]",
            metavar="NAME",
        ),
    ] = None,
    plan_file: Annotated[
        str | None,
        typer.Option(
            "--plan", help="A plan of the directory: a saved plan, or its JSON.", metavar="FILE"
        ),
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            help="The state of the directory: it tells what exists already.", metavar="FILE"
        ),
    ] = None,
    engine: Annotated[
        options.EngineName | None,
        typer.Option(
            help="What the configuration is run with, which tells whether `.tofu` files are read."
            " [default: what the root module says]"
        ),
    ] = None,
    recursive: Annotated[
        bool, typer.Option("--recursive", help="Check every root module below PATH.")
    ] = False,
    modules: options.ModulesOption = options.Modules.GET,
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
    deployer: options.DeployerOption = None,
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
        typer.Option(
            help="Report only what is new or worse since this branch left a commit.", metavar="REF"
        ),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(
            help="Judge by this commit: policy, baseline, configuration and inline waivers are"
            " those that it has, and variables that it marks sensitive stay so.",
            metavar="REF",
        ),
    ] = None,
    trust_waivers: Annotated[
        bool,
        typer.Option(
            "--trust-waivers", help="Let comments waive that the commit of --base does not have."
        ),
    ] = False,
    no_inline_waivers: Annotated[
        bool,
        typer.Option("--no-inline-waivers", help="Let no comment in the input waive anything."),
    ] = False,
    config: Annotated[
        str | None,
        typer.Option(
            help="What the repository says of how it is checked."
            f" [default: the nearest {config_file.NAME} above PATH]",
            metavar="FILE",
        ),
    ] = None,
    no_config: Annotated[
        bool, typer.Option("--no-config", help=f"Read no {config_file.NAME}.")
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
    asked = PlanRequest(
        path,
        root,
        plan=plan_file,
        installed=modules is options.Modules.GET,
        state=state,
        engine=None if engine is None else engine.value,
        recursive=recursive,
        verbose=verbose,
        env=env,
        variables=tuple(var or ()),
        sensitive_variables=tuple(sensitive_var or ()),
        var_files=tuple(var_file or ()),
        workspace=workspace,
        deployer=deployer,
        access=credentials.access(profile, role_arn, external_id) if live else None,
        region=region,
    )
    from checker.policy.files import Disk

    with ExitStack() as stack:
        by = None if base is None else stack.enter_context(earlier_commit.named(base, asked))
        since = (
            None
            if changed_since is None
            else stack.enter_context(earlier_commit.parted(changed_since, asked))
        )
        said = _said(context, config, asked, by, wanted=not no_config)
        policy_ = chosen(
            said.policy or policy,
            options.FailOn(said.fail_on) if said.fail_on else fail_on,
            strict=strict or said.strict,
            where=by or Disk(lambda: asked.files),
        )
        if by is not None:
            asked = replace(asked, kept_engine=by.engine)
        asked = replace(
            asked,
            recursive=recursive or said.recursive,
            var_files=said.var_files or asked.var_files,
            deployer=said.deployer or deployer or policy_.deployer,
            marks=(
                *((by.sensitive(),) if by is not None else ()),
                *((since.sensitive(strict=False),) if isinstance(since, EarlierCommit) else ()),
            ),
        )

        def judge(inventories: Sequence[Inventory], *, verbose: bool = False) -> Report:
            if by is not None and not trust_waivers:
                inventories = by.agreed(inventories)
            inline = not no_inline_waivers
            return judged(inventories, policy_, path, verbose=verbose, inline=inline)

        inventories = asked.inventories()
        report = judge(inventories, verbose=verbose)
        run = Run(asked, inventories, report, judge)
        comparison = None if since is None else compared(run, since)
        narrowing = Narrowing(said.baseline or baseline, write_baseline, by, comparison)
        report = narrowed(report, narrowing, asked)
    files = None if asked.path == STANDARD_INPUT else asked.files
    shown.write(report, files, secrets_of(inventories))
    raise typer.Exit(ended(report, policy_))


def _said(
    context: typer.Context,
    config: str | None,
    asked: PlanRequest,
    by: earlier_commit.EarlierCommit | None,
    *,
    wanted: bool,
) -> config_file.Configured:
    """Return what the configuration file says of what neither command line nor environment does."""
    from checker.policy.files import Disk

    if not wanted or asked.path == STANDARD_INPUT:
        return config_file.Configured()
    file = Path(config) if config is not None else None
    if file is None:
        target = Path(asked.path)
        file = config_file.find(target, asked.files) if by is None else by.configuration(target)
    if file is None:
        return config_file.Configured()
    said = config_file.read(file, asked.files, by or Disk(lambda: asked.files))

    def told(name: str) -> bool:
        source = context.get_parameter_source(name)
        return source is not None and source.name != "DEFAULT"

    return replace(
        said,
        policy=None if told("policy") else said.policy,
        fail_on=None if told("fail_on") else said.fail_on,
        strict=said.strict and not told("strict"),
        deployer=None if told("deployer") else said.deployer,
        var_files=() if told("var_file") or told("var") or told("plan_file") else said.var_files,
        baseline=None if told("baseline") else said.baseline,
        recursive=said.recursive and not told("recursive"),
    )
