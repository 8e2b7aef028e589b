"""`tfcheck rules`: the list of all rules."""

from __future__ import annotations

from typing import Annotated

import typer

from checker.cli import console


def rules(
    policy: Annotated[
        str | None,
        typer.Option(
            help="show the severities of this rule policy  [default: current]",
            metavar="NAME|FILE",
        ),
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="print the page of every rule as Markdown")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="print the JSON Schema of rule policies")
    ] = False,
) -> None:
    """List every rule with its severity."""
    from checker.policy import DEFAULT, load, shipped
    from checker.reports.catalogue import catalogue, listing
    from checker.rules import RULES

    names = [rule.name for rule in RULES]
    if schema:
        from checker.policy import schema as of_policies

        console.write(of_policies.schema(names))
    elif markdown:
        chosen = shipped() if policy is None else (policy,)
        policies = [load(each, names) for each in chosen]
        console.write(catalogue(RULES, {each.name: each.severities for each in policies}))
    else:
        listed = listing(RULES, load(policy or DEFAULT, names).severities)
        if console.is_terminal():
            # The last of three columns is the summary.
            start = max(len(name) for name in names) + len("  warning  ")
            listed = "".join(f"{console.wrapped(e, start)}\n" for e in listed.splitlines())
        console.write(listed)
