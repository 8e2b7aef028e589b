"""Kinds of input: plan JSON and saved plans, alone, beside a configuration, or read from a pipe."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from functools import cache
from random import Random

from fuzzing import asked, json_text, odd
from fuzzing.run import run
from fuzzing.seeds import FIXTURES, configurations, plans, scenarios
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


def _flip(random: Random, data: bytes) -> bytes:
    found = bytearray(data)
    for _ in range(random.choice((1, 2, 8))):
        if found:
            found[random.randrange(len(found))] = random.randrange(256)
    return bytes(found)


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
            members[name] = _flip(random, members[name])
        case 2:
            members[random.choice(_NAMES)] = members.pop(name)
        case _:
            members[name] = random.choice(tuple(members.values()))
    return _zip(members, random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA)))


_NAMES = ("../../outside/x.tf", "/etc/x", "tfconfig/m-/../x.tf", "tfconfig/m-/" + "x" * 300, "TFPLAN")


def _text(random: Random, data: bytes) -> bytes:
    members = _members(data)
    texts = [name for name in members if name in {"tfstate", "tfconfig/modules.json"}]
    name = random.choice(texts or sorted(members))
    try:
        members[name] = json_text.mutated(random, members[name], [])
    except ValueError:
        members[name] = _flip(random, members[name])
    return _zip(members)


def _bomb(random: Random, data: bytes) -> bytes:
    members = _members(data)
    name = random.choice(("tfplan", "tfstate", "tfconfig/m-/main.tf", "other"))
    members[name] = bytes([random.choice((0, 10, 32, 123))]) * (random.choice((1, 8)) << 20)
    return _zip(members)


_CONTAINER: dict[str, Callable[[Random, bytes], bytes]] = {
    "bytes of the container": _flip,
    "cut off": _cut,
    "fields of the plan": _message,
    "fields of the plan, too": _message,
    "fields of the plan as well": _message,
    "a member": _member,
    "a member that is JSON": _text,
    "a member that is large": _bomb,
}


# Protocol buffers, by the wire format: https://protobuf.dev/programming-guides/encoding/

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_SIZES = {_FIXED64: 8, _FIXED32: 4}
_MOST_DEPTH = 6
Field = tuple[int, int, int | bytes]


def fields(data: bytes) -> list[Field]:
    """Return the fields of a message: number, wire type, value; ValueError if it is none."""
    found, at = [], 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if not number:
            raise ValueError("a field without a number")
        value: int | bytes
        if kind == _VARINT:
            value, at = _varint(data, at)
        elif kind == _BYTES or kind in _SIZES:
            size, at = _varint(data, at) if kind == _BYTES else (_SIZES[kind], at)
            value, at = data[at : at + size], at + size
        else:
            raise ValueError("a wire type that is not used")
        if at > len(data):
            raise ValueError("cut off")
        found.append((number, kind, value))
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    found = shift = 0
    while at < len(data):
        found |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 0x80:
            return found, at
    raise ValueError("cut off")


def packed(message: list[Field]) -> bytes:
    """Return the bytes of a message."""
    out = bytearray()
    for number, kind, value in message:
        out += _as_varint(number << 3 | kind)
        if isinstance(value, int):
            out += _as_varint(value)
        else:
            out += (_as_varint(len(value)) if kind == _BYTES else b"") + value
    return bytes(out)


def _as_varint(number: int) -> bytes:
    out = bytearray()
    while True:
        out.append(number & 0x7F | (0x80 if number > 0x7F else 0))  # noqa: PLR2004 - seven bits
        number >>= 7
        if not number:
            return bytes(out)


def message(random: Random, data: bytes, depth: int = 0) -> bytes:
    """Return a message with one field changed, as deep as there are messages."""
    try:
        found = fields(data)
    except ValueError:
        return packed_value(random, data)
    if not found:
        return data + b"\x08\x01"
    at = random.randrange(len(found))
    number, kind, value = found[at]
    match random.randrange(8):
        case 0:
            del found[at]
        case 1:
            found.insert(at, found[at])
        case 2:
            found[at] = (random.randrange(1, 30), kind, value)
        case 3:
            found[at] = found[random.randrange(len(found))]
        case _ if isinstance(value, int):
            found[at] = (number, kind, random.choice((0, 1, 2, 3, 99, 2**31, 2**64 - 1)))
        case _ if kind == _BYTES and depth < _MOST_DEPTH:
            found[at] = (number, kind, message(random, value, depth + 1))
        case _:
            found[at] = (number, kind, _flip(random, value))
    return packed(found)


_ODD_VALUES: tuple[bytes, ...] = (
    b"\xc0",
    b"\xc1",
    b"\xc2",
    b"\x80",
    b"\x90",
    b"\x91" * 2000 + b"\xc0",
    b"\xdd\xff\xff\xff\xff",
    b"\xdf\xff\xff\xff\xff",
    b"\xdb\xff\xff\xff\xff" + b"x",
    b"\xc7\x03\x00abc",
    b"\xd4\x00\x00",
    b"\xc8\xff\xff\x0c",
    b"\xcb" + struct.pack(">d", float("nan")),
    b"\xcb" + struct.pack(">d", float("inf")),
    b"\xcf" + b"\xff" * 8,
    b"\xaa1e99999999",
    b"\xa3\xff\xfe\xfd",
    b"\x82\xa1a\x01\xa1a\x02",
    b"\x81\x01\x02",
)


def packed_value(random: Random, data: bytes) -> bytes:
    """Return a text, or a value of MessagePack, changed."""
    match random.randrange(5):
        case 0:
            return random.choice(_ODD_VALUES)
        case 1:
            return odd.text(random).encode("utf-8", "surrogatepass")[:2000]
        case 2 if data:
            return data[: random.randrange(len(data))]
        case 3:
            at = random.randrange(len(data) + 1)
            return data[:at] + random.choice(_ODD_VALUES) + data[at + 1 :]
        case _:
            return _flip(random, data)


def hidden(trial: Trial) -> None:
    """Plan JSON in which values are not known, and nothing else is changed."""
    random = trial.random
    name = random.choice(_judged())
    told = json.loads((FIXTURES / "scenarios" / name / "plan.json").read_bytes())
    policy = next(seed.words[:2] for seed in scenarios() if seed.name == name)
    trial.quiet = _quiet(name, json.dumps(told).encode(), policy, trial)
    trial.prepare()
    for _ in range(random.choice((1, 1, 2, 4))):
        _forget(random, told, trial.said)
    trial.said.append(name)
    trial.write("plan.json", json.dumps(told))
    (trial.repository / ".git").mkdir()
    asked.plan(trial, "repo/plan.json", policy)


@cache
def _judged() -> tuple[str, ...]:
    folder = FIXTURES / "scenarios"
    return tuple(seed.name for seed in scenarios() if (folder / seed.name / "plan.json").exists())


def _forget(random: Random, told: dict[str, object], said: list[str]) -> None:
    """Make one value of the plan one that is known after apply."""
    changes = told.get("resource_changes")
    planned = [
        each["change"]
        for each in (changes if isinstance(changes, list) else [])
        if isinstance(each["change"].get("after"), dict) and each["change"]["after"]
    ]
    if not planned:
        return
    change = random.choice(planned)
    name = random.choice(sorted(change["after"]))
    value = change["after"].pop(name)
    change.setdefault("after_unknown", {})[name] = True
    said.append(f"{name} = {json.dumps(value):.80} is known after apply")
    told.pop("planned_values", None)


_QUIET: dict[str, Findings] = {}


def _quiet(name: str, data: bytes, policy: tuple[str, ...], trial: Trial) -> Findings:
    if name not in _QUIET:
        before = Trial(trial.folder, Random(0))  # noqa: S311 - no secret
        before.prepare()
        before.write("plan.json", data)
        (before.repository / ".git").mkdir()
        before.words = ["plan", "repo/plan.json", *policy, "--format", "json"]
        _QUIET[name] = Findings.of(run(before).report)
    return _QUIET[name]
