"""Terraform or OpenTofu: which of the two a root module is run with, and which files that reads.

OpenTofu reads `.tofu` and `.tofu.json` besides; where both stand, `a.tofu` takes the place of
`a.tf`, and `a.tofu.json` that of `a.tf.json`. Terraform reads neither. See
https://opentofu.org/docs/language/files/ and
https://developer.hashicorp.com/terraform/language/files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from enum import Enum


class Engine(Enum):
    """The program that a configuration is written for."""

    TERRAFORM = "terraform"
    TOFU = "tofu"

    def __str__(self) -> str:
        return "OpenTofu" if self is Engine.TOFU else "Terraform"


LOCK = ".terraform.lock.hcl"
_ALIKE = (".tf", ".tf.json")
_TOFU = (".tofu", ".tofu.json")
_REGISTRIES = {"registry.opentofu.org/": Engine.TOFU, "registry.terraform.io/": Engine.TERRAFORM}
_VERSIONS = {".opentofu-version": Engine.TOFU, ".terraform-version": Engine.TERRAFORM}


def engine_of(names: Collection[str], lock: str) -> tuple[Engine, str]:
    """Tell what a root module is run with, and what says so.

    `names` are those of the files in its directory, `lock` is the text of its lock file.
    """
    named = {engine for registry, engine in _REGISTRIES.items() if f'"{registry}' in lock}
    if len(named) == 1:
        (engine,) = named
        return engine, f"`{LOCK}` names its registry"
    files = [name for name in _VERSIONS if name in names]
    if len(files) == 1:
        return _VERSIONS[files[0]], f"the root module holds `{files[0]}`"
    own = [name for name in sorted(names) if name.endswith(_TOFU) and not ignored(name)]
    if own:
        return Engine.TOFU, f"the root module holds `{own[0]}`"
    return Engine.TERRAFORM, "nothing in the root module speaks of OpenTofu"


def locked_provider(lock: str) -> tuple[int, int] | None:
    """Return major and minor version of the AWS provider in a lock file's text, None if none."""
    _, named, rest = lock.partition('/hashicorp/aws" {')
    found = _VERSION.search(rest.partition("\n}")[0]) if named else None
    return None if found is None else (int(found[1]), int(found[2]))


_VERSION = re.compile(r'\bversion\s*=\s*"(\d{1,6})\.(\d{1,6})')


def chosen(names: Iterable[str], engine: Engine | None) -> list[str]:
    """Return the names of the configuration files that are read, sorted.

    Without an engine those of OpenTofu count: where there are none it reads what Terraform does.
    """
    found = sorted(name for name in names if name.endswith(_ALIKE + _TOFU) and not ignored(name))
    if engine is Engine.TERRAFORM:
        return [name for name in found if name.endswith(_ALIKE)]
    hidden = {_shadowed(name) for name in found if name.endswith(_TOFU)}
    return [name for name in found if name not in hidden]


def passed_over(names: Iterable[str], engine: Engine) -> list[str]:
    """Return the names of the files that the other of the two would read instead, or as well."""
    read = set(chosen(names, engine))
    other = Engine.TERRAFORM if engine is Engine.TOFU else Engine.TOFU
    return [name for name in chosen(names, other) if name not in read]


def _shadowed(name: str) -> str:
    """Return the name of the file in whose place one of OpenTofu's stands."""
    before, _, after = name.rpartition(".tofu")
    return f"{before}.tf{after}"


def ignored(name: str) -> bool:
    """Tell whether a file is passed over: hidden files and what editors leave behind."""
    return name.startswith(".") or name.endswith("~") or (name[0] == name[-1] == "#")


def is_override(name: str) -> bool:
    """Tell whether a configuration file overrides what the others declare."""
    stem = name.removesuffix(".json").removesuffix(".tf").removesuffix(".tofu")
    return stem == "override" or stem.endswith("_override")
