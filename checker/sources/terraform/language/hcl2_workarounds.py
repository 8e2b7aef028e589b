"""Code as python-hcl2 can read it, of the same length, so that every offset stays true.

The library refuses or misreads much that is valid (see tests/sources/terraform/test_syntax.py).
What it sees instead: no comments, every string and heredoc as a plain string without content,
no newline where newlines mean nothing, and identifiers in ASCII. Names and contents are always
taken from the original by their offsets.
"""

from __future__ import annotations

import re

from checker.sources.terraform.language.brackets import spans

_FOREIGN = re.compile(r"[^\x00-\x7f]")
_NAMESPACE = re.compile(r"(?<=\w)::(?=[^\W\d])")
_NEGATIONS = re.compile(r"!(?:\s*!)+")
_MINUSES = re.compile(r"(?<=[=(\[,?:{!<>&|*/%+])(\s*-)((?:\s*-)+)(?=\s*[\w(])")


def readable(text: str, source: str, *, flat: bool = False) -> str:
    """Return the text rewritten; with `flat`, newlines outside of braces mean nothing either."""
    out: list[str] = []
    done = 0
    inside = "(" if flat else ""
    for span in spans(text, 0, source, stop=False):
        out.append(_code(text[done : span.start], span.inside or inside))
        piece = text[span.start : span.end]
        if span.kind in {"open", "close"}:
            out.append(piece)
        elif span.kind in {"comment", "line"}:
            out.append(" " * len(piece))
        else:
            out.append(f'"{"_" * (len(piece) - 2)}"')
        done = span.end
    out.append(_code(text[done:], inside))
    return "".join(out)


def _code(text: str, inside: str) -> str:
    if inside in {"(", "["} and "\n" in text:
        text = text.replace("\n", " ").replace("\r", " ")
    if not text.isascii():
        text = _FOREIGN.sub(lambda m: "_" if m.group().isalnum() else " ", text)
    if "::" in text:
        text = _NAMESPACE.sub("__", text)
    if "!" in text:
        text = _NEGATIONS.sub(lambda m: "!" + " " * (len(m.group()) - 1), text)
    if "-" in text:
        text = _MINUSES.sub(lambda m: m.group(1) + " " * len(m.group(2)), text)
    return text
