"""Functions of digests and keys.

See https://developer.hashicorp.com/terraform/language/functions: hash and crypto functions.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

from checker.knowledge.holes import Hole, Kind
from checker.sources.terraform.evaluation.functions.function import FunctionScope, TerraformFunction
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.language.numbers import Number
from checker.sources.terraform.values.terraform_values import TerraformValue


def encoded(text: str) -> bytes:
    """Return a string's bytes."""
    return text.encode("utf-8", "surrogatepass")


def hexadecimal(algorithm: str) -> Callable[[bytes], str]:
    """Return what digests bytes to hexadecimal digits."""
    return lambda data: hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


def base64_digest(algorithm: str) -> Callable[[bytes], str]:
    """Return what digests bytes to base64."""
    return lambda data: base64.b64encode(hashlib.new(algorithm, data).digest()).decode()


def _of_text(digest: Callable[[bytes], str]) -> Callable[[str], TerraformValue]:
    return lambda text: digest(encoded(text))


def _of_file(digest: Callable[[bytes], str]) -> Callable[[FunctionScope, str], TerraformValue]:
    return lambda scope, path: digest(scope.read_file(path))


def _bcrypt(scope: FunctionScope, _: str, *cost: Number) -> TerraformValue:
    if len(cost) > 1:
        raise EvaluationError("takes no more than two arguments")
    return _chance(scope, "bcrypt")


def _uuid(scope: FunctionScope) -> TerraformValue:
    return _chance(scope, "uuid")


def _chance(scope: FunctionScope, name: str) -> Hole:
    why = f"`{name}` gives another result at every run"
    kind = Kind.NAME if name == "uuid" else Kind.ANY
    return Hole(f"{name}() at {scope.unique()}", kind, why, scope.at)


def _uuidv5(namespace: str, name: str) -> TerraformValue:
    import uuid

    spaces = {
        "dns": uuid.NAMESPACE_DNS,
        "url": uuid.NAMESPACE_URL,
        "oid": uuid.NAMESPACE_OID,
        "x500": uuid.NAMESPACE_X500,
    }
    space = spaces.get(namespace)
    if space is None:
        try:
            space = uuid.UUID(namespace)
        except ValueError:
            raise EvaluationError(f"`{namespace[:40]}` is not a UUID namespace") from None
    digest = hashlib.sha1(space.bytes + encoded(name), usedforsecurity=False).digest()
    return str(uuid.UUID(bytes=digest[:16], version=5))


def _rsadecrypt(_: str, __: str) -> TerraformValue:
    raise UnknownResultError("`rsadecrypt` needs a private key, which tfcheck does not use")


def _digest(
    name: str, digest: Callable[[bytes], str], of_file: str
) -> tuple[TerraformFunction, TerraformFunction]:
    kind = Kind.NAME
    return (
        TerraformFunction(name, _of_text(digest), ("string",), returns="string", kind=kind),
        TerraformFunction(
            of_file, _of_file(digest), ("string",), returns="string", kind=kind, scoped=True
        ),
    )


FUNCTIONS = (
    *_digest("md5", hexadecimal("md5"), "filemd5"),
    *_digest("sha1", hexadecimal("sha1"), "filesha1"),
    *_digest("sha256", hexadecimal("sha256"), "filesha256"),
    *_digest("sha512", hexadecimal("sha512"), "filesha512"),
    *_digest("base64sha256", base64_digest("sha256"), "filebase64sha256"),
    *_digest("base64sha512", base64_digest("sha512"), "filebase64sha512"),
    TerraformFunction(
        "bcrypt", _bcrypt, ("string", "number*"), partial=True, returns="string", scoped=True
    ),
    TerraformFunction("uuid", _uuid, (), partial=True, returns="string", scoped=True),
    TerraformFunction("uuidv5", _uuidv5, ("string", "string"), returns="string", kind=Kind.NAME),
    TerraformFunction("rsadecrypt", _rsadecrypt, ("string", "string"), returns="string"),
)
