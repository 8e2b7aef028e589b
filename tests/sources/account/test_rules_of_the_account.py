"""Rules that work only on an account, on what an account answered: `*.account.json`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from answered import Nobody

from checker.check import check
from checker.policy import load as load_policy
from checker.rules import RULES
from checker.sources.account.answers import Answers
from checker.sources.account.client import NotReadError
from checker.sources.account.load import Audit, read
from checker.sources.account.reader import AccountReader

FIXTURES = Path(__file__).parents[3] / "fixtures" / "rules"
FILES = sorted(FIXTURES.glob("*/*.account.json"))
BY_NAME = {rule.name: rule for rule in RULES}


class Refusing(Nobody):
    """Clients that refuse operations with the error codes of a fixture."""

    def __init__(self, region, errors):
        super().__init__(region)
        self._errors = errors

    def call(self, service, region, operation, **words):
        name = f"{service}:{operation}"
        raise NotReadError(name, self._errors.get(name, "NotRecorded"), "")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_rule_finds_what_its_fixture_expects(file, tmp_path):
    answer = json.loads(file.read_text())
    answers = tmp_path / "answers"
    lines = [json.dumps([json.dumps(asked, sort_keys=True), a]) for asked, a in answer["answers"]]
    answers.write_text("\n".join(lines) + "\n")
    reader = AccountReader(Answers(Refusing(answer["region"], answer["errors"]), answers))
    inventory = read(reader, Audit(assume_no_scp=True), (answer["region"],))
    settings = load_policy("current", list(BY_NAME)).settings
    (result,) = check(inventory, [BY_NAME[file.parent.name]], settings)
    assert bool(result.problems) == (answer["expect"] == "problem")
    assert bool(result.unknowns) == (answer["expect"] == "unknown")
