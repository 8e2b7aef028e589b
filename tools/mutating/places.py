"""Places that a value passes through before it reaches its argument.

Each lays a value in one place: what stands for it in the argument, and the files that hold it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TypeAlias

from mutating.change import Files

Place: TypeAlias = Callable[[str, str], tuple[str, Files]]
"""Takes a directory (empty for the root module's) and a value in HCL."""


def _at(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def local(folder: str, value: str) -> tuple[str, Files]:
    """A local value in another file."""
    return "local.chosen", {_at(folder, "locals_chosen.tf"): f"locals {{\n  chosen = {value}\n}}\n"}


def chained_locals(folder: str, value: str) -> tuple[str, Files]:
    """A local value of a local value, one of them in a map."""
    text = f"locals {{\n  all_chosen = {{ first = {value}, other = 0 }}\n"
    text += "  chosen = local.all_chosen.first\n}\n"
    return "local.chosen", {_at(folder, "locals_chosen.tf"): text}


def default(folder: str, value: str) -> tuple[str, Files]:
    """The default of a variable."""
    text = f'variable "chosen" {{\n  default = {value}\n}}\n'
    return "var.chosen", {_at(folder, "variables_chosen.tf"): text}


def tfvars(folder: str, value: str) -> tuple[str, Files]:
    """A variable with a file of values."""
    if folder:
        return optional(folder, value)
    return "var.chosen", {
        "variables_chosen.tf": 'variable "chosen" {}\n',
        "terraform.tfvars": f"chosen = {value}\n",
    }


def json_tfvars(folder: str, value: str) -> tuple[str, Files]:
    """A variable with a file of values in JSON that wins over another."""
    if folder:
        return optional(folder, value)
    return "var.chosen", {
        "variables_chosen.tf": 'variable "chosen" {\n  default = 1\n}\n',
        "x.auto.tfvars.json": json.dumps({"chosen": json.loads(value)}) + "\n",
    }


def optional(folder: str, value: str) -> tuple[str, Files]:
    """An optional attribute of a variable's type."""
    kind = "number" if value[0].isdigit() else "string"
    text = f'variable "chosen" {{\n  type = object({{ it = optional({kind}, {value}) }})\n'
    return "var.chosen.it", {_at(folder, "variables_chosen.tf"): text + "  default = {}\n}\n"}


def json_file(folder: str, value: str) -> tuple[str, Files]:
    """A JSON file that a function reads."""
    text = json.dumps({"chosen": json.loads(value)}, indent=2) + "\n"
    read = 'jsondecode(file("${path.module}/settings_chosen.json")).chosen'
    return read, {_at(folder, "settings_chosen.json"): text}


def yaml_file(folder: str, value: str) -> tuple[str, Files]:
    """A YAML file that a function reads."""
    read = 'yamldecode(file("${path.module}/settings_chosen.yaml")).chosen'
    return read, {_at(folder, "settings_chosen.yaml"): f"chosen: {value}\n"}


def template_file(folder: str, value: str) -> tuple[str, Files]:
    """A template that a function renders."""
    read = 'jsondecode(templatefile("${path.module}/chosen.tftpl", { name = "chosen" })).chosen'
    return read, {_at(folder, "chosen.tftpl"): f'{{"${{name}}": {value}}}'}


def module_output(folder: str, value: str) -> tuple[str, Files]:
    """The argument of a module's call, and the module's output."""
    call = f'module "chosen" {{\n  source = "./chosen"\n  it     = {value}\n}}\n'
    inside = 'variable "it" {}\n\noutput "it" {\n  value = var.it\n}\n'
    return "module.chosen.it", {
        _at(folder, "call_chosen.tf"): call,
        _at(folder, "chosen/main.tf"): inside,
    }


def map_entry(folder: str, value: str) -> tuple[str, Files]:
    """An entry of a map that is looked up under the name of an environment."""
    text = f'locals {{\n  environment = "live"\n  chosen = {{ live = {value}, test = 7 }}\n}}\n'
    return 'lookup(local.chosen, local.environment, "x")', {_at(folder, "locals_chosen.tf"): text}


def merged(folder: str, value: str) -> tuple[str, Files]:
    """What a map lays over another."""
    text = f"locals {{\n  usual = {{ it = 9 }}\n  special = {{ it = {value} }}\n}}\n"
    return "merge(local.usual, local.special).it", {_at(folder, "locals_chosen.tf"): text}


def conditional(folder: str, value: str) -> tuple[str, Files]:
    """A branch of a conditional."""
    text = f'locals {{\n  stage = "live"\n  chosen = local.stage == "live" ? {value} : null\n}}\n'
    return "local.chosen", {_at(folder, "locals_chosen.tf"): text}


def in_a_loop(folder: str, value: str) -> tuple[str, Files]:
    """An element of what a `for` makes."""
    text = f'locals {{\n  pairs = [["a", 8], ["b", {value}]]\n}}\n'
    read = '{ for pair in local.pairs : pair[0] => pair[1] }["b"]'
    return read, {_at(folder, "locals_chosen.tf"): text}


PLACES: dict[str, Place] = {
    each.__name__.replace("_", "-"): each
    for each in (
        *(local, chained_locals, default, tfvars, json_tfvars, optional, json_file, yaml_file),
        *(template_file, module_output, map_entry, merged, conditional, in_a_loop),
    )
}


def in_turn(start: int) -> Iterator[tuple[str, Place]]:
    """Yield the places over and over, from one of them on."""
    names = list(PLACES)
    while True:
        name = names[start % len(names)]
        yield name, PLACES[name]
        start += 1
