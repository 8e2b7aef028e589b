"""The instances of a resource with `count`, which have no attributes but by an index.

See https://developer.hashicorp.com/terraform/language/meta-arguments/count.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from checker.knowledge.partial import Location
from checker.sources.terraform.language.evaluation_errors import RefusedError
from checker.sources.terraform.values.terraform_values import PlacedTuple, TerraformValue


class Instances(PlacedTuple):
    """All instances of the resource or data source of an address."""

    address: str

    def __new__(cls, address: str, items: Iterable[TerraformValue]) -> Self:
        """Return a tuple of instances."""
        made = super().__new__(cls, items)
        made.address = address
        return made

    def lacking(self, at: Location) -> RefusedError:
        """Return what Terraform says of an attribute that is asked of all of them."""
        return without_key(self.address, "count", at)


def without_key(address: str, argument: str, at: Location) -> RefusedError:
    """Return what Terraform says of an attribute of a resource with `count` or `for_each`."""
    why = (
        f"Because `{address}` has `{argument}` set, its attributes must be accessed on specific"
        " instances"
    )
    return RefusedError("Missing resource instance key", why, at)
