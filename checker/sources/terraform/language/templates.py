"""Quoted strings, heredocs and template files to templates.

See https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#templates. Literal text is cut at
its line ends, as HCL's own scanner does: a strip marker reaches no further than that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from checker.knowledge.partial import Location
from checker.records import dataclass
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.brackets import MOST_DEPTH, closing, fault

Locate: TypeAlias = Callable[[int, int], Location]
Parse: TypeAlias = Callable[[int, int], tree.Expression]
TemplatePart: TypeAlias = tree.Piece | tree.If | tree.Loop | tree.Expression

_QUOTED = re.compile(
    r"[^\\$%]+|\$\$\{|%%\{|(?P<enter>[$%]\{)"
    r"|(?P<escape>\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.))|[$%]",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^$%\n]*\n|[^$%\n]+|\$\$\{|%%\{|(?P<enter>[$%]\{)|[$%]")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_DIRECTIVE = re.compile(r"\s*(if|else|endif|for|endfor)\b\s*")
_FOR = re.compile(r"\s*([^\W\d][\w-]*)\s*(?:,\s*([^\W\d][\w-]*)\s*)?in\b\s*")


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of text, an interpolation or a directive, with its strip markers."""

    word: str
    at: Location
    text: str = ""
    expression: tree.Expression | None = None
    names: tuple[str | None, str] = (None, "")
    left: bool = False
    right: bool = False


class TemplateReader:
    """Reads templates out of one text; `parse` reads the expression between two offsets."""

    def __init__(self, text: str, source: str, locate: Locate, parse: Parse) -> None:
        self._text, self._source, self._locate, self._parse = text, source, locate, parse

    def read(self, start: int, end: int) -> tree.Expression:
        """Return what the string or heredoc between two offsets says."""
        if self._text.startswith("<<", start):
            return self.heredoc(start, end)
        return self.quoted(start, end)

    def quoted(self, start: int, end: int) -> tree.Expression:
        """Return what a quoted string says; `start` and `end` enclose its quotes."""
        at = self._locate(start, end)
        inner = self._text[start + 1 : end - 1]
        if "\\" not in inner and "${" not in inner and "%{" not in inner:
            return tree.Literal(inner, at)
        tokens = self._tokens(start + 1, end - 1, _QUOTED)
        parts = self._parts(tokens)
        if all(isinstance(part, tree.Piece) for part in parts):
            return tree.Literal("".join(p.text for p in parts if isinstance(p, tree.Piece)), at)
        return tree.Template(parts, at, wraps=len(tokens) == 1)

    def heredoc(self, start: int, end: int) -> tree.Template:
        """Return what a heredoc says, from its `<<` to its end marker."""
        first = self._text.index("\n", start) + 1
        last = self._text.rindex("\n", first - 1, end) + 1
        tokens = self._tokens(first, last, _PLAIN)
        if self._text.startswith("<<-", start):
            tokens = _flush(tokens)
        return tree.Template(self._parts(tokens), self._locate(start, end))

    def plain(self) -> tree.Template:
        """Return what the whole text says, as a template file."""
        at = self._locate(0, len(self._text))
        return tree.Template(self._parts(self._tokens(0, len(self._text), _PLAIN)), at)

    def _tokens(self, start: int, end: int, pattern: re.Pattern[str]) -> list[_Token]:
        tokens: list[_Token] = []
        held: list[str] = []
        begun = at = start
        while at < end:
            match = pattern.match(self._text, at, end)
            if match is None:
                raise fault("the string is broken here", self._source, self._text, at)
            if match.lastgroup == "enter":
                if held:
                    tokens.append(self._piece(begun, at, held))
                    held = []
                token, at = self._enter(match.end(), match.group() == "%{")
                tokens.append(token)
                begun = at
                continue
            word = self._literal(match)
            held.append(word)
            at = match.end()
            if word.endswith("\n") and pattern is _PLAIN:
                tokens.append(self._piece(begun, at, held))
                held, begun = [], at
        if held:
            tokens.append(self._piece(begun, at, held))
        return tokens

    def _piece(self, start: int, end: int, words: list[str]) -> _Token:
        """Return the text between two offsets, whose place ends before the end of its line."""
        last = end
        while last > start and self._text[last - 1] in "\r\n":
            last -= 1
        return _Token("", self._locate(start, last), "".join(words))

    def _literal(self, match: re.Match[str]) -> str:
        word = match.group()
        if match.lastgroup == "escape":
            if word[1] in "uU" and len(word) > 2:  # noqa: PLR2004 - it has its digits
                return character(int(word[2:], 16))  # noqa: FURB166 - `\u` is no base
            if word[1] not in _ESCAPES:
                message = f"the escape `{word}` does not exist"
                raise fault(message, self._source, self._text, match.start())
            return _ESCAPES[word[1]]
        return word[1:] if word in {"$${", "%%{"} else word

    def _enter(self, start: int, directive: bool) -> tuple[_Token, int]:  # noqa: FBT001 - `%{`
        """Read an interpolation or directive whose content begins at `start`."""
        end = closing(self._text, start, self._source)
        at = self._locate(start - 2, end)
        left = self._text.startswith("~", start)
        first, last = start + left, end - 1
        right = self._text[last - 1] == "~" and last > first
        last -= right
        if not directive:
            expression = self._parse(first, last)
            return _Token("value", at, expression=expression, left=left, right=right), end
        word = _DIRECTIVE.match(self._text, first, last)
        if word is None:
            raise fault(
                "a directive is `if`, `else`, `endif`, `for` or `endfor`",
                self._source,
                self._text,
                first,
            )
        kind, here = word.group(1), word.end()
        if kind == "if":
            condition = self._parse(here, last)
            return _Token("if", at, expression=condition, left=left, right=right), end
        if kind == "for":
            names = _FOR.match(self._text, here, last)
            if names is None:
                raise fault(
                    "`for` needs a name, `in` and a collection", self._source, self._text, here
                )
            collection = self._parse(names.end(), last)
            key, value = (
                (names.group(1), names.group(2)) if names.group(2) else (None, names.group(1))
            )
            return _Token("for", at, "", collection, (key, value), left, right), end
        return _Token(kind, at, left=left, right=right), end

    def _parts(self, tokens: list[_Token]) -> tuple[TemplatePart, ...]:
        """Nest the directives; the stack is a list, so depth costs nothing."""
        try:
            return _nest(_strip(tokens))
        except ValueError as error:
            raise fault(str(error), self._source, self._text, 0) from error


def character(code: int) -> str:
    """Return a character by its number, as Go writes it: what is none becomes a replacement."""
    return "\N{REPLACEMENT CHARACTER}" if code > MOST_CODE or code in SURROGATES else chr(code)


MOST_CODE = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)


def _strip(tokens: list[_Token]) -> list[_Token]:
    """Apply the strip markers to the text beside them."""
    out = list(tokens)
    for n, token in enumerate(tokens):
        if token.left and n and not out[n - 1].word:
            out[n - 1] = replace(out[n - 1], text=out[n - 1].text.rstrip())
        if token.right and n + 1 < len(out) and not out[n + 1].word:
            out[n + 1] = replace(out[n + 1], text=out[n + 1].text.lstrip())
    return out


def _nest(tokens: list[_Token]) -> tuple[TemplatePart, ...]:
    frames: list[tuple[_Token | None, list[list[TemplatePart]]]] = [(None, [[]])]
    for token in tokens:
        parts = frames[-1][1][-1]
        if not token.word:
            if token.text:
                parts.append(tree.Piece(token.text, token.at))
        elif token.word == "value":
            if token.expression is not None:
                parts.append(token.expression)
        elif token.word in {"if", "for"}:
            if len(frames) > MOST_DEPTH:
                raise ValueError(f"directives nest deeper than {MOST_DEPTH}")
            frames.append((token, [[]]))
        elif token.word == "else":
            if frames[-1][0] is None or frames[-1][0].word != "if" or len(frames[-1][1]) > 1:
                raise ValueError("`else` without `if`")
            frames[-1][1].append([])
        else:
            opened, branches = frames.pop()
            if opened is None or f"end{opened.word}" != token.word:
                raise ValueError(f"`{token.word}` without its beginning")
            frames[-1][1][-1].append(_closed(opened, branches))
    if len(frames) > 1:
        raise ValueError("a directive is not ended")
    return tuple(frames[0][1][0])


def _closed(opened: _Token, branches: list[list[TemplatePart]]) -> TemplatePart:
    at = opened.at
    condition = opened.expression
    if condition is None:
        raise ValueError(f"`{opened.word}` without an expression")
    bodies = [tree.Template(tuple(branch), at) for branch in branches]
    if opened.word == "if":
        return tree.If(condition, bodies[0], bodies[1] if len(bodies) > 1 else None, at)
    return tree.Loop(*opened.names, condition, bodies[0], at)


def _flush(tokens: list[_Token]) -> list[_Token]:
    """Take the smallest indentation off every line; lines of blanks alone stay as they are."""
    starts = [
        n
        for n in range(len(tokens))
        if n == 0 or (not tokens[n - 1].word and tokens[n - 1].text.endswith("\n"))
    ]
    widths: dict[int, int] = {}
    for n in starts:
        token = tokens[n]
        if token.word:
            widths[n] = 0
        elif token.text.strip() or not token.text.endswith("\n"):
            widths[n] = len(token.text) - len(token.text.lstrip())
    least = min(widths.values(), default=0)
    out = list(tokens)
    for n in widths:
        if not tokens[n].word and least:
            at = tokens[n].at
            moved = Location(at.source, at.line, at.column + least).up_to(at)
            out[n] = replace(tokens[n], text=tokens[n].text[least:], at=moved)
    return out
