"""Every kind of input by its name, and how often it is tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from fuzzing import (
    accounts,
    asked,
    commands,
    corpus,
    hcl,
    layout,
    planned,
    planting,
    settings,
    sources,
    templates,
)
from fuzzing.trial import OUT, Trial


@dataclass(frozen=True)
class Kind:
    """A kind: what makes an input of it in a trial's folder, and its share of all inputs."""

    make: Callable[[Trial], None]
    share: int


def attack(trial: Trial) -> None:
    """An attack of the corpus, as it is or mutated."""
    random = trial.random
    chosen = random.choice(corpus.ATTACKS)
    trial.said.append(chosen.name)
    trial.words = list(chosen.words)
    chosen.write(trial)
    sources_ = sorted(file for file in trial.repository.glob("*.tf") if file.is_file())
    if sources_ and random.random() < _MUTATED:
        text = sources_[0].read_text(encoding="utf-8")
        text = hcl.mutated(random, text, (text,), trial.said)
        sources_[0].write_bytes(text.encode("utf-8", "surrogatepass"))
    trial.words += ["--format", "json"]
    for name in asked.FORMATS:
        trial.words += ["--format", f"{name}={trial.folder / OUT / name}"]


_MUTATED = 0.6

KINDS: dict[str, Kind] = {
    "source": Kind(sources.source, 26),
    "json-syntax": Kind(sources.json_syntax, 8),
    "variables": Kind(sources.variables, 8),
    "modules": Kind(sources.modules, 6),
    "hidden": Kind(sources.hidden, 12),
    "plan-json": Kind(planned.plan_json, 7),
    "saved-plan": Kind(planned.saved_plan, 7),
    "plan-hidden": Kind(planned.hidden, 3),
    "template": Kind(templates.template, 8),
    "assembly": Kind(templates.assembly, 4),
    "template-hidden": Kind(templates.hidden, 4),
    "policy": Kind(settings.policy, 4),
    "configuration": Kind(settings.configuration, 4),
    "baseline": Kind(settings.baseline, 2),
    "sensitive": Kind(planting.sensitive, 6),
    "sensitive-plan": Kind(planting.sensitive_plan, 2),
    "outside": Kind(planting.outside, 5),
    "layout": Kind(layout.layout, 5),
    "command-line": Kind(commands.command_line, 6),
    "answers": Kind(accounts.answers, 2),
    "faults": Kind(accounts.faults, 2),
    "resumed": Kind(accounts.resumed, 2),
    "checks": Kind(commands.checks, 1),
    "attack": Kind(attack, 1),
}
_NAMES, _SHARES = tuple(KINDS), tuple(kind.share for kind in KINDS.values())


def kind_of(seed: int, n: int) -> str:
    """Return the kind of an input by its seed and number."""
    (name,) = Random(f"{seed}:{n}").choices(_NAMES, _SHARES)
    return name
