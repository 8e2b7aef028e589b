#!/usr/bin/env python3
"""Lay the files of a new rule: `tools/new_rule.py the-bad-thing`.

It writes the rule's file and three fixtures, and says what is to be done by hand. Nothing that
exists is touched.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RULE = '''"""The rule `{name}`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import EventSourceMapping, Inventory, Queue
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, sources=(Queue,), aws="what AWS does, in a few words")
def {function}(
    mapping: EventSourceMapping, queue: Queue, _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """What is wrong, in one sentence.

    ## Why

    What AWS says, with the text of its error and the page that it comes from.

    Source: where that is recorded. Confidence: high, medium or low.

    ## Fix

    What to change.

    ## Since

    tfcheck {version}.
    """
    if queue.fifo.get():
        yield Problem(
            message=f"queue `{{queue.id}}` is what it must not be",
            at=queue.fifo.at,
            fix=Fix("what to write"),
            because=(Evidence("what it rests on", queue.fifo.at),),
            subject=queue.id,
        )
'''
FIXTURE = """# base: orders

resource "aws_sqs_queue" "orders" {
  name = "orders"
}
"""
"""What differs from a deployment in which nothing is wrong: fixtures/bases/orders.tf."""


def main(arguments: list[str]) -> int:
    """Write the files; return the exit code."""
    if len(arguments) != 1 or not re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", arguments[0]):
        print("name the rule after what is wrong, with dashes: tools/new_rule.py the-bad-thing")
        return 2
    name, function = arguments[0], arguments[0].replace("-", "_")
    file = ROOT / f"checker/rules/{function}.py"
    folder = ROOT / f"fixtures/rules/{name}"
    if file.exists() or folder.exists():
        print(f"there is a rule `{name}`")
        return 1
    version = re.search(
        r'__version__ = "(.*)"', (ROOT / "checker/__init__.py").read_text(encoding="utf-8")
    )
    given = RULE.format(name=name, function=function, version=version[1] if version else "")
    file.write_text(given, encoding="utf-8")
    folder.mkdir()
    for each in ("fails", "passes", "unknown"):
        (folder / f"{each}.tf").write_text(FIXTURE, encoding="utf-8")
    print(f"wrote {file.relative_to(ROOT)} and {folder.relative_to(ROOT)}/")
    print("now, by hand:")
    print(f"  name `{function}` in checker/rules/__init__.py")
    print("  give it a severity in policies/current.yaml")
    print("  mark the lines where something is found: # expect: problem, # expect: unknown")
    print("  pytest --update tests/test_conventions.py tests/test_rules.py")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
