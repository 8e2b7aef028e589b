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
    from checker.policy.files import PolicyFiles

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


def read(file: Path, repository: Path, where: PolicyFiles, root: Path | None = None) -> Configured:
    """Read a configuration file, where it is kept.

    What it names is looked up beside it, but variable files in the `repository` that is checked,
    at the same place. `root` is the repository that the file is in, None for the nearest above.
    Raises PolicyFileError with every key that is wrong.
    """
    from checker import yaml
    from checker.policy.fields import Fields
    from checker.report import Severity

    shown = str(file)
    try:
        data = where.read(file, _MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise PolicyFileError(Reason("larger than a configuration may be", shown))
        node = yaml.parse(data.decode())
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
    real = where.resolve(file).parent
    beside = _Beside(where, file.parent, real, root or _root(real), fields)
    beside.locate(told, repository)
    fields.finish()
    return Configured(**told)


@dataclass(frozen=True, slots=True)
class _Beside:
    """Makes what a file names absolute; what leads out of its repository, `root`, is wrong.

    `folder` is that of the file, `real` where it is once links are followed.
    """

    where: PolicyFiles
    folder: Path
    real: Path
    root: Path
    fields: Fields

    def locate(self, told: dict[str, Any], repository: Path) -> None:
        """Make the paths that a configuration tells absolute."""
        policy = told["policy"]
        if policy is not None and ("/" in policy or policy.endswith(".yaml")):
            told["policy"] = self._inside("policy", policy)
        if told["baseline"] is not None:
            told["baseline"] = self._inside("baseline", told["baseline"])
        checked = repository.resolve()
        same = self.real.is_relative_to(checked)
        beside = self.real if same else checked / self.real.relative_to(self.root)
        told["var_files"] = tuple(
            self._checked("var-file", (beside / each).resolve(), checked)
            for each in told["var_files"]
        )

    def _inside(self, key: str, name: str) -> str:
        return self._checked(key, self.where.resolve(self.folder / name), self.root)

    def _checked(self, key: str, real: Path, root: Path) -> str:
        if not real.is_relative_to(root):
            self.fields.wrong(key, f"`{key}` leads out of the repository")
        return str(real)


def _root(folder: Path) -> Path:
    """Return the repository that a folder is in; the folder if it is in none."""
    above = (each for each in (folder, *folder.parents) if (each / ".git").exists())
    return next(above, folder)
