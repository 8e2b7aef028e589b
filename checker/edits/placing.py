"""Where an edit is made: in the call of an installed module, not in the module's own files."""

from __future__ import annotations

from dataclasses import replace

from checker.knowledge.trail import CallArgument, Trails
from checker.rules.fix import (
    AddCondition,
    AddStatement,
    AddToList,
    Edit,
    Fix,
    RemoveAttribute,
    RemoveBlock,
    SetAttribute,
    ThroughCall,
)


def placed(fix: Fix, trails: Trails) -> Fix:
    """Return a fix whose edits are of blocks in the user's own repository.

    What an installed module does with several arguments, or with none, is an edit `ThroughCall`.
    """
    edits = tuple(_placed(each, trails) for each in fix.edits)
    if edits == fix.edits:
        return fix
    # An argument of a call may set more than the one attribute.
    return replace(fix, edits=edits, safe=False)


def _placed(edit: Edit, trails: Trails) -> Edit:
    found = _argument(edit, trails)
    if found is None:
        return edit
    if found.name:
        match edit:
            case SetAttribute():
                return SetAttribute(found.call, found.name, edit.value)
            case AddToList():
                return AddToList(found.call, found.name, edit.value)
            case RemoveAttribute():
                return RemoveAttribute(found.call, found.name)
            case _:
                pass
    return ThroughCall(found.call, edit)


def _argument(edit: Edit, trails: Trails) -> CallArgument | None:
    """Return the argument of a call that an edit is made in; None for a block of one's own."""
    match edit:
        case SetAttribute(block, name, path=path):
            return trails.call_argument(block, (*path, name))
        case AddToList(block, name) | RemoveAttribute(block, name):
            return trails.call_argument(block, (name,))
        case AddStatement(holder):
            return trails.call_argument(holder, ("policy",))
        case RemoveBlock(block):
            return trails.call_argument(block, ("",))
        case AddCondition() | ThroughCall():
            return None
