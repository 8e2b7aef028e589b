"""Mutation of Terraform's language: its tokens, its arguments and its blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from random import Random

from fuzzing import odd
from fuzzing.expressions import expression, references

TOKEN = re.compile(
    r'"(?:\\.|[^"\\\n])*"|#[^\n]*|//[^\n]*|\d+(?:\.\d+)?|[A-Za-z_][\w-]*|[^\S\n]+|\n|.', re.DOTALL
)
ARGUMENT = re.compile(
    r"^([^\S\n]*)([A-Za-z_][\w-]*)([^\S\n]*=[^\S\n]*)([^\n{\[(<]+)$", re.MULTILINE
)
TOP = re.compile(r'^\w[\w-]*(?: "[^"\n]*")* \{\n(?:.*?\n)??\}\n', re.MULTILINE | re.DOTALL)
INNER = re.compile(r"^( +)([a-z_]+) \{\n((?:\1  .*\n|\n)*)\1\}\n", re.MULTILINE)
_LABEL = re.compile(
    r'^(resource|data|module|variable|output|provider)((?: "[^"\n]*")+) \{', re.MULTILINE
)
_QUOTED = re.compile(r'"((?:\\.|[^"\\\n])*)"')
_NUMBER = re.compile(r"(?<![\w.\"-])\d+(?![\w.\"-])")
_META = (
    "count = {}",
    "for_each = {}",
    "for_each = toset([{}, {}])",
    "depends_on = [{}]",
    "provider = aws.other",
    "lifecycle {{\n ignore_changes = all\n}}",
    "lifecycle {{\n precondition {{\n condition = {}\n error_message = {}\n}}\n}}",
    'dynamic "environment" {{\n for_each = {}\n content {{\n variables = {}\n}}\n}}',
    "region = {}",
    "{} = {}",
)
_BLOCKS = (
    "provider {\n}\n",
    'provider "aws" {\n alias = "other"\n region = EXPR\n}\n',
    "locals {\n fuzzed = EXPR\n other = local.fuzzed\n}\n",
    "locals {\n fuzzed = local.fuzzed\n}\n",
    'variable "fuzzed" {\n type = object({ a = optional(string, EXPR) })\n default = EXPR\n}\n',
    'variable "fuzzed" {\n type = list(number)\n default = [EXPR]\n}\n',
    'variable "fuzzed" {\n validation {\n condition = EXPR\n error_message = "x"\n}\n}\n',
    'output "fuzzed" {\n value = EXPR\n}\n',
    'module "fuzzed" {\n source = "./fuzzed"\n a = EXPR\n}\n',
    'module "fuzzed" {\n source = "."\n}\n',
    'module "fuzzed" {\n source = "../outside"\n}\n',
    'module "fuzzed" {\n source = "terraform-aws-modules/sqs/aws"\n version = EXPR\n}\n',
    'data "aws_iam_policy_document" "fuzzed" {\n override_policy_documents = [EXPR]\n}\n',
    'data "aws_sqs_queue" "fuzzed" {\n name = EXPR\n}\n',
    'data "external" "fuzzed" {\n program = ["touch", "hit"]\n}\n',
    "moved {\n from = aws_sqs_queue.a\n to = EXPR\n}\n",
    'terraform {\n backend "s3" {\n bucket = EXPR\n}\n}\n',
    'check "fuzzed" {\n assert {\n condition = EXPR\n}\n}\n',
    "resource {\n}\n",
    (
        'resource "aws_lambda_event_source_mapping" "x" {\n event_source_arn = EXPR\n'
        " function_name = EXPR\n batch_size = EXPR\n}\n"
    ),
)
_COMMENTS = (
    "# tfcheck: ignore",
    "# tfcheck: ignore[role-cannot-read-queue] reason",
    "# tfcheck: ignore[*] because",
    "// tfcheck: ignore[no-such-rule, receive-count-too-low] until 2020-01-01",
    "/* tfcheck: ignore[dead-letter-queue-missing] */",
    "# tfcheck:ignore[",
    "/* no end",
)
_MOST = 400_000

Change = Callable[[Random, str, Sequence[str]], str]


def mutated(random: Random, text: str, others: Sequence[str], said: list[str]) -> str:
    """Return a file changed in one to five places; `others` are files to take pieces from."""
    for _ in range(random.choice((1, 1, 2, 3, 5))):
        name = random.choice(_WEIGHTED)
        text = CHANGES[name](random, text, others)[:_MOST]
        said.append(name)
    return text


def _one(random: Random, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return random.choice(found) if found else None


def _put(text: str, found: re.Match[str], instead: str, group: int = 0) -> str:
    return text[: found.start(group)] + instead + text[found.end(group) :]


def _number(random: Random, text: str, _: Sequence[str]) -> str:
    found = _one(random, _NUMBER, text)
    return _put(text, found, odd.number(random)) if found else text


def _string(random: Random, text: str, _: Sequence[str]) -> str:
    found = _one(random, _QUOTED, text)
    instead = json.dumps(odd.text(random), ensure_ascii=random.random() < _COIN)[1:-1]
    if found and random.random() < _COIN:
        instead = found[1] + instead
    return _put(text, found, instead, 1) if found else text


def _another_string(random: Random, text: str, others: Sequence[str]) -> str:
    found, other = _one(random, _QUOTED, text), _one(random, _QUOTED, random.choice(others))
    return _put(text, found, other[1], 1) if found and other else text


def _argument(random: Random, text: str, _: Sequence[str]) -> str:
    found = _one(random, ARGUMENT, text)
    instead = expression(random, references(text), random.choice((1, 2, 3, 4)))
    return _put(text, found, instead, 4) if found else text


def _drop_argument(random: Random, text: str, _: Sequence[str]) -> str:
    found = _one(random, ARGUMENT, text)
    return _put(text, found, "") if found else text


def _splice_argument(random: Random, text: str, others: Sequence[str]) -> str:
    found, other = _one(random, ARGUMENT, text), _one(random, ARGUMENT, random.choice(others))
    if not found or not other:
        return text
    return (
        _put(text, found, f"{found[0]}\n{other[0]}")
        if random.random() < _COIN
        else _put(text, found, other[4], 4)
    )


def _rename_argument(random: Random, text: str, others: Sequence[str]) -> str:
    found, other = _one(random, ARGUMENT, text), _one(random, ARGUMENT, random.choice(others))
    return _put(text, found, other[2], 2) if found and other else text


def _meta(random: Random, text: str, _: Sequence[str]) -> str:
    found = _one(random, TOP, text)
    if not found:
        return text
    known = references(text)
    line = random.choice(_META)
    line = line.format(*(expression(random, known, 2) for _ in range(line.count("{}"))))
    return _put(text, found, found[0].replace("{\n", "{\n  " + line.replace("\\", "") + "\n", 1))


def _drop_block(random: Random, text: str, _: Sequence[str]) -> str:
    found = _one(random, random.choice((TOP, INNER)), text)
    return _put(text, found, "") if found else text


def _double_block(random: Random, text: str, _: Sequence[str]) -> str:
    found = _one(random, random.choice((TOP, INNER)), text)
    return _put(text, found, found[0] * random.choice((2, 2, 3, 30))) if found else text


def _splice_block(random: Random, text: str, others: Sequence[str]) -> str:
    pattern = random.choice((TOP, INNER))
    found, other = _one(random, pattern, text), _one(random, pattern, random.choice(others))
    return _put(text, found, found[0] + other[0]) if found and other else text


def _swap_blocks(random: Random, text: str, _: Sequence[str]) -> str:
    found = list(TOP.finditer(text))
    if len(found) < 2:
        return text
    one, other = sorted(random.sample(found, 2), key=lambda m: m.start())
    return (
        text[: one.start()]
        + other[0]
        + text[one.end() : other.start()]
        + one[0]
        + text[other.end() :]
    )


def _add_block(random: Random, text: str, _: Sequence[str]) -> str:
    known = references(text)
    block = random.choice(_BLOCKS)
    while "EXPR" in block:
        block = block.replace("EXPR", expression(random, known, 3).replace("EXPR", ""), 1)
    return f"{text}\n{block}"


def _relabel(random: Random, text: str, others: Sequence[str]) -> str:
    found, other = _one(random, _LABEL, text), _one(random, _LABEL, random.choice(others))
    if not found or not other:
        return text
    labels = random.choice((other[2], "", f' "{json.dumps(odd.text(random))[1:-1]}"', found[2] * 2))
    return _put(text, found, labels, 2)


def _comment(random: Random, text: str, _: Sequence[str]) -> str:
    lines = text.split("\n")
    at = random.randrange(len(lines))
    lines[at] = f"{lines[at]} {random.choice(_COMMENTS)} {odd.text(random)}"
    return "\n".join(lines)


def _tokens(random: Random, text: str, _: Sequence[str]) -> str:
    found = TOKEN.findall(text)
    if not found:
        return text
    at, other = random.randrange(len(found)), random.randrange(len(found))
    match random.randrange(4):
        case 0:
            del found[at]
        case 1:
            found.insert(at, found[other])
        case 2:
            found[at], found[other] = found[other], found[at]
        case _:
            found[at] = random.choice(
                ("{", "}", "(", "]", "=", '"', "${", "<<EOF\n", ",", "?", "...", "~}")
            )
    return "".join(found)


def _character(random: Random, text: str, _: Sequence[str]) -> str:
    at = random.randrange(len(text) + 1)
    instead = random.choice((*odd.INVISIBLE, "\x0b", "\ufeff", "\r\n", "\t", "\ud800", "é", "\x7f"))
    return text[:at] + instead + text[at:]


def _cut(random: Random, text: str, _: Sequence[str]) -> str:
    return text[: random.randrange(len(text) + 1)]


def _line_ends(_random: Random, text: str, _: Sequence[str]) -> str:
    return text.replace("\n", "\r\n")


def _names(random: Random, text: str, _: Sequence[str]) -> str:
    """Rename a thing wherever it is named."""
    found = _one(random, _LABEL, text)
    name = found[2].rpartition('"')[0].rpartition('"')[2] if found else ""
    return (
        text.replace(name, random.choice(("count", "x" * 300, "ünïcode", "for", "a-b", "null")))
        if (name)
        else text
    )


_COIN = 0.5
CHANGES: dict[str, Change] = {
    "a number at a boundary": _number,
    "a text at which programs break": _string,
    "another text": _another_string,
    "an expression in place of a literal": _argument,
    "an argument less": _drop_argument,
    "an argument of another file": _splice_argument,
    "an argument renamed": _rename_argument,
    "a meta-argument": _meta,
    "a block less": _drop_block,
    "a block twice": _double_block,
    "a block of another file": _splice_block,
    "two blocks swapped": _swap_blocks,
    "one more block": _add_block,
    "a label changed": _relabel,
    "a comment": _comment,
    "a token changed": _tokens,
    "a character put in": _character,
    "cut off": _cut,
    "other line ends": _line_ends,
    "a thing renamed": _names,
}
_OFTEN = (
    "a number at a boundary",
    "a text at which programs break",
    "an expression in place of a literal",
)
_WEIGHTED = (*CHANGES, *_OFTEN, *_OFTEN, *_OFTEN, "a block of another file", "a meta-argument")
