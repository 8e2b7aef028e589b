"""`.tfcheck.yaml`: what a repository says of how it is checked.

It comes from whoever opens a pull request, so it may choose what is checked and how strictly, and
never anything that writes, opens a socket, chooses credentials or starts a program.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.errors import PolicyFileError, Reason
from checker.files import FileError, OutsideError, Repository, absolute, repository_of
from checker.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.policy.fields import Fields
    from checker.policy.files import PolicyFiles

NAME = ".tfcheck.yaml"
KEYS = (
    "policy",
    "select",
    "ignore",
    "fail-on",
    "strict",
    "deployer",
    "var-file",
    "baseline",
    "recursive",
)
_MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Configured:
    """What the file says; None where it says nothing. Paths are absolute."""

    policy: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    strict: bool = False
    deployer: str | None = None
    var_files: tuple[str, ...] = ()
    baseline: str | None = None
    recursive: bool = False


def find(path: Path, repository: Repository) -> Path | None:
    """Return the nearest configuration file, from a path up to the root of its repository.

    That is the `repository` that is checked, or the one around it that git knows. Raises
    PolicyFileError for a link that leads out of it.
    """
    try:
        here = repository.resolve(absolute(path))
    except FileError:  # a plan file elsewhere
        here = absolute(path)
    around = repository_of(here) or repository
    folders = [each for each in (here, *here.parents) if each.is_relative_to(around.root)]
    for folder in folders:
        file = folder / NAME
        try:
            if around.stat(file) is not None:
                return file
        except FileError as error:
            raise _refused(error, str(file)) from None
    return None


def _refused(error: FileError, shown: str) -> PolicyFileError:
    outside = isinstance(error, OutsideError)
    return PolicyFileError(Reason("leads out of the repository" if outside else error.why, shown))


def read(file: Path, repository: Repository, where: PolicyFiles) -> Configured:
    """Read a configuration file, where it is kept.

    What it names is looked up beside it, but variable files in the `repository` that is checked,
    at the same place. Raises PolicyFileError with every key that is wrong.
    """
    from checker import yaml
    from checker.policy.fields import Fields
    from checker.reports.report import Severity

    shown = str(file)
    try:
        node = yaml.parse(where.read(file, _MOST_BYTES).decode("utf-8"))
    except FileError as error:
        raise _refused(error, shown) from None
    except UnicodeDecodeError:
        raise PolicyFileError(Reason("not UTF-8 text", shown)) from None
    except yaml.YamlError as error:
        raise PolicyFileError(Reason(str(error), f"{shown}:{error.line}:{error.column}")) from None
    if not isinstance(node, yaml.YamlMapping):
        raise PolicyFileError(Reason("a configuration is a mapping of keys to values", shown))
    fields = Fields.of(node, shown)
    fields.only(KEYS)
    given: dict[str, Any] = {
        "policy": fields.text("policy"),
        "select": _rules(fields, "select"),
        "ignore": _rules(fields, "ignore"),
        "fail_on": fields.among("fail-on", [each.value for each in Severity], what="severity"),
        "strict": fields.flag("strict"),
        "deployer": fields.text("deployer"),
        "var_files": fields.texts("var-file") if fields.has("var-file") else (),
        "baseline": fields.text("baseline"),
        "recursive": fields.flag("recursive"),
    }
    try:
        _locate(given, fields, absolute(file).parent, repository, where)
    except FileError as error:
        raise _refused(error, shown) from None
    fields.finish()
    return Configured(**given)


def _rules(fields: Fields, key: str) -> tuple[str, ...]:
    """Return the rules that a key lists, each of which exists."""
    from checker.rules import RULES

    if not fields.has(key):
        return ()
    names = fields.texts(key)
    known = {rule.name for rule in RULES}
    for name in dict.fromkeys(names):
        if name not in known:
            fields.wrong(key, f"there is no rule `{name}`")
    if not names:
        fields.wrong(key, f"`{key}` names no rule")
    return names


def _locate(
    given: dict[str, Any], fields: Fields, beside: Path, repository: Repository, where: PolicyFiles
) -> None:
    """Make the paths that stand in a file beside others absolute.

    One that leads out of its repository is wrong. Raises FileError.
    """
    root = where.root(beside / NAME)
    folder = where.resolve(beside, root)

    def inside(path: Path) -> Path:
        return where.resolve(path, root)

    policy = given["policy"]
    if policy is not None and ("/" in policy or policy.endswith(".yaml")):
        given["policy"] = _found(folder / policy, inside, fields, "policy")
    if given["baseline"] is not None:
        given["baseline"] = _found(folder / given["baseline"], inside, fields, "baseline")
    if not folder.is_relative_to(repository.root):
        folder = repository.root / folder.relative_to(root)
    given["var_files"] = tuple(
        _found(folder / each, repository.resolve, fields, "var-file") for each in given["var_files"]
    )


def _found(path: Path, resolve: Callable[[Path], Path], fields: Fields, key: str) -> str:
    try:
        return str(resolve(path))
    except OutsideError:
        fields.wrong(key, f"`{key}` leads out of the repository")
    except FileError as error:
        fields.wrong(key, f"`{key}` {error.why}")
    return str(path)
