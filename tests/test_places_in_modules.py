"""Findings in modules: where they are shown, and that their fixes can be followed there."""

from __future__ import annotations

import json

import pytest
import yaml
from installed import calls, copy, follow, install
from scenarios import SCENARIOS

from checker.cli import main

WITH_MODULES = [each for each in SCENARIOS if calls(each)]


def checked(folder, scenario, capsys, monkeypatch):
    """Return the report on a directory, with the options of a scenario."""
    monkeypatch.chdir(folder)
    expected = yaml.safe_load((scenario / "expected.yaml").read_text())
    words = [
        "plan",
        "--format",
        "json",
        "--root",
        ".",
        "--policy",
        expected.get("policy", "current"),
    ]
    for name, value in (expected.get("options") or {}).items():
        for each in value if isinstance(value, list) else [value]:
            words += (
                [f"--{name}"]
                if each is True
                else [f"--{name}", each.split(f"{scenario.name}/")[-1]]
            )
    main(words)
    out, err = capsys.readouterr()
    assert out, err
    return json.loads(out)


def places(report):
    for each in (*report["mappings"], *report["findings"], *report["unread"]):
        yield each["location"]
        if each.get("cause"):
            yield each["cause"]["location"]


@pytest.mark.parametrize("folder", WITH_MODULES, ids=lambda folder: folder.name)
def test_every_finding_stands_in_a_file_that_the_repository_tracks(
    folder, tmp_path, capsys, monkeypatch
):
    install(folder, tmp_path)
    report = checked(tmp_path, folder, capsys, monkeypatch)
    expected = yaml.safe_load((folder / "expected.yaml").read_text())
    assert {m["id"]: m["verdict"] for m in report["mappings"]} == expected["mappings"]
    assert all(not at["file"].startswith(".terraform") for at in places(report) if at)


@pytest.mark.parametrize("folder", WITH_MODULES, ids=lambda folder: folder.name)
@pytest.mark.parametrize("lay", [copy, install], ids=["local", "installed"])
def test_a_fix_that_sets_one_attribute_makes_its_finding_go_away(
    folder, lay, tmp_path, capsys, monkeypatch
):
    lay(folder, tmp_path / "before")
    report = checked(tmp_path / "before", folder, capsys, monkeypatch)
    for number, finding in enumerate(report["findings"]):
        place = tmp_path / str(number)
        lay(folder, place)
        if finding["kind"] == "problem" and follow(finding["fix"], finding["subject"], place):
            after = checked(place, folder, capsys, monkeypatch)
            assert said(finding) not in map(said, after["findings"]), finding["fix"]


def said(finding):
    return finding["rule"], finding["kind"], finding["subject"]
