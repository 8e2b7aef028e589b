"""The inputs that mutation begins with: the project's own fixtures."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rule_fixtures import whole

from fuzzing.trial import REPOSITORY

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
_LEFT_OUT = {"expected.yaml", "report.json", "account.jsonl", "applied.json"}
_TEXTS = (".tf", ".tf.json", ".tfvars", ".tfvars.json", ".tftpl", ".yaml", ".csv", ".json", ".tpl")


@dataclass(frozen=True)
class Seed:
    """A configuration: its files by name, and the options that its author checks it with."""

    name: str
    folder: Path
    files: dict[str, bytes] = field(hash=False)
    words: tuple[str, ...] = ()

    @property
    def sources(self) -> list[str]:
        """The names of its files of Terraform."""
        return [name for name in self.files if name.endswith(".tf")]


@cache
def scenarios() -> tuple[Seed, ...]:
    """Return every scenario."""
    folders = sorted(file.parent for file in (FIXTURES / "scenarios").glob("*/*/expected.yaml"))
    return tuple(_seed(folder, _options(folder)) for folder in folders)


@cache
def configurations() -> tuple[Seed, ...]:
    """Return scenarios, examples of rules, and what was planned: all that is Terraform."""
    rules = (
        Seed(file.parent.name, file.parent, {"main.tf": whole(file).encode()})
        for file in sorted((FIXTURES / "rules").glob("*/*.tf"))
    )
    others = sorted(
        folder
        for place in ("configurations", "plans")
        for folder in (FIXTURES / place).iterdir()
        if folder.is_dir()
    )
    saved = sorted((FIXTURES / "saved-plans").glob("*/config"))
    return (*scenarios(), *rules, *(_seed(folder) for folder in (*others, *saved)))


@cache
def plans(name: str) -> tuple[bytes, ...]:
    """Return every `plan.json`, or `plan.tfplan`, that is not large."""
    most = 80_000
    files = sorted(FIXTURES.rglob(name))
    return tuple(file.read_bytes() for file in files if file.stat().st_size < most)


@cache
def accounts() -> tuple[Path, ...]:
    """Return every recording of an account."""
    return tuple(sorted(FIXTURES.glob("scenarios/*/*/recorded/account.jsonl")))


def _seed(folder: Path, words: tuple[str, ...] = ()) -> Seed:
    files = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        and file.name not in _LEFT_OUT
        and file.name != "plan.json"
        and file.parent.name != "recorded"
        and file.name.endswith(_TEXTS)
    }
    return Seed(folder.name, folder, files, words)


def _options(folder: Path) -> tuple[str, ...]:
    given: dict[str, Any] = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    words = ["--policy", str(given.get("policy", "current"))]
    for name, value in (given.get("options") or {}).items():
        for each in value if isinstance(value, list) else [value]:
            words += [f"--{name}"] if each is True else [f"--{name}", str(each)]
    # Tests name a scenario's own files from the top of this repository.
    own = f"{folder.relative_to(ROOT).as_posix()}/"
    return tuple(word.replace(own, f"{REPOSITORY}/") for word in words)
