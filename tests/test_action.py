"""The action's own steps, in order, in bash, with GitHub's files and a stand-in of its API.

Its environment is the one that the tests run in, as if the cache had it; with the marker `install`
the action installs itself.
"""

from __future__ import annotations

import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


class Comments:
    """A pull request's comments as GitHub's API has them; `refuse` answers 403."""

    def __init__(self, *, refuse=False):
        self.bodies = {7: ("User", "<!-- tfcheck -->\nof somebody else")}
        self.asked = []
        comments = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def _answer(self):
                size = int(self.headers.get("Content-Length") or 0)
                told = json.loads(self.rfile.read(size) or b"{}")
                comments.asked.append((self.command, self.path))
                assert self.headers["Authorization"] == "Bearer token"
                if refuse and self.command != "GET":
                    return self._write(403, {"message": "Resource not accessible by integration"})
                if self.command == "GET":
                    listed = [
                        {"id": n, "body": body, "user": {"type": kind}}
                        for n, (kind, body) in comments.bodies.items()
                    ]
                    return self._write(200, listed)
                number = int(self.path.rpartition("/")[2]) if self.command == "PATCH" else 8
                comments.bodies[number] = ("Bot", told["body"])
                return self._write(201, {"id": number})

            do_GET = do_POST = do_PATCH = _answer  # noqa: N815 - the names of the library

            def _write(self, status, told):
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def comments():
    stand_in = Comments()
    yield stand_in
    stand_in.close()


class Runner:
    """A workspace with a pull request in it, and what the runner keeps for a job."""

    def __init__(self, place, url):
        self.workspace, self.temporary = place / "work space", place / "temp"
        self.workspace.mkdir()
        self.temporary.mkdir()
        self.files = {
            name: self.temporary / name
            for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH")
        }
        self.url, self.out = url, ""
        self.git("init", "-q", "-b", "main")
        self.scenario("orders")
        self.commit()
        self.base = self.git("rev-parse", "HEAD").strip()

    def scenario(self, name):
        for file in (ROOT / "fixtures/scenarios" / name).glob("*.tf"):
            shutil.copy(file, self.workspace / file.name)

    def git(self, *words):
        who = ("-c", "user.email=a@b", "-c", "user.name=x")
        done = subprocess.run(
            ["git", *who, *words], cwd=self.workspace, check=True, capture_output=True, text=True
        )
        return done.stdout

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-qm", "x")

    def event(self, kind="pull_request"):
        told = {"ref": "refs/heads/main"}
        if kind == "pull_request":
            told = {"pull_request": {"number": 3, "base": {"sha": self.base}}}
        path = self.temporary / "event.json"
        path.write_text(json.dumps(told))
        return path

    def cached(self):
        """Have the environment of the tests where the action keeps its own."""
        folder = self.temporary / "tfcheck-environment" / "bin"
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("python", "tfcheck"):
            words = sys.executable if name == "python" else f"{sys.executable} -P -m checker"
            script = folder / name
            script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec {words} "$@"\n')
            script.chmod(0o755)

    def run(self, kind="pull_request", **inputs):
        """Run the steps; return the outputs of the action and its exit code."""
        given = {name: each.get("default", "") for name, each in ACTION["inputs"].items()}
        given |= {"github-token": "token"} | {k.replace("_", "-"): v for k, v in inputs.items()}
        outputs, code, self.out = {}, 0, ""
        for file in self.files.values():
            file.write_text("")
        for step in ACTION["runs"]["steps"]:
            if "uses" in step or not self._wanted(step, given):
                continue
            code, said = self._step(step, given, outputs, kind)
            self.out += said
            if code:
                break
        told = {
            name: self._filled(each["value"], given, outputs)
            for name, each in ACTION["outputs"].items()
        }
        return told, code

    def _wanted(self, step, given):
        return "if" not in step or self._filled(step["if"], given, {}) == "true"

    def _filled(self, text, given, outputs):
        def value(match):
            words = match[1]
            if words.endswith("== 'true'"):
                return str(given[words.split(" ")[0].removeprefix("inputs.")] == "true").lower()
            if words.startswith("inputs."):
                return given[words.removeprefix("inputs.")]
            if words.startswith("steps."):
                _, step, _, name = words.split(".", 3)
                return outputs.get(step, {}).get(name, "")
            return {"github.action_path": str(ROOT), "github.token": "token"}[words]

        return EXPRESSION.sub(value, text)

    def _step(self, step, given, outputs, kind):
        self.files["GITHUB_OUTPUT"].write_text("")
        own = {k: self._filled(v, given, outputs) for k, v in step.get("env", {}).items()}
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.temporary),
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "team/shop",
            "GITHUB_API_URL": self.url,
            "GITHUB_EVENT_PATH": str(self.event(kind)),
            **{name: str(path) for name, path in self.files.items()},
            **own,
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.workspace,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        lines = self.files["GITHUB_OUTPUT"].read_text().splitlines()
        outputs[step.get("id", "")] = dict(line.split("=", 1) for line in lines)
        return done.returncode, done.stdout + done.stderr

    @property
    def summary(self):
        return self.files["GITHUB_STEP_SUMMARY"].read_text()


@pytest.fixture
def runner(tmp_path, comments):
    runner = Runner(tmp_path, comments.url)
    runner.cached()
    return runner


def test_a_broken_pull_request_is_annotated_summed_up_and_commented(runner, comments):
    runner.scenario("orders-broken")
    outputs, code = runner.run()
    assert code == 1
    assert (outputs["verdict"], outputs["errors"], outputs["mappings"]) == ("blocked", "2", "1")
    assert "::error file=iam.tf,line=24" in runner.out
    assert "::error file=queue.tf,line=3" in runner.out
    assert "1 blocked" in runner.summary
    assert comments.bodies[8][1] == runner.summary
    assert json.loads(Path(outputs["json-file"]).read_text())["summary"]["blocked"] == 1


def test_the_second_run_brings_the_same_comment_up_to_date(runner, comments):
    runner.scenario("orders-broken")
    runner.run()
    runner.scenario("orders")
    outputs, code = runner.run()
    assert (outputs["verdict"], code) == ("ready", 0)
    assert "1 ready" in comments.bodies[8][1]
    assert len(comments.bodies) == 2
    assert [asked[0] for asked in comments.asked] == ["GET", "POST", "GET", "PATCH"]


def test_a_fork_without_rights_falls_back_to_the_summary_and_says_so(tmp_path):
    comments = Comments(refuse=True)
    runner = Runner(tmp_path, comments.url)
    runner.cached()
    runner.scenario("orders-broken")
    _, code = runner.run()
    comments.close()
    assert code == 1
    assert "may not comment" in runner.out
    assert "1 blocked" in runner.summary


def test_a_push_has_no_comment(runner, comments):
    outputs, code = runner.run("push")
    assert (outputs["verdict"], code) == ("ready", 0)
    assert comments.asked == []


def test_what_a_pull_request_proposes_does_not_decide_how_it_is_judged(runner):
    runner.scenario("orders-broken")
    (runner.workspace / ".tfcheck.yaml").write_text("policy: ./mine.yaml\n")
    (runner.workspace / "mine.yaml").write_text("rules: {role-cannot-read-queue: off}\n")
    runner.commit()
    outputs, _ = runner.run(policy="./mine.yaml")
    assert (outputs["verdict"], outputs["errors"]) == ("none", "")
    outputs, code = runner.run()
    assert (outputs["errors"], code) == ("2", 1)


def test_what_the_base_says_decides(runner):
    (runner.workspace / ".tfcheck.yaml").write_text("policy: ./ours.yaml\n")
    (runner.workspace / "ours.yaml").write_text("rules: {role-cannot-read-queue: off}\n")
    runner.commit()
    runner.base = runner.git("rev-parse", "HEAD").strip()
    runner.scenario("orders-broken")
    (runner.workspace / ".tfcheck.yaml").unlink()
    runner.commit()
    assert runner.run()[0]["errors"] == "1"


def test_without_the_base_a_file_that_judges_is_not_read(runner):
    runner.scenario("orders-broken")
    (runner.workspace / "mine.yaml").write_text("rules: {role-cannot-read-queue: off}\n")
    runner.commit()
    runner.base = "0" * 40
    outputs, code = runner.run(policy="mine.yaml")
    assert (outputs["verdict"], code) == ("none", 2)
    assert "mine.yaml is to be read from the base commit" in runner.out
    assert "nothing was checked" in runner.summary
    outputs, code = runner.run()
    assert (outputs["errors"], code) == ("2", 1)


def test_a_link_in_the_workspace_leads_no_report_out_of_it(runner):
    outside = runner.temporary / "outside"
    outside.mkdir()
    (runner.workspace / "out.sarif").symlink_to(outside / "a")
    (runner.workspace / "reports").symlink_to(outside)
    runner.run(sarif_file="out.sarif")
    assert not (runner.workspace / "out.sarif").is_symlink()
    _, code = runner.run(sarif_file="reports/out.sarif")
    assert code == 2
    assert list(outside.iterdir()) == []


def lay_modules(workspace):
    """Python finds modules of the current folder first, unless it is told not to."""
    for name in ("venv", "platform", "json", "sitecustomize", "pip", "checker", "typer"):
        (workspace / f"{name}.py").write_text("open('ran', 'w')\n")


def test_no_code_of_the_workspace_runs(runner):
    lay_modules(runner.workspace)
    assert runner.run()[1] == 0
    assert not (runner.workspace / "ran").exists()


def test_github_that_fails_makes_no_check_fail(tmp_path):
    comments = Comments()
    runner = Runner(tmp_path, comments.url)
    runner.cached()
    comments.close()
    outputs, code = runner.run()
    assert (outputs["verdict"], code) == ("ready", 0)
    assert "GitHub does not answer" in runner.out


def test_only_what_changed(runner):
    runner.scenario("orders-broken")
    runner.commit()
    runner.base = runner.git("rev-parse", "HEAD").strip()
    (runner.workspace / "other.tf").write_text("# new\n")
    runner.commit()
    outputs, code = runner.run(changed_only="true")
    assert (outputs["errors"], code) == ("0", 0)


def test_sarif_and_strictness(runner):
    runner.scenario("arn-from-an-unset-variable")
    outputs, code = runner.run(sarif_file="out.sarif", strict="true", comment="false")
    assert (outputs["verdict"], code) == ("undecided", 1)
    told = json.loads((runner.workspace / outputs["sarif-file"]).read_text())
    assert told["runs"][0]["results"]


def test_an_input_that_is_a_command_is_none(runner):
    outputs, code = runner.run(path='$(touch "$RUNNER_TEMP/stolen"); touch stolen')
    assert code == 2
    assert outputs["verdict"] == "none"
    assert "nothing was checked" in runner.summary
    assert not (runner.temporary / "stolen").exists()
    assert not (runner.workspace / "stolen").exists()


def test_names_cannot_give_the_runner_commands(runner):
    text = (runner.workspace / "queue.tf").read_text()
    (runner.workspace / "queue.tf").write_text(
        text.replace('"orders"\n', '"x\\n::set-env name=PATH::/tmp\\n::error::y"\n')
    )
    runner.run()
    stopped = re.sub(r"::stop-commands::(\w+)\n.*?\n::\1::", "", runner.out, flags=re.DOTALL)
    for line in stopped.splitlines():
        assert not line.lstrip().startswith("::") or re.match(
            r"::(error|warning|notice) (file|title)=", line
        )


@pytest.mark.install
def test_it_installs_itself_from_its_own_checkout(tmp_path, comments):
    runner = Runner(tmp_path, comments.url)
    runner.scenario("orders-broken")
    lay_modules(runner.workspace)
    outputs, code = runner.run()
    assert (outputs["verdict"], code) == ("blocked", 1)
    assert not (runner.workspace / "ran").exists()
    program = runner.temporary / "tfcheck-environment/bin/tfcheck"
    assert program.exists()


def test_every_third_party_action_is_pinned_by_hash():
    texts = [(ROOT / "action.yml").read_text()]
    texts += [file.read_text() for file in (ROOT / "examples").glob("*.yml")]
    for used in re.findall(r"uses: (\S+)", "\n".join(texts)):
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", used), used


@pytest.mark.parametrize(
    "file",
    [
        "action.yml",
        *sorted(
            f"examples/{file.name}"
            for file in (ROOT / "examples").glob("*.yml")
            if file.name != "gitlab-ci.yml"
        ),
    ],
)
def test_zizmor_has_no_finding(file):
    program = Path(sys.executable).parent / "zizmor"
    if not program.exists():
        pytest.skip("zizmor is not installed")
    done = subprocess.run(
        [program, "--offline", "--no-config", file],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def actionlint(workflow, action=None):
    """What actionlint says of a workflow in a repository that may be an action."""
    program = Path(sys.executable).parent / "actionlint"
    if not program.exists():
        pytest.skip("actionlint is not installed")
    place = workflow.parents[2]
    if action is not None:
        shutil.copy(action, place)
    (place / ".git").mkdir(exist_ok=True)
    done = subprocess.run(
        [program, "-no-color", workflow], cwd=place, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.fixture
def workflow(tmp_path):
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    return folder / "check.yml"


@pytest.mark.parametrize(
    "file",
    sorted(file.name for file in (ROOT / "examples").glob("*.yml") if file.name != "gitlab-ci.yml"),
)
def test_actionlint_has_no_finding(file, workflow):
    shutil.copy(ROOT / "examples" / file, workflow)
    assert actionlint(workflow) == ""


def using(inputs, outputs):
    """A workflow that gives the action inputs and reads outputs."""
    steps = [
        {"uses": "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683"},
        {"id": "tfcheck", "uses": "./", "with": dict.fromkeys(inputs, "x")},
        *({"run": f"echo ${{{{ steps.tfcheck.outputs.{name} }}}}"} for name in outputs),
    ]
    return yaml.safe_dump(
        {"on": "push", "jobs": {"check": {"runs-on": "ubuntu-latest", "steps": steps}}}
    )


def test_actionlint_has_no_finding_on_the_action(workflow):
    """It reads `action.yml` through a workflow that uses it."""
    workflow.write_text(using(ACTION["inputs"], ACTION["outputs"]))
    assert actionlint(workflow, ROOT / "action.yml") == ""
    workflow.write_text(using(["unheard-of"], ["verdikt"]))
    said = actionlint(workflow, ROOT / "action.yml")
    assert 'input "unheard-of" is not defined' in said
    assert 'property "verdikt" is not defined' in said
