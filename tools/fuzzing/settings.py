"""Kinds of input: what a repository says of its checks: policies, `.tfcheck.yaml`, baselines."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import yaml

from fuzzing import asked, json_text, odd, secrets
from fuzzing.run import run
from fuzzing.seeds import ROOT, Seed, scenarios
from fuzzing.trial import Trial

_POLICIES = (
    (
        "name: ours\nrules:\n  role-cannot-read-queue: warning\n"
        "  receive-count-too-low: {severity: error, least: 2}\n"
    ),
    "extends: strict\nfail-on: note\nundecided: fail\n",
    (
        "extends: current\nwaivers:\n"
        "  - {rule: role-cannot-read-queue, mapping: '*', reason: x, until: 2099-01-01}\n"
    ),
    (
        "permissions:\n  role: {required: [sqs:ReceiveMessage]}\n"
        "  deployer: {required: [lambda:Create*]}\n"
    ),
    "deployer: aws_iam_role.worker\nrules: {deployer-cannot-list: off}\n",
    "waivers:\n  - {rule: batch-size-out-of-range, mapping: a*b*c, reason: r, unknown: true}\n",
)
_CONFIGURATIONS = (
    "policy: strict\nfail-on: note\nstrict: true\n",
    "policy: policy.yaml\nvar-file: [a.tfvars]\nbaseline: baseline.json\n",
    "recursive: true\ndeployer: arn:aws:iam::123456789012:role/x\n",
)
_ODD_YAML = (
    "&a [*a]",
    "&a [x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: &d [*c, *c, *c, *c]",
    "!!python/object/apply:os.system [touch hit]",
    "!!binary SGVsbG8=",
    "!!timestamp 2001-01-01",
    "<<: {a: 1}",
    "? [a, b]\n: c",
    "a: 1\na: 2",
    "--- \n...\n---\n",
    "%YAML 9.9\n---\na: 1",
    "|\n  text",
    "2026-13-45",
    "0o17",
    "1_000",
    "1:30:00",
    ".nan",
    "~",
    "off",
    "[" * 3000,
    "- " * 500 + "x",
    "{" * 200 + "}" * 200,
    "'" + "x" * 100_000 + "'",
    "extends: ../outside/secret.yaml",
    "extends: /dev/zero",
    "extends: /dev/stdin",
    "extends: ./policy.yaml",
    "extends: 'policy.yaml\x00'",
)
_COIN, _RARELY, _MOSTLY = 0.5, 0.3, 0.6


def policy(trial: Trial) -> None:
    """A rule policy of the repository's own."""
    random = trial.random
    _scenario(trial, random)
    _secret_beside(trial, random)
    text = _sound(random)
    if random.random() < _MOSTLY:
        text = _changed_yaml(random, random.choice((text, *_POLICIES)), trial.said)
    trial.write("policy.yaml", text)
    path = "repo/policy.yaml"
    if random.random() < _RARELY:
        trial.write("first.yaml", "extends: ./policy.yaml\n")
        path = "repo/first.yaml"
    asked.plan(trial, words=["--policy", path])


def configuration(trial: Trial) -> None:
    """What `.tfcheck.yaml` says."""
    random = trial.random
    _scenario(trial, random)
    _secret_beside(trial, random)
    trial.write(".tfcheck.yaml", _changed_yaml(random, random.choice(_CONFIGURATIONS), trial.said))
    trial.write("policy.yaml", random.choice(_POLICIES))
    trial.write("a.tfvars", "x = 1\n")
    trial.write("baseline.json", json.dumps({"schema": "tfcheck.baseline/1", "findings": []}))
    asked.plan(trial)


def baseline(trial: Trial) -> None:
    """A baseline of what is known."""
    random = trial.random
    seed = _scenario(trial, random)
    known = _baseline(seed, trial)
    if random.random() < _COIN:
        trial.write("baseline.json", json_text.mutated(random, known, trial.said))
    else:
        given = json.loads(known)
        given["findings"] = [_other(random, each) for each in given["findings"] * 2]
        trial.write("baseline.json", json.dumps(given))
    asked.plan(trial, words=["--baseline", "repo/baseline.json"])


def _other(random: Random, entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry as it is, or of something else."""
    name = random.choice(sorted(entry))
    if random.random() < _COIN or not isinstance(entry[name], str):
        return entry
    return {**entry, name: odd.text(random)}


_KNOWN: dict[str, bytes] = {}


def _baseline(seed: Seed, trial: Trial) -> bytes:
    """Return the baseline of a scenario as it is; it is made once a process."""
    if seed.name not in _KNOWN:
        before = Trial(trial.folder, Random(0))
        file = trial.beside / "known.json"
        before.words = ["plan", "repo", "--recursive", "--write-baseline", str(file)]
        run(before)
        _KNOWN[seed.name] = file.read_bytes()
        file.unlink()
    return _KNOWN[seed.name]


def _scenario(trial: Trial, random: Random) -> Seed:
    seed = random.choice(scenarios())
    trial.said.append(seed.name)
    trial.lay(seed.files)
    return seed


def _secret_beside(trial: Trial, random: Random) -> None:
    secret = secrets.planted(random)
    trial.secrets.append(secret)
    (trial.outside / "secret.yaml").write_text(f"rules:\n  {secret}: {secret}\n", encoding="utf-8")


def _sound(random: Random) -> str:
    """Return a policy that is one: any severities, and waivers of all shapes."""
    severities = ("error", "warning", "note", "off")
    waivers = [
        {
            "rule": random.choice(_rules()),
            "mapping": random.choice(
                ("*", "aws_lambda_event_source_mapping.*", "*a*", odd.text(random))
            ),
            "reason": random.choice(("x", odd.text(random))),
            **({"until": "2099-12-31"} if random.random() < _COIN else {}),
            **({"unknown": True} if random.random() < _COIN else {}),
        }
        for _ in range(random.randrange(4))
    ]
    given = {
        "extends": random.choice(("current", "strict", "aws-2019")),
        "fail-on": random.choice(severities[:3]),
        "undecided": random.choice(("pass", "fail")),
        "rules": {name: random.choice(severities) for name in random.sample(_rules(), 5)},
        "waivers": waivers,
    }
    return json.dumps(given)


@cache
def _rules() -> tuple[str, ...]:
    given = yaml.safe_load((ROOT / "policies" / "current.yaml").read_text(encoding="utf-8"))
    return tuple(given["rules"])


def _changed_yaml(random: Random, text: str, said: list[str]) -> str:
    """Return a document changed as a tree, or as a text."""
    if random.random() < _COIN:
        tree = json.loads(json.dumps(yaml.safe_load(text), default=str))
        for _ in range(random.choice((1, 1, 2, 3))):
            tree = json_text.changed(random, tree, said, ("rules", "waivers", "mapping", "until"))
        if random.random() < _RARELY and isinstance(tree, dict):
            tree["rules"] = {random.choice(_rules()): odd.value(random) for _ in range(3)}
        return _dumped(tree)
    how = random.choice(sorted(_TEXTS))
    said.append(how)
    return _TEXTS[how](random, text)


def _dumped(tree: Any) -> str:  # noqa: ANN401 - a JSON value
    text = json_text.written(json.loads(json.dumps(tree, default=str)))
    return text.decode()


def _line(random: Random, text: str) -> str:
    lines = text.split("\n")
    at = random.randrange(len(lines))
    lines[at] = random.choice(
        (*_ODD_YAML, *lines, "\t" + lines[at], lines[at] + ": x", " " + lines[at])
    )
    return "\n".join(lines)


def _value(random: Random, text: str) -> str:
    head, colon, tail = text.partition(": ")
    return f"{head}{colon}{random.choice(_ODD_YAML)} {tail}"


def _character(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return (
        text[:at] + random.choice((*odd.INVISIBLE, "\ud800", *"{}[]&*!|>'\"%@`,?-#:")) + text[at:]
    )


_TEXTS: dict[str, Callable[[Random, str], str]] = {
    "a line changed": _line,
    "a value changed": _value,
    "a character put in": _character,
    "an odd document": lambda random, _: random.choice(_ODD_YAML),
    "one more line": lambda random, text: f"{text}{random.choice(_ODD_YAML)}\n",
    "cut off": lambda random, text: text[: random.randrange(len(text))],
    "another policy": lambda random, text: text + random.choice((*_POLICIES, *_CONFIGURATIONS)),
}
