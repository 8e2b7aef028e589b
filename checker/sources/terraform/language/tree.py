"""The syntax tree of Terraform's language: what `syntax.py` makes and `evaluate.py` reads.

Every node knows where it was written. Names are those of HCL's specification
(https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from checker.knowledge.partial import Location
from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a boolean, null, or a quoted string without interpolation (unescaped)."""

    value: str | int | Decimal | bool | None
    at: Location


@dataclass(frozen=True, slots=True)
class KnownValue:
    """A value that no source text tells: a plan does."""

    value: object
    at: Location


@dataclass(frozen=True, slots=True)
class Unshown:
    """An argument whose expression nobody shows; `why` says so, `remedy` what would.

    `names` are those that the expression is known to hold.
    """

    name: str
    why: str
    remedy: str
    at: Location
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A literal stretch of a template, unescaped, that ends with its line at the latest.

    A template's lines are pieces of their own so that every line keeps its place; `at` is the
    place of the first character.
    """

    text: str
    at: Location


@dataclass(frozen=True, slots=True)
class If:
    """`%{ if }` ... `%{ else }` ... `%{ endif }`; the white space of strip markers is gone."""

    condition: Expression
    then: Template
    otherwise: Template | None
    at: Location


@dataclass(frozen=True, slots=True)
class Loop:
    """`%{ for key, value in collection }` ... `%{ endfor }`; `key` may be None."""

    key: str | None
    value: str
    collection: Expression
    body: Template
    at: Location


@dataclass(frozen=True, slots=True)
class Template:
    """A quoted string or heredoc with interpolation; a heredoc without any is one too.

    A quoted template of one interpolation and nothing else is that expression, as in HCL:
    `wraps` tells so.
    """

    parts: tuple[Piece | If | Loop | Expression, ...]
    at: Location
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """The first word of a reference: `var`, `aws_sqs_queue`, a `for` variable."""

    name: str
    at: Location


@dataclass(frozen=True, slots=True)
class Attribute:
    """`of.name`, or the legacy `of.0` (then `name` is the digits)."""

    of: Expression
    name: str
    at: Location


@dataclass(frozen=True, slots=True)
class Index:
    """`of[key]`."""

    of: Expression
    key: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class Each:
    """The element that a splat stands at; only inside `Splat.each`."""

    at: Location


@dataclass(frozen=True, slots=True)
class Splat:
    """`of[*]...` and the legacy `of.*...`; `each` is what is taken of every element.

    `each` is made of `Attribute` and `Index` around an `Each`. The legacy form takes
    only what follows up to the next index.
    """

    of: Expression
    each: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class Call:
    """A function call; `name` may hold `::`; `expand` says that the last argument ends in `...`."""

    name: str
    arguments: tuple[Expression, ...]
    expand: bool
    at: Location


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x` or `!x`."""

    operator: str
    operand: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`, with HCL's precedence."""

    operator: str
    left: Expression
    right: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? then : otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class Tuple:
    """`[a, b]`."""

    items: tuple[Expression, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Item:
    """One `key = value` of an object; a bare word as key is a `Literal` of that word."""

    key: Expression
    value: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class Object:
    """`{ key = value }`; `at` is the place of the opening brace."""

    items: tuple[Item, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class For:
    """`[for k, v in collection : value if condition]`, or with `{` and `result_key` an object.

    `group` says that an object's values end in `...`.
    """

    key: str | None
    value: str
    collection: Expression
    result_key: Expression | None
    result: Expression
    condition: Expression | None
    group: bool
    at: Location


Expression: TypeAlias = (
    Literal
    | KnownValue
    | Unshown
    | Template
    | Name
    | Attribute
    | Index
    | Each
    | Splat
    | Call
    | Unary
    | Binary
    | Conditional
    | Tuple
    | Object
    | For
)


@dataclass(frozen=True, slots=True)
class Argument:
    """`name = expression`; `at` is the place of the name."""

    name: str
    expression: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between a block's braces; `unread` says why where nobody looked inside.

    Of a `shown` body a plan tells the nested blocks, `dynamic` ones too.
    """

    arguments: dict[str, Argument]
    blocks: tuple[Block, ...]
    unread: str = ""
    shown: bool = False

    def blocks_of(self, kind: str) -> tuple[Block, ...]:
        """Return the nested blocks of one type, in order."""
        return tuple(block for block in self.blocks if block.kind == kind)


@dataclass(frozen=True, slots=True)
class Block:
    """`kind "label" { body }`; `at` is the place of the kind."""

    kind: str
    labels: tuple[str, ...]
    body: Body
    at: Location


def literal_of(argument: Argument | None) -> str | None:
    """Return the string that an argument is, or None if it is another expression."""
    return None if argument is None else text_of(argument.expression)


def text_of(expression: Expression) -> str | None:
    """Return the string that an expression is, or None if it is another one."""
    if isinstance(expression, Template) and len(expression.parts) == 1:
        part = expression.parts[0]
        return part.text if isinstance(part, Piece) else None
    if isinstance(expression, Literal) and isinstance(expression.value, str):
        return expression.value
    return None
