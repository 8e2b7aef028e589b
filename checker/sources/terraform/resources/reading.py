"""Reading typed values out of written blocks, and joining things by what names them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from checker.iam.document import Document, Unattachable
from checker.iam.placeholders import REMEDY, placeholder
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Invalid, Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.values.compare import may_be_null
from checker.sources.terraform.values.primitives import to_bool, to_number
from checker.sources.terraform.values.terraform_values import Marked, TerraformValue


def unknown(hole: Hole, at: Location) -> Unknown:
    """Say of a hole why it is not known, at the place where the value is needed."""
    return Unknown(hole.why or f"`{hole.name}` is not known yet", at, hole.remedy)


def integer(written: Written, name: str, default: int) -> Value[int]:
    """Return a whole number argument, or the provider's default."""
    at = written.place(name)
    value = written.get(name)
    if value is None:
        return Known(default, at, default=True)
    return _number(value, name, written)


def _refuse(written: Written, name: str, value: TerraformValue, wanted: str) -> None:
    """Note that a value is of another type, where it is known."""
    if not isinstance(value, Marked):
        written.refuse(name, wanted)


def optional_integer(written: Written, name: str) -> Value[int | None]:
    """Return a whole number argument, or None where it is not written."""
    value = written.get(name)
    at = written.place(name)
    return Known(None, at, default=True) if value is None else _number(value, name, written)


def _number(value: TerraformValue, name: str, written: Written) -> Value[int]:
    at = written.place(name)
    if isinstance(value, Hole):
        return unknown(value, at)
    if isinstance(value, Text) and value.holes:
        return unknown(value.holes[0], at)
    try:
        number = to_number(value)
    except UnknownResultError as error:
        return Unknown(f"`{name}` is unknown: {error}", at)
    except EvaluationError as error:
        _refuse(written, name, value, "a number is required")
        return Unknown(f"`{name}` is not a number: {error}", at)
    if isinstance(number, int) and not isinstance(number, bool):
        return Known(number, at)
    if isinstance(number, Decimal):
        return Unknown(f"`{name}` is {number}, which is not a whole number", at)
    return Unknown(f"`{name}` is not a number", at)


def boolean(written: Written, name: str, *, default: bool) -> Value[bool]:
    """Return a boolean argument, or the provider's default."""
    at = written.place(name)
    value = written.get(name)
    if value is None:
        return Known(default, at, default=True)
    if isinstance(value, Hole):
        return unknown(value, at)
    if isinstance(value, Text) and value.holes:
        return unknown(value.holes[0], at)
    try:
        answer = to_bool(value)
    except EvaluationError as error:
        _refuse(written, name, value, "a bool is required")
        return Unknown(f"`{name}` is not a boolean: {error}", at)
    return Known(answer, at) if isinstance(answer, bool) else Unknown(f"`{name}` is null", at)


def sent(written: Written, name: str) -> Text | None:
    """Return a text argument that the provider sends: an empty optional one is left out."""
    found = written.text(name)
    return found if found is not None and found.parts else None


def text(written: Written, name: str) -> Value[Text]:
    """Return a text argument; an unknown if it is not written."""
    found = written.text(name)
    at = written.place(name)
    return Unknown(f"`{name}` is not set", at) if found is None else Known(found, at)


def optional_text(written: Written, name: str) -> Value[Text | None]:
    """Return an optional text argument, or None where none is sent.

    What may be null is unknown: then nothing is sent.
    """
    at = written.place(name)
    found = sent(written, name)
    if found is not None and may_be_null(found):
        return found.why_unknown(at)
    return Known(found, at, default=found is None)


def complete(value: Value[Text]) -> Value[Text]:
    """Return an ARN as it is written; an unknown where a value in it is not set."""
    if isinstance(value, Known) and not value.value.parts:
        return Unknown("the ARN is empty", value.at, REMEDY)
    lacking = placeholder(value.value) if isinstance(value, Known) else None
    return value if lacking is None else Unknown(lacking, value.at, REMEDY)


def optionally_complete(value: Value[Text | None]) -> Value[Text | None]:
    """Return an ARN that may be left out; an unknown where a value in it is not set."""
    if isinstance(value, Unknown) or value.value is None:
        return value
    return complete(Known(value.value, value.at, value.default))


def policy(
    instance: Instance, argument: str = "policy", written: Written | None = None
) -> Document | Unknown:
    """Parse the IAM document that an argument holds; the resource's address is its id."""
    block = written or instance.written
    at = block.place(argument)
    found = block.text(argument)
    if found is None:
        return Unknown(f"`{instance.address}` has no `{argument}`", at)
    project = instance.module.project
    document = project.policies.parse(found, id=instance.address, at=at)
    named = document.statements if isinstance(document, Document) else ()
    if any(each.unknown_principal is not None for each in named):
        project.assume(WELL_FORMED)
    return document


def inline(found: Document | Unknown) -> Document | Unknown:
    """Mark a document as part of its principal: AWS counts the characters of all of these."""
    return found if isinstance(found, Unknown) else replace(found, inline=True)


WELL_FORMED = "unknown principals exist and have a form that AWS accepts"


def maybe(found: Document | Unknown, unsure: Hole | None, instance: Instance) -> Document | Unknown:
    """Turn a document into an unknown where it is unknown whether it exists."""
    if unsure is None or isinstance(found, Unknown):
        return found
    return _unsure(unsure, instance)


def made_unsure(
    found: Document | Unknown, unsure: Hole | None, instance: Instance
) -> Document | Unknown:
    """Mark as unsure a document where it is unknown whether what attaches it exists.

    One that AWS refuses is then unknown: nothing refuses what is not there.
    """
    if unsure is not None and isinstance(found, Invalid):
        why = _unsure(unsure, instance)
        return Unknown(f"{found.why}, and {why.why}", found.at, found.remedy, why)
    if unsure is None or (isinstance(found, Unknown) and not isinstance(found, Unattachable)):
        return found
    return replace(found, unsure=_unsure(unsure, instance))


def _unsure(unsure: Hole, instance: Instance) -> Unknown:
    why = f"it is unknown whether `{instance.address}` exists: {unsure.why}"
    return Unknown(why, instance.at, unsure.remedy)


def last_read(found: Document | Unknown, what: str, instance: Instance) -> Document | Unknown:
    """Mark a document as unsure that only a state holds: it is as old as the last refresh.

    The apply that deleted the resource which gave it may have left the copy where it was.
    """
    if isinstance(found, Unknown) or not instance.module.project.plan.is_state:
        return found
    why = (
        f"it is unknown whether {what} of `{instance.address}` is still there: no resource in the"
        " state gives it, and the object was read before the last changes"
    )
    remedy = "check the configuration with its state: `tfcheck plan DIR --state FILE`"
    return replace(found, unsure=Unknown(why, instance.at, remedy))
