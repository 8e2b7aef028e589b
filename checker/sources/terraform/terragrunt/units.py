"""Units of Terragrunt, as `terragrunt render --json` prints them.

See https://terragrunt.gruntwork.io/docs/reference/cli/commands/render and
https://terragrunt.gruntwork.io/docs/reference/hcl/blocks.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeGuard

from checker.errors import Reason, SourceError
from checker.knowledge.holes import Hole
from checker.records import dataclass
from checker.sources.terraform.language.numbers import number_text

CONFIGURATION = frozenset({"terragrunt.hcl", "terragrunt.hcl.json"})
STACK = "terragrunt.stack.hcl"
REMEDY = (
    "check what Terragrunt makes of it: `terragrunt render --json --write`, then"
    " `tfcheck plan terragrunt.rendered.json`; or `terragrunt run --all plan --json-out-dir DIR`,"
    " then `tfcheck plan DIR --recursive`"
)
_WORDS = frozenset({"locals", "generate", "remote_state", "dependencies", "dependency",
                    "terragrunt_version_constraint", "terraform_version_constraint", "skip",
                    "download_dir", "iam_role", "terraform_binary"})  # fmt: skip
"""What else a rendered unit holds at its top: enough to tell it from other JSON."""
_REMOTE = re.compile(
    r"[a-z0-9+]+::|[a-z0-9+]+://|git@|(?:github|gitlab)\.com/|bitbucket\.org/"
    r"|[\w.-]+\.amazonaws\.com/",
    re.IGNORECASE,
)
"""How sources begin that are no directory: see https://github.com/hashicorp/go-getter."""


@dataclass(frozen=True)
class Unit:
    """One unit: the source of its module, its inputs, and the files that Terragrunt generates.

    `generated` are texts by the path of their file, which is relative to the module; those in
    `kept` give way to a file that is there. `var_files` are files of variables that it adds.
    `binary` is the program that it runs. `depends` says that inputs may come from other units.
    """

    name: str
    source: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    generated: Mapping[str, str] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    var_files: tuple[str, ...] = ()
    binary: str = ""
    depends: bool = False

    @property
    def environment(self) -> dict[str, str]:
        """The inputs as Terragrunt hands them on, in `TF_VAR_*`."""
        return {f"TF_VAR_{name}": _word(value) for name, value in self.inputs.items()}

    def module(self, directory: Path) -> Path:
        """Return the directory of its module; SourceError if that is not in this repository."""
        source = self.source.partition("?")[0]
        if is_remote(source):
            why = "the unit's module is not a directory, and nothing is downloaded"
            raise SourceError(Reason(why, self.name), hint=REMEDY)
        return Path(os.path.normpath(directory / source.replace("//", "/")))


def is_remote(source: str) -> bool:
    """Tell whether a source is no directory."""
    return _REMOTE.match(source) is not None


def is_unit(found: object) -> TypeGuard[Mapping[str, Any]]:
    """Tell whether JSON is a rendered unit."""
    if not isinstance(found, dict) or "format_version" in found or "planned_values" in found:
        return False
    return "inputs" in found and ("terraform" in found or len(_WORDS & found.keys()) > 1)


def unit_of(found: Mapping[str, Any], name: str) -> Unit:
    """Return the unit that parsed JSON holds; SourceError if it is not as Terragrunt writes it."""
    terraform, inputs = found.get("terraform") or {}, found.get("inputs") or {}
    source = terraform.get("source") if isinstance(terraform, dict) else None
    if not isinstance(inputs, dict) or not isinstance(source or "", str) or _described(inputs):
        hint = "write it with `terragrunt render --json --write`, without metadata"
        why = "no rendered unit of Terragrunt that can be read"
        raise SourceError(Reason(why, name), hint=hint)
    blocks = [each for each in _members(found.get("generate")) if _generates(each)]
    extra = terraform.get("extra_arguments") if isinstance(terraform, dict) else None
    binary = found.get("terraform_binary")
    return Unit(
        name,
        source or "",
        inputs,
        {each["path"]: each["contents"] for each in blocks},
        frozenset(each["path"] for each in blocks if each.get("if_exists") == "skip"),
        tuple(_var_files(extra, name)),
        binary if isinstance(binary, str) else "",
        bool(found.get("dependency")) or bool(found.get("dependencies")),
    )


def is_alone(names: Collection[str]) -> bool:
    """Tell whether a directory's configuration is Terragrunt's, with no Terraform beside it."""
    return bool((CONFIGURATION | {STACK}) & set(names))


def _described(inputs: Mapping[str, Any]) -> bool:
    """Tell whether every value comes with metadata (`--with-metadata`)."""
    return bool(inputs) and all(
        isinstance(each, dict) and each.keys() == {"metadata", "value"} for each in inputs.values()
    )


def _members(blocks: object) -> Iterator[dict[str, Any]]:
    listed = blocks.values() if isinstance(blocks, dict) else ()
    yield from (each for each in listed if isinstance(each, dict))


def _generates(block: Mapping[str, Any]) -> bool:
    texts = all(isinstance(block.get(word), str) for word in ("path", "contents"))
    return texts and block.get("disable") is not True


def _var_files(extra: object, name: str) -> Iterator[str]:
    """Yield the files of variables for a plan; SourceError for variables set in other ways."""
    for each in _members(extra):
        commands = each.get("commands")
        if isinstance(commands, list) and "plan" not in commands:
            continue
        yield from _texts(each.get("required_var_files"))
        yield from _texts(each.get("optional_var_files"))
        for word in _texts(each.get("arguments")):
            flag, equals, value = word.lstrip("-").partition("=")
            if flag == "var-file" and equals:
                yield value
            elif flag in {"var", "var-file"}:
                why = "the unit sets variables by `extra_arguments`, which are not read"
                raise SourceError(Reason(why, name), hint=REMEDY)


def _texts(listed: object) -> Iterator[str]:
    yield from (
        (each for each in listed or () if isinstance(each, str)) if isinstance(listed, list) else ()
    )


def _word(value: object) -> str:
    """Return a value as one word: a string as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, default=_number)


def _number(value: int | Decimal | Hole) -> int | float | None:
    if isinstance(value, Hole):
        return None
    text = number_text(value)
    return int(text) if text.lstrip("-").isdigit() else float(text)
