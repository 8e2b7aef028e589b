"""What every test runs under."""

import json
import os
import sys
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, settings

from checker import shipped
from checker.reports import json as json_report

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tools"))

# The gate tries the same examples each time, so that it fails only for what a change did; the
# nightly profile (HYPOTHESIS_PROFILE) looks for new ones.
settings.register_profile(
    "default",
    max_examples=500,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile(
    "nightly", settings.get_profile("default"), max_examples=20_000, derandomize=False
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser):
    parser.addoption(
        "--update",
        action="store_true",
        help="write anew what is generated: snapshots, README.md, the catalogue, the schema",
    )


@pytest.fixture
def in_step(request):
    """Hold a part of a file equal to what the program says; with --update, write it there."""

    def in_step(file, old, new):
        path = ROOT / file
        if request.config.getoption("--update") and old != new:
            text = path.read_text() if path.exists() else ""
            path.write_text(text.replace(old, new, 1) if old else new)
            return
        assert old == new, f"{file} is not in step: run pytest --update"

    return in_step


@pytest.fixture
def snapshot(request):
    """Hold a file equal to a text; with --update, write it there."""

    def snapshot(path, text):
        if request.config.getoption("--update"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), "see the change with pytest --update"

    return snapshot


@pytest.fixture(scope="session")
def report_schema():
    """The schema that the JSON report promises to follow."""
    schema = json.loads((shipped.folder() / "report.schema.json").read_text())
    return jsonschema_rs.validator_for(schema, validate_formats=True)


@pytest.fixture(autouse=True, scope="session")
def _every_json_report_follows_its_schema(report_schema):
    render = json_report.render

    def validated(report):
        text = render(report)
        report_schema.validate(json.loads(text))
        return text

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_report, "render", validated)
        yield
