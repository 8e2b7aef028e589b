"""How reports word a waiver that is only proposed."""

from __future__ import annotations

from checker.reports.report import Proposed


def worded(each: Proposed) -> str:
    """Return a sentence on a proposed waiver, with names in backticks; its place stands apart."""
    rules = ", ".join(f"`{rule}`" for rule in each.rules)
    until = f" (until={each.until})" if each.until else ""
    reason = f"{each.reason or 'no reason given'}{until}"
    return f"a waiver of {rules} at `{each.address}` waives nothing until it is merged: {reason}"
