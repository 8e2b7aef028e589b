"""Text to syntax trees; the one door to python-hcl2.

Rewritten code (hcl2_workarounds.py) goes to a fast parser first (fast_parser.py); what that one
does not read goes to the library, which is the reference and says what is wrong. Its tree has
offsets; names and strings are read from the original at those offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from checker.errors import SourceError
from checker.knowledge.partial import Location
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.brackets import fault
from checker.sources.terraform.language.fast_parser import read_body, read_expression
from checker.sources.terraform.language.hcl2_workarounds import readable
from checker.sources.terraform.language.lark_places import LarkNode
from checker.sources.terraform.language.scan import RawBlock, line_starts, locate
from checker.sources.terraform.language.templates import TemplateReader
from checker.sources.terraform.language.tokens import Source, Unreadable

MOST_BODY = 256 * 1024
MOST_REFERENCE = 64 * 1024
"""How much the library parses of one piece of code: it reads some 50 KB a second."""
MOST_SLOW = 128 * 1024
"""How much it parses in one run."""

_REFERENCE = re.compile(r"\s*([^\W\d][\w-]*)((?:\.[^\W\d][\w-]*)*)\s*")
_KEYWORDS = {"true", "false", "null"}


class TooLarge(SourceError):  # noqa: N818 - a bound, not a fault of the input
    """Code is larger than a bound and is not parsed: it need not be wrong."""


_SLOW: ContextVar[list[int] | None] = ContextVar("_SLOW", default=None)


@contextmanager
def one_run() -> Iterator[None]:
    """Bound what the library parses until the end as that of one run."""
    token = _SLOW.set([MOST_SLOW])
    try:
        yield
    finally:
        _SLOW.reset(token)


def _take(size: int) -> None:
    """Let the library parse so many characters; TooLarge if they are too many."""
    if size > MOST_REFERENCE:
        raise TooLarge(
            f"unusual or wrong code of more than {MOST_REFERENCE} characters is not read"
        )
    left = _SLOW.get()
    if left is not None and size > left[0]:
        raise TooLarge(f"more than {MOST_SLOW} characters of unusual or wrong code are not read")
    if left is not None:
        left[0] -= size + _EACH


_EACH = 100  # the library takes its time for the least of texts, too


def parse_block(raw: RawBlock) -> tree.Block:
    """Parse a scanned block; SourceError where it is not valid, TooLarge beyond a bound."""
    if raw.end - raw.start > MOST_BODY:
        raise TooLarge(f"the block is larger than {MOST_BODY} bytes and is not read")
    reading = _Reading(
        raw.file.text[raw.body : raw.end - 1], raw.file.name, raw.body, raw.file.lines
    )
    return tree.Block(raw.kind, raw.labels, reading.body(), raw.at)


def parse_arguments(text: str, source: str) -> dict[str, tree.Argument]:
    """Parse a `.tfvars` file; SourceError where it is not valid."""
    reading = _Reading(text.removeprefix("\ufeff"), source, 0, None)
    return reading.body().arguments


def parse_expression(text: str, at: Location) -> tree.Expression:
    """Parse one expression that begins at a place; SourceError where it is not valid."""
    reading = _Reading(text, at.source, 0, None, at)
    return reading.expression(0, len(text))


def parse_template(text: str, at: Location) -> tree.Template:
    """Parse a template file's text; SourceError where it is not valid."""
    return _Reading(text, at.source, 0, None, at).strings.plain()


def parse_string(text: str, at: Location) -> tree.Expression:
    """Parse a string of the JSON syntax, a template without escapes that begins at a place.

    A template of one interpolation and nothing else is that expression.
    """
    read = _Reading(text, at.source, 0, [0], at).strings.plain()
    if len(read.parts) == 1 and not isinstance(read.parts[0], (tree.Piece, tree.If, tree.Loop)):
        return read.parts[0]
    return read


class _Reading:
    """One piece of a file being read; `base` is the offset of the piece in its file."""

    def __init__(
        self,
        text: str,
        source: str,
        base: int,
        lines: list[int] | None,
        origin: Location | None = None,
    ) -> None:
        self.text, self.source, self._base = text, source, base
        self._lines = line_starts(text) if lines is None else lines
        self._origin = origin
        self.strings = TemplateReader(text, source, self.at, self.expression)

    def at(self, start: int, end: int = -1) -> Location:
        """Return the place from an offset to another; without an end if none is given."""
        base = self._base
        found = locate(self.source, self._lines, base + start, base + end if end >= 0 else -1)
        if self._origin is None:
            return found
        line, column = self._moved(found.line, found.column)
        if not found.end_line:
            return Location(self.source, line, column)
        return Location(self.source, line, column, *self._moved(found.end_line, found.end_column))

    def _moved(self, line: int, column: int) -> tuple[int, int]:
        """Return a line and column of a piece of code as those of its file."""
        origin = self._origin or Location("", 1, 1)
        return line + origin.line - 1, column + (origin.column - 1 if line == 1 else 0)

    def fault(self, message: str, offset: int) -> SourceError:
        """Return the error for an offset."""
        error = fault(message, self.source, self.text, min(offset, len(self.text)))
        place = self.at(min(offset, len(self.text)))
        reason = error.reasons[0]
        return SourceError(
            type(reason)(
                reason.message, f"{place.source}:{place.line}:{place.column}", reason.excerpt
            )
        )

    def body(self) -> tree.Body:
        """Parse the whole text as the body of a block."""
        code = readable(self.text, self.source)
        try:
            return read_body(code, self._behind(0))
        except Unreadable:
            return self.reference_body(code)

    def _behind(self, shift: int) -> Source:
        return Source(self.text, shift, self.strings.read, self.at)

    def reference_body(self, code: str) -> tree.Body:
        """Let python-hcl2 parse a body, which also says what is wrong with it."""
        from checker.sources.terraform.language.lark_tree import Converter

        return Converter(self, code, 0).body(self._parsed(code, 0).children[0])

    def expression(self, start: int, end: int) -> tree.Expression:
        """Parse the expression between two offsets."""
        simple = _REFERENCE.fullmatch(self.text, start, end)
        if simple and simple.group(1) not in _KEYWORDS:
            return self._reference(simple)
        head = "x="
        code = readable(head + self.text[start:end], self.source, flat=True)
        if not code[len(head) :].strip():
            raise self.fault("an expression is missing", start)
        try:
            return read_expression(code[len(head) :], self._behind(start))
        except Unreadable:
            return self.reference_expression(code, start, len(head))

    def reference_expression(self, code: str, start: int, head: int) -> tree.Expression:
        """Let python-hcl2 parse an expression behind a head of some characters."""
        from checker.sources.terraform.language.lark_tree import Converter

        parsed = self._parsed(code, start - head)
        body = [c for c in parsed.children[0].children if getattr(c, "data", "") == "attribute"]
        if len(body) != 1:
            raise self.fault("this is not an expression", start)
        return Converter(self, code, start - head).expression(body[0].children[-1])

    def _reference(self, match: re.Match[str]) -> tree.Expression:
        at = self.at(match.start(1), match.end(2))
        node: tree.Expression = tree.Name(match.group(1), at)
        for word in match.group(2).split(".")[1:]:
            node = tree.Attribute(node, word, at)
        return node

    def _parsed(self, code: str, base: int) -> LarkNode:
        """Let the library parse rewritten code; its errors become ours."""
        import hcl2

        _take(len(code))
        try:
            return hcl2.parses_to_tree(code)
        except RecursionError:
            raise self.fault("nested too deeply", max(base, 0)) from None
        except Exception as error:
            offset = getattr(error, "pos_in_stream", None)
            if not isinstance(offset, int) or offset < 0:
                offset = len(code.rstrip()) - 1
            raise self.fault(_message(code, offset), max(base + offset, 0)) from error


def _message(code: str, offset: int) -> str:
    """Say what the parser stumbled over, in words that Terraform's users know."""
    found = code[offset : offset + 1]
    if not found:
        return "invalid expression: the text ends too early"
    if found == "\n":
        return "invalid expression: the line ends too early"
    word = re.match(r"[\w-]+|.", code[offset:])
    return f"invalid expression: `{word.group() if word else found}` is not expected here"
