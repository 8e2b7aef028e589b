"""What Terraform makes before what: the graph of references and `depends_on`.

As in Terraform, blocks depend on blocks as wholes, through locals, variables, outputs and module
calls, whatever their instances. It is searched when somebody asks, from one block, no further than
needed.
See https://developer.hashicorp.com/terraform/internals/graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from checker.errors import TfcheckError
from checker.partial import Known, Location, Unknown, Value
from checker.sources.terraform import references, tree
from checker.sources.terraform.declarations import Declarations
from checker.sources.terraform.modules import Module
from checker.sources.terraform.plan.planned import block_of

Node: TypeAlias = tuple[str, ...]
"""The key of a module (`a.b`, empty for the root), then what it is in it: `("", "local", "x")`."""


class Dependencies:
    """The graph of a configuration; `modules` are all its module instances."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules: dict[str, Declarations] = {}
        for module in modules:
            self._modules.setdefault(module.key, module.declarations)
            self._project = module.project

    def unordered(
        self, address: str, others: Collection[str], at: Location
    ) -> Value[tuple[str, ...]]:
        """Return those of the other addresses that may be made after the one.

        Not among them are those that a plan finds made already. Unknown if a part of the graph
        cannot be read.
        """
        goals = {self._node(other): other for other in others if not self._made(other)}
        try:
            for node in self._before(self._node(address)):
                goals.pop(node, None)
                if not goals:
                    break
        except _UnreadError as gap:
            why = f"what `{address}` depends on is not told: {gap}"
            return Unknown(why, at) if goals else Known((), at)
        return Known(tuple(goals.values()), at)

    def _made(self, address: str) -> bool:
        plan = self._project.plan.plan
        return plan is not None and address in plan.prior and not plan.replaces(address)

    def _node(self, address: str) -> Node:
        words = block_of(address.removeprefix(self._project.prefix)).split(".")
        key: list[str] = []
        while words[0] == "module":
            key.append(words[1])
            words = words[2:]
        if words[0] == "data":
            return (".".join(key), *words[:3])
        return (".".join(key), "resource", *words[:2])

    def _before(self, start: Node) -> Iterator[Node]:
        """Yield every node that one depends on, nearest first, the node itself included."""
        seen: dict[Node, None] = {start: None}
        queue = [start]
        for node in queue:
            yield node
            for other in self._edges(node):
                if other not in seen:
                    seen[other] = None
                    queue.append(other)

    def _edges(self, node: Node) -> Iterator[Node]:
        key, kind, *labels = node
        if not self._has(key):
            return
        if kind == "inside":
            yield from self._around(key)
        elif kind == "module":
            yield from self._whole(key, labels[0])
        elif kind == "var":
            yield from self._given(key, labels[0])
        elif kind == "local":
            argument = self._modules[key].local(labels[0])
            if argument is not None:
                yield from _inside(key, references.in_expression(argument.expression))
        else:
            yield from self._of_block(key, kind, labels)

    def _has(self, key: str) -> bool:
        """Tell whether a module has instances; a call with `count = 0` has none."""
        if key in self._modules:
            return True
        address = self._project.prefix + "".join(f"module.{name}." for name in key.split("."))
        for unread in self._project.unread.values():
            if f"{block_of(unread.id)}.".startswith(address) or address.startswith(
                f"{block_of(unread.id)}."
            ):
                raise _UnreadError(f"{unread.id} {unread.why}")
        return False

    def _of_block(self, key: str, kind: str, labels: list[str]) -> Iterator[Node]:
        if not self._modules[key].has(kind, *labels):
            return
        body = self._body(key, kind, *labels)
        yield from self._named(key, references.in_body(body))
        yield from _inside(key, references.depended_on(body))
        if kind != "output":
            yield (key, "inside")

    def _body(self, key: str, *name: str) -> tree.Body:
        try:
            block = self._modules[key].block(*name)
        except (TfcheckError, RecursionError) as error:
            raise _UnreadError(str(error)) from None
        if block is None or block.body.unread:
            raise _UnreadError(f"`{'.'.join(name)}` is not read")
        return block.body

    def _around(self, key: str) -> Iterator[Node]:
        """Yield what everything in a module waits for: the `depends_on` of its call."""
        parent, _, name = key.rpartition(".")
        if name:
            body = self._body(parent, "module", name)
            yield from _inside(parent, references.depended_on(body))
            yield (parent, "inside")

    def _given(self, key: str, name: str) -> Iterator[Node]:
        parent, _, call = key.rpartition(".")
        if call:
            argument = self._body(parent, "module", call).arguments.get(name)
            if argument is not None:
                yield from self._named(parent, references.in_expression(argument.expression))

    def _named(self, key: str, names: Iterable[references.Name]) -> Iterator[Node]:
        """Yield the nodes of names; a module without an output stands for all of its outputs."""
        for node in _inside(key, names):
            if node[1] == "module":
                child = _child(key, node[2])
                if self._has(child):
                    for output in self._modules[child].names("output"):
                        yield (child, "output", output)
            else:
                yield node

    def _whole(self, key: str, name: str) -> Iterator[Node]:
        """Yield everything in a module and the modules that it calls."""
        child = _child(key, name)
        if not self._has(child):
            return
        declared = self._modules[child]
        yield from ((child, *block) for block in declared.resources())
        yield from ((child, "output", output) for output in declared.names("output"))
        yield from ((child, "module", inner) for inner in declared.names("module"))


class _UnreadError(Exception):
    """A part of the graph cannot be read."""


def _child(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _inside(key: str, names: Iterable[references.Name]) -> Iterator[Node]:
    """Yield the nodes that names in a module stand for."""
    for name in names:
        match name:
            case ("module", call, output):
                yield (_child(key, call), "output", output)
            case ("data", _, _) | ("var", _) | ("local", _) | ("module", _):
                yield (key, *name)
            case (type_, label) if type_ not in _NO_RESOURCE:
                yield (key, "resource", type_, label)


_NO_RESOURCE = {"each", "count", "self", "path", "terraform", "tofu", "data"}
