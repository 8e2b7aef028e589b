"""Where root modules keep their states, and which of these a data source reads.

See https://developer.hashicorp.com/terraform/language/backend and
https://developer.hashicorp.com/terraform/language/state/remote-state-data.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.sensitive import carried, plain, sealed
from checker.knowledge.text import Text
from checker.records import dataclass
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.tree import literal_of
from checker.sources.terraform.values.marks import unmark
from checker.sources.terraform.values.primitives import to_text
from checker.sources.terraform.values.terraform_values import TerraformValue

DEFAULT = "default"
HOST = "app.terraform.io"
_WORKSPACES = "terraform.tfstate.d"
_FILE = "terraform.tfstate"
_NOWHERE = Location("")
_ARGUMENTS: dict[str, tuple[tuple[str, str | None], ...]] = {
    "s3": (("bucket", None), ("key", None)),
    "gcs": (("bucket", None), ("prefix", "")),
    "azurerm": (("storage_account_name", None), ("container_name", None), ("key", None)),
    "oss": (("bucket", None), ("prefix", "env:"), ("key", _FILE)),
    "cos": (("bucket", None), ("prefix", ""), ("key", _FILE)),
    "consul": (("address", ""), ("path", None)),
    "http": (("address", None),),
    "kubernetes": (("namespace", "default"), ("secret_suffix", None)),
    "pg": (("conn_str", None), ("schema_name", "terraform_remote_state")),
}
"""What tells the states of a backend apart, with defaults."""
ReadArgument = Callable[[str], str | None]
"""Returns an argument, None if it is not written; raises UnknownError if it is not known."""


class UnknownError(Exception):
    """Which state is meant is not known: why."""


@dataclass(frozen=True, slots=True)
class StateLocation:
    """One state: the backend, what tells its states apart, and the workspace.

    What was made of sensitive values is a `SensitiveString`.
    """

    backend: str
    keys: tuple[str, ...]
    workspace: str = DEFAULT

    def __str__(self) -> str:
        where = "/".join(str(each) for each in self.keys if each)
        workspace = "" if self.workspace == DEFAULT else f" ({self.workspace})"
        return f"{self.backend}:{where}{workspace}"


@dataclass(frozen=True, slots=True)
class StateReference:
    """What a `terraform_remote_state` says of the state that it reads; `address` is its own."""

    address: str
    backend: TerraformValue
    workspace: TerraformValue
    config: TerraformValue


def kept(module: Declarations) -> StateLocation | None:
    """Return where a root module keeps the state of its default workspace; None if not known.

    Of a `remote` backend with a prefix that is a state whose name ends in `*`.
    """
    for block in module.all_of("terraform"):
        for inner in block.body.blocks:
            try:
                if inner.kind == "cloud":
                    return _remote(_written(inner.body), _workspaces_of(inner.body))
                if inner.kind == "backend" and inner.labels:
                    workspaces = _workspaces_of(inner.body)
                    return _state(
                        inner.labels[0], _written(inner.body), workspaces, module.directory
                    )
            except UnknownError:
                return None
    return StateLocation("local", (_path(module.directory, _FILE),))


def states_named(reference: StateReference, here: Path) -> tuple[StateLocation, ...]:
    """Return the states that a data source of a root module may mean: one file has several names.

    Raises:
        UnknownError: which one is not known.
    """
    backend = _known(reference.backend, "backend")
    workspace = _known(reference.workspace, "workspace") or DEFAULT
    config, marked = unmark(reference.config)
    config = {} if config is None else config
    if not backend or not isinstance(config, dict):
        raise UnknownError(_why(config, "config"))

    def read(name: str) -> str | None:
        found = _known(config.get(name), name)
        return sealed(found) if marked and found is not None else found

    workspaces, _ = unmark(config.get("workspaces"))
    if isinstance(workspaces, tuple) and len(workspaces) == 1:
        workspaces = workspaces[0]
    inner = workspaces if isinstance(workspaces, dict) else {}
    names = {name: _known(inner.get(name), name) for name in ("name", "prefix")}
    state = _state(backend, read, names, here)
    own = StateLocation(state.backend, state.keys, workspace)
    return (own, *_inside(own))


def _inside(state: StateLocation) -> tuple[StateLocation, ...]:
    """Return what a state is called by the workspace that its key holds."""
    if state.workspace != DEFAULT:
        return ()
    if state.backend == "s3":
        prefix, _, rest = state.keys[1].partition("/")
        workspace, _, key = rest.partition("/")
        if prefix == "env:" and workspace and key:
            return (StateLocation("s3", (state.keys[0], key), workspace),)
    if state.backend == "local":
        path = Path(state.keys[0])
        if path.name == _FILE and path.parent.parent.name == _WORKSPACES:
            root = _path(path.parent.parent.parent, _FILE)
            return (StateLocation("local", (root,), path.parent.name),)
    return ()


def _state(
    backend: str, read: ReadArgument, workspaces: dict[str, str | None], here: Path
) -> StateLocation:
    if backend in {"remote", "cloud"}:
        return _remote(read, workspaces)
    if backend == "local":
        return StateLocation("local", (_path(here, read("path") or _FILE),))
    if backend not in _ARGUMENTS:
        raise UnknownError(f"tfcheck does not know the states of the backend `{backend}`")
    found: list[str] = []
    for name, default in _ARGUMENTS[backend]:
        value = read(name)
        value = default if value is None else value
        if value is None:
            raise UnknownError(f"`{name}` of the backend is not given")
        found.append(value)
    return StateLocation(backend, tuple(found))


def _remote(read: ReadArgument, workspaces: dict[str, str | None]) -> StateLocation:
    organization = read("organization")
    name, prefix = workspaces.get("name"), workspaces.get("prefix")
    if organization is None or (name is None and prefix is None):
        raise UnknownError("organization and name of the workspace are not both given")
    last = name if name is not None else (prefix or "") + "*"
    return StateLocation("remote", (read("hostname") or HOST, organization, last))


def _written(body: tree.Body) -> ReadArgument:
    """Return what reads the arguments of a backend, which are literals."""

    def read(name: str) -> str | None:
        argument = body.arguments.get(name)
        if argument is None:
            return None
        literal = literal_of(argument)
        if literal is None:
            raise UnknownError(f"`{name}` is not a literal")
        return literal

    return read


def _workspaces_of(body: tree.Body) -> dict[str, str | None]:
    for inner in body.blocks_of("workspaces"):
        read = _written(inner.body)
        return {name: read(name) for name in ("name", "prefix")}
    return {}


def _known(value: TerraformValue, name: str) -> str | None:
    """Return an argument as a string; None if it is not given."""
    value, marked = unmark(value)
    if value is None:
        return None
    text = None if isinstance(value, Hole) else to_text(value, name, _NOWHERE)
    literal = None if text is None else text.literal
    if literal is None:
        raise UnknownError(_why(value if text is None else text, name))
    return sealed(literal) if marked else literal


def _why(value: object, name: str) -> str:
    holes = (value,) if isinstance(value, Hole) else value.holes if isinstance(value, Text) else ()
    for hole in holes:
        if hole.why:
            return f"`{name}` is unknown: {hole.why}"
    return f"`{name}` is unknown"


def _path(directory: Path, path: str) -> str:
    return carried(path, os.path.normpath(directory / plain(path)))
