"""Files, registry, fixtures, pages, policies and catalogue say the same."""

import ast
import json
import re
from graphlib import TopologicalSorter
from pathlib import Path

import jsonschema_rs
import pytest
import yaml as pyyaml

from checker import yaml
from checker.model import InlineWaiver, Spent
from checker.policy import load, shipped
from checker.policy.schema import schema
from checker.reports.catalogue import catalogue
from checker.rules import RULES
from checker.rules.quotes import QUOTES
from checker.rules.rule import EVERYWHERE, Rule
from checker.rules.visibility_timeout_too_short import visibility_timeout_too_short

ROOT = Path(__file__).resolve().parent.parent
NAMES = [rule.name for rule in RULES]
EXPECTATION = re.compile(r"# expect: (\w+)")


def in_words(name):
    return name.replace("-", "_")


def test_every_rule_has_its_file_and_every_file_its_rule():
    files = {path.stem for path in (ROOT / "checker/rules").glob("[!_]*.py")}
    assert files - {"fix", "rule", "quotes", "settings"} == {in_words(name) for name in NAMES}


def test_the_registry_is_a_tuple_of_rules_each_named_once():
    assert isinstance(RULES, tuple)
    assert all(isinstance(rule, Rule) for rule in RULES)
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rules_function_stands_in_the_file_of_its_name(rule):
    assert rule.check.__module__ == f"checker.rules.{in_words(rule.name)}"
    assert rule.check.__name__ == in_words(rule.name)


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_page_is_one_sentence_then_why_fix_and_since(rule):
    assert re.fullmatch(r"[^.]+(\.[^ .][^.]*)*\.", rule.summary), rule.summary
    headings = re.findall(r"^## (.*)$", rule.doc, re.MULTILINE)
    assert headings == ["Why", "Fix", "Since"]
    sections = re.split(r"^## .*$", rule.doc, flags=re.MULTILINE)
    assert all(section.strip() for section in sections)


def test_every_fixture_folder_is_a_rules():
    folders = {path.name for path in (ROOT / "fixtures/rules").iterdir()}
    assert folders == set(NAMES)


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_has_a_fixture_that_fails_one_that_passes_and_one_that_is_unknown(rule):
    folder = ROOT / "fixtures/rules" / rule.name
    expected = [set(EXPECTATION.findall(path.read_text())) for path in folder.rglob("*.tf")]
    recorded = [json.loads(path.read_text()) for path in folder.rglob("*.account.json")]
    expected += [{each["expect"]} - {None} for each in recorded]
    templates = [each for each in folder.glob("*.yaml") if ".before" not in each.suffixes]
    expected += [set(EXPECTATION.findall(path.read_text())) for path in templates]
    # What a comment says, and what state AWS says a mapping is in, is always known.
    known = rule.on in (InlineWaiver, Spent) or rule.name == "mapping-not-enabled"
    assert set().union(*expected) == ({"problem"} if known else {"problem", "unknown"})
    assert set() in expected


def test_the_default_policy_speaks_of_every_rule():
    current = yaml.parse((ROOT / "policies/current.yaml").read_text())
    rules = next(value for key, value in current.entries if key.text == "rules")
    assert {key.text for key, _ in rules.entries} == set(NAMES)


def test_a_policys_name_is_its_files_name():
    assert {load(name, NAMES).name for name in shipped()} == set(shipped())


def test_the_catalogue_is_written_from_the_rules(in_step):
    policies = {name: load(name, NAMES).severities for name in shipped()}
    file = ROOT / "policies/README.md"
    in_step(
        "policies/README.md", file.read_text() if file.exists() else "", catalogue(RULES, policies)
    )


def test_a_rule_with_a_threshold_has_it_in_the_default_policy():
    assert load("current", NAMES).settings.of(visibility_timeout_too_short, "factor") == 6


def test_the_version_is_stated_once():
    project = (ROOT / "pyproject.toml").read_text()
    assert 'dynamic = ["version"]' in project
    assert "version =" not in project.partition("[tool.hatch")[0].partition("[project]")[2]


def test_the_schema_describes_the_schema_that_reports_name():
    schema = json.loads((ROOT / "policies/report.schema.json").read_text())
    assert schema["properties"]["schema"] == {"const": "tfcheck.report/1"}


EXCEPTION = re.compile(r"^[A-Za-z]+(?:Exception|Value|Denied)?: (?=[A-Z])")
SENTENCE = re.compile(r"`([A-Z][^`]* [^`]*[a-z.\]0-9'})][^`]*)`")


def quoted(doc):
    """What a page quotes: the lines set apart under Why, without the exception's name."""
    why = doc.partition("## Why")[2].partition("## Fix")[0]
    lines = [line.strip() for line in why.splitlines() if line.startswith("    ")]
    return [EXCEPTION.sub("", line) for line in lines]


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_what_a_page_quotes_is_in_the_table_of_quotes(rule):
    for line in quoted(rule.doc):
        assert any(quote.fits(line) or quote.fits(line.rstrip(".")) for quote in QUOTES), line


def test_a_quote_has_its_source_and_how_sure_it_is():
    for quote in QUOTES:
        assert quote.source
        assert quote.says
        assert quote.confidence[0] in "HML"


def test_every_quote_is_said_by_some_rule():
    sources = "".join(path.read_text() for path in sorted((ROOT / "checker/rules").glob("*.py")))
    written = " ".join(sources.replace('"', " ").replace(" f ", " ").split())
    for quote in QUOTES:
        pieces = [" ".join(piece.replace('"', " ").split()) for piece in quote.text.split("{}")]
        assert all(piece in written for piece in pieces), quote.text


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_says_what_aws_does_and_from_what_it_can_tell(rule):
    assert rule.aws
    assert rule.works
    assert set(rule.works) <= set(EVERYWHERE)


def test_the_schema_of_policy_files_is_written_from_the_rules(in_step):
    file = ROOT / "policies/policy.schema.json"
    in_step("policies/policy.schema.json", file.read_text() if file.exists() else "", schema(NAMES))


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_policy_fits_the_schema_and_names_it_in_its_first_line(name):
    text = (ROOT / f"policies/{name}.yaml").read_text()
    assert text.splitlines()[0] == "# yaml-language-server: $schema=policy.schema.json"
    jsonschema_rs.validator_for(json.loads(schema(NAMES))).validate(pyyaml.safe_load(text))


_STARTING = re.compile(
    r"\b(?:subprocess|multiprocessing|pty|popen|os\.(?:system|exec\w+|spawn\w+|posix_spawn\w*|fork))\b"
)


def test_no_process_is_started_anywhere():
    for file in (ROOT / "checker").rglob("*.py"):
        assert not _STARTING.search(file.read_text()), file


def defined(path):
    """Yield the public classes and aliases that a file defines."""
    for node in ast.parse(path.read_text()).body:
        match node:
            case ast.ClassDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(name), annotation=ast.Name("TypeAlias")):
                yield name
            case ast.Assign(targets=[ast.Name(name)]) if re.fullmatch("[A-Z][a-z]+[A-Za-z]*", name):
                yield name


def test_no_two_classes_have_one_name():
    files = {}
    for path in sorted((ROOT / "checker").rglob("*.py")):
        for name in defined(path):
            if not name.startswith("_"):
                files.setdefault(name, []).append(path.relative_to(ROOT).as_posix())
    assert {name: where for name, where in files.items() if len(where) > 1} == {}


PROGRAM = sorted((ROOT / "checker").rglob("*.py"))
OPTIONS = [f"checker/cli/{name}.py" for name in ("audit", "plan", "preflight", "verify")]
"""A command's function has a line for each of its options."""


def test_a_file_has_at_most_300_lines():
    long = [path for path in PROGRAM if len(path.read_text().splitlines()) > 300]
    assert {path.relative_to(ROOT).as_posix() for path in long} == set()


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            first = node.body[0]
            page = first.end_lineno - first.lineno + 1 if ast.get_docstring(node) else 0
            yield node.name, node.end_lineno - node.lineno + 1 - page


def test_a_function_has_at_most_40_lines_beside_its_page():
    for path in PROGRAM:
        if path.relative_to(ROOT).as_posix() not in OPTIONS:
            assert [name for name, lines in functions(path) if lines > 40] == [], path


def test_any_stands_where_nothing_else_can():
    """Values of Terraform have a type, and so has what comes from outside: see `JsonValue`."""
    exceptions = sum(path.read_text().count("ANN401") for path in PROGRAM)
    assert exceptions <= 21


def test_the_architecture_names_files_that_there_are():
    text = (ROOT / "docs/architecture.md").read_text()
    named = set(re.findall(r"`([\w./-]+(?:\.py|/))`", text))
    tops = [ROOT, ROOT / "checker", ROOT / "checker/sources/terraform"]
    assert named
    assert [each for each in named if not any((top / each).exists() for top in tops)] == []
    packages = {path.parent for path in (ROOT / "checker").rglob("__init__.py")}
    rooms = {path.relative_to(ROOT / "checker").as_posix() for path in packages} - {".", "sources"}
    given = {each.removeprefix("checker/").rstrip("/") for each in named}
    given |= {f"sources/terraform/{each}" for each in given}
    assert rooms - given - {"sources/terraform/evaluation/functions"} == set()


def test_the_architecture_fits_its_readers():
    assert len((ROOT / "docs/architecture.md").read_text().splitlines()) <= 200


def imported(path, modules):
    """Yield the modules of checker that a file imports, in functions and for types too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("checker"):
            for each in node.names:
                inner = f"{node.module}.{each.name}"
                yield inner if inner in modules else node.module


def test_no_module_imports_itself_through_others():
    modules = {}
    for path in sorted((ROOT / "checker").rglob("*.py")):
        name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        modules[name.removesuffix(".__init__")] = path
    graph = {name: set(imported(path, modules)) for name, path in modules.items()}
    assert list(TopologicalSorter(graph).static_order())  # CycleError names the circle


SOURCE = re.compile(r"Source: (.+?)\. Confidence: ((?:high|medium|low)\b.*)\.")
UNSURE = re.compile(
    r"inference|not recorded|not documented|does not document|recorded once|reported"
)


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_page_names_its_source_and_how_sure_it_is(rule):
    """A page that rests on less than AWS's own words or an answer that was recorded says so."""
    why = rule.doc.partition("## Why")[2].partition("## Fix")[0]
    found = [SOURCE.fullmatch(" ".join(each.split())) for each in why.split("\n\n")]
    (said,) = [match for match in found if match is not None]
    assert said[1]
    if said[2] != "high":
        assert UNSURE.search(" ".join(why.split())), said[2]
