"""Streams that are closed, full or gone, interrupts, and directories that were deleted."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from scenarios import RECORDED, scenario

from checker.cli import main

pytestmark = pytest.mark.sampled(4)


ROOT = Path(__file__).resolve().parent.parent
SCENARIO = scenario("orders-broken")
SCRIPT = "import sys\nfrom checker.__main__ import main\nsys.exit(main())\n"
WAYS = {"module": ["-m", "checker"], "script": ["tfcheck"]}
FINDINGS = "plan infra"
FORMATS = ("text", "json", "sarif", "junit", "gitlab", "github", "markdown", "html")
MOST_SECONDS = 60


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A directory with the broken scenario in `infra`, and the program as pip installs it."""
    (tmp_path / "infra").mkdir()
    for file in SCENARIO.glob("*.tf"):
        shutil.copy(file, tmp_path / "infra")
    (tmp_path / "tfcheck").write_text(SCRIPT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return tmp_path


def shell(line, folder):
    """Run a line of the shell in which `tfcheck` is the program; its exit code and what it said."""
    program = f"{shlex.quote(sys.executable)} -m checker"
    done = subprocess.run(
        ["bash", "-c", line.replace("tfcheck", program)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=MOST_SECONDS,
        check=False,
    )
    given = done.stdout + done.stderr
    assert "bug in tfcheck" not in given
    assert "Traceback" not in given
    assert "Exception ignored" not in given
    return done.returncode, given


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("tfcheck plan infra >&-", 2),
        ("tfcheck plan infra > /dev/full", 2),
        ("tfcheck plan infra --format json > /dev/full", 2),
        ("tfcheck plan infra --output r.txt >&-", 1),
        ("tfcheck plan infra --output r.txt > /dev/full", 1),
        ("tfcheck plan infra 2>&-", 1),
        ("tfcheck plan infra 2>/dev/full", 1),
        ("tfcheck plan infra >&- 2>&-", 2),
        ("tfcheck plan infra <&-", 1),
        ("tfcheck plan infra <&- >&- 2>&-", 2),
        ("tfcheck plan nowhere 2>&-", 2),
        ("tfcheck plan nowhere 2>/dev/full", 2),
        ("tfcheck plan --nonsense 2>&-", 2),
        ("tfcheck plan --nonsense 2>/dev/full", 2),
        ("tfcheck plan - <&-", 2),
        ("tfcheck plan - < /dev/null", 2),
        ("tfcheck verify --queue q --function f --send-test-message x <&-", 2),
        ("tfcheck --help > /dev/full", 2),
        ("(sleep 0.3; tfcheck --help; exit $?) | true; exit ${PIPESTATUS[0]}", 2),
        ("(sleep 0.3; tfcheck plan --help; exit $?) | true; exit ${PIPESTATUS[0]}", 2),
        ("tfcheck --help >&-", 2),
        ("tfcheck --version > /dev/full", 2),
        ("tfcheck rules > /dev/full", 2),
        ("tfcheck rules >&-", 2),
        ("tfcheck explain region-mismatch > /dev/full", 2),
        ("tfcheck permissions audit > /dev/full", 2),
        ("set -o pipefail; tfcheck plan infra | true", 1),
        ("set -o pipefail; tfcheck plan infra | head -1", 1),
        ("set -o pipefail; tfcheck plan infra 2>&1 >&- | true", 2),
        ("set -o pipefail; tfcheck rules | true", 0),
    ],
)
def test_a_stream_that_is_closed_or_full_ends_in_words(line, code, folder):
    ended, given = shell(line, folder)
    assert ended == code
    quiet = "2>&-" in line or "2>/dev/full" in line or "|" in line
    if code == 2 and not quiet:
        assert "nothing was checked" in given


def test_what_a_library_writes_does_not_land_in_a_report(folder):
    assert shell("tfcheck plan infra --format json=r.json >&- 2>&- <&-", folder)[0] == 1
    assert (folder / "r.json").read_text().startswith("{")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("plan", 2),
        ("plan .", 2),
        ("plan --recursive", 2),
        ("plan infra", 2),
        ("plan $OLD/infra", 1),
        ("plan $OLD/infra --output r.json", 2),
        ("plan $OLD/infra --policy p.yaml", 2),
        ("plan $OLD/infra --baseline b.json", 2),
        ("plan $OLD/infra --write-baseline b.json", 2),
        ("plan $OLD/infra --var-file v.tfvars", 2),
        ("plan $OLD/infra --changed-since HEAD", 2),
        ("plan - < $OLD/plan.json", 1),
        ("audit --region eu-west-1 --resume r", 2),
        ("rules", 0),
        ("--help", 0),
    ],
)
def test_a_current_directory_that_was_deleted_is_said(words, code, folder):
    shutil.copy(SCENARIO / RECORDED / "plan.json", folder / "plan.json")
    line = f"OLD=$PWD; mkdir gone; cd gone; rmdir ../gone; tfcheck {words}"
    ended, given = shell(line, folder)
    assert ended == code
    if code == 2:
        assert "nothing was checked" in given


# What comes before Python has read a line of ours is Python's.


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "at", ["checker.cli", "checker.cli.main", "typer", "checker.cli.plan", "checker.check"]
)
def test_an_interrupt_while_the_program_loads_ends_it_without_a_traceback(at, way, folder):
    (folder / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == os.environ['AT']:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\n"
    )
    done = subprocess.run(
        [sys.executable, *WAYS[way], "plan", "infra"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}:{ROOT}", "AT": at},
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
        # A shell that runs the tests in the background has interrupts ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_process_that_ignores_interrupts_goes_on_ignoring_them(folder):
    assert (
        shell("trap '' INT; tfcheck plan infra & sleep 0.1; kill -INT $!; wait $!", folder)[0] == 1
    )


def test_the_program_that_pip_installs_starts_there():
    assert 'tfcheck = "checker.__main__:main"' in (ROOT / "pyproject.toml").read_text()


ODD = os.fsdecode(b"\xff\xfe\x80")


@pytest.mark.parametrize("format_", FORMATS)
def test_names_that_are_not_utf_8_reach_every_report(format_, folder, capsysbinary):
    shutil.move("infra", ODD)
    shutil.move(f"{ODD}/iam.tf", f"{ODD}/{ODD}.tf")
    assert main(["plan", ODD, "--format", format_, "--format", f"{format_}={ODD}.out"][:4]) == 1
    assert main(["plan", "--recursive", ".", "--format", format_, "--output", f"{ODD}.out"]) == 1
    assert Path(f"{ODD}.out").read_bytes()
    assert b"bug in tfcheck" not in capsysbinary.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        f"plan {ODD}",
        f"plan infra --policy {ODD}",
        f"plan infra --policy ./{ODD}.yaml",
        f"plan infra --baseline {ODD}",
        f"plan infra --var-file {ODD}",
        f"plan infra --var {ODD}={ODD}",
        f"plan infra --plan {ODD}",
        f"plan infra --root {ODD}",
        f"plan infra --config {ODD}",
        f"plan infra --deployer {ODD}",
        f"plan infra --format {ODD}",
        f"plan infra --format json={ODD}/{ODD}",
        f"plan infra --changed-since {ODD}",
        f"audit --region {ODD}",
        f"audit --resume {ODD}/{ODD}",
        f"explain {ODD}",
        ODD,
    ],
)
def test_arguments_that_are_not_utf_8_end_in_words(words, folder, capsysbinary):
    assert main(words.split()) == 2
    assert b"bug in tfcheck" not in capsysbinary.readouterr().err


VALUE = """
variable "x" {}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:q"
  function_name    = VALUE
}
"""


@pytest.mark.parametrize(
    "value",
    [
        "sha256(X)",
        "jsonencode({ a = X })",
        "base64encode(X)",
        "urlencode(X)",
        "file(X)",
        'format("%q", X)',
        'filebase64("${X}/x")',
    ],
)
@pytest.mark.parametrize("of", ["path.module", 'join(",", fileset(".", "*"))', "var.x"])
def test_values_that_are_not_utf_8_break_no_function(of, value, folder, monkeypatch, capsysbinary):
    module = folder / ODD
    module.mkdir()
    (module / "main.tf").write_text(VALUE.replace("VALUE", value.replace("X", of)))
    (module / ODD).write_text("")
    (folder / "main.tf").write_text(
        f'module "m" {{\n  source = "./{ODD}"\n  x = 1\n}}\n', errors="surrogateescape"
    )
    monkeypatch.setenv("TF_VAR_x", ODD)
    main(["plan", ODD, "--format", "json"])
    main(["plan", ODD, "--var", f"x={ODD}"])
    main(["plan", "."])
    given = capsysbinary.readouterr()
    assert b"bug in tfcheck" not in given.err
