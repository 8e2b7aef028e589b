"""What CloudFormation refuses of the conditions of a template, and of their use.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.model import Refusal
from checker.sources.cloudformation.language.calls import (
    CONDITION,
    GET_ATT,
    IF,
    REF,
    SUB,
    IntrinsicCall,
    call_of,
)
from checker.sources.cloudformation.resources.circles import circles
from checker.sources.cloudformation.values.loops import is_loop
from checker.sources.cloudformation.values.parameters import PSEUDO
from checker.sources.cloudformation.values.scope import StackScope
from checker.yaml import Scalar, Sequence, YamlMapping, YamlNode

_FORMAT, _ERROR = "Template format error", "Template error"
_UNDECLARED = "Unresolved condition dependency {} in the {} block of the template"
_VARIABLE = re.compile(r"\$\{([^{}!][^{}]*)\}")
_MADE = ("${", "&{")
"""How a name begins that a loop makes."""
_ARITY = {
    "Fn::Equals": (2, 2, "two values"),
    "Fn::Not": (1, 1, "one condition"),
    "Fn::And": (2, 10, "2 to 10 conditions"),
    "Fn::Or": (2, 10, "2 to 10 conditions"),
}
"""How many arguments a function of conditions takes."""


def condition_refusals(scope: StackScope, unsure: str, unread: str) -> Iterator[Refusal]:
    """Yield what is refused of the conditions of one template.

    `unsure` says why the stack may not be there, if so; `unread` says why names may be declared
    where they are not seen.
    """
    macro = scope.macro
    hidden = f"transform `{macro}` is run by CloudFormation" if macro else ""
    uses: dict[str, list[str]] = {}
    for name, node in scope.template.conditions.items():
        if is_loop(name):
            continue
        address, uses[name] = scope.prefix + name, []
        for call in _calls(node, conditions=True):
            at = scope.place(call.node)
            for text in _misused(scope, call):
                yield Refusal(_FORMAT, text, at, address, unsure or unread)
            text = _miscounted(call)
            if text:
                yield Refusal(_ERROR, text, at, address, unsure or hidden)
            uses[name] += [each.text for each in _conditions(call)]
    for circle in circles(uses, lambda name: [each for each in uses[name] if each in uses]):
        text = f"Circular dependency between conditions: [{', '.join(circle)}]"
        at = scope.place(scope.template.conditions[circle[0]])
        yield Refusal(_ERROR, text, at, scope.prefix + circle[0], unsure or hidden)
    for name, node in scope.template.resources.items():
        for call in _calls(node, conditions=False):
            for each in _undeclared(scope, call):
                text = _UNDECLARED.format(each.text, "Resources")
                at = scope.place(each)
                yield Refusal(_ERROR, text, at, scope.prefix + name, unsure or unread)


def _calls(node: YamlNode, *, conditions: bool) -> Iterator[IntrinsicCall]:
    """Yield the calls in a node, with those in their arguments."""
    pending = [node]
    while pending:
        one = pending.pop()
        call = call_of(one, conditions=conditions)
        if call is not None:
            yield call
            pending.append(call.argument)
        elif isinstance(one, YamlMapping):
            pending += [value for _, value in one.entries]
        elif isinstance(one, Sequence):
            pending += one.items


def _conditions(call: IntrinsicCall) -> Iterator[Scalar]:
    """Yield the condition that a call names as it is written."""
    parts = call.argument.items if isinstance(call.argument, Sequence) else ()
    named = parts[0] if call.name == IF and parts else call.argument
    if call.name in {IF, CONDITION} and isinstance(named, Scalar) and not named.tag:
        yield named


def _undeclared(scope: StackScope, call: IntrinsicCall) -> Iterator[Scalar]:
    for each in _conditions(call):
        made = any(sign in each.text for sign in _MADE)
        if not made and not scope.has_condition(each.text):
            yield each


def _misused(scope: StackScope, call: IntrinsicCall) -> Iterator[str]:
    """Yield what a call in a condition names that is not there for conditions."""
    for each in _undeclared(scope, call):
        yield _UNDECLARED.format(each.text, "Conditions")
    for name in _names(call):
        if name not in PSEUDO and not scope.parameters.has(name):
            where = "Cannot reference resources in the Conditions block of the template"
            yield f"Unresolved dependencies [{name}]. {where}"


def _names(call: IntrinsicCall) -> Iterator[str]:
    """Yield the parameters and resources that a call names as they are written."""
    written = call.argument
    parts = written.items if isinstance(written, Sequence) else (written,)
    first = parts[0] if parts else None
    if not isinstance(first, Scalar) or first.tag:
        return
    if call.name in {REF, GET_ATT}:
        yield first.text
    elif call.name == SUB:
        own = {key.text for each in parts[1:] for key, _ in getattr(each, "entries", ())}
        named = (each.strip() for each in _VARIABLE.findall(first.text))
        yield from (each.partition(".")[0] for each in named if each not in own)


def _miscounted(call: IntrinsicCall) -> str:
    """Say what a function of conditions takes that it is not given; empty if it is."""
    least, most, takes = _ARITY.get(call.name, (0, 0, ""))
    if not takes:
        return ""
    parts = call.argument.items if isinstance(call.argument, Sequence) else ()
    fits = isinstance(call.argument, Sequence) and least <= len(parts) <= most
    return "" if fits else f"`{call.name}` takes {takes}"
