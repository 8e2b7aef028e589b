"""What `--help` says: options in panels, in plain words, and their environment variables once."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from checker.cli import main
from checker.cli.main import app

COMMANDS = typer.main.get_command(app).commands
OPTIONS = [
    (name, option)
    for name, command in COMMANDS.items()
    for option in command.params
    if option.param_type_name == "option"
]
IDS = [f"{name} {option.opts[0]}" for name, option in OPTIONS]


@pytest.fixture
def shown(capsys, monkeypatch):
    """Return what `--help` of a command prints in a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")

    def shown(command):
        assert main([*command.split(), "--help"]) == 0
        return capsys.readouterr().out

    return shown


def headings(text):
    lines = text.splitlines()
    return [line[:-1] for line in lines if line.endswith(":") and not line.startswith(" ")]


@pytest.mark.parametrize(
    ("command", "panels"),
    [
        (
            "plan",
            [
                "Arguments",
                "Input",
                "Templates of CloudFormation, SAM and the CDK",
                "AWS account",
                "Rules",
                "Waivers and earlier findings",
                "Configuration file",
                "Report",
                "Options",
            ],
        ),
        ("audit", ["AWS account", "Rules", "Report", "Options"]),
        ("preflight", ["Mapping", "AWS account", "Rules", "Report", "Options"]),
        ("verify", ["Mapping", "Test message", "AWS account", "Options"]),
        ("explain", ["Arguments", "Options"]),
        ("permissions", ["Arguments", "Options"]),
        ("rules", ["Options"]),
        ("", ["Options", "Commands"]),
    ],
)
def test_options_stand_in_panels(shown, command, panels):
    assert headings(shown(command)) == panels


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_no_line_is_wider_than_the_terminal(shown, command):
    assert [line for line in shown(command).splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "explain"])
def test_the_environment_is_named_once(shown, command):
    text = " ".join(shown(command).split())
    assert text.count("Each option is also an environment variable, such as `TFCHECK_") == 1
    assert text.count("TFCHECK_") == 1
    assert "env var" not in text


@pytest.mark.parametrize(("command", "option"), OPTIONS, ids=IDS)
def test_each_option_is_read_from_the_environment_by_its_name(command, option, monkeypatch):
    long = next(name for name in option.opts if name.startswith("--"))
    variable = f"TFCHECK_{long.removeprefix('--').replace('-', '_').upper()}"
    monkeypatch.setenv(variable, "1")
    with typer.Context(COMMANDS[command], auto_envvar_prefix="TFCHECK") as context:
        assert option.resolve_envvar_value(context) == "1"


@pytest.mark.parametrize(("command", "option"), OPTIONS, ids=IDS)
def test_what_an_option_does_is_said_in_lower_case_without_a_period(command, option):
    names = ("AWS", "JSON", "KMS", "Region", "SARIF")
    assert option.help[0].islower() or option.help.startswith(names)
    assert not option.help.endswith(".")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_typers_own_options_are_worded_so_too(shown, command):
    assert "show this message and exit\n" in shown(command)


def test_help_loads_neither_rich_nor_what_reads_an_input():
    code = (
        "import sys; from checker.cli import main; main(['plan', '--help']);"
        "print([each for each in sys.modules if each.split('.')[0] in"
        " ('rich', 'boto3', 'hcl2', 'lark') or each.startswith('checker.rules.')],"
        " file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
