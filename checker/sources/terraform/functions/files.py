"""Functions of files and paths.

See https://developer.hashicorp.com/terraform/language/functions: filesystem functions. What may
be read is decided by the scope.
"""

from __future__ import annotations

import base64
import posixpath

from checker.partial import Hole, Text
from checker.sources.terraform.functions.encoding import decoded
from checker.sources.terraform.functions.function import Function, Scope
from checker.sources.terraform.origins import Lines
from checker.sources.terraform.unify import STRING
from checker.sources.terraform.values import NotTold, Set, Value


def _file(scope: Scope, path: str) -> Value:
    text = decoded(scope.read_file(path), f"the file `{path}`")
    return Text((text,), Lines(scope.locate_file(path), text))


def _filebase64(scope: Scope, path: str) -> Value:
    return base64.b64encode(scope.read_file(path)).decode()


def _fileexists(scope: Scope, path: str) -> Value:
    return scope.file_exists(path)


def _fileset(scope: Scope, path: str, pattern: str) -> Value:
    return Set(tuple(sorted(set(scope.list_files(path, pattern)))), STRING)


def _basename(path: str | Text) -> Value:
    if isinstance(path, Text):
        last = path.parts[-1]
        if isinstance(last, Hole) or "/" not in last.rstrip("/"):
            raise NotTold
        path = last  # what is unknown stands before the last slash
    stripped = path.rstrip("/")
    if not stripped:
        return "/" if path else "."
    return stripped.rpartition("/")[2]


def _dirname(path: str) -> Value:
    return _clean(path.rpartition("/")[0] + ("/" if "/" in path else ""))


def _clean(path: str) -> str:
    """Return the shortest equal path, as Go's `filepath.Clean`."""
    cleaned = posixpath.normpath(path) if path else "."
    return "/" + cleaned.lstrip("/") if path.startswith("/") else cleaned


def _abspath(path: str) -> Value:
    if path.startswith("/"):
        return _clean(path)
    raise NotTold("an absolute path depends on where Terraform runs")


def _pathexpand(path: str) -> Value:
    if path.startswith("~"):
        raise NotTold("a home directory depends on who runs Terraform")
    return path


FUNCTIONS = (
    Function("file", _file, ("string",), returns="string", scoped=True),
    Function("filebase64", _filebase64, ("string",), returns="string", scoped=True),
    Function("fileexists", _fileexists, ("string",), scoped=True),
    Function("fileset", _fileset, ("string", "string"), scoped=True),
    Function("basename", _basename, ("string",), partial=True, returns="string"),
    Function("dirname", _dirname, ("string",), returns="string"),
    Function("abspath", _abspath, ("string",), returns="string"),
    Function("pathexpand", _pathexpand, ("string",), returns="string"),
)
