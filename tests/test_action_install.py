"""What the action installs: what its lock holds, and that nothing else gets in."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from action_runner import ACTION, ROOT, Runner
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.slow


LOCK = ROOT / "tools/action/requirements.txt"
ENTRY = re.compile(
    r"^(\S+)==(\S+)(?: ; ([^\\]+?))?((?: \\\n +--hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE
)
STEPS = ACTION["runs"]["steps"]
PLATFORMS = [
    {**default_environment(), "python_version": version, "sys_platform": name, "os_name": kind}
    | {"python_full_version": f"{version}.0", "platform_system": system}
    for version in ("3.11", "3.12", "3.13", "3.14")
    for name, kind, system in (
        ("linux", "posix", "Linux"),
        ("darwin", "posix", "Darwin"),
        ("win32", "nt", "Windows"),
    )
]


def locked():
    return {canonicalize_name(found[1]): found for found in ENTRY.finditer(LOCK.read_text())}


def closure():
    """Every distribution that the program needs at run time, with SAM, on any platform."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["sam"]]
    found = set()
    while wanted:
        requirement = Requirement(wanted.pop())
        marker, name = requirement.marker, canonicalize_name(requirement.name)
        if marker and not any(marker.evaluate({**each, "extra": ""}) for each in PLATFORMS):
            continue
        if name not in found:
            found.add(name)
            try:
                wanted += requires(name) or []
            except PackageNotFoundError:
                assert marker, f"{name} is not installed"
    return found


def test_the_lock_holds_exactly_what_the_program_needs():
    assert set(locked()) == closure(), "run tools/lock.py"


def test_every_line_of_the_lock_is_a_version_with_hashes():
    text = LOCK.read_text()
    rest = ENTRY.sub("", text)
    assert [line for line in rest.splitlines() if line and not line.startswith("# ")] == []
    assert "://" not in text
    assert all(found[4].count("sha256") > 0 for found in locked().values())


def test_the_lock_has_the_versions_that_the_tests_run_with():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    known = {canonicalize_name(pin.name): str(pin.specifier) for pin in pins}
    for name, found in locked().items():
        assert known[name] == f"=={found[2]}", "run tools/lock.py"


def test_the_cache_is_written_before_any_other_code_runs():
    """And it holds wheels only, which are checked whenever they are installed."""
    kinds = [step.get("id") or step.get("uses", "").partition("@")[0] for step in STEPS]
    assert kinds[:4] == ["place", "restore", "install", "actions/cache/save"]
    restore, save = STEPS[1], STEPS[3]
    assert restore["uses"].startswith("actions/cache/restore@")
    assert restore["with"] == save["with"]
    assert restore["with"]["path"] == "${{ steps.place.outputs.wheels }}"
    for step in STEPS:
        assert not step.get("uses", "").startswith("actions/cache@"), "it saves after the job"
        assert ("inputs.cache == 'true'" in step.get("if", "")) == ("uses" in step)


def keyed(place, lock):
    """The key of the cache for an action whose lock is that."""
    folder = place / "tools/action"
    shutil.copytree(ROOT / "tools/action", folder)
    (folder / "requirements.txt").write_text(lock)
    (place / "out").touch()
    subprocess.run(
        [sys.executable, "-I", "-B", folder / "place.py"],
        env={"RUNNER_TEMP": str(place), "GITHUB_OUTPUT": str(place / "out")},
        check=True,
    )
    return dict(line.split("=", 1) for line in (place / "out").read_text().splitlines())["key"]


def test_another_lock_is_another_key(tmp_path):
    places = [tmp_path / name for name in "abc"]
    one, two, three = (keyed(p, text) for p, text in zip(places, ("x", "x", "y"), strict=True))
    assert one == two != three


def test_what_lies_where_the_wheels_go_is_not_saved(tmp_path):
    runner = Runner(tmp_path)
    wheels = runner.temporary / "tfcheck-wheels"
    wheels.mkdir()
    (wheels / "planted.whl").touch()
    runner.run("push")
    assert not wheels.exists()
    kept = runner.temporary / "kept"
    kept.mkdir()
    (kept / "file").touch()
    wheels.symlink_to(kept)
    runner.run("push")
    assert not wheels.is_symlink()
    assert (kept / "file").exists()


def test_the_environment_has_a_new_name_each_time(tmp_path):
    """So that no step before can have laid anything there."""
    runner = Runner(tmp_path)
    runner.run("push")
    runner.run("push")
    assert len(list(runner.temporary.glob("tfcheck-environment-*"))) == 2


def test_a_cache_that_is_not_wanted_is_not_used(tmp_path):
    runner = Runner(tmp_path)
    runner.run("push")
    assert [name for name, _ in runner.used] == ["actions/cache/restore", "actions/cache/save"]
    runner.run("push", cache="false")
    assert runner.used == []


def forge(wheel, canary):
    """Replace a wheel by one of the same name that runs code when an interpreter starts."""
    name, version = wheel.name.split("-")[:2]
    info = f"{name}-{version}.dist-info"
    files = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "forged.pth": f"import pathlib; pathlib.Path({str(canary)!r}).touch()\n",
    }
    record = [
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},{len(text)}"
        for path, text in files.items()
    ]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    wheel.unlink(missing_ok=True)
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


class Installing(Runner):
    """A runner that lets the action install itself, with a cache that keeps what it saves."""

    def __init__(self, place):
        super().__init__(place)
        self.installs, self.entry = True, place / "entry"
        self.harm = lambda _: None

    def restore(self, used, given):
        """Save and restore as `actions/cache` does; `harm` is what somebody does to the entry."""
        wheels = Path(given["path"])
        if "/save@" in used and not self.entry.exists():
            shutil.copytree(wheels, self.entry)
        if "/restore@" in used and self.entry.exists():
            shutil.copytree(self.entry, wheels)
            self.harm(wheels)


@pytest.fixture(scope="module")
def installing(tmp_path_factory):
    """One that has run once: its cache is filled."""
    runner = Installing(tmp_path_factory.mktemp("action"))
    runner.scenario("orders-broken")
    for name in ("venv", "platform", "json", "sitecustomize", "pip", "checker", "ensurepip"):
        (runner.workspace / f"{name}.py").write_text("open('ran', 'w')\n")
    outputs, code = runner.run("push")
    assert (outputs["verdict"], code) == ("blocked", 1), runner.out
    assert not (runner.workspace / "ran").exists()
    return runner


@pytest.fixture
def canary(tmp_path):
    return tmp_path / "canary"


@pytest.mark.install
def test_it_installs_itself_from_locked_wheels(installing):
    wheels = sorted(file.name for file in installing.entry.iterdir())
    assert all(name.endswith(".whl") for name in wheels)
    names = {canonicalize_name(name.split("-")[0]) for name in wheels}
    assert names == {name for name, found in locked().items() if "win32" not in (found[3] or "")}


@pytest.mark.install
def test_it_installs_from_the_cache_without_an_index(installing):
    """And the policies come along, which stand beside the package in the checkout."""
    installing.harm = lambda _: None
    installing.environment["PIP_INDEX_URL"] = "http://127.0.0.1:9/"
    outputs, code = installing.run("push", policy="strict")
    del installing.environment["PIP_INDEX_URL"]
    assert (outputs["verdict"], code) == ("blocked", 1), installing.out
    assert "cache entry" not in installing.out


def planted(wheels, canary):
    """A cache entry in which every wheel is forged, with files that pip might follow besides."""
    for wheel in wheels.iterdir():
        forge(wheel, canary)
    (wheels / "index.html").write_text('<a href="http://127.0.0.1:9/PyYAML-99.zip">PyYAML</a>')
    forge(wheels / "PyYAML-99-py3-none-any.whl", canary)
    (wheels / "pip").mkdir()
    (wheels / "pip/__init__.py").write_text(f"open({str(canary)!r}, 'w')")


@pytest.mark.install
def test_a_forged_cache_is_noticed_and_not_used(installing, canary):
    installing.harm = lambda wheels: planted(wheels, canary)
    outputs, code = installing.run("push")
    assert (outputs["verdict"], code) == ("blocked", 1), installing.out
    assert "::warning title=tfcheck::the cache entry holds other wheels" in installing.out
    assert not canary.exists()


@pytest.mark.install
def test_an_index_that_gives_other_files_is_refused(installing, canary, tmp_path):
    index = tmp_path / "simple"
    for wheel in installing.entry.iterdir():
        folder = index / canonicalize_name(wheel.name.split("-")[0])
        folder.mkdir(parents=True)
        forge(folder / wheel.name, canary)
        (folder / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    installing.environment |= {
        "PIP_INDEX_URL": index.as_uri(),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_BINARY": ":all:",
    }
    outputs, code = installing.run("push", cache="false")
    for name in ("PIP_INDEX_URL", "PIP_CONFIG_FILE", "PIP_NO_BINARY"):
        del installing.environment[name]
    assert (outputs["verdict"], code) == ("", 2)
    assert "::error title=tfcheck::the locked wheels are not to be had" in installing.out
    assert not canary.exists()
