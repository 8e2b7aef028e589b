"""Functions of files and paths.

See https://developer.hashicorp.com/terraform/language/functions: filesystem functions. What may
be read is decided by the scope.
"""

from __future__ import annotations

import base64
import posixpath

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions.encoding import decoded
from checker.sources.terraform.evaluation.functions.function import FunctionScope, TerraformFunction
from checker.sources.terraform.language.evaluation_errors import UnknownResultError
from checker.sources.terraform.language.origins import Lines
from checker.sources.terraform.values.terraform_values import Set, TerraformValue
from checker.sources.terraform.values.unify import STRING


def _file(scope: FunctionScope, path: str) -> TerraformValue:
    text = decoded(scope.read_file(path), f"the file `{path}`")
    return Text((text,), Lines(scope.locate_file(path), text))


def _filebase64(scope: FunctionScope, path: str) -> TerraformValue:
    return base64.b64encode(scope.read_file(path)).decode()


def _fileexists(scope: FunctionScope, path: str) -> TerraformValue:
    return scope.file_exists(path)


def _fileset(scope: FunctionScope, path: str, pattern: str) -> TerraformValue:
    return Set(tuple(sorted(set(scope.list_files(path, pattern)))), STRING)


def _basename(path: str | Text) -> TerraformValue:
    if isinstance(path, Text):
        last = path.parts[-1]
        if isinstance(last, Hole) or "/" not in last.rstrip("/"):
            raise UnknownResultError
        path = last  # what is unknown stands before the last slash
    stripped = path.rstrip("/")
    if not stripped:
        return "/" if path else "."
    return stripped.rpartition("/")[2]


def _dirname(path: str) -> TerraformValue:
    return _clean(path.rpartition("/")[0] + ("/" if "/" in path else ""))


def _clean(path: str) -> str:
    """Return the shortest equal path, as Go's `filepath.Clean`."""
    cleaned = posixpath.normpath(path) if path else "."
    return "/" + cleaned.lstrip("/") if path.startswith("/") else cleaned


def _abspath(path: str) -> TerraformValue:
    if path.startswith("/"):
        return _clean(path)
    raise UnknownResultError("an absolute path depends on where Terraform runs")


def _pathexpand(path: str) -> TerraformValue:
    if path.startswith("~"):
        raise UnknownResultError("a home directory depends on who runs Terraform")
    return path


FUNCTIONS = (
    TerraformFunction("file", _file, ("string",), returns="string", scoped=True),
    TerraformFunction("filebase64", _filebase64, ("string",), returns="string", scoped=True),
    TerraformFunction("fileexists", _fileexists, ("string",), scoped=True),
    TerraformFunction("fileset", _fileset, ("string", "string"), scoped=True),
    TerraformFunction("basename", _basename, ("string",), partial=True, returns="string"),
    TerraformFunction("dirname", _dirname, ("string",), returns="string"),
    TerraformFunction("abspath", _abspath, ("string",), returns="string"),
    TerraformFunction("pathexpand", _pathexpand, ("string",), returns="string"),
)
