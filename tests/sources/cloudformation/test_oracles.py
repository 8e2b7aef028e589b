"""What AWS's own checker of templates and cfn-lint find, this program finds too, or says why not.

`cloudformation-validate` gives unknown parameters and accounts values of its own, so it is sure
where a template tells nothing: what rests on that is named here, with the reason.
"""

from random import Random

import pytest
from sources.cloudformation import mutations
from sources.cloudformation.judged import report_of

from checker.errors import SourceError
from examples import examples

REFUSED, RANGE = "configuration-invalid", "value-out-of-range"
OURS = {
    "E3505": {"visibility-timeout-below-function-timeout"},
    "E3502": {"dead-letter-queue-mismatch"},
    "E3705": {"batch-size-out-of-range"},
    "F3034": {"batch-size-out-of-range", "batching-window-not-allowed", RANGE,
              "concurrency-out-of-range", "pollers-invalid", "redrive-policy-invalid"},
    "E3019": {"name-taken-twice"},
    "F3031": {"wrong-identifier", RANGE},
    **{
        each: {REFUSED}
        for each in ("F1020", "F3003", "E9004", "E8002", "F3004", "F1032", "F2012")
    },
}  # fmt: skip
"""Rules of the other checker, and those of ours that say the same."""
OPEN = {
    "loop-of-conditions-of-an-open-collection",
    "loop-in-properties-over-an-open-parameter",
}
"""The other checker makes up what a loop runs over."""
PLAIN = [each for each in mutations.TEMPLATES if each.parent.name == "templates"]
CHECKED = [each for each in PLAIN if each.stem not in OPEN]


@pytest.fixture(scope="module")
def engine():
    return pytest.importorskip("cloudformation_validate").CelEngine()


def theirs(engine, text):
    """Return the rules that the other checker finds broken; None where it reads no template."""
    from cloudformation_validate import TemplateContent, ValidationError

    try:
        found = engine.validate_template(TemplateContent(text)).diagnostics
    except ValidationError:
        return None
    return {each.rule_id for each in found if each.severity.name in {"ERROR", "FATAL"}}


def ours(text):
    """Return the rules that have something to say; None where the template is refused as none."""
    try:
        report = report_of(text)
    except SourceError:
        return None
    return {each.rule for each in report.findings}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("path", CHECKED, ids=lambda path: path.stem)
def test_what_the_checker_of_aws_finds_is_found(engine, path):
    text = path.read_text(encoding="utf-8")
    found = ours(text)
    for rule in theirs(engine, text) & OURS.keys():
        assert found & OURS[rule], rule


DECIDED = ("E3505", "E3502", "E3705", "F3034")
"""Rules that rest on no value that the other checker makes up."""


@pytest.mark.sampled(1)
def test_what_it_finds_in_mutated_templates_is_found(engine):
    kept, mutations.TEMPLATES = mutations.TEMPLATES, CHECKED
    try:
        texts = [mutations.text_of(Random(f"oracle:{n}")) for n in range(examples(1500))]  # noqa: S311
    finally:
        mutations.TEMPLATES = kept
    met = 0
    for text in texts:
        told, found = theirs(engine, text), ours(text)
        if not told or not found:
            continue
        for rule in told & set(DECIDED):
            met += 1
            assert found & (OURS[rule] | {REFUSED}), (rule, text)
    assert met


@pytest.mark.slow
@pytest.mark.parametrize("path", CHECKED, ids=lambda path: path.stem)
def test_what_cfn_lint_finds_is_found(path):
    api = pytest.importorskip("cfnlint.api")
    config = pytest.importorskip("cfnlint.config").ManualArgs(regions=["eu-west-1"])
    text = path.read_text(encoding="utf-8")
    matches = api.lint_file(path, config=config)
    told = {each.rule.id.replace("E3034", "F3034") for each in matches}
    found = ours(text)
    for rule in told & {"E3505", "E3502", "E3705", "F3034", "E3019"}:
        assert found & OURS[rule], rule
