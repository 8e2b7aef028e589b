"""Which line of a recorded stack trace is the user's own program."""

from pathlib import Path

import pytest

from checker.files import Repository
from checker.knowledge.partial import Location
from checker.sources.cloudformation.assembly.frames import ProgramFiles


@pytest.fixture
def app(tmp_path):
    """An app in a repository, with a library in it, and a file beside the repository."""
    root = tmp_path / "repository"
    for name in ("infra/app.ts", "infra/my app (1).ts", "node_modules/a/index.js", "infra/app.py"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / "outside.ts").write_text("")
    (root / "infra/link.ts").symlink_to(tmp_path / "outside.ts")
    (root / "infra/inner.ts").symlink_to(root / "infra/app.ts")
    (root / ".venv/lib/python3.12/site-packages").mkdir(parents=True)
    (root / ".venv/lib/python3.12/site-packages/a.py").write_text("")
    return root


def frame(root, *trace):
    return ProgramFiles(Repository(root), root / "infra").user_frame(
        [each.replace("ROOT", str(root)) for each in trace]
    )


@pytest.mark.parametrize(
    ("line", "source", "number", "column"),
    [
        ("<anonymous> (ROOT/infra/app.ts:8:15)", "infra/app.ts", 8, 15),
        ("new Orders (ROOT/infra/app.ts:8:15)", "infra/app.ts", 8, 15),
        ("ROOT/infra/app.ts:8:15", "infra/app.ts", 8, 15),
        ("<anonymous> (file://ROOT/infra/app.ts:8:15)", "infra/app.ts", 8, 15),
        ("f (ROOT/infra/my app (1).ts:8:15)", "infra/my app (1).ts", 8, 15),
        ("file://ROOT/infra/app.ts:7: (file://ROOT/infra/app.ts:7:1)", "infra/app.ts", 7, 1),
        ("file://ROOT/infra/app.ts:15 (:)", "infra/app.ts", 15, 1),
        ("make_queue (ROOT/infra/app.py:20)", "infra/app.py", 20, 1),
        ("make_queue (app.py:20)", "infra/app.py", 20, 1),
        ("Object.<anonymous> (ROOT/infra/inner.ts:3:1)", "infra/app.ts", 3, 1),
    ],
)
def test_a_line_names_a_file_of_the_program(app, line, source, number, column):
    found = frame(app, line)
    assert found == Location(source, number, column)
    assert found.column == column


@pytest.mark.parametrize(
    "line",
    [
        "",
        "...new Queue2 in aws-cdk-lib...",
        "(no user code in 10 frames, use --stack-trace-limit to capture more)",
        "Module._compile (node:internal/modules/cjs/loader:1521:14)",
        "new Queue (ROOT/node_modules/a/index.js:1:2)",
        "f (ROOT/.venv/lib/python3.12/site-packages/a.py:3)",
        "<anonymous> (ROOT/../outside.ts:1:1)",
        "<anonymous> (ROOT/infra/../infra/app.ts:1:1)",
        "<anonymous> (/etc/passwd:1:1)",
        "<anonymous> (../../../../etc/passwd:1:1)",
        "<anonymous> (ROOT/infra/link.ts:1:1)",
        "<anonymous> (ROOT/infra/missing.ts:1:1)",
        "<anonymous> (ROOT/infra:1:1)",
        "<anonymous> (ROOT/infra/app.ts:0:1)",
        "<anonymous> (ROOT/infra/app.ts:99999999999:1)",
        "<anonymous> (ROOT/infra/app.ts)",
        "<anonymous> (ROOT/infra/app\x00.ts:1:1)",
        "<anonymous> (C:\\Users\\me\\app.ts:1:1)",
        "(" * 10_000 + ":1:1",
        "x:" * 900 + "1:1",
    ],
)
def test_a_line_that_names_no_file_of_the_program_is_passed_over(app, line):
    assert frame(app, line, "<anonymous> (ROOT/infra/app.ts:8:15)") == Location(
        "infra/app.ts", 8, 15
    )
    assert frame(app, line) is None


def test_the_innermost_line_of_the_program_counts(app):
    lines = ["make (ROOT/infra/app.ts:20:3)", "<anonymous> (ROOT/infra/app.ts:8:15)"]
    assert frame(app, *lines).line == 20


def test_what_is_no_text_names_nothing(app):
    program = ProgramFiles(Repository(app), app / "infra")
    assert program.user_frame([None, 1, {}, [], True]) is None


def test_a_trace_without_an_end_is_not_read_to_it(app):
    lines = [f"<anonymous> ({Path('/elsewhere')}/{n}.ts:1:1)" for n in range(100)]
    assert frame(app, *lines, "<anonymous> (ROOT/infra/app.ts:8:15)") is None
