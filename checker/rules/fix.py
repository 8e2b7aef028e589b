"""What would fix a problem, as data: a sentence, and edits of the input.

A rule names things by their ids; how an edit is spelled in Terraform, and by which name a thing is
known at the place of the edit, is said in `checker.edits`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.records import dataclass

HERE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in a sentence for the edits."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute of a thing, by the thing's id.

    `noun` says what the thing is. `made` tells that the input makes it, so that it has an address;
    `literal` is the attribute's value, empty where a part of it is unknown.
    """

    id: str
    noun: str
    attribute: str = "arn"
    made: bool = True
    literal: str = ""


def reference(thing_id: str, noun: str, arn: Text, *, made: bool) -> Reference:
    """Return a reference to a thing's ARN."""
    return Reference(thing_id, noun, "arn", made, "" if arn.holes else str(arn))


@dataclass(frozen=True, slots=True)
class ObjectValue:
    """An object, by its keys in their order."""

    items: tuple[tuple[str, ValueToWrite], ...]


@dataclass(frozen=True, slots=True)
class BlockAddress:
    """The address of a block, as `depends_on` names it."""

    id: str


ValueToWrite: TypeAlias = (
    str | int | bool | Reference | BlockAddress | ObjectValue | tuple["ValueToWrite", ...]
)


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """Set an attribute of a block, by the block's id; `path` leads into nested blocks."""

    block: str
    name: str
    value: ValueToWrite
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoveAttribute:
    """Remove an attribute, or a nested block, of a block."""

    block: str
    name: str


@dataclass(frozen=True, slots=True)
class AddToList:
    """Add a member to a list that an attribute of a block holds."""

    block: str
    name: str
    value: ValueToWrite


HolderDocument: TypeAlias = Literal[
    "identity policy", "permissions boundary", "trust policy", "resource policy"
]
"""Which document of a thing is meant; a role may have several identity policies."""


@dataclass(frozen=True, slots=True)
class AddStatement:
    """Add a statement to a policy document of a thing, by the thing's id."""

    holder: str
    statement: ObjectValue
    document: HolderDocument


@dataclass(frozen=True, slots=True)
class AddCondition:
    """Add a condition to the statement that denies something to a principal, by its id."""

    spared: str
    condition: ObjectValue


@dataclass(frozen=True, slots=True)
class RemoveBlock:
    """Remove a block."""

    block: str


@dataclass(frozen=True, slots=True)
class ThroughCall:
    """An edit of a block that an installed module makes: the module's call has to bring it about.

    `call` is the call's address; which of its arguments does it is unknown.
    """

    call: str
    edit: Edit


Edit: TypeAlias = (
    SetAttribute
    | RemoveAttribute
    | AddToList
    | AddStatement
    | AddCondition
    | RemoveBlock
    | ThroughCall
)


@dataclass(frozen=True, slots=True)
class Replacement:
    """A change within one line: `old`, which stands at a location, becomes `new`.

    With an empty `new` the line goes as a whole.
    """

    at: Location
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What would fix a problem: a sentence, and the edits that do it, if they are known.

    In the sentence `HERE` stands for the edits. Edits that are `safe` change nothing else that a
    person would want to decide.
    """

    message: str
    edits: tuple[Edit, ...] = ()
    safe: bool = False

    def __str__(self) -> str:
        return self.message


def set_attribute(block: str, name: str, value: ValueToWrite, *, safe: bool = False) -> Fix:
    """Return the fix that sets one attribute: `name = value`."""
    return Fix(HERE, (SetAttribute(block, name, value),), safe=safe)


def statement(actions: tuple[str, ...], **elements: ValueToWrite) -> ObjectValue:
    """Return a statement that allows actions; `elements` are `Principal` and `Resource`."""
    principal = [("Principal", elements["Principal"])] if "Principal" in elements else []
    resource = [("Resource", elements["Resource"])] if "Resource" in elements else []
    items = (("Effect", "Allow"), *principal, ("Action", actions), *resource)
    return ObjectValue(items)


def principal(kind: str, who: ValueToWrite) -> ObjectValue:
    """Return a principal such as `{ Service = "lambda.amazonaws.com" }`."""
    return ObjectValue(((kind, who),))
