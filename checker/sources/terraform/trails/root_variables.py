"""Where the variables of a root module are given their values: the last word counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from checker.errors import SourceError
from checker.files import absolute
from checker.knowledge import jsontext
from checker.knowledge.json_nodes import JsonError, JsonNode, Members
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.knowledge.trail import TrailStep
from checker.sources.terraform.language.origins import Lines
from checker.sources.terraform.modules.modules import Module
from checker.sources.terraform.modules.variables import automatic_files, text_of
from checker.sources.terraform.trails.frames import Frame, Lead, Steps


class RootVariables:
    """What is given beside a configuration; see `modules/variables.py` for the precedence."""

    def __init__(
        self, environment: Mapping[str, str], var_files: Sequence[Path], variables: Sequence[str]
    ) -> None:
        self._environment, self._words = environment, variables
        self._files = var_files
        self._texts: dict[Path, str] = {}

    def leads(self, module: Module, name: str, steps: Steps) -> Iterator[Lead]:
        """Yield where a variable of a root module is set; nothing where its default is in force."""
        frame = Frame(module, module.scope)
        plan = module.project.plan.plan
        if plan is not None:
            yield Lead(None, frame, step=TrailStep("plan", name, Location(plan.at.source)))
            return
        if any(word.partition("=")[0].strip() == name for word in self._words):
            yield Lead(None, frame, step=TrailStep("option", name, Location(f"--var {name}")))
            return
        found = self._in_files(module, name, frame, steps)
        word = f"TF_VAR_{name}"
        if found is not None:
            yield found
        elif word in self._environment:
            at = Location(f"environment variable {word}")
            yield Lead(None, frame, step=TrailStep("environment", word, at))

    def _in_files(self, module: Module, name: str, frame: Frame, steps: Steps) -> Lead | None:
        files = module.project.files
        automatic = automatic_files(module.declarations.directory, files)
        for path in (*reversed(self._files), *reversed(automatic)):
            own = path in automatic
            inside = own or files.repository.holds(absolute(path))
            shown = files.name(absolute(path)) if inside else path.as_posix()
            if path not in self._texts:
                self._texts[path] = files.read_source(path) if own else text_of(path, files)
            lead = _set(self._texts[path], shown, name, frame, steps)
            if lead is not None:
                return lead
        return None


def _set(text: str, shown: str, name: str, frame: Frame, steps: Steps) -> Lead | None:
    """Return where a variable file sets a variable, if it does."""
    from checker.sources.terraform.language.syntax import parse_arguments

    if shown.endswith(".json"):
        at = _in_json(text, shown, (name, *steps))
        return None if at is None else Lead(None, frame, step=TrailStep("tfvars", name, at))
    try:
        argument = parse_arguments(text, shown).get(name)
    except SourceError:
        return None
    if argument is None:
        return None
    return Lead(argument.expression, frame, steps, TrailStep("tfvars", name, argument.at))


def _in_json(text: str, shown: str, steps: Steps) -> Location | None:
    """Return where a value stands in a variable file in JSON: the innermost that is known."""
    try:
        node = jsontext.parse(Text((text,), Lines(shown, text)), Location(shown, 1, 1))
    except JsonError:
        return None
    found: JsonNode | None = None
    for step in steps:
        inner = _element(found or node, step)
        if inner is None:
            break
        found = inner
    return None if found is None else found.at


def _element(node: JsonNode, step: object) -> JsonNode | None:
    if isinstance(node.value, Members):
        return node.value.get(step) if isinstance(step, str) else None
    if isinstance(node.value, tuple) and isinstance(step, int):
        return node.value[step] if 0 <= step < len(node.value) else None
    return None
