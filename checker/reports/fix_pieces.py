"""A fix as a reader follows it: sentences, and code of the configuration language between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.records import dataclass

_CODE = re.compile(r"`([^`]+)`")
_IS_HCL = re.compile(r"[A-Za-z_][\w-]* = |\{ ")
_GLUE = " ,;:"
_LONGEST = 60
"""How long an object may be that stays on one line."""


@dataclass(frozen=True, slots=True)
class FixPiece:
    """A part of a fix: code that can be pasted, or what is said around it."""

    text: str
    code: bool


def pieces(fix: str) -> Iterator[FixPiece]:
    """Yield the parts of a fix in their order; short names in backticks stay in the sentences."""
    said, end = "", 0
    for match in _CODE.finditer(fix):
        said += fix[end : match.start()]
        end = match.end()
        if _IS_HCL.match(match[1]) is None:
            said += match[0]
            continue
        if said.strip(_GLUE):
            yield FixPiece(said.lstrip(_GLUE).rstrip(), code=False)
        yield FixPiece(laid_out(match[1]), code=True)
        said = ""
    said = (said + fix[end:]).strip()
    said = said.lstrip(_GLUE) if end else said
    if said:
        yield FixPiece(said, code=False)


def laid_out(code: str) -> str:
    """Return an object with a line for each of its members, as `terraform fmt` lays it out."""
    name, equals, value = code.partition(" = {") if not code.startswith("{") else ("", "", code)
    inner = f"{{{value}" if equals else value
    if len(code) <= _LONGEST or not inner.startswith("{ ") or not inner.endswith(" }"):
        return code
    members = [each.partition(" = ") for each in _members(inner[2:-2])]
    if not all(equals for _, equals, _ in members):
        return code
    width = max(len(key) for key, _, _ in members)
    lines = [f"  {key:<{width}} = {one}" for key, _, one in members]
    return "\n".join([f"{name} = {{" if equals else "{", *lines, "}"])


def _members(text: str) -> list[str]:
    """Split the members of an object at the commas that are in no string and no brackets."""
    found, begin, depth, quoted, n = [], 0, 0, False, 0
    while n < len(text):
        sign = text[n]
        if quoted:
            n += sign == "\\"
            quoted = sign != '"'
        elif sign == '"':
            quoted = True
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif sign == "," and not depth:
            found.append(text[begin:n].strip())
            begin = n + 1
        n += 1
    return [*found, text[begin:].strip()]
