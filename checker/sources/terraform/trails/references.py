"""What the names of a module stand for: where the value of a reference comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.knowledge.trail import TrailStep
from checker.sources.terraform.configuration.module_arguments import META_ARGUMENTS
from checker.sources.terraform.configuration.sensitivity import marks_of
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.modules import Module
from checker.sources.terraform.modules.outputs import Outputs
from checker.sources.terraform.modules.variable_values import variable_marks
from checker.sources.terraform.provider.remote_states import RemoteOutputs
from checker.sources.terraform.trails.calls import Calls, chosen
from checker.sources.terraform.trails.frames import (
    ANY,
    ElementKey,
    Frame,
    Lead,
    LoopElement,
    Steps,
    anyone,
    as_key,
)
from checker.sources.terraform.trails.root_variables import RootVariables

_COMPUTED_OF = {
    ("data", "template_file", "rendered"): ("template", "vars"),
    ("resource", "terraform_data", "output"): ("input",),
    ("resource", "null_resource", "triggers"): ("triggers",),
}
"""What a provider makes of arguments without asking anybody."""


class ReferenceTargets:
    """The names of every module below some root modules."""

    def __init__(self, calls: Calls, variables: RootVariables) -> None:
        self._calls, self._variables = calls, variables
        self._groups: dict[str, Callable[[str, Module, Steps], Iterator[Lead]]] = {
            "local": self._local,
            "var": self._variable,
            "module": self._module,
        }

    def leads(self, name: str, frame: Frame, steps: Steps) -> Iterator[Lead]:
        """Yield where the value comes from that is taken of the first word of a reference."""
        if name in frame.elements:
            yield from _of_loop(frame.elements[name], steps)
        elif name in {"each", "count"}:
            yield from _of_block(name, frame, steps)
        elif name in {"path", "terraform", "tofu", "self", "ephemeral"} or not steps:
            return
        elif name == "resource" and len(steps) > 1:
            yield from self._resource("resource", steps[0], steps[1], frame.module, steps[2:])
        elif name in self._groups and isinstance(steps[0], str):
            yield from self._groups[name](steps[0], frame.module, steps[1:])
        elif name == "data" and len(steps) > 1:
            yield from self._resource("data", steps[0], steps[1], frame.module, steps[2:])
        elif name not in self._groups:
            yield from self._resource("resource", name, steps[0], frame.module, steps[1:])

    def _local(self, name: str, module: Module, steps: Steps) -> Iterator[Lead]:
        argument = module.declarations.local(name)
        if argument is not None:
            step = TrailStep("local", name, argument.at)
            yield Lead(argument.expression, Frame(module, module.scope), steps, step)

    def _variable(self, name: str, module: Module, steps: Steps) -> Iterator[Lead]:
        """Yield the declaration, then what sets the variable, else its default."""
        block = module.declarations.block("variable", name)
        frame = Frame(module, module.scope)
        if block is None:
            return
        secret = bool(variable_marks(module, name, block))
        yield Lead(None, frame, step=TrailStep("variable", name, block.at, secret=secret))
        call = self._calls.of(module)
        given = None if call is None else call.block.body.arguments.get(name)
        default = block.body.arguments.get("default")
        strict = block.body.arguments.get("nullable")
        if call is None:
            found = list(self._variables.leads(module, name, steps))
            yield from found
            is_null = not found
        elif given is None or name in META_ARGUMENTS:
            is_null = True
        else:
            step = TrailStep("argument", name, given.at, call=call.name)
            yield Lead(given.expression, call.frame, steps, step)
            is_null = (
                strict is not None
                and frame.value(strict.expression) is False
                and call.frame.value(given.expression) is None
            )
        if is_null and default is not None:
            yield Lead(default.expression, frame, steps, TrailStep("default", name, default.at))

    def _module(self, name: str, module: Module, steps: Steps) -> Iterator[Lead]:
        block = module.declarations.block("module", name)
        if block is None:
            return
        outputs, _, rest = chosen(module.named("module", name, block.at), steps)
        inner = outputs.module if isinstance(outputs, Outputs) else None
        if isinstance(inner, Module) and rest and isinstance(rest[0], str):
            yield from self._output(rest[0], inner, rest[1:])
        else:
            yield Lead(None, Frame(module, module.scope), step=TrailStep("call", name, block.at))

    def _output(self, name: str, module: Module, steps: Steps) -> Iterator[Lead]:
        block = module.declarations.block("output", name)
        value = None if block is None else block.body.arguments.get("value")
        if value is not None:
            secret = block is not None and bool(marks_of(block))
            step = TrailStep("output", name, value.at, secret=secret)
            yield Lead(value.expression, Frame(module, module.scope), steps, step)

    def _resource(
        self, mode: str, type_: ElementKey, name: ElementKey, module: Module, steps: Steps
    ) -> Iterator[Lead]:
        """Yield the argument that an attribute is, else the block whose provider computes it."""
        if not isinstance(type_, str) or not isinstance(name, str):
            return
        block = module.declarations.block(mode, type_, name)
        if block is None:
            return
        address = f"data.{type_}.{name}" if mode == "data" else f"{type_}.{name}"
        instance, several, rest = chosen(module.resource(mode, type_, name, block.at), steps)
        scope = (
            anyone(module)
            if several or not isinstance(instance, Instance)
            else instance.written.scope
        )
        frame = Frame(module, scope, block.body)
        attribute = rest[0] if rest else ANY
        if isinstance(instance, Instance) and attribute == "outputs":
            yield from self._remote(instance, frame, rest[1:])
        names = _COMPUTED_OF.get((mode, type_, str(attribute)), (attribute,))
        found = [block.body.arguments[n] for n in names if n in block.body.arguments]
        for argument in found:
            step = TrailStep("attribute", f"{address}.{argument.name}", argument.at)
            yield Lead(argument.expression, frame, rest[1:], step)
        if not found:
            yield from _of_nested(block, frame, rest)
            yield Lead(None, frame, step=TrailStep("block", address, block.at))

    def _remote(self, instance: Instance, frame: Frame, steps: Steps) -> Iterator[Lead]:
        """Yield the output of the root module whose state a data source reads."""
        outputs = instance.attribute("outputs", instance.at)
        name = steps[0] if steps else ANY
        if not isinstance(outputs, RemoteOutputs) or not isinstance(name, str):
            return
        yield Lead(None, frame, step=TrailStep("block", instance.address, instance.at))
        if isinstance(outputs.root, Module):
            self._calls.add(outputs.root)
            yield from self._output(name, outputs.root, steps[1:])


def _of_loop(element: LoopElement, steps: Steps) -> Iterator[Lead]:
    """Yield the element of its collection that a name of a loop is."""
    rest = steps
    if element.block:
        rest = steps[1:] if steps and steps[0] == "value" else ()
    yield Lead(element.collection, element.frame, (element.key, *rest), element.step)


def _of_block(name: str, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Yield what `each` or `count` is taken from."""
    arguments = {} if frame.repeated is None else frame.repeated.arguments
    outer = Frame(frame.module, frame.module.scope)
    if name == "count":
        count = arguments.get("count")
        if count is not None:
            yield Lead(count.expression, outer, step=TrailStep("count", "count", count.at))
        return
    each = arguments.get("for_each")
    if each is not None:
        own = frame.scope.variables.get("each")
        key = own.get("key") if isinstance(own, dict) else None
        rest = steps[1:] if steps and steps[0] == "value" else ()
        step = TrailStep("for_each", "for_each", each.at)
        yield Lead(each.expression, outer, (as_key(key), *rest), step)


def _of_nested(block: tree.Block, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Yield the argument of a nested block that steps take: `x.kind[0].name`."""
    kind, number, name = (*steps, ANY, ANY, ANY)[:3]
    inner = block.body.blocks_of(kind) if isinstance(kind, str) else ()
    if isinstance(number, int) and 0 <= number < len(inner):
        argument = inner[number].body.arguments.get(str(name))
        if argument is not None:
            step = TrailStep("attribute", f"{kind}.{argument.name}", argument.at)
            yield Lead(argument.expression, frame, steps[3:], step)
