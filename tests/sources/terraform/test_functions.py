"""Functions give what `terraform console` gives; see tools/record-functions."""

import pytest
from recorded import Surroundings, cases, json_of, value_of

from checker.sources.terraform.unify import type_of
from checker.sources.terraform.values import EvaluationError, first_hole

CASES = [
    pytest.param(case, id=f"{name}: {case['expression'][:80]}", marks=()) for name, case in cases()
]


@pytest.mark.parametrize("case", CASES)
def test_a_function_gives_what_terraform_gives(case):
    scope = Surroundings()
    try:
        value = value_of(case["tree"], scope)
    except EvaluationError:
        assert "error" in case
        return
    if first_hole(value) is not None:
        assert "unknown" in case or case["expression"] in NOT_TOLD
        return
    assert "json" in case, f"Terraform refuses it, we say {value!r}"
    assert json_of(value, scope) == case["json"]
    assert str(_type(value)) == case["type"]


NOT_TOLD = set()


def _type(value):
    return type_of(value)
