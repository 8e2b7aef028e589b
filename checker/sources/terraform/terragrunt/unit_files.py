"""The files of a unit's module, as Terragrunt puts them together before it runs Terraform."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from checker.errors import Reason, SourceError
from checker.files import Repository
from checker.sources.terraform.configuration.files import MOST_BYTES, Files
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.terragrunt.units import Unit

DEPENDS = "the outputs of other units are those that Terragrunt rendered, be they mocks"
_COPIED = (".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json")


def laid_over(unit: Unit, repository: Repository, here: Path, module: Path) -> GeneratedFiles:
    """Return the files of a module with those beside the unit, and those that it generates.

    Terragrunt copies both into one directory where the module lies elsewhere. See
    https://terragrunt.gruntwork.io/docs/features/units/.
    """
    files = Files(repository)
    try:
        beside = files.inside(here) if unit.source else module
    except EvaluationError as error:
        raise SourceError(Reason(str(error), unit.name)) from None
    copied = {
        name: files.read_source(beside / name)
        for name in (files.names(beside) if beside != module else ())
        if name.endswith(_COPIED) and not name.startswith(".")
    }
    there = {*copied, *files.names(module)}
    kept = {name for name in unit.kept if name.removeprefix("./") in there}
    made = {name: text for name, text in unit.generated.items() if name not in kept}
    return GeneratedFiles(repository, module, {**copied, **made})


class GeneratedFiles(Files):
    """Files with others in a directory, which are not there yet or take the place of some."""

    def __init__(
        self, root: Path | Repository, directory: Path, generated: Mapping[str, str]
    ) -> None:
        super().__init__(root)
        self._generated: dict[Path, bytes] = {}
        for name, text in generated.items():
            path = name.removeprefix("./")
            if "/" in path or "\\" in path or path in {"", ".", ".."} or "\0" in path:
                raise SourceError(Reason(f"the generated file `{name}` is not in its module"))
            data = text.encode("utf-8", "surrogatepass")
            if len(data) > MOST_BYTES:
                raise SourceError(Reason(f"the generated file `{name}` is too large"))
            self._generated[directory / path] = data

    def names(self, directory: Path) -> list[str]:
        """Return the names in a directory, generated ones too, sorted."""
        found = set(super().names(directory))
        found |= {path.name for path in self._generated if path.parent == directory}
        return sorted(found)

    def read(self, path: Path) -> bytes:
        """Return a file's bytes, as generated if it is."""
        made = self._generated.get(path)
        return super().read(path) if made is None else made

    def exists(self, path: Path) -> bool:
        """Tell whether there is a file, or would be."""
        return path in self._generated or super().exists(path)

    def is_missing(self, path: Path) -> bool:
        """Tell whether nothing is where a path leads, nor would be."""
        return path not in self._generated and super().is_missing(path)
