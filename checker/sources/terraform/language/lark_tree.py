"""python-hcl2's tree to ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.knowledge.partial import Location
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.fast_expressions import number
from checker.sources.terraform.language.lark_places import LarkNode, LarkPlaces


class Converter(LarkPlaces):
    """The library's tree to ours."""

    # Bodies.

    def body(self, node: LarkNode) -> tree.Body:
        """Convert a body; SourceError for what Terraform refuses though the library does not."""
        arguments: dict[str, tree.Argument] = {}
        blocks: list[tree.Block] = []
        for child in node.children:
            if child.data == "new_line_or_comment":
                continue
            start = self._start(child)
            if not self._follows(child, "\n{"):
                raise self._reading.fault("a newline is missing before this", start)
            if child.data == "attribute":
                argument = self._argument(child)
                if argument.name in arguments:
                    first = arguments[argument.name].at
                    message = f"the argument `{argument.name}` was already set at {first}"
                    raise self._reading.fault(message, start)
                arguments[argument.name] = argument
            else:
                blocks.append(self._block(child))
        return tree.Body(arguments, tuple(blocks))

    def _argument(self, node: LarkNode) -> tree.Argument:
        name, value = node.children[0], node.children[-1]
        return tree.Argument(self._word(name), self.expression(value), self._at(name, value))

    def _block(self, node: LarkNode) -> tree.Block:
        words = [c for c in _trees(node) if c.data not in {"body", "new_line_or_comment"}]
        labels = [self._label(word) for word in words[1:]]
        body = next((c for c in _trees(node) if c.data == "body"), None)
        inner = tree.Body({}, ()) if body is None else self.body(body)
        return tree.Block(self._word(words[0]), tuple(labels), inner, self._at(words[0], node))

    def _label(self, node: LarkNode) -> str:
        if node.data != "string":
            return self._word(node)
        found = self._string(node)
        if isinstance(found, tree.Literal):
            return str(found.value)
        raise self._reading.fault("a block label cannot hold an interpolation", self._start(node))

    # Expressions.

    def expression(self, node: LarkNode) -> tree.Expression:
        """Convert an expression."""
        kind = str(node.data)
        convert = _CONVERT.get(kind)
        if convert is None:
            raise self._reading.fault(f"`{kind}` is not expected here", self._start(node))
        return convert(self, node)

    def term(self, node: LarkNode) -> tree.Expression:
        """Convert a term, in brackets or not."""
        inner = [c for c in _trees(node) if c.data != "new_line_or_comment"]
        return self.expression(inner[0])

    def number(self, node: LarkNode) -> tree.Expression:
        """Convert a number."""
        word = str(node.children[0])
        at = self._at(node)
        if word.startswith("-"):
            digits = self._reading.at(self._start(node) + 1, self._end(node))
            return tree.Unary("-", number(word[1:], digits), at)
        return number(word, at)

    def name(self, node: LarkNode) -> tree.Expression:
        """Convert a bare name."""
        return tree.Name(self._word(node), self._at(node))

    def keyword(self, node: LarkNode) -> tree.Expression:
        """Convert `true`, `false` or `null`."""
        value = {"true": True, "false": False, "null": None}[str(node.children[0])]
        return tree.Literal(value, self._at(node))

    def string(self, node: LarkNode) -> tree.Expression:
        """Convert a quoted string or a heredoc."""
        return self._string(node)

    def items(self, node: LarkNode) -> tree.Expression:
        """Convert a tuple."""
        found = [c for c in _trees(node) if c.data != "new_line_or_comment"]
        return tree.Tuple(tuple(self.expression(c) for c in found), self._at(node))

    def object(self, node: LarkNode) -> tree.Expression:
        """Convert an object."""
        found: list[tree.Item] = []
        for child in node.children:
            if getattr(child, "data", "") != "object_elem":
                continue
            if not self._follows(child, "\n{,"):
                message = "a comma or newline is missing before this"
                raise self._reading.fault(message, self._start(child))
            key, value = child.children[0], child.children[-1]
            found.append(tree.Item(self._key(key), self.expression(value), self._at(child, value)))
        return tree.Object(tuple(found), self._at(node))

    def _key(self, node: LarkNode) -> tree.Expression:
        inner = next(_trees(node))
        if inner.data == "keyword":
            return tree.Literal(self._word(inner), self._at(inner))
        if inner.data == "expr_term" and len(inner.children) == 1:
            word = inner.children[0]
            if word.data in {"identifier", "literal_value"}:
                return tree.Literal(self._word(word), self._at(word))
        return self.expression(inner)

    def call(self, node: LarkNode) -> tree.Expression:
        """Convert a call of a function."""
        start = self._start(node)
        name = "".join(self._text[start : self._text.index("(", start)].split())
        arguments = next((c for c in _trees(node) if c.data == "arguments"), None)
        found: list[tree.Expression] = []
        expand = False
        if arguments is not None:
            found = [
                self.expression(c) for c in _trees(arguments) if c.data != "new_line_or_comment"
            ]
            expand = any(str(c) == "..." for c in arguments.children if not hasattr(c, "data"))
        return tree.Call(name, tuple(found), expand, self._at(node))

    def attribute(self, node: LarkNode) -> tree.Expression:
        """Convert `of.name`."""
        of, get = list(_trees(node))
        return tree.Attribute(self.expression(of), self._step_name(get), self._at(node))

    def _step_name(self, get: LarkNode) -> str:
        return self._word(next(_trees(get)))

    def index(self, node: LarkNode) -> tree.Expression:
        """Convert `of[key]`."""
        of, index = list(_trees(node))
        return self._indexed(self.expression(of), index, self._at(node))

    def _indexed(self, of: tree.Expression, index: LarkNode, at: Location) -> tree.Expression:
        if index.data == "short_index":
            return tree.Attribute(of, str(index.children[-1]), at)
        key = next(c for c in _trees(index) if c.data != "new_line_or_comment")
        return tree.Index(of, self.expression(key), at)

    def splat(self, node: LarkNode) -> tree.Expression:
        """Convert `of[*]` and `of.*` with what follows."""
        of, tail = list(_trees(node))
        at = self._at(node)
        legacy = tail.data == "attr_splat"
        each: tree.Expression = tree.Each(at)
        result: tree.Expression | None = None
        source = self.expression(of)
        for step in _trees(tail):
            if legacy and step.data != "get_attr" and result is None:
                # An index ends the legacy splat: it counts in the list that the splat makes.
                result = tree.Splat(source, each, at)
            onto = each if result is None else result
            place = self._at(step) if result is None else at
            if step.data == "get_attr":
                onto = tree.Attribute(onto, self._step_name(step), place)
            else:
                onto = self._indexed(onto, step, place)
            if result is None:
                each = onto
            else:
                result = onto
        return tree.Splat(source, each, at) if result is None else result

    def conditional(self, node: LarkNode) -> tree.Expression:
        """Convert `condition ? one : other`."""
        parts = [self.expression(c) for c in _trees(node) if c.data != "new_line_or_comment"]
        return tree.Conditional(parts[0], parts[1], parts[2], self._at(node))

    def binary(self, node: LarkNode) -> tree.Expression:
        """Convert a chain of operators of one rank, which leans to the left, without recursion."""
        terms: list[LarkNode] = []
        while str(node.data) == "binary_op":
            left, term = [c for c in _trees(node) if c.data != "new_line_or_comment"]
            terms.append(term)
            node = left
        result = self.expression(node)
        for term in reversed(terms):
            operator, right = [c for c in _trees(term) if c.data != "new_line_or_comment"]
            symbol = str(operator.children[0])
            at = result.at.up_to(self._at(right))
            result = tree.Binary(symbol, result, self.expression(right), at)
        return result

    def unary(self, node: LarkNode) -> tree.Expression:
        """Convert a sign before an operand."""
        symbol = str(node.children[0])
        start, operand = self._start(node), next(_trees(node))
        written = self._text[start : self._start(operand)].count(symbol)
        result = self.expression(operand)
        for _ in range(written):
            result = tree.Unary(symbol, result, self._at(node))
        return result

    def loop(self, node: LarkNode) -> tree.Expression:
        """Convert a `for` expression."""
        intro, *rest = [c for c in _trees(node) if c.data != "new_line_or_comment"]
        names, collection = self._intro(intro)
        condition = None
        if rest and rest[-1].data == "for_cond":
            inner = [c for c in _trees(rest.pop()) if c.data != "new_line_or_comment"]
            condition = self.expression(inner[0])
        results = [self.expression(c) for c in rest]
        group = any(str(c) == "..." for c in node.children if not hasattr(c, "data"))
        key = names[0] if len(names) > 1 else None
        result_key = results[0] if len(results) > 1 else None
        return tree.For(
            key, names[-1], collection, result_key, results[-1], condition, group, self._at(node)
        )

    def _intro(self, node: LarkNode) -> tuple[list[str], tree.Expression]:
        parts = [c for c in _trees(node) if c.data != "new_line_or_comment"]
        return [self._word(c) for c in parts[:-1]], self.expression(parts[-1])

    # Leaves.

    def _string(self, node: LarkNode) -> tree.Expression:
        start = self._start(node)
        return self._reading.strings.read(start, self._end(node))


def _trees(node: LarkNode) -> Iterator[LarkNode]:
    """Yield the children that are no tokens."""
    return (child for child in node.children if hasattr(child, "data"))


_CONVERT: dict[str, Callable[[Converter, LarkNode], tree.Expression]] = {
    "expr_term": Converter.term,
    "int_lit": Converter.number,
    "float_lit": Converter.number,
    "identifier": Converter.name,
    "literal_value": Converter.keyword,
    "string": Converter.string,
    "tuple": Converter.items,
    "object": Converter.object,
    "function_call": Converter.call,
    "get_attr_expr_term": Converter.attribute,
    "index_expr_term": Converter.index,
    "attr_splat_expr_term": Converter.splat,
    "full_splat_expr_term": Converter.splat,
    "conditional": Converter.conditional,
    "binary_op": Converter.binary,
    "unary_op": Converter.unary,
    "for_tuple_expr": Converter.loop,
    "for_object_expr": Converter.loop,
}
