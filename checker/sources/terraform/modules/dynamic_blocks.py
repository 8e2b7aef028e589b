"""`dynamic` blocks: the blocks that each of them stands for, and which of these may not be there.

See https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from checker.knowledge.holes import Hole
from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.evaluation.operators import elements_of
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.concealment import hiding
from checker.sources.terraform.values.marks import NONE, mark, unmark
from checker.sources.terraform.values.partial_values import PartialList, PartialMap
from checker.sources.terraform.values.terraform_values import Lazy, Set, TerraformValue

_A_BLOCK = 5  # the steps of making one block


class ExpandedBlock(NamedTuple):
    """One block that a `dynamic` block stands for: what it holds, and in which scope.

    With an `unknown` it may be there or not, which says why; of a number that is not known its
    `path` ends in `[*]`.
    """

    content: tree.Block
    scope: Scope
    path: str
    unknown: Hole | None = None


def expanded(
    block: tree.Block, kind: str, path: str, scope: Scope, note: Callable[[EvaluationError], None]
) -> Iterator[ExpandedBlock | Hole]:
    """Expand a `dynamic` block of a kind, a Hole if it is not complete.

    `note` takes the error that ends its `for_each`.
    """
    each = block.body.arguments.get("for_each")
    contents = block.body.blocks_of("content")
    if each is None or len(contents) != 1:
        yield Hole(path, why="the `dynamic` block is not complete", at=block.at)
        return
    of = _Dynamic(contents[0], _iterator(block, kind), path, scope)
    marks = NONE
    elements: list[tuple[TerraformValue, TerraformValue]] = []
    collection: TerraformValue
    try:
        collection, marks = unmark(evaluate(each.expression, scope))
        # What is sensitive and known in part is unknown as a whole.
        partly = PartialMap if marks else (PartialMap, PartialList)
        if isinstance(collection, Lazy) and not isinstance(collection, partly):
            collection = collection.whole()
        if not isinstance(collection, (Hole, PartialList)):
            whole = collection
            elements = hiding("`for_each`", marks, lambda: elements_of(whole))
        scope.world.spend(_A_BLOCK * len(elements))
    except EvaluationError as error:
        note(error)
        collection, elements = Hole(path, why=str(error), at=each.at), []
    if isinstance(collection, Hole):
        yield of.possible(replace(collection, at=collection.at or each.at))
    elif isinstance(collection, PartialList):
        yield from of.in_part(collection)
    else:
        for n, (key, value) in enumerate(elements):
            own = value if isinstance(collection, Set) else key
            yield of.block(mark(own, marks), mark(value, marks), str(n))


def _iterator(block: tree.Block, kind: str) -> str:
    """Return the name under which the content sees its element."""
    named = block.body.arguments.get("iterator")
    if named is not None and isinstance(named.expression, tree.Name):
        return named.expression.name
    return kind


class _Dynamic(NamedTuple):
    """What all blocks of one `dynamic` block have in common."""

    content: tree.Block
    iterator: str
    path: str
    scope: Scope

    def block(
        self,
        key: TerraformValue,
        value: TerraformValue,
        step: str,
        *,
        path: str = "",
        unknown: Hole | None = None,
    ) -> ExpandedBlock:
        """Return the block of one element."""
        variable: dict[str, TerraformValue] = {"key": key, "value": value}
        inside = self.scope.inner({self.iterator: variable}, step)
        return ExpandedBlock(self.content, inside, path or self.path, unknown)

    def in_part(self, of: PartialList) -> Iterator[ExpandedBlock]:
        """Yield a block for each element of a list that is known in part."""
        unknown, path = of.whole(), self.path
        self.scope.world.spend(_A_BLOCK * (1 + len(of.kept())))
        for n, value in enumerate(of.sure):
            # the key is a number in a list, the element itself in a set
            yield self.block(replace(unknown, name=f"{path}[{n}].key"), value, str(n))
        at = unknown.at or self.content.at
        for n, value in enumerate(of.perhaps or ()):
            key = replace(unknown, name=f"{path}[*{n}].key")
            hole = Hole(f"{path}[*{n}]", why=unknown.why, at=at, remedy=unknown.remedy)
            yield self.block(key, value, f"*{n}", unknown=hole)
        if of.perhaps is None:
            yield self.possible(replace(unknown, at=at))

    def possible(self, unknown: Hole) -> ExpandedBlock:
        """Return the block that stands for a number of blocks which is not known."""
        path = f"{self.path}[*]"
        key, value = (
            Hole(f"{path}.{name}", why=unknown.why, at=unknown.at, remedy=unknown.remedy)
            for name in ("key", "value")
        )
        return self.block(key, value, "*", path=path, unknown=unknown)
