"""`tfcheck explain RULE`: the documentation of one rule."""

from __future__ import annotations

from typing import Annotated

import typer

from checker.cli import console


def explain(
    rule: Annotated[
        str, typer.Argument(metavar="RULE", help="A rule's name, such as role-cannot-read-queue.")
    ],
) -> None:
    """Say what a rule finds, why it matters, and how to mend it."""
    from difflib import get_close_matches

    from checker.errors import UsageError
    from checker.reports.catalogue import page
    from checker.rules import RULES

    by_name = {each.name: each for each in RULES}
    if rule not in by_name:
        close = get_close_matches(rule, by_name, n=3, cutoff=0.5)
        names = ", ".join(f"`{name}`" for name in close)
        hint = f"did you mean {names}?" if names else "`tfcheck rules` lists all"
        raise UsageError(f"there is no rule `{rule}`", hint=hint)
    console.write_markdown(page(by_name[rule]))
