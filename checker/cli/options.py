"""The options that commands share, each declared once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

import typer

from checker.cli import formats


class FailOn(StrEnum):
    """The severities that `--fail-on` takes."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Modules(StrEnum):
    """What `--modules` takes: whether downloaded modules are read."""

    GET = "get"
    NONE = "none"


ModulesOption: TypeAlias = Annotated[
    Modules,
    typer.Option(
        "--modules",
        help="Read the modules that `terraform get` or `init` left in TF_DATA_DIR, or none.",
    ),
]


class EngineName(StrEnum):
    """What `--engine` takes."""

    TERRAFORM = "terraform"
    TOFU = "tofu"


PolicyName: TypeAlias = Annotated[
    str,
    typer.Option("--policy", help="A shipped policy, or a file of yours.", metavar="NAME|FILE"),
]
FailOnOption: TypeAlias = Annotated[
    FailOn | None,
    typer.Option("--fail-on", help="Exit with 1 from here on. [default: the policy's]"),
]
Strict: TypeAlias = Annotated[
    bool, typer.Option("--strict", help="Exit with 1 where something is undecided, too.")
]
DeployerOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--deployer",
        help="Who creates the mappings: check that side too.",
        metavar="ARN|ADDRESS|me",
    ),
]
Formats: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--format", help=f"How to report: {formats.LIST}.", metavar="NAME[=FILE]"),
]
Output: TypeAlias = Annotated[
    str | None, typer.Option("--output", help="Write the report to a file.", metavar="FILE")
]
SarifWaived: TypeAlias = Annotated[
    bool,
    typer.Option("--sarif-waived", help="Keep waived findings in SARIF, as suppressed results."),
]
Root: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--root",
        help="The repository: nothing outside is read. [default: the nearest .git above]",
        metavar="DIR",
    ),
]
Quiet: TypeAlias = Annotated[
    bool, typer.Option("--quiet", "-q", help="Show only what asks for something.")
]
Verbose: TypeAlias = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show also how each permission was decided.")
]
NoColor: TypeAlias = Annotated[
    bool, typer.Option("--no-color", help="No colours, as with NO_COLOR set.")
]
