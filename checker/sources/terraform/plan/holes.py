"""Names of what a plan does not know, the same that the configuration's evaluation gives them."""

from __future__ import annotations

import json
import re

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location

_WORD = re.compile(r"[^\W\d][\w-]*")


class Undecodable(Exception):  # noqa: N818 - it is a fact, not an error
    """Part of a plan that cannot be read; the message says why, for the user."""


def attribute(name: str, key: str) -> str:
    """Return the name of an object's attribute."""
    return f"{name}.{key}"


def element(name: str, key: str | int) -> str:
    """Return the name of an element of a list or map."""
    return f"{name}[{json.dumps(key, ensure_ascii=False)}]"


def member(name: str, key: str) -> str:
    """Return the name of what is an object's attribute or a map's element: which is unknown."""
    return attribute(name, key) if _WORD.fullmatch(key) else element(name, key)


def unknown(name: str, at: Location) -> Hole:
    """Return what only applying the plan makes known."""
    return Hole(name, why=f"`{name}` is known only when the plan is applied", at=at)


def unreadable(name: str, why: Undecodable | str, at: Location) -> Hole:
    """Return what stands in the plan and cannot be read."""
    return Hole(name, why=f"`{name}` cannot be read from the plan: {why}", at=at)
