"""The law of partial knowledge, for whole deployments: what is hidden makes no answer another.

Each scenario is judged anew with arguments and blocks of it replaced by variables that have no
value. They could hold what was written, so what is sure then was found before, and what was found
before is found still or not known. `-m slow` hides more of each.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
import yaml

from checker.cli import main

SCENARIOS = Path(__file__).parent.parent / "fixtures" / "scenarios"
FOLDERS = sorted(p.parent for p in SCENARIOS.glob("*/expected.yaml") if list(p.parent.glob("*.tf")))

ARGUMENT = re.compile(r'(\s*"?[\w:]+"?\s*=\s*)([^\s#<].*?)(,?)')
STRING = re.compile(r'"([^"\\]*)"(\s*[:=])?')
BLOCK = re.compile(
    r"^( +)(statement|principals|condition|environment|dead_letter_config|filter_criteria|filter"
    r"|scaling_config|inline_policy|provisioned_poller_config|routing_config|vpc_config)"
    r" \{\n((?:\1  .*\n|\n)*)\1\}\n",
    re.MULTILINE,
)
KEPT = re.compile(
    r"\s*(count|for_each|depends_on|source|version|provider|providers|ignore_changes|type|default)\b"
)
"""What only a literal or a reference may stand for, and what says how many things there are."""

TOLD_BY_ANOTHER = {
    # A pair is told at the one of them that is not known; the other stays what it is.
    "duplicate-mapping",
    "queue-shared-by-functions",
    "function-reads-several-queues",
    # Only where a variable surely holds the queue's URL.
    "function-feeds-its-own-queue",
}
OF_A_PAIR = {"dead-letter-queue-missing", "dead-letter-queue-on-function"}
"""One of the two speaks of a missing dead-letter queue; which one depends on the function."""


@dataclass(frozen=True)
class Place:
    """Where something is hidden: a stretch of a file, and what stands there instead."""

    file: Path
    start: int
    end: int
    instead: str


def places(file):
    """Return every argument, quoted string of a document and block of a file that may be hidden."""
    text = file.read_text()
    found, offset, hidden, heredoc = [], 0, True, ""
    for line in text.splitlines(keepends=True):
        if heredoc:
            found += strings(file, line, offset, hidden=hidden)
            heredoc = "" if line.strip() == heredoc else heredoc
        elif re.match(r"\w", line):
            hidden = not line.startswith(("resource", "data", "module"))
        elif not hidden and (m := ARGUMENT.fullmatch(line.rstrip("\n"))) and may_hide(m):
            found.append(Place(file, offset + m.start(2), offset + m.end(2), "NAME"))
            found += strings(file, m[2], offset + m.start(2), hidden=False)
        if opens := re.search(r"<<[-~]?(\w+)$", line.rstrip()):
            heredoc = opens[1]
        offset += len(line)
    for m in BLOCK.finditer(text):
        dynamic = f'dynamic "{m[2]}" {{\nfor_each = NAME\ncontent {{\n{m[3]}}}\n}}\n'
        found.append(Place(file, m.start(), m.end(), dynamic))
    return found


def strings(file, text, offset, *, hidden):
    """Return every string in a text, as a whole and the second half of it; keys are none."""
    if hidden:
        return []
    whole = [m.span(1) for m in STRING.finditer(text) if m[1] and not m[2] and "$" not in m[1]]
    halves = [((start + end) // 2, end) for start, end in whole if end - start > 1]
    return [Place(file, offset + start, offset + end, "${NAME}") for start, end in whole + halves]


def may_hide(argument):
    """Tell whether an argument is whole on its line, and may have any value."""
    value = argument[2]
    bare = re.sub(r'"(?:\\.|[^"\\])*"', "", value)
    return not KEPT.match(argument[0]) and all(
        bare.count(opening) == bare.count(closing) for opening, closing in ("()", "[]", "{}")
    )


def hide(chosen):
    """Put variables without a value where something stood, from the end of each file."""
    for n, place in enumerate(sorted(chosen, key=lambda p: p.start, reverse=True)):
        text = place.file.read_text()
        instead = place.instead.replace("NAME", f"var.hidden_{n}")
        variable = f'\nvariable "hidden_{n}" {{\n}}\n'
        place.file.write_text(text[: place.start] + instead + text[place.end :] + variable)


def judged(path, expected, capsys):
    """Return for each mapping what is sure, what is not known, and its verdict."""
    root = path if path.is_dir() else path.parent
    words = ["plan", str(path), "--format", "json", "--root", str(root)]
    words += ["--policy", expected.get("policy", "current")]
    for name, value in (expected.get("options") or {}).items():
        for each in value if isinstance(value, list) else [value]:
            words += [f"--{name}", str(each)]
    assert main(words) in (0, 1)
    report = json.loads(capsys.readouterr().out)
    found = {m["id"]: (set(), set(), m["verdict"]) for m in report["mappings"]}
    for finding in report["findings"]:
        for mapping in finding["mappings"]:
            found[mapping][finding["kind"] != "problem"].add(finding["rule"])
    return found


def check(folder, expected, capsys, tmp_path, random):
    copy = tmp_path / "hidden"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.json", "*.tfplan", "*.jsonl"))
    before = judged(copy, expected, capsys)
    every = [place for file in sorted(copy.rglob("*.tf")) for place in places(file)]
    apart = []
    for place in random.sample(every, min(len(every), random.choice([1, 1, 2, 3]))):
        if all(p.file != place.file or p.end <= place.start or place.end <= p.start for p in apart):
            apart.append(place)
    hide(apart)
    after = judged(copy, expected, capsys)
    for mapping in before.keys() & after.keys():
        # An argument of one of several is that of all: one variable cannot hold them.
        if "[" not in mapping:
            compare(before[mapping], after[mapping], (mapping, apart))


def compare(before, after, told):
    """Check that what is known less of says nothing else."""
    sure, unknown, verdict = after
    assert not sure - before[0] - OF_A_PAIR, told
    if verdict in {"ready", "at-risk"}:
        assert not before[0] - sure - unknown - TOLD_BY_ANOTHER - OF_A_PAIR, told


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_is_hidden_is_not_known(folder, capsys, tmp_path):
    expected = yaml.safe_load((folder / "expected.yaml").read_text())
    check(folder, expected, capsys, tmp_path, Random(folder.name))  # noqa: S311 - no secret


@pytest.mark.parametrize(
    ("scenario", "file", "old", "new", "rule"),
    [
        # A statement of which nothing is known names no principal for sure.
        (
            "switched-off",
            "modules/queue-worker/iam.tf",
            "for_each = var.statements",
            "for_each = NAME",
            "document-invalid",
        ),
        # Of two elements that exclude each other either may be left out.
        (
            "deny-that-spares-the-role",
            "sqs.tf",
            'actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]',
            "actions = NAME\n not_actions = NAME",
            "role-cannot-read-queue",
        ),
        ("sid-with-a-space", "iam.tf", '"Read the queue"', "NAME", "document-invalid"),
        ("sid-with-a-space", "iam.tf", '"Read the queue"', '"Read${NAME}"', "document-invalid"),
        (
            "create-on-a-function",
            "deployer.tf",
            "Resource = aws_lambda_function.invoices.arn",
            "Resource = NAME",
            "statement-grants-nothing",
        ),
    ],
)
def test_what_may_be_refused_is_not_known(tmp_path, capsys, scenario, file, old, new, rule):
    shutil.copytree(SCENARIOS / scenario, tmp_path / "copy")
    path = tmp_path / "copy" / file
    assert old in path.read_text()
    hidden = path.read_text().replace(old, new.replace("NAME", "var.hidden"), 1)
    path.write_text(hidden + '\nvariable "hidden" {\n}\n')
    expected = yaml.safe_load((SCENARIOS / scenario / "expected.yaml").read_text())
    for sure, unknown, _ in judged(tmp_path / "copy", expected, capsys).values():
        assert rule in unknown
        assert rule not in sure


def test_a_sid_is_refused_for_the_part_of_it_that_is_known(tmp_path, capsys):
    shutil.copytree(SCENARIOS / "sid-with-a-space", tmp_path / "copy")
    path = tmp_path / "copy" / "iam.tf"
    text = path.read_text().replace('"Read the queue"', '"Read-${var.hidden}"')
    path.write_text(text + '\nvariable "hidden" {\n}\n')
    ((sure, _, _),) = judged(tmp_path / "copy", {}, capsys).values()
    assert "document-invalid" in sure


PLANNED = [folder for folder in SCENARIOS.iterdir() if (folder / "plan.json").exists()]


@pytest.mark.parametrize("folder", sorted(PLANNED), ids=lambda folder: folder.name)
def test_plan_json_alone_tells_less_and_nothing_else(folder, capsys):
    expected = yaml.safe_load((folder / "expected.yaml").read_text())
    before = judged(folder, expected, capsys)
    options = {k: v for k, v in (expected.get("options") or {}).items() if k != "var"}
    after = judged(folder / "plan.json", expected | {"options": options}, capsys)
    assert before.keys() == after.keys()
    for mapping, found in before.items():
        compare(found, after[mapping], mapping)


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_whatever_is_hidden_is_not_known(folder, capsys, tmp_path):
    expected = yaml.safe_load((folder / "expected.yaml").read_text())
    for n in range(8):
        check(folder, expected, capsys, tmp_path, Random(f"{folder.name} {n}"))  # noqa: S311
