"""Nothing that a workspace holds is run: no module, no interpreter, no setting of git."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from action_runner import ROOT, Runner
from github_server import Comments

pytestmark = pytest.mark.sampled(12)

MODULES = (
    *("venv", "platform", "json", "sitecustomize", "usercustomize", "pip", "checker", "typer"),
    *("body", "comments", "github", "http", "urllib", "encodings", "hashlib", "subprocess"),
)


@pytest.fixture
def runner(tmp_path):
    """With a server that answers: the step that comments would wait for one that does not."""
    with Comments() as comments:
        yield Runner(tmp_path, comments.url)


def lay_modules(folder, canary):
    """Python finds modules of the current folder first, unless it is told not to."""
    for name in MODULES:
        (folder / f"{name}.py").write_text(f"open({str(canary)!r}, 'w')\n")


@pytest.mark.parametrize("kind", ["pull_request", "push"])
def test_no_module_of_the_workspace_runs(runner, kind):
    canary = runner.temporary / "ran"
    lay_modules(runner.workspace, canary)
    if kind == "pull_request":
        runner.stands_in = True
    assert runner.run(kind)[1] == 0
    assert not canary.exists()


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONPATH": "{workspace}"},
        {"PYTHONPATH": "."},
        {"PYTHONPATH": ""},
        {"PYTHONHOME": "{workspace}"},
        {"PYTHONSTARTUP": "{workspace}/json.py", "PYTHONINSPECT": "1"},
        {"PYTHONUSERBASE": "{workspace}/base"},
        {"PYTHONPLATLIBDIR": "{workspace}"},
        {"PYTHONPYCACHEPREFIX": "{workspace}"},
        {"HOME": "{workspace}"},
    ],
)
def test_no_variable_has_the_interpreter_read_the_workspace(runner, variables):
    canary = runner.temporary / "ran"
    lay_modules(runner.workspace, canary)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for place in ("base", ".local"):
        site = runner.workspace / place / "lib" / version / "site-packages"
        site.mkdir(parents=True)
        lay_modules(site, canary)
        (site / "x.pth").write_text(f"import pathlib; pathlib.Path({str(canary)!r}).touch()\n")
    given = {"workspace": runner.workspace}
    runner.environment |= {name: value.format(**given) for name, value in variables.items()}
    runner.stands_in = True
    assert runner.run()[1] == 0
    assert not canary.exists()


SHIM = """#!/bin/bash
# What pyenv, asdf and mise lay in the place of `python3`, as far as it goes.
folder="${{PYENV_DIR:-$PWD}}"
while :; do
  for file in .python-version .tool-versions mise.toml; do
    if [ -e "$folder/$file" ]; then
      version=$(grep -Eo '[^ "=]+$' "$folder/$file")
      exec "{versions}/$version/bin/python3" "$@"
    fi
  done
  [ -n "$folder" ] || break
  folder="${{folder%/*}}"
done
exec "{real}" "$@"
"""


@pytest.mark.parametrize("file", [".python-version", ".tool-versions", "mise.toml"])
@pytest.mark.parametrize("variables", [{}, {"PYENV_DIR": "{workspace}"}])
def test_no_interpreter_of_the_workspace_is_started(runner, file, variables):
    shims, canary = runner.temporary / "shims", runner.temporary / "ran"
    shims.mkdir()
    shim = shims / "python3"
    shim.write_text(SHIM.format(versions=runner.temporary / "versions", real=sys.executable))
    shim.chmod(0o755)
    (runner.temporary / "versions").mkdir()
    bad = runner.workspace / "evil/bin/python3"
    bad.parent.mkdir(parents=True)
    bad.write_text(f"#!/bin/sh\ntouch '{canary}'\n")
    bad.chmod(0o755)
    link = runner.temporary / "versions/evil"
    link.symlink_to(runner.workspace / "evil")
    line = {
        ".python-version": "evil",
        ".tool-versions": "python evil",
        "mise.toml": 'python = "evil',
    }
    (runner.workspace / file).write_text(line[file] + "\n")
    given = {"workspace": runner.workspace}
    runner.environment |= {name: value.format(**given) for name, value in variables.items()}
    runner.environment["PATH"] = f"{shims}:/usr/bin:/bin"
    runner.stands_in = True
    told = {name: value for name, value in os.environ.items() if name != "PYENV_DIR"}
    subprocess.run([shim], cwd=runner.workspace, env=told, check=True)
    assert canary.exists(), "the shim obeys the file"
    canary.unlink()
    assert runner.run()[1] == 0, runner.out
    assert not canary.exists()


def test_a_version_file_of_the_workspace_is_not_obeyed_by_pyenv(runner):
    """With the real one, where there is one."""
    pyenv = shutil.which("pyenv")
    if pyenv is None:
        pytest.skip("pyenv is not installed")
    (runner.workspace / ".python-version").write_text("0.0.1-is-not-there\n")
    runner.stands_in = True
    assert runner.run()[1] == 0, runner.out


@pytest.mark.parametrize("name", [".", "", "bin"])
def test_a_relative_entry_of_the_path_leads_to_no_program_of_the_workspace(runner, name):
    canary = runner.temporary / "ran"
    for folder in (runner.workspace, runner.workspace / "bin"):
        folder.mkdir(exist_ok=True)
        for program in ("python3", "env", "git", "cp", "find"):
            file = folder / program
            file.write_text(f"#!/bin/sh\ntouch '{canary}'\n")
            file.chmod(0o755)
    runner.environment["PATH"] = f"{name}:{os.environ['PATH']}"
    runner.stands_in = True
    assert runner.run()[1] == 0, runner.out
    assert not canary.exists()


SETTINGS = {
    "core.fsmonitor": "{run}",
    "core.hooksPath": "{hooks}",
    "core.sshCommand": "{run}",
    "core.gitProxy": "{run}",
    "core.pager": "{run}",
    "core.editor": "{run}",
    "core.askPass": "{run}",
    "core.alternateRefsCommand": "{run}",
    "sequence.editor": "{run}",
    "credential.helper": "!{run}",
    "filter.x.clean": "{run}",
    "filter.x.smudge": "{run}",
    "filter.y.process": "{run}",
    "filter.y.required": "true",
    "diff.external": "{run}",
    "diff.x.textconv": "{run}",
    "diff.y.command": "{run}",
    "merge.x.driver": "{run}",
    "gpg.program": "{run}",
    "log.showSignature": "true",
    "commit.gpgSign": "true",
    "alias.worktree": "!{run}",
    "alias.base": "!{run}",
    "remote.origin.url": "ext::{run} x",
    "remote.origin.uploadpack": "{run}",
    "remote.origin.promisor": "true",
    "extensions.partialClone": "origin",
    "url.ext::{run} .insteadOf": "https://",
    "protocol.allow": "always",
    "protocol.ext.allow": "always",
    "submodule.x.update": "!{run}",
    "submodule.x.url": "ext::{run} x",
    "uploadpack.packObjectsHook": "{run}",
    "gc.auto": "1",
    "gc.recentObjectsHook": "{run}",
    "interactive.diffFilter": "{run}",
    "include.path": "{more}",
    "includeIf.gitdir:/**.path": "{more}",
}
HOOKS = ("post-checkout", "reference-transaction", "pre-auto-gc", "post-index-change", "fsmonitor")


def plant(workspace, place):
    """Have every setting of a repository that names a program name one that leaves its name."""
    scripts, hooks, ran = place / "scripts", place / "hooks", place / "ran"
    for folder in (scripts, hooks, ran):
        folder.mkdir()

    def canary(name):
        script = scripts / name.replace("/", "-").replace(" ", "-")
        script.write_text(f"#!/bin/sh\ntouch '{ran / script.name}'\nexit 1\n")
        script.chmod(0o755)
        return script

    for name in HOOKS:
        shutil.copy(canary(name), hooks / name)
        shutil.copy(canary(name), workspace / ".git/hooks" / name)
    more = place / "more"
    more.write_text(f"[core]\n\tattributesFile = {place}/attributes\n")
    (place / "attributes").write_text("* filter=x diff=x merge=x\n")
    config = workspace / ".git/config"
    for name, value in SETTINGS.items():
        given = {"run": canary(name.split("{")[0]), "hooks": hooks, "more": more}
        subprocess.run(
            [
                "git",
                "config",
                "--file",
                config,
                "--add",
                name.format(**given),
                value.format(**given),
            ],
            check=True,
        )
    (workspace / ".git/info/attributes").write_text("*.tf filter=x diff=x\n*.md filter=y diff=y\n")
    (workspace / ".gitattributes").write_text("* filter=x diff=x merge=x\n")
    (workspace / ".gitmodules").write_text('[submodule "x"]\n\tpath = x\n\turl = ext::x\n')
    return ran


@pytest.fixture
def planted(runner):
    """A checkout of a proposal whose configuration of git is a stranger's."""
    runner.scenario("orders-broken")
    runner.commit()
    # The time of the file has git look at its content again, and so through the filters.
    for file in runner.workspace.glob("*.tf"):
        file.write_text(file.read_text() + "# new\n")
    return plant(runner.workspace, runner.temporary)


def test_the_settings_do_run_where_git_is_started(runner, planted):
    """Else the tests below would hold nothing."""
    for words in (["status"], ["diff"], ["fetch", "origin"], ["worktree", "add", "x"], ["log"]):
        subprocess.run(
            ["git", *words], cwd=runner.workspace, check=False, capture_output=True, timeout=60
        )
    ran = {file.name for file in planted.iterdir()}
    assert {"core.fsmonitor", "filter.x.clean"} <= ran, ran


@pytest.mark.parametrize("kind", ["pull_request", "merge_group", "push"])
@pytest.mark.parametrize("there", [True, False])
def test_no_setting_of_the_repository_runs(runner, planted, kind, there):
    if not there:
        runner.base = "0" * 40
    runner.run(kind, changed_only="true", baseline="known.json", comment="false")
    assert [file.name for file in planted.iterdir()] == []


@pytest.mark.parametrize("kind", ["pull_request", "merge_group", "push"])
def test_the_action_starts_no_git(runner, kind):
    programs, ran = runner.temporary / "programs", runner.temporary / "ran"
    programs.mkdir()
    (programs / "git").write_text(f"#!/bin/sh\ntouch '{ran}'\nexit 1\n")
    (programs / "git").chmod(0o755)
    runner.environment["PATH"] = f"{programs}:{os.environ['PATH']}"
    runner.stands_in = True
    runner.run(kind, changed_only="true", policy="mine.yaml")
    assert not ran.exists()
    assert "git" not in (ROOT / "tools/action/install.sh").read_text().split()
