"""What can be wrong with an answer, by name: each spoils the true answer of an operation."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import partial
from itertools import count

from relay import Answer

DEEP = 50_000
TOKENS = ("NextMarker", "NextToken", "Marker")
FLAGS = ("IsTruncated", "Truncated")
PAGED = {
    "lambda:ListEventSourceMappings": ("NextMarker", None),
    "iam:GetAccountAuthorizationDetails": ("Marker", "IsTruncated"),
    "iam:ListAttachedRolePolicies": ("Marker", "IsTruncated"),
    "iam:ListRolePolicies": ("Marker", "IsTruncated"),
    "kms:ListGrants": ("NextMarker", "Truncated"),
    "kms:ListResourceTags": ("NextMarker", "Truncated"),
    "organizations:ListParents": ("NextToken", None),
    "organizations:ListPoliciesForTarget": ("NextToken", None),
}
ANONYMOUS = frozenset(
    {
        # Nothing in these answers says what they are of, or a part passes for the whole.
        "ec2:DescribeRegions",
        "iam:GetPolicyVersion",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "kms:GetKeyPolicy",
        "kms:ListResourceTags",
        "lambda:GetFunctionConcurrency",
        "lambda:GetFunctionRecursionConfig",
        "lambda:ListEventSourceMappings",
        "organizations:DescribeOrganization",
        "organizations:ListParents",
        "organizations:ListPoliciesForTarget",
        "iam:GetAccountAuthorizationDetails",
        "sts:GetCallerIdentity",
        "sqs:ListQueueTags",
        "sqs:SendMessage",
    }
)


HTML = b"<html><head><title>sign in</title></head><body>please</body></html>"


def _is_xml(answer):
    return answer.body.lstrip()[:1] == b"<"


def _error(code, status, request, answer):
    if _is_xml(answer):
        body = f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error>"
        return Answer(status, f"{body}</ErrorResponse>".encode(), {"Content-Type": "text/xml"})
    body = json.dumps({"__type": code, "message": "no"}).encode()
    kind = {"Content-Type": "application/json", "x-amzn-ErrorType": code}
    return Answer(status, body, kind)


def _body(body, request, answer):
    return replace(answer, status=200, body=body)


def _whole(whole, request, answer):
    return whole


def _page(status, request, answer):
    return Answer(status, HTML, {"Content-Type": "text/html"})


def _deep_error(request, answer):
    return replace(_deep(request, answer), status=400)


def _dropped(request, answer):
    return replace(answer, drop=True)


def _cut(request, answer):
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _cut_on_the_way(request, answer):
    return replace(answer, body=answer.body[: len(answer.body) // 2], length=len(answer.body))


def _marked(request, answer):
    return replace(answer, body=b"\xef\xbb\xbf" + answer.body)


def _object(request, answer):
    if not _is_xml(answer):
        return _body(b"{}", request, answer)
    name = request.operation.partition(":")[2]
    return _body(f"<{name}Response><{name}Result/></{name}Response>".encode(), request, answer)


def _another_operation(request, answer):
    if not _is_xml(answer):
        return _body(b'{"FunctionVersion": "1", "Aliases": []}', request, answer)
    return _body(b"<GetUserResponse><GetUserResult/></GetUserResponse>", request, answer)


def _deep(request, answer):
    if _is_xml(answer):
        return _body(b"<a>" * DEEP + b"</a>" * DEEP, request, answer)
    return _body(b"[" * DEEP + b"]" * DEEP, request, answer)


def _deep_member(request, answer):
    if _is_xml(answer):
        head, _, tail = answer.body.rpartition(b"</")
        deep = b"<a>" * DEEP + b"</a>" * DEEP
        return _body(head + deep + b"</" + tail, request, answer)
    head = answer.body.rstrip().rstrip(b"}")
    more = b"," if head.rstrip()[-1:] != b"{" else b""
    return _body(head + more + b'"x":' + b"[" * DEEP + b"]" * DEEP + b"}", request, answer)


def _twice(request, answer):
    """Let each member stand twice, the second time empty."""
    if _is_xml(answer):
        root = ET.fromstring(answer.body)  # noqa: S314 - it is ours
        for parent in list(root.iter()):
            for child in list(parent):
                if _local(child) not in ("member", "item", "entry", "RequestId"):
                    parent.append(ET.Element(child.tag))
        return _body(ET.tostring(root), request, answer)
    members = json.loads(answer.body)
    pairs = [(name, value) for name, value in members.items()] + [(name, None) for name in members]
    text = ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in pairs)
    return _body(f"{{{text}}}".encode(), request, answer)


def _local(element):
    return element.tag.rpartition("}")[2]


# Changes of members: of JSON by value, of XML by element.


def _wrong(value):
    """Return a value of another type."""
    match value:
        case bool():
            return "true"
        case str():
            return 7
        case int() | float():
            return "abc"
        case list():
            return {"a": 1}
        case _:
            return ["a"]


def _each(value, change, depth):
    """Return a value with the members at a depth changed, below lists and objects."""
    if depth == 0:
        return change(value)
    match value:
        case dict():
            return {name: _each(each, change, depth - 1) for name, each in value.items()}
        case list():
            return [_each(each, change, depth) if depth else change(each) for each in value]
        case _:
            return value


def _changed(change, xml_change, depth, request, answer):
    if _is_xml(answer):
        root = ET.fromstring(answer.body)  # noqa: S314 - it is ours
        result = root[0] if len(root) and _local(root[0]).endswith("Result") else root
        level = [result]
        for _ in range(depth):
            level = [child for each in level for child in _below(each)]
        for element in level:
            xml_change(element)
        return _body(ET.tostring(root), request, answer)
    return _body(
        json.dumps(_each(json.loads(answer.body), change, depth)).encode(), request, answer
    )


def _below(element):
    """Yield the members of an element; the members of a list are those of each of it."""
    for child in element:
        yield from child if _local(child) in ("member", "item", "entry") else (child,)


def _wrong_element(element):
    if len(element):
        element[:] = []
        element.text = "abc"
    else:
        element.text = None
        ET.SubElement(element, "value").text = "7"


def _emptied(element):
    element[:] = []
    element.text = None


# Lists without an end.


def _paged(kind, numbers, request, answer):
    token, flag = PAGED[request.operation]
    number = 1 if kind == "one token" else next(numbers)
    if _is_xml(answer):
        root = ET.fromstring(answer.body)  # noqa: S314 - it is ours
        result = root[0]
        space = result.tag.rpartition("}")[0]
        space = f"{space}}}" if space else ""
        for child in list(result):
            if _local(child) in (token, flag):
                result.remove(child)
            elif kind == "empty":
                child[:] = []
            elif kind == "new":
                _renumber(child, number)
        ET.SubElement(result, f"{space}{flag}").text = "true"
        ET.SubElement(result, f"{space}{token}").text = f"token-{number}"
        return _body(ET.tostring(root), request, answer)
    value = json.loads(answer.body)
    if kind == "empty":
        value = {name: [] if isinstance(each, list) else each for name, each in value.items()}
    if kind == "new":
        text = json.dumps(value).replace('"UUID": "', f'"UUID": "{number}')
        value = json.loads(text.replace('"GrantId": "', f'"GrantId": "{number}'))
    value |= {token: f"token-{number}", **({flag: True} if flag else {})}
    return _body(json.dumps(value).encode(), request, answer)


def _renumber(element, number):
    for each in element.iter():
        named = _local(each) in ("UserId", "GroupId", "RoleId", "PolicyId", "PolicyName")
        if named or (_local(each) == "member" and not len(each)):
            each.text = f"{each.text}{number}"


def _of_another(kept, request, answer):
    """Return the answer to another request of the operation; the true one if there is none."""
    others = [
        other
        for each, other in kept.items()
        if each.operation == request.operation and each != request and other.status == 200
    ]
    return others[-1] if others else answer


def faults(kept):
    """Return the faults by name; `kept` are the true answers by request."""
    found = {
        "refused": partial(_error, "AccessDeniedException", 403),
        "throttled": partial(_error, "ThrottlingException", 400),
        "too many requests": partial(_error, "TooManyRequestsException", 429),
        "expired": partial(_error, "ExpiredTokenException", 403),
        "internal failure": partial(_error, "InternalFailure", 500),
        "bad gateway": partial(_page, 502),
        "not found by a proxy": partial(_page, 404),
        "moved": partial(_whole, Answer(302, b"", {"Location": "http://127.0.0.1:9/"})),
        "code of nobody": partial(_error, "x\u001b[31m" * 1000, 400),
        "deep error": _deep_error,
        "dropped": _dropped,
        "cut": _cut,
        "cut on the way": _cut_on_the_way,
        "empty": partial(_body, b""),
        "blank": partial(_body, b" \n"),
        "no content": partial(_whole, Answer(204, b"")),
        "html": partial(_body, HTML),
        "a word": partial(_body, b"ok"),
        "null": partial(_body, b"null"),
        "a list": partial(_body, b"[]"),
        "a number": partial(_body, b"7"),
        "bytes": partial(_body, bytes(range(128, 256))),
        "object": _object,
        "byte-order mark": _marked,
        "deep": _deep,
        "deep member": _deep_member,
        "members twice": _twice,
        "another operation": _another_operation,
        "another thing": partial(_of_another, kept),
    }
    for depth in (1, 2, 3):
        found[f"wrong types {depth}"] = partial(_changed, _wrong, _wrong_element, depth)
        found[f"nulls {depth}"] = partial(_changed, lambda _: None, _emptied, depth)
    for kind in ("one token", "same", "empty", "new"):
        found[f"endless, {kind}"] = partial(_paged, kind, count(1))
    return found


def applies(fault, operation):
    """Tell whether a fault can befall an operation and is distinguished from a true answer."""
    if fault.startswith("endless"):
        return operation in PAGED
    if operation == "lambda:GetFunctionConcurrency" and fault.startswith("nulls"):
        return False  # by `null` AWS says that nothing is reserved
    if operation == "sqs:ListQueueTags" and (fault in _EMPTY or fault.startswith("nulls")):
        return False  # by `{}` SQS says that a queue has no tags
    return fault != "another thing" or operation not in ANONYMOUS


_EMPTY = ("object", "another operation")
