"""Hostile input of every kind that `tfcheck plan` reads, each under 1 MB.

An attack is a name and a function that makes its files: their names relative to the root, and what
they hold. `ATTACKS` is imported by the fuzzer, too. What a run may do with any of them: end soon,
with exit code 0, 1 or 2, without a traceback.
"""

# ruff: noqa: E501, ARG005 - a table, whose lines are the attacks

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass

Files = dict[str, bytes | str]

HEAD = """
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:q"
  function_name    = "f"
  batch_size       = VALUE
}
"""
MEGABYTE = 990_000
DEEP = "/".join("a" * 200)


@dataclass(frozen=True, slots=True)
class Attack:
    """One input: `target` is what `tfcheck plan` is given, `words` what else."""

    name: str
    make: Callable[[], Files]
    target: str = "."
    words: tuple[str, ...] = ()


def _value(expression: str, before: str = "") -> Callable[[], Files]:
    """Return a configuration of which one value is an expression; `before` stands beside it."""
    return lambda: {"main.tf": HEAD.replace("VALUE", expression) + before}


def _long(expression: str, before: str = "") -> Callable[[], Files]:
    """Return the same with `A` filled up with letters to nearly a megabyte."""
    letters = "a" * (MEGABYTE - 1000)
    return lambda: {
        "main.tf": HEAD.replace("VALUE", expression) + f'locals {{\n  a = file("a")\n{before}}}\n',
        "a": letters,
    }


def _of(filler: str, expression: str, before: str = "") -> Callable[[], Files]:
    """Return the same with a file `a` of another filler."""
    many = filler * ((MEGABYTE - 1000) // len(filler.encode()))
    return lambda: {
        "main.tf": HEAD.replace("VALUE", expression) + f'locals {{\n  a = file("a")\n{before}}}\n',
        "a": many,
    }


def _lines(line: Callable[[int], str], count: int) -> str:
    return "locals {\n" + "".join(f"  {line(n)}\n" for n in range(count)) + "}\n"


def _doubling(first: str, step: str, deep: int = 40) -> str:
    return _lines(lambda n: f"d{n} = {step.replace('@', f'local.d{n - 1}') if n else first}", deep)


THOUSAND = "range(1000)"
UNKNOWN = 'variable "v" {}\n'
BIG = "9" * 5000

NUMBERS = {
    "exponent literal": _value("1e1000000000"),
    "negative exponent literal": _value("1e-1000000000"),
    "exponent literal negated": _value("-1e1000000000"),
    "exponents multiplied": _value("1e999999 * 1e999999"),
    "exponents added": _value("1e999999999 + 1e-999999999"),
    "exponents divided": _value("1e-999999999 / 1e999999999"),
    "exponents compared": _value("1e999999999 > 1e-999999999 ? 1 : 2"),
    "exponents equal": _value("1e999999999 == 1e999999999 ? 1 : 2"),
    "exponents modulo": _value("1e999999999 % 3"),
    "modulo of a long number": _value(f"{BIG} % 7"),
    "negation overflow": _value("-1e999999999999999999"),
    "exponent of twenty digits": _value("1e99999999999999999999"),
    "1e4095 in a text": _value('length("${1e4095}")'),
    "1e100000 in a text": _value('length("${1e100000}")'),
    "5,000 digits": _value(BIG),
    "a megabyte of digits": lambda: {"main.tf": HEAD.replace("VALUE", "9" * MEGABYTE)},
    "a megabyte of decimals": lambda: {"main.tf": HEAD.replace("VALUE", "0." + "9" * MEGABYTE)},
    "5,000 digits as an index": _value(f"[1, 2][{BIG}]"),
    "5,000 digits as a legacy index": _value(f"local.a.{BIG}", "locals {\n  a = [1]\n}\n"),
    "a digit of another script as an attribute": _value(
        "local.a.\u00b2", "locals {\n  a = [1]\n}\n"
    ),
    "digits of another script as a receive count": lambda: {
        "main.tf": HEAD.replace("VALUE", "1").replace(
            '"arn:aws:sqs:eu-west-1:111122223333:q"', "aws_sqs_queue.q.arn"
        )
        + 'resource "aws_sqs_queue" "q" {\n  name = "q"\n  redrive_policy = '
        + '"{\\"maxReceiveCount\\": \\"\u00b2\\", \\"deadLetterTargetArn\\": \\"x\\"}"\n}\n'
    },
    "5,000 digits as a key": _value(f"{{{BIG} = 1}}[1]"),
    "5,000 digits in a text": _value(f'length("${{{BIG}}}")'),
    "5,000 digits as count": lambda: {
        "main.tf": HEAD.replace("VALUE", "1").replace("batch", f"count = {BIG}\n  batch")
    },
    "exponent as count": lambda: {
        "main.tf": HEAD.replace("VALUE", "1").replace("batch", "count = 1e999999999\n  batch")
    },
    "exponent as timeout": lambda: {
        "main.tf": HEAD.replace("VALUE", "1").replace(
            '"arn:aws:sqs:eu-west-1:111122223333:q"', "aws_sqs_queue.q.arn"
        )
        + 'resource "aws_sqs_queue" "q" {\n  name = "q"\n'
        + "  visibility_timeout_seconds = 1e999999999\n  message_retention_seconds = "
        + f"{BIG}\n}}\n"
    },
    "tonumber of an exponent": _value('tonumber("1e1000000000")'),
    "tonumber of digits": _value(f'tonumber("{BIG}")'),
    "tonumber of a binary exponent": _value('tonumber("1p1000000000")'),
    "a digit text as an operand": _value(f'"{BIG}" + 1'),
    "parseint of digits": _of("9", "parseint(local.a, 10)"),
    "parseint in base 36": _of("z", "parseint(local.a, 36)"),
    "pow": _value("pow(10, 1e999999999)"),
    "pow of 5,000 digits": _value(f"pow({BIG}, {BIG})"),
    "log of an exponent": _value("log(1e999999999, 10)"),
    "ceil of an exponent": _value("ceil(1e-999999999) + floor(1e999999999) + abs(-1e999999999)"),
    "max of exponents": _value("max(1e999999999, 1e-999999999, 1)"),
    "signum of an exponent": _value("signum(1e999999999)"),
    "range over exponents": _value("length(range(0, 1e999999999, 1e999999))"),
    "range of small steps": _value("length(range(0, 1, 1e-999999999))"),
    "sum of exponents": _value("sum([1e999999999, 1e-999999999])"),
    "format %d of an exponent": _value('length(format("%d", 1e999999999))'),
    "format %f of an exponent": _value('length(format("%f", 1e999999999))'),
    "format %g of an exponent": _value('length(format("%g", 1e-999999999))'),
    "format %v of digits": _value(f'length(format("%v %d %x", {BIG}, {BIG}, {BIG}))'),
    "format with a width of digits": _value(f'length(format("%{BIG}d", 1))'),
    "format with an index of digits": _value(f'length(format("%[{BIG}]d", 1))'),
    "jsonencode of an exponent": _value("length(jsonencode([1e999999999, 1e-999999999]))"),
    "yamlencode of an exponent": _value("length(yamlencode([1e999999999, 1e-999999999]))"),
    "jsondecode of digits": _value(f'jsondecode("{BIG}")'),
    "jsondecode of an exponent": _value('jsondecode("1e1000000000")'),
    "jsondecode of small exponents": _value('jsondecode("[1e-999999999, 1e999999999]")[0] + 1'),
    "yamldecode of digits": _value(f'yamldecode("{BIG}")'),
    "yamldecode of an exponent": _value('yamldecode("1e1000000000")'),
    "yamldecode of hexadecimal digits": _value(f'yamldecode("0x{"f" * 5000}")'),
    "yamldecode of octal digits": _value(f'yamldecode("0o{"7" * 5000}")'),
    "yamldecode of binary digits": _value(f'yamldecode("0b{"1" * 5000}")'),
    "yamldecode of sixties": _value(f'yamldecode("{"59:" * 5000}59")'),
    "csvdecode of digits": _value(f'csvdecode("a\\n{BIG}")[0].a + 1'),
    "substr with digits": _value(f'length(substr("abc", 0, {BIG}))'),
    "cidrsubnet with digits": _value(f'length(cidrsubnet("10.0.0.0/8", {BIG}, {BIG}))'),
    "cidrhost with digits": _value(f'length(cidrhost("10.0.0.0/8", {BIG}))'),
    "cidr length of digits": _value(f'length(cidrhost("10.0.0.0/{BIG}", 1))'),
    "element with digits": _value(f"element([1, 2], {BIG})"),
    "timeadd with digits": _value(f'length(timeadd("2020-01-01T00:00:00Z", "{BIG}h"))'),
    "timeadd with many units": _of("1h", 'length(timeadd("2020-01-01T00:00:00Z", local.a))'),
    "bcrypt with digits": _value(f'length(bcrypt("a", {BIG}))'),
    "indent by digits": _value(f'length(indent({BIG}, "a\\nb"))'),
    "indent by an exponent": _value('length(indent(1e999999999, "a\\nb"))'),
    "a set of exponents": _value("length(toset([1e999999999, 1e-999999999, 1e99999999]))"),
    "exponents as strings": _value("length(tostring(1e999999999))"),
    "numbers that grow": _value("length(tostring(local.d39))", _doubling("9", "@ * @", 40)),
    "decimals that grow": _value(
        "length(tostring(local.d39))", _doubling("0.1", "@ * @ + 0.1", 40)
    ),
    "quotients that grow": _value(
        "length(tostring(local.d39))", _doubling("3", "1 / (@ + 0.7)", 40)
    ),
    "a thousand long divisions": _value(f"sum([for i in {THOUSAND}: 1 / (i + 0.{'7' * 150})])"),
    "JSON: exponent": lambda: {"main.tf.json": _json_head("1e1000000000")},
    "JSON: digits": lambda: {"main.tf.json": _json_head(BIG)},
    "JSON: digits in an expression": lambda: {"main.tf.json": _json_head(f'"${{{BIG}}}"')},
    "JSON: a megabyte of digits": lambda: {"main.tf.json": _json_head("9" * (MEGABYTE - 1000))},
    "tfvars: exponent": lambda: _tfvars("v = 1e1000000000\n"),
    "tfvars: digits": lambda: _tfvars(f"v = {BIG}\n"),
    "tfvars: a list of digits": lambda: _tfvars(f"v = [{BIG}]\n"),
    "tfvars.json: exponent": lambda: _tfvars('{"v": 1e1000000000}', "terraform.tfvars.json"),
    "tfvars.json: small exponent": lambda: _tfvars('{"v": 1e-1000000000}', "terraform.tfvars.json"),
    "tfvars.json: digits": lambda: _tfvars(f'{{"v": {BIG}}}', "terraform.tfvars.json"),
    "tfvars.json: NaN": lambda: _tfvars('{"v": NaN}', "terraform.tfvars.json"),
    "tfvars.json: Infinity": lambda: _tfvars('{"v": [-Infinity]}', "terraform.tfvars.json"),
    "tfvars.json: exponent of twenty digits": lambda: _tfvars(
        '{"v": 1e99999999999999999999}', "terraform.tfvars.json"
    ),
    "plan JSON: exponent": lambda: {"plan.json": _plan_json("1e1000000000")},
    "plan JSON: digits": lambda: {"plan.json": _plan_json(BIG)},
    "plan JSON: NaN": lambda: {"plan.json": _plan_json("NaN")},
    "policy: digits": lambda: _policy(f'{{"NumericLessThan": {{"aws:x": {BIG}}}}}'),
    "policy: exponent": lambda: _policy('{"NumericLessThan": {"aws:x": "1e1000000000"}}'),
    "policy: digits in a text": lambda: _policy(f'{{"NumericEquals": {{"aws:x": "{BIG}"}}}}'),
    "policy: date of digits": lambda: _policy(
        f'{{"DateLessThan": {{"aws:CurrentTime": "{BIG}"}}}}'
    ),
    "redrive: digits": lambda: {
        "main.tf": HEAD.replace("VALUE", "1").replace(
            '"arn:aws:sqs:eu-west-1:111122223333:q"', "aws_sqs_queue.q.arn"
        )
        + 'resource "aws_sqs_queue" "q" {\n  name = "q"\n  redrive_policy = '
        + f'"{{\\"maxReceiveCount\\": {BIG}, \\"deadLetterTargetArn\\": \\"arn:aws:sqs:eu-west-1:111122223333:d\\"}}"'
        + "\n}\n"
    },
    "rule policy: digits": lambda: {
        "main.tf": HEAD.replace("VALUE", "1"),
        "p.yaml": f"name: p\nextends: current\nrules:\n  visibility-timeout-too-short: {{factor: {BIG}}}\n",
    },
}


def _json_head(value: str) -> str:
    return (
        '{"resource": {"aws_lambda_event_source_mapping": {"m": {"event_source_arn":'
        ' "arn:aws:sqs:eu-west-1:111122223333:q", "function_name": "f", "batch_size": '
        f"{value}}}}}}}}}"
    )


def _tfvars(text: str, name: str = "terraform.tfvars") -> Files:
    return {"main.tf": HEAD.replace("VALUE", "var.v") + UNKNOWN, name: text}


def _plan_json(value: str) -> str:
    change = (
        '{"address": "aws_lambda_event_source_mapping.m", "mode": "managed", "type":'
        ' "aws_lambda_event_source_mapping", "name": "m", "provider_name":'
        ' "registry.terraform.io/hashicorp/aws", "change": {"actions": ["create"], "before": null,'
        ' "after": {"event_source_arn": "arn:aws:sqs:eu-west-1:111122223333:q", "function_name":'
        ' "f", "batch_size": ' + value + '}, "after_unknown": {}}}'
    )
    configuration = (
        '{"root_module": {"resources": [{"address": "aws_lambda_event_source_mapping.m", "mode":'
        ' "managed", "type": "aws_lambda_event_source_mapping", "name": "m", "provider_config_key":'
        ' "aws", "expressions": {"batch_size": {"constant_value": ' + value + "}}}]}}"
    )
    return (
        '{"format_version": "1.2", "terraform_version": "1.11.0", "planned_values": {},'
        f' "resource_changes": [{change}], "configuration": {configuration}}}'
    )


def _policy(condition: str) -> Files:
    document = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*",'
        ' "Resource": "*", "Condition": ' + condition + "}]}"
    )
    return {
        "main.tf": HEAD.replace("VALUE", "1").replace('"f"', "aws_lambda_function.f.arn")
        + 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n'
        + '  handler = "f.handle"\n  runtime = "python3.12"\n  filename = "f.zip"\n'
        + "  role = aws_iam_role.r.arn\n}\n"
        + 'resource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = file("p.json")\n}\n'
        + 'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.r.name\n'
        + '  policy = file("p.json")\n}\n',
        "p.json": document,
    }


TEXTS = {
    "format of wide fields": _value(f'length([for i in {THOUSAND}: format("%9999999s", i)])'),
    "format of a wide field a thousand times": _value(
        f'length(join("", [for i in {THOUSAND}: format("%999999s", i)]))'
    ),
    "formatlist of wide fields": _value(f'length(formatlist("%9999999s", {THOUSAND}))'),
    "format of zeros": _value(f'length([for i in {THOUSAND}: format("%09999999d", i)])'),
    "format of decimals": _value(f'length([for i in {THOUSAND}: format("%.4000f", 1 / (i + 3))])'),
    "format of a long template": _of("%s", "length(format(local.a, [for i in range(9): i]...))"),
    "format of a megabyte a thousand times": _long(
        f'length([for i in {THOUSAND}: format("%s%s%s%s", local.a, local.a, local.a, i)])'
    ),
    "join of megabytes": _long(f"length([for i in {THOUSAND}: join(local.a, [1, 2, 3, i])])"),
    "upper of megabytes": _long(
        f"length([for i in {THOUSAND}: [for j in {THOUSAND}: upper(local.a)]])"
    ),
    "upper of other letters": _of("\u00e4", f"length([for i in {THOUSAND}: upper(local.a)])"),
    "title of other letters": _of("\u00e4", f"length([for i in {THOUSAND}: title(local.a)])"),
    "length of other letters": _of("\u00e4", f"[for i in {THOUSAND}: length(local.a)]"),
    "strrev of other letters": _of("\u00e4", f"[for i in {THOUSAND}: strrev(local.a)]"),
    "substr of other letters": _of("\u00e4", f"[for i in {THOUSAND}: substr(local.a, i, 1)]"),
    "flags": _of("\U0001f1e9", f"[for i in {THOUSAND}: length(local.a)]"),
    "accents on one letter": _of("\u0301", f"[for i in {THOUSAND}: upper(local.a)]"),
    "accents in turn": _of("\u0301\u0327", f"[for i in {THOUSAND}: length(local.a)]"),
    "equality of megabytes": _long(
        f"length([for i in {THOUSAND}: upper(local.a) == upper(local.a)])"
    ),
    "templates of megabytes": _long(
        f'length([for i in {THOUSAND}: "${{local.a}}${{local.a}}${{i}}"])'
    ),
    "templates of a loop": _long('length("%{for i in range(1000)}${local.a}%{endfor}")'),
    "templates of nested loops": _value(
        'length("' + "%{for i in range(1000)}" * 6 + "x" + "%{endfor}" * 6 + '")'
    ),
    "templates of empty loops": _value(
        'length("' + "%{for i in range(1000)}" * 6 + "%{endfor}" * 6 + '")'
    ),
    "for in for": _value("[for i in range(1000): " * 6 + "1" + "]" * 6),
    "for in for of nothing": _value("[for i in range(1000): " * 6 + "i if false" + "]" * 6),
    "regexall of every character": _of("a", 'length(regexall("a", local.a))'),
    "regexall that looks to the end": _of("a", 'length(regexall("a(?:.*b)?", local.a))'),
    "regexall without a match": _of("a", f'[for i in {THOUSAND}: regexall("a*b", local.a)]'),
    "regexall with many groups": _of("a", f'length(regexall("{"(a)" * 500}", local.a))'),
    "regex with a large pattern": _of("a", f'regex("{"(a{1,1000}){1,1000}" * 1}", local.a)'),
    "regex of many patterns": _value(
        f'[for i in {THOUSAND}: [for j in {THOUSAND}: can(regex("(x{{1,100}}){{1,9}}${{i}}y${{j}}", "a"))]]'
    ),
    "replace with growing text": _long(
        'length(replace(replace(local.a, "a", "aaaaaaaaaa"), "a", "aaaaaaaaaa"))'
    ),
    "replace a thousand times": _long(
        f'length([for i in {THOUSAND}: replace(local.a, "a", "aaaaaaaaa${{i}}")])'
    ),
    "replace with an expression": _long(
        f'length([for i in {THOUSAND}: replace(local.a, "/a/", "aaaaaaaaa${{i}}")])'
    ),
    "replace of nothing": _long('length(replace(local.a, "", "aaaaaaaaaaa"))'),
    "replace with a long needle": _value(
        f'length(replace("x${{var.v}}${{local.a}}", "{"ab" * 99}", "y"))',
        UNKNOWN + _lines(lambda n: f'a = "{"a" * 300_000}"', 1),
    ),
    "split of a megabyte": _of("a,", f'length([for i in {THOUSAND}: split(",", local.a)])'),
    "split into letters": _of("a", f'length([for i in {THOUSAND}: split("", local.a)])'),
    "sort of a million": _of("b,a,", 'length(sort(split(",", local.a)))'),
    "sort of long texts": _long(f'length(sort([for i in {THOUSAND}: "${{local.a}}${{i}}"]))'),
    "sort of a list a thousand times": _value(
        f'[for i in {THOUSAND}: sort([for j in {THOUSAND}: "${{j}}"])]'
    ),
    "distinct of long texts": _long(
        f'length(distinct([for i in {THOUSAND}: "${{local.a}}${{i}}"]))'
    ),
    "distinct of unknowns": _value(
        f'length(distinct([for i in {THOUSAND}: "${{var.v}}${{i}}"]))', UNKNOWN
    ),
    "set of unknowns": _value(
        f'length(toset([for i in range(140): "${{var.v}}{"a" * 900}${{i}}"]))', UNKNOWN
    ),
    "contains of unknowns": _value(
        f'[for j in {THOUSAND}: contains([for i in {THOUSAND}: "${{var.v}}${{i}}a"], "b${{j}}")]',
        UNKNOWN,
    ),
    "comparison of long unknowns": _long(
        '"${var.v}${local.a}${var.v}" == "${local.a}${var.v}${local.a}" ? 1 : 2',
        "}\n" + UNKNOWN + "locals {\n",
    ),
    "comparison of texts with many unknowns": _value(
        'length([for i in range(100): "%{for j in range(1000)}${var.v}${j}%{endfor}" == '
        '"%{for j in range(1000)}${j}${var.v}%{endfor}"])',
        UNKNOWN,
    ),
    "order of texts with many unknowns": _value(
        'length(sort([for i in range(1000): "%{for j in range(1000)}x${var.v}%{endfor}${i}"]))',
        UNKNOWN,
    ),
    "doubling templates": _value("length(local.d39)", _doubling('"a"', '"${@}${@}"')),
    "doubling templates over unknowns": _value(
        "length(local.d39)", UNKNOWN + _doubling('"${var.v}"', '"${@}${@}"')
    ),
    "doubling lists": _value("length(local.d39)", _doubling("[1]", "[@, @]")),
    "doubling lists of unknowns": _value(
        "length(jsonencode(local.d39))", UNKNOWN + _doubling("[var.v]", "[@, @]")
    ),
    "doubling concat": _value("length(local.d39)", _doubling("[1]", "concat(@, @)")),
    "doubling objects": _value(
        "length(jsonencode(local.d39))", _doubling("{a = 1}", "{a = @, b = @}")
    ),
    "doubling sets": _value("length(local.d39)", _doubling("toset([1])", "toset([@, [@]])")),
    "doubling format": _value("length(local.d39)", _doubling('"a"', 'format("%s%s", @, @)')),
    "doubling join": _value("length(local.d39)", _doubling('"a"', 'join("", [@, @])')),
    "doubling join of unknowns": _value(
        "length(local.d39)", UNKNOWN + _doubling('"${var.v}"', 'join("", [@, @])')
    ),
    "doubling format of unknowns": _value(
        "length(local.d39)", UNKNOWN + _doubling('"${var.v}"', 'format("%s%s", @, @)')
    ),
    "doubling replace": _value("length(local.d39)", _doubling('"aa"', 'replace(@, "a", @)')),
    "doubling jsonencode": _value("length(local.d39)", _doubling('"<<"', "jsonencode([@, @])")),
    "doubling urlencode": _value("length(local.d39)", _doubling('"  "', "urlencode(@)")),
    "doubling base64encode": _value(
        "length(local.d39)", _doubling('"aaaaaaaa"', "base64encode(@)", 100)
    ),
    "doubling indent": _value(
        "length(local.d39)", _doubling('"a\\na"', 'indent(9, "${@}\\n${@}")')
    ),
    "doubling replace over unknowns": _value(
        "length(local.d39)", UNKNOWN + _doubling('"${var.v}-"', 'replace(@, "-", "${@}-")')
    ),
    "conditionals that fork": _value("local.d39", UNKNOWN + _doubling("1", "var.v == @ ? @ : [@]")),
    "merge of a thousand": _value(
        f'length(merge([for i in {THOUSAND}: {{for j in {THOUSAND}: "k${{i}}-${{j}}" => j}}]...))'
    ),
    "merge again and again": _value(
        f"[for i in {THOUSAND}: merge(local.d, local.d)]",
        f'locals {{\n  d = {{for j in {THOUSAND}: "k${{j}}" => [1, 2, 3]}}\n}}\n',
    ),
    "lookup in a map of unknowns": _value(
        f'[for i in {THOUSAND}: lookup(local.d, "${{var.v}}x${{i}}", 1)]',
        UNKNOWN + f'locals {{\n  d = {{for j in {THOUSAND}: "k${{j}}" => 1}}\n}}\n',
    ),
    "flatten again and again": _value(
        f"[for i in {THOUSAND}: flatten(local.d)]",
        f"locals {{\n  d = [for j in {THOUSAND}: [1, 2, 3]]\n}}\n",
    ),
    "index in a list": _value(
        f"[for i in {THOUSAND}: index(local.d, i)]", f"locals {{\n  d = {THOUSAND}\n}}\n"
    ),
    "matchkeys": _value(f"[for i in {THOUSAND}: matchkeys({THOUSAND}, {THOUSAND}, {THOUSAND})]"),
    "setproduct again and again": _value(
        f"[for i in {THOUSAND}: setproduct(range(200), range(200))]"
    ),
    "setintersection": _value(
        f"[for i in {THOUSAND}: setintersection({THOUSAND}, range(500, 1500))]"
    ),
    "setsubtract of unknowns": _value(
        'length(setsubtract(toset([for i in range(140): "${var.v}${i}"]), '
        'toset([for i in range(140): "${i}${var.v}"])))',
        UNKNOWN,
    ),
    "transpose": _value(
        f'[for i in {THOUSAND}: transpose({{for j in range(100): "k${{j}}" => [for k in {THOUSAND}: "v${{k}}"]}})]'
    ),
    "chunklist": _value(f"[for i in {THOUSAND}: chunklist({THOUSAND}, 1)]"),
    "zipmap": _value(
        f'[for i in {THOUSAND}: zipmap([for j in {THOUSAND}: "k${{j}}"], {THOUSAND})]'
    ),
    "cidrsubnets": _value(
        f'[for i in {THOUSAND}: cidrsubnets("10.0.0.0/8", [for j in {THOUSAND}: 16]...)]'
    ),
    "csvdecode": _of("a,b\n", "length(csvdecode(local.a))"),
    "csvdecode again and again": _of("a\n", f"[for i in {THOUSAND}: csvdecode(local.a)]"),
    "csvdecode of commas": _of(",", "length(csvdecode(local.a))"),
    "csvdecode of quotes": _of('"', "length(csvdecode(local.a))"),
    "csvdecode of quotes that do not end": _of('""a,', "length(csvdecode(local.a))"),
    "base64gzip": _long(f"[for i in {THOUSAND}: base64gzip(local.a)]"),
    "base64encode": _long(f"length([for i in {THOUSAND}: base64encode(local.a)])"),
    "base64decode": _long(f"length([for i in {THOUSAND}: base64decode(local.a)])"),
    "base64sha256": _long(f"length([for i in {THOUSAND}: base64sha256(local.a)])"),
    "sha512 of a file": _long(f'length([for i in {THOUSAND}: filesha512("a")])'),
    "filebase64": _long(f'length([for i in {THOUSAND}: filebase64("a")])'),
    "file": _long(f'length([for i in {THOUSAND}: file("a")])'),
    "file of other letters": _of("\u00e4", f'length([for i in {THOUSAND}: file("a")])'),
    "fileset": _long(f'length([for i in {THOUSAND}: fileset(".", "**/**/**/**")])'),
    "fileset of many files": lambda: {
        "main.tf": HEAD.replace(
            "VALUE", f'length([for i in {THOUSAND}: fileset(".", "**/**/**/${{i}}")])'
        ),
        **{f"d{n % 50}/{n}": "" for n in range(5000)},
    },
    "textencodebase64": _long(
        f'length([for i in {THOUSAND}: textencodebase64(local.a, "UTF-16LE")])'
    ),
    "urlencode": _of("\u00e4", f"length([for i in {THOUSAND}: urlencode(local.a)])"),
    "jsonencode of a megabyte": _of("<", f"length([for i in {THOUSAND}: jsonencode(local.a)])"),
    "jsondecode of a megabyte": _of(
        "[]", f'length([for i in {THOUSAND}: jsondecode("[${{local.a}}]")])'
    ),
    "jsondecode of a list": _long(
        f'length([for i in {THOUSAND}: jsondecode("[0${{replace(local.a, "a", ",1")}}]")])'
    ),
    "jsondecode of brackets": _of("[", "length(jsondecode(local.a))"),
    "jsondecode of backslashes": _of("\\\\", 'length(jsondecode("\\"${local.a}\\""))'),
    "jsonencode of depth": _value("jsonencode(local.d99)", _doubling("1", "[@]", 140)),
    "yamldecode of aliases": lambda: {
        "main.tf": HEAD.replace("VALUE", 'length(jsonencode(yamldecode(file("a"))))'),
        "a": "a0: &a0 [x, x]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)),
    },
    "yamldecode of a list": _of("- a\n", f"length([for i in {THOUSAND}: yamldecode(local.a)])"),
    "yamldecode of brackets": _of("[", "length(yamldecode(local.a))"),
    "yamldecode of keys": _of("? ", "length(yamldecode(local.a))"),
    "yamldecode of mappings": _of("{", "length(yamldecode(local.a))"),
    "yamldecode of merges": lambda: {
        "main.tf": HEAD.replace("VALUE", 'length(yamldecode(file("a")))'),
        "a": "a: &a\n"
        + "".join(f"  k{n}: 1\n" for n in range(300))
        + "b:\n"
        + "  <<: *a\n" * 60_000,
    },
    "yamlencode": _value(f"[for i in {THOUSAND}: yamlencode([for j in {THOUSAND}: j])]"),
    "yamlencode of a megabyte": _of(
        "\u00e4 ", f"length([for i in {THOUSAND}: yamlencode(local.a)])"
    ),
    "formatdate": _long(
        f'[for i in {THOUSAND}: formatdate("\'${{local.a}}\'", "2020-01-01T00:00:00Z")]'
    ),
    "formatdate of letters": _of(
        "Y-", f'[for i in {THOUSAND}: formatdate(local.a, "2020-01-01T00:00:00Z")]'
    ),
    "trim with a long cutset": _long(f"length([for i in {THOUSAND}: trim(local.a, local.a)])"),
    "trim with other letters": _of(
        "\u00e4\u00f6", "length([for i in range(10): trim(local.a, local.a)])"
    ),
    "startswith of long texts": _long(
        f"length([for i in {THOUSAND}: startswith(local.a, local.a)])"
    ),
    "strcontains of long texts": _long(
        f'length([for i in {THOUSAND}: strcontains(local.a, "{"a" * 10000}b")])'
    ),
    "sensitive of many": _value(
        f'length([for i in {THOUSAND}: [for j in range(100): sensitive("secret-${{i}}-${{j}}")]])'
    ),
    "sensitive and long": _long(
        f'length([for i in {THOUSAND}: upper(sensitive("${{local.a}}${{i}}"))])'
    ),
    "failing calls with long arguments": _long(f"[for i in {THOUSAND}: can(tonumber(local.a))]"),
    "failing calls with long names": _long(
        f'[for i in {THOUSAND}: try(local.missing["${{local.a}}${{i}}"], 1)]'
    ),
    "unknown calls with long arguments": _long(
        f'length([for i in {THOUSAND}: strrev("${{var.v}}${{local.a}}${{i}}")])',
        "}\n" + UNKNOWN + "locals {\n",
    ),
    "names of unknowns that grow": _value("local.d99", UNKNOWN + _doubling("var.v", "@[@]", 140)),
    "names of unknowns in templates": _value(
        "length(local.d99)", UNKNOWN + _doubling('"${var.v}"', 'upper("${@}-${@}")', 140)
    ),
    "splat of splats": _value(
        "length(local.d[*][*][*].a)",
        f"locals {{\n  d = [for i in {THOUSAND}: [for j in {THOUSAND}: {{a = 1}}]]\n}}\n",
    ),
    "expanded arguments": _value(f"[for i in {THOUSAND}: max([for j in {THOUSAND}: j]...)]"),
    "deep equality": _value(
        f"[for i in {THOUSAND}: local.d == local.e]",
        f"locals {{\n  d = [for i in {THOUSAND}: [for j in range(100): j]]\n"
        f"  e = [for i in {THOUSAND}: [for j in range(100): j]]\n}}\n",
    ),
    "conditionals of large values": _value(
        f"[for i in {THOUSAND}: i > 5 ? local.d : local.e]",
        f"locals {{\n  d = [for i in {THOUSAND}: [for j in range(100): j]]\n"
        f"  e = [for i in {THOUSAND}: [for j in range(100): j]]\n}}\n",
    ),
    "coalesce of large values": _value(
        f"[for i in {THOUSAND}: coalesce(local.d, local.d)]",
        f"locals {{\n  d = [for i in {THOUSAND}: [for j in range(100): j]]\n}}\n",
    ),
    "type conversion of large values": lambda: {
        "main.tf": HEAD.replace("VALUE", "length(var.v)")
        + 'variable "v" {\n  type = map(map(map(string)))\n  default = {}\n}\n',
        "terraform.tfvars": "v = {\n"
        + "".join(f"  k{n} = {{a = {{b = {n}}}}}\n" for n in range(30_000))
        + "}\n",
    },
    "keys that are long": _long(f'length({{for i in {THOUSAND}: "${{local.a}}${{i}}" => i}})'),
    "templatefile": lambda: {
        "main.tf": HEAD.replace(
            "VALUE", f'length([for i in {THOUSAND}: templatefile("a", {{v = i}})])'
        ),
        "a": "${v} aaaaaaaaaa\n" * 60_000,
    },
    "templatefile of loops": lambda: {
        "main.tf": HEAD.replace("VALUE", 'length(templatefile("a", {}))'),
        "a": "%{for i in range(1000)}" * 10_000 + "x" + "%{endfor}" * 10_000,
    },
    "templatefile of directives": lambda: {
        "main.tf": HEAD.replace("VALUE", 'length(templatefile("a", {}))'),
        "a": "%{if true}" * 40_000 + "x" + "%{endif}" * 40_000,
    },
    "templatefile of strip markers": lambda: {
        "main.tf": HEAD.replace("VALUE", 'length(templatefile("a", {}))'),
        "a": "${~1~}" + " " * 900_000 + "${~1~}",
    },
    "templatefile of blanks": lambda: {
        "main.tf": HEAD.replace("VALUE", 'length(templatefile("a", {}))'),
        "a": " %{ if true ~} \n %{ endif ~}\n" * 30_000,
    },
    "templatefile that is refused again and again": lambda: {
        "main.tf": HEAD.replace(
            "VALUE", f'length([for i in {THOUSAND}: try(templatefile("a", {{}}), 1)])'
        ),
        "a": "${1}" * 200_000 + "${",
    },
    "fileexists of a deep path": lambda: {
        "main.tf": HEAD.replace(
            "VALUE", f'length([for i in {THOUSAND}: [for j in {THOUSAND}: fileexists("{DEEP}/a")]])'
        ),
        f"{DEEP}/a": "",
    },
    "file of a deep path": lambda: {
        "main.tf": HEAD.replace(
            "VALUE", f'length([for i in {THOUSAND}: [for j in {THOUSAND}: file("{DEEP}/a")]])'
        ),
        f"{DEEP}/a": "",
    },
    "fileset of many directories": lambda: {
        "main.tf": HEAD.replace("VALUE", f'length([for i in {THOUSAND}: fileset(".", "**")])'),
        **{f"{n}/a": "" for n in range(1500)},
    },
}


def _locals_chain(count: int) -> Files:
    lines = _lines(lambda n: f"c{n} = local.c{n - 1}" if n else "c0 = 1", count)
    return {"main.tf": HEAD.replace("VALUE", f"local.c{count - 1}") + lines}


def _body(value: str) -> Files:
    return {"main.tf": HEAD.replace("VALUE", value)}


def _policy_body(value: str) -> Files:
    """Return a configuration whose one local is long and refused by the fast reader."""
    return {"main.tf": HEAD.replace("VALUE", "local.a") + "locals {\n  a = " + value + "\n}\n"}


SYNTAX = {
    "a megabyte of ${": lambda: _body('"' + "${" * 490_000 + '"'),
    "a megabyte of %{": lambda: _body('"' + "%{" * 490_000 + '"'),
    "a megabyte of $${": lambda: _body('"' + "$${" * 320_000 + '"'),
    "a megabyte of backslashes": lambda: _body('"' + "\\\\" * 490_000 + '"'),
    "backslashes that do not end": lambda: _body('"' + "\\" * 900_001),
    "a long string": lambda: _body('"' + "a" * 900_000 + '"'),
    "500 KB of (": lambda: _body("(" * 500_000),
    "500 KB of [": lambda: _body("[" * 500_000),
    "500 KB of {": lambda: _body("{" * 500_000),
    "300 KB of !": lambda: _body("!" * 300_000 + "true"),
    "200 KB of !": lambda: _body("!" * 200_000 + "true"),
    "300 KB of -": lambda: _body("-" * 300_000 + "1"),
    "200 KB of -": lambda: _body("-" * 200_000 + "1"),
    "100 KB of ! and -": lambda: _body("!-" * 50_000 + "1"),
    "100 KB of - and blanks": lambda: _body("- " * 50_000 + "="),
    "blanks and -": lambda: _body("(" + " " * 120_000 + "- " * 60_000 + "x"),
    "200 KB of blanks": lambda: _body(" " * 200_000 + "+"),
    "200 KB of newlines": lambda: _body("(" + "\n" * 200_000 + "+"),
    "a long chain of names": lambda: _body("a" + ".b" * 120_000),
    "a long chain of indices": lambda: _body("a" + "[0]" * 80_000),
    "a long chain of splats": lambda: _body("a" + "[*]" * 80_000),
    "a long chain of legacy splats": lambda: _body("a" + ".*.b" * 50_000),
    "a long chain of calls": lambda: _body("upper(" * 40_000 + "1" + ")" * 40_000),
    "a long chain of conditionals": lambda: _body("x ? y : " * 30_000 + "1"),
    "a long sum": lambda: _body("1" + " + 1" * 60_000),
    "a long sum with broken end": lambda: _body("1" + " + 1" * 60_000 + " +"),
    "a long comparison": lambda: _body("1" + " == 1" * 40_000),
    "a long conjunction": lambda: _body("true" + " && true" * 25_000),
    "mixed operators": lambda: _body("1" + " + 1 * 2 == 3 && true || 4 < 5" * 7_000),
    "a long list": lambda: _body("[" + "1," * 120_000 + "]"),
    "a long list with a broken end": lambda: _body("[" + "1," * 120_000 + "1 1]"),
    "a long list of lists": lambda: _body("[" + "[1,[2]]," * 30_000 + "]"),
    "a long list of strings": lambda: _body("[" + '"a",' * 60_000 + "]"),
    "a long list of templates": lambda: _body("[" + '"${1}",' * 36_000 + "]"),
    "a long object": lambda: _body("{" + "".join(f"k{n} = {n}\n" for n in range(18_000)) + "}"),
    "a long object on one line": lambda: _body("{" + "a = 1, " * 36_000 + "}"),
    "a long object of text keys": lambda: _body("{" + '"a" = 1, ' * 28_000 + "}"),
    "an object with a broken end": lambda: _body("{" + "a = 1, " * 36_000 + "a b}"),
    "deep just below the bound": lambda: _body("[" * 190 + "1," * 100_000 + "]" * 190),
    "deep templates": lambda: _body('"' + '${"' * 100 + "x" + '"}' * 100 + '"'),
    "deep templates a thousand times": lambda: _body(
        "[" + ('"' + '${"' * 90 + "x" + '"}' * 90 + '",') * 400 + "]"
    ),
    "wide templates": lambda: _body('"' + "${1}" * 60_000 + '"'),
    "wide templates in a template": lambda: _body('"${"' + "${1}" * 60_000 + '"}"'),
    "templates in templates in templates": lambda: _body(
        '"' + '${"' * 60 + "${1}" * 50_000 + '"}' * 60 + '"'
    ),
    "conditionals in brackets": lambda: _body("(x ? " * 20_000 + "1" + " : 2)" * 20_000),
    "for in for in brackets": lambda: _body("[for a in b: " * 100 + "1" + "]" * 100),
    "two bodies that the fast reader refuses": lambda: _body("1 1" * 80_000),
    "arguments without a newline": lambda: {
        "main.tf": HEAD.replace("VALUE", "1")
        + 'resource "aws_sqs_queue" "q" {\n'
        + "a = 1 " * 40_000
        + "\n}\n"
        + HEAD.replace("VALUE", "aws_sqs_queue.q.arn").replace('"m"', '"n"')
    },
    "arguments given twice": lambda: {
        "main.tf": HEAD.replace("VALUE", "1\n" + "  a = 1\n" * 30_000)
    },
    "labels": lambda: {"main.tf": HEAD.replace("VALUE", "1") + "x " + '"a" ' * 200_000 + "{\n}\n"},
    "labels that do not end": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "x " + '"a" ' * 200_000
    },
    "words": lambda: {"main.tf": HEAD.replace("VALUE", "1") + "a " * 450_000},
    "a long word": lambda: {"main.tf": HEAD.replace("VALUE", "1") + "a" * 900_000},
    "blocks in blocks": lambda: {
        "main.tf": HEAD.replace("VALUE", "1\n" + "  a {\n" * 100 + "  }\n" * 100)
    },
    "100,000 nested blocks": lambda: {
        "main.tf": HEAD.replace("VALUE", "1\n" + "  a {\n  }\n" * 26_000)
    },
    "100,000 blocks": lambda: {"main.tf": HEAD.replace("VALUE", "1") + "x {}\n" * 150_000},
    "30,000 resources": lambda: {
        "main.tf": HEAD.replace("VALUE", "1")
        + "".join(f'resource "a" "a{n}" {{}}\n' for n in range(30_000))
    },
    "20,000 queues": lambda: {
        "main.tf": HEAD.replace("VALUE", "1")
        + "".join(f'resource "aws_sqs_queue" "a{n}" {{}}\n' for n in range(20_000))
    },
    "20,000 policies": lambda: {
        "main.tf": HEAD.replace("VALUE", "1")
        + "".join(f'resource "aws_iam_role_policy" "a{n}" {{}}\n' for n in range(18_000))
    },
    "10,000 variables": lambda: {
        "main.tf": HEAD.replace("VALUE", "1")
        + "".join(f'variable "v{n}" {{ type = list(string) }}\n' for n in range(20_000))
    },
    "100,000 locals": lambda: {
        "main.tf": HEAD.replace("VALUE", "local.a9")
        + "".join(f"locals {{\n  a{n} = 1\n}}\n" for n in range(40_000))
    },
    "locals in one block": lambda: {
        "main.tf": HEAD.replace("VALUE", "local.a9") + _lines(lambda n: f"a{n} = {n}", 18_000)
    },
    "locals in one large block": lambda: {
        "main.tf": HEAD.replace("VALUE", "local.a9") + _lines(lambda n: f"a{n} = {n}", 60_000)
    },
    "many large bodies": lambda: {
        "main.tf": HEAD.replace("VALUE", "local.a0 + local.a1 + local.a2 + local.a3")
        + "".join(f"locals {{\n  a{n} = [{'-1 1,' * 45_000}]\n}}\n" for n in range(4))
    },
    "many bodies that are refused": lambda: {
        "main.tf": "".join(
            HEAD.replace("VALUE", "1 1").replace('"m"', f'"m{n}"') for n in range(5_000)
        )
    },
    "a chain of locals": lambda: _locals_chain(20_000),
    "a chain of modules": lambda: (
        {"main.tf": HEAD.replace("VALUE", "1")}
        | {f"{'m/' * n}main.tf": 'module "m" {\n  source = "./m"\n}\n' for n in range(120)}
    ),
    "providers without a label": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + 'provider {\n  region = "eu-west-1"\n}\n'
    },
    "blocks without labels": lambda: {
        "main.tf": HEAD.replace("VALUE", "1")
        + "".join(
            f"{kind} {{\n}}\n"
            for kind in (
                "module",
                "variable",
                "output",
                "data",
                "resource",
                "check",
                "moved",
                "import",
                "removed",
                "ephemeral",
                "terraform",
                "locals",
                "provider",
            )
        )
    },
    "a heredoc in every line": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "x = <<A\n" * 100_000
    },
    "heredocs that end each other": lambda: {
        "main.tf": HEAD.replace("VALUE", "1")
        + "locals {\n"
        + "".join(f"  a{n} = <<A{n}\n" for n in range(40_000))
    },
    "heredocs": lambda: {
        "main.tf": HEAD.replace("VALUE", "length(local.a9)")
        + _lines(lambda n: f"a{n} = <<E\n    x${{1}}\nE", 9_000)
    },
    "a long heredoc": lambda: {
        "main.tf": HEAD.replace("VALUE", "length(local.a)")
        + "locals {\n  a = <<-E\n"
        + "    x\n" * 30_000
        + "    E\n}\n"
    },
    "a heredoc of blanks": lambda: {
        "main.tf": HEAD.replace("VALUE", "length(local.a)")
        + "locals {\n  a = <<-E\n"
        + " " * 240_000
        + "\n E\n}\n"
    },
    "a heredoc of almost its mark": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "locals {\n  a = <<E\n" + "E " * 400_000 + "\n}\n"
    },
    "a heredoc of blank lines": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "locals {\n  a = <<E\n" + " " * 900_000 + "\n}\n"
    },
    "slashes": lambda: {"main.tf": HEAD.replace("VALUE", "1") + "/" * 900_000},
    "comments that do not end": lambda: {"main.tf": HEAD.replace("VALUE", "1") + "/*" * 400_000},
    "comments in lines": lambda: {"main.tf": HEAD.replace("VALUE", "1") + "/**/" * 200_000},
    "comments in a header": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "a " + "/**/" * 200_000
    },
    "comments that do not end in headers": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "a /*" * 200_000
    },
    "less than signs": lambda: {"main.tf": HEAD.replace("VALUE", "1") + "x {\n" + "<" * 900_000},
    "quotes": lambda: {"main.tf": HEAD.replace("VALUE", "1") + "x {\n" + '"' * 900_000},
    "quotes and lines": lambda: {"main.tf": HEAD.replace("VALUE", "1") + "x {\n" + '"\n' * 450_000},
    "quotes and templates": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "x {\n" + '"${' * 300_000
    },
    "open braces": lambda: {"main.tf": HEAD.replace("VALUE", "1") + "x {\n" * 200_000},
    "resources of others that do not end": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + 'resource "a" "b" {\n' * 50_000
    },
    "resources of others with braces": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + 'resource "a" "b" {\n a = "' + "${{" * 290_000
    },
    "waivers": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "# tfcheck: ignore[x] y\n" * 39_000
    },
    "a waiver of blanks": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "# tfcheck: ignore" + " \t" * 450_000
    },
    "a waiver of brackets": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "# tfcheck: ignore" + "[" * 900_000
    },
    "a waiver of rules": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "# tfcheck: ignore[" + "a," * 400_000 + "]"
    },
    "comment signs before a waiver": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "#" * 900_000 + "tfcheck:"
    },
    "comment signs and blanks before a waiver": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "# " + "// \t\t\t\t" * 100_000 + "tfcheck:"
    },
    "a waiver until": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + "# tfcheck: ignore[x]" + " until=" * 120_000
    },
    "other letters": lambda: _body("\u00e4" * 100_000),
    "namespaces": lambda: _body("a::" * 80_000 + "b()"),
    "namespaces without an end": lambda: _body("a" + "::" * 100_000),
    "tfvars of a megabyte": lambda: {
        **_body("var.v"),
        "x.tf": UNKNOWN,
        "terraform.tfvars": "v = [" + "1," * 480_000 + "]\n",
    },
    "tfvars that are refused": lambda: {
        **_body("var.v"),
        "x.tf": UNKNOWN,
        "terraform.tfvars": "v = [" + "1," * 480_000 + "1 1]\n",
    },
    "tfvars of a million arguments": lambda: {
        **_body("var.v"),
        "x.tf": UNKNOWN,
        "terraform.tfvars": "".join(f"v{n} = 1\n" for n in range(90_000)),
    },
    "tfvars deep": lambda: {
        **_body("var.v"),
        "x.tf": UNKNOWN,
        "terraform.tfvars": "v = " + "[" * 490_000 + "]" * 490_000,
    },
    "tfvars.json deep": lambda: {
        **_body("var.v"),
        "x.tf": UNKNOWN,
        "terraform.tfvars.json": '{"v": ' + "[" * 490_000 + "]" * 490_000 + "}",
    },
    "tfvars.json of a megabyte": lambda: {
        **_body("var.v"),
        "x.tf": UNKNOWN,
        "terraform.tfvars.json": '{"v": [' + "1," * 480_000 + "1]}",
    },
    "tfvars.json wrong types": lambda: {
        **_body("var.v"),
        "x.tf": UNKNOWN,
        "terraform.tfvars.json": "[1]",
    },
    "JSON deep": lambda: {"main.tf.json": '{"resource": ' + '{"a": ' * 50_000},
    "JSON deep and closed": lambda: {
        "main.tf.json": '{"locals": {"a": ' + "[" * 190 + "]" * 190 + "}}"
    },
    "JSON of a megabyte": lambda: {
        "main.tf.json": json.dumps({"locals": {f"a{n}": "${1}" for n in range(50_000)}})
    },
    "JSON of templates": lambda: {"main.tf.json": _json_head('"' + "${1}" * 200_000 + '"')},
    "JSON of a refused template": lambda: {
        "main.tf.json": _json_head('"${' + "1 1 " * 60_000 + '}"')
    },
    "JSON of nested blocks": lambda: {
        "main.tf.json": json.dumps({"resource": {"aws_sqs_queue": {"q": {"x": [[[{"a": [{}]}]]]}}}})
    },
    "JSON with nothing in it": lambda: {"main.tf.json": "{}"},
    "JSON with null blocks": lambda: {
        "main.tf.json": '{"resource": null, "provider": null, "module": {"a": null}}'
    },
    "JSON of wrong blocks": lambda: {
        "main.tf.json": '{"provider": {"aws": [1]}, "locals": {}, "module": {"a": {"source": 1}}}'
    },
    "JSON of keys that are long": lambda: {
        "main.tf.json": json.dumps({"locals": {"a" * 900_000: 1}})
    },
    "an action with a long service": lambda: _policy_action("a" * 300 + ":Read"),
    "an action with a longer service": lambda: _policy_action("a" * 100_000 + ":Read"),
    "an action with a slash": lambda: _policy_action("../../etc/passwd:Read"),
    "an action with a null": lambda: _policy_action("sq\\u0000s:Read"),
    "an action with other letters": lambda: _policy_action("sqs\u00e4:Re\u00e4d"),
    "an action without a service": lambda: _policy_action(":Read"),
    "an action of dots": lambda: _policy_action("..:Read"),
    "an empty action": lambda: _policy_action(""),
    "a path with a null": _value('file("a\\u0000b")'),
    "a long path": lambda: _body('length(file("' + "a" * 100_000 + '"))'),
    "a path of many folders": lambda: _body('length(file("' + "a/" * 50_000 + '"))'),
    "a surrogate": _value('length("\\ud800")'),
    "a surrogate in a path": _value('length(file("\\ud800"))'),
    "a surrogate digested": _value('length(sha256("\\ud800")) + length(base64encode("\\udfff"))'),
    "a surrogate in JSON": _value('length(jsonencode("\\ud800")) + length(yamlencode("\\ud800"))'),
    "a surrogate in a pattern": _value('length(regexall("\\ud800", "\\ud800"))'),
    "a surrogate in a name": lambda: {
        "main.tf": HEAD.replace("VALUE", "1")
        .replace(':q"', ':\\ud800"')
        .replace('"f"', '"\\udfff"')
    },
    "a code point too large": _value('length("\\UFFFFFFFF")'),
    "module sources of every kind": lambda: {
        "main.tf": HEAD.replace("VALUE", "1")
        + "".join(
            f'module "m{n}" {{\n  source = {source}\n}}\n'
            for n, source in enumerate(
                ("1", "null", '""', '"./\\u0000"', "[]", '"./' + "a" * 5000 + '"', "true", f"{BIG}")
            )
        )
    },
    "modules.json of wrong types": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + 'module "m" {\n  source = "a/b/c"\n}\n',
        ".terraform/modules/modules.json": '{"Modules": {"Key": 1}}',
    },
    "modules.json of digits": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + 'module "m" {\n  source = "a/b/c"\n}\n',
        ".terraform/modules/modules.json": f'{{"Modules": [{{"Key": {BIG}}}]}}',
    },
    "modules.json deep": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + 'module "m" {\n  source = "a/b/c"\n}\n',
        ".terraform/modules/modules.json": "[" * 500_000,
    },
    "modules.json with a null": lambda: {
        "main.tf": HEAD.replace("VALUE", "1") + 'module "m" {\n  source = "a/b/c"\n}\n',
        ".terraform/modules/modules.json": '{"Modules": [{"Key": "m", "Dir": "a\\u0000"}]}',
    },
    "types that are deep": lambda: {
        "main.tf": HEAD.replace("VALUE", "var.v")
        + 'variable "v" {\n  type = '
        + "list(" * 110
        + "string"
        + ")" * 110
        + "\n  default = []\n}\n"
    },
    "types that are wide": lambda: {
        "main.tf": HEAD.replace("VALUE", "var.v")
        + 'variable "v" {\n  type = object({'
        + "".join(f"a{n} = string\n" for n in range(12_000))
        + "})\n  default = {}\n}\n"
    },
    "validation that loops": lambda: {
        "main.tf": HEAD.replace("VALUE", "var.v") + 'variable "v" {\n  default = var.v\n}\n'
    },
    "dynamic blocks that multiply": lambda: {
        "main.tf": HEAD.replace(
            "VALUE",
            "1\n"
            '  dynamic "filter_criteria" {\n    for_each = range(1000)\n    content {\n'
            '      dynamic "filter" {\n        for_each = range(1000)\n        content {\n'
            '          pattern = "{}"\n        }\n      }\n    }\n  }',
        )
    },
    "count of twenty thousand": lambda: {
        "main.tf": HEAD.replace("VALUE", "1")
        + 'resource "aws_sqs_queue" "q" {\n  count = 20000\n  name = "q${count.index}"\n}\n'
    },
    "policy documents that double": lambda: {
        "main.tf": HEAD.replace("VALUE", "length(data.aws_iam_policy_document.d20.json)")
        + "".join(
            f'data "aws_iam_policy_document" "d{n}" {{\n'
            + (
                f"  source_policy_documents = [data.aws_iam_policy_document.d{n - 1}.json,"
                f" data.aws_iam_policy_document.d{n - 1}.json]\n"
                if n
                else '  statement {\n    actions = ["sqs:*"]\n    resources = ["*"]\n  }\n'
            )
            + "}\n"
            for n in range(21)
        )
    },
    "policy documents of many statements": lambda: {
        "main.tf": HEAD.replace("VALUE", "length(data.aws_iam_policy_document.d.json)")
        + 'data "aws_iam_policy_document" "d" {\n  dynamic "statement" {\n'
        + '    for_each = range(1000)\n    content {\n      sid = "s${statement.value}"\n'
        + '      actions = [for i in range(1000): "sqs:${i}"]\n      resources = ["*"]\n'
        + "    }\n  }\n}\n"
    },
}


def _policy_action(action: str) -> Files:
    made = _policy('{"Bool": {"aws:SecureTransport": "true"}}')
    document = str(made["p.json"]).replace('"sqs:*"', f'"{action}"')
    return {**made, "p.json": document}


def _packed(value: bytes) -> bytes:
    """Return a `DynamicValue` message of msgpack."""
    return b"\x0a" + _varint(len(value)) + value


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def saved_plan(value: bytes, configuration: str = "") -> Files:
    """Return a saved plan whose one change holds msgpack as it is given."""
    import io
    import zipfile

    change = b"\x08\x01" + _field(2, _packed(value))
    resource = (
        _field(8, b'provider["registry.terraform.io/hashicorp/aws"]')
        + _field(9, change)
        + _field(13, b"aws_lambda_event_source_mapping.m")
    )
    variables = _field(2, _field(1, b"v") + _field(2, _packed(value)))
    plan = b"\x08\x03" + variables + _field(3, resource) + _field(14, b"1.11.0")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tfplan", plan)
        archive.writestr("tfstate", json.dumps({"version": 4, "resources": []}))
        whole = configuration or HEAD.replace("VALUE", "var.v") + UNKNOWN
        archive.writestr("tfconfig/m-/main.tf", whole)
        archive.writestr(
            "tfconfig/modules.json", json.dumps([{"Key": "", "Source": "", "Dir": "."}])
        )
    return {"plan.bin": made.getvalue()}


def _any(kind: bytes, value: bytes) -> bytes:
    """Return msgpack of a value of any type: its type in JSON, and the value."""
    return b"\x92\xc4" + bytes((len(kind),)) + kind + value


PLANS = {
    "deep arrays": lambda: saved_plan(b"\x91" * 100_000 + b"\xc0"),
    "deep arrays that do not end": lambda: saved_plan(b"\x91" * 100_000),
    "an array that lies": lambda: saved_plan(b"\xdd\xff\xff\xff\xff"),
    "arrays that lie": lambda: saved_plan(b"\xdd\xff\xff\xff\xff" * 1000),
    "a map that lies": lambda: saved_plan(b"\xdf\xff\xff\xff\xff"),
    "a string that lies": lambda: saved_plan(b"\xdb\xff\xff\xff\xff"),
    "a million empty arrays": lambda: saved_plan(
        b"\xdd" + struct.pack(">I", 2_000_000) + b"\x90" * 2_000_000
    ),
    "a million nulls": lambda: saved_plan(
        b"\xdd" + struct.pack(">I", 2_000_000) + b"\xc0" * 2_000_000
    ),
    "a number of digits": lambda: saved_plan(
        _any(b'"number"', b"\xda" + struct.pack(">H", 5000) + b"9" * 5000)
    ),
    "a number with an exponent": lambda: saved_plan(_any(b'"number"', b"\xac1e1000000000")),
    "a number that is infinite": lambda: saved_plan(b"\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00"),
    "a number that is none": lambda: saved_plan(b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00"),
    "a type of digits": lambda: saved_plan(_any(b"9" * 200, b"\xc0")),
    "a type that is deep": lambda: saved_plan(_any(b'["list",' * 31, b"\xc0")),
    "a timestamp": lambda: saved_plan(b"\xd6\xff\xff\xff\xff\xff"),
    "a string that is no UTF-8": lambda: saved_plan(b"\xa2\xff\xfe"),
    "an extension of digits": lambda: saved_plan(b"\xc7\x05\x0c\x82\x01\xc2\x02\xa0"),
    "a map of maps": lambda: saved_plan(b"\x81\xa1a" * 50_000 + b"\xc0"),
    "a file that is read again and again": lambda: saved_plan(
        b"\xc0",
        HEAD.replace(
            "VALUE",
            f'length([for i in {THOUSAND}: [for j in {THOUSAND}: sha256(file("main.tf"))]])',
        )
        + "# a comment that is long\n" * 30_000,
    ),
}
PLAN_JSON = {
    "plan JSON deep": lambda: {"plan.json": _plan_json("[" * 120_000 + "]" * 120_000)},
    "plan JSON deep and not closed": lambda: {"plan.json": '{"a":' * 190_000},
    "plan JSON of a megabyte": lambda: {"plan.json": _plan_json("[" + "1," * 230_000 + "1]")},
    "plan JSON of empty lists": lambda: {"plan.json": _plan_json("[" + "[]," * 150_000 + "1]")},
    "plan JSON of an address with many keys": lambda: {
        "plan.json": _plan_json("1").replace(
            '"address": "aws_lambda_event_source_mapping.m"',
            '"address": "aws_lambda_event_source_mapping.m' + "[0]" * 160_000 + '"',
        )
    },
    "plan JSON of an address with a key of digits": lambda: {
        "plan.json": _plan_json("1").replace(
            '"address": "aws_lambda_event_source_mapping.m"',
            f'"address": "aws_lambda_event_source_mapping.m[{BIG}]"',
        )
    },
    "plan JSON of an address with a broken escape": lambda: {
        "plan.json": _plan_json("1").replace(
            '"address": "aws_lambda_event_source_mapping.m"',
            '"address": "aws_lambda_event_source_mapping.m[\\"\\\\UFFFFFFFF\\"]"',
        )
    },
    "plan JSON of keys twice": lambda: {"plan.json": _plan_json('{"a": 1, "a": 2}')},
    "plan JSON of surrogates": lambda: {"plan.json": _plan_json('"\\ud800"')},
    "plan JSON of references": lambda: {
        "plan.json": _plan_json("1").replace(
            '{"constant_value": 1}', '{"references": ["' + "a." * 400_000 + '"]}'
        )
    },
    "plan JSON with a byte order mark": lambda: {
        "plan.json": b"\xef\xbb\xbf" + _plan_json("1").encode()
    },
    "plan JSON in another encoding": lambda: {"plan.json": _plan_json("1").encode("utf-16")},
}

ATTACKS: tuple[Attack, ...] = (
    *(
        Attack(
            name,
            make,
            "plan.json" if name.startswith("plan JSON") else ".",
            ("--policy", "./p.yaml") if name.startswith("rule policy") else (),
        )
        for name, make in {**NUMBERS, **TEXTS, **SYNTAX, **PLAN_JSON}.items()
    ),
    *(Attack(f"saved plan: {name}", make, "plan.bin") for name, make in PLANS.items()),
    Attack("--var: digits", lambda: _tfvars(""), words=("--var", f"v={BIG}")),
    Attack("--var: an exponent", lambda: _tfvars(""), words=("--var", "v=1e1000000000")),
    Attack(
        "--var: a list of digits",
        lambda: {
            "main.tf": HEAD.replace("VALUE", "var.v[0]") + 'variable "v" { type = list(number) }\n'
        },
        words=("--var", f"v=[{BIG}, 1e1000000000]"),
    ),
)
HEAVY = frozenset(
    (
        "20,000 queues",
        "JSON of templates",
        "contains of unknowns",
        "deep templates a thousand times",
        "dynamic blocks that multiply",
        "file of a deep path",
        "fileexists of a deep path",
        "fileset of many directories",
        "fileset of many files",
        "lookup in a map of unknowns",
        "plan JSON of a megabyte",
        "policy documents of many statements",
        "policy documents that double",
        "regexall that looks to the end",
        "set of unknowns",
        "sensitive of many",
        "sensitive and long",
        "splat of splats",
        "templatefile",
        "templatefile that is refused again and again",
        "templates in templates in templates",
        "tfvars of a megabyte",
        "tfvars that are refused",
    )
)
"""Those that take seconds."""
