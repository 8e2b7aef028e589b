"""Modules that are not here: what flows into each tells what its outputs may be.

A module makes things of its own. An output of it is no thing of ours, unless the name of that
thing flows into the module: by its ARN, its URL, its name or the whole resource. A role that is
given to such a module may get policies there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.configuration.module_arguments import META_ARGUMENTS
from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.marks import unmark
from checker.sources.terraform.values.terraform_values import Lazy, TerraformValue, inside

MOST_LEAVES = 5_000
_LEAST = 3
"""A shorter name may be a part of any text."""
_ENDS = (".", "[")


class AbsentModules:
    """The calls of modules that could not be read, by their addresses."""

    def __init__(self) -> None:
        self._calls: dict[str, tuple[tree.Body, Scope]] = {}
        self._given: dict[str, tuple[str, ...] | None] = {}
        self._roles: dict[str, tuple[tuple[str, str], ...]] = {}

    def __getstate__(self) -> dict[str, object]:
        """Return what `elsewhere` needs in another process: what flows into each module."""
        for address in self._calls:
            self._flowing(address)
        return {"_calls": dict.fromkeys(self._calls), "_given": self._given, "_roles": {}}

    def note(self, address: str, body: tree.Body, scope: Scope) -> None:
        """Note a call of a module that is not here."""
        self._calls.setdefault(address, (body, scope))

    def elsewhere(self, text: Text, name: Text) -> bool:
        """Tell whether a text is an output of such a module that is not the thing of a name."""
        if not self._calls or not text.parts:
            return False
        *before, last = text.parts
        if not isinstance(last, Hole) or (before and not _is_account(before)):
            return False
        address = self._module(last.name)
        ours = _last(name)
        if address is None or len(ours) < _LEAST:
            return False
        return not self._flows(address, ours, set())

    def given(self, role: str, name: Text, arn: Text) -> str | None:
        """Return the address of a module that a role is given to: one that may attach to it.

        The role is given as a whole, by its ARN, or by its name: as that, a text counts only where
        the argument is named after roles, since other things may have the same name.
        """
        if not self._calls:
            return None
        ours = re.compile(rf"{re.escape(arn.spelled)}(?![\w+=,.@/-])")
        for address, (body, scope) in self._calls.items():
            if address not in self._roles:
                self._roles[address] = tuple(_handed(body, scope))
            for argument, leaf in self._roles[address]:
                named = leaf == name.spelled and (name.holes or "role" in argument.lower())
                if leaf == role or named or ours.search(leaf):
                    return address
        return None

    def _module(self, name: str) -> str | None:
        """Return the address of the absent module that a hole is an output of."""
        for end, sign in enumerate(name):
            if sign in _ENDS and name[:end] in self._calls:
                return name[:end]
        return None

    def _flows(self, address: str, ours: str, seen: set[str]) -> bool:
        """Tell whether a name may flow into a module, directly or through other absent ones."""
        seen.add(address)
        given = self._flowing(address)
        if given is None:
            return True
        whole = re.compile(rf"(?<![\w-]){re.escape(ours)}(?![\w-])")
        for leaf in given:
            if whole.search(leaf):
                return True
            other = self._module(leaf.removeprefix("{").removesuffix("}"))
            if other is not None and other not in seen and self._flows(other, ours, seen):
                return True
        return False

    def _flowing(self, address: str) -> tuple[str, ...] | None:
        if address not in self._given:
            self._given[address] = None  # where what flows into it asks for this very module
            self._given[address] = self._leaves(address)
        return self._given[address]

    def _leaves(self, address: str) -> tuple[str, ...] | None:
        """Return the texts that flow into a module; None if what flows into it is not known."""
        body, scope = self._calls[address]
        found: list[str] = []
        try:
            for argument in body.arguments.values():
                if argument.name not in META_ARGUMENTS:
                    found += _texts(evaluate(argument.expression, scope))
        except (EvaluationError, _OpaqueError):
            return None
        return tuple(found)


class _OpaqueError(Exception):
    """A value may hold anything."""


def _handed(body: tree.Body, scope: Scope) -> Iterator[tuple[str, str]]:
    """Yield what flows into a module, each text or address with what its argument is named."""
    for argument in body.arguments.values():
        if argument.name in META_ARGUMENTS:
            continue
        try:
            for name, leaf in _leaves(evaluate(argument.expression, scope), argument.name):
                yield name, leaf if isinstance(leaf, str) else str(leaf)
        except (EvaluationError, _OpaqueError):
            continue


def _texts(value: TerraformValue) -> Iterator[str]:
    for _, leaf in _leaves(value, ""):
        if isinstance(leaf, Lazy):
            raise _OpaqueError
        yield leaf


def _leaves(value: TerraformValue, name: str) -> Iterator[tuple[str, str | Lazy]]:
    """Yield the texts and things in a value, each under the name of what holds it."""
    pending, count = [(name, value)], 0
    while pending:
        name, marked = pending.pop()
        one, _ = unmark(marked)
        count += 1
        if count > MOST_LEAVES:
            raise _OpaqueError
        if isinstance(one, Lazy):
            yield name, one
        elif isinstance(one, Hole):
            yield name, str(one)
        elif isinstance(one, Text):
            yield name, one.spelled
        elif isinstance(one, str):
            yield name, Text.of(one).spelled
        elif isinstance(one, dict):
            pending += ((name, key) for key in one)
            pending += ((str(key), inner) for key, inner in one.items())
        else:
            pending += ((name, inner) for inner in inside(one))


def _is_account(before: list[str | Hole]) -> bool:
    """Tell whether what stands before a name is an account alone: `principal` puts it there."""
    if len(before) == 1 and isinstance(before[0], str):
        return before[0][:-1].isdigit() and before[0][-1] == ":"
    return len(before) == _PARTS and isinstance(before[0], Hole) and before[1] == ":"


_PARTS = 2


def _last(name: Text) -> str:
    """Return the last name in an ARN, a URL or a principal."""
    found: list[str] = []
    for part in reversed(name.parts):
        if isinstance(part, Hole):
            found.insert(0, str(part))
            continue
        spelled = Text.of(part).spelled
        cut = max(spelled.rfind(":"), spelled.rfind("/"))
        found.insert(0, spelled[cut + 1 :])
        if cut >= 0:
            break
    return "".join(found)
