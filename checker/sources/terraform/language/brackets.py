"""Where strings, comments, heredocs and brackets begin and end, without parsing.

All loops are iterative and linear: the text may be hostile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from checker.errors import Reason, SourceError
from checker.records import dataclass

MOST_DEPTH = 200

CODE = re.compile(
    r'(?P<string>"(?:[^"\\\n$%]|\\.|\$(?!\{)|%(?!\{))*")'
    r'|(?P<template>")'
    r"|(?P<line>(?:\#|//)[^\n]*)"
    r"|(?P<comment>/\*)"
    r"|(?P<heredoc><<(?P<flush>-?)(?P<mark>[^\W\d][\w.-]*)[ \t]*\r?\n)"
    r"|(?P<open>[({\[])|(?P<close>[)}\]])"
)
QUOTED = re.compile(
    r'[^"\\$%\n]+|\\.|\$\$\{|%%\{|(?P<enter>[$%]\{)|[$%]|(?P<end>")|(?P<break>\\?\n)'
)
_PAIRS = {")": "(", "]": "[", "}": "{"}

PieceKind = Literal["string", "comment", "line", "heredoc", "open", "close"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of code from `start` to `end`; `inside` is the bracket around it (or its own)."""

    kind: PieceKind
    start: int
    end: int
    inside: str


def place(source: str, text: str, offset: int) -> str:
    """Return `file:line:column` of an offset."""
    line = text.count("\n", 0, offset) + 1
    return f"{source}:{line}:{offset - text.rfind(chr(10), 0, offset)}"


def fault(message: str, source: str, text: str, offset: int) -> SourceError:
    """Return the error for a place in a text, with the offending line."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    excerpt = text[start : end if end >= 0 else len(text)][:200].rstrip("\r")
    return SourceError(Reason(message, place(source, text, offset), excerpt))


def spans(text: str, start: int, source: str, *, stop: bool) -> Iterator[Span]:
    """Yield what stands in code from `start`.

    With `stop`, `start` is just behind an opening brace, and the last span is the brace that
    closes it. Otherwise the code ends with the text.
    """
    stack = ["{"] if stop else []
    opened = [start]
    at = start
    while True:
        match = CODE.search(text, at)
        if match is None:
            if stack:
                raise fault(f"unclosed `{stack[-1]}`", source, text, opened[-1] - 1)
            return
        kind, begin = match.lastgroup, match.start()
        if kind == "open":
            at = match.end()
            if len(stack) >= MOST_DEPTH:
                raise fault(f"brackets nest deeper than {MOST_DEPTH}", source, text, begin)
            yield Span("open", begin, at, stack[-1] if stack else "")
            stack.append(match.group())
            opened.append(at)
        elif kind == "close":
            at = match.end()
            if not stack or stack.pop() != _PAIRS[match.group()]:
                raise fault(f"`{match.group()}` closes nothing", source, text, begin)
            opened.pop()
            yield Span("close", begin, at, _PAIRS[match.group()])
            if stop and not stack:
                return
        else:
            what, at = _plain(text, match, source)
            yield Span(what, begin, at, stack[-1] if stack else "")


def _plain(text: str, match: re.Match[str], source: str) -> tuple[PieceKind, int]:
    """Return what begins at a match that is no bracket, and the offset just behind it."""
    kind = match.lastgroup
    if kind in {"mark", "heredoc"}:
        return "heredoc", heredoc_end(text, match, source)
    if kind == "template":
        return "string", string_end(text, match.start(), source)
    if kind == "comment":
        return "comment", _comment_end(text, match.start(), source)
    return ("line" if kind == "line" else "string"), match.end()


def _comment_end(text: str, start: int, source: str) -> int:
    end = text.find("*/", start + 2)
    if end < 0:
        raise fault("unclosed comment", source, text, start)
    return end + 2


def closing(text: str, start: int, source: str) -> int:
    """Return the offset just behind the brace that closes the one before `start`."""
    end = start
    for span in spans(text, start, source, stop=True):
        end = span.end
    return end


def string_end(text: str, start: int, source: str) -> int:
    """Return the offset just behind the quote that closes the string at `start`.

    Interpolations may hold strings with interpolations; the stack is a list, not recursion.
    """
    modes = ["quoted"]
    at = start + 1
    while modes:
        match = (QUOTED if modes[-1] == "quoted" else CODE).search(text, at)
        if match is None:
            raise fault("unclosed string", source, text, start)
        at = match.end()
        kind = match.lastgroup
        if kind == "break":
            raise fault("a string must end on the line where it begins", source, text, start)
        if kind in {"enter", "open"}:
            modes.append("code")
        elif kind in {"end", "close"}:
            modes.pop()
        elif kind == "template":
            modes.append("quoted")
        elif kind == "comment":
            at = _comment_end(text, match.start(), source)
        elif kind in {"heredoc", "mark"}:
            at = heredoc_end(text, match, source)
        if len(modes) > 2 * MOST_DEPTH:
            raise fault("strings nest too deeply", source, text, start)
    return at


@lru_cache(maxsize=256)
def _marker(mark: str) -> re.Pattern[str]:
    return re.compile(rf"^[^\S\n]*{re.escape(mark)}(?=[ \t]*\r?(?:\n|\Z))", re.MULTILINE)


def heredoc_end(text: str, match: re.Match[str], source: str) -> int:
    """Return the offset just behind a heredoc's end marker."""
    found = _marker(match.group("mark")).search(text, match.end())
    if found is None:
        raise fault(f"unclosed heredoc `{match.group('mark')}`", source, text, match.start())
    return found.end()
