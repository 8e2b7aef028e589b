"""Every way in: nothing outside the repository is read, or printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from outside import (
    READS,
    SECRET,
    VARIABLE,
    Attack,
    _alarm,
    link,
    reading,
    repository,
    write,
)

from checker.cli import main

pytestmark = pytest.mark.sampled(2)


__all__ = ["_alarm", "repository"]


def calling(source):
    return {"reads/main.tf": f'module "m" {{\n  source = "{source}"\n}}\n'}


def policy(extends):
    return {"p.yaml": f"extends: {extends}\n"}


def says(line):
    return {".tfcheck.yaml": f"{line}\n"}


INSTALLED = '{"Modules": [{"Key": "m", "Dir": "DIR"}]}'
MANIFEST = "reads/.terraform/modules/modules.json"
UP = "./" + "../" * 12
ATTACKS = {
    "a target": Attack("plan t", links={"t": "../outside/module"}),
    "a target with a slash": Attack("plan t/", links={"t": "../outside/module"}),
    "a target below a link": Attack("plan t/module", links={"t": "../outside"}),
    "a target by an absolute link": Attack("plan t", links={"t": "OUTSIDE/module"}),
    "a target by two links": Attack("plan a/t", links={"a/t": "../b", "b": "../outside/module"}),
    "a target by /proc": Attack("plan t", links={"t": "/proc/self/cwd/../outside/module"}),
    "a target with a word of its own": Attack(
        "plan t", links={"t": "../outside/module"}, files={"../outside/.tfcheck.yaml": SECRET}
    ),
    "recursive": Attack("plan --recursive t", links={"t": "../outside"}),
    "recursive, above": Attack("plan --recursive t", links={"t": ".."}),
    "recursive, below": Attack("plan --recursive .", None, links={"t/u": "../../outside"}),
    "recursive, in a circle": Attack("plan --recursive .", None, links={"t": "."}),
    "--root": Attack("plan t --root t", links={"t": "../outside/module"}),
    "--root elsewhere": Attack("plan t --root infra", links={"t": "../outside/module"}),
    "plan JSON": Attack("plan p", links={"p": "../outside/plan.json"}),
    "a saved plan": Attack("plan p", links={"p": "../outside/plan.tfplan"}),
    "--plan": Attack("plan infra --plan p", links={"p": "../outside/plan.json"}),
    "--var-file": Attack("plan infra --var-file v", links={"v": "../outside/secret.tfvars"}),
    "--policy": Attack("plan infra --policy p.yaml", links={"p.yaml": "../outside/secret.yaml"}),
    "--policy below a link": Attack("plan infra --policy d/secret.yaml", links={"d": "../outside"}),
    "--policy, in another command": Attack(
        "rules --policy p.yaml", links={"p.yaml": "../outside/secret.yaml"}
    ),
    "--baseline": Attack("plan infra --baseline b", links={"b": "../outside/secret.json"}),
    "--config": Attack("plan infra --config c", links={"c": "../outside/secret.yaml"}),
    ".tfcheck.yaml": Attack("plan infra", links={".tfcheck.yaml": "../outside/secret.yaml"}),
    "policy: by a path": Attack("plan infra", files=says("policy: ../outside/secret.yaml")),
    "policy: by a link": Attack(
        "plan infra",
        files=says("policy: ./p.yaml"),
        links={"p.yaml": "../outside/secret.yaml"},
    ),
    "policy: by a null character": Attack("plan infra", files=says('policy: "./a\\0b.yaml"')),
    "baseline: by a path": Attack("plan infra", files=says("baseline: ../outside/secret.json")),
    "var-file: by a path": Attack("plan infra", files=says("var-file: [../outside/secret.tfvars]")),
    "var-file: by a link": Attack(
        "plan infra", files=says("var-file: [v]"), links={"v": "../outside/secret.tfvars"}
    ),
    "extends:": Attack("plan infra --policy ./p.yaml", files=policy("../outside/secret.yaml")),
    "extends: no policy": Attack(
        "plan infra --policy ./p.yaml", files=policy("../outside/words.yaml")
    ),
    "extends: no YAML": Attack(
        "plan infra --policy ./p.yaml", files=policy("../outside/broken.yaml")
    ),
    "extends: a link": Attack(
        "plan infra --policy ./p.yaml",
        files=policy("./q.yaml"),
        links={"q.yaml": "../outside/secret.yaml"},
    ),
    "extends: an absolute path": Attack(
        "plan infra --policy ./p.yaml", files=policy("OUTSIDE/secret.yaml")
    ),
    "extends: an endless device": Attack("plan infra --policy ./p.yaml", files=policy("/dev/zero")),
    "extends: standard input": Attack("plan infra --policy ./p.yaml", files=policy("/dev/stdin")),
    "extends: a device by its way up": Attack(
        "plan infra --policy ./p.yaml", files=policy(f"{UP}dev/zero")
    ),
    "extends: one further": Attack(
        "plan infra --policy ./p.yaml",
        files={**policy("./q.yaml"), "q.yaml": "extends: ./../outside/secret.yaml\n"},
    ),
    "a configuration file": Attack(
        "plan infra", links={"infra/x.tf": "../../outside/module/main.tf"}
    ),
    "a configuration file in JSON": Attack(
        "plan infra", links={"infra/x.tf.json": "../../outside/secret.json"}
    ),
    "terraform.tfvars": Attack(
        "plan reads",
        files=VARIABLE,
        links={"reads/terraform.tfvars": "../../outside/secret.tfvars"},
    ),
    "an automatic variable file": Attack(
        "plan reads",
        files=VARIABLE,
        links={"reads/a.auto.tfvars": "../../outside/secret.tfvars"},
    ),
    "file": Attack("plan reads", None, files=reading('file("../../outside/secret")')),
    "file by path.root": Attack(
        "plan reads", None, files=reading('file("${path.root}/../../outside/secret")')
    ),
    "file by an absolute path": Attack("plan reads", None, files=reading('file("OUTSIDE/secret")')),
    "file by a link": Attack(
        "plan reads", None, files=reading('file("l")'), links={"reads/l": "../../outside/secret"}
    ),
    "file below a link": Attack(
        "plan reads", None, files=reading('file("l/secret")'), links={"reads/l": "../../outside"}
    ),
    "file by /proc": Attack(
        "plan reads", None, files=reading('file("/proc/self/cwd/../outside/secret")')
    ),
    "filebase64": Attack(
        "plan reads", None, files=reading('base64decode(filebase64("../../outside/secret"))')
    ),
    "templatefile": Attack(
        "plan reads",
        None,
        files=reading('templatefile("l", {})'),
        links={"reads/l": "../../outside/secret"},
    ),
    "git's credentials": Attack("plan reads", None, files=reading('file("../.git/config")')),
    "git's credentials by a link": Attack(
        "plan reads", None, files=reading('file("l")'), links={"reads/l": "../.git/config"}
    ),
    "git's credentials as a template": Attack(
        "plan reads", None, files=reading('templatefile("../.git/config", {})')
    ),
    "fileset": Attack(
        "plan reads", None, files=reading('join(",", fileset("../../outside", "**"))')
    ),
    "fileset below a link": Attack(
        "plan reads",
        None,
        files=reading('join(",", fileset("l", "**"))'),
        links={"reads/l": "../../outside/names"},
    ),
    "a module": Attack(
        "plan reads", None, files=calling("./m"), links={"reads/m": "../../outside/module"}
    ),
    "an installed module": Attack(
        "plan reads",
        None,
        files={
            **calling("a/b/c"),
            MANIFEST: INSTALLED.replace("DIR", "../../outside/module"),
        },
    ),
    "the list of installed modules": Attack(
        "plan reads",
        None,
        files={
            **calling("a/b/c"),
            "../outside/dot/modules/modules.json": INSTALLED.replace("DIR", SECRET),
        },
        links={"reads/.terraform": "../../outside/dot"},
    ),
}


def everything(folder, capsys):
    """All that a run printed or left in the repository."""
    printed = capsys.readouterr()
    left = [
        path.read_text(errors="replace")
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and ".git" not in path.parts
    ]
    return printed.out + printed.err, "".join(left)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_outside_gets_into_any_output(attack, repository, capsys):
    ATTACKS[attack].plant()
    words, wanted = ATTACKS[attack].words, ATTACKS[attack].code
    _, before = everything(repository, capsys)
    for format_ in ("text", "json"):
        code = main([*words.split(), *(["--format", format_] if "plan" in words else [])])
        printed, left = everything(repository, capsys)
        assert SECRET not in printed
        assert "bug in tfcheck" not in printed
        assert left == before
        if wanted is not None:
            assert (code, "nothing was checked" in printed) == (wanted, True)


INSIDE = {
    "a target": Attack("plan t", links={"t": "infra"}),
    "a target by way of outside": Attack("plan t", links={"t": "../repository/infra"}),
    "a target from a directory below": Attack("plan sub/t", links={"sub/t": "../infra"}),
    "a configuration file": Attack(
        "plan infra", files={"more": "locals {}\n"}, links={"infra/more.tf": "../more"}
    ),
    "a policy": Attack(
        "plan infra --policy p.yaml",
        files={"q.yaml": "extends: current\n"},
        links={"p.yaml": "q.yaml"},
    ),
    "a wider --root": Attack("plan infra --root .."),
}


@pytest.mark.parametrize("name", INSIDE)
def test_a_link_that_stays_inside_is_followed(name, repository, capsys):
    INSIDE[name].plant()
    assert main(INSIDE[name].words.split()) == 1
    assert "role-cannot-read-queue" in capsys.readouterr().out


def test_a_repository_may_be_reached_through_a_link(repository, tmp_path, monkeypatch, capsys):
    (tmp_path / "link").symlink_to("repository")
    for path in (tmp_path / "link/infra", tmp_path / "link"):
        assert main(["plan", "--recursive", str(path), "--format", "json"]) == 1
        report = json.loads(capsys.readouterr().out)
        assert {each["location"]["file"].partition("/")[0] for each in report["mappings"]} == {
            "infra"
        }
    monkeypatch.chdir(tmp_path / "link/infra")
    assert main(["plan"]) == 1


def test_a_root_that_is_named_is_reached_by_a_link_from_outside(repository, tmp_path, capsys):
    (tmp_path / "elsewhere").symlink_to("repository/infra")
    assert main(["plan", str(tmp_path / "elsewhere"), "--root", "."]) == 1


@pytest.mark.parametrize("git", ["directory", "file", "link"])
def test_git_of_a_worktree_or_a_submodule_is_a_root_too(git, repository, capsys):
    Path("infra/modules").mkdir()
    place = Path("infra/.git")
    {
        "directory": place.mkdir,
        "file": lambda: place.write_text("gitdir: ../.git/modules/infra\n"),
        "link": lambda: place.symlink_to("nowhere"),
    }[git]()
    link("infra/l", "../secret")
    Path("secret").write_text(SECRET)
    write("infra/x.tf", READS.replace("VALUE", 'file("l")'))
    main(["plan", "infra"])
    given = capsys.readouterr()
    assert SECRET not in given.out + given.err


def test_without_a_repository_nothing_leads_out_of_the_current_directory(
    repository, monkeypatch, capsys
):
    (repository / ".git/config").unlink()
    (repository / ".git").rmdir()
    link("t", "../outside/module")
    for words in (["t"], ["t/"], ["--recursive", "t"], ["t", "--root", "t"]):
        assert main(["plan", *words]) == 2
        given = capsys.readouterr()
        assert SECRET not in given.out + given.err
    assert main(["plan", "infra"]) == 1


# What a message repeats.


@pytest.mark.parametrize(
    "text",
    [
        f"password = {SECRET}",
        f"password = {SECRET} x",
        f"password = x {SECRET}",
        f'password = "{SECRET}',
        f'password = "a" {SECRET}',
        f"{SECRET}",
        f'x = "${{{SECRET}}}"',
        f'{SECRET} "x" {{}}',
        f"x = {SECRET}()",
        f'x = tonumber("{SECRET}")',
        f"x = 1\nx = {SECRET}`{SECRET}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["v.tfvars", "v.tfvars.json", "v.yaml"])
def test_a_variable_file_is_never_quoted(text, name, repository, capsys):
    Attack("", files=VARIABLE).plant()
    write(name, text)
    for words in (["--var-file", name], ["--policy", f"./{name}"], ["--baseline", name]):
        main(["plan", "reads", *words])
        given = capsys.readouterr()
        assert SECRET not in given.out + given.err


@pytest.mark.parametrize(
    "text",
    [
        f"{SECRET}: 1\n",
        f"{SECRET}: [\n",
        f"- {SECRET}\n",
        f"{SECRET}: 1\n{SECRET}: 2\n",
        f"a: *{SECRET}\n",
        f"a: !{SECRET}!b c\n",
        f"apiVersion: v1\nkind: Secret\nname: x\n{SECRET}: {SECRET}\n",
        f'"{SECRET}\\q"\n',
        f"%TAG !{SECRET}! a\n%TAG !{SECRET}! a\n---\na\n",
    ],
)
def test_what_is_no_policy_is_never_quoted(text, repository, capsys):
    write("secret.yaml", text)
    write("p.yaml", "extends: ./secret.yaml\n")
    for name in ("p.yaml", "secret.yaml"):
        assert main(["plan", "infra", "--policy", f"./{name}"]) == 2
        given = capsys.readouterr()
        assert SECRET not in given.out + given.err
        assert "secret.yaml" in given.err


@pytest.mark.parametrize(
    "given",
    [
        {"schema": SECRET},
        {"schema": "tfcheck.baseline/1", SECRET: 1},
        {"schema": "tfcheck.baseline/1", "findings": [{"root": SECRET}]},
        {"schema": "tfcheck.baseline/1", "findings": [{"root": {SECRET: 1}}]},
        {"schema": "tfcheck.baseline/1", "findings": SECRET},
    ],
)
def test_what_is_no_baseline_is_never_quoted(given, repository, capsys):
    write("b.json", json.dumps(given))
    assert main(["plan", "infra", "--baseline", "b.json"]) == 2
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err
