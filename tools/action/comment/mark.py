"""The first line of a comment, by which it is found again: one for each step that comments.

No value ends the HTML comment that it stands in: https://spec.commonmark.org/0.31.2/#html-comment
"""

from __future__ import annotations

import hashlib
import os
from posixpath import normpath
from urllib.parse import quote

PLAIN = "<!-- tfcheck -->"
"""That of a step that checks the workspace itself, and of the report that the program writes."""
BESIDE = ("PLAN", "VAR_FILE", "REGION", "PARAMETER_FILE", "CONFIG_ENV", "ACCOUNT", "STACK_NAME")
"""Inputs that tell steps apart which check one path."""
LONGEST = 200
"""How many characters a name may have; of a longer one its hash stands there."""


def mark() -> str:
    """Return the mark of this step: from `comment-id`, else from what it checks."""
    given = os.environ.get("COMMENT_ID", "").strip()
    if given:
        return f"<!-- tfcheck id={_name(given)} -->"
    path = normpath(os.environ.get("INPUT_PATH", "").strip() or ".")
    beside = [os.environ.get(f"INPUT_{name}", "").split() for name in BESIDE]
    if path == "." and not any(beside):
        return PLAIN
    parts = [path, *(" ".join(each) for each in beside)]
    while not parts[-1]:
        parts.pop()
    return f"<!-- tfcheck path={_name(','.join(_encoded(each) for each in parts))} -->"


def _encoded(text: str) -> str:
    return quote(text, safe="/._", errors="replace")


def _name(text: str) -> str:
    """Return a text as a name of letters, digits and `/._%,-`, in which no `--` is."""
    name = quote(text, safe="/._%,").replace("--", "%2D%2D").replace("~", "%7E")
    return name if len(name) <= LONGEST else hashlib.sha256(name.encode()).hexdigest()


def is_of(body: str, mark: str) -> bool:
    """Tell whether a comment begins with a mark, and with no longer one."""
    return body.split("\n", 1)[0].rstrip() == mark
