"""Every format of a report: whether a text is well-formed, and free of markup that is not ours."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import jsonschema_rs
from lxml import etree

from fuzzing.seeds import ROOT

_SCHEMAS = ROOT / "tests" / "reports" / "schemas"
_COMMAND = re.compile(
    r"::(error|warning|notice) (?:[a-z]+=(?:[^\s:,%]|%25|%3A|%2C| )*,?)*::(?:[^%\r\n]|%25|%0A)*"
)
_MENTION = re.compile(r"@\w|#\d|https?://|www\.")
_REPORT = "policies/report.schema.json"
_SARIF = "tests/reports/schemas/sarif-2.1.0.json"
_QUALITY = "tests/reports/schemas/code-quality.json"
MOST_COMMENT = 65_536
MOST_ANNOTATIONS = 10


def _json(text: str) -> Iterator[str]:
    yield from _fits(text, _REPORT)


def _sarif(text: str) -> Iterator[str]:
    yield from _fits(text, _SARIF)


def _gitlab(text: str) -> Iterator[str]:
    yield from _fits(text, _QUALITY)


def _fits(text: str, schema: str) -> Iterator[str]:
    try:
        given = json.loads(text, parse_constant=_no_constant)
    except ValueError as error:
        yield f"it is no JSON: {error}"
        return
    for error in _validator(schema).iter_errors(_in_unicode(given)):
        yield f"/{'/'.join(map(str, error.instance_path))}: {error.message:.200}"


def _in_unicode(given: object) -> object:
    """Return JSON without halves of surrogate pairs, which the validator does not take."""
    return json.loads(json.dumps(given, ensure_ascii=False).encode("utf-8", "replace"))


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


@cache
def _validator(schema: str) -> jsonschema_rs.Validator:
    given = json.loads((ROOT / schema).read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(given)


def _junit(text: str) -> Iterator[str]:
    try:
        _xsd().assertValid(etree.fromstring(text.encode(), etree.XMLParser(huge_tree=True)))
    except (etree.XMLSyntaxError, etree.DocumentInvalid) as error:
        yield f"it is no JUnit XML: {error!s:.200}"


@cache
def _xsd() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(_SCHEMAS / "junit.xsd"))


def _github(text: str) -> Iterator[str]:
    levels: dict[str, int] = {}
    for line in text.split("\n")[:-1]:
        if not (found := _COMMAND.fullmatch(line)):
            yield f"no annotation: {line!a:.120}"
            continue
        levels[found[1]] = levels.get(found[1], 0) + 1
    for level, count in levels.items():
        if count > MOST_ANNOTATIONS:
            yield f"{count} annotations of level {level}"


class _Elements(HTMLParser):
    """Collects what a browser would see in a text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element."""
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}


def _seen(text: str) -> _Elements:
    seen = _Elements()
    seen.feed(text)
    return seen


def _markdown(text: str) -> Iterator[str]:
    if len(text) > MOST_COMMENT:
        yield f"{len(text)} characters"
        return
    rendered = _renderer().render(text)
    seen = _seen(rendered)
    if extra := set(seen.tags) - _clean("markdown"):
        yield f"elements {sorted(extra)}"
    if extra := seen.attributes - {"open", "class", "style"}:
        yield f"attributes {sorted(extra)}"
    prose = re.sub(r"<(code|pre)\b.*?</\1>", "", rendered, flags=re.DOTALL)
    if found := _MENTION.search(prose):
        yield f"a mention or link: {prose[max(0, found.start() - 20) : found.end() + 20]!a}"


def _html(text: str) -> Iterator[str]:
    seen = _seen(text)
    if extra := set(seen.tags) - _clean("html"):
        yield f"elements {sorted(extra)}"
    if extra := {name for name in seen.attributes if name.startswith("on")}:
        yield f"attributes {sorted(extra)}"
    yield from _scripts(text)
    for link in re.findall(r'(?:src|href)="([^"]*)"', text):
        if "http" in link or "javascript" in link:
            yield f"a link: {link:.80}"


def _scripts(text: str) -> Iterator[str]:
    """Hold a page to one script that runs, that of its policy, and to data that is JSON."""
    found = re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL)
    data = [inner for attributes, inner in found if 'type="application/json"' in attributes]
    run = [inner for attributes, inner in found if 'type="application/json"' not in attributes]
    if (len(run), len(data), text.lower().count("<script")) != (1, 1, 2):
        yield f"{len(run)} scripts and {len(data)} of data"
        return
    digest = base64.b64encode(hashlib.sha256(run[0].encode()).digest()).decode()
    if f"script-src 'sha256-{digest}'" not in text:
        yield "a script that its policy does not name"
    try:
        json.loads(data[0])
    except ValueError:
        yield "data that is no JSON"


def _text(text: str) -> Iterator[str]:
    if "\x1b" in text:
        yield "an escape sequence in a file"


@cache
def _renderer() -> Any:  # noqa: ANN401 - a library without types here
    from markdown_it import MarkdownIt

    return MarkdownIt("gfm-like", {"html": True, "linkify": False})


@cache
def _clean(name: str) -> frozenset[str]:
    """Return the elements of a report in which no name is hostile."""
    from dataclasses import replace

    from hostile import a_report

    from checker.reports import html, markdown

    report = a_report()
    waived = replace(report, findings=tuple(replace(f, fix="") for f in report.findings))
    if name == "html":
        return frozenset(_seen(html.render(report)).tags)
    texts = (markdown.render(each) for each in (report, waived))
    found = frozenset(tag for text in texts for tag in _seen(_renderer().render(text)).tags)
    return found | {
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ul",
        "li",
        "ol",
        "code",
        "pre",
        "strong",
    }


def load() -> None:
    """Load the schemas, and what reads the formats."""
    for schema in (_REPORT, _SARIF, _QUALITY):
        _validator(schema)
    _xsd()
    for name in ("html", "markdown"):
        _clean(name)


CHECKS: dict[str, Callable[[str], Iterator[str]]] = {
    "json": _json,
    "sarif": _sarif,
    "gitlab": _gitlab,
    "junit": _junit,
    "github": _github,
    "markdown": _markdown,
    "html": _html,
    "text": _text,
}
