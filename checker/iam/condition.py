"""Does a request pass a statement's conditions?

A key may be there with its values, be surely absent, or be unknown: then neither its presence
nor its values is known.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from checker.iam.context import Perhaps
from checker.iam.derived import value_of
from checker.iam.multivalued import is_multivalued
from checker.iam.operators import NULL, PUBLIC_ADDRESS, Operator, Quantifier
from checker.iam.placeholders import account_placeholder, placeholder
from checker.iam.request import ABSENT, KeyValue, Request
from checker.iam.statement import Condition, PossibleEntry, Statement
from checker.iam.variables import FIRST_VERSION, has_variables, plain, resolve, variable_in
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth, all_of, any_of


def conditions_hold(statement: Statement, request: Request) -> Truth:
    """Tell whether every condition of a statement holds."""
    result = Truth.YES
    for condition in statement.conditions:
        result &= condition_holds(condition, statement.version, request)
        if result is Truth.NO:
            break
    return result


def condition_holds(
    condition: Condition | Unknown, version: str | Unknown, request: Request
) -> Truth:
    """Tell whether one condition holds."""
    if isinstance(condition, Unknown):
        return Truth.MAYBE
    value = key_of(condition, request)
    if condition.test.operator.name == NULL:
        return _null(condition, version, value)
    absent = _absent(condition)
    if value is ABSENT:
        return absent
    if isinstance(value, Perhaps):
        return join((absent, _present(condition, version, value.values, request)))
    if isinstance(value, Unknown):
        return absent & Truth.MAYBE if _unfillable(condition, version) else Truth.MAYBE
    if not value:
        return absent
    return _present(condition, version, value, request)


def key_of(condition: Condition, request: Request) -> KeyValue:
    """Return what the request carries under a condition's key."""
    name = condition.key.literal
    if name is not None:
        return value_of(request, name)
    return condition.key.why_unknown(condition.at)


def _absent(condition: Condition) -> Truth:
    """Tell what a condition says of a request without its key."""
    test = condition.test
    if test.quantifier is Quantifier.ALL:
        return Truth.YES
    if test.quantifier is Quantifier.ANY:
        return Truth.MAYBE if test.if_exists else Truth.NO
    return Truth.of(test.if_exists or test.operator.negated)


def _unfillable(condition: Condition, version: str | Unknown) -> bool:
    """Tell whether no value of a positive condition can match, whatever its key holds."""
    values, operator = condition.values, condition.test.operator
    return not operator.negated and all(_no_value(each, operator, version) for each in values)


def _no_value(wanted: Text | Unknown, operator: Operator, version: str | Unknown) -> bool:
    """Tell whether a value is a variable where AWS fills in none: that has no value.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    if operator.variables is not Truth.NO or version != FIRST_VERSION:
        return False
    return isinstance(wanted, Text) and variable_in(wanted)


def _null(condition: Condition, version: str | Unknown, value: KeyValue) -> Truth:
    missing = Truth.MAYBE
    if value is ABSENT or value == ():
        missing = Truth.YES
    elif not isinstance(value, Unknown):
        # whether an empty value counts as none is not documented for conditions
        filled = len(value) > 1 or _surely_filled(value[0])
        missing = Truth.NO if filled else Truth.MAYBE
    operator = condition.test.operator
    return any_of(
        Truth.NO if _no_value(wanted, operator, version) else _null_one(wanted, missing)
        for wanted in condition.values
    )


def _null_one(wanted: Text | Unknown, missing: Truth) -> Truth:
    word = wanted.literal if isinstance(wanted, Text) else None
    if word is None or word.lower() not in ("true", "false"):
        return Truth.MAYBE
    return missing if word.lower() == "true" else ~missing


def _present(
    condition: Condition, version: str | Unknown, values: tuple[Text, ...], request: Request
) -> Truth:
    test = condition.test
    passes = [_passes(value, condition, version, request) for value in values]
    if test.quantifier is Quantifier.ANY:
        return any_of(passes)
    if test.quantifier is Quantifier.ALL:
        result = all_of(passes)
        return result if all(map(_surely_filled, values)) else join((result, Truth.MAYBE))
    if len(values) > 1:
        # AWS says only that such a key must be tested with a set operator
        return join((any_of(passes), Truth.NO))
    if is_multivalued(condition.key.literal or ""):
        return join((passes[0], Truth.NO))
    if _surely_filled(values[0]):
        return passes[0]
    return join((passes[0], _absent(condition)))


def _surely_filled(text: Text) -> bool:
    """Tell that a text cannot be empty."""
    if text.parts == PUBLIC_ADDRESS.parts:
        return True
    literal = text.literal
    return literal != "" if literal is not None else text.equals(_EMPTY) is Truth.NO


_EMPTY = Text.of("")


def join(truths: Iterable[Truth]) -> Truth:
    """Return the truth that all alternatives agree on, MAYBE if they differ."""
    found = set(truths)
    return found.pop() if len(found) == 1 else Truth.MAYBE


def _passes(value: Text, condition: Condition, version: str | Unknown, request: Request) -> Truth:
    """Tell whether one value of the request satisfies the operator against the policy's list."""
    operator = condition.test.operator
    same = any_of(_compare(operator, value, w, version, request) for w in condition.values)
    if same is Truth.NO and lacking_in(condition) is not None:
        return Truth.MAYBE  # what is meant is not written
    return ~same if operator.negated else same


def lacking_in(condition: Condition) -> str | None:
    """Say what a value of a condition lacks to be the ARN or account id that its key holds."""
    kind = _KEYS.search((condition.key.literal or "").lower())
    if kind is None:
        return None
    lacking = account_placeholder if kind[0] == "account" else placeholder
    said = (lacking(each) for each in condition.values if isinstance(each, Text))
    return next((each for each in said if each is not None), None)


_KEYS = re.compile(r"(arn|account)$")
"""What the names of keys end in that hold an ARN or an account id."""


def _compare(
    operator: Operator,
    value: Text,
    wanted: Text | Unknown,
    version: str | Unknown,
    request: Request,
) -> Truth:
    if isinstance(wanted, PossibleEntry):
        return _compare(operator, value, wanted.entry, version, request) & Truth.MAYBE
    if isinstance(wanted, Unknown):
        return Truth.MAYBE
    if _no_value(wanted, operator, version):
        return Truth.NO
    if operator.variables is Truth.NO or not has_variables(wanted):
        return operator.compare(value, wanted)
    if operator.variables is Truth.MAYBE:
        return Truth.MAYBE
    resolved = resolve(wanted, version, request, patterns=operator.patterns)
    if resolved.text is None:
        return Truth.NO
    value = plain(value) if resolved.plain else value
    return resolved.cap(operator.compare(value, resolved.text))
