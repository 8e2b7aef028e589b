"""Answers of AWS as they come over the wire: XML for IAM and STS, JSON for the rest."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

_QUERY = ("query", "ec2")
XML, JSON = {"content-type": "text/xml"}, {"content-type": "application/x-amz-json-1.1"}
OK, REFUSED = 200, 403


def answered(operation: Any, answer: Any) -> tuple[int, dict[str, str], bytes]:  # noqa: ANN401
    """Return status, headers and body of an answer, by the SDK's model of its operation."""
    if operation.service_model.metadata["protocol"] not in _QUERY:
        return OK, dict(JSON), json.dumps(answer).encode()
    inner = _xml(operation.output_shape, answer)
    name = operation.name
    result = f"<{name}Result>{inner}</{name}Result>"
    body = f"<{name}Response>{result}<ResponseMetadata/></{name}Response>"
    return OK, dict(XML), body.encode("utf-8", "replace")


def refused(operation: Any, code: str = "AccessDenied") -> tuple[int, dict[str, str], bytes]:  # noqa: ANN401
    """Return the answer to a call that is not allowed."""
    return error(operation.service_model.metadata["protocol"], REFUSED, code)


def error(protocol: str, status: int, code: str) -> tuple[int, dict[str, str], bytes]:
    """Return an error as a protocol tells it."""
    if protocol in _QUERY:
        text = f"<Code>{code}</Code><Message>fuzzed</Message>"
        return status, dict(XML), f"<ErrorResponse><Error>{text}</Error></ErrorResponse>".encode()
    body = json.dumps({"__type": code, "message": "fuzzed"}).encode()
    return status, {**JSON, "x-amzn-errortype": code}, body


def _xml(shape: Any, value: Any) -> str:  # noqa: ANN401 - botocore's shapes
    if shape is None or value is None:
        return ""
    if shape.type_name == "structure" and isinstance(value, dict):
        return "".join(_member(name, shape.members.get(name), each) for name, each in value.items())
    if isinstance(value, dict):
        # A policy document: the SDK decodes it.
        return escape(quote(json.dumps(value)))
    if isinstance(value, bool):
        return str(value).lower()
    return escape(str(value))


def _member(name: str, shape: Any, value: Any) -> str:  # noqa: ANN401 - see above
    if shape is None or value is None:
        return ""
    tag = shape.serialization.get("name", name)
    if shape.type_name == "list" and isinstance(value, list):
        inner = shape.member.serialization.get("name", "member")
        listed = "".join(f"<{inner}>{_xml(shape.member, each)}</{inner}>" for each in value)
        return f"<{tag}>{listed}</{tag}>"
    return f"<{tag}>{_xml(shape, value)}</{tag}>"
