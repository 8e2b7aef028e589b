"""A repository, what lies beside it that nobody may read, and what a stranger puts into it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from scenarios import RECORDED, scenario

ROOT = Path(__file__).resolve().parent.parent
SCENARIO = scenario("orders-broken")
SECRET = "hunter2"  # noqa: S105 - nobody's
MODULE = f"""
resource "aws_lambda_event_source_mapping" "{SECRET}" {{
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:{SECRET}"
  function_name    = "{SECRET}"
  batch_size       = length(file("secret"))
}}
"""
READS = """
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:q"
  function_name    = VALUE
}
"""
MOST_SECONDS = 30


@pytest.fixture(autouse=True)
def _alarm():
    """End a test that waits for a pipe or a device."""

    def stop(*_):
        raise TimeoutError("it waits")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(MOST_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with a root module in `infra`, and a directory beside it that is nobody's."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text(SECRET)
    (outside / "module").mkdir()
    (outside / "module/main.tf").write_text(MODULE)
    (outside / "module/secret").write_text(SECRET)
    (outside / "module/.git").mkdir()
    (outside / "module/terraform.tfvars").write_text(f'x = "{SECRET}"\n')
    (outside / f"names/{SECRET}").mkdir(parents=True)
    (outside / f"names/{SECRET}/{SECRET}").write_text("")
    (outside / "secret.yaml").write_text(f"name: {SECRET}\nextends: null\n{SECRET}: {SECRET}\n")
    (outside / "words.yaml").write_text(f"{SECRET}-key: {SECRET}\n")
    (outside / "broken.yaml").write_text(f"name: [{SECRET}\n")
    (outside / "secret.tfvars").write_text(f'x = "{SECRET}"\n')
    (outside / "secret.json").write_text(json.dumps({"schema": SECRET, SECRET: SECRET}))
    plan = (SCENARIO / RECORDED / "plan.json").read_text().replace("orders", SECRET)
    (outside / "plan.json").write_text(plan)
    shutil.copy(SCENARIO / RECORDED / "plan.tfplan", outside / "plan.tfplan")
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git/config").write_text(f"[http]\n\textraheader = {SECRET}\n")
    (folder / "infra").mkdir()
    for file in SCENARIO.glob("*.tf"):
        shutil.copy(file, folder / "infra")
    monkeypatch.chdir(folder)
    return folder


@dataclass(frozen=True)
class Attack:
    """What a pull request holds, what is run, and the exit code (None: the run may go on)."""

    words: str
    code: int | None = 2
    links: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def plant(self):
        """Write it into the current directory; `OUTSIDE` is the path of what is nobody's."""
        outside = str(Path("../outside").resolve())
        for place, text in self.files.items():
            write(place, text.replace("OUTSIDE", outside))
        for place, target in self.links.items():
            link(place, target.replace("OUTSIDE", outside))


def link(place, target):
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    Path(place).symlink_to(target)


def write(place, text):
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    Path(place).write_text(text)


def reading(value):
    """A root module that shows what a value is: as the name of a function."""
    return {"reads/main.tf": READS.replace("VALUE", value)}


VARIABLE = {"reads/main.tf": READS.replace("VALUE", "var.x") + 'variable "x" {}\n'}


def special(kind):
    if kind.startswith("/"):
        return kind
    place = Path("special")
    if kind == "fifo":
        os.mkfifo(place)
    elif kind == "directory":
        place.mkdir()
    elif kind == "socket":
        import socket

        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(place))
    return f"./{place}"


def refused(words, repository, **more):
    done = subprocess.run(
        [sys.executable, "-m", "checker", *words.split()],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
        **more,
    )
    assert (done.returncode, "nothing was checked" in done.stderr) == (2, True), done.stderr
    assert "bug in tfcheck" not in done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr
