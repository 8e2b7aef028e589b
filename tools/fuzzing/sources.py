"""Kinds of input: configurations in both syntaxes, values of variables, trees of modules."""

from __future__ import annotations

import json
import re
from functools import cache
from random import Random
from typing import Any

import hcl2

from fuzzing import asked, hcl, hiding, json_text, odd
from fuzzing.expressions import expression, references
from fuzzing.run import run
from fuzzing.seeds import Seed, configurations, scenarios
from fuzzing.trial import Findings, Trial

_JSON_KEYS = ("resource", "data", "event_source_arn", "function_name", "policy", "role", "count")
_TYPES = (
    "string",
    "number",
    "bool",
    "any",
    "list(string)",
    "set(number)",
    "map(any)",
    "tuple([string, number])",
    "object({ a = string, b = optional(number, 3) })",
    "list(object({ x = map(list(any)) }))",
    "nonsense",
    "optional(string)",
)


def source(trial: Trial) -> None:
    """Terraform's language."""
    seed = trial.random.choice(configurations())
    trial.said.append(seed.name)
    files = dict(seed.files)
    name = trial.random.choice(seed.sources or sorted(files))
    text = files[name].decode("utf-8", "replace")
    text = hcl.mutated(trial.random, text, _others(), trial.said)
    files[name] = text.encode("utf-8", "surrogatepass")
    trial.lay(files)
    asked.plan(trial, words=seed.words)


@cache
def _others() -> tuple[str, ...]:
    return tuple(seed.files[name].decode() for seed in configurations() for name in seed.sources)


def json_syntax(trial: Trial) -> None:
    """Terraform's JSON syntax."""
    name, data = trial.random.choice(_in_json())
    trial.said.append(name)
    trial.write("main.tf.json", json_text.mutated(trial.random, data, trial.said, _JSON_KEYS))
    asked.plan(trial)


@cache
def _in_json() -> tuple[tuple[str, bytes], ...]:
    """Return configurations in JSON: those of the fixtures, and others laid out as such."""
    found = [
        (seed.name, data)
        for seed in configurations()
        for name, data in seed.files.items()
        if name.endswith(".tf.json")
    ]
    for seed in scenarios()[::8]:
        merged: dict[str, Any] = {}
        for name in seed.sources:
            if "/" not in name:
                _merge(merged, _plain(hcl2.loads(seed.files[name].decode())))
        found.append((seed.name, json.dumps(merged).encode()))
    return tuple(found)


def _plain(given: Any) -> Any:  # noqa: ANN401 - what the parser gives
    """Return what python-hcl2 gives as JSON syntax has it, near enough to begin with."""
    if isinstance(given, dict):
        found = {k.strip('"'): _plain(v) for k, v in given.items() if not k.startswith("__")}
        for name in _BARE & found.keys():
            found[name] = json.loads(re.sub(r"\$\{(.*?)\}", r"\1", json.dumps(found[name])))
        return found
    if isinstance(given, list):
        return [_plain(each) for each in given]
    return given.strip('"') if isinstance(given, str) else given


_BARE = {"depends_on", "provider", "ignore_changes", "providers", "type"}
"""The arguments that hold references, and no templates."""


def _merge(under: dict[str, Any], over: dict[str, Any]) -> None:
    """Lay the blocks of a file over those of others."""
    for kind, blocks in over.items():
        for block in blocks:
            for key, value in block.items():
                held = under.setdefault(kind, {})
                held[key] = {**held.get(key, {}), **value} if isinstance(value, dict) else value


def variables(trial: Trial) -> None:
    """Values of variables: by default, files, the command line and the environment."""
    random = trial.random
    seed = random.choice(scenarios())
    trial.said.append(seed.name)
    files = dict(seed.files)
    name = random.choice(seed.sources or sorted(files))
    text = files[name].decode()
    if found := list(hcl.ARGUMENT.finditer(text)):
        place = random.choice(found)
        given = random.choice(
            ("var.fuzzed", "var.fuzzed.a", "var.fuzzed[0]", "lookup(var.fuzzed, 0)")
        )
        text = f"{text[: place.start(4)]}{given}{text[place.end(4) :]}"
    default = f"default = {expression(random, ['null'], 1)}" if random.random() < _RARELY else ""
    declared = (
        f"type = {random.choice(_TYPES)}\n{default}\nnullable = {random.choice(('true', 'false'))}"
    )
    files[name] = f'{text}\nvariable "fuzzed" {{\n{declared}\n}}\n'.encode("utf-8", "surrogatepass")
    trial.lay(files)
    asked.plan(trial, words=seed.words)
    for _ in range(random.choice((1, 1, 2))):
        _given(trial, random)


def _given(trial: Trial, random: Random) -> None:
    value = (
        json.dumps(odd.value(random))
        if random.random() < _COIN
        else expression(random, ["null"], 2)
    )
    line = f"fuzzed = {value}\n"
    match random.randrange(6):
        case 0:
            trial.write("terraform.tfvars", hcl.mutated(random, line, (line,), trial.said))
        case 1:
            trial.write("z.auto.tfvars", line)
        case 2:
            data = json_text.written({"fuzzed": odd.value(random), "other": 1})
            trial.write("a.auto.tfvars.json", json_text.broken(random, data, trial.said))
        case 3:
            trial.words += ["--var", f"fuzzed={_sayable(value)}"]
        case 4:
            trial.environment["TF_VAR_fuzzed"] = _sayable(value)
        case _:
            file = trial.beside / random.choice(("a.tfvars", "a.tfvars.json", "a"))
            file.write_bytes(line.encode("utf-8", "surrogatepass"))
            trial.words += ["--var-file", str(file)]
    trial.said.append(f"fuzzed = {value[:200]!r}")


def _sayable(text: str) -> str:
    """Return a text that an argument or the environment can hold."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:100_000]


_COIN, _RARELY = 0.5, 0.3


def modules(trial: Trial) -> None:
    """Trees of modules: what calls what, and what is said to be installed where."""
    random = trial.random
    seed = random.choice([seed for seed in configurations() if any("/" in n for n in seed.files)])
    trial.said.append(seed.name)
    files = dict(seed.files)
    name = random.choice([name for name in seed.sources if "/" in name] or seed.sources)
    text = hcl.mutated(random, files[name].decode(), _others(), trial.said)
    known = references(text)
    sources = (
        "./",
        ".",
        "..",
        "../outside",
        "./modules/" + "a/" * 30,
        "/etc",
        "git::x",
        "a/b/c",
        "",
    )
    for n in range(random.choice((0, 1, 3))):
        argument = expression(random, known, 2)
        text += f'\nmodule "m{n}" {{\n source = "{random.choice(sources)}"\n x = {argument}\n}}\n'
    files[name] = text.encode("utf-8", "surrogatepass")
    trial.lay(files)
    if random.random() < _COIN:
        listed = [
            {"Key": key, "Source": random.choice(sources), "Dir": random.choice(_DIRECTORIES)}
            for key in ("", "m0", "m1", "worker", "a.b")
        ]
        data = json_text.written({"Modules": listed})
        trial.write(".terraform/modules/modules.json", json_text.mutated(random, data, trial.said))
    asked.plan(trial, words=[*seed.words, *(["--recursive"] if random.random() < _RARELY else [])])


_DIRECTORIES = (
    ".",
    "..",
    "../outside",
    "/etc",
    ".terraform/modules/m0",
    "modules",
    "",
    "a\x00b",
    "main.tf",
)


def hidden(trial: Trial) -> None:
    """Scenarios of which something is hidden, and nothing else changed."""
    random = trial.random
    seed = random.choice([seed for seed in scenarios() if seed.sources])
    texts = {name: seed.files[name].decode() for name in seed.sources}
    every = [place for name, text in texts.items() for place in hiding.places(name, text)]
    places = hiding.chosen(random, every)
    for place in places:
        trial.said.append(f"{seed.name}: {texts[place.file][place.start : place.end]!r} is hidden")
        hidden_text = texts[place.file][place.start : place.end]
        trial.assumed |= hiding.assumed_of(hidden_text)
    trial.quiet = _quiet(seed, trial)
    trial.prepare()
    trial.lay(seed.files)
    trial.lay({k: v.encode() for k, v in hiding.hide(texts, places, random).items()})
    (trial.repository / ".git").mkdir()
    asked.plan(trial, words=seed.words)


_QUIET: dict[str, Findings] = {}


def _quiet(seed: Seed, trial: Trial) -> Findings:
    """Return what is found in a scenario as it is; it is checked once a process."""
    if seed.name not in _QUIET:
        before = Trial(trial.folder, Random(0))
        before.prepare()
        before.lay(seed.files)
        (before.repository / ".git").mkdir()
        before.words = ["plan", "repo", *seed.words, "--format", "json"]
        _QUIET[seed.name] = Findings.of(run(before).report)
    return _QUIET[seed.name]
