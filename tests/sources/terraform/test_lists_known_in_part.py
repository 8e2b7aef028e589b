"""Lists of which some elements are known: these count, and the rest may be anything.

https://developer.hashicorp.com/terraform/language/functions/concat and the pages beside it.
"""

from __future__ import annotations

import pytest

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.evaluation.functions.function import plain
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import open_root
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.values.terraform_values import Lazy

HERE = Location("test", 1, 1)
INPUTS = """
variable "more" { type = list(string) }
variable "any" {}
variable "tags" { type = map(string) }
variable "name" { type = string }
data "aws_caller_identity" "me" {}
data "external" "e" { program = ["true"] }
locals {
  on   = data.external.e.result.on == "yes"
  list = concat(["a", "b"], var.more)
  tail = concat(var.more, ["a", "b"])
  set  = toset(concat(["a", "b"], var.more))
}
"""


def value(folder, text):
    (folder / "main.tf").write_text(f"{INPUTS}\nlocals {{\n  x = {text}\n}}\n")
    root = open_root(Project(folder, Files(folder)), str(folder), Given())
    return plain(root.named("local", "x", HERE))


KNOWN = {
    'formatlist("%s!", local.list)[1]': "b!",
    'contains(formatlist("%s!", local.tail), "a!")': True,
    'formatlist("%s-%s", "x", local.list)[0]': "x-a",
    'length(formatlist("%s", local.list)) >= 2': True,
    'contains(formatlist("p-%s", var.more), "q-1")': False,
    "local.list[0]": "a",
    "local.list[1]": "b",
    "element(local.list, 1)": "b",
    "slice(local.list, 0, 2)": ("a", "b"),
    'index(local.list, "b")': 1,
    'contains(local.list, "a")': True,
    'contains(local.tail, "b")': True,
    'contains(local.set, "b")': True,
    'contains(tolist(local.set), "b")': True,
    'contains(flatten(["x", local.tail, [["y"]]]), "y")': True,
    'flatten([["x"], local.list])[2]': "b",
    'contains(flatten([var.more, ["x"]]), "x")': True,
    'contains(distinct(concat(var.more, ["x", "x"])), "x")': True,
    'distinct(concat(["x", "x", "y"], var.more))[1]': "y",
    'compact(concat(["", "x"], var.more))[0]': "x",
    'contains(compact([var.name, "x"]), "x")': True,
    'contains(setunion(["x"], var.more), "x")': True,
    'contains(setunion(local.set, ["x"]), "x")': True,
    'contains(setintersection(["x"], var.more), "y")': False,
    'contains(setsubtract(["x"], var.more), "y")': False,
    'contains(setsubtract(local.set, ["b"]), "a")': True,
    'contains(reverse(local.list), "a")': True,
    'contains(sort(local.list), "a")': True,
    "coalescelist(local.list, [])[0]": "a",
    "length(local.list) > 1": True,
    "length(local.list) == 1": False,
    "length(local.set) >= 2": True,
    "length(distinct(local.tail)) >= 2": True,
    '[for x in local.list : "${x}!"][1]': "b!",
    'contains([for x in local.tail : "${x}!"], "b!")': True,
    'contains([for x in local.tail : x if x != "a"], "b")': True,
    'contains([for x in ["a", "b"] : x if local.on], "c")': False,
    '[for x in ["a", "b"] : x if x == "a" || local.on][0]': "a",
    'contains([for x in var.more : "p-${x}"], "q-1")': False,
    "(concat([{ n = 1 }], var.any)[*].n)[0]": 1,
    '(local.on ? ["a", "b"] : ["a"])[0]': "a",
    'contains(local.on ? ["b", "a"] : ["a"], "a")': True,
    'contains(local.on ? ["a"] : [], "b")': False,
    'contains(concat(["x"], local.on ? ["a"] : []), "x")': True,
    'contains(concat(["x"], local.on ? ["a"] : []), "b")': False,
    'contains(jsondecode(jsonencode({ l = local.tail })).l, "a")': True,
    "jsondecode(jsonencode({ l = local.tail, m = 1 })).m": 1,
    'merge(var.tags, { team = "a" }).team': "a",
    'convert(merge(var.any, { a = "x" }), object({ a = string, b = optional(string) })).a': "x",
    'lookup(merge(var.tags, { team = "a" }), "team", "b")': "a",
    'merge(merge(var.tags, { team = "a" }), { n = 1 })["team"]': "a",
    'contains(keys(merge({ team = "a" }, var.tags)), "team")': True,
    'contains(values(merge(var.tags, { team = "a" })), "a")': True,
    'length(merge(var.tags, { team = "a" })) > 0': True,
    'length("a-${var.name}") > 1': True,
    'length("a-${var.name}") == 1': False,
    "length(data.aws_caller_identity.me.account_id) == 12": True,
    'anytrue([for x in local.tail : x == "b"])': True,
    'alltrue([for x in local.tail : x == "b"])': False,
}
UNKNOWN = [
    'formatlist("%s-%s", local.list, local.tail)[0]',
    'formatlist("%s-%s", var.more, var.any)',
    'contains(formatlist("p-%s", var.more), "p-1")',
    "formatlist(var.name, local.list)[0]",
    'length(formatlist("p-%s", var.any)) > 0',
    "local.list[2]",
    "local.tail[0]",
    "local.tail[1]",
    "element(local.list, 2)",
    "element(local.tail, 0)",
    "slice(local.list, 0, 3)",
    "one(local.list)",
    "length(local.list)",
    "length(local.set)",
    "length(local.list) > 2",
    'contains(local.list, "c")',
    'index(local.list, "c")',
    'index(local.tail, "a")',
    'contains(setintersection(["x"], var.more), "x")',
    'contains(setsubtract(["x"], var.more), "x")',
    'contains(setsubtract(local.set, ["a"]), "c")',
    'contains(compact([var.name, "x"]), "y")',
    'compact([var.name, "x"])[0]',
    'distinct(concat(var.more, ["x"]))[0]',
    'contains(local.on ? ["a"] : [], "a")',
    'contains([for x in var.more : "p-${x}"], "p-1")',
    'contains([for x in ["a", "b"] : x if local.on], "a")',
    '[for x in ["a", "b"] : x if x == "b" || local.on][0]',
    'contains(tolist(local.on ? [1] : ["a"]), 1)',
    'anytrue([for x in local.tail : x == "c"])',
    'alltrue([for x in local.list : x != "c"])',
    'merge({ team = "a" }, var.tags).team',
    'merge(var.tags, { team = "a" })["other"]',
    'convert(merge(var.any, { a = "x" }), object({ a = string, b = optional(string, "d") })).b',
    'length("a-${var.name}") > 2',
    'length("é${var.name}") > 0',
    'join(",", local.list)',
    'local.list == ["a", "b"]',
    'coalescelist(var.more, ["a"])[0]',
]  # fmt: skip


@pytest.mark.parametrize("text", KNOWN)
def test_the_known_elements_count(tmp_path, text):
    assert value(tmp_path, text) == KNOWN[text]


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_depends_on_the_rest_is_unknown(tmp_path, text):
    found = value(tmp_path, text)
    assert isinstance(found, (Hole, Lazy)) or found.holes


FILLINGS = ("[]", '["a"]', '["c"]', '["b", "", "a"]', '["x", "y"]', '["1", "p-1"]')


@pytest.mark.sampled(3)
@pytest.mark.parametrize("rest", FILLINGS)
@pytest.mark.parametrize("text", [text for text in KNOWN if "var.any" not in text])
def test_what_is_known_stays_so_once_all_is_known(tmp_path, text, rest):
    words = text.replace("local.on", "(local.n > 1)").replace("var.more", "local.more")
    words = words.replace("var.name", 'join("", local.more)').replace("var.tags", "local.tags")
    inputs = INPUTS.replace("var.more", "local.more").replace(
        "locals {",
        f'locals {{\n n = length(local.more)\n tags = {{ team = "b" }}\n more = tolist({rest})\n',
        1,
    )
    (tmp_path / "main.tf").write_text(f"{inputs}\nlocals {{\n  x = {words}\n}}\n")
    root = open_root(Project(tmp_path, Files(tmp_path)), str(tmp_path), Given())
    assert plain(root.named("local", "x", HERE)) == KNOWN[text]
