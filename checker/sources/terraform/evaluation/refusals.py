"""What Terraform, or the AWS provider at plan, refuses of a configuration, in their own words."""

from __future__ import annotations

import re

from checker.knowledge.partial import Location
from checker.model import Refusal
from checker.sources.terraform.language.evaluation_errors import EvaluationError, RefusedError

MOST_REFUSALS = 50
"""How many are noted: Terraform goes no further than the first ones either."""


CYCLE = "Cycle"
"""The heading of what Terraform says of things that refer to themselves."""


class Refusals:
    """What was met in one run; nothing is noted where `accepted` says that a plan exists."""

    def __init__(self, *, accepted: bool) -> None:
        self.accepted = accepted
        self._found: dict[tuple[Location, str, str], Refusal] = {}
        self._unsure: set[str] = set()

    @property
    def found(self) -> tuple[Refusal, ...]:
        """All of them, in the order of their places."""
        return tuple(self._found[key] for key in sorted(self._found))

    def add_once(
        self,
        summary: str,
        why: str,
        at: Location,
        name: str,
        why_unsure: str = "",
        remedy: str = "",
    ) -> None:
        """Note what is refused of a name at the first place that refers to it."""
        if not any(e.summary == summary and e.address == name for e in self._found.values()):
            self.add(summary, why, at, name, why_unsure, remedy)

    def has_cycle(self, name: str) -> bool:
        """Tell whether a cycle is noted that goes through a thing of a name, or a part of it."""
        through = re.compile(rf"`{re.escape(name)}[`.\[]")
        return any(through.search(each.why) for each in self.found if each.summary == CYCLE)

    def may_not_exist(self, address: str) -> None:
        """Note that an instance is one of an unknown number of them."""
        self._unsure.add(address)

    def note(self, error: EvaluationError, path: str) -> None:
        """Note an error met in a block or module of an address.

        What depends on an instance that may not exist is not sure to be refused.
        """
        if isinstance(error, RefusedError):
            unsure = f"it is unknown whether `{path}` exists" if self._is_unsure(path) else ""
            self.add(error.summary, str(error), error.at, path, unsure)

    def _is_unsure(self, path: str) -> bool:
        """Tell whether a block or module may not exist, or is in one that may not."""
        if not self._unsure:
            return False
        ends = (end for end, character in enumerate(path) if character == ".")
        return path in self._unsure or any(path[:end] in self._unsure for end in ends)

    def add(
        self,
        summary: str,
        why: str,
        at: Location,
        address: str,
        why_unsure: str = "",
        remedy: str = "",
    ) -> None:
        """Note what is refused in a block or module of an address, and why that is not sure."""
        if self.accepted or len(self._found) >= MOST_REFUSALS:
            return
        key = (at, summary, why)
        if key not in self._found or self._found[key].unsure:
            self._found[key] = Refusal(summary, why, at, address, why_unsure, remedy)


NEWER = frozenset(("base64gunzip", "cidrcontains", "urldecode", "convert"))
"""Functions of OpenTofu or of a newer Terraform, which may be the one that runs."""


def unknown_function(name: str, at: Location) -> RefusedError:
    """Return the error of a call of a function that does not exist."""
    gone = _GONE.get(name)
    if gone is not None:
        why = (
            f"Call to function `{name}` failed: the `{name}` function was deprecated in Terraform"
            f" v0.12 and is no longer available; use {gone}"
        )
        return RefusedError("Error in function call", why, at)
    return RefusedError("Call to unknown function", f"There is no function named `{name}`", at)


_GONE = {
    "list": "tolist([ ... ]) syntax to write a literal list",
    "map": "tomap({ ... }) syntax to write a literal map",
}


def undeclared(what: str, module: str) -> tuple[str, str]:
    """Return what Terraform says of a reference to what is not declared: heading and text."""
    kind, _, name = what.partition(".")
    if kind == "var":
        return (
            "Reference to undeclared input variable",
            f"An input variable with the name `{name}` has not been declared",
        )
    if kind == "local":
        return (
            "Reference to undeclared local value",
            f"A local value with the name `{name}` has not been declared",
        )
    if kind == "module":
        where = module or "the root module"
        return (
            "Reference to undeclared module",
            f"No module call named `{name}` is declared in {where}",
        )
    if kind == "output":
        return (
            "Unsupported attribute",
            f"This object does not have an attribute named `{name}`",
        )
    mode = "data" if kind == "data" else "managed"
    words = re.findall(r"[^.]+", what.removeprefix("data."))
    where = module or "the root module"
    return (
        "Reference to undeclared resource",
        f"A {mode} resource `{words[0]}` `{words[-1]}` has not been declared in {where}",
    )
