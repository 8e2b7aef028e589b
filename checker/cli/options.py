"""The options that commands share, each declared once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

import typer

from checker.cli import formats, panels


class FailOn(StrEnum):
    """The severities that `--fail-on` takes."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


PolicyName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--policy",
        help="rule policy: `current`, `strict`, `aws-2019`, or a file of your own",
        metavar="NAME|FILE",
        rich_help_panel=panels.RULES,
    ),
]
Select: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        help="run only these rules, also those that the policy turns off; repeatable",
        metavar="RULE,...",
        rich_help_panel=panels.RULES,
    ),
]
Ignore: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        help="do not run these rules; repeatable",
        metavar="RULE,...",
        rich_help_panel=panels.RULES,
    ),
]
FailOnOption: TypeAlias = Annotated[
    FailOn | None,
    typer.Option(
        "--fail-on",
        help="lowest severity that makes the run fail  [default: `fail-on` of the policy]",
        rich_help_panel=panels.RULES,
    ),
]
Strict: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--strict",
        help="also fail when a mapping is undecided or something was not read",
        rich_help_panel=panels.RULES,
    ),
]
ExitZero: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--exit-zero",
        help="exit with 0 instead of 1; 2 stays 2",
        rich_help_panel=panels.RULES,
    ),
]
DeployerOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--deployer",
        help="principal that creates the mappings, whose permissions are then checked too;"
        " `me` is the caller, with --live",
        metavar="ARN|ADDRESS|me",
        rich_help_panel=panels.RULES,
    ),
]
Formats: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        help=f"output format: {formats.LIST}; with =FILE into a file; repeatable",
        metavar="NAME[=FILE]",
        rich_help_panel=panels.REPORT,
    ),
]
Output: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--output",
        help="write the report to this file",
        metavar="FILE",
        rich_help_panel=panels.REPORT,
    ),
]
SarifWaived: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--sarif-waived",
        help="include waived findings in SARIF, as suppressed results",
        rich_help_panel=panels.REPORT,
    ),
]
Quiet: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help="leave out ready mappings, notes, waived findings, assumptions and progress",
        rich_help_panel=panels.REPORT,
    ),
]
Verbose: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--verbose",
        "-v",
        help="show every finding in full, and how each permission was decided",
        rich_help_panel=panels.REPORT,
    ),
]
NoColor: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--no-color",
        help="use no colors, as with NO_COLOR",
        rich_help_panel=panels.REPORT,
    ),
]
