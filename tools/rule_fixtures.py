"""The examples of rules: each says what differs from a base configuration, and what is found.

`# base: NAME` in the first lines of an example names a file of `fixtures/bases`. Its blocks come
after those of the example, but for those that the example has as well, and those that
`# without: ADDRESS ...` names.
"""

from __future__ import annotations

import re
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
_COMMENTS = r"(?:^#[^\n]*\n)*"
_BLOCK = re.compile(
    _COMMENTS + r"""^(\w+)((?: "[^"]*")*) \{[^\n]*\n.*?^\}[^\n]*\n""", re.MULTILINE | re.DOTALL
)


def whole(file: Path) -> str:
    """Return the configuration of an example: its own text, and the rest of its base."""
    text = file.read_text(encoding="utf-8")
    named = re.search(r"^# base: (\S+)$", text, re.MULTILINE)
    if named is None:
        return text
    left_out = {match[1] + match[2] for match in _BLOCK.finditer(text)}
    without = re.search(r"^# without: (.+)$", text, re.MULTILINE)
    for address in without[1].split() if without else ():
        kind, name = address.split(".")
        left_out.add(f'resource "{kind}" "{name}"')
    base = (FIXTURES / "bases" / f"{named[1]}.tf").read_text(encoding="utf-8")
    rest = [match[0] for match in _BLOCK.finditer(base) if match[1] + match[2] not in left_out]
    return "\n".join([text, *rest])
