"""`.tfcheck.yaml`: what a repository says of how it is checked.

It comes from whoever opens a pull request, so it may choose what is checked and how strictly, and
never anything that writes, opens a socket, chooses credentials or starts a program.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.errors import PolicyFileError, Reason, UsageError

if TYPE_CHECKING:
    from checker.policy.fields import Fields

NAME = ".tfcheck.yaml"
KEYS = ("policy", "fail-on", "strict", "deployer", "var-file", "baseline", "recursive")
_MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Configured:
    """What the file says; None where it says nothing. Paths are absolute."""

    policy: str | None = None
    fail_on: str | None = None
    strict: bool = False
    deployer: str | None = None
    var_files: tuple[str, ...] = ()
    baseline: str | None = None
    recursive: bool = False


def find(path: Path) -> Path | None:
    """Return the nearest configuration file, from a path up to its repository's root.

    Raises PolicyFileError for a link that leads out of the repository.
    """
    here = path.resolve()
    here = here if here.is_dir() else here.parent
    for folder in (here, *here.parents):
        file = folder / NAME
        if file.is_file():
            if not file.resolve().is_relative_to(_root(folder)):
                raise PolicyFileError(Reason("leads out of the repository", str(file)))
            return file
        if (folder / ".git").exists():
            return None
    return None


def read(file: Path, repository: Path) -> Configured:
    """Read a configuration file.

    What it names is looked up beside it, but variable files in the `repository` that is checked,
    at the same place. Raises PolicyFileError with every key that is wrong.
    """
    from checker import yaml
    from checker.policy.fields import Fields
    from checker.report import Severity

    shown = str(file)
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise PolicyFileError(Reason("larger than a configuration may be", shown))
        node = yaml.parse(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read `{shown}`: {error.strerror}") from None
    except UnicodeDecodeError:
        raise PolicyFileError(Reason("not UTF-8 text", shown)) from None
    except yaml.YamlError as error:
        raise PolicyFileError(Reason(str(error), f"{shown}:{error.line}:{error.column}")) from None
    if not isinstance(node, yaml.Mapping):
        raise PolicyFileError(Reason("a configuration is a mapping of keys to values", shown))
    fields = Fields.of(node, shown)
    fields.only(KEYS)
    told: dict[str, Any] = {
        "policy": fields.text("policy"),
        "fail_on": fields.among("fail-on", [each.value for each in Severity], what="severity"),
        "strict": fields.flag("strict"),
        "deployer": fields.text("deployer"),
        "var_files": fields.texts("var-file") if fields.has("var-file") else (),
        "baseline": fields.text("baseline"),
        "recursive": fields.flag("recursive"),
    }
    _locate(told, fields, file, repository)
    fields.finish()
    return Configured(**told)


def _locate(told: dict[str, Any], fields: Fields, file: Path, repository: Path) -> None:
    """Make paths absolute; one that leads out of its repository is wrong."""
    root = _root(file.resolve().parent)
    policy = told["policy"]
    if policy is not None and ("/" in policy or policy.endswith(".yaml")):
        told["policy"] = _inside(file.parent / policy, root, fields, "policy")
    if told["baseline"] is not None:
        told["baseline"] = _inside(file.parent / told["baseline"], root, fields, "baseline")
    beside = repository.resolve() / file.resolve().parent.relative_to(root)
    told["var_files"] = tuple(
        _inside(beside / each, repository.resolve(), fields, "var-file")
        for each in told["var_files"]
    )


def _inside(path: Path, root: Path, fields: Fields, key: str) -> str:
    real = path.resolve()
    if not real.is_relative_to(root):
        fields.wrong(key, f"`{key}` leads out of the repository")
    return str(real)


def _root(folder: Path) -> Path:
    """Return the repository that a folder is in; the folder if it is in none."""
    above = (each for each in (folder, *folder.parents) if (each / ".git").exists())
    return next(above, folder)
