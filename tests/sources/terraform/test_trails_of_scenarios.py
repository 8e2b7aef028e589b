"""Every place that the report of a scenario names has a trail of real places."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from scenarios import RECORDED, SCENARIOS, expectation

from checker.knowledge.partial import Location
from checker.knowledge.trail import primary
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load
from checker.sources.terraform.recursive import find_below, load_below
from checker.sources.terraform.trails.following import MOST_STEPS
from checker.sources.terraform.trails.tracing import MOST_CALLS

ROOT = Path(__file__).parents[3]
REPORTS = [each / RECORDED / "report.json" for each in SCENARIOS]


def named(report):
    """Yield the places that a report names, with the ids that each belongs to."""
    for row in report["mappings"]:
        yield row["location"], (row["id"],)
    for finding in report["findings"]:
        about = (finding["subject"], *finding["mappings"])
        for each in (finding, *finding["because"], finding.get("cause") or {}):
            yield each.get("location"), about


def read(folder):
    """Return the trails of a scenario by the prefix of its ids, read as its report was."""
    options = expectation(folder).get("options") or {}
    words = options.get("var", [])
    given = Given(
        variables=words if isinstance(words, list) else [words],
        workspace=options.get("workspace"),
        deployer=options.get("deployer"),
        var_files=[ROOT / options["var-file"]] if "var-file" in options else [],
    )
    if "recursive" in options or not any(folder.glob("[!.]*.tf*")):
        found = load_below(find_below(folder, ROOT, given), given)
        return {each.prefix: each.trails for each in found}
    return {"": load(folder, ROOT, given).trails}


@cache
def lines(name):
    return (ROOT / name).read_text("utf-8").split("\n")


def in_module(at, folder):
    """Tell whether a place is in a module of a scenario."""
    return "/modules/" in at.source.removeprefix(folder.relative_to(ROOT).as_posix())


@pytest.mark.sampled(4)
@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.parents[1].name)
def test_a_trail_is_made_of_real_places(path):
    by_prefix = read(path.parents[1])
    for place, about in named(json.loads(path.read_text("utf-8"))):
        if not place or "file" not in place:
            continue
        at = Location(place["file"], place["line"], place["column"])
        prefix = next(each for each in by_prefix if about[-1].startswith(each))
        trail = by_prefix[prefix].of(at, about)
        assert trail[0].at == at
        assert len({step.at for step in trail}) == len(trail) <= MOST_STEPS
        for step in trail:
            if step.at.line:
                assert len(lines(step.at.source)[step.at.line - 1]) >= step.at.column - 1, step
            else:
                assert step.at.source.startswith(("--var ", "environment variable ")), step
        assert primary(trail).is_tracked
        if trail[0].kind == "place" and in_module(at, path.parents[1]):
            inside = [step for step in trail if not in_module(step.at, path.parents[1])]
            assert inside, f"no place in the root module: {trail}"
        assert sum(step.kind == "call" for step in trail) <= MOST_CALLS
