"""Which files a rule policy is read from: within bounds, and none beyond what it may extend."""

from __future__ import annotations

import pytest
from repositories import commit, git, new
from scenarios import scenario

from checker import yaml
from checker.cli import main
from checker.errors import PolicyFileError
from checker.policy import load
from checker.policy import read as reading
from checker.rules import RULES

ALL = [rule.name for rule in RULES]
SCENARIO = scenario("orders")
NOTHING = "rules: {}\n"


def chain(folder, length):
    """Write policies of which each extends the next; return the first."""
    for n in range(length):
        (folder / f"{n}.yaml").write_text(f"extends: ./{n + 1}.yaml\n")
    (folder / f"{length}.yaml").write_text("extends: null\n")
    return str(folder / "0.yaml")


def test_no_policy_is_extended_by_an_absolute_path(tmp_path):
    """Not even where that would lead to a file that may be read."""
    under, over = tmp_path / "under.yaml", tmp_path / "over.yaml"
    under.write_text(NOTHING)
    over.write_text(f"extends: {under}\n")
    with pytest.raises(PolicyFileError, match="absolute path"):
        load(str(over), ALL)


def test_policies_extend_one_another_to_a_bound(tmp_path):
    assert load(chain(tmp_path, reading.MOST_EXTENDS - 1), ALL).severities == {}
    with pytest.raises(PolicyFileError, match="in a row"):
        load(chain(tmp_path, 30), ALL)


@pytest.mark.parametrize("is_extended", [False, True])
def test_a_large_file_is_refused_unread(tmp_path, monkeypatch, is_extended):
    large, over = tmp_path / "large.yaml", tmp_path / "over.yaml"
    large.write_text(NOTHING + "#" * yaml.MOST_CHARACTERS)
    over.write_text("extends: ./large.yaml\n")
    parsed, parse = [], yaml.parse
    monkeypatch.setattr(yaml, "parse", lambda text: parsed.append(len(text)) or parse(text))
    with pytest.raises(PolicyFileError, match="is larger than"):
        load(str(over if is_extended else large), ALL)
    assert sum(parsed) < 100


@pytest.mark.parametrize("base", [(), ("--base=base",)], ids=["", "base"])
@pytest.mark.parametrize("name", ["../secret.yaml", "./link.yaml", "./inner/link.yaml"])
def test_a_policy_beside_the_repository_leads_out_of_its_folder_neither(
    tmp_path, monkeypatch, capsys, base, name
):
    """Whoever put it there is trusted; the files that it may drag in are not all meant."""
    top, beside = new(tmp_path / "work"), tmp_path / "policies"
    (beside / "inner").mkdir(parents=True)
    for link in ("link.yaml", "inner/link.yaml"):
        (beside / link).symlink_to(tmp_path / "secret.yaml")
    (tmp_path / "secret.yaml").write_text("hunter2: x\n")
    (beside / "ours.yaml").write_text(f"extends: {name}\n")
    monkeypatch.chdir(top)
    commit(".", {"infra/main.tf": (SCENARIO / "main.tf").read_text()})
    git("tag", "base")
    assert main(["plan", "infra", f"--policy={beside / 'ours.yaml'}", *base]) == 2
    given = capsys.readouterr()
    assert "lies outside" in given.err
    assert "hunter" not in given.out + given.err
