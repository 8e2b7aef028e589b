"""What a commit does, told by two whole runs, and what `--changed-since` says of it.

Nothing here knows how findings are compared: verdicts, and which actions a role lacks, are enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

Reported: TypeAlias = Mapping[str, Any]
"""A report as JSON."""

_WORST = ("blocked", "undecided", "at-risk", "ready")
_ACTION = re.compile(r"`(\w+:\w+)`")


def verdicts(report: Reported) -> dict[str, str]:
    """Return the verdict of each mapping."""
    return {each["id"]: each["verdict"] for each in report["mappings"]}


def worse(before: Reported, after: Reported, renamed: Callable[[str], str] = str) -> dict[str, str]:
    """Return the mappings of which the verdict got worse, with what it was."""
    was = {renamed(each): verdict for each, verdict in verdicts(before).items()}
    return {
        each: was[each]
        for each, verdict in verdicts(after).items()
        if each in was and _WORST.index(verdict) < _WORST.index(was[each])
    }


def points(report: Reported, renamed: Callable[[str], str] = str) -> set[tuple[str, ...]]:
    """Return what is wrong: rule and mapping of each problem, and each action that is lacking."""
    return {
        (part["rule"], renamed(mapping), action)
        for each in report["findings"]
        if each["kind"] == "problem" and not each["waived"]
        for part in each.get("affected", [each])
        for mapping in part["mappings"] or [""]
        for action in ("", *_ACTION.findall(part["message"]))
    }


def new(
    before: Reported, after: Reported, renamed: Callable[[str], str] = str
) -> set[tuple[str, ...]]:
    """Return what is wrong after a commit and was not before."""
    return points(after) - points(before, renamed)


def missed(before: Reported, after: Reported, said: Reported, code: int) -> Iterator[str]:
    """Yield what a breaking commit does and is not said of it."""
    was = {each["id"]: each["was"] for each in said["mappings"] if "was" in each}
    for mapping, verdict in worse(before, after).items():
        if was.get(mapping) != verdict:
            yield f"{mapping} got worse, was {verdict}"
    for point in sorted(new(before, after) - points(said)):
        yield f"new: {' '.join(point)}"
    if worse(before, after) and code == 0:
        yield "exit code 0"


def blamed(said: Reported, code: int) -> Iterator[str]:
    """Yield what a neutral commit is blamed for."""
    yield from (f"{each['rule']}: {each['message']}" for each in said["findings"])
    yield from (f"{each['id']} was {each['was']}" for each in said["mappings"] if "was" in each)
    if said["compared"]["fixed"]:
        yield f"{said['compared']['fixed']} fixed"
    if said["compared"]["why"]:
        yield said["compared"]["why"]
    if code:
        yield f"exit code {code}"
