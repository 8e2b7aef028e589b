"""Functions of encodings: JSON, base64, CSV, URLs.

See https://developer.hashicorp.com/terraform/language/functions: encoding functions.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import quote_plus

from checker.knowledge.holes import Kind
from checker.sources.terraform.evaluation.functions import json_text
from checker.sources.terraform.evaluation.functions.crypto import encoded
from checker.sources.terraform.evaluation.functions.function import (
    TerraformFunction,
    linear,
    normal_form,
)
from checker.sources.terraform.evaluation.functions.sequences import few
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.size_limits import CHARACTERS, length, weight
from checker.sources.terraform.values.terraform_values import List, PlacedDict, TerraformValue, Type
from checker.sources.terraform.values.unify import STRING

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_CODECS = {
    "utf-8": "utf-8",
    "utf-16": "utf-16-be",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "us-ascii": "ascii",
    "iso-8859-1": "iso8859-1",
    "latin1": "iso8859-1",
    "l1": "iso8859-1",
    "ibm437": "cp437",
    "cp437": "cp437",
    "437": "cp437",
    "iso-8859-2": "iso8859-2",
    "iso-8859-15": "iso8859-15",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1252": "cp1252",
    "shift_jis": "shift_jis",
    "euc-jp": "euc_jp",
    "euc-kr": "euc_kr",
    "koi8-r": "koi8_r",
    "gb18030": "gb18030",
    "gbk": "gbk",
    "big5": "big5",
}


def decoded(data: bytes, what: str) -> str:
    """Return UTF-8 as a string in Terraform's normal form; EvaluationError if it is not UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise EvaluationError(f"{what} is not valid UTF-8") from None
    return normal_form(text)


def _base64encode(text: str) -> TerraformValue:
    return base64.b64encode(encoded(text)).decode()


def _base64_bytes(text: str) -> bytes:
    text = text.replace("\r", "").replace("\n", "")
    if not _BASE64.fullmatch(text):
        raise EvaluationError("not valid base64")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise EvaluationError("not valid base64") from None


def _base64decode(text: str) -> TerraformValue:
    return decoded(_base64_bytes(text), "the result of decoding the base64")


def _base64gzip(_: str) -> TerraformValue:
    raise UnknownResultError("what `base64gzip` makes depends on Terraform's compressor")


def _urlencode(text: str) -> TerraformValue:
    return quote_plus(encoded(text))


def _codec(name: str) -> str:
    codec = _CODECS.get(name.lower())
    if codec is None:
        raise UnknownResultError(f"the encoding `{name[:40]}` is not known to tfcheck")
    return codec


def _textencode(text: str, encoding: str) -> TerraformValue:
    try:
        mark = b"\xfe\xff" if encoding.lower() == "utf-16" else b""
        return base64.b64encode(mark + text.encode(_codec(encoding))).decode()
    except UnicodeEncodeError:
        refusal = f"the string has characters that `{encoding}` cannot represent"
        raise EvaluationError(refusal) from None


def _textdecode(source: str, encoding: str) -> TerraformValue:
    data = _base64_bytes(source)
    if _codec(encoding) == "utf-8":
        return decoded(data, "the text")
    if encoding.lower() == "utf-16":
        raise UnknownResultError("the byte order of UTF-16 depends on a mark")
    try:
        return normal_form(data.decode(_codec(encoding)))
    except UnicodeDecodeError:
        raise UnknownResultError(f"the text is not valid `{encoding}`") from None


_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"')
_PLAIN = re.compile(r"[^,\n]*")


def _records(text: str) -> list[list[str]]:
    """Read CSV as Go's `encoding/csv` does (RFC 4180; empty lines are passed over)."""
    records: list[list[str]] = []
    row: list[str] = []
    at = count = 0
    text = text.replace("\r\n", "\n")
    while at < len(text):
        if not row and text[at] == "\n":
            at += 1
            continue
        match = _QUOTED.match(text, at) or _PLAIN.match(text, at)
        if match is None or (text[at] == '"') != (match.re is _QUOTED):
            raise EvaluationError("a quoted field that does not end")
        if match.re is _PLAIN and '"' in match[0]:
            raise EvaluationError('bare " in non-quoted-field')
        row.append(match[1].replace('""', '"') if match.re is _QUOTED else match[0])
        count += 1
        few(count)
        at = match.end()
        separator = text[at : at + 1]
        if separator not in (",", "\n", ""):
            raise EvaluationError('extraneous or missing " in quoted-field')
        at += 1
        if separator == "," and at >= len(text):
            row.append("")
        if separator != "," or at >= len(text):
            records.append(row)
            row = []
    return records


def _csvdecode(text: str) -> TerraformValue:
    records = _records(text)
    if not records:
        raise EvaluationError("missing header line")
    header, *rows = records
    if len(set(header)) != len(header):
        raise EvaluationError("a column name occurs twice")
    made: list[TerraformValue] = []
    for row in rows:
        if len(row) != len(header):
            raise EvaluationError("wrong number of fields")
        fields = dict(zip(header, row, strict=True))
        made.append(PlacedDict({name: fields[name] for name in sorted(fields)}))
    kind = Type("object", attributes=tuple((name, STRING) for name in sorted(header)))
    return List(made, kind)


def _urlencode_cost(text: str) -> int:
    return 8 * weight(text)  # one byte after another, and three characters for it


def _csvdecode_cost(text: str) -> int:
    lines, header = text.count("\n") + 1, text.partition("\n")[0]
    fields = lines + text.count(",")
    return 2 * weight(text) + 2 * fields + lines * (length(header) // CHARACTERS)


FUNCTIONS = (
    TerraformFunction(
        "jsonencode",
        json_text.encode,
        ("any?",),
        partial=True,
        parts=True,
        returns="string",
        cost=json_text.json_cost,
    ),
    TerraformFunction(
        "jsondecode",
        json_text.decode,
        ("string",),
        partial=True,
        placed=True,
        cost=json_text.decode_cost,
    ),
    TerraformFunction("base64encode", _base64encode, ("string",), returns="string", kind=Kind.PART),
    TerraformFunction("base64decode", _base64decode, ("string",), returns="string"),
    TerraformFunction("base64gzip", _base64gzip, ("string",), returns="string", kind=Kind.NAME),
    TerraformFunction("urlencode", _urlencode, ("string",), returns="string", cost=_urlencode_cost),
    TerraformFunction(
        "textencodebase64",
        _textencode,
        ("string", "string"),
        returns="string",
        cost=lambda *texts: 4 * linear(*texts),
    ),
    TerraformFunction("textdecodebase64", _textdecode, ("string", "string"), returns="string"),
    TerraformFunction("csvdecode", _csvdecode, ("string",), cost=_csvdecode_cost),
)
