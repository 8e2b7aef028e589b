"""Any product under 1 MB of Terraform ends soon, in bounded memory, with an answer or a bound.

The attacks are in attacks.py. The bounds here are generous, since nothing is timed: an attack that
is not bounded takes minutes and gigabytes.
"""

import resource
import subprocess
import sys

import pytest
from products import ATTACKS, MOST_BYTES, OPTIONS
from samples import a_mapping, an_inventory

from checker.check import MOST_THINGS, check
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.lookup import Lookup, TooManyError
from checker.knowledge.text import Text
from checker.model import EventSourceMapping
from checker.rules.duplicate_mapping import duplicate_mapping
from checker.rules.fix import Fix
from checker.rules.rule import MOST_SAID, Problem, rule
from checker.rules.settings import Settings

MOST_SECONDS = 30
MOST_MEMORY = 1_500 * 1024 * 1024
QUICK = (
    "documents-of-ten-sources-each",
    "waivers-of-stars",
)
"""What the default run tries; all others are tried with `-m slow`."""


def marked():
    slow = pytest.mark.slow
    return [pytest.param(n, marks=() if n in QUICK else slow) for n in sorted(ATTACKS)]


@pytest.mark.parametrize("name", marked())
def test_a_product_is_bounded(tmp_path, name):
    def bounded():
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))

    for file, text in ATTACKS[name]().items():
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    confined = ["--root", "root"] if (tmp_path / "root").is_dir() else []
    done = subprocess.run(
        [sys.executable, "-m", "checker", "plan", "root", *confined, *OPTIONS[name]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=bounded,
    )
    assert "Traceback" not in done.stderr
    assert "fault of tfcheck" not in done.stderr
    assert "bug in tfcheck" not in done.stderr
    assert done.returncode in (0, 1, 2), "it took too long, or too much memory"


def test_every_attack_is_small():
    sizes = {name: sum(map(len, files().values())) for name, files in ATTACKS.items()}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
    assert set(QUICK) <= set(ATTACKS)


# -- pairs ------------------------------------------------------------------------------------


def many(n):
    return tuple(a_mapping(f"m{i}") for i in range(n))


@pytest.mark.parametrize("n", [2, 50, 100])
def test_each_duplicate_is_reported_once(n):
    inventory = an_inventory(mappings=many(n))
    results = check(inventory, [duplicate_mapping], Settings())
    problems = [problem for result in results for problem in result.problems]
    assert len(problems) == n - 1
    assert {problem.mappings[0] for problem in problems} == {inventory.mappings[0].id}


def test_past_the_bound_names_are_not_compared():
    names = [Text.of("arn:", Hole(f"n{n}", Kind.NAME)) for n in range(100)]
    lookup = Lookup(((name, n) for n, name in enumerate(names)), most=250)
    assert len(list(lookup.perhaps(names[0]))) == 99
    list(lookup.perhaps(names[1]))
    with pytest.raises(TooManyError, match="more than 250 names"):
        list(lookup.perhaps(names[2]))


def test_texts_that_surely_differ_cost_no_comparison():
    names = [Text.of("arn:", Hole("account", Kind.ACCOUNT), f":q{n}") for n in range(1_000)]
    lookup = Lookup(((name, n) for n, name in enumerate(names)), most=10)
    assert all(not list(lookup.perhaps(name)) for name in names)


# -- answers ----------------------------------------------------------------------------------


@rule(on=EventSourceMapping)
def endless(mapping, _inventory, _settings):
    """It has no end."""
    while True:
        yield Problem("wrong", mapping.at, Fix("fix it"))


@rule(on=EventSourceMapping)
def wrong(mapping, _inventory, _settings):
    """All are wrong."""
    yield Problem("wrong", mapping.at, Fix("fix it"))


def test_a_rule_is_heard_to_a_bound_and_the_rest_is_unknown():
    (result,) = check(an_inventory(), [endless], Settings())
    assert len(result.problems) == MOST_SAID
    (unknown,) = result.unknowns
    assert f"more than {MOST_SAID} problems" in unknown.why


def test_mappings_past_the_bound_are_unknown_and_never_pass():
    inventory = an_inventory(mappings=many(MOST_THINGS + 5))
    *asked, left = check(inventory, [wrong], Settings())
    assert len(asked) == MOST_THINGS
    assert (len(left.mappings), left.problems) == (5, ())
    assert f"more than {MOST_THINGS} things" in left.unknowns[0].why


def test_an_account_is_checked_whole():
    inventory = an_inventory(kind="account", mappings=many(MOST_THINGS + 5))
    assert len(check(inventory, [wrong], Settings())) == MOST_THINGS + 5
