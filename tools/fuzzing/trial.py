"""One mutated input: where it lies, how the program is run on it, and what came of that."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from fuzzing.aws import Account

REPOSITORY, OUTSIDE, BESIDE, OUT = "repo", "outside", "beside", "out"
"""The folders: what is checked, what is never read, what the command line names, reports."""


@dataclass
class Trial:
    """An input in `folder`, and the arguments that check it.

    `said` tells in words what was changed. Nothing of `secrets` stands in any output. Where the
    mutation only hides, `quiet` is what was found before it, and `assumed` are rules that what is
    hidden is assumed to keep. `whole` is False where the JSON report
    does not go to standard output. The program runs in `folder`; `directory` is another one.
    """

    folder: Path
    random: Random
    words: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    stdin: bytes = b""
    said: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    quiet: Findings | None = None
    assumed: frozenset[str] = frozenset()
    account: Account | None = None
    whole: bool = True
    formats: dict[str, Path] = field(default_factory=dict)
    directory: str = "."

    @property
    def repository(self) -> Path:
        """The folder that is checked."""
        return self.folder / REPOSITORY

    @property
    def outside(self) -> Path:
        """The folder beside it of which nothing is read."""
        return self.folder / OUTSIDE

    @property
    def beside(self) -> Path:
        """The folder beside it from which the command line names files."""
        return self.folder / BESIDE

    def write(self, name: str, content: bytes | str) -> Path:
        """Write a file of the repository; a name that no file can have is left out."""
        file = self.repository / name
        data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        except (OSError, ValueError):
            self.said.append(f"no file can be called {name!r:.60}")
        return file

    def lay(self, files: Mapping[str, bytes]) -> None:
        """Write several files of the repository."""
        for name, content in files.items():
            self.write(name, content)

    def prepare(self) -> None:
        """Make the folders anew and empty."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in (REPOSITORY, OUTSIDE, BESIDE, OUT):
            (self.folder / name).mkdir(parents=True)


@dataclass(frozen=True)
class Findings:
    """What a report finds: for each mapping its sure problems, its unknowns and its verdict."""

    mappings: dict[str, tuple[frozenset[str], frozenset[str], str]]

    @classmethod
    def of(cls, report: Mapping[str, Any]) -> Findings:
        """Return the findings of a JSON report by mapping."""
        sure: dict[str, set[str]] = {m["id"]: set() for m in report["mappings"]}
        unknown: dict[str, set[str]] = {m["id"]: set() for m in report["mappings"]}
        for finding in report["findings"]:
            kept = sure if finding["kind"] == "problem" else unknown
            for part in finding.get("affected", [finding]):
                for mapping in part["mappings"]:
                    kept.setdefault(mapping, set()).add(part["rule"])
        return cls(
            {
                m["id"]: (frozenset(sure[m["id"]]), frozenset(unknown[m["id"]]), m["verdict"])
                for m in report["mappings"]
            }
        )


@dataclass(frozen=True)
class Outcome:
    """What a run gave: exit code, both streams, the reports that went to files.

    `stopped` is what ended it from outside (an exception, a hang), empty where it ended itself.
    `deeds` are the things it did that no run may do: a process, a connection, a file outside.
    """

    code: int
    stdout: str
    stderr: str
    files: dict[str, str]
    stopped: str = ""
    deeds: tuple[str, ...] = ()
    seconds: float = 0

    @cached_property
    def report(self) -> Any:  # noqa: ANN401 - a JSON document
        """The JSON report; None where there is none."""
        import json

        try:
            return json.loads(self.files.get("json") or self.stdout)
        except (ValueError, RecursionError):
            return None

    @property
    def outputs(self) -> dict[str, str]:
        """Everything that was written, by where."""
        return {"standard output": self.stdout, "standard error": self.stderr, **self.files}
