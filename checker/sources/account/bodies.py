"""The body of an HTTP answer, before the SDK reads it: the SDK takes what it cannot read for empty.

An answer of AWS is one JSON object in UTF-8, or an XML document of the operation's name. What is
neither ends in ResponseParserError, and is asked for again.
"""

from __future__ import annotations

import json
from typing import Any
from xml.parsers import expat

from botocore.model import OperationModel, Shape
from botocore.parsers import ResponseParserError

from checker.sources.account.misfits import misfit

DEEPEST = 100
"""How deep an answer is nested at most; AWS's own have some ten levels."""
FAILED = 301
"""From this status on the SDK reads an error."""
_JSON = ("json", "rest-json")
_REPEATED = ("member", "item", "entry")
"""Elements of XML that are the members of a list or a map."""
_WITNESSES = {"GetFunctionConcurrency": ("ReservedConcurrentExecutions",)}
"""Members that the body holds in any case, as `null` where there is nothing to say.

Without reserved concurrency AWS answers 37 bytes, `{"ReservedConcurrentExecutions":null}`:
https://github.com/boto/boto3/issues/3364
"""


def refuse_broken(model: OperationModel, response_dict: dict[str, Any]) -> None:
    """Raise ResponseParserError for a body that is no answer of an operation."""
    body = response_dict.get("body")
    if not isinstance(body, bytes):
        return
    if int(response_dict.get("status_code", 200)) >= FAILED:
        _refuse_deep_error(body)
        return
    members = model.output_shape is not None and model.output_shape.members
    if not body.strip():
        if members:
            raise ResponseParserError("the answer is empty")
        return
    if _protocol(model) in _JSON:
        found = _json_of(body, _WITNESSES.get(model.name, ()))
        fault = misfit(found, _shape_of_body(model))
        if fault:
            raise ResponseParserError(f"the answer has a member of another type: {fault}")
    else:
        _Scan(f"{model.name}Response").refuse(body)


def _protocol(model: OperationModel) -> str:
    service = model.service_model
    return str(getattr(service, "resolved_protocol", service.protocol))


def _shape_of_body(model: OperationModel) -> Shape | None:
    shape = model.output_shape
    payload = None if shape is None else shape.serialization.get("payload")
    return shape.members[payload] if payload else shape


def _json_of(body: bytes, witnesses: tuple[str, ...]) -> dict[str, Any]:
    try:
        # Of bytes `json.loads` would take other encodings and a byte-order mark, too.
        found = json.loads(
            body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        raise ResponseParserError("the answer is not JSON") from None
    if not isinstance(found, dict):
        raise ResponseParserError("the answer is not an object")
    if _depth(found) > DEEPEST:
        raise ResponseParserError("the answer is nested too deeply")
    for name in witnesses:
        if name not in found:
            raise ResponseParserError(f"the answer has no `{name}`")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _depth(value: object) -> int:
    """Return how deep a value is nested, without recursion."""
    deepest, left = 0, [(value, 1)]
    while left:
        one, depth = left.pop()
        if isinstance(one, dict):
            left += [(each, depth + 1) for each in one.values()]
        elif isinstance(one, list):
            left += [(each, depth + 1) for each in one]
        deepest = max(deepest, depth)
    return deepest


def _refuse_deep_error(body: bytes) -> None:
    """Refuse an error that the SDK's parser would not survive; what else is wrong, it bears."""
    if body.lstrip()[:1] == b"<":
        _Scan(None).refuse(body)
        return
    try:
        found = json.loads(body)
    except ValueError:
        return
    except RecursionError:
        raise ResponseParserError("the answer is nested too deeply") from None
    if _depth(found) > DEEPEST:
        raise ResponseParserError("the answer is nested too deeply")


class _Scan:
    """Reads XML from left to right: its depth, the root, elements that stand twice, booleans."""

    def __init__(self, root: str | None) -> None:
        self._root = root
        self._open: list[set[str]] = []
        self._names: list[str] = []
        self._text = ""

    def refuse(self, body: bytes) -> None:
        """Raise ResponseParserError for what is no answer; without a root, for depth alone."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(body, True)  # noqa: FBT003 - positional in the library
        except expat.ExpatError:
            if self._root is not None:
                raise ResponseParserError("the answer is not XML") from None

    def _start(self, written: str, _attributes: object) -> None:
        name = written.rpartition(" ")[2]
        if self._root is not None:
            if not self._open and name != self._root:
                raise ResponseParserError("the answer is of another operation")
            if self._open and name in self._open[-1] and name not in _REPEATED:
                raise ResponseParserError("a member of the answer stands twice")
        if self._open:
            self._open[-1].add(name)
        self._open.append(set())
        self._names.append(name)
        self._text = ""
        if len(self._open) > DEEPEST:
            raise ResponseParserError("the answer is nested too deeply")

    def _characters(self, text: str) -> None:
        if self._names and self._names[-1] in _BOOLEANS:
            self._text += text

    def _end(self, _name: str) -> None:
        self._open.pop()
        name = self._names.pop()
        if self._root and name in _BOOLEANS and self._text.strip() not in {"true", "false"}:
            # The SDK takes anything else for false: a list that goes on would seem to end.
            raise ResponseParserError(f"`{name}` of the answer is not a boolean")

    def _doctype(self, *_: object) -> None:
        raise ResponseParserError("the answer declares a document type")


_BOOLEANS = ("IsTruncated", "IsDefaultVersion")
