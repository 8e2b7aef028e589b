"""Kinds of input: plan JSON and saved plans, alone, beside a configuration, or read from a pipe."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from random import Random
from typing import Any

from fuzzing import asked, json_text
from fuzzing.messages import flipped, message
from fuzzing.run import run
from fuzzing.seeds import configurations, plans, scenarios
from fuzzing.trial import Findings, Trial

_KEYS = (
    "after",
    "after_unknown",
    "actions",
    "address",
    "type",
    "index",
    "mode",
    "values",
    "expressions",
    "constant_value",
    "references",
    "variables",
    "format_version",
    "module_calls",
    "policy",
    "event_source_arn",
    "resource_changes",
    "planned_values",
    "for_each_expression",
    "provider_config_key",
)
_RARELY, _COIN = 0.2, 0.5


def plan_json(trial: Trial) -> None:
    """The JSON of a plan, or of a state."""
    random = trial.random
    data = random.choice(plans("plan.json"))
    changed = json_text.mutated(random, data, trial.said, _KEYS)
    _asked(trial, "plan.json", changed)


def saved_plan(trial: Trial) -> None:
    """A saved plan: the container, its members, the messages in them and the values in these."""
    random = trial.random
    data = random.choice(plans("plan.tfplan"))
    how = random.choice(sorted(_CONTAINER))
    trial.said.append(how)
    _asked(trial, random.choice(("plan.tfplan", "plan", "x.zip")), _CONTAINER[how](random, data))


def _asked(trial: Trial, name: str, data: bytes) -> None:
    random = trial.random
    if random.random() < _RARELY and name.endswith(".json"):
        trial.stdin = data
        asked.plan(trial, "-")
        return
    if random.random() < _RARELY:
        seed = random.choice(configurations())
        trial.lay(seed.files)
        (trial.beside / name).write_bytes(data)
        asked.plan(trial, words=["--plan", str(trial.beside / name)])
        return
    trial.write(name, data)
    asked.plan(trial, f"repo/{name}")


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zip(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, compression)
    return out.getvalue()


def _cut(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(len(data))]


def _message(random: Random, data: bytes) -> bytes:
    members = _members(data)
    members["tfplan"] = message(random, members.get("tfplan", b""))
    return _zip(members)


def _member(random: Random, data: bytes) -> bytes:
    members = _members(data)
    name = random.choice(sorted(members))
    match random.randrange(4):
        case 0:
            del members[name]
        case 1:
            members[name] = flipped(random, members[name])
        case 2:
            members[random.choice(_NAMES)] = members.pop(name)
        case _:
            members[name] = random.choice(tuple(members.values()))
    return _zip(
        members, random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA))
    )


_NAMES = (
    "../../outside/x.tf",
    "/etc/x",
    "tfconfig/m-/../x.tf",
    "tfconfig/m-/" + "x" * 300,
    "TFPLAN",
)


def _text(random: Random, data: bytes) -> bytes:
    members = _members(data)
    texts = [name for name in members if name in {"tfstate", "tfconfig/modules.json"}]
    name = random.choice(texts or sorted(members))
    try:
        members[name] = json_text.mutated(random, members[name], [])
    except ValueError:
        members[name] = flipped(random, members[name])
    return _zip(members)


def _bomb(random: Random, data: bytes) -> bytes:
    members = _members(data)
    name = random.choice(("tfplan", "tfstate", "tfconfig/m-/main.tf", "other"))
    members[name] = bytes([random.choice((0, 10, 32, 123))]) * (random.choice((1, 8)) << 20)
    return _zip(members)


_CONTAINER: dict[str, Callable[[Random, bytes], bytes]] = {
    "bytes of the container": flipped,
    "cut off": _cut,
    "fields of the plan": _message,
    "fields of the plan, too": _message,
    "fields of the plan as well": _message,
    "a member": _member,
    "a member that is JSON": _text,
    "a member that is large": _bomb,
}


def hidden(trial: Trial) -> None:
    """Plan JSON in which values are not known, and nothing else is changed."""
    random = trial.random
    name = random.choice(_judged())
    seed = next(seed for seed in scenarios() if seed.name == name)
    given = json.loads((seed.folder / _PLAN).read_bytes())
    policy = seed.words[:2]
    trial.quiet = _quiet(name, json.dumps(given).encode(), policy, trial)
    trial.prepare()
    for _ in range(random.choice((1, 1, 2, 4))):
        _forget(random, given, trial.said)
    trial.said.append(name)
    trial.write("plan.json", json.dumps(given))
    (trial.repository / ".git").mkdir()
    asked.plan(trial, "repo/plan.json", policy)


@cache
def _judged() -> tuple[str, ...]:
    return tuple(seed.name for seed in scenarios() if (seed.folder / _PLAN).exists())


_PLAN = "recorded/plan.json"


def _forget(random: Random, given: dict[str, Any], said: list[str]) -> None:
    """Make one value of the plan one that is known after apply."""
    changes = given.get("resource_changes")
    planned = [
        each
        for each in (changes if isinstance(changes, list) else [])
        if isinstance(each["change"].get("after"), dict) and each["change"]["after"]
    ]
    if not planned:
        return
    chosen = random.choice(planned)
    change = chosen["change"]
    name = random.choice(sorted(change["after"]))
    value = change["after"].pop(name)
    change.setdefault("after_unknown", {})[name] = True
    said.append(f"{name} = {json.dumps(value):.80} is known after apply")
    for values in planned_values(given, chosen["address"]):
        values.pop(name, None)


def planned_values(given: dict[str, Any], address: str) -> Iterator[dict[str, Any]]:
    """Yield what the planned values of a resource are, where they are listed."""
    left: list[Any] = [given.get("planned_values")]
    while left:
        node = left.pop()
        if isinstance(node, list):
            left += node
        elif isinstance(node, dict):
            if node.get("address") == address and isinstance(node.get("values"), dict):
                yield node["values"]
            left += node.values()


_QUIET: dict[str, Findings] = {}


def _quiet(name: str, data: bytes, policy: tuple[str, ...], trial: Trial) -> Findings:
    if name not in _QUIET:
        before = Trial(trial.folder, Random(0))
        before.prepare()
        before.write("plan.json", data)
        (before.repository / ".git").mkdir()
        before.words = ["plan", "repo/plan.json", *policy, "--format", "json"]
        _QUIET[name] = Findings.of(run(before).report)
    return _QUIET[name]
