"""What the author of a pull request can put into it, against the action as a whole."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from action_runner import Runner
from github_server import Comments

pytestmark = pytest.mark.sampled(12)


@pytest.fixture
def github():
    with Comments() as stand_in:
        yield stand_in


@pytest.fixture
def runner(tmp_path, github):
    return Runner(tmp_path, github.url)


NAMES = [
    "a\n::add-mask::x.tf",
    "a\r\n::set-output name=verdict::ready\r\n.tf",
    "::stop-commands::x.tf",
    "##[add-mask]x.tf",
    "a\nverdict=ready\n.tf",
    "a\n<!-- tfcheck -->\n@everyone.tf",
    "a](https://evil.example) ![x](y).tf",
    "`````\n</details>.tf",
    "\x1b[2J\u202e\u200b.tf",
    "-x --policy=strict.tf",
    "$(touch stolen)`touch stolen`;touch stolen.tf",
    "a%0A::error::b.tf",
]
OURS = re.compile(r"::(?:error|warning|notice) (?:file|title)=")

CODE = re.compile(r"^(`{3,})\w*\n.*?^\1$|(`+)[^\n]*?\2(?!`)", re.DOTALL | re.MULTILINE)


def commands(out):
    """The lines that the runner takes for commands, where they are not stopped."""
    rest = re.sub(r"::stop-commands::(\w+)\n.*?\n::\1::", "", out, flags=re.DOTALL)
    return [line for line in rest.splitlines() if line.lstrip().startswith(("::", "##["))]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
@pytest.mark.parametrize("broken", [False, True])
def test_no_name_of_a_file_gives_a_command_an_output_or_markup(runner, github, name, broken):
    runner.scenario("orders-broken")
    file = runner.workspace / name.replace("/", "_")
    (runner.workspace / "iam.tf").rename(file)
    if broken:
        file.write_text("resource {{{\n")
    runner.commit()
    outputs, code = runner.run(suggest="true")
    assert (outputs["verdict"], code) == (("none", 2) if broken else ("blocked", 1))
    assert all(OURS.match(line) for line in commands(runner.out))
    assert "bug in tfcheck" not in runner.out
    body = github.bodies[8][1]
    for text in (body, runner.summary):
        assert not re.search("^@everyone|^<!-- tfcheck -->", text.partition("\n")[2], re.MULTILINE)
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e\u200b]", text)
        outside = re.sub(
            r"^(`{3,})\w*\n.*?^\1$|(`+)[^\n]*?\2(?!`)", "", text, flags=re.DOTALL | re.MULTILINE
        )
        assert outside.count("<details") == outside.count("</details>")
    assert not list(runner.workspace.glob("stolen*"))


def test_an_input_with_lines_gives_no_output(runner):
    runner.run("push", sarif_file="a\nverdict=ready\ncode=0", comment="never")
    outputs, code = runner.run("push", path="a\nverdict=ready", comment="never")
    assert (outputs["verdict"], code) == ("none", 2)


def test_a_directory_of_the_workspace_is_not_the_program(runner):
    for name in ("tfcheck", "checker", "dulwich", "typer", "proposal", "given", "results"):
        for folder in (runner.workspace / name, runner.workspace / "lib" / name):
            folder.mkdir(parents=True)
            for file in ("__init__.py", "__main__.py"):
                (folder / file).write_text("open('stolen', 'w')\n")
    runner.environment["PYTHONPATH"] = f"{runner.workspace}:{runner.workspace / 'lib'}"
    runner.scenario("orders-broken")
    runner.commit()
    assert runner.run(suggest="true")[0]["verdict"] == "blocked"
    assert not (runner.workspace / "stolen").exists()


@pytest.mark.parametrize("name", [".netrc", "pip.conf", ".terraformrc", ".pypirc", "setup.cfg"])
def test_a_file_of_settings_is_not_obeyed(runner, name):
    (runner.workspace / name).write_text("[global]\nindex-url = http://127.0.0.1:9/\n")
    runner.commit()
    runner.environment["HOME"] = str(runner.workspace)
    assert runner.run()[0]["verdict"] == "ready"


@pytest.mark.parametrize("target", ["outside", "/dev/zero", "/proc/self/environ", "loop", "."])
@pytest.mark.parametrize("name", ["infra", "infra/main.tf", "x.tfvars", ".tfcheck.yaml"])
def test_a_link_leads_nothing_out_of_the_workspace(runner, name, target):
    (runner.temporary / "outside").write_text('a = "of-the-outside"\n')
    runner.environment["OTHER"] = "of-the-outside"
    place = runner.workspace / name
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(
        place if target == "loop" else runner.temporary / target if target == "outside" else target
    )
    runner.commit()
    var_file = {"var_file": name} if name.endswith("tfvars") else {}
    path = "infra" if name.startswith("infra") else "."
    _, code = runner.run("push", path=path, comment="never", **var_file)
    assert code in {0, 1, 2}
    assert "of-the-outside" not in runner.out + runner.summary


def test_a_report_of_thousands_of_findings_is_bounded_everywhere(runner, github):
    mapping = (
        'resource "aws_lambda_event_source_mapping" "{name}" {{\n'
        '  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:{name}"\n'
        '  function_name = "arn:aws:lambda:eu-west-1:123456789012:function:w{name}"\n'
        "  batch_size = {size}\n}}\n"
    )
    text = "".join(mapping.format(name=f"{'x' * 60}{n}", size=20_000 + n) for n in range(600))
    (runner.workspace / "many.tf").write_text(text)
    runner.commit()
    _, code = runner.run(suggest="true")
    assert code == 1
    assert len(github.bodies[8][1]) <= 65_536
    assert len(runner.summary.encode()) <= 1024 * 1024
    assert len(commands(runner.out)) <= 40


def test_a_setting_of_git_in_the_workspace_is_not_run(runner):
    (runner.workspace / ".gitattributes").write_text("* filter=x diff=x\n")
    lines = ("path = ../outside", "url = ext::touch stolen", "update = !touch stolen")
    text = "\n\t".join(['[submodule "x"]', *lines])
    (runner.workspace / ".gitmodules").write_text(f"{text}\n")
    for setting in ("filter.x.clean", "filter.x.smudge", "core.fsmonitor", "core.sshCommand"):
        subprocess.run(["git", "config", setting, "touch stolen"], cwd=runner.workspace, check=True)
    (runner.workspace / "new.tf").write_text("# new\n")
    runner.run(changed_only="true", comment="never")
    assert not list(Path(runner.workspace).rglob("stolen"))
