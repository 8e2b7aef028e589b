"""What is given beside a configuration: options, environment, a plan, an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path

from checker.files import Repository
from checker.model.cases import Answer
from checker.records import dataclass
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.configuration.engine import Engine
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.configuration.installed import DEFAULT_DATA
from checker.sources.terraform.modules.project import LiveData


@dataclass(frozen=True, slots=True)
class Given:
    """What is given beside the configuration.

    `variables` are `NAME=VALUE`, `environment` holds `TF_VAR_*`, `TF_WORKSPACE` and `TF_DATA_DIR`,
    `workspace` is named on the command line, `deployer` is an ARN or address, `region` is that of
    providers which name none, `plan` a plan of the configuration, `state` what exists of it,
    `engine` what it is run with, `live` the account that providers work in by default. `sensitive`
    are variables of root modules whose values no report shows, whatever the configuration says of
    them; names that it does not declare are of no account. `marks` tell more of them by the root
    module's directory, `kept_engine` what the commit that judges is run with there.
    `sensitive_variables` are others that must be declared. `installed` says whether modules that
    `terraform get` or `terraform init` left in `TF_DATA_DIR` are read. With `earlier` the
    configuration is that of an earlier commit, which need not declare every variable; modules that
    are installed for these root modules serve it where it calls the same versions.
    `progress` is called with what is read, how much of it, of how much, and by how many calls.
    `answers` are supposed to be true of variables that have no value, and of the workspace.
    """

    variables: Sequence[str] = ()
    var_files: Sequence[Path] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    deployer: str | None = None
    workspace: str | None = None
    region: str | None = None
    plan: Path | None = None
    state: Path | None = None
    engine: Engine | None = None
    live: LiveData | None = None
    sensitive: frozenset[str] = frozenset()
    sensitive_variables: Sequence[str] = ()
    marks: Sequence[Callable[[str], frozenset[str]]] = ()
    kept_engine: Callable[[str], Engine | None] = lambda _: None
    installed: bool = True
    earlier: Sequence[Path] | None = None
    answers: Sequence[Answer] = ()
    progress: Callable[[str, int, int, int], None] = lambda *_: None

    @property
    def data(self) -> str | None:
        """Where `terraform init` left modules, from the root module; None if none are read."""
        return (self.environment.get("TF_DATA_DIR") or DEFAULT_DATA) if self.installed else None

    def files(self, root: Path | Repository) -> Files:
        """Return the files of a repository, and of a data directory that lies elsewhere."""
        data = self.data
        return Files(root, Path(data) if data and Path(data).is_absolute() else None)

    def marked(self, directory: str) -> Given:
        """Return this for the root module of a directory, relative to the repository."""
        then = (each(directory) for each in self.marks)
        return replace(self, sensitive=self.sensitive.union(*then))

    def declared(self, declarations: Declarations) -> Given:
        """Return this without the variables that a root module does not declare."""
        own = [word for word in self.variables if declarations.has("variable", name_in(word))]
        kept = [name for name in self.sensitive_variables if declarations.has("variable", name)]
        return replace(self, variables=own, sensitive_variables=kept)


def name_in(word: str) -> str:
    """Return the name of the variable that `NAME=VALUE` sets."""
    return word.partition("=")[0].strip()
