"""The program: its commands, and what becomes of everything that stops it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import Annotated, cast

import typer

import checker
from checker.cli import console
from checker.cli.audit import audit
from checker.cli.explain import explain
from checker.cli.filters import spelled_out
from checker.cli.loose_words import refuse_loose_values
from checker.cli.panels import PanelCommand, PanelGroup
from checker.cli.permissions import permissions
from checker.cli.plan import plan
from checker.cli.preflight import preflight
from checker.cli.rules import rules
from checker.cli.verify import verify
from checker.errors import OutOfMemoryError, OutputError, TfcheckError
from checker.knowledge import sensitive_tokens

# Every option of a command is TFCHECK_ and its name, too; `panels.py` says so in `--help`.
_ENVIRONMENT = {"auto_envvar_prefix": "TFCHECK"}
_COMMAND_LINE: type[Exception] = cast("type[Exception]", typer.BadParameter.__mro__[2])
"""What typer raises for a command line that it does not take; the class has no public name."""
_READER_GONE = 1
app = typer.Typer(
    name="tfcheck",
    cls=PanelGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for _command, _summary in (
    (plan, "check the mappings that Terraform would create"),
    (audit, "check the mappings that exist in an account"),
    (preflight, "check a queue and a function before they are mapped"),
    (verify, "wait until a new mapping is enabled"),
    (explain, "print the page of a rule"),
    (permissions, "print the least IAM policy document"),
    (rules, "list the rules and their severities"),
):
    app.command(cls=PanelCommand, short_help=_summary, context_settings=_ENVIRONMENT)(_command)


def _print_version(wanted: bool) -> None:
    if wanted:
        console.write(f"tfcheck {checker.__version__}\n")
        raise typer.Exit


@app.callback()
def _tfcheck(
    version: Annotated[
        bool,
        typer.Option("--version", help="print the version", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Will AWS accept this SQS to Lambda event source mapping, and will messages flow?

    Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 nothing was checked.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code.

    0: nothing at or above `--fail-on`; 1: findings; 2: nothing was checked; 130: interrupted.
    """
    # A run makes much, keeps most of it and ends soon: looking for cycles rarely saves a sixth.
    gc.set_threshold(200_000, 20, 20)
    console.prepare()
    sensitive_tokens.begin()
    gone = False
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        refuse_loose_values(given)
        code = app(args=spelled_out(given), prog_name="tfcheck", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except SystemExit as end:
        # typer ends with 1, which means findings, where the reader of its text has gone.
        if end.code == _READER_GONE:
            console.give_up(sys.stdout)
            console.explain_stop(OutputError("standard output cannot be written: it is closed"))
            return console.COULD_NOT_CHECK
        return end.code if isinstance(end.code, int) else 0
    except typer.Abort:
        return console.INTERRUPTED
    except _COMMAND_LINE as error:
        console.explain_command_line(error)
    except TfcheckError as error:
        console.explain_stop(error)
    except KeyboardInterrupt:
        return console.INTERRUPTED
    except OSError as error:
        # What reads or writes files says so itself; this is a text of the parser, such as help.
        console.give_up(sys.stdout)
        console.explain_stop(OutputError(f"reading or writing fails: {error.strerror or error}"))
    except MemoryError:
        # Until this clause ends, the error holds all that was made.
        gone = True
    except Exception as error:  # noqa: BLE001 - the user gets words, never a traceback
        console.explain_bug(error)
    if gone:
        console.explain_stop(OutOfMemoryError())
    return console.COULD_NOT_CHECK
