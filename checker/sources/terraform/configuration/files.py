"""Reading a configuration inside the repository, and nowhere else.

No path leads out of the root: not `..`, not an absolute path, not a symbolic link; see
`checker.files`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path

from checker.errors import Reason, SourceError
from checker.files import FileError, MissingFileError, OutsideError, Repository, absolute
from checker.sources.terraform.configuration.engine import Engine, chosen, is_override
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError

MOST_BYTES = 16 * 1024 * 1024
MOST_FILES = 20_000


class Files:
    """The files below a repository root; places in them are named relative to it.

    `data` is a data directory of Terraform that the user names, wherever it lies: what is below it
    is read too. `bytes` is how much there is in those files that were read, each counted once.
    """

    def __init__(self, root: Path | Repository, data: Path | None = None) -> None:
        self.repository = root if isinstance(root, Repository) else Repository(root)
        self.root = self.repository.root
        self._data = None
        if data is not None and not self.repository.holds(absolute(data)):
            with suppress(FileError):
                self._data = Repository(data)
        self.bytes = 0
        self._counted: set[Path] = set()

    @property
    def looked_up(self) -> int:
        """How many names were looked up on disk so far, to find files and directories."""
        return self.repository.looked_up

    def name(self, path: Path) -> str:
        """Return the path relative to the root, with forward slashes, as locations show it."""
        holding = self._holding(path)
        if holding is self.repository:
            return holding.name(path)
        return f"TF_DATA_DIR/{holding.name(absolute(path))}"

    @property
    def working_tree(self) -> Path | None:
        """A directory of the git working tree that the files are of, if they are of one."""
        return self.root

    def inside(self, path: Path) -> Path:
        """Return the path with every link followed; EvaluationError if it leads out of the root."""
        with self._refusing(path):
            try:
                return self._holding(path).resolve(path)
            except OutsideError:
                return self.repository.resolve(path)  # a link back from the data directory

    def _holding(self, path: Path) -> Repository:
        """Return what holds a path as it is written: the data directory, or the repository."""
        data = self._data
        if data is not None and absolute(path).is_relative_to(data.given):
            return data
        if data is not None and absolute(path).is_relative_to(data.root):
            return data
        return self.repository

    @contextmanager
    def _refusing(self, path: Path) -> Iterator[None]:
        """Make an EvaluationError of what keeps a path from being read."""
        try:
            yield
        except OutsideError as error:
            raise EvaluationError(f"`{path}` {error.why}; see --root") from error
        except FileError as error:
            raise EvaluationError(f"`{self.name(path)}` {error.why}") from error

    def read(self, path: Path) -> bytes:
        """Return a file's bytes; EvaluationError if it is outside, missing or too large."""
        with self._refusing(path):
            try:
                found = self._holding(path).read(path, MOST_BYTES)
            except MissingFileError:
                raise EvaluationError(f"no file `{self.name(path)}`") from None
            real = self._holding(path).resolve(path)
        if real not in self._counted:
            self._counted.add(real)
            self.bytes += len(found)
        return found

    def read_source(self, path: Path) -> str:
        """Return a configuration file's text; SourceError if it cannot be read as UTF-8."""
        try:
            return self.read(path).decode("utf-8")
        except UnknownResultError:
            raise
        except EvaluationError as error:
            raise SourceError(Reason(str(error), self.name(path))) from error
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            place = f"{self.name(path)}:{line}"
            raise SourceError(Reason("the file is not valid UTF-8", place)) from error

    def names(self, directory: Path) -> list[str]:
        """Return the names in a directory, sorted, none if there is no such directory.

        SourceError if it cannot be listed.
        """
        try:
            with self._refusing(directory):
                return self._holding(directory).names(directory)
        except EvaluationError as error:
            if isinstance(error.__cause__, MissingFileError):
                return []
            raise SourceError(Reason(str(error), self.name(directory))) from error

    def is_missing(self, path: Path) -> bool:
        """Tell whether nothing is where a path leads; SourceError if it leads out of the root."""
        try:
            with self._refusing(path):
                return self._holding(path).stat(path) is None
        except EvaluationError as error:
            raise SourceError(Reason(str(error), self.name(path))) from error

    def configuration(
        self, directory: Path, engine: Engine | None = None
    ) -> tuple[list[Path], list[Path]]:
        """Return a module directory's files and its override files, each in Terraform's order.

        Empty lists if the directory does not exist; SourceError if it cannot be listed, or holds
        too many. See https://developer.hashicorp.com/terraform/language/files/override.
        """
        plain, overrides = split_overrides(directory, self.names(directory), engine)
        if len(plain) + len(overrides) > MOST_FILES:
            why = f"more than {MOST_FILES} files of Terraform in one directory"
            raise SourceError(Reason(why, self.name(directory)))
        return plain, overrides

    def exists(self, path: Path) -> bool:
        """Tell whether there is a file; EvaluationError if it would lie outside the root."""
        with self._refusing(path):
            return self._holding(path).is_file(path)

    def count_below(self, directory: Path) -> int:
        """Return how many names there are below a directory; no link is followed.

        EvaluationError if they are too many, or the directory cannot be read.
        """
        count = 0
        with self._refusing(directory):
            holding = self._holding(directory)
            for _, inner, others in holding.walk(holding.resolve(directory)):
                count += len(inner) + len(others)
                if count > MOST_FILES:
                    raise EvaluationError(f"more than {MOST_FILES} files below `{directory.name}`")
        return count

    def matching(self, directory: Path, pattern: str) -> list[str]:
        """Return the files below a directory that match a `fileset` pattern, sorted."""
        found: list[str] = []
        count = 0
        wanted = pattern.split("/")
        with self._refusing(directory):
            holding = self._holding(directory)
            start = holding.resolve(directory)
            for where, inner, others in holding.walk(start):
                count += len(inner) + len(others)
                if count > MOST_FILES:
                    raise EvaluationError(f"more than {MOST_FILES} files below `{directory.name}`")
                paths = [where / name for name in others]
                names = {path: path.relative_to(start).as_posix() for path in paths}
                matches = [path for path in paths if _fileset(names[path].split("/"), wanted)]
                chosen = [names[path] for path in matches if holding.is_file(path)]
                if not all(map(_is_text, chosen)):
                    raise EvaluationError(f"a file below `{directory.name}` has no UTF-8 name")
                found += chosen
        return sorted(found)


def _is_text(name: str) -> bool:
    """Tell whether a name is UTF-8: another has no value in Terraform's language."""
    return name.isprintable() or not any("\ud800" <= sign <= "\udfff" for sign in name)


def split_overrides(
    directory: Path, names: Iterable[str], engine: Engine | None = None
) -> tuple[list[Path], list[Path]]:
    """Return a directory's configuration files and its override files, each sorted."""
    paths = [directory / name for name in chosen(names, engine)]
    overrides = [path for path in paths if is_override(path.name)]
    return [path for path in paths if not is_override(path.name)], overrides


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
