"""What every test runs under."""

import json
import os
import socketserver
import sys
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, settings
from shares import in_sample, in_share

from checker import shipped
from checker.reports import json as json_report

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tools"))

# What the tests start keeps its bytecode: compiling the program takes longer than running it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# With room for five, as a server has it by default, the connections of several threads are refused
# at once and tried again after one second, then two, then four.
socketserver.TCPServer.request_queue_size = 128

# The default run tries the same examples each time, so that it fails only for what a change did;
# --full tries ten times as many, the nightly profile (HYPOTHESIS_PROFILE) looks for new ones.
settings.register_profile(
    "default",
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("full", settings.get_profile("default"), max_examples=500)
settings.register_profile(
    "nightly", settings.get_profile("default"), max_examples=20_000, derandomize=False
)


def pytest_addoption(parser):
    parser.addoption(
        "--update",
        action="store_true",
        help="write anew what is generated: snapshots, README.md, the catalogue, the schema",
    )
    parser.addoption(
        "--full",
        action="store_true",
        help="try all of what the default run tries a sample of: examples, cases marked `sampled`",
    )

    parser.addoption(
        "--share",
        metavar="N:WORD",
        default="1:",
        help="try one of N of the cases; which, the word decides, such as a commit",
    )


def pytest_configure(config):
    named = os.environ.get("HYPOTHESIS_PROFILE")
    settings.load_profile(named or ("full" if config.getoption("--full") else "default"))


def pytest_collection_modifyitems(config, items):
    """Leave out the cases that are not in the sample, unless all or single ones are asked for."""
    if config.getoption("--update"):
        return
    _keep(config, items, in_share(config.getoption("--share")))
    single = any("::" in each for each in config.invocation_params.args)
    if not single and not config.getoption("--full"):
        _keep(config, items, in_sample)


def _keep(config, items, wanted):
    """Leave out the cases that are not wanted."""
    config.hook.pytest_deselected(items=[each for each in items if not wanted(each)])
    items[:] = [item for item in items if wanted(item)]


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


@pytest.fixture
def comments():
    """A stand-in for GitHub's comments."""
    from github_server import Comments

    with Comments() as stand_in:
        yield stand_in


@pytest.fixture
def runner(tmp_path, comments):
    """A runner of the Action that comments there."""
    from action_runner import Runner

    return Runner(tmp_path, comments.url)


@pytest.fixture
def recorder(runner):
    """A runner whose program answers at once and keeps what it was started with."""
    runner.stands_in = True
    return runner
