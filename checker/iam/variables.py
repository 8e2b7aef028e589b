"""Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`.

That a hole's own text holds a variable is not reckoned with.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re

from checker.iam.derived import value_of
from checker.iam.multivalued import is_multivalued
from checker.iam.request import ABSENT, NOWHERE, KeyValue, Request
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.records import dataclass

FIRST_VERSION = "2012-10-17"
"""The version of the policy language that has variables; before it `${` is plain text."""

# What a variable stands for is plain text, so its `*` and `?` are no wildcards. In a pattern
# they are written with these two characters, and in the text to compare likewise.
_PLAIN = str.maketrans({"*": "\ue000", "?": "\ue001"})

_VARIABLE = re.compile(r"\$\{([^{}$]*|\$)\}")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A policy's text with its variables filled in.

    `text` is None where a variable surely has no value. `sure` is false where a variable may have
    no value or another one, so that a match of `text` is only a possible one. `plain` says that
    text compared with it must pass through `plain` first; `open` says what is unknown.
    """

    text: Text | None
    sure: bool = True
    plain: bool = False
    open: tuple[Unknown, ...] = ()

    def cap(self, truth: Truth) -> Truth:
        """Weaken a sure match where the text is not sure."""
        return truth if self.sure else truth & Truth.MAYBE


def has_variables(text: Text) -> bool:
    """Tell whether a text may hold a variable."""
    return any(isinstance(part, str) and "$" in part for part in text.parts)


def variable_in(text: Text) -> bool:
    """Tell whether a text surely holds a variable."""
    return any(isinstance(part, str) and _VARIABLE.search(part) for part in text.parts)


def before_resource(text: Text) -> bool:
    """Tell whether a variable of an ARN surely stands before its fifth colon.

    AWS fills in none there. Where a wildcard or something unknown stands before the variable, and
    the ARN does not have all its colons, it is unknown which part that is.
    """
    colons = 0
    wild = False
    for part in text.parts:
        if isinstance(part, Hole):
            if part.kind in (Kind.ANY, Kind.JSON):
                return False
            continue
        found = _VARIABLE.search(part)
        before = part[: found.start()] if found else part
        colons += before.count(":")
        wild = wild or "*" in before
        if found:
            break
    else:
        return False
    return colons < _CUTS and (not wild or _colons(text) >= _CUTS)


def _colons(text: Text) -> int:
    """Count the colons of a text outside its variables."""
    strings = (part for part in text.parts if isinstance(part, str))
    return sum(_VARIABLE.sub("", part).count(":") for part in strings)


_CUTS = 5


def plain(text: Text) -> Text:
    """Rewrite `*` and `?` so that they equal those that a variable stood for."""
    return Text(tuple(p if isinstance(p, Hole) else p.translate(_PLAIN) for p in text.parts))


def resolve(
    text: Text, version: str | Unknown, request: Request, *, patterns: bool = True
) -> Resolved:
    """Fill in the variables of a text, as far as its policy's version has any.

    `patterns` tells whether `*` and `?` of the text itself are wildcards.
    """
    if not has_variables(text) or (version != FIRST_VERSION and isinstance(version, str)):
        return Resolved(text)
    filling = _Filling(request, patterns=patterns)
    if isinstance(version, str):
        return filling.fill(text)
    for part in text.parts:
        filling.out.append(part.split("$")[0] if isinstance(part, str) else part)
        if isinstance(part, str) and "$" in part:
            break
    return filling.cut(version)


def _why(part: str | Hole) -> Unknown:
    return Text.of(part).why_unknown(NOWHERE, "the name of a policy variable is unknown")


def _unfit(name: str, value: KeyValue) -> str | None:
    """Say why it is unknown what a variable stands for, or None if it is."""
    if isinstance(value, Unknown):
        return value.why
    if value is ABSENT or not value:
        return None
    if value[0].literal is None and value[0].equals(Text.of("")) is not Truth.NO:
        return f"it is unknown whether `{name}` is empty"
    return None


class _Filling:
    """Fills in the variables of one text, and remembers what it could not tell."""

    def __init__(self, request: Request, *, patterns: bool) -> None:
        self.request = request
        self.patterns = patterns
        self.sure = True
        self.plain = False
        self.missing = False
        self.open: list[Unknown] = []
        self.out: list[str | Hole | Text] = []

    def fill(self, text: Text) -> Resolved:
        for index, part in enumerate(text.parts):
            if isinstance(part, Hole):
                self.out.append(part)
                continue
            end = 0
            for match in _VARIABLE.finditer(part):
                self.out += [
                    part[end : match.start()],
                    self.value(part[match.start(1) : match.end(1)]),
                ]
                end = match.end()
            rest = part[end:]
            if index + 1 < len(text.parts) and ("${" in rest or rest.endswith("$")):
                # a hole cuts a variable in two: which one it is is unknown
                start = rest.find("${")
                self.out.append(rest[:start] if start >= 0 else rest[:-1])
                return self.cut(_why(text.parts[index + 1]))
            self.out.append(rest)
        if self.missing:
            return Resolved(None)
        return Resolved(Text.of(*self.out), self.sure, self.plain, tuple(self.open))

    def cut(self, why: Unknown) -> Resolved:
        """Return what is filled in so far; what follows may be any text."""
        rest = Hole("what follows a variable", why=why.why, remedy=why.remedy)
        text = Text.of(*self.out, rest)
        return Resolved(text, sure=False, plain=self.plain, open=(*self.open, why))

    def value(self, inside: str) -> Text:
        """Return what stands for `${inside}`."""
        if inside in ("*", "?", "$"):
            return self.literal(Text.of(inside))
        name, comma, default = (piece.strip() for piece in inside.partition(","))
        if comma and not (len(default) > 1 and default[0] == default[-1] == "'"):
            return self.unknown_key(name, f"`${{{inside}}}` is not written as AWS writes a default")
        found = value_of(self.request, name)
        if is_multivalued(name) or (isinstance(found, tuple) and len(found) > 1):
            return self.list_key(name, default=bool(comma))
        why = _unfit(name, found)
        if why is not None:
            return self.unknown_key(name, why)
        if isinstance(found, tuple) and found and found[0].literal != "":
            return self.literal(found[0])
        if comma:
            return self.literal(Text.of(default[1:-1]))
        self.missing = True
        return Text.of("")

    def list_key(self, name: str, *, default: bool) -> Text:
        """Return what stands for a key that holds a list: AWS takes none as a variable."""
        if default:
            why = f"AWS does not document the default of `{name}`, which holds a list"
            return self.unknown_key(name, why)
        self.missing = True
        return Text.of("")

    def unknown_key(self, name: str, why: str) -> Text:
        self.sure = False
        self.open.append(Unknown(why, NOWHERE))
        return Text.of(Hole(f"request key {name.lower()}", why=why))

    def literal(self, text: Text) -> Text:
        """Return text whose `*` and `?` are themselves."""
        if self.patterns and any(c in text.spelled for c in "*?"):
            self.plain = True
            return plain(text)
        return text
