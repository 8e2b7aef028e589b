"""A stand-in of GitHub's runner: it runs the action's own steps, in order, in bash."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from scenarios import scenario

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
COMMIT = "1" * 40

STARTED = """#!/bin/sh
case "$*" in
  *" -m checker "*) printf '%s\\n' "$@" >"$RUNNER_TEMP/words"; exec {program} "$@" ;;
esac
exec "{python}" "$@"
"""
"""The environment's interpreter, which keeps what the program is started with."""

STANDS_IN = """
import json, os, pathlib, sys

code = int(os.environ.get("STAND_IN_CODE") or 0)
told = dict.fromkeys(
    ["mappings", "errors", "warnings", "unknown", "ready", "at-risk", "blocked", "undecided"], 0
)
told |= {"mappings": 1, "errors": code, "blocked" if code else "ready": 1}
texts = {
    "github": "",
    "markdown": "<!-- tfcheck -->\\n\\n" + "### a report\\n" * int(os.environ.get("LINES") or 1),
    "summary": "<!-- tfcheck -->\\n\\n### a summary\\n"
    + "a line of it\\n" * (int(os.environ.get("SUMMARY") or 0) // 13),
    "json": json.dumps({"schema": "tfcheck.report/1", "summary": told}),
    "sarif": json.dumps({"runs": [{"results": []}]}),
}
if "SHOWN" in os.environ:
    pathlib.Path(os.environ["SHOWN"]).write_text(os.environ.get("GITHUB_SHA", ""))
for word in sys.argv:
    name, _, path = word.removeprefix("--format=").partition("=")
    if word.startswith("--format=") and path and name not in os.environ.get("LEAVE_OUT", ""):
        pathlib.Path(path).write_text(texts[name])
if code < 0:
    os.kill(os.getpid(), -code)
sys.exit(code)
"""
"""A program that answers at once, whatever it is asked."""


class Runner:
    """A workspace with a proposal in it, and what the runner keeps for a job."""

    def __init__(self, place, url="http://127.0.0.1:9"):
        self.workspace, self.temporary = place / "work space", place / "temp"
        self.workspace.mkdir()
        self.temporary.mkdir()
        self.files = {
            name: self.temporary / name
            for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH")
        }
        self.url, self.out, self.installs, self.stands_in = url, "", False, False
        self.environment, self.used = {}, []
        self.git("init", "-q", "-b", "main")
        self.scenario("orders")
        self.commit()
        self.base = self.head

    def scenario(self, name):
        for file in scenario(name).glob("*.tf"):
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

    @property
    def head(self):
        return self.git("rev-parse", "HEAD").strip()

    def payload(self, kind):
        """The event as far as the action reads it."""
        if kind in {"pull_request", "pull_request_target"}:
            head = self.head if (self.workspace / ".git").exists() else COMMIT
            ends = {"base": {"sha": self.base}, "head": {"sha": head}}
            return {"pull_request": {"number": 3, **ends}}
        if kind == "merge_group":
            return {"merge_group": {"base_sha": self.base, "head_sha": COMMIT}}
        return {"ref": "refs/heads/main"}

    def run(self, kind="pull_request", known=None, **inputs):
        """Run the steps; return the outputs of the action and its exit code."""
        given = {name: each.get("default", "") for name, each in ACTION["inputs"].items()}
        given |= {"github-token": "token"} | {k.replace("_", "-"): v for k, v in inputs.items()}
        event = self.temporary / "event.json"
        event.write_text(json.dumps(self.payload(kind) if known is None else known))
        outputs, code, self.out, self.used = {}, 0, "", []
        for file in self.files.values():
            file.write_text("")
        for step in ACTION["runs"]["steps"]:
            if not self._wanted(step, given, outputs, failed=bool(code)):
                continue
            if "uses" in step:
                filled = {k: self._filled(v, given, outputs) for k, v in step["with"].items()}
                self.used.append((step["uses"].partition("@")[0], filled))
                self.restore(step["uses"], filled)
            elif step.get("id") == "install" and not self.installs:
                outputs["install"] = {"python": self.prepared(outputs["place"]["environment"])}
            else:
                ended, said = self._step(step, given, outputs, kind)
                self.out += said
                code = code or ended
        known = {
            name: self._filled(each["value"], given, outputs)
            for name, each in ACTION["outputs"].items()
        }
        return known, code

    def restore(self, used, given):
        """Do what the cache does; a test may have it bring something."""

    def prepared(self, environment):
        """Have the environment of the tests in the place of the action's own."""
        folder = Path(environment) / "bin"
        folder.mkdir(parents=True)
        program = f'"{sys.executable}"'
        if self.stands_in:
            file = folder / "program.py"
            file.write_text(STANDS_IN)
            program += f' -I "{file}"'
        script = folder / "python"
        script.write_text(STARTED.format(python=sys.executable, program=program))
        script.chmod(0o755)
        return str(script)

    @property
    def words(self):
        """What the program was started with."""
        return (self.temporary / "words").read_text().splitlines()

    def _wanted(self, step, given, outputs, *, failed):
        wanted = step.get("if", "")
        if failed and "!cancelled()" not in wanted:
            return False
        return all(
            self._holds(part.strip(), given, outputs)
            for part in wanted.removeprefix("${{").removesuffix("}}").split("&&")
        )

    def _holds(self, part, given, outputs):
        if part in {"", "!cancelled()"}:
            return True
        left, operator, right = part.split(" ")
        same = self._value(left, given, outputs) == self._value(right, given, outputs)
        return same == (operator == "==")

    def _value(self, words, given, outputs):
        if words.startswith("'"):
            return words.strip("'")
        if words.startswith("inputs."):
            return given[words.removeprefix("inputs.")]
        if words.startswith("steps."):
            _, step, _, name = words.split(".", 3)
            return outputs.get(step, {}).get(name, "")
        return {"github.action_path": str(ROOT), "github.token": "token"}[words]

    def _filled(self, text, given, outputs):
        def value(match):
            if " == " in match[1]:
                return str(self._holds(match[1], given, outputs)).lower()
            return self._value(match[1], given, outputs)

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
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_RUN_ID": "7",
            "GITHUB_API_URL": self.url,
            "GITHUB_EVENT_NAME": kind,
            "GITHUB_EVENT_PATH": str(self.temporary / "event.json"),
            "GITHUB_SHA": COMMIT,
            "GITHUB_WORKSPACE": str(self.workspace),
            **{name: str(path) for name, path in self.files.items()},
            **self.environment,
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
