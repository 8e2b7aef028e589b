"""What can be untrue in an answer of the right form, by name: each changes its texts or numbers.

None of it is what AWS answers, so it ends in an unknown or in what is true without it.
"""

from __future__ import annotations

import gzip
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import partial

from relay import Answer
from spoiling import _body, _is_xml, _local

ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
DENY = '{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}'
DOCUMENTS = ("Policy", "Content", "RedrivePolicy", "RedriveAllowPolicy")
XML_DOCUMENTS = ("PolicyDocument", "Document", "AssumeRolePolicyDocument")
BOMB = gzip.compress(b" " * 300_000_000, 1)
ARABIC = str.maketrans("0123456789", "".join(map(chr, range(0x660, 0x66A))))


def _members(value, change, key=""):
    """Return a JSON value with each scalar changed by its key and itself."""
    if isinstance(value, dict):
        return {name: _members(each, change, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_members(each, change, key) for each in value]
    return change(key, value)


def _leaves(change, request, answer):
    if _is_xml(answer):
        root = ET.fromstring(answer.body)  # noqa: S314 - it is ours
        for each in root.iter():
            if not len(each) and each.text:
                each.text = change(_local(each), each.text)
        return _body(ET.tostring(root), request, answer)
    changed = _members(json.loads(answer.body), change)
    return _body(json.dumps(changed).encode(), request, answer)


def _texts(change):
    return partial(
        _leaves, lambda _, value: change(value) if isinstance(value, str) and value else value
    )


def _numbers(change):
    def changed(_, value):
        if isinstance(value, int) and not isinstance(value, bool):
            return change(value)
        if isinstance(value, str) and re.fullmatch("[0-9]{1,8}", value):
            return str(change(int(value)))
        return value

    return partial(_leaves, changed)


def _documents(text):
    names = (*DOCUMENTS, *XML_DOCUMENTS)
    return partial(
        _leaves,
        lambda name, value: text if isinstance(value, str) and name in names else value,
    )


def _replaced(old, new, request, answer):
    return _body(answer.body.replace(old, new), request, answer)


def _twice(lists, inner, request, answer):
    """Let each thing of some lists of XML stand a second time, with a part that allows all."""
    if not _is_xml(answer):
        return answer
    root = ET.fromstring(answer.body)  # noqa: S314 - it is ours
    for parent in [each for each in root.iter() if _local(each) in lists]:
        for child in list(parent):
            copy = ET.fromstring(ET.tostring(child))  # noqa: S314 - see above
            for each in copy.iter():
                if _local(each) in inner:
                    each[:] = []
                if _local(each) == "Document":
                    each.text = ALL
            parent.append(copy)
    return _body(ET.tostring(root), request, answer)


def _added(member, value, request, answer):
    if _is_xml(answer):
        return answer

    def walk(one):
        if isinstance(one, dict):
            return {**{name: walk(each) for name, each in one.items()}, member: value}
        return [walk(each) for each in one] if isinstance(one, list) else one

    return _body(json.dumps(walk(json.loads(answer.body))).encode(), request, answer)


def _set(names, value, request, answer):
    if not _is_xml(answer):
        return answer
    return _leaves(lambda name, text: value if name in names else text, request, answer)


def _status(code, headers, request, answer):
    return replace(answer, status=code, headers={**answer.headers, **headers})


def _packed(body, request, answer):
    packed = gzip.compress(answer.body) if body is None else body
    return replace(answer, body=packed, headers={**answer.headers, "Content-Encoding": "gzip"})


def _wide(request, answer):
    return replace(answer, body=answer.body.decode("utf-8", "replace").encode("utf-16"))


def _short(request, answer):
    return replace(answer, length=max(0, len(answer.body) - 1))


LIES = {
    "another partition": partial(_replaced, b"arn:aws:", b"arn:aws-cn:"),
    "another account": partial(_replaced, b"123456789012", b"210987654321"),
    "another region": partial(_replaced, b"eu-west-1", b"eu-west-9"),
    "arabic digits": _texts(lambda text: text.translate(ARABIC) if text.isdigit() else text),
    "words of nobody": _texts(
        lambda text: "Banana" if re.fullmatch("[A-Z][A-Za-z_]*", text) else text
    ),
    "lower case": _texts(str.lower),
    "upper case": _texts(str.upper),
    "bidi": _texts(lambda text: text + "\u202e"),
    "blanks": _texts(lambda text: text + " "),
    "line breaks": _texts(lambda text: text + "\n"),
    "long texts": _texts(lambda text: text + "x" * 9_000),
    "huge texts": _texts(lambda text: text + "x" * 200_000),
    "negative": _numbers(lambda _: -1),
    "fractions": _numbers(lambda number: number + 0.5),
    "large": _numbers(lambda _: 10**15),
    "enormous": _numbers(lambda _: 10**30),
    "documents are no JSON": _documents("this is no JSON"),
    "documents are null": _documents("null"),
    "documents are empty": _documents("{}"),
    "documents are lists": _documents("[]"),
    "documents are texts": _documents('"x"'),
    "documents are deep": _documents("[" * 100_000),
    "documents are cut": _documents('{"Version":"2012-10-17","Statement":['),
    "documents say twice": _documents(
        f'{{"Version":"2012-10-17","Statement":[{DENY}],"Statement":[]}}'
    ),
    "documents without statements": _documents('{"Version":"2012-10-17"}'),
    "documents without effect": _documents('{"Statement":[{"Action":"*","Resource":"*"}]}'),
    "documents of an effect of nobody": _documents(
        '{"Statement":[{"Effect":"Banana","Action":"*","Resource":"*"}]}'
    ),
    "roles twice": partial(
        _twice, ("RoleDetailList", "Policies"), ("RolePolicyList", "AttachedManagedPolicies")
    ),
    "two default versions": partial(_twice, ("PolicyVersionList",), ()),
    "time beyond time": partial(_added, "LastModified", 1e300),
    "time of text": partial(_added, "LastModified", "abc"),
    "time of a list": partial(_added, "CreationDate", [1]),
    "created beyond time": partial(_set, ("CreateDate", "UpdateDate"), "1e300"),
    "created in digits": partial(_set, ("CreateDate", "UpdateDate"), "9" * 200_000),
    "numbers of digits": partial(_set, ("MaxSessionDuration", "AttachmentCount"), "9" * 5_000),
    "status 300": partial(_status, 300, {}),
    "status 301": partial(_status, 301, {"x-amz-bucket-region": "us-east-2"}),
    "status 307": partial(_status, 307, {"Location": "http://127.0.0.1:9/"}),
    "status 205": partial(_status, 205, {}),
    "status 206": partial(_status, 206, {"Content-Range": "bytes 0-10/99"}),
    "status 299": partial(_status, 299, {}),
    "error of 60,000 letters": partial(_status, 400, {"x-amzn-ErrorType": "x" * 60_000}),
    "error of the query protocol": partial(_status, 400, {"x-amzn-query-error": ";;;;"}),
    "packed": partial(_packed, None),
    "packed bomb": partial(_packed, BOMB),
    "one byte short": _short,
    "another encoding": _wide,
    "redirect to itself": lambda request, _: Answer(302, b"", {"Location": request.path}),
}
"""By name; what takes a request and its true answer, and returns the untrue one."""

_ELSEWHERE = ("another partition", "another account", "another region")
_DOCUMENTS_ONLY = (
    *("kms:GetKeyPolicy", "iam:GetPolicyVersion", "iam:GetRolePolicy"),
    "organizations:DescribePolicy",
)


def befalls(lie, operation):
    """Tell whether a lie is known from what is true of another account.

    A document may name whatever it likes, and who the caller is nobody else says.
    """
    return lie not in _ELSEWHERE or operation not in (*_DOCUMENTS_ONLY, "sts:GetCallerIdentity")
