"""The options of `tfcheck plan` that no other command has."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

import typer

from checker.cli import config_file, panels


class Modules(StrEnum):
    """What `--modules` takes: whether installed modules are read."""

    GET = "get"
    NONE = "none"


class EngineName(StrEnum):
    """What `--engine` takes."""

    TERRAFORM = "terraform"
    TOFU = "tofu"


PathArgument: TypeAlias = Annotated[
    str,
    typer.Argument(
        help="a directory of Terraform, a saved plan, plan JSON or a state; a template of"
        " CloudFormation or SAM, or its directory; what `cdk synth` wrote (`cdk.out`); `-` is"
        " standard input",
        metavar="PATH",
    ),
]
VarOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--var",
        help="set a variable, as `terraform -var` does; repeatable",
        metavar="NAME=VALUE",
        rich_help_panel=panels.INPUT,
    ),
]
VarFileOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--var-file",
        help="read variables from a file, as `terraform -var-file` does; repeatable",
        metavar="FILE",
        rich_help_panel=panels.INPUT,
    ),
]
SensitiveVarOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--sensitive-var",
        help="treat a variable as sensitive: no report shows its value; repeatable",
        metavar="NAME",
        rich_help_panel=panels.INPUT,
    ),
]
ParameterOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--parameter",
        help="set a parameter of a template; repeatable",
        metavar="NAME=VALUE",
        rich_help_panel=panels.TEMPLATE,
    ),
]
ParameterFileOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--parameter-file",
        help="read parameters from a file in a format of the AWS CLI; --parameter wins; repeatable",
        metavar="FILE",
        rich_help_panel=panels.TEMPLATE,
    ),
]
ConfigEnvOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--config-env",
        help="environment of the samconfig.toml beside a template  [default: default]",
        metavar="NAME",
        rich_help_panel=panels.TEMPLATE,
    ),
]
AccountOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--account",
        help="account that a template is deployed to",
        metavar="ID",
        rich_help_panel=panels.TEMPLATE,
    ),
]
BeforeOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--before",
        help="template that the stack is deployed with now: tells what an update creates before it"
        " deletes",
        metavar="TEMPLATE",
        rich_help_panel=panels.TEMPLATE,
    ),
]
StackNameOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--stack-name",
        help="name of the stack that a template is deployed as",
        metavar="NAME",
        rich_help_panel=panels.TEMPLATE,
    ),
]
WorkspaceOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--workspace",
        help="workspace  [default: TF_WORKSPACE, else the one that is selected]",
        metavar="NAME",
        rich_help_panel=panels.INPUT,
    ),
]
PlanFileOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--plan",
        help="add the values that a plan of the directory knows; a saved plan or its JSON",
        metavar="FILE",
        # Its first name in the environment stays.
        envvar=["TFCHECK_PLAN", "TFCHECK_PLAN_FILE"],
        rich_help_panel=panels.INPUT,
    ),
]
StateOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--state",
        help="add the values that the state of the directory knows",
        metavar="FILE",
        rich_help_panel=panels.INPUT,
    ),
]
EngineOption: TypeAlias = Annotated[
    EngineName | None,
    typer.Option(
        "--engine",
        help="what runs the configuration; only `tofu` reads `.tofu` files"
        "  [default: what the root module says]",
        rich_help_panel=panels.INPUT,
    ),
]
RecursiveOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--recursive",
        help="check every root module, template and cloud assembly below PATH",
        rich_help_panel=panels.INPUT,
    ),
]
ModulesOption: TypeAlias = Annotated[
    Modules,
    typer.Option(
        "--modules",
        help="whether to read the modules that `terraform init` or `get` installed in TF_DATA_DIR",
        rich_help_panel=panels.INPUT,
    ),
]
ProviderRegionOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--region",
        help="Region of providers that name none, and of a template's stack",
        metavar="REGION",
        rich_help_panel=panels.INPUT,
    ),
]
EnvOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--env",
        help="use AWS_REGION, or AWS_DEFAULT_REGION, where no other Region is given",
        rich_help_panel=panels.INPUT,
    ),
]
RootOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--root",
        help="root of the repository, outside of which no file is read"
        "  [default: the nearest directory above PATH with a .git]",
        metavar="DIR",
        rich_help_panel=panels.INPUT,
    ),
]
LiveOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--live",
        help="look up referenced resources in AWS",
        rich_help_panel=panels.ACCOUNT,
    ),
]
BaselineOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        help="report only findings that are not in this baseline",
        metavar="FILE",
        rich_help_panel=panels.EARLIER,
    ),
]
WriteBaselineOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--write-baseline",
        help="write all findings into a baseline, and report none of them"
        "  [default: the FILE of --baseline]",
        metavar="[FILE]",
        rich_help_panel=panels.EARLIER,
    ),
]
ChangedSinceOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--changed-since",
        help="report only findings that are new or worse since the branch left this commit",
        metavar="REF",
        rich_help_panel=panels.EARLIER,
    ),
]
BaseOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--base",
        help="take the rule policy, the baseline, the configuration file and inline waivers from"
        " this commit; variables that it marks sensitive stay sensitive",
        metavar="REF",
        rich_help_panel=panels.EARLIER,
    ),
]
TrustWaiversOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--trust-waivers",
        help="apply inline waivers that the commit of --base does not have, too",
        rich_help_panel=panels.EARLIER,
    ),
]
NoInlineWaiversOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--no-inline-waivers",
        help="ignore `tfcheck: ignore` comments",
        rich_help_panel=panels.EARLIER,
    ),
]
ConfigOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--config",
        help=f"configuration file  [default: the nearest {config_file.NAME} above PATH]",
        metavar="FILE",
        rich_help_panel=panels.CONFIGURATION,
    ),
]
NoConfigOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--no-config",
        help="read no configuration file",
        rich_help_panel=panels.CONFIGURATION,
    ),
]
