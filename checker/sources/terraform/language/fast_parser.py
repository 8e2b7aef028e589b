"""A fast reader of rewritten code, beside python-hcl2 and held equal to it by tests.

It reads what is valid, and stops with `Unreadable` on anything else: python-hcl2 then decides
what is wrong and where.
"""

from __future__ import annotations

from checker.sources.terraform.language import tree
from checker.sources.terraform.language.fast_expressions import ExpressionReader
from checker.sources.terraform.language.tokens import Source, Token, Unreadable


def read_body(code: str, source: Source) -> tree.Body:
    """Return the body that the code is; Unreadable if it is none."""
    reader = BodyReader(code, source)
    body = reader.body("end")
    reader.expect("end")
    return body


def read_expression(code: str, source: Source) -> tree.Expression:
    """Return the expression that the code is; Unreadable if it is none."""
    reader = BodyReader(code, source)
    reader.newlines()
    node, _ = reader.expression()
    reader.newlines()
    reader.expect("end")
    return node


class BodyReader(ExpressionReader):
    """Reads bodies: arguments and blocks."""

    def body(self, closing: str) -> tree.Body:
        """Read arguments and blocks up to the closing brace or the end."""
        self._deeper()
        arguments: dict[str, tree.Argument] = {}
        blocks: list[tree.Block] = []
        self.newlines()
        while self._next.kind == "word":
            name = self._take()
            if self._sign("="):
                self._at += 1
                if self._named(name) in arguments:
                    raise Unreadable
                value, _ = self.expression()
                at = self._span(name.start)
                arguments[self._named(name)] = tree.Argument(self._named(name), value, at)
            else:
                blocks.append(self._block(name))
            if self._next.kind == "newline":
                self.newlines()
            elif not (self._sign(closing) or self._next.kind == closing):
                raise Unreadable
        self._depth -= 1
        return tree.Body(arguments, tuple(blocks))

    def _block(self, kind: Token) -> tree.Block:
        labels: list[str] = []
        while not self._sign("{"):
            token = self._take()
            if token.kind == "word":
                labels.append(self._named(token))
                continue
            literal = self._text(token) if token.kind == "string" else None
            if not isinstance(literal, tree.Literal) or not isinstance(literal.value, str):
                raise Unreadable
            labels.append(literal.value)
        self._at += 1
        body = self.body("}")
        self.expect("sign", "}")
        return tree.Block(self._named(kind), tuple(labels), body, self._span(kind.start))
