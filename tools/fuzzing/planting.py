"""Kinds of input with a secret in them: sensitive variables and values, and files outside."""

from __future__ import annotations

import json
import os
from random import Random
from typing import Any

from fuzzing import asked, hcl, secrets
from fuzzing.json_text import at, places
from fuzzing.planned import planned_values
from fuzzing.seeds import plans, scenarios
from fuzzing.trial import Trial

_MADE = (
    "SECRET",
    '"${SECRET}"',
    '"a-${SECRET}-b"',
    'join("-", split("", SECRET))',
    'join(",", [for c in split("", SECRET) : c])',
    "substr(SECRET, 0, 8)",
    "upper(SECRET)",
    "lower(SECRET)",
    "strrev(SECRET)",
    "base64encode(SECRET)",
    "sha256(SECRET)",
    "md5(SECRET)",
    "urlencode(SECRET)",
    "jsonencode({ a = SECRET })",
    "jsonencode({ (SECRET) = 1 })",
    'jsonencode([for c in split("", SECRET) : c])',
    "keys({ (SECRET) = 1 })[0]",
    "{ (SECRET) = SECRET }",
    "[SECRET]",
    'tomap({ a = SECRET })["a"]',
    'regex("(.*)", SECRET)[0]',
    'regexall(".{6}", SECRET)[0]',
    'replace(SECRET, "/./", "$0-")',
    'format("%s", SECRET)',
    'format("%q", SECRET)',
    "tonumber(SECRET)",
    "tobool(SECRET)",
    "tolist(SECRET)",
    "SECRET + 1",
    "SECRET.a",
    "SECRET[0]",
    "SECRET[SECRET]",
    "true ? SECRET : SECRET",
    'SECRET == "x" ? 1 : SECRET',
    "yamlencode({ a = SECRET })",
    "jsondecode(SECRET)",
    "csvdecode(SECRET)",
    'timeadd(SECRET, "1h")',
    "cidrsubnet(SECRET, 1, 1)",
    "file(SECRET)",
    "templatefile(SECRET, {})",
    "nosuch(SECRET)",
    "lookup({}, SECRET)",
    "lookup({ a = 1 }, SECRET, SECRET)",
    "element([SECRET], 0)",
    'coalesce("", SECRET)',
    "try(tonumber(SECRET), SECRET)",
    "local.fuzzed",
    "local.fuzzed.a[0]",
    'trimprefix(SECRET, "J")',
    "sensitive(SECRET)",
    "chunklist([SECRET, SECRET], 1)[0][0]",
    "flatten([[SECRET]])[0]",
    "range(SECRET)",
    "parseint(SECRET, 36)",
    'strcontains(SECRET, "J") ? SECRET : null',
    "values({ a = SECRET })",
    "zipmap([SECRET], [SECRET])",
    '"%{ for c in split("", SECRET) }${c} %{ endfor }"',
)
_NUMERIC = (
    "SECRET",
    "SECRET * 2",
    "SECRET + 1",
    "-SECRET",
    'format("%x", SECRET)',
    "tostring(SECRET)",
    '"${SECRET}"',
    "max(SECRET, 1)",
    "SECRET * 1000",
    "[SECRET][0]",
)
_ATTRIBUTES = hcl.ARGUMENT
_NUMBER_SHARE, _COIN = 0.2, 0.5


def sensitive(trial: Trial) -> None:
    """A sensitive variable of which something is made, wherever an argument stands."""
    random = trial.random
    seed = random.choice([seed for seed in scenarios() if seed.sources])
    trial.said.append(seed.name)
    numeric = random.random() < _NUMBER_SHARE
    secret = str(secrets.planted_number(random)) if numeric else secrets.planted(random)
    trial.secrets.append(secret)
    files = dict(seed.files)
    for _ in range(random.choice((1, 1, 2, 3))):
        name = random.choice(seed.sources)
        text = files[name].decode()
        if found := list(_ATTRIBUTES.finditer(text)):
            place = random.choice(found)
            made = random.choice(_NUMERIC if numeric else _MADE)
            if place[2] in {"source", "type", "required_version"}:
                continue
            trial.said.append(f"{place[2]} = {made}")
            text = (
                text[: place.start(4)] + made.replace("SECRET", "var.fuzzed") + text[place.end(4) :]
            )
            files[name] = text.encode()
    root = next((name for name in seed.sources if "/" not in name), seed.sources[0])
    default = f"default = {json.dumps(secret)}\n" if random.random() < _COIN else ""
    made = random.choice(_MADE).replace("SECRET", "var.fuzzed").replace("local.fuzzed", "1")
    typed = random.choice(("", "type = string\n"))
    declared = f'\nvariable "fuzzed" {{\nsensitive = true\n{typed}{default}}}\n'
    declared += f"locals {{\n fuzzed = {{ a = [{made}] }}\n}}\n"
    files[root] += declared.encode()
    trial.lay(files)
    asked.plan(trial, words=seed.words)
    if not default:
        _give(trial, random, secret)


def _give(trial: Trial, random: Random, secret: str) -> None:
    match random.randrange(5):
        case 0:
            trial.words += ["--var", f"fuzzed={secret}"]
        case 1:
            trial.environment["TF_VAR_fuzzed"] = secret
        case 2:
            trial.write("terraform.tfvars", f'fuzzed = "{secret}"\n')
        case 3:
            trial.write("a.auto.tfvars.json", json.dumps({"fuzzed": secret}))
        case _:
            # The value alone: a mistake that people make.
            trial.words += ["--var", secret]
            trial.said.append("--var without a name")


def sensitive_plan(trial: Trial) -> None:
    """Plan JSON with values that it marks as sensitive."""
    random = trial.random
    given = json.loads(random.choice(plans("plan.json")))
    secret = secrets.planted(random)
    trial.secrets.append(secret)
    changes = [c for c in given.get("resource_changes", ()) if c["change"].get("after")]
    for _ in range(random.choice((1, 1, 3))):
        if not changes:
            break
        change = changes.pop(random.randrange(len(changes)))
        after = change["change"]["after"]
        listed = [p for p in places(after) if p and isinstance(at(after, p), (str, int, float))]
        if not listed:
            continue
        path = random.choice(listed)
        at(after, path[:-1])[path[-1]] = random.choice((secret, f"a{secret}b"))
        change["change"]["after_sensitive"] = _marks(path)
        trial.said.append(f"{change['address']}: {path} is sensitive")
        _mark_planned(given, change["address"], path, secret)
    trial.write("plan.json", json.dumps(given))
    asked.plan(trial, "repo/plan.json")


def _marks(path: tuple[object, ...]) -> object:
    """Return the tree of marks that makes the value at a path sensitive."""
    found: object = True
    for step in reversed(path):
        found = {step: found} if isinstance(step, str) else [*([False] * int(str(step))), found]
    return found


def _mark_planned(
    given: dict[str, Any], address: str, path: tuple[object, ...], secret: str
) -> None:
    """Say the same where the planned values are listed."""
    for values in planned_values(given, address):
        at(values, path[:-1])[path[-1]] = secret


_NAMES = ("secret.txt", "secret.json", "secret.yaml", "secret.tf", "secret.tfvars", "secret.tftpl")
_READERS = (
    'file("PATH")',
    'filebase64("PATH")',
    'filesha256("PATH")',
    'fileexists("PATH")',
    'templatefile("PATH", {})',
    'jsondecode(file("PATH"))',
    'yamldecode(file("PATH"))',
    'fileset("PATH", "**")',
    'try(file("PATH"), "x")',
    'file("${path.module}/PATH")',
    'file("${path.root}/PATH")',
    'file(abspath("PATH"))',
    'file(pathexpand("~/outside/secret.txt"))',
    'split("\\n", file("PATH"))[0]',
)


def outside(trial: Trial) -> None:
    """Files outside the repository, and everything that may lead to them."""
    random = trial.random
    seed = random.choice([seed for seed in scenarios() if seed.sources])
    trial.said.append(seed.name)
    secret = secrets.planted(random)
    trial.secrets.append(secret)
    for name in _NAMES:
        (trial.outside / name).write_text(_holding(name, secret), encoding="utf-8")
    (trial.outside / f"{secret}.tf").write_text("", encoding="utf-8")
    files = dict(seed.files)
    name = random.choice(seed.sources)
    text = files[name].decode()
    path = _way_out(trial, random)
    if found := list(_ATTRIBUTES.finditer(text)):
        place = random.choice(found)
        made = random.choice(_READERS).replace("PATH", path)
        trial.said.append(f"{place[2]} = {made}")
        text = text[: place.start(4)] + made + text[place.end(4) :]
    if random.random() < _NUMBER_SHARE:
        text += f'\nmodule "fuzzed" {{\n source = "{os.path.dirname(path)}"\n}}\n'  # noqa: PTH120 - HCL
    files[name] = text.encode()
    trial.lay(files)
    (trial.repository / ".git").mkdir(exist_ok=True)
    asked.plan(trial, words=seed.words)


_WAYS_OUT = (
    "dots",
    "absolute",
    "link",
    "linked folder",
    "link of a link",
    "dots through a folder",
    "named source",
)
_LINKED = (
    "linked.tf",
    "terraform.tfvars",
    "x.auto.tfvars",
    ".tfcheck.yaml",
    "x.tf.json",
    "override.tf",
)


def _way_out(trial: Trial, random: Random) -> str:
    """Return a path to the secret as a configuration would name it, and make what it needs."""
    name = random.choice(_NAMES)
    match way := random.choice(_WAYS_OUT):
        case "dots":
            path = f"../outside/{name}"
        case "absolute":
            path = str(trial.outside / name)
        case "link":
            path = "link"
            (trial.repository / "link").symlink_to(f"../outside/{name}")
        case "linked folder":
            path = f"linked/{name}"
            (trial.repository / "linked").symlink_to(trial.outside)
        case "link of a link":
            path = "a"
            (trial.repository / "a").symlink_to("b")
            (trial.repository / "b").symlink_to(f"../outside/{name}")
        case "dots through a folder":
            path = f"d/../../outside/{name}"
            (trial.repository / "d").mkdir()
        case _:
            linked = random.choice(_LINKED)
            path = f"../outside/{name}"
            (trial.repository / linked).symlink_to(f"../outside/{name}")
    trial.said.append(way)
    return path


def _holding(name: str, secret: str) -> str:
    """Return a file that holds a secret, as its name says what it is."""
    match name.rpartition(".")[2]:
        case "json":
            return json.dumps({"key": secret, secret: [secret]})
        case "yaml":
            return f"key: {secret}\n{secret}: 1\nrules: {{{secret}: error}}\n"
        case "tf":
            return f'resource "aws_sqs_queue" "{secret}" {{\n  name = "{secret}"\n {secret}\n}}\n'
        case "tfvars":
            return f'fuzzed = "{secret}"\n{secret} = 1\n'
        case _:
            return f"{secret}\n${{{secret}}}\n"
