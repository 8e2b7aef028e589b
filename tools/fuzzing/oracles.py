"""What must hold of every run, whatever its input: each oracle yields what does not."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from checker.errors import OutOfMemoryError
from fuzzing import aws, forms, secrets
from fuzzing.hiding import compared
from fuzzing.trial import Findings, Outcome, Trial

Oracle = Callable[[Trial, Outcome], Iterator[str]]
NOTHING = "nothing was checked"
COULD_NOT = 2
ANSWERS = "answers"
"""The file of `--resume`: no report, and part of the input."""
_SEVERITIES = ("error", "warning", "note")
_FILLERS = "\u3164\u115f\u1160\uffa0\u2800\u034f\u17b4\u17b5"
_LOG = re.compile(r"##\w*\[|^[^\S\n]*::", re.MULTILINE)
_BROKEN = re.compile("(?<=&#(?:64|35|58);)\u200b|(?<=www)\u200b")
"""With what the Markdown report keeps a host from making a mention or a link of a text."""
_ASKS = ("permissions", "explain", "rules", "--help", "--version", "-h")


_OUT_OF_MEMORY = str(OutOfMemoryError())


def ends_well(_: Trial, outcome: Outcome) -> Iterator[str]:
    """The run ends itself, by one of its exit codes, and never as a bug."""
    if outcome.stopped:
        yield outcome.stopped
        return
    if outcome.code not in {0, 1, 2}:
        yield f"exit code {outcome.code}"
    for name, text in outcome.outputs.items():
        if "Traceback (most recent" in text or "bug in tfcheck" in text:
            yield f"{name}: {_lines_with(text, 'tfcheck failed', 'Traceback')}"
    if _OUT_OF_MEMORY in outcome.stderr:
        yield "it takes more than a gigabyte of memory"


def says_what_it_did_not(_: Trial, outcome: Outcome) -> Iterator[str]:
    """Exit code 2 and `nothing was checked` go together."""
    said = NOTHING in outcome.stderr.splitlines()
    if not outcome.stopped and said is not (outcome.code == COULD_NOT):
        yield f"exit code {outcome.code}, and it is {'' if said else 'not '}said that {NOTHING}"


def does_nothing_else(_: Trial, outcome: Outcome) -> Iterator[str]:
    """No process is started, no connection is opened, no file outside is opened."""
    yield from outcome.deeds


def counts(trial: Trial, outcome: Outcome) -> Iterator[str]:
    """Verdicts are those of the findings, and the exit code is that of the verdicts."""
    report = outcome.report
    if not isinstance(report, dict) or outcome.code == COULD_NOT or "findings" not in report:
        if trial.whole and outcome.code in {0, 1} and not set(trial.words) & set(_ASKS):
            yield "there is no JSON report on standard output"
        return
    if any("was" in mapping for mapping in report["mappings"]) and outcome.code == 0:
        yield "exit code 0 with a verdict that got worse"
    if report.get("baseline") is not None or report.get("unchanged") is not None:
        return
    ids = Counter(mapping["id"] for mapping in report["mappings"])
    standing = [each for each in report["findings"] if each["waived"] is None]
    parts = [part for each in standing for part in _parts(each)]
    unsure = {unknown["id"] for unknown in report["unread"]}
    for mapping in report["mappings"]:
        if mapping["id"] in unsure and mapping["verdict"] == "undecided":
            # How many of it there are is not known.
            continue
        about = [each for each in parts if mapping["id"] in each["mappings"]]
        if ids[mapping["id"]] == 1 and mapping["verdict"] != (right := _verdict(about)):
            yield f"{mapping['id']:.80} is {mapping['verdict']}, and its findings say {right}"
    blocked = any(mapping["verdict"] == "blocked" for mapping in report["mappings"])
    if blocked and outcome.code == 0 and "--exit-zero" not in trial.words:
        yield "exit code 0 with a blocked mapping"
    if outcome.code == 1 and not standing and not report["unread"] and report["mappings"]:
        yield "exit code 1 without a finding"


def _parts(finding: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what a finding says of each thing, by whose severity its verdict is made."""
    affected = finding.get("affected") or [finding]
    return [{"kind": finding["kind"], **each} for each in affected]


def _verdict(findings: list[Mapping[str, Any]]) -> str:
    pairs = {(each["kind"], each["severity"]) for each in findings}
    if ("problem", "error") in pairs:
        return "blocked"
    if ("unknown", "error") in pairs:
        return "undecided"
    return "at-risk" if any(severity == "warning" for _, severity in pairs) else "ready"


def is_well_formed(trial: Trial, outcome: Outcome) -> Iterator[str]:
    """Each report is what its format says, and holds no markup that the input chose."""
    if outcome.code == COULD_NOT or outcome.stopped:
        return
    reports = {name: text for name, text in outcome.files.items() if name in forms.CHECKS}
    if trial.whole and isinstance(outcome.report, dict) and "findings" in outcome.report:
        reports.setdefault("json", outcome.stdout)
    for name, text in reports.items():
        for wrong in forms.CHECKS[name](text):
            yield f"{name}: {wrong}"


def keeps_secrets(trial: Trial, outcome: Outcome) -> Iterator[str]:
    """Nothing of a secret, or of what is made of it, stands in any output."""
    for name, text in outcome.outputs.items():
        for wrong in secrets.given(text, [*trial.secrets, aws.SECRET]):
            yield f"{name} tells {wrong}"


def shows_what_it_writes(trial: Trial, outcome: Outcome) -> Iterator[str]:
    """No output holds a character that does not show, or a line that a log takes for a command."""
    for name, written in outcome.outputs.items():
        if name == ANSWERS:
            continue
        text = _BROKEN.sub("", written) if name == "markdown" else written
        if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
            odd = set()
        else:
            odd = {character for character in set(text) if _invisible(character)}
        if odd:
            yield f"{name} holds {sorted(odd)!a:.80}"
        commands = name == "github" or (name == "standard output" and _asks_commands(trial))
        if not commands and (found := _LOG.search(text)):
            yield f"{name} holds a command of a log: {found[0]!a}"


def _asks_commands(trial: Trial) -> bool:
    pairs = zip(trial.words, trial.words[1:], strict=False)
    return ("--format", "github") in pairs


@cache
def _invisible(character: str) -> bool:
    if character in "\n\t":
        return False
    return (
        unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp", "Cs"} or character in _FILLERS
    )


def passes_nothing(trial: Trial, outcome: Outcome) -> Iterator[str]:
    """Where the mutation only hides, nothing gets better, and nothing is a problem anew."""
    if trial.quiet is None or outcome.code == COULD_NOT:
        return
    report = outcome.report
    if isinstance(report, dict) and "findings" in report:
        yield from compared(trial.quiet, Findings.of(report), trial.assumed)
        if trial.account is not None and not report["mappings"] and trial.quiet.mappings:
            yield f"no mapping of {len(trial.quiet.mappings)}, and exit code {outcome.code}"


def _lines_with(text: str, *words: str) -> str:
    found = [line for line in text.splitlines() if any(word in line for word in words)]
    return " / ".join(found)[:400]


ORACLES: tuple[Oracle, ...] = (
    ends_well,
    says_what_it_did_not,
    does_nothing_else,
    counts,
    is_well_formed,
    keeps_secrets,
    shows_what_it_writes,
    passes_nothing,
)


def judged(trial: Trial, outcome: Outcome) -> list[tuple[str, str]]:
    """Return what does not hold of a run: the oracle's name, and what it says."""
    return [(oracle.__name__, said) for oracle in ORACLES for said in oracle(trial, outcome)]
