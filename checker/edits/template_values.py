"""How a value is spelled in a template: in YAML's flow style with short forms, or in JSON."""

from __future__ import annotations

import json
import re
from functools import partial

from checker.model.template_ids import name_in
from checker.rules.fix import BlockAddress, ObjectValue, Reference, ValueToWrite

_ATTRIBUTES = {"arn": "Arn", "url": "QueueUrl", "name": "QueueName"}
_PLAIN = re.compile(r"[A-Za-z0-9_./:*-]+")


def spelled(value: ValueToWrite, beside: str = "", *, in_json: bool = False) -> str:
    """Spell a value as it stands in what has the id `beside`."""
    inner = partial(spelled, beside=beside, in_json=in_json)
    match value:
        case Reference(id):
            name = name_in(id, beside) if value.made else None
            if name is not None:
                return _called(*_call(value, name), in_json=in_json)
            outside = value.literal or f"the {value.attribute.upper()} of {id}"
            return json.dumps(outside) if in_json else outside
        case BlockAddress(id):
            name = name_in(id, beside) or id
            return json.dumps(name) if in_json else name
        case ObjectValue(items):
            members = (assigned(key, inner(one), in_json=in_json) for key, one in items)
            return f"{{{', '.join(members)}}}"
        case tuple():
            return f"[{', '.join(map(inner, value))}]"
        case str() if not in_json and _PLAIN.fullmatch(value) and not value.startswith("*"):
            return value
        case _:
            return json.dumps(value)


def assigned(name: str, value: str, *, in_json: bool) -> str:
    """Return a property with its value, which is spelled already."""
    return f"{json.dumps(name)}: {value}" if in_json else f"{name}: {value}"


def _call(of: Reference, name: str) -> tuple[str, str]:
    """Return the intrinsic function that gives an attribute, and its argument in the short form."""
    if of.attribute == "id" or (of.attribute == "arn" and of.noun == "topic"):
        return "Ref", name
    return "GetAtt", f"{name}.{_ATTRIBUTES.get(of.attribute, of.attribute)}"


def _called(function: str, argument: str, *, in_json: bool) -> str:
    if not in_json:
        return f"!{function} {argument}"
    if function == "Ref":
        return json.dumps({"Ref": argument})
    return json.dumps({f"Fn::{function}": argument.split(".")})
