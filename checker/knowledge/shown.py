"""How much of a value is shown to a person."""

from __future__ import annotations

from typing import TypeVar

from checker.knowledge.sensitive import is_sensitive

T = TypeVar("T")
_MOST = 200


def briefly(value: T) -> T | str:
    """Return a value to show, and of a long text the beginning; a sensitive one is not shown."""
    if not isinstance(value, str) or is_sensitive(value) or len(value) <= _MOST:
        return value
    return f"{value[:_MOST]}..."
