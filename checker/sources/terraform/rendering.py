"""Templates to text, each stretch of it remembering where it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from checker.partial import Hole, Location, Text
from checker.sources.terraform import operators, tree
from checker.sources.terraform.convert import to_string
from checker.sources.terraform.operators import elements_of
from checker.sources.terraform.origins import Concatenation
from checker.sources.terraform.scope import Scope, World
from checker.sources.terraform.values import EvaluationError, Lazy, NotTold, Value
from checker.sources.terraform.weights import CHARACTERS, WIDE, weight, wide

MOST_CHARACTERS = 10_000_000
Evaluate: TypeAlias = Callable[[tree.Expression, Scope], Value]
Stretch: TypeAlias = tuple[str | Text | Hole, Location]


def render(node: tree.Template, scope: Scope, evaluate: Evaluate) -> Value:
    """Return a template's text; it remembers where each of its characters was written."""
    parts: list[Text] = []
    starts: list[tuple[int, Any]] = []
    offset = 0
    for part, at in _rendered(node, scope, evaluate):
        if isinstance(part, Hole):
            # A directive whose condition or collection is unknown: nothing is told of its text.
            text = Text((part,))
        else:
            text = part if isinstance(part, Text) else Text((part,))
        scope.world.spend(1 + weight(text), plain=True)
        starts.append((offset, text.origin or at))
        parts.append(text)
        offset += sum(len(p) if isinstance(p, str) else 1 for p in text.parts)
        if offset > MOST_CHARACTERS:
            raise NotTold(f"the text is longer than {MOST_CHARACTERS} characters")
    if wide(*parts) > 1:
        scope.world.spend(WIDE * offset // CHARACTERS, plain=True)
    whole = Text.of(*parts)
    return whole.located(Concatenation(starts))


def _rendered(node: tree.Template, scope: Scope, evaluate: Evaluate) -> Iterable[Stretch]:
    for part in node.parts:
        if isinstance(part, tree.Piece):
            yield part.text, part.at
        elif isinstance(part, tree.If):
            yield from _rendered_if(part, scope, evaluate)
        elif isinstance(part, tree.Loop):
            yield from _rendered_loop(part, scope, evaluate)
        else:
            value = evaluate(part, scope)
            if value is None:
                raise EvaluationError("the expression result is null: a template cannot hold null")
            text = to_string(value)
            if isinstance(text, Hole) or text is not None:
                yield text, part.at


def _rendered_if(part: tree.If, scope: Scope, evaluate: Evaluate) -> Iterable[Stretch]:
    condition = operators.condition(evaluate(part.condition, scope))
    if isinstance(condition, Hole):
        yield scope.hole(condition, part.at), part.at
    elif condition:
        yield from _rendered(part.then, scope, evaluate)
    elif part.otherwise is not None:
        yield from _rendered(part.otherwise, scope, evaluate)


def _rendered_loop(part: tree.Loop, scope: Scope, evaluate: Evaluate) -> Iterable[Stretch]:
    collection = evaluate(part.collection, scope)
    if isinstance(collection, Lazy):
        collection = collection.whole()
    if isinstance(collection, Hole):
        yield scope.hole(collection, part.at), part.at
        return
    elements = elements_of(collection)
    for n, (key, value) in enumerate(elements):
        scope.world.spend(1)
        variables = {part.value: value} | ({part.key: key} if part.key else {})
        yield from _rendered(part.body, scope.inner(variables, str(n)), evaluate)


def templatefile(node: tree.Call, scope: Scope, evaluate: Evaluate) -> Value:
    """Render a template file with the variables that the call gives it."""
    if len(node.arguments) != 2:  # noqa: PLR2004 - a path and its variables
        raise EvaluationError("`templatefile` needs a path and a map of variables")
    path, variables = (evaluate(argument, scope) for argument in node.arguments)
    template = scope.world.template_file(path, node.at)
    if isinstance(template, Hole):
        return template
    if isinstance(variables, Lazy):
        variables = variables.whole()
    if isinstance(variables, Hole):
        return scope.hole(variables, node.at)
    if not isinstance(variables, dict):
        raise EvaluationError("the second argument of `templatefile` must be a map")
    inside = Scope(TemplateWorld(scope.world), variables, f"{scope.path}#t")
    return render(template, inside, evaluate)


class TemplateWorld(World):
    """The world of a template file: its variables and the functions, nothing else."""

    def __init__(self, outside: World) -> None:
        self._outside = outside

    def name(self, name: str, at: Location) -> Value:
        """Refuse every name: the variables of a template are all that it sees."""
        raise EvaluationError(f"the template's variables do not hold `{name}` ({at})")

    def call(self, node: tree.Call, arguments: tuple[Value, ...], scope: Scope) -> Value:
        """Apply a function."""
        return self._outside.call(node, arguments, scope)

    def spend(self, steps: int, *, plain: bool = False) -> None:
        """Take steps of the run's budget."""
        self._outside.spend(steps, plain=plain)

    def template_file(self, path: Value, at: Location) -> tree.Template | Hole:  # noqa: ARG002
        """Refuse: a template may not include another."""
        raise EvaluationError(f"a template cannot call `templatefile` ({at})")
