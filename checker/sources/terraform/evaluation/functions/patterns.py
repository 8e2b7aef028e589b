"""Functions of regular expressions, with RE2: the one door to it.

Terraform's patterns are Go's, which are RE2's (https://github.com/google/re2/wiki/Syntax), matched
in linear time whatever the pattern. Python's own `re` differs and can be made to hang, so without
RE2 the result is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace as replace_in
from functools import lru_cache

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions.function import (
    MOST_CHARACTERS,
    FunctionScope,
    TerraformFunction,
    too_long,
)
from checker.sources.terraform.evaluation.functions.open_matches import Caps, Matcher
from checker.sources.terraform.evaluation.functions.sequences import MOST_ELEMENTS, few
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.naming import call_name
from checker.sources.terraform.values.partial_values import PartialList
from checker.sources.terraform.values.size_limits import CHARACTERS, weight, wide
from checker.sources.terraform.values.terraform_values import (
    List,
    PlacedDict,
    PlacedTuple,
    TerraformValue,
)
from checker.sources.terraform.values.unify import STRING

_NAME = re.compile(r"\(\?P?<([A-Za-z0-9_]+)>")
_REFERENCE = re.compile(r"\$(?:(\$)|([A-Za-z0-9_]+)|\{([A-Za-z0-9_]+)\})")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[bytes]:
    """Compile a pattern with RE2: its classes have no types, and the methods of those of `re`."""
    try:
        import re2
    except ImportError:
        raise UnknownResultError(
            "regular expressions need the package google-re2, which is not installed",
            "install google-re2",
        ) from None
    if "\\C" in pattern.replace("\\\\", ""):
        raise EvaluationError("invalid regexp pattern: invalid escape sequence in \\C")
    options = re2.Options()
    options.log_errors = False
    try:
        compiled: re.Pattern[bytes] = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        if isinstance(reason, bytes):
            reason = reason.decode("utf-8", "replace")
        raise EvaluationError(f"invalid regexp pattern: {reason}") from None
    return compiled


SEARCHED = 1000
"""How many bytes a search goes through in one step of the budget."""
_REPEAT = re.compile(r"\{(\d{0,4}),?(\d{0,4})\}")
MOST_OPEN = 4
MOST_PROGRAM = 500_000
"""How large RE2 makes a compiled pattern at most, about."""


def compiling(pattern: str, *_: str) -> int:
    """Return how many steps it takes to compile a pattern: repetitions are written out."""
    size = len(pattern)
    for least, most in _REPEAT.findall(pattern):
        size *= max(1, int(least or 0), int(most or 0))
        if size > MOST_PROGRAM:
            return MOST_PROGRAM // 50
    return 10 + size // 50


def _matches(scope: FunctionScope, pattern: str, text: bytes) -> Iterator[re.Match[bytes]]:
    """Find all matches as Go does: an empty one right after another match does not count."""
    compiled = _compiled(pattern)
    at, end = 0, -1
    for _ in range(MOST_ELEMENTS):
        if at > len(text):
            return
        scope.spend(1 + compiled.groups + (len(text) - at) // SEARCHED)
        match = compiled.search(text, at)
        if match is None:
            return
        start, stop = match.span()
        if stop != at or start != end:
            yield match
        at = stop if stop != at else _next(text, at)
        end = stop
    raise UnknownResultError(f"the pattern matches more than {MOST_ELEMENTS} times")


def _next(text: bytes, at: int) -> int:
    """Return where the next character of UTF-8 starts."""
    at += 1
    while at < len(text) and text[at] & 0xC0 == 0x80:  # noqa: PLR2004 - a continuation byte
        at += 1
    return at


def _group(match: re.Match[bytes], group: int) -> str | None:
    start, stop = match.span(group)
    return None if start < 0 else match.string[start:stop].decode("utf-8", "replace")


def _captured(pattern: str, match: re.Match[bytes]) -> TerraformValue:
    compiled = _compiled(pattern)
    if not compiled.groups:
        return _group(match, 0)
    names: dict[str, int] = dict(compiled.groupindex)
    if names:
        ordered = sorted(names)
        return PlacedDict({name: _group(match, names[name]) for name in ordered})
    return PlacedTuple(_group(match, n + 1) for n in range(compiled.groups))


def _checked(pattern: str) -> None:
    compiled = _compiled(pattern)
    names = _NAME.findall(pattern)
    if len(set(names)) != len(names):
        raise UnknownResultError("a pattern in which a group's name occurs twice")
    if compiled.groupindex and len(compiled.groupindex) != compiled.groups:
        raise EvaluationError(
            "invalid regexp pattern: cannot mix both named and unnamed capture groups"
        )


def _regex(scope: FunctionScope, pattern: str | Text, text: str | Text) -> TerraformValue:
    if isinstance(pattern, Text):
        raise UnknownResultError
    _checked(pattern)
    if isinstance(text, Text):
        return _open_regex(scope, pattern, text)
    match = _compiled(pattern).search(text.encode("utf-8", "surrogatepass"))
    if match is None:
        raise EvaluationError("pattern did not match any part of the given string")
    return _captured(pattern, match)


def _open_regex(scope: FunctionScope, pattern: str, text: Text) -> TerraformValue:
    matcher = Matcher(pattern, text, scope.spend)
    try:
        caps = matcher.first(0)
    except UnknownResultError:
        if matcher.matches(0):
            raise
        caps = None
    if caps is None:
        raise EvaluationError("pattern did not match any part of the given string")
    return _open_captured(matcher, caps)


def _open_captured(matcher: Matcher, caps: Caps) -> TerraformValue:
    """Return what a match of a text with holes captures, as `_captured` does."""
    groups: list[TerraformValue] = []
    for n in range(0, len(caps), 2):
        start, end = caps[n], caps[n + 1]
        groups.append(None if start is None or end is None else matcher.text(start, end))
    if matcher.program.names:
        return PlacedDict({name: groups[number] for name, number in matcher.program.names})
    return PlacedTuple(groups[1:]) if len(groups) > 1 else groups[0]


def _open_matches(scope: FunctionScope, pattern: str, text: Text) -> tuple[list[Caps], bool, bool]:
    """Return the first matches in a text with holes, and whether these are all.

    If not, the last answer is whether there surely is one more.
    """
    matcher = Matcher(pattern, text, scope.spend)
    found: list[Caps] = []
    at = 0
    while True:
        try:
            caps = matcher.first(at)
        except UnknownResultError:
            try:
                more = matcher.matches(at)
            except UnknownResultError:
                return found, False, False
            return found, not more, more
        if caps is None:
            return found, True, False
        start, end = caps[0], caps[1]
        if start is None or end is None or start == end:
            raise UnknownResultError  # what an empty match is followed by
        found.append(caps)
        few(len(found))
        at = end


def _open_regexall(scope: FunctionScope, pattern: str, text: Text) -> TerraformValue:
    found, whole, more = _open_matches(scope, pattern, text)
    matcher = Matcher(pattern, text, scope.spend)
    made = [_open_captured(matcher, caps) for caps in found]
    if whole:
        return List(made, None if matcher.program.groups else STRING)
    name = call_name("regexall", (pattern, text))
    unknown = replace_in(text.holes[0], name=name, kind=Kind.ANY)
    return PartialList(made, unknown, len(made) + more)


def _regexall(scope: FunctionScope, pattern: str | Text, text: str | Text) -> TerraformValue:
    if isinstance(pattern, Text):
        raise UnknownResultError
    _checked(pattern)
    if isinstance(text, Text):
        return _open_regexall(scope, pattern, text)
    encoded = text.encode("utf-8", "surrogatepass")
    found = [_captured(pattern, match) for match in _matches(scope, pattern, encoded)]
    return List(found, None if _compiled(pattern).groups else STRING)


def open_replace(scope: FunctionScope, text: Text, pattern: str, template: str | Text) -> Text:
    """Replace every match of a pattern in a text with holes; NotTold where that is not sure."""
    _compiled(pattern)
    parts = template.parts if isinstance(template, Text) else (template,)
    if any(isinstance(part, Hole) or "$" in part for part in parts):
        raise UnknownResultError
    found, whole, _ = _open_matches(scope, pattern, text)
    if not whole:
        raise UnknownResultError
    matcher = Matcher(pattern, text, scope.spend)
    out: list[str | Text] = []
    at = 0
    for caps in found:
        start, end = caps[0] or 0, caps[1] or 0
        out += [matcher.text(at, start), template]
        at = end
    return Text.of(*out, matcher.text(at, len(matcher.tokens)))


def replace(scope: FunctionScope, text: str, pattern: str, template: str) -> str:
    """Replace every match of a pattern; `$1` and `${name}` in the template stand for groups."""
    compiled = _compiled(pattern)
    names = dict(compiled.groupindex)
    encoded = text.encode("utf-8", "surrogatepass")
    out: list[str] = []
    at = made = 0
    size = wide(text, template)
    for match in _matches(scope, pattern, encoded):
        start, stop = match.span()
        out.append(encoded[at:start].decode("utf-8", "replace"))
        scope.spend(1 + size * (len(template) + template.count("$") * (stop - start)) // CHARACTERS)
        out.append(_expanded(template, match, names, compiled.groups))
        made += len(out[-1])
        if made > MOST_CHARACTERS:
            raise too_long()
        at = stop
    out.append(encoded[at:].decode("utf-8", "replace"))
    return "".join(out)


def _expanded(template: str, match: re.Match[bytes], names: dict[str, int], groups: int) -> str:
    def reference(found: re.Match[str]) -> str:
        if found[1]:
            return "$"
        name = found[2] or found[3]
        number = int(name) if name.isdigit() and len(name) < 9 else names.get(name, -1)  # noqa: PLR2004
        return (_group(match, number) or "") if 0 <= number <= groups else ""

    return _REFERENCE.sub(reference, template)


def _regex_cost(pattern: str | Text, text: str | Text) -> int:
    if isinstance(pattern, Text):
        return 1
    if isinstance(text, Text):
        return compiling(pattern) + MOST_OPEN * (1 + pattern.count("(")) * weight(text)
    groups = pattern.count("(")
    return compiling(pattern) + (1 + groups) * weight(text) + groups


FUNCTIONS = (
    TerraformFunction(
        "regex", _regex, ("string", "string"), partial=True, scoped=True, cost=_regex_cost
    ),
    TerraformFunction(
        "regexall", _regexall, ("string", "string"), partial=True, scoped=True, cost=_regex_cost
    ),
)
