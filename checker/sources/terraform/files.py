"""Reading inside the repository, and nowhere else.

No path leads out of the root: not `..`, not an absolute path, not a symbolic link.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from checker.errors import Reason, SourceError
from checker.sources.terraform.values import EvaluationError, NotTold

MOST_BYTES = 16 * 1024 * 1024
MOST_FILES = 20_000


class Files:
    """The files below a repository root; places in them are named relative to it.

    `bytes` is how much there is in those that were read, each counted once.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.bytes = 0
        self._counted: set[Path] = set()

    def name(self, path: Path) -> str:
        """Return the path relative to the root, with forward slashes, as locations show it."""
        try:
            return path.relative_to(self.root).as_posix() or "."
        except ValueError:
            return path.as_posix()

    def inside(self, path: Path) -> Path:
        """Return the path with every link followed; EvaluationError if it leads out of the root."""
        try:
            real = path.resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise EvaluationError(f"`{path.name}` cannot be read: {error}") from error
        if not real.is_relative_to(self.root):
            raise EvaluationError(
                f"`{path}` lies outside the repository root, which is never read; see --root"
            )
        return real

    def read(self, path: Path) -> bytes:
        """Return a file's bytes; EvaluationError if it is outside, missing or too large."""
        real = self.inside(path)
        try:
            if not real.is_file():
                raise EvaluationError(f"no file `{self.name(path)}`")
            if real.stat().st_size > MOST_BYTES:
                raise EvaluationError(f"`{self.name(path)}` is larger than {MOST_BYTES} bytes")
            found = real.read_bytes()
        except OSError as error:
            raise EvaluationError(
                f"`{self.name(path)}` cannot be read: {error.strerror}"
            ) from error
        if real not in self._counted:
            self._counted.add(real)
            self.bytes += len(found)
        return found

    def read_source(self, path: Path) -> str:
        """Return a configuration file's text; SourceError if it cannot be read as UTF-8."""
        try:
            return self.read(path).decode("utf-8")
        except NotTold:
            raise
        except EvaluationError as error:
            raise SourceError(Reason(str(error), self.name(path))) from error
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            place = f"{self.name(path)}:{line}"
            raise SourceError(Reason("the file is not valid UTF-8", place)) from error

    def configuration(self, directory: Path) -> tuple[list[Path], list[Path]]:
        """Return a module directory's files and its override files, each in Terraform's order.

        Empty lists if the directory does not exist; SourceError if it cannot be listed.
        See https://developer.hashicorp.com/terraform/language/files/override.
        """
        try:
            names = [entry.name for entry in self.inside(directory).iterdir()]
        except FileNotFoundError:
            return [], []
        except (OSError, EvaluationError) as error:
            message = str(getattr(error, "strerror", None) or error)
            raise SourceError(Reason(message, self.name(directory))) from error
        return split_overrides(directory, names)

    def exists(self, path: Path) -> bool:
        """Tell whether there is a file; EvaluationError if it would lie outside the root."""
        return self.inside(path).is_file()

    def matching(self, directory: Path, pattern: str) -> list[str]:
        """Return the files below a directory that match a `fileset` pattern, sorted."""
        start = self.inside(directory)
        found: list[str] = []
        for count, entry in enumerate(start.rglob("*")):
            if count > MOST_FILES:
                raise EvaluationError(f"more than {MOST_FILES} files below `{directory.name}`")
            name = entry.relative_to(start).as_posix()
            if entry.is_file() and _fileset(name.split("/"), pattern.split("/")):
                found.append(name)
        return sorted(found)


def split_overrides(directory: Path, names: Iterable[str]) -> tuple[list[Path], list[Path]]:
    """Return a directory's configuration files and its override files, each sorted."""
    chosen = [
        directory / name
        for name in sorted(names)
        if name.endswith((".tf", ".tf.json")) and not _ignored(name)
    ]
    overrides = [path for path in chosen if _is_override(path.name)]
    return [path for path in chosen if not _is_override(path.name)], overrides


def _ignored(name: str) -> bool:
    """Tell whether Terraform passes a file over: hidden files and what editors leave behind."""
    return name.startswith(".") or name.endswith("~") or (name[0] == name[-1] == "#")


def _is_override(name: str) -> bool:
    stem = name.removesuffix(".json").removesuffix(".tf")
    return stem == "override" or stem.endswith("_override")


def _fileset(name: list[str], pattern: list[str]) -> bool:
    """Match path segments; `**` stands for any number of them."""
    reach = {0}
    for segment in [*name, None]:
        grown = set(reach)
        pending = list(reach)
        while pending:
            index = pending.pop()
            if index < len(pattern) and pattern[index] == "**" and index + 1 not in grown:
                grown.add(index + 1)
                pending.append(index + 1)
        if segment is None:
            return len(pattern) in grown
        reach = {
            index if pattern[index] == "**" else index + 1
            for index in grown
            if index < len(pattern)
            and (pattern[index] == "**" or fnmatchcase(segment, pattern[index]))
        }
    return False
