"""How a fix is spelled in Terraform.

A thing is named by the address that is valid at the place of the edit: inside a module that of the
module. Where no address is valid there, a word in capitals stands for the value, and the sentence
says what it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import field

from checker.characters import hcl_string
from checker.records import dataclass
from checker.rules.fix import (
    HERE,
    AddCondition,
    AddStatement,
    AddToList,
    BlockAddress,
    Edit,
    Fix,
    ObjectValue,
    Reference,
    RemoveAttribute,
    RemoveBlock,
    SetAttribute,
    ThroughCall,
    ValueToWrite,
)

_STEP = re.compile(r'module\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*"|\*)\])?\.')
_CALL = re.compile(r"(?:.*\.)?module\.([\w-]+)")
_BLOCK = re.compile(r'(?:data\.)?[\w-]+\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?')
_KEY = re.compile(r"[A-Za-z_][\w-]*")


def worded(fix: Fix, prefix: str = "") -> str:
    """Return a fix as a sentence; `prefix` begins every id of the root module."""
    if not fix.edits:
        return fix.message
    words = _Words(prefix)
    spelled = " and ".join(words.edit(each) for each in fix.edits)
    message = fix.message
    if _CALL.fullmatch(_block_of(fix.edits[-1])) and message.startswith(f"{HERE} on "):
        message = message.replace(f"{HERE} on ", f"{HERE}, for ", 1)
    sentence = message.replace(HERE, spelled)
    said = (f"`{word}` is {what}" for word, what in words.missing.items())
    return "; ".join((sentence, *said))


def literal(value: ValueToWrite) -> str | None:
    """Return a value as an expression that holds in every module; None if there is none."""
    if isinstance(value, str):
        return hcl_string(value)
    return json.dumps(value) if isinstance(value, int) else None


@dataclass(slots=True)
class _Words:
    """Spells edits; `missing` are the words in capitals, with what each stands for."""

    prefix: str
    missing: dict[str, str] = field(default_factory=dict)

    def edit(self, edit: Edit) -> str:
        match edit:
            case SetAttribute(block, name, value):
                return f"`{name} = {self.value(value, self.module(block))}`{_in_call(block)}"
            case AddToList(block, name, value):
                return f"`{name} = [{self.value(value, self.module(block))}]`{_in_call(block)}"
            case RemoveAttribute(block, name):
                return f"remove `{name}`{_in_call(block)}"
            case AddStatement(holder, statement):
                return f"`{self.value(statement, self.module(holder))}`"
            case AddCondition(spared, condition):
                return f"`Condition = {self.value(condition, self.module(spared))}`"
            case RemoveBlock(block):
                return f"remove `{block}`"
            case ThroughCall(call, inner):
                module = call.rpartition("module.")[2]
                ways = "change the module, or an argument of its call"
                return f"{self.edit(inner)} in module `{module}` ({ways})"

    def value(self, value: ValueToWrite, module: str) -> str:
        """Spell a value as an expression in a module."""
        match value:
            case Reference():
                return self._reference(value, module)
            case BlockAddress(id):
                return id
            case ObjectValue(items):
                inner = (f"{_key(key)} = {self.value(one, module)}" for key, one in items)
                return f"{{ {', '.join(inner)} }}"
            case tuple():
                return f"[{', '.join(self.value(one, module) for one in value)}]"
            case str():
                return hcl_string(value)
            case _:
                return json.dumps(value)

    def module(self, id: str) -> str:
        """Return the path of the module that a thing is in, which ends in a dot or is empty."""
        return "".join(_steps(id.removeprefix(self.prefix)))

    def _reference(self, reference: Reference, module: str) -> str:
        own = reference.id.removeprefix(self.prefix)
        inside = self.module(reference.id)
        address = own.removeprefix(inside)
        if reference.made and inside == module and _BLOCK.fullmatch(address):
            return f"{address}.{reference.attribute}"
        if reference.literal:
            return hcl_string(reference.literal)
        word = f"{reference.noun}_{reference.attribute}".upper()
        self.missing[word] = f"the {reference.attribute.upper()} of `{reference.id}`"
        if reference.made and module.startswith(inside) and _BLOCK.fullmatch(address):
            call = _STEP.match(module, len(inside))
            given = call[0].removesuffix(".") if call is not None else ""
            name = f"{address}.{reference.attribute}"
            self.missing[word] = f"`{name}`, which the call of `{given}` has to pass in"
        return word


def _block_of(edit: Edit) -> str:
    return edit.block if isinstance(edit, SetAttribute | AddToList | RemoveAttribute) else ""


def _in_call(block: str) -> str:
    """Return where an edit is made, if it is an argument of a module call."""
    call = _CALL.fullmatch(block)
    return "" if call is None else f" in the call of module `{call[1]}`"


def _steps(address: str) -> Iterator[str]:
    at = 0
    while (step := _STEP.match(address, at)) is not None:
        yield step[0]
        at = step.end()


def _key(key: str) -> str:
    return key if _KEY.fullmatch(key) else hcl_string(key)
