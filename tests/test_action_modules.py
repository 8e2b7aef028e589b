"""The action's input `modules`: what is downloaded before the check, and how."""

from __future__ import annotations

import json
import os
import re
import shutil

import pytest
from action_runner import ACTION, Runner

pytestmark = pytest.mark.sampled(12)

SOURCE = "terraform-aws-modules/sqs/aws"
CALL = f'module "worker" {{\n  source = "{SOURCE}"\n}}\n'
MODULE = """
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:orders"
  function_name    = "arn:aws:lambda:eu-west-1:123456789012:function:worker"
}
"""
STAND_IN = """#!/bin/sh
env >"{log}/environment"
printf '%s\\n' "$PWD" "$@" >>"{log}/words"
directory="${{1#-chdir=}}"
mkdir -p "$directory/$TF_DATA_DIR/modules/worker"
cp "{log}/module.tf" "$directory/$TF_DATA_DIR/modules/worker/main.tf"
cp "{log}/modules.json" "$directory/$TF_DATA_DIR/modules/modules.json"
echo "::error::downloaded"
exit {code}
"""


@pytest.fixture
def runner(tmp_path):
    made = Runner(tmp_path)
    for file in made.workspace.glob("*.tf"):
        file.unlink()
    (made.workspace / "main.tf").write_text(CALL)
    made.commit()
    made.base = made.head
    return made


def program(runner, name="terraform", code=0):
    """Put a stand-in of Terraform on PATH; return what it keeps."""
    log = runner.temporary / f"log of {name}"
    (log / "bin").mkdir(parents=True)
    (log / "module.tf").write_text(MODULE)
    listed = {"Key": "worker", "Source": f"registry.terraform.io/{SOURCE}", "Version": "4.0.0"}
    listed["Dir"] = ".tfcheck-data/modules/worker"
    (log / "modules.json").write_text(json.dumps({"Modules": [listed]}))
    file = log / "bin" / name
    file.write_text(STAND_IN.format(log=log, code=code))
    file.chmod(0o755)
    runner.environment["PATH"] = f"{log / 'bin'}:{without_terraform()}"
    return log


def without_terraform():
    entries = os.environ["PATH"].split(os.pathsep)
    programs = ("terraform", "tofu")
    return os.pathsep.join(
        each for each in entries if not any(shutil.which(name, path=each) for name in programs)
    )


def test_the_input_says_what_it_downloads_and_nothing_is_the_default():
    known = ACTION["inputs"]["modules"]
    assert known["default"] == "none"
    assert "downloads what the configuration names" in known["description"]


def test_nothing_is_downloaded_unless_it_is_asked_for(runner):
    log = program(runner)
    _, code = runner.run(comment="false")
    assert code == 2
    assert not (log / "words").exists()


@pytest.mark.parametrize("name", ["terraform", "tofu"])
def test_modules_are_downloaded_and_checked(runner, name):
    log = program(runner, name)
    outputs, code = runner.run(comment="false", modules="get")
    assert (code, outputs["mappings"]) == (0, "1")
    where, *words = (log / "words").read_text().splitlines()
    assert words == [f"-chdir={runner.workspace}", "get", "-no-color"]
    assert where == str(runner.temporary)


def test_every_root_module_gets_its_own(runner):
    log = program(runner)
    (runner.workspace / ".tfcheck.yaml").write_text("recursive: true\n")
    for name in ("a", "b"):
        (runner.workspace / name).mkdir()
        (runner.workspace / name / "main.tf").write_text(CALL)
    runner.commit()
    runner.base = runner.head
    outputs, code = runner.run(comment="false", modules="get")
    assert (code, outputs["mappings"]) == (0, "3")
    assert (log / "words").read_text().count("-chdir=") == 3
    assert not list(runner.workspace.rglob(".tfcheck-data"))


def test_what_is_downloaded_is_removed_where_something_is_found_too(runner):
    log = program(runner)
    (log / "module.tf").write_text(MODULE.replace("}", "  batch_size = 20000\n}"))
    _, code = runner.run(comment="false", modules="get")
    assert code == 1
    assert not list(runner.workspace.rglob(".tfcheck-data"))


def test_the_program_gets_no_token_and_git_no_other_protocol(runner):
    log = program(runner)
    runner.environment |= {
        "GITHUB_TOKEN": "secret",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "secret",
        "TF_CLI_ARGS_get": "-update",
        "TF_TOKEN_app_terraform_io": "registry",
        "TF_VAR_password": "secret",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "of the workflow",
    }
    runner.run(comment="false", modules="get")
    given = dict(
        line.split("=", 1) for line in (log / "environment").read_text().splitlines() if "=" in line
    )
    assert "secret" not in given.values()
    assert "TF_CLI_ARGS_get" not in given
    assert "registry" in given.values()
    assert given["GIT_ALLOW_PROTOCOL"] == "https:ssh"
    settings = [
        (given[f"GIT_CONFIG_KEY_{n}"], given[f"GIT_CONFIG_VALUE_{n}"])
        for n in range(int(given["GIT_CONFIG_COUNT"]))
    ]
    assert settings == [("user.name", "of the workflow"), ("safe.bareRepository", "explicit")]


ASKS_GIT = """#!/bin/sh
cd "${1#-chdir=}"
git ls-remote ssh://git@localhost/x/y.git
"""


def bare(place, log):
    """Make a directory a git repository that names a program."""
    place.mkdir(exist_ok=True)
    for name in ("objects", "refs"):
        (place / name).mkdir()
        (place / name / ".keep").touch()
    (place / "HEAD").write_text("ref: refs/heads/main\n")
    (place / "config").write_text(
        f"[core]\n\tbare = true\n\tsshCommand = \"touch '{log}/started' #\"\n"
    )


@pytest.mark.parametrize("place", ["infra", "infra/a"])
def test_git_obeys_no_repository_of_the_pull_request(runner, place):
    log = program(runner)
    (log / "bin/terraform").write_text(ASKS_GIT)
    root = runner.workspace / "infra/a"
    root.mkdir(parents=True)
    (root / "main.tf").write_text(CALL)
    bare(runner.workspace / place, log)
    # Moved there meanwhile, so that the setting of git alone has to hold.
    (runner.workspace / place / "HEAD").rename(log / "HEAD")
    moves = f"mv '{log}/HEAD' '{runner.workspace / place}/HEAD'\ncd "
    (log / "bin/terraform").write_text(ASKS_GIT.replace("cd ", moves, 1))
    runner.run(comment="false", modules="get", path="infra/a")
    assert not (log / "started").exists()


def test_mercurial_is_not_started(runner):
    log = program(runner)
    (log / "bin/terraform").write_text("#!/bin/sh\nhg clone file:///evil\n")
    (log / "bin/hg").write_text(f"#!/bin/sh\ntouch '{log}/started'\n")
    (log / "bin/hg").chmod(0o755)
    runner.run(comment="false", modules="get")
    assert not (log / "started").exists()
    assert "modules are not downloaded with Mercurial" in runner.out


@pytest.mark.parametrize("source", ["/outside", "file:///outside", "FILE::/outside", "a link"])
def test_no_package_on_the_disk_of_the_runner_is_checked(runner, source):
    """Terraform links the first call's package, and copies it for each further one."""
    log = program(runner)
    outside = log / "outside"
    outside.mkdir()
    (outside / "main.tf").write_text(MODULE)
    if source == "a link":
        link = f'ln -s "{outside}" "${{1#-chdir=}}/$TF_DATA_DIR/modules/other"\nexit 0\n'
        file = log / "bin/terraform"
        file.write_text(file.read_text().replace("exit 0\n", link))
    else:
        listed = json.loads((log / "modules.json").read_text())
        listed["Modules"][0]["Source"] = source
        (log / "modules.json").write_text(json.dumps(listed))
    outputs, _ = runner.run(comment="false", modules="get")
    assert outputs["verdict"] == "none"
    assert not (runner.workspace / ".tfcheck-data").exists()
    assert "::warning title=tfcheck::modules of 1 root module(s)" in runner.out


@pytest.mark.parametrize("place", ["infra", "infra/a"])
def test_nothing_is_downloaded_into_what_an_old_git_takes_for_a_repository(runner, place):
    log = program(runner)
    root = runner.workspace / "infra/a"
    root.mkdir(parents=True)
    (root / "main.tf").write_text(CALL)
    bare(runner.workspace / place, log)
    runner.commit()
    runner.run(comment="false", modules="get", path="infra/a")
    assert not (log / "words").exists()
    assert "`HEAD` makes it a git repository" in runner.out


def test_what_is_downloaded_gives_the_runner_no_command(runner):
    program(runner)
    runner.run(comment="false", modules="get")
    before, _, _ = runner.out.partition("::error::downloaded")
    assert "::stop-commands::" in before


def test_what_is_said_beside_is_in_one_stream_with_the_token_that_stops_commands(runner):
    """The runner reads two streams, and keeps no order between them."""
    log = program(runner)
    file = log / "bin/terraform"
    file.write_text(file.read_text().replace("exit 0", "echo '::add-mask::x' >&2\nexit 0"))
    runner.run(comment="false", modules="get")
    inside = re.findall(r"::stop-commands::(\w+)\n(.*?)\n::\1::", runner.out, re.DOTALL)
    assert sum("::add-mask::x" in text for _, text in inside) == 1
    assert runner.out.count("::add-mask::x") == 1


@pytest.mark.parametrize("place", ["", "infra"])
@pytest.mark.parametrize(
    "variables",
    [
        {"HOME": "{workspace}"},
        {"XDG_CONFIG_HOME": "{workspace}", "HOME": "{temporary}"},
        {"GIT_CONFIG_GLOBAL": "{workspace}/.gitconfig"},
        {"GIT_CONFIG_SYSTEM": "{workspace}/.gitconfig"},
        {"GIT_SSH": "{workspace}/ssh"},
        {"HOME": "{temporary}/link"},
    ],
)
def test_no_setting_of_the_workspace_is_obeyed(runner, variables, place):
    log = program(runner)
    (log / "bin/terraform").write_text(ASKS_GIT)
    ssh = runner.workspace / "ssh"
    ssh.write_text(f"#!/bin/sh\ntouch '{log}/started'\n")
    ssh.chmod(0o755)
    settings = f"[core]\n\tsshCommand = \"touch '{log}/started' #\"\n"
    (runner.workspace / ".gitconfig").write_text(settings)
    (runner.workspace / "git").mkdir()
    (runner.workspace / "git/config").write_text(settings)
    (runner.temporary / "link").symlink_to(runner.workspace)
    root = runner.workspace / place
    root.mkdir(exist_ok=True)
    (root / "main.tf").write_text(CALL)
    given = {"workspace": runner.workspace, "temporary": runner.temporary}
    runner.environment |= {name: value.format(**given) for name, value in variables.items()}
    runner.run(comment="false", modules="get", path=place or ".")
    assert not (log / "started").exists()
    assert "it is not obeyed" in runner.out


def test_a_configuration_of_terraform_in_the_workspace_is_not_obeyed(runner):
    log = program(runner)
    for name in ("TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"):
        runner.environment[name] = str(runner.workspace / ".terraformrc")
    runner.run(comment="false", modules="get")
    assert ".terraformrc" not in (log / "environment").read_text()
    runner.environment["TF_CLI_CONFIG_FILE"] = str(runner.temporary / "ours")
    runner.run(comment="false", modules="get")
    assert f"TF_CLI_CONFIG_FILE={runner.temporary}/ours" in (log / "environment").read_text()


def test_every_root_module_is_downloaded_for_if_the_input_says_so(runner):
    log = program(runner)
    (runner.workspace / "a").mkdir()
    (runner.workspace / "a/main.tf").write_text(CALL)
    runner.commit()
    outputs, code = runner.run("push", comment="false", modules="get", recursive="true")
    assert (code, outputs["mappings"]) == (0, "2")
    assert (log / "words").read_text().count("-chdir=") == 2


@pytest.mark.parametrize("link", [True, False])
def test_nothing_of_a_pull_request_lies_where_modules_go(runner, link):
    program(runner)
    outside = runner.temporary / "outside"
    outside.mkdir()
    place = runner.workspace / ".tfcheck-data"
    if link:
        place.symlink_to(outside)
    else:
        (place / "modules").mkdir(parents=True)
        (place / "modules/worker").symlink_to(outside)
    runner.commit()
    outputs, code = runner.run(comment="false", modules="get")
    assert (code, outputs["mappings"]) == (0, "1")
    assert list(outside.iterdir()) == []


def test_no_program_of_the_workspace_is_started(runner):
    log = program(runner)
    (runner.workspace / "bin").mkdir()
    shutil.copy(log / "bin/terraform", runner.workspace / "bin/terraform")
    for place in (str(runner.workspace / "bin"), "bin", ""):
        runner.environment["PATH"] = f"{place}:{without_terraform()}"
        _, code = runner.run(comment="false", modules="get")
        assert code == 2
        assert "needs Terraform or OpenTofu" in runner.out
    assert not (log / "words").exists()


def test_a_download_that_fails_is_said_and_what_is_there_is_checked(runner):
    program(runner, code=1)
    shutil.copy(runner.temporary / "log of terraform/module.tf", runner.workspace / "own.tf")
    outputs, code = runner.run("push", comment="false", modules="get")
    assert (code, outputs["mappings"]) == (1, "2")  # the same mapping twice
    assert "::warning title=tfcheck::modules of 1 root module(s) cannot be downloaded" in runner.out


@pytest.mark.parametrize(
    ("path", "said"), [("..", "leads out of the workspace"), ("/", "leads out")]
)
def test_no_module_is_downloaded_beside_the_workspace(runner, path, said):
    log = program(runner)
    assert runner.run(comment="false", modules="get", path=path)[1] == 2
    assert said in runner.out
    assert not (log / "words").exists()


def test_another_word_is_refused(runner):
    program(runner)
    assert runner.run(comment="false", modules="all")[1] == 2
    assert "`modules` is `get` or `none`" in runner.out
