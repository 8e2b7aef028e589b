"""The constraints of parameters: which values CloudFormation takes.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache

from checker.records import dataclass
from checker.sources.cloudformation.language.calls import member
from checker.sources.cloudformation.values.nodes import plain_text
from checker.yaml import Scalar, Sequence, YamlNode

MOST_SHOWN = 8
"""So many allowed values are named."""
_MOST_PATTERN = 2_000
_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,60}(?:\.[0-9]{0,60})?|\.[0-9]{1,60})(?:[eE][+-]?[0-9]{1,3})?"
)
_FOREIGN = re.compile(r"&&|\[\[|\[\^\[|\\[hHRXG]")
"""What RE2 would read otherwise than Java, in which AWS writes patterns."""


@dataclass(frozen=True, slots=True)
class BrokenConstraint:
    """A constraint that a value breaks: what CloudFormation answers, and what it takes."""

    answer: str
    wanted: str


def broken_constraint(name: str, node: YamlNode, value: str) -> BrokenConstraint | None:
    """Return the first constraint of a parameter that a value breaks; None if it breaks none.

    A pattern that RE2 does not read is not tried. No text quotes the value, which may be a secret.
    """
    items = [value]
    if "List" in _type(node):
        items = [each.strip() for each in value.split(",")] if value else []
    described = _text(node, "ConstraintDescription")
    for item in items:
        for found in _broken(node, item):
            answer = f"Parameter '{name}' {found.answer}"
            if described:
                answer = f"Parameter '{name}' failed to satisfy constraint: {described}"
            return BrokenConstraint(answer, f"parameter `{name}` {found.wanted}")
    return None


def _broken(node: YamlNode, value: str) -> Iterator[BrokenConstraint]:
    allowed = member(node, "AllowedValues")
    listed = allowed.items if isinstance(allowed, Sequence) else ()
    known = [plain_text(each) for each in listed if isinstance(each, Scalar)]
    written = [each.text for each in listed if isinstance(each, Scalar)]
    if known and value not in known and value not in written:
        shown = ", ".join(f"`{each}`" for each in known[:MOST_SHOWN])
        yield BrokenConstraint("must be one of AllowedValues", f"is one of {shown}")
    if "Number" in _type(node):
        yield from _of_number(node, value)
        return
    pattern = _text(node, "AllowedPattern")
    if pattern and _matches(pattern, value) is False:
        yield BrokenConstraint(f"must match pattern {pattern}", f"matches `{pattern}`")
    yield from _of_length(node, value)


def _of_number(node: YamlNode, value: str) -> Iterator[BrokenConstraint]:
    if not _NUMBER.fullmatch(value):
        yield BrokenConstraint("must be a number", "is a number")
        return
    bounds: tuple[tuple[str, str, str, Callable[[Decimal, Decimal], bool]], ...] = (
        ("MinValue", "must be a number not less than", "is not less than", Decimal.__lt__),
        ("MaxValue", "must be a number not greater than", "is not greater than", Decimal.__gt__),
    )
    for word, answer, wanted, breaks in bounds:
        bound = _text(node, word)
        if _NUMBER.fullmatch(bound) and breaks(Decimal(value), Decimal(bound)):
            yield BrokenConstraint(f"{answer} {bound}", f"{wanted} {bound}")


def _of_length(node: YamlNode, value: str) -> Iterator[BrokenConstraint]:
    least, most = _text(node, "MinLength"), _text(node, "MaxLength")
    if least.isdecimal() and len(value) < int(least[:9]):
        what = f"at least {least} characters"
        yield BrokenConstraint(f"must contain {what}", f"has {what}")
    if most.isdecimal() and len(value) > int(most[:9]):
        what = f"at most {most} characters"
        yield BrokenConstraint(f"must contain {what}", f"has {what}")


def _type(node: YamlNode) -> str:
    return _text(node, "Type") or "String"


def _text(node: YamlNode, name: str) -> str:
    found = member(node, name)
    return found.text if isinstance(found, Scalar) else ""


@lru_cache(maxsize=256)
def _matches(pattern: str, value: str) -> bool | None:
    """Tell whether all of a value matches a pattern, in linear time; None if that is unknown."""
    if len(pattern) > _MOST_PATTERN or _FOREIGN.search(pattern):
        return None
    try:
        import re2
    except ImportError:
        return None
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options).fullmatch(value) is not None
    except (re2.error, ValueError):
        return None
