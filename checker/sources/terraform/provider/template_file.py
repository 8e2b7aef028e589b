"""`data "template_file"` of the template provider, which renders without asking anybody.

https://registry.terraform.io/providers/hashicorp/template/latest/docs/data-sources/file
"""

from __future__ import annotations

from dataclasses import replace

from checker.errors import SourceError
from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.evaluation.operators import first_hole
from checker.sources.terraform.evaluation.rendering import TemplateWorld, render
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.language.syntax import parse_template
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.values.concealment import guarded
from checker.sources.terraform.values.conversions import cast
from checker.sources.terraform.values.marks import mark, unmark
from checker.sources.terraform.values.primitives import to_text
from checker.sources.terraform.values.terraform_values import TerraformValue
from checker.sources.terraform.values.unify import STRING


def rendered(instance: Instance) -> TerraformValue:
    """Return the text that a template makes of its variables; a hole where that is unknown."""
    hole = instance.hole("rendered")
    given, marks = unmark(instance.written.marked("template"))
    work = lambda: _rendered(instance, given, hole)  # noqa: E731 - it is handed on
    return guarded("the template", marks, (given, hole), work)


def _rendered(instance: Instance, given: TerraformValue, hole: Hole) -> TerraformValue:
    template = to_text(given, hole.name, instance.written.place("template"))
    if template is None or template.literal is None:
        unknown = None if template is None else first_hole(template)
        return hole if unknown is None else replace(hole, why=unknown.why, remedy=unknown.remedy)
    at = instance.written.place("template")
    start = at if template.origin is None else template.origin.locate(0)
    try:
        parsed = parse_template(template.literal, start)
        variables = dict(_variables(instance.written))
        outside = instance.written.scope
        inside = Scope(TemplateWorld(outside.world), variables, f"{instance.address}#t")
        return render(parsed, inside, evaluate)
    except (EvaluationError, SourceError) as error:
        return replace(hole, why=f"`{instance.address}` cannot be rendered: {error}", at=at)


def _variables(written: Written) -> list[tuple[str, TerraformValue]]:
    """Return the variables as texts, for the provider makes texts of them."""
    value, marks = unmark(written.marked("vars"))
    if value is None:
        return []
    if isinstance(value, Hole):
        raise EvaluationError(f"its `vars` are unknown: {value.why}")
    if not isinstance(value, dict):
        raise EvaluationError("its `vars` are no map")
    return [(name, mark(_text(each), marks)) for name, each in value.items() if each is not None]


def _text(value: TerraformValue) -> TerraformValue:
    text = cast(value, STRING)
    return Text.of(text) if isinstance(text, Hole) else text
