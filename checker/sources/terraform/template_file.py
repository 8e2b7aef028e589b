"""`data "template_file"` of the template provider, which renders without asking anybody.

https://registry.terraform.io/providers/hashicorp/template/latest/docs/data-sources/file
"""

from __future__ import annotations

from dataclasses import replace

from checker.errors import SourceError
from checker.partial import Hole, Text
from checker.sources.terraform.convert import to_string
from checker.sources.terraform.evaluate import evaluate
from checker.sources.terraform.instances import Instance, Written
from checker.sources.terraform.operators import first_hole
from checker.sources.terraform.rendering import TemplateWorld, render
from checker.sources.terraform.scope import Scope
from checker.sources.terraform.syntax import parse_template
from checker.sources.terraform.values import EvaluationError, Value


def rendered(instance: Instance) -> Value:
    """Return the text that a template makes of its variables; a hole where that is not told."""
    hole = instance.hole("rendered")
    template = instance.written.text("template")
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


def _variables(written: Written) -> list[tuple[str, Value]]:
    """Return the variables as texts, for the provider makes texts of them."""
    value = {} if (given := written.get("vars")) is None else given
    if isinstance(value, Hole):
        raise EvaluationError(f"its `vars` are not told: {value.why}")
    if not isinstance(value, dict):
        raise EvaluationError("its `vars` are no map")
    return [(name, _text(each)) for name, each in value.items() if each is not None]


def _text(value: Value) -> Value:
    text = to_string(value)
    return Text.of(text) if isinstance(text, Hole) else text
