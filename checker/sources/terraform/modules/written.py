"""What is written in a block: its arguments and nested blocks, in the scope of its instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.records import dataclass
from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.evaluation.operators import first_hole
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.evaluation.splats import EachOf
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import (
    EvaluationError,
    RefusedError,
    UnknownResultError,
)
from checker.sources.terraform.modules.argument_names import required
from checker.sources.terraform.modules.dynamic_blocks import expanded
from checker.sources.terraform.modules.provider_values import (
    CHECKS,
    CONFLICTS,
    refused,
)
from checker.sources.terraform.modules.queue_names import queue_name, queue_prefix
from checker.sources.terraform.values.joining import joined
from checker.sources.terraform.values.marks import deep_marks, mark, sealed, unmark
from checker.sources.terraform.values.partial_values import (
    InPart,
    OpenMap,
    PartialList,
    PartialMap,
)
from checker.sources.terraform.values.primitives import to_text
from checker.sources.terraform.values.terraform_values import Lazy, Set, TerraformValue, holes


class Written:
    """A block's body in the scope of its instance: arguments by name, nested blocks by type.

    `planned` is what a plan tells of it, `read` says that it is a data source's. `type_` is the
    resource's type where the provider's own checks are known, see provider_values.py.
    """

    def __init__(
        self,
        body: tree.Body,
        scope: Scope,
        at: Location,
        path: str,
        planned: Mapping[str, TerraformValue] | None = None,
        *,
        read: bool = False,
        type_: str = "",
    ) -> None:
        self.type = type_
        self._sure = True
        self.body, self.scope, self.at, self.path = body, scope, at, path
        self._planned = planned or {}
        self._read = read

    def place(self, name: str) -> Location:
        """Return where an argument was written, or the block's place if it was not."""
        argument = self.body.arguments.get(name)
        return self.at if argument is None else argument.at

    def refuse_values(self) -> None:
        """Note what the provider refuses of all values that are written, and of some together.

        What is read of a block is validated when it is; nothing else may ask for the rest.
        """
        for name in CHECKS.get(self.type, ()):
            self.get(name)
        for name in required(self.type):
            if self.has(name) and self.get(name) is None:
                why = f"The argument `{name}` is required, but no definition was found"
                self._note(RefusedError("Missing required argument", why, self.place(name)))
        for one, other in CONFLICTS.get(self.type, ()):
            if self.is_set(one) and self.is_set(other):
                why = f"`{one}`: conflicts with {other}"
                self._note(
                    RefusedError("Conflicting configuration arguments", why, self.place(one))
                )
        for type_ in CHECKS:
            of, _, kind = type_.rpartition(".")
            for block in self.nested(kind) if of and of == self.type else ():
                if isinstance(block, Written):
                    block.refuse_values()

    def is_set(self, name: str) -> bool:
        """Tell whether an argument surely has a value, known or not."""
        value = self.get(name)
        return value is not None and first_hole(value) is None

    def has(self, name: str) -> bool:
        """Tell whether an argument is written (it may still be null)."""
        return name in self.body.arguments

    def get(self, name: str) -> TerraformValue:
        """Return an argument's value; None if it is not written, a Hole if it has none.

        Texts and numbers that are marked decide as what they are and are not shown.
        """
        return self.read(name)[0]

    def read(self, name: str) -> tuple[TerraformValue, PartialList | None]:
        """Return an argument's value as `get` does, and what is known of a list known in part."""
        value = self.marked(name)
        part = value if isinstance(value, PartialList) else None
        if part is not None:
            value = part.members()
            part = None if deep_marks(value) or not part.kept() else part
        if isinstance(value, OpenMap):
            value = value.whole()
        value = sealed(value) if self.scope.world.marked else value
        self._validate(name, value)
        return value, part

    def _validate(self, name: str, value: TerraformValue) -> None:
        """Note what the provider refuses of an argument's value."""
        said = refused(self.type, name, value)
        if said is None and (self.type, name) == ("aws_sqs_queue", "name"):
            said = queue_name(value, self.get("fifo_queue"))
        if (self.type, name) == ("aws_sqs_queue", "name_prefix") and value is not None:
            said = queue_prefix(value, self.get("fifo_queue"))
        if said is not None:
            self._note(RefusedError(said, "", self.place(name)))

    def marked(self, name: str) -> TerraformValue:
        """Return an argument's value as `get` does, with its marks."""
        argument = self.body.arguments.get(name)
        if argument is None:
            return self._unread(name) if self.body.unread else None
        value: TerraformValue
        try:
            value = evaluate(argument.expression, self.scope)
        except EvaluationError as error:
            self._note(error)
            remedy = error.remedy if isinstance(error, UnknownResultError) else ""
            hole = Hole(f"{self.path}.{name}", why=f"`{name}`: {error}", at=argument.at)
            value = replace(hole, remedy=remedy)
        if isinstance(value, PartialMap):
            value = value.whole()
        if name not in self._planned:
            return value
        if not isinstance(value, InPart):
            return joined(value, self._planned[name])
        whole = value.members() if isinstance(value, EachOf) else value.whole()
        made = joined(whole, self._planned[name])
        return value if made is whole else made

    def text(self, name: str) -> Text | None:
        """Return an argument as a text; None if it is not written or null."""
        value = self.get(name)
        if isinstance(value, (tuple, dict, Set, Lazy)):
            self.refuse(name, "string required")
        return to_text(value, f"{self.path}.{name}", self.place(name))

    def refuse(self, name: str, wanted: str) -> None:
        """Note that Terraform refuses an argument's value, which is of another type."""
        why = f"Inappropriate value for attribute `{name}`: {wanted}"
        self._note(RefusedError("Incorrect attribute value type", why, self.place(name)))

    def _note(self, error: EvaluationError) -> None:
        """Note what Terraform refuses; of a provider's block, nothing depends on it alone."""
        if self._sure and not self.path.startswith("provider."):
            self.scope.world.refused(error, self.path)

    def nested(self, kind: str) -> Iterator[Written | Hole]:
        """Yield the nested blocks of a type, `dynamic` ones expanded; a Hole where unknown."""
        planned, marks = unmark(self._planned.get(kind))
        found = list(self._nested(kind))
        if isinstance(planned, tuple) and self._plan_knows_more(planned, found):
            yield from self._given(planned, kind, marks)
        elif isinstance(planned, Hole) and self.body.shown and self._read and not found:
            # Of a resource the provider itself may fill in blocks, of a data source nobody does.
            yield planned
        else:
            yield from found

    def _plan_knows_more(
        self, planned: tuple[TerraformValue, ...], found: list[Written | Hole]
    ) -> bool:
        """Tell whether to take nested blocks from the plan; its JSON shows no `dynamic` ones."""
        if self.body.shown and len(found) < len(planned):
            return True
        unknowns = any(isinstance(one, Hole) for one in found)
        return not holes(planned) and (self.body.shown or unknowns)

    def _given(
        self, planned: tuple[TerraformValue, ...], kind: str, marks: frozenset[str]
    ) -> Iterator[Written]:
        """Yield nested blocks as the plan tells them."""
        at = self.at
        for each in planned:
            block, own = unmark(each)
            values = block if isinstance(block, dict) else {}
            arguments = {
                name: tree.Argument(name, tree.KnownValue(mark(value, marks | own), at), at)
                for name, value in values.items()
                if value is not None
            }
            body = tree.Body(arguments, (), shown=True)
            yield Written(body, self.scope, at, f"{self.path}.{kind}", values)

    def _nested(self, kind: str) -> Iterator[Written | Hole]:
        if self.body.unread:
            yield self._unread(kind)
        for block in self.body.blocks:
            if block.kind == kind:
                yield self._inner(block, self.scope, f"{self.path}.{kind}")
            elif block.kind == "dynamic" and block.labels == (kind,):
                yield from self._dynamic(block, kind)

    def _unread(self, name: str) -> Hole:
        return Hole(f"{self.path}.{name}", why=self.body.unread, at=self.at)

    def _dynamic(self, block: tree.Block, kind: str) -> Iterator[Written | Hole]:
        path = f"{self.path}.{kind}"
        for each in expanded(block, kind, path, self.scope, self._note):
            if isinstance(each, Hole):
                yield each
            elif each.unknown is None:
                yield self._inner(each.content, each.scope, path)
            else:
                inner = self._inner(each.content, each.scope, each.path, sure=False)
                of = each.unknown
                yield PossibleBlock(of.name, why=of.why, at=of.at, remedy=of.remedy, block=inner)

    def _inner(self, block: tree.Block, scope: Scope, path: str, *, sure: bool = True) -> Written:
        """Return a block in this one; what is refused in one that may not be there is not noted."""
        type_ = self.type and f"{self.type}.{path.rpartition('.')[2]}"
        made = Written(block.body, scope, block.at, path, type_=type_)
        made._sure = sure and self._sure
        return made


@dataclass(frozen=True, slots=True)
class PossibleBlock(Hole):
    """Blocks that may be there or not; `block` stands for each, with what is alike in all."""

    block: Written | None = field(default=None, compare=False, repr=False)
