"""`count` and `for_each`: how many instances a block has, and under which keys.

See https://developer.hashicorp.com/terraform/language/meta-arguments/count and .../for_each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.records import dataclass
from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.evaluation.operators import first_hole
from checker.sources.terraform.evaluation.scope import OwnKey, Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError, RefusedError
from checker.sources.terraform.plan.planned import Planned
from checker.sources.terraform.values.concealment import hiding
from checker.sources.terraform.values.instance_keys import (
    InstanceKey,
    WithheldKey,
    instance_key,
    suffix,
)
from checker.sources.terraform.values.marks import mark, unmark
from checker.sources.terraform.values.partial_values import PartialMap
from checker.sources.terraform.values.primitives import to_bool, to_number, to_string
from checker.sources.terraform.values.terraform_values import (
    EPHEMERAL,
    SENSITIVE,
    Lazy,
    Set,
    TerraformValue,
)

MOST_INSTANCES = 2_500
InstanceVariables: TypeAlias = Mapping[str, dict[str, TerraformValue]]
"""What `each` or `count` is in one instance of a block, by the name; empty without either."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """The instances of a block: each key with the variables that its scope has besides.

    Without `count` and `for_each` the only key is None; a text is one of which a part is unknown,
    and surely another one than all others. Where the number is unknown, `unknown`
    says why and there are no keys. `counted` tells `count` from `for_each`. `source` is the block
    that `for_each` goes through, where it is one that has an unknown number of instances itself.
    `members` tells that it goes through a set, whose members are the keys.
    A `single` one has one instance without a key, or none: `disabled`, where there is none.
    """

    keys: Mapping[InstanceKey, InstanceVariables]
    unknown: Hole | None = None
    counted: bool = False
    source: Lazy | None = None
    members: bool = False
    single: bool = False
    disabled: bool = False


def settled(expansion: Expansion, address: str, plan: Planned, *, managed: bool) -> Expansion:
    """Return the instances that a plan tells where the configuration does not tell them.

    A `managed` resource that the plan does not speak of has none; a module may hold nothing that
    a plan speaks of.
    """
    if not plan.known:
        return expansion
    if any(isinstance(key, Text) for key in expansion.keys):
        return _named_by(plan.keys(address), expansion)
    if expansion.unknown is None:
        known: dict[InstanceKey, InstanceVariables] = {
            k: v for k, v in expansion.keys.items() if k in plan.keys(address)
        }
        return replace(expansion, keys=known) if plan.shown and known else expansion
    if plan.attributes(address):
        return Expansion({None: {}})
    named = plan.keys(address)
    if not named and not managed:
        return expansion
    keys: dict[InstanceKey, InstanceVariables] = {
        key: one_of_unknown(key, address, expansion) for key in named
    }
    return Expansion(keys, counted=expansion.counted)


def _named_by(named: Sequence[int | str], expansion: Expansion) -> Expansion:
    """Return the instances under the keys of a plan, where each is surely one of them."""
    keys: dict[InstanceKey, InstanceVariables] = {}
    for key in named:
        text = Text.of(str(key))
        perhaps = [
            own
            for own in expansion.keys
            if isinstance(own, (str, Text))
            and text.equals(own if isinstance(own, Text) else Text.of(own)) is not Truth.NO
        ]
        if len(perhaps) == 1:
            each = expansion.keys[perhaps[0]]["each"]
            alone = each["value"] == each["key"]
            keys[key] = {"each": {"key": key, "value": key if alone else each["value"]}}
    return replace(expansion, keys=keys) if len(keys) == len(expansion.keys) else expansion


def expand(body: tree.Body, scope: Scope, address: str) -> Expansion:
    """Work out the instances of a block; what Terraform would refuse makes them unknown."""
    count, for_each = body.arguments.get("count"), body.arguments.get("for_each")
    if body.unread:
        return Expansion({}, Hole(f"{address}[*]", why=body.unread))
    try:
        if count is not None:
            counted = _counted(evaluate(count.expression, scope), count.at, address)
            return _paid(counted, scope)
        if for_each is not None:
            made = _for_each(evaluate(for_each.expression, scope), for_each.at, address)
            return replace(_paid(made, scope), members=_is_set(for_each.expression))
        for lifecycle in body.blocks_of("lifecycle"):
            enabled = lifecycle.body.arguments.get("enabled")
            if enabled is not None:
                return _enabled(evaluate(enabled.expression, scope), enabled.at, address)
    except EvaluationError as error:
        scope.world.refused(error, scope.path)
        at = None if (written := count or for_each) is None else written.at
        unknown = Hole(f"{address}[*]", why=str(error), at=at)
        return Expansion({}, unknown, count is not None, single=written is None)
    return Expansion({None: {}})


def _paid(made: Expansion, scope: Scope) -> Expansion:
    """Return an expansion, whose instances are taken from the budget before they are made."""
    scope.world.spend(_AN_INSTANCE * len(made.keys), plain=True)
    return made


_AN_INSTANCE = 10  # the steps of making one instance


def _counted(given: TerraformValue, at: Location, address: str) -> Expansion:
    # Terraform takes a sensitive number too: how many there are is seen anyhow.
    value, marks = unmark(given)
    unknown = first_hole(value)
    if unknown is not None:
        return Expansion({}, _because("count", address, unknown, at), counted=True)
    if isinstance(value, bool):
        raise RefusedError("Incorrect value type", "Invalid expression value: number required", at)
    number = hiding(f"`count` of `{address}`", marks, lambda: to_number(value))
    if not isinstance(number, int) or number < 0:
        why = "it is null"
        if isinstance(number, (int, Decimal)):
            whole = number == int(number)
            why = "must be greater than or equal to zero" if whole else "must be a whole number"
        raise RefusedError("Invalid count argument", f"{_UNSUITABLE.format('count')}{why}", at)
    if number > MOST_INSTANCES:
        shown_ = "not shown" if marks else number
        raise EvaluationError(f"`count` of `{address}` is {shown_}: more than {MOST_INSTANCES}")
    return Expansion({n: {"count": {"index": n}} for n in range(number)}, counted=True)


def _is_set(expression: tree.Expression) -> bool:
    return isinstance(expression, tree.Call) and expression.name == "toset"


def _enabled(given: TerraformValue, at: Location, address: str) -> Expansion:
    """Return the one instance of a block, or none.

    See https://opentofu.org/docs/language/meta-arguments/enabled.
    """
    value, marks = unmark(given)
    unknown = first_hole(value)
    if unknown is not None:
        return Expansion({}, _because("enabled", address, unknown, at), single=True)
    if value is None:
        raise EvaluationError(f"`enabled` of `{address}` is null")
    enabled = hiding(f"`enabled` of `{address}`", marks, lambda: to_bool(value))
    return Expansion({None: {}}) if enabled is True else Expansion({}, disabled=True)


def _for_each(value: TerraformValue, at: Location, address: str) -> Expansion:
    value, marks = unmark(value)
    if marks & (SENSITIVE | EPHEMERAL):
        raise RefusedError(_NO_FOR_EACH, f"`for_each` of `{address}`: {_SENSITIVE}", at)
    if isinstance(value, Lazy) and value.uncertain is not None:
        return Expansion({}, _because("for_each", address, value.uncertain, at), source=value)
    if isinstance(value, Lazy) and not isinstance(value, PartialMap):
        value = value.whole()
    if isinstance(value, Hole):
        return Expansion({}, _because("for_each", address, value, at))
    if isinstance(value, PartialMap):
        pairs: list[tuple[TerraformValue, TerraformValue]] = list(value.entries)
    elif isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, Set):
        _refuse_members(value, at)
        pairs = [(each, each) for each in map(_as_text, value.members)]
    else:
        raise _not_for_each(value, at)
    if len(pairs) > MOST_INSTANCES:
        raise EvaluationError(f"`for_each` of `{address}` has more than {MOST_INSTANCES} elements")
    keys: dict[InstanceKey, InstanceVariables] = {}
    for n, (key, element) in enumerate(sorted(pairs, key=lambda pair: str(pair[0])), 1):
        unknown = first_hole(key)
        if unknown is not None:
            if marks or not isinstance(key, Text) or key.sensitive:
                return Expansion({}, _because("for_each", address, unknown, at))
            keys[key] = {"each": {"key": key, "value": key if key is element else element}}
            continue
        name = _name(key)
        of = name if key is element else element
        each = {"key": mark(name, marks), "value": mark(of, marks)}
        keys[WithheldKey(name, n) if marks else name] = {"each": each}
    return Expansion(keys)


_NO_FOR_EACH = "Invalid for_each argument"
_UNSUITABLE = "The given `{0}` argument value is unsuitable: "
_FOR_EACH = _UNSUITABLE.format("for_each") + "`for_each`"
_SENSITIVE = (
    "sensitive values, or values derived from sensitive values, cannot be used as for_each"
    " arguments. If used, the sensitive value could be exposed as a resource instance key"
)


def _not_for_each(value: TerraformValue, at: Location) -> RefusedError:
    """Return the error of what is neither a map nor a set."""
    why = "the `for_each` argument must be a map, or set of strings"
    if value is None:
        why = "the given `for_each` argument value is null. A map, or set of strings is allowed"
    elif isinstance(value, (tuple, list)):
        why += ", and you have provided a list"
    return RefusedError(_NO_FOR_EACH, f"{_UNSUITABLE.format('for_each')}{why}", at)


def _refuse_members(members: Set, at: Location) -> None:
    """Raise RefusedError for a set that is not one of strings, or that holds a null."""
    for each in members.members:
        if isinstance(each, (bool, int, Decimal)):
            named = "bool" if isinstance(each, bool) else "number"
            why = f"maps and sets of strings, but you have provided a set containing type {named}"
            raise RefusedError(_NO_FOR_EACH_SET, f"{_FOR_EACH} supports {why}", at)
        if each is None:
            raise RefusedError(_NO_FOR_EACH_SET, f"{_FOR_EACH} sets must not contain null", at)


_NO_FOR_EACH_SET = "Invalid for_each set argument"


def _as_text(member: TerraformValue) -> TerraformValue:
    """Return a member of a set of strings, which an unknown one is too."""
    return Text.of(member) if isinstance(member, Hole) else member


def _name(key: TerraformValue) -> str:
    text = to_string(key)
    return text.spelled if isinstance(text, Text) else str(text)


def _because(argument: str, address: str, unknown: Hole, at: Location) -> Hole:
    why = f"`{argument}` of `{address}` is unknown: {unknown.why}"
    return Hole(f"{address}[*]", why=why, at=unknown.at or at, remedy=unknown.remedy)


def one_of_unknown(key: TerraformValue, address: str, expansion: Expansion) -> InstanceVariables:
    """Return the scope variables of one instance where the instances are unknown."""
    unknown = expansion.unknown or Hole(f"{address}[*]")
    if expansion.counted:
        return {"count": OwnKey(index=key)}
    of = instance_key(key)
    named = isinstance(of, (int, str))
    # Each instance has a value of its own.
    name = f"{address}{'[*]' if isinstance(of, Hole) else suffix(of)}.each.value"
    inner: TerraformValue = replace(unknown, name=name)
    if expansion.source is not None:
        at = unknown.at or Location(address)
        inner = expansion.source.index(key, at) if named else expansion.source.sample
    return {"each": OwnKey(key=key, value=key if expansion.members else inner)}
