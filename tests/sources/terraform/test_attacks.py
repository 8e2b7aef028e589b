"""Every hostile input ends soon, in bounded memory, with an exit code and a reason."""

import json
import multiprocessing
import os
from multiprocessing import forkserver
from pathlib import Path

import attacks
import attempts
import pytest
from attacks import ATTACKS

LARGEST = 1_000_000
STEPS = "steps to work out"
NUMBER = "more than 4000 digits, or an exponent beyond 4000"
SAYS = {
    "exponent literal": NUMBER,
    "exponent literal negated": NUMBER,
    "exponents multiplied": NUMBER,
    "5,000 digits": NUMBER,
    "5,000 digits as an index": NUMBER,
    "5,000 digits as a legacy index": NUMBER,
    "tonumber of an exponent": NUMBER,
    "tonumber of digits": NUMBER,
    "yamldecode of an exponent": NUMBER,
    "JSON: exponent": "more than 400 characters, or an exponent beyond that",
    "JSON: digits": "more than 400 characters, or an exponent beyond that",
    "tfvars: exponent": NUMBER,
    "tfvars: digits": NUMBER,
    "tfvars.json: exponent": NUMBER,
    "tfvars.json: digits": NUMBER,
    "--var: digits": NUMBER,
    "plan JSON: exponent": NUMBER,
    "plan JSON: digits": NUMBER,
    "format of wide fields": STEPS,
    "format of zeros": STEPS,
    "join of megabytes": STEPS,
    "upper of megabytes": STEPS,
    "equality of megabytes": STEPS,
    "templates of megabytes": STEPS,
    "templates of a loop": "longer than 10000000 characters",
    "regexall of every character": STEPS,
    "regex with a large pattern": "",
    "replace with an expression": STEPS,
    "sort of long texts": STEPS,
    "csvdecode again and again": STEPS,
    "urlencode": STEPS,
    "filebase64": STEPS,
    "base64gzip": STEPS,
    "doubling templates": "longer than 10000000 characters",
    "doubling templates over unknowns": STEPS,
    "templatefile of loops": "directives nest deeper than 200",
    "a megabyte of digits": "larger than 262144 bytes",
    "an object with a broken end": "unusual or wrong code of more than 65536 characters",
    "providers without a label": "a `provider` block needs 1 label(s)",
}


@pytest.fixture(scope="module")
def processes():
    """Return what starts processes that have loaded the program, and nothing of these tests."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["attempts"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
        forkserver.ensure_running()
    return context


@pytest.fixture
def attempt(tmp_path, processes):
    """Run `tfcheck plan` on an attack in a process of its own; return code, output and errors."""

    def attempt(attack):
        root = tmp_path / "root"
        for name, held in attack.make().items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(held if isinstance(held, bytes) else held.encode())
        assert sum(one.stat().st_size for one in root.rglob("*") if one.is_file()) < LARGEST
        out, err = tmp_path / "out", tmp_path / "err"
        words = ["plan", attack.target, "--root", ".", "--format", "json", *attack.words]
        child = processes.Process(target=attempts.run, args=(words, root, out, err))
        child.start()
        child.join()
        return child.exitcode, out.read_text("utf-8"), err.read_text("utf-8", "replace")

    return attempt


def check(attack, code, out, err):
    assert code in {0, 1, 2}, err
    assert "Traceback" not in err
    assert "bug in tfcheck" not in err
    assert SAYS.get(attack.name, "") in json.dumps(out) + err
    if code == 2:
        assert "nothing was checked" in err
    else:
        assert "ready" not in {row["verdict"] for row in json.loads(out)["mappings"]}


def named(attack):
    return attack.name


@pytest.mark.sampled(8)
@pytest.mark.parametrize("attack", [a for a in ATTACKS if a.name not in attacks.HEAVY], ids=named)
def test_a_hostile_input_ends_soon_with_a_reason(attempt, attack):
    check(attack, *attempt(attack))


@pytest.mark.slow
@pytest.mark.parametrize("attack", [a for a in ATTACKS if a.name in attacks.HEAVY], ids=named)
def test_an_input_that_takes_seconds_ends_with_a_reason(attempt, attack):
    check(attack, *attempt(attack))


def test_every_attack_has_a_name_of_its_own():
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert {attack.name for attack in ATTACKS} >= attacks.HEAVY | set(SAYS)
