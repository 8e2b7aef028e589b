"""`tfcheck explain RULE`: the documentation of one rule."""

from __future__ import annotations

from typing import Annotated

import typer

from checker.cli import console
from checker.cli.selection import unknown_rules


def explain(
    rule: Annotated[
        str, typer.Argument(metavar="RULE", help="name of a rule, such as role-cannot-read-queue")
    ],
) -> None:
    """Say what a rule finds, why it matters, and how to fix it."""
    from checker.reports.catalogue import page
    from checker.rules import RULES

    by_name = {each.name: each for each in RULES}
    if rule not in by_name:
        raise unknown_rules([rule])
    console.write_markdown(page(by_name[rule]))
