"""Whose account, and which Region, a provider configuration works in, as a plan shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from checker.sources.terraform.plans.plan import Change
from checker.sources.terraform.values import Value

State = tuple[str, str, str, dict[str, Value]]
"""Address, provider configuration, mode and attributes of an instance in a state."""
_OWNED = re.compile(r"arn:[^:]+:(?:iam|sqs|lambda|kms):[^:]*:(\d{12}):")


def accounts(changes: Mapping[str, Change], states: Iterable[State]) -> dict[str, str]:
    """Tell the account of each provider configuration, where all that it made agrees."""
    told: dict[str, set[str]] = {}
    for address, provider, mode, values in states:
        account = values.get("account_id")
        if mode == "data" and ".aws_caller_identity." in address and isinstance(account, str):
            told.setdefault(provider, set()).add(account)
    for change in changes.values():
        arn = change.after.get("arn")
        match = _OWNED.match(arn) if isinstance(arn, str) else None
        if match is not None:
            told.setdefault(change.provider, set()).add(match[1])
    return {provider: found.pop() for provider, found in told.items() if len(found) == 1}


def regions(states: Iterable[State]) -> dict[str, str]:
    """Tell the Region of each provider configuration that a `data.aws_region` was read with."""
    found: dict[str, str] = {}
    for address, provider, mode, values in states:
        if mode == "data" and ".aws_region." in f".{address}":
            name = values.get("region") or values.get("name")
            if isinstance(name, str):
                found[provider] = name
    return found
