"""Values at which programs break: boundaries, names that steer what shows them, odd texts."""

from __future__ import annotations

import sys
from random import Random
from typing import Any

from fuzzing.seeds import ROOT

sys.path.append(str(ROOT / "tests" / "reports"))

from hostile import NAMES

__all__ = ["INVISIBLE", "NAMES", "NUMBERS", "number", "text", "value"]

NUMBERS = (
    "0",
    "-0",
    "1",
    "-1",
    "2",
    "0.5",
    "10",
    "43200",
    "43201",
    "10001",
    "2147483648",
    "9223372036854775808",
    "1e3",
    "1E+2",
    "1e400",
    "1e-400",
    "1e1000000000",
    "-1e999999999",
    "1e-1000000000",
    "9" * 400,
    "0." + "0" * 300 + "1",
    "1" + "0" * 4301,
    "00",
    "1.",
    "0x10",
)
INVISIBLE = (
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u3164",
    "\u115f",
    "\u2800",
    "\u00ad",
    "\u2028",
    "\U000e0041",
    "\ufe0f",
    "\u034f",
    "\x1b[2J",
    "\x9b31m",
    "\x00",
    "\r",
    "\x08",
)
_TEXTS = (
    "",
    " ",
    "*",
    "?",
    "**",
    "*a*a*a*a*b",
    "null",
    "true",
    "arn:aws:sqs:eu-west-1:123456789012:orders",
    "arn:aws:sqs:::",
    "arn:aws-cn:lambda:us-east-1:1:function:f:*",
    "arn:aws:iam::123456789012:root",
    "aws:kms",
    "alias/aws/sqs",
    "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
    "sqs:ReceiveMessage",
    "sqs:*",
    "s" * 300 + ":Get",
    "lambda.amazonaws.com",
    "eu-west-1",
    "us-gov-west-1",
    "moon-1",
    "${aws:username}",
    "$${x}",
    "%{ if true }x",
    "%%{",
    "../../outside/secret.txt",
    "/dev/zero",
    "{}",
    '{"Version":"2012-10-17","Statement":[]}',
    '{"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}',
    '{"a":' * 400 + "1" + "}" * 400,
    '{"maxReceiveCount":"many","deadLetterTargetArn":7}',
    "é",
    "e\u0301",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "ﬁ",
    "İ",
    "\ud800",
    "x" * 70_000,
    "x.y[0].z",
    "-",
    "2012-10-17",
    "10s",
    "1e5",
    "0x1F",
    "@each.key",
)


def text(random: Random) -> str:
    """Return a text at which programs break."""
    chosen = random.random()
    if chosen < 0.5:
        return random.choice(_TEXTS)
    if chosen < 0.85:
        return random.choice(NAMES)
    return f"a{random.choice(INVISIBLE)}b"


def number(random: Random) -> str:
    """Return a number as it is written, at which programs break."""
    return random.choice(NUMBERS)


def value(random: Random, depth: int = 2) -> Any:  # noqa: ANN401 - a JSON value
    """Return a JSON value of any type; numbers that Python cannot hold are `Raw`."""
    kinds = ["null", "bool", "int", "raw", "text", "list", "map", "deep"]
    match random.choice(kinds if depth else kinds[:5]):
        case "null":
            return None
        case "bool":
            return random.random() < 0.5
        case "int":
            return random.choice((0, -1, 1, 7, 2**31, 2**63, 10**30, 0.1, -0.0))
        case "raw":
            return f"{RAW}{number(random)}{RAW}"
        case "list":
            return [value(random, depth - 1) for _ in range(random.randrange(4))]
        case "map":
            return {text(random): value(random, depth - 1) for _ in range(random.randrange(3))}
        case "deep":
            found: Any = "x"
            for _ in range(random.choice((3, 60, 300))):
                found = [found] if random.random() < 0.5 else {"a": found}
            return found
        case _:
            return text(random)


RAW = "\x01raw\x01"
"""Stands round a number that a JSON text is to hold as it is written."""
