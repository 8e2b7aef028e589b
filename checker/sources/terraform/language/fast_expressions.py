"""A fast reader of expressions in rewritten code: see `fast_parser.py`.

Expressions follow HCL's grammar, https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md.
"""

from __future__ import annotations

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.numbers import read
from checker.sources.terraform.language.tokens import Token, TokenReader, Unreadable

_RANKS = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4,
          "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}  # fmt: skip
_STEPS = {".", "["}
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_RESERVED = {"for", "in", "if", "else", "endif", "endfor"}


class ExpressionReader(TokenReader):
    """Reads expressions; each method returns the node, some with the offset where it begins.

    Brackets around an expression are part of it.
    """

    def expression(self) -> tuple[tree.Expression, int]:
        """Read an expression."""
        self._deeper()
        node, start = self._binary(1)
        if self._sign("?"):
            self._at += 1
            then, _ = self.expression()
            self.expect("sign", ":")
            otherwise, _ = self.expression()
            node = tree.Conditional(node, then, otherwise, self._span(start))
        self._depth -= 1
        return node, start

    def _binary(self, least: int) -> tuple[tree.Expression, int]:
        left, start = self._unary()
        while self._next.kind == "sign" and _RANKS.get(self._next.text, 0) >= least:
            symbol = self._take().text
            right, _ = self._binary(_RANKS[symbol] + 1)
            left = tree.Binary(symbol, left, right, left.at.up_to(self._span(start)))
        return left, start

    def _unary(self) -> tuple[tree.Expression, int]:
        if not (self._sign("-") or self._sign("!")):
            return self._traversed()
        token = self._take()
        node, start = self._unary() if self._sign("-") or self._sign("!") else self._traversed()
        # Repeated signs were blanked out of the code: the original tells how many there are.
        for _ in range(self._original(token.start, start).count(token.text)):
            node = tree.Unary(token.text, node, self._span(token.start))
        return node, token.start

    def _traversed(self) -> tuple[tree.Expression, int]:
        node, start = self._primary()
        token = self._tokens[self._at]
        if token.kind == "sign" and token.text in _STEPS:
            node = self._steps(node, start)
        return node, start

    def _steps(self, node: tree.Expression, start: int) -> tree.Expression:
        """Read `.name`, `[key]` and splats behind an expression that begins at an offset."""
        while self._next.kind == "sign" and self._next.text in _STEPS:
            token = self._take()
            if token.text == "." and self._sign("*"):
                self._at += 1
                node = self._legacy_splat(node, start)
            elif token.text == "[" and self._sign("*"):
                self._at += 1
                self.expect("sign", "]")
                node = tree.Splat(node, self._steps_of_each(start), self._span(start))
            else:
                node = self._step(node, token, start)
        return node

    def _step(self, node: tree.Expression, token: Token, start: int) -> tree.Expression:
        if token.text == "[":
            key, _ = self.expression()
            self.expect("sign", "]")
            return tree.Index(node, key, self._span(start))
        name = self._take()
        if name.kind == "word" or (name.kind == "number" and name.text.isdigit()):
            return tree.Attribute(node, self._named(name), self._span(start))
        raise Unreadable

    def _steps_of_each(self, start: int) -> tree.Expression:
        """Read what a full splat takes of each element: all that follows, splats included."""
        node: tree.Expression = tree.Each(self._span(start))
        while self._next.kind == "sign" and self._next.text in {".", "["}:
            token = self._take()
            if self._sign("*"):
                if token.text == ".":
                    raise Unreadable
                self._at += 1
                self.expect("sign", "]")
                return tree.Splat(node, self._steps_of_each(start), self._span(start))
            node = self._step(node, token, token.start)
        return node

    def _legacy_splat(self, of: tree.Expression, start: int) -> tree.Expression:
        """Read what a legacy splat takes of each element: names, up to the next index."""
        each: tree.Expression = tree.Each(self._span(start))
        while self._sign(".") and self._tokens[self._at + 1].kind == "word":
            dot = self._take()
            each = tree.Attribute(each, self._named(self._take()), self._span(dot.start))
        return tree.Splat(of, each, self._span(start))

    def _primary(self) -> tuple[tree.Expression, int]:
        token = self._take()
        start = token.start
        if token.kind == "string":
            return self._text(token), start
        if token.kind == "number":
            return number(token.text, self._span(start)), start
        if token.kind == "word":
            return self._word(token), start
        if token.text == "(" and token.kind == "sign":
            node, _ = self.expression()
            self.expect("sign", ")")
            return node, start
        if token.text == "[" and token.kind == "sign":
            return self._tuple(start), start
        if token.text == "{" and token.kind == "sign":
            return self._object(start), start
        raise Unreadable

    def _text(self, token: Token) -> tree.Expression:
        shift = self._source.shift
        return self._source.string(token.start + shift, token.end + shift)

    def _word(self, token: Token) -> tree.Expression:
        if self._sign("("):
            opening = self._take()
            name = "".join(self._original(token.start, opening.start).split())
            return self._call(name, token.start)
        if token.text in _CONSTANTS:
            return tree.Literal(_CONSTANTS[token.text], self._span(token.start))
        if token.text in _RESERVED:
            raise Unreadable
        return tree.Name(self._named(token), self._span(token.start))

    def _call(self, name: str, start: int) -> tree.Expression:
        arguments: list[tree.Expression] = []
        expand = False
        while not self._sign(")"):
            arguments.append(self.expression()[0])
            if self._sign("..."):
                self._at += 1
                expand = True
                break
            if not self._sign(","):
                break
            self._at += 1
        self.expect("sign", ")")
        return tree.Call(name, tuple(arguments), expand, self._span(start))

    def _tuple(self, start: int) -> tree.Expression:
        if self._loops():
            return self._for(start, "]")
        items: list[tree.Expression] = []
        while not self._sign("]"):
            items.append(self.expression()[0])
            if not self._sign(","):
                break
            self._at += 1
        self.expect("sign", "]")
        return tree.Tuple(tuple(items), self._span(start))

    def _object(self, opening: int) -> tree.Expression:
        self.newlines()
        if self._loops():
            return self._for(opening, "}")
        items: list[tree.Item] = []
        while not self._sign("}"):
            start = self._next.start
            key = self._key()
            if not (self._sign("=") or self._sign(":")):
                raise Unreadable
            self._at += 1
            value, _ = self.expression()
            items.append(tree.Item(key, value, self._span(start)))
            if self._sign(","):
                self._at += 1
            elif self._next.kind != "newline" and not self._sign("}"):
                raise Unreadable
            self.newlines()
        self.expect("sign", "}")
        return tree.Object(tuple(items), self._span(opening))

    def _key(self) -> tree.Expression:
        token, after = self._next, self._tokens[self._at + 1]
        if token.kind == "word" and after.kind == "sign" and after.text in {"=", ":"}:
            self._at += 1
            return tree.Literal(self._named(token), self._span(token.start))
        return self._traversed()[0]

    def _loops(self) -> bool:
        """Tell whether a `for` expression begins here, and no key or name `for`."""
        return self._next.text == "for" and self._tokens[self._at + 1].kind == "word"

    def _for(self, start: int, closing: str) -> tree.Expression:
        self._at += 1
        names = [self._named(self.expect("word"))]
        if self._sign(","):
            self._at += 1
            names.append(self._named(self.expect("word")))
        self.expect("word", "in")
        collection, _ = self.expression()
        self.expect("sign", ":")
        self.newlines()
        result, _ = self.expression()
        key: tree.Expression | None = None
        group = False
        if closing == "}":
            self.newlines()
            self.expect("sign", "=>")
            self.newlines()
            key, (result, _) = result, self.expression()
            group = self._sign("...")
            self._at += group
        self.newlines()
        condition: tree.Expression | None = None
        if self._next.text == "if":
            self._at += 1
            condition, _ = self.expression()
        self.newlines()
        self.expect("sign", closing)
        first = names[0] if len(names) > 1 else None
        at = self._span(start)
        return tree.For(first, names[-1], collection, key, result, condition, group, at)


def number(word: str, at: Location) -> tree.Expression:
    """Return a numeral as a literal: `int` where it is whole, else `Decimal`; or its unknown."""
    value = read(word, at)
    return tree.KnownValue(value, at) if isinstance(value, Hole) else tree.Literal(value, at)
