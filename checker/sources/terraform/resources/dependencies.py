"""What Terraform makes before what: the graph of references and `depends_on`.

As in Terraform, blocks depend on blocks as wholes, through locals, variables, outputs and module
calls, whatever their instances. It is searched when somebody asks, from one block, no further than
needed.
See https://developer.hashicorp.com/terraform/internals/graph.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeAlias

from checker.errors import TfcheckError
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.evaluation import references
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.project import ModuleInstance
from checker.sources.terraform.plan.planned import block_of

MOST_VISITS = 2_000_000
"""How many references may be followed from block to block, over all that is asked."""
GraphNode: TypeAlias = tuple[str, ...]
"""The key of a module (`a.b`, empty for the root), then what it is in it: `("", "local", "x")`."""


class Dependencies:
    """The graph of a configuration; `modules` are all its module instances."""

    def __init__(self, modules: Iterable[ModuleInstance]) -> None:
        self._modules: dict[str, Declarations] = {}
        for module in modules:
            self._modules.setdefault(module.key, module.declarations)
            self._project = module.project
        self._next: dict[GraphNode, tuple[GraphNode, ...]] = {}
        self._nodes: dict[str, GraphNode] = {}
        self._made_before: dict[str, bool] = {}
        self._search: _Search | None = None
        self._asked: tuple[Collection[str], bool, dict[GraphNode, str]] | None = None
        self._left = MOST_VISITS

    def unordered(
        self, address: str, others: Collection[str], at: Location
    ) -> Value[tuple[str, ...]]:
        """Return those of the other addresses that may be made after the one.

        Not among them are those that a plan finds made already, nor those that a state has, if it
        has the one as well. Unknown if a part of the graph
        cannot be read.
        """
        goals = self._goals(others, made=self._recorded(address))
        start = self._node(address)
        if self._search is None or self._search.start != start:
            self._search = _Search(start, self._after)
        try:
            found = self._search.found(goals)
        except _UnreadError as unknown:
            why = f"what `{address}` depends on is unknown: {unknown}"
            return Unknown(why, at) if goals else Known((), at)
        return Known(tuple(other for node, other in goals.items() if node not in found), at)

    def _goals(self, others: Collection[str], *, made: bool) -> dict[GraphNode, str]:
        """Return those of some addresses that are not made already, or with the one, by node.

        Mappings of one role ask for the same, one after the other.
        """
        if self._asked is None or self._asked[0] is not others or self._asked[1] != made:
            goals = {
                self._node(other): other
                for other in others
                if not self._made(other) and not (made and self._recorded(other))
            }
            self._asked = others, made, goals
        return self._asked[2]

    def _made(self, address: str) -> bool:
        made = self._made_before.get(address)
        if made is None:
            made = self._made_before[address] = self._is_made_before(address)
        return made

    def _is_made_before(self, address: str) -> bool:
        if self._is_of_another_root(address):
            return True
        plan = self._project.plan.plan
        address = address.removeprefix(self._project.prefix)
        return plan is not None and address in plan.prior and not plan.replaces(address)

    def _is_of_another_root(self, address: str) -> bool:
        others = (root.project.prefix for root in self._project.family.values())
        return any(
            prefix and prefix != self._project.prefix and address.startswith(prefix)
            for prefix in others
        ) or not address.startswith(self._project.prefix)

    def _recorded(self, address: str) -> bool:
        """Tell whether a state beside the configuration has an object at an address."""
        state = self._project.state
        return state is not None and bool(state.attributes(address))

    def _node(self, address: str) -> GraphNode:
        if address not in self._nodes:
            self._nodes[address] = self._node_at(address)
        return self._nodes[address]

    def _node_at(self, address: str) -> GraphNode:
        words = block_of(address.removeprefix(self._project.prefix)).split(".")
        key: list[str] = []
        while words[0] == "module":
            key.append(words[1])
            words = words[2:]
        if words[0] == "data":
            return (".".join(key), *words[:3])
        return (".".join(key), "resource", *words[:2])

    def _after(self, node: GraphNode) -> tuple[GraphNode, ...]:
        found = self._next.get(node)
        if found is None:
            found = tuple(dict.fromkeys(self._edges(node)))
            self._next[node] = found
        self._left -= 1 + len(found)
        if self._left < 0:
            raise _UnreadError(f"more than {MOST_VISITS} references would be followed")
        return found

    def _edges(self, node: GraphNode) -> Iterator[GraphNode]:
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
            if argument is None and self._project.plan.shown:
                raise _UnreadError(f"the plan JSON does not hold `local.{labels[0]}`")
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

    def _of_block(self, key: str, kind: str, labels: list[str]) -> Iterator[GraphNode]:
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

    def _around(self, key: str) -> Iterator[GraphNode]:
        """Yield what everything in a module waits for: the `depends_on` of its call."""
        parent, _, name = key.rpartition(".")
        if name:
            body = self._body(parent, "module", name)
            yield from _inside(parent, references.depended_on(body))
            yield (parent, "inside")

    def _given(self, key: str, name: str) -> Iterator[GraphNode]:
        parent, _, call = key.rpartition(".")
        if call:
            argument = self._body(parent, "module", call).arguments.get(name)
            if argument is not None:
                yield from self._named(parent, references.in_expression(argument.expression))

    def _named(self, key: str, names: Iterable[references.ReferenceName]) -> Iterator[GraphNode]:
        """Yield the nodes of names; a module without an output stands for all of its outputs."""
        for node in _inside(key, names):
            if node[1] == "module":
                child = _child(key, node[2])
                if self._has(child):
                    for output in self._modules[child].names("output"):
                        yield (child, "output", output)
            else:
                yield node

    def _whole(self, key: str, name: str) -> Iterator[GraphNode]:
        """Yield everything in a module and the modules that it calls."""
        child = _child(key, name)
        if not self._has(child):
            return
        declared = self._modules[child]
        yield from ((child, *block) for block in declared.resources())
        yield from ((child, "output", output) for output in declared.names("output"))
        yield from ((child, "module", inner) for inner in declared.names("module"))


class _Search:
    """What one block depends on, nearest first, as far as somebody asked."""

    def __init__(self, start: GraphNode, after: Callable[[GraphNode], Iterable[GraphNode]]) -> None:
        self.start = start
        self._after = after
        self._found: dict[GraphNode, None] = {start: None}
        self._queue = [start]
        self._next = 0
        self._unread: _UnreadError | None = None

    def found(self, goals: Collection[GraphNode]) -> Collection[GraphNode]:
        """Search until all goals are found or nothing is left; return what is found by then.

        Raises _UnreadError if one is not found and a part of the graph cannot be read.
        """
        missing = {goal for goal in goals if goal not in self._found}
        while missing and self._next < len(self._queue):
            for other in self._read(self._queue[self._next]):
                if other not in self._found:
                    self._found[other] = None
                    self._queue.append(other)
                    missing.discard(other)
            self._next += 1
        if missing and self._unread is not None:
            raise self._unread
        return self._found

    def _read(self, node: GraphNode) -> Iterable[GraphNode]:
        """Return what a node depends on; what cannot be read is kept in mind."""
        try:
            return self._after(node)
        except _UnreadError as unread:
            self._unread = self._unread or unread
            return ()


class _UnreadError(Exception):
    """A part of the graph cannot be read."""


def _child(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _inside(key: str, names: Iterable[references.ReferenceName]) -> Iterator[GraphNode]:
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
