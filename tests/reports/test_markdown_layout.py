"""What the comment shows, in which order, and where its links lead; and the summary of a step."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from hostile import NAMES, a_report
from markdown_it import MarkdownIt
from repositories import commit, git
from test_markdown import assert_sound, assert_whole, many

from checker.cli import main
from checker.knowledge.partial import Location
from checker.policy.summary import summarize
from checker.reports import markdown, summary
from checker.reports.fix_pieces import FixPiece, pieces
from checker.reports.permalinks import Permalinks
from checker.reports.report import Affected, Severity, Verdict

pytestmark = pytest.mark.sampled(3)

FILES = f"https://github.com/team/shop/blob/{'1' * 40}"
LINKS = Permalinks(FILES, "https://github.com/team/shop/actions/runs/7")
MEBIBYTE = 1024 * 1024


def of_findings(*findings):
    report = replace(a_report(), findings=findings, proposed=(), unread=())
    return replace(report, summary=summarize(report.mappings, findings, 0))


def alike(number, severity=Severity.ERROR, rule="role-cannot-read-queue", new=False):
    first = replace(a_report().findings[0], severity=severity, rule=rule, new=new)
    return tuple(replace(first, message=f"`{rule}` {n} is wrong") for n in range(number))


def test_the_table_of_verdicts_comes_first_and_what_changed_before_it():
    said = markdown.render(a_report())
    places = [
        said.index(each) for each in ("### ", "**since the commit", "| | mapping", "<details")
    ]
    assert places == sorted(places)
    assert "5 new, 2 worse, 2 fixed by this change" in said


def test_what_got_worse_leads_the_table():
    report = a_report()
    rows = [replace(row, was=None) for row in report.mappings]
    rows[2] = replace(rows[2], was=Verdict.READY)
    said = markdown.render(replace(report, mappings=tuple(rows)))
    (first, *_) = re.findall(r"^\| [^|]*[a-z][^|]* \|", said, re.MULTILINE)[0:]
    assert "at-risk, worse (was ready)" in first


def test_at_most_ten_findings_are_shown_grouped_by_rule_and_the_others_are_counted():
    warnings = alike(30, Severity.WARNING, "receive-count-too-low")
    said = assert_sound(markdown.render(of_findings(*alike(3), *warnings), LINKS))
    assert said.count(" is wrong") == 10
    assert "<b>error</b>: role-cannot-read-queue (3 findings)</summary>" in said
    assert "<b>warning</b>: receive-count-too-low (7 findings)</summary>" in said
    assert "<summary>23 more findings</summary>" in said
    assert (
        f"- 23 warning `receive-count-too-low`, the first at [`aws_sqs_queue.orders.tf:3`]({FILES}"
        in said
    )
    assert f"Left out: 23 findings. [The summary of the step]({LINKS.run}) has them." in said


def test_each_rule_of_the_worst_severity_shows_its_first_before_another_its_second():
    rules = ("role-cannot-read-queue", "role-cannot-decrypt", "key-unusable")
    found = [each for rule in rules for each in alike(20, rule=rule)]
    said = markdown.render(of_findings(*found, *alike(5, Severity.WARNING, "queue-not-encrypted")))
    assert [said.count(f"`{rule}` {n} is wrong") for rule in rules for n in (0, 1, 2)] == [1] * 9
    assert said.count(" is wrong") == 10
    assert "- 5 warning `queue-not-encrypted`" in said


def test_what_is_new_comes_before_what_was_there():
    found = (*alike(3), *alike(2, Severity.WARNING, "queue-not-encrypted", new=True))
    said = markdown.render(of_findings(*found))
    assert said.index("<b>new warning</b>") < said.index("<b>error</b>")


def test_an_unknown_that_leaves_many_rules_open_names_them_once():
    unknown = a_report().findings[1]
    rules = [f"rule-{n}" for n in range(12)]
    parts = tuple(Affected(rule, Severity.ERROR, "x", ("a",), "m") for rule in rules)
    message = f"cannot decide {', '.join(rules)}: variable `x` has no value"
    found = replace(unknown, message=message, why="variable `x` has no value", affected=parts)
    said = assert_sound(markdown.render(of_findings(found)))
    assert "<b>new unknown</b>: rule-0, rule-1, rule-2 and 9 more</summary>" in said
    assert ": variable `x` has no value\n- cannot decide `rule-0`, `rule-1`" in said
    assert said.count("rule-11") == 1


def test_many_parts_that_were_not_read_are_folded():
    said = assert_sound(markdown.render(many("a", unread=5)))
    assert "\nNot read:\n\n- " in said
    said = assert_sound(markdown.render(many("a", unread=6)))
    assert "<details><summary>not read: 6</summary>" in said


def test_many_that_are_ready_are_counted():
    report = a_report()
    ready = replace(report.mappings[3], verdict=Verdict.READY)
    rows = (*report.mappings[:3], *(replace(ready, id=f"ready {n}") for n in range(30)))
    report = replace(report, mappings=rows, summary=summarize(rows, report.findings, 0))
    said = markdown.render(report)
    assert "`ready " not in said
    assert "Left out: 30 mappings" in said
    assert summary.render(report).count("| `ready ") == 30


@pytest.mark.parametrize(
    ("at", "url"),
    [
        (Location("a/b.tf", 3, 5), "a/b.tf#L3"),
        (Location("a/b.tf", 24, 3).up_to(Location("a/b.tf", 30, 4, 30, 4)), "a/b.tf#L24-L30"),
        (Location("./a//b.tf", 3), "a/b.tf#L3"),
        (Location("a b#c?d%.tf", 3), "a%20b%23c%3Fd%25.tf#L3"),
        (Location("ä/\udcff.tf", 3), "%C3%A4/%FF.tf#L3"),
        (Location("a\n(b)]<c>`|@\u202e.tf", 3), "a%0A%28b%29%5D%3Cc%3E%60%7C%40%E2%80%AE.tf#L3"),
        (Location("..", 3), None),
        (Location("../a.tf", 3), None),
        (Location("a/../../b.tf", 3), None),
        (Location("/etc/passwd", 3), None),
        (Location("//host/x.tf", 3), None),
        (Location(".terraform/modules/x/main.tf", 3), None),
        (Location("envs/.terraform/modules/x/main.tf", 3), None),
        (Location("arn:aws:sqs:eu-west-1:1:q"), None),
        (Location("x" * 5_000, 3), None),
        (Location("", 3), None),
        (Location("a\ud800.tf", 3), None),
    ],
)
def test_a_link_is_of_the_commit_and_its_path_is_quoted(at, url):
    assert LINKS.of(at) == (f"{FILES}/{url}" if url else "")
    assert not Permalinks().of(at)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_link_leads_to_the_commit_whatever_the_name(name):
    report = a_report(name)
    rows = tuple(replace(row, at=Location(f"{name}.tf", 3)) for row in report.mappings)
    said = assert_sound(markdown.render(replace(report, mappings=rows), LINKS))
    rendered = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(said)
    found = re.findall(r'<a href="([^"]*)"', rendered)
    assert {each.partition("#")[2] for each in found} <= {"L3", ""}
    wanted = f"{name}.tf".encode("utf-8", "surrogateescape") if "\ud800" not in name else None
    if wanted is not None and len(name) < 300:
        assert found
        prefix = f"{FILES}/"
        for each in found:
            if each != LINKS.run:
                assert each.startswith(prefix)
                quoted = each.removeprefix(prefix).partition("#")[0]
                assert unquote_to_bytes(quoted).split(b"/")[-1] == wanted.split(b"/")[-1]
    text = re.sub(r"<(code|pre)\b.*?</\1>|<a href=[^>]*>", "", rendered, flags=re.DOTALL)
    assert not re.search(r"@\w|#\d|https?://|www\.", text)


STATEMENT = '{ Effect = "Allow", Action = ["a:B", "c:D"], Resource = aws_sqs_queue.q.arn }'
LAID_OUT = """{
  Effect   = "Allow"
  Action   = ["a:B", "c:D"]
  Resource = aws_sqs_queue.q.arn
}"""
INNER = 'ArnNotEquals = { "aws:PrincipalArn" = aws_iam_role.worker.arn, x = "a, }\\"" }'
ODD = f"{{ a, b = c, {'d' * 60} }}"


@pytest.mark.parametrize(
    ("fix", "said"),
    [
        ("`a_b = 360` on `aws_sqs_queue.q`", [("a_b = 360", 1), ("on `aws_sqs_queue.q`", 0)]),
        (
            "`a = 1`, or `b = [2]`; and more",
            [("a = 1", 1), ("or", 0), ("b = [2]", 1), ("and more", 0)],
        ),
        ("remove `parallelization_factor`", [("remove `parallelization_factor`", 0)]),
        (f"add to `p`: `{STATEMENT}`", [("add to `p`:", 0), (LAID_OUT, 1)]),
        (f"`Condition = {{ {INNER} }}`", [(f"Condition = {{\n  {INNER}\n}}", 1)]),
        (f"`{ODD}`", [(ODD, 1)]),
        ("", []),
        ("`", [("`", 0)]),
    ],
)
def test_a_fix_is_sentences_and_code(fix, said):
    assert list(pieces(fix)) == [FixPiece(text, bool(code)) for text, code in said]


def test_code_of_a_fix_is_fenced_as_hcl_and_closes_no_fence():
    finding = replace(a_report().findings[0], fix='`a = "```\\n```"` on `b`', at=None)
    said = assert_sound(markdown.render(of_findings(finding)))
    assert '\nFix:\n\n````hcl\na = "' not in said  # a backtick ends the code
    finding = replace(finding, fix="set `a = 1 ~~~ </details> \r\u202e`")
    said = assert_sound(markdown.render(of_findings(finding)))
    assert "```hcl\na = 1 ~~~ </details> \\r\\u202e\n```" in said


def test_the_summary_of_a_step_shows_everything_that_a_mebibyte_holds():
    report = many("n" * 90, rows=400, findings=500, unread=90, assumptions=90, proposed=90)
    said = assert_whole(summary.render(report, LINKS))
    assert 5 * markdown.MOST < len(said.encode()) < MEBIBYTE
    assert "Left out" not in said
    assert len(re.findall(r"\d+ role", said)) == 500


@pytest.mark.parametrize("sign", ["n", "\U0001f600", "\u4e2d", "`@|\n", "\ud800"])
def test_a_summary_that_is_too_long_for_github_is_cut_and_counted(sign):
    sizes = {"rows": 3_000, "findings": 9_000, "because": 30, "unread": 900, "assumptions": 900}
    said = assert_whole(summary.render(many(sign * 150, **sizes, proposed=900)))
    assert len(said.encode("utf-8", "backslashreplace")) <= MEBIBYTE
    assert "Left out: " in said
    assert "[The summary" not in said


RUNNER = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.example.com:8443",
    "GITHUB_REPOSITORY": "team/shop",
    "GITHUB_SHA": "2" * 40,
    "GITHUB_RUN_ID": "7",
}
HERE = "https://github.example.com:8443/team/shop"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout in which one mapping cannot be created, on a runner."""
    git("init", "-q", at=tmp_path)
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b/main.tf").write_text(
        'resource "aws_lambda_event_source_mapping" "m" {\n'
        '  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:orders"\n'
        '  function_name = "arn:aws:lambda:eu-west-1:123456789012:function:w"\n'
        "  batch_size = 20000\n}\n"
    )
    monkeypatch.chdir(tmp_path)
    made = commit(tmp_path)
    for name, value in (RUNNER | {"GITHUB_SHA": made}).items():
        monkeypatch.setenv(name, value)
    return made


def written(capsys, *words):
    main(["plan", "a b", "--format", "markdown", *words])
    return capsys.readouterr().out


def test_on_a_runner_a_line_is_a_link_to_the_commit(checkout, capsys):
    said = written(capsys)
    assert f"[`a b/main.tf:4`]({HERE}/blob/{checkout}/a%20b/main.tf#L4)" in said


def test_a_file_that_the_commit_has_with_other_lines_is_not_linked(checkout, capsys):
    file = Path("a b/main.tf")
    file.write_text("\n" + file.read_text())
    said = written(capsys)
    assert "`a b/main.tf:5`" in said
    assert "/blob/" not in said
    commit(".")
    assert "/blob/" not in written(capsys)


def test_a_commit_that_is_not_fetched_is_not_linked(checkout, capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_SHA", "2" * 40)
    assert "/blob/" not in written(capsys)


@pytest.mark.parametrize(
    "variables",
    [
        {"GITHUB_ACTIONS": ""},
        {"GITHUB_SERVER_URL": "javascript:alert(1)"},
        {"GITHUB_SERVER_URL": "https://github.com/x) ["},
        {"GITHUB_SERVER_URL": "https://user@github.com"},
        {"GITHUB_REPOSITORY": "team/shop/../x"},
        {"GITHUB_REPOSITORY": "../.."},
        {"GITHUB_REPOSITORY": "team/.."},
        {"GITHUB_REPOSITORY": "team"},
        {"GITHUB_SHA": ""},
        {"GITHUB_SHA": "main"},
        {"GITHUB_SHA": "2" * 40 + "\n"},
    ],
)
def test_what_is_not_a_place_on_github_is_not_linked(checkout, monkeypatch, capsys, variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    said = written(capsys)
    assert "`a b/main.tf:4`" in said
    assert "](" not in said


def test_below_another_root_than_that_of_the_checkout_nothing_is_linked(checkout, capsys):
    """The paths of the report are not those of the commit."""
    assert "](" not in written(capsys, "--root", "a b")


def test_the_summary_is_written_beside_the_comment(checkout, capsys):
    main(["plan", "a b", "--format", "markdown=c.md", "--format", "summary=s.md"])
    comment, whole = Path("c.md").read_text(), Path("s.md").read_text()
    assert whole.startswith("<!-- tfcheck -->\n\n### tfcheck: ")
    assert comment.count("<details") == whole.count("<details")
