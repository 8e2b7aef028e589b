"""`tfcheck plan`: check the mappings that a directory of Terraform would create."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from checker.cli import config_file, credentials, earlier_commit, formats, options, plan_options
from checker.cli.comparison import Run, compared
from checker.cli.earlier_commit import EarlierCommit
from checker.cli.filters import Narrowing, narrowed
from checker.cli.judgement import Shown, chosen, ended, judged, secrets_of
from checker.cli.progress import watched
from checker.cli.request import STANDARD_INPUT, PlanRequest
from checker.cli.selection import selection
from checker.cli.templates import TemplateRequest
from checker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from checker.model import Inventory
    from checker.reports.report import Report


def plan(
    context: typer.Context,
    path: plan_options.PathArgument = ".",
    var: plan_options.VarOption = None,
    var_file: plan_options.VarFileOption = None,
    sensitive_var: plan_options.SensitiveVarOption = None,
    workspace: plan_options.WorkspaceOption = None,
    parameter: plan_options.ParameterOption = None,
    parameter_file: plan_options.ParameterFileOption = None,
    config_env: plan_options.ConfigEnvOption = None,
    account: plan_options.AccountOption = None,
    stack_name: plan_options.StackNameOption = None,
    before: plan_options.BeforeOption = None,
    region: plan_options.ProviderRegionOption = None,
    env: plan_options.EnvOption = False,
    plan_file: plan_options.PlanFileOption = None,
    state: plan_options.StateOption = None,
    recursive: plan_options.RecursiveOption = False,
    modules: plan_options.ModulesOption = plan_options.Modules.GET,
    engine: plan_options.EngineOption = None,
    root: plan_options.RootOption = None,
    live: plan_options.LiveOption = False,
    profile: credentials.Profile = None,
    role_arn: credentials.RoleArn = None,
    external_id: credentials.ExternalId = None,
    policy: options.PolicyName = "current",
    select: options.Select = None,
    ignore: options.Ignore = None,
    fail_on: options.FailOnOption = None,
    strict: options.Strict = False,
    exit_zero: options.ExitZero = False,
    deployer: options.DeployerOption = None,
    no_inline_waivers: plan_options.NoInlineWaiversOption = False,
    baseline: plan_options.BaselineOption = None,
    write_baseline: plan_options.WriteBaselineOption = None,
    changed_since: plan_options.ChangedSinceOption = None,
    base: plan_options.BaseOption = None,
    trust_waivers: plan_options.TrustWaiversOption = False,
    config: plan_options.ConfigOption = None,
    no_config: plan_options.NoConfigOption = False,
    format: options.Formats = None,
    output: options.Output = None,
    sarif_waived: options.SarifWaived = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Check every mapping from an SQS queue to a Lambda function before it is created.

    Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 nothing was checked.
    """
    if not live and (profile or role_arn or external_id):
        raise UsageError("`--profile`, `--role-arn` and `--external-id` need `--live`")
    targets = formats.targets(format or (), output, sarif_waived=sarif_waived)
    shown = Shown(targets, quiet, verbose, no_color)
    of_terraform = {
        "--var": var,
        "--var-file": var_file,
        "--sensitive-var": sensitive_var,
        "--workspace": workspace,
        "--plan": plan_file,
        "--state": state,
        "--engine": engine,
        "--live": live,
    }
    asked = PlanRequest(
        path,
        root,
        plan=plan_file,
        installed=modules is plan_options.Modules.GET,
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
        templates=TemplateRequest(
            tuple(parameter or ()),
            tuple(parameter_file or ()),
            config_env,
            account,
            stack_name,
            before,
            of_terraform=tuple(name for name, value in of_terraform.items() if value),
        ),
    )
    from checker.policy.files import Disk

    with ExitStack() as stack:
        tell = stack.enter_context(watched(quiet=quiet, plain=no_color))
        asked = replace(asked, progress=tell)
        by = None if base is None else stack.enter_context(earlier_commit.named(base, asked))
        since = (
            None
            if changed_since is None
            else stack.enter_context(earlier_commit.parted(changed_since, asked))
        )
        said = _said(context, config, asked, by, wanted=not no_config)
        rules = selection(said.select or select or (), said.ignore or ignore or ())
        policy_ = chosen(
            said.policy or policy,
            rules,
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
            found = judged(
                inventories, policy_, path, verbose=verbose, inline=inline, progress=tell
            )
            return rules.stated(found)

        inventories = asked.inventories()
        report = judge(inventories, verbose=verbose)
        run = Run(asked, inventories, report, judge)
        comparison = None if since is None else compared(run, since)
        narrowing = Narrowing(said.baseline or baseline, write_baseline, by, comparison, rules)
        report = narrowed(report, narrowing, asked)
    files = None if asked.path == STANDARD_INPUT else asked.files
    shown.write(report, files, secrets_of(inventories))
    raise typer.Exit(ended(report, policy_, exit_zero=exit_zero))


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

    def given(name: str) -> bool:
        source = context.get_parameter_source(name)
        return source is not None and source.name != "DEFAULT"

    return replace(
        said,
        policy=None if given("policy") else said.policy,
        fail_on=None if given("fail_on") else said.fail_on,
        strict=said.strict and not given("strict"),
        deployer=None if given("deployer") else said.deployer,
        var_files=() if given("var_file") or given("var") or given("plan_file") else said.var_files,
        select=() if given("select") else said.select,
        ignore=() if given("ignore") else said.ignore,
        baseline=None if given("baseline") else said.baseline,
        recursive=said.recursive and not given("recursive"),
    )
