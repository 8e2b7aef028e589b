"""The fuzzer: it ends without a failure, sees what is planted, and makes an input again."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FUZZ = HERE.parent / "tools" / "fuzz.py"
sys.path.append(str(FUZZ.parent))

from fuzzing import corpus, kinds, secrets  # noqa: E402 - the folder comes first

SEEN = {
    "none": [],
    "a crash": ["ends_well"],
    "a hang": ["ends_well"],
    "much memory": ["ends_well"],
    "a process that dies": ["ends_well"],
    "exit code 0": ["counts"],
    "silence": ["says_what_it_did_not"],
    "a credential": ["keeps_secrets"],
    "a direction mark": ["shows_what_it_writes"],
    "a file outside": ["does_nothing_else"],
    "a false pass": ["passes_nothing"],
    "markup": ["is_well_formed"],
}


def test_inputs_end_without_a_failure():
    words = [sys.executable, FUZZ, "--inputs", "20", "--seed", "116", "--jobs", "1"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout
    assert "20 inputs, 0 failed" in done.stdout


@cache
def planted():
    words = [sys.executable, HERE / "planted.py"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("defect", SEEN)
def test_a_planted_defect_is_seen(defect):
    seen = planted()["seen"][defect]
    assert set(seen) >= set(SEEN[defect])
    assert bool(seen) is bool(SEEN[defect])


@pytest.mark.slow
@pytest.mark.parametrize("kind", kinds.KINDS)
def test_an_input_is_made_again_by_its_name(kind):
    once, again = planted()["made"][kind]
    assert once == again


def test_what_is_made_of_a_secret_is_treated_as_one():
    secret = "JKQVXZZXVQKJJKQVXZ"  # noqa: S105 - an example
    for text in (
        secret,
        secret.lower(),
        secret[::-1],
        f"a{secret[4:10]}b",
        "-".join(secret),
        secret.encode().hex(),
        json.dumps(list(secret)),
        "".join(f"&#{ord(c)};" for c in secret),
    ):
        assert list(secrets.given(f"before {text} after", [secret])), text
    assert list(secrets.given("is 8000042 s", ["4000021"]))
    assert not list(secrets.given("nothing of it: JKQ VXZ 80000420", [secret, "4000021"]))


def test_an_attack_has_one_name():
    names = [attack.name for attack in corpus.ATTACKS]
    assert len(names) == len(set(names)) >= 60
