"""No text holds a word that a reader of AWS's and Terraform's documentation has to guess.

The words stand in the project's design: unknown, fix, "is not allowed to". A person reads messages,
pages, help and documentation; names, docstrings and comments in the code follow the same list.
"""

import ast
import io
import json
import re
import tokenize
from pathlib import Path

import pytest
from scenarios import RECORDED, SCENARIOS

from checker.rules import RULES

ROOT = Path(__file__).resolve().parent.parent
WORDS = {
    r"(?:not |un)told": "unknown",
    r"told": "said, known or reported",
    r"gaps?": "unknown",
    r"doubts?": "unknown",
    r"mend(?:s|ed|ing)?": "fix, correct",
    r"giv(?:es?|ing) up": "stops",
    r"gave up": "stopped",
    r"loses patience": "moves messages early",
    r"hides a message": "the visibility timeout is",
    r"let no": "ignore",
    r"from here on": "from this severity up",
    r"by turns": "attaches and detaches",
}
"""What no text holds, as a pattern, and what to write instead."""
MESSAGE = {
    **WORDS,
    r"for ever": "without end",
    r"anybody": "everyone",
    r"may not": "is not allowed to, or is perhaps not",
    r"cannot tell": "cannot decide",
    r"may allow|may deny": "might allow",
    r"(?<!there )is no (?!longer\b|such\b|more\b|less\b)": "is not a",
    r"(?<!unknown )whether [^:;.]{1,300} is unknown": "it is unknown whether",
}
"""What no message holds beside these."""
OF_TERRAFORM = {"may not extend prefix by more than … bits"}
"""Sentences of Terraform's own, which stay as they are."""
NAMES = frozenset({"told", "untold", "gap", "gaps", "doubt", "doubts", "mend", "mends", "mended"})
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "action.yml",
    "docs/architecture.md",
    "policies/README.md",
    "policies/current.yaml",
    "policies/strict.yaml",
    "policies/aws-2019.yaml",
    *(each.relative_to(ROOT).as_posix() for each in sorted((ROOT / "examples").iterdir())),
)
MODULES = sorted((ROOT / "checker").rglob("*.py"))
QUOTED = re.compile(r"`[^`]*`")


def found_in(text, words):
    """Return the words of a list that a text holds outside of backticks, with what to write."""
    plain = QUOTED.sub("``", text)
    return [
        (match[0], instead)
        for word, instead in words.items()
        for match in re.finditer(rf"\b(?:{word})", plain, re.IGNORECASE)
        if not match[0][-1].isalpha() or not plain[match.end() : match.end() + 1].isalpha()
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the account is not told", ["not told", "told"]),
        ("it is untold", ["untold"]),
        ("Mend it", ["Mend"]),
        ("role `a` may not `b`", ["may not"]),
        ("`x` is no list", ["is no "]),
        ("an amendment, a gapless `gap`, it may note", []),
        ("whether `x` exists is unknown", ["whether `` exists is unknown"]),
    ],
)
def test_a_word_is_found_in_its_forms_and_not_in_others(text, words):
    assert [word for word, _ in found_in(text, MESSAGE)] == words


def said(value):
    """Yield the texts of a report that tfcheck wrote: messages, reasons, fixes, assumptions."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key in {"message", "why", "text", "fix", "remedy", "assumptions"}:
                yield from texts(each)
            else:
                yield from said(each)
    elif isinstance(value, list):
        for each in value:
            yield from said(each)


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_no_message_of_a_scenario_has_to_be_guessed(folder):
    report = json.loads((folder / RECORDED / "report.json").read_text())
    for text in said(report):
        assert not found_in(text, MESSAGE), text
        assert text[:1] != " "
        assert not text.endswith("."), text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_page_of_a_rule_has_to_be_guessed(rule):
    prose = re.sub(r"```.*?```", "", rule.doc, flags=re.DOTALL)
    assert not found_in(prose, {**WORDS, "may not": MESSAGE["may not"]})
    assert not found_in(rule.aws, WORDS)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_to_be_guessed(page):
    text = (ROOT / page).read_text()
    if page == "README.md":
        # The blocks are what `--help` and a report print: see `LATER`.
        text = re.sub(r"```text.*?```|```\n.*?```", "", text, flags=re.DOTALL)
    assert not found_in(text, WORDS)


def strings(tree):
    """Yield the texts of a module that are no docstrings, each with the line that it stands on."""
    parts = {
        id(each)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for each in node.values
    }
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            whole = (each.value if isinstance(each, ast.Constant) else "…" for each in node.values)
            yield "".join(whole), node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from () if id(node) in parts | docs else [(node.value, node.lineno)]


def identifiers(tree):
    """Yield the names that a module defines or uses, each with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name, node.lineno
            case ast.arg(arg=name):
                yield name, node.lineno
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno


def words_of(name):
    return set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_"))


def comments(text):
    """Yield comments and docstrings of a module, each with its line."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT or token.string.startswith('"""'):
            yield token.string, token.start[0]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_holds_a_word_that_has_to_be_guessed(path):
    text = path.read_text()
    tree = ast.parse(text)
    said = ((each, line) for each, line in strings(tree) if each not in OF_TERRAFORM)
    wrong = [(line, each, found_in(each, MESSAGE)) for each, line in said]
    wrong += [(line, each, found_in(each, WORDS)) for each, line in comments(text)]
    wrong = [(line, found) for line, _, found in wrong if found]
    taken = {"gaps"} if path.name == "comparison.py" else set()  # a field of `Compared`
    names = [
        (line, name)
        for name, line in identifiers(tree)
        if words_of(name) & NAMES and name not in taken
    ]
    assert not wrong + names
