"""What README.md shows is what the program prints."""

import re
import shutil
from pathlib import Path

import pytest

from checker import HOMEPAGE
from checker.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
BLOCK = re.compile(
    r"^```text\n\$ tfcheck (?P<arguments>.*)\n(?P<output>(?:.*\n)*?)```$", re.MULTILINE
)
BLOCKS = list(BLOCK.finditer(README))


def test_readme_shows_the_main_job_and_the_help():
    assert [block["arguments"].partition(" ")[0] for block in BLOCKS[:1]] == ["plan"]
    assert "plan --help" in [block["arguments"] for block in BLOCKS]


@pytest.mark.parametrize("block", BLOCKS, ids=[block["arguments"] for block in BLOCKS])
def test_a_block_is_what_the_command_prints(block, tmp_path, monkeypatch, capsys, in_step):
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "TF_VAR_region"):
        monkeypatch.delenv(name, raising=False)
    code = main(block["arguments"].split())
    printed = capsys.readouterr().out
    assert code == (0 if "--help" in block["arguments"] else 1)
    in_step("README.md", block[0], f"```text\n$ tfcheck {block['arguments']}\n{printed}```")


def commands():
    return re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)


def test_the_first_command_does_what_the_first_block_shows():
    assert commands()[0] == (
        "python3 -m venv .venv && .venv/bin/pip install -q . && "
        f".venv/bin/tfcheck {BLOCKS[0]['arguments']}"
    )


def test_ci_takes_the_test_command_from_here():
    assert len([command for command in commands() if command.endswith("pytest -n auto")]) == 1
    assert "README.md" in (ROOT / ".ci/run").read_text()


def test_readme_names_every_exit_code():
    section = README.partition("## Exit codes")[2].partition("\n## ")[0]
    assert re.findall(r"^\| (\d) \|", section, re.MULTILINE) == ["0", "1", "2"]


def test_every_file_that_readme_names_exists():
    named = re.findall(r"\]\(([^)#:]+)\)", README)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_repository_has_one_address():
    named = {f"https://github.com/{each}" for each in re.findall(r"YOUR-\w+/tfcheck", README)}
    assert named == {HOMEPAGE}
