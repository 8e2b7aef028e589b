"""What evaluation asks of a state beside a configuration: attributes, accounts and Regions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from checker.sources.terraform.plan.model import Deferred, Plan
from checker.sources.terraform.plan.planned import Planned, block_of
from checker.sources.terraform.state.attributes import attributes_of, provider_address
from checker.sources.terraform.state.objects import State
from checker.sources.terraform.values.terraform_values import TerraformValue

ASSUMPTION = "what the state records of accounts, names and data sources is still so"


class Recorded:
    """A state beside its configuration; `keep_secret` gets what no report may show.

    Objects that the next apply replaces (tainted) or destroys (deposed) are left out.
    """

    def __init__(self, state: State, keep_secret: Callable[[TerraformValue], None]) -> None:
        found = {e.address: e for e in state.objects if not e.tainted and not e.deposed}
        plan = Plan(
            state.at,
            prior=Deferred(lambda: {a: partial(attributes_of, e) for a, e in found.items()}),
            prior_providers=Deferred(
                lambda: {
                    block_of(a): partial(provider_address, e.provider) for a, e in found.items()
                }
            ),
            is_state=True,
        )
        self._planned = Planned(plan, keep_secret=keep_secret)
        for secret in state.secrets:
            keep_secret(secret())

    def attributes(self, address: str) -> Mapping[str, TerraformValue]:
        """Return what is recorded of the object at an address, empty if nothing is."""
        return self._planned.attributes(address)

    def account(self, label: str) -> str | None:
        """Return the account that a provider configuration worked in; None where it is unknown."""
        return self._planned.account(label)

    def region(self, label: str) -> str | None:
        """Return the Region that `data.aws_region` was read in with a provider configuration."""
        return self._planned.region(label)
