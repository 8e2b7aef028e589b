"""Templates to text, each stretch of it remembering where it was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

from checker.errors import SourceError
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.sensitive import plain
from checker.knowledge.text import Origin, Text
from checker.sources.terraform.evaluation import operators
from checker.sources.terraform.evaluation.operators import elements_of
from checker.sources.terraform.evaluation.scope import Evaluate, Scope, World
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.language.origins import Concatenation
from checker.sources.terraform.values.concealment import guarded, hiding
from checker.sources.terraform.values.marks import NONE, mark, sensitive_text, unmark
from checker.sources.terraform.values.primitives import to_string
from checker.sources.terraform.values.size_limits import CHARACTERS, WIDE, weight, wide
from checker.sources.terraform.values.terraform_values import Lazy, Marked, TerraformValue

MOST_CHARACTERS = 10_000_000
RenderedStretch: TypeAlias = tuple[str | Text | Hole, Location]


def render(node: tree.Template, scope: Scope, evaluate: Evaluate) -> TerraformValue:
    """Return a template's text; it remembers where each of its characters was written."""
    parts: list[Text] = []
    starts: list[tuple[int, Origin | Location]] = []
    offset = 0
    rendering = _Rendering(evaluate)
    for part, at in rendering.stretches(node, scope):
        if isinstance(part, Hole):
            # A directive whose condition or collection is unknown: its text is unknown.
            text = Text((part,))
        else:
            text = part if isinstance(part, Text) else Text((part,))
        scope.world.spend(1 + weight(text), plain=True)
        starts.append((offset, text.origin or at))
        parts.append(text)
        offset += sum(len(p) if isinstance(p, str) else 1 for p in text.parts)
        if offset > MOST_CHARACTERS:
            raise UnknownResultError(f"the text is longer than {MOST_CHARACTERS} characters")
    if wide(*parts) > 1:
        scope.world.spend(WIDE * offset // CHARACTERS, plain=True)
    whole = Text.of(*parts).located(Concatenation(starts))
    # Only what is marked in it is sensitive: the rest was written beside it.
    return Marked(whole, rendering.marks) if rendering.marks else whole


class _Rendering:
    """Yields a template's text in stretches, those of marked values sensitive.

    `marks` are those of the values that it has met.
    """

    def __init__(self, evaluate: Evaluate) -> None:
        self._evaluate = evaluate
        self.marks: frozenset[str] = NONE

    def stretches(self, node: tree.Template, scope: Scope) -> Iterable[RenderedStretch]:
        """Yield the stretches."""
        for part in node.parts:
            if isinstance(part, tree.Piece):
                yield part.text, part.at
            elif isinstance(part, tree.If):
                yield from self._if(part, scope)
            elif isinstance(part, tree.Loop):
                yield from self._loop(part, scope)
            else:
                yield from self._value(self._evaluate(part, scope), part.at)

    def _value(self, value: TerraformValue, at: Location) -> Iterable[RenderedStretch]:
        if isinstance(value, Marked):
            self.marks |= value.marks
            of, marks = value.value, value.marks
            text = hiding("a template", marks, lambda: _string(of))
            yield sensitive_text(text), at
            return
        text = _string(value)
        if isinstance(text, Hole) or text is not None:
            yield text, at

    def _if(self, part: tree.If, scope: Scope) -> Iterable[RenderedStretch]:
        value, marks = unmark(self._evaluate(part.condition, scope))
        self.marks |= marks
        condition = hiding("a condition", marks, lambda: operators.condition(value))
        if isinstance(condition, Hole):
            yield scope.hole(condition, part.at), part.at
            return
        body = part.then if condition else part.otherwise
        if body is not None:
            yield from _hidden(self.stretches(body, scope), marks)

    def _loop(self, part: tree.Loop, scope: Scope) -> Iterable[RenderedStretch]:
        collection, marks = unmark(self._evaluate(part.collection, scope))
        self.marks |= marks
        if isinstance(collection, Lazy):
            collection = collection.whole()
        if isinstance(collection, Hole):
            yield scope.hole(collection, part.at), part.at
            return
        elements = hiding("a template", marks, lambda: elements_of(collection))
        for n, (key, value) in enumerate(elements):
            scope.world.spend(1)
            variables = {part.value: mark(value, marks)}
            if part.key:
                variables[part.key] = mark(key, marks)
            inside = scope.inner(variables, str(n))
            yield from _hidden(self.stretches(part.body, inside), marks)


def _string(value: TerraformValue) -> str | Text:
    text = to_string(value)
    if text is None:
        raise EvaluationError("the expression result is null: a template cannot hold null")
    return text


def _hidden(found: Iterable[RenderedStretch], marks: frozenset[str]) -> Iterable[RenderedStretch]:
    """Yield stretches, sensitive if a marked value decided that they are there."""
    for text, at in found:
        yield (sensitive_text(text) if marks else text), at


def templatefile(node: tree.Call, scope: Scope, evaluate: Evaluate) -> TerraformValue:
    """Render a template file with the variables that the call gives it."""
    if len(node.arguments) != 2:  # noqa: PLR2004 - a path and its variables
        raise EvaluationError("`templatefile` needs a path and a map of variables")
    path, variables = (evaluate(argument, scope) for argument in node.arguments)
    path, marks = unmark(path)
    variables, more = unmark(variables)
    if not marks:
        template = scope.world.template_file(path, node.at)
        return mark(_filled(template, variables, node, scope, evaluate, more), more)

    def work() -> TerraformValue:
        template = scope.world.template_file(path, node.at)
        text = _filled(template, variables, node, scope, evaluate, more)
        # Its places name the file.
        return replace(text, origin=None) if isinstance(text, Text) else text

    return guarded("`templatefile`", marks | more, (path, variables), work)


def templatestring(node: tree.Call, scope: Scope, evaluate: Evaluate) -> TerraformValue:
    """Render a text as a template with the variables that the call gives it."""
    if len(node.arguments) != 2:  # noqa: PLR2004 - a template and its variables
        raise EvaluationError("`templatestring` needs a template and a map of variables")
    source, marks = unmark(evaluate(node.arguments[0], scope))
    variables, more = unmark(evaluate(node.arguments[1], scope))

    def work() -> TerraformValue:
        template = _parsed(source, node, scope)
        return _filled(template, variables, node, scope, evaluate, more)

    if not marks:
        return mark(work(), more)
    return guarded("`templatestring`", marks | more, (source, variables), work)


def _parsed(source: TerraformValue, node: tree.Call, scope: Scope) -> tree.Template | Hole:
    """Parse the text of a template; a part that is not known may hold anything."""
    from checker.sources.terraform.language.syntax import parse_template

    text = to_string(source)
    if text is None:
        raise EvaluationError("`templatestring`: the template must not be null")
    literal = text.literal if isinstance(text, Text) else text
    if literal is None:
        return scope.hole(text.holes[0], node.at) if isinstance(text, Text) else Hole("template")
    scope.world.spend(_PARSING * (1 + len(literal) // CHARACTERS))
    try:
        return parse_template(plain(literal), node.at)
    except SourceError as error:
        raise UnknownResultError(f"`templatestring`: {error}") from error


_PARSING = 20
"""How many steps it takes to parse what is one step to read."""


def _filled(
    template: tree.Template | Hole,
    variables: TerraformValue,
    node: tree.Call,
    scope: Scope,
    evaluate: Evaluate,
    marks: frozenset[str],
) -> TerraformValue:
    if isinstance(template, Hole):
        return template
    if isinstance(variables, Lazy):
        variables = variables.whole()
    if isinstance(variables, Hole):
        return scope.hole(variables, node.at)
    if not isinstance(variables, dict):
        raise EvaluationError(f"the second argument of `{node.name}` must be a map")
    given = {name: mark(value, marks) for name, value in variables.items()}
    inside = Scope(TemplateWorld(scope.world), given, f"{scope.path}#t")
    return render(template, inside, evaluate)


class TemplateWorld(World):
    """The world of a template file: its variables and the functions, nothing else."""

    def __init__(self, outside: World) -> None:
        self._outside = outside

    def name(self, name: str, at: Location) -> TerraformValue:
        """Refuse every name: the variables of a template are all that it sees."""
        raise EvaluationError(f"the template's variables do not hold `{name}` ({at})")

    def call(
        self, node: tree.Call, arguments: tuple[TerraformValue, ...], scope: Scope
    ) -> TerraformValue:
        """Apply a function."""
        return self._outside.call(node, arguments, scope)

    @property
    def marked(self) -> bool:
        """Whether anything that was met so far is sensitive or ephemeral."""
        return self._outside.marked

    def spend(self, steps: int, *, plain: bool = False) -> None:
        """Take steps of the run's budget."""
        self._outside.spend(steps, plain=plain)

    def template_file(self, path: TerraformValue, at: Location) -> tree.Template | Hole:  # noqa: ARG002
        """Refuse: a template may not include another."""
        raise EvaluationError(f"a template cannot call `templatefile` ({at})")
