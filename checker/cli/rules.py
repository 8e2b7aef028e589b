"""`tfcheck rules`: the list of all rules."""

from __future__ import annotations

from typing import Annotated

import typer

from checker.cli import console


def rules(
    policy: Annotated[
        str | None, typer.Option(help="Show the severities of this policy.", metavar="NAME|FILE")
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Write every rule's page as Markdown.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Write the JSON Schema of policy files.")
    ] = False,
) -> None:
    """List every rule, and how severe it is."""
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
        console.write(listing(RULES, load(policy or DEFAULT, names).severities))
