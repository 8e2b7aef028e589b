"""What the HTML page says: its table, its findings, its pictures, and the data of its script."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hostile import NAMES, a_report
from mapped import a_page, finding, row, thing

from checker.cli import main
from checker.knowledge.partial import Location
from checker.policy.summary import summarize
from checker.reports import html
from checker.reports.page.by_mapping import by_mapping
from checker.reports.page.findings import MOST_LISTED, MOST_TEXTS, sections
from checker.reports.page.picture import EDGES, names, states
from checker.reports.page.rows import table_row
from checker.reports.page.sentences import pieces
from checker.reports.report import (
    Affected,
    KnownFindings,
    ReportedThing,
    Severity,
    UnreadRow,
    Verdict,
    Waived,
)
from checker.reports.terminal import visible
from checker.rules import RULES

HERE = Path(html.__file__).parent / "page"
EDGE = {(edge.start, edge.end): n for n, edge in enumerate(EDGES)}


class Scripts(HTMLParser):
    """The texts of the script elements, as a browser finds them."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.is_inside = [], False

    def handle_starttag(self, tag, attrs):
        self.is_inside = tag == "script"
        if self.is_inside:
            self.found.append("")

    def handle_endtag(self, tag):
        self.is_inside = False

    def handle_data(self, data):
        if self.is_inside:
            self.found[-1] += data


def reported(rows, findings, **words):
    rows, findings = tuple(rows), tuple(findings)
    summary = summarize(rows, findings, 0)
    return replace(a_page(), mappings=rows, findings=findings, summary=summary, **words)


def table(report):
    found = by_mapping(report)
    return [table_row(n, one, found.get(one.id, ())) for n, one in enumerate(report.mappings)]


def drawn(one, *findings, is_complete=True):
    report = reported([one], findings)
    return states(one, by_mapping(report).get(one.id, ()), is_complete=is_complete)


class TestData:
    @pytest.mark.parametrize("name", [*NAMES, "<!--<script>", "\u2028\u2029", "\\u003c/script>"])
    def test_names_are_data_to_the_script(self, name):
        page = html.render(a_report(name))
        scripts = Scripts()
        scripts.feed(page)
        assert len(scripts.found) == 2
        data = json.loads(scripts.found[1])
        written = page.partition('id="data">')[2].partition("</script>")[0]
        assert written.isascii()
        assert not set(written) & set("<>&")
        table_names = {visible(name), visible(f"blocked {name}")}
        assert set(data["names"]) <= {visible(name)} | table_names
        assert len(data["rows"]) == 4

    def test_the_script_makes_no_markup_and_loads_nothing(self):
        code = "".join((HERE / name).read_text("utf-8") for name in html.SCRIPTS)
        forbidden = r"(inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|fetch\(|import"
        assert not re.search(rf"{forbidden}|XMLHttp|\bFunction\(|https?://(?!www\.w3\.org)", code)
        assert "</script" not in code

    def test_its_files_are_small(self):
        for path in HERE.iterdir():
            if path.is_file():
                assert len(path.read_text("utf-8").splitlines()) <= 300, path


class TestTable:
    def test_a_row_names_what_its_verdict_rests_on_and_counts_the_rest(self):
        one = row(0, Verdict.BLOCKED)
        found = [
            finding("role-cannot-read-queue", Severity.ERROR, [one.id]),
            finding("role-cannot-decrypt", Severity.ERROR, [one.id], kind="unknown"),
            finding("receive-count-too-low", Severity.WARNING, [one.id]),
            finding("dead-letter-queue-missing", Severity.WARNING, [one.id]),
        ]
        (shown,) = table(reported([one], found))
        assert [each.said for each in shown.reasons] == ["role-cannot-read-queue"]
        assert shown.counts == "1 unknown, 2 warnings"
        (shown,) = table(reported([replace(one, verdict=Verdict.UNDECIDED)], found[1:]))
        assert [each.said for each in shown.reasons] == ["role-cannot-decrypt"]
        (shown,) = table(reported([replace(one, verdict=Verdict.AT_RISK)], found[2:]))
        assert len(shown.reasons) == 2
        assert shown.counts == ""

    def test_one_cause_is_of_a_row_what_it_says_of_that_mapping(self):
        rows = [row(0, Verdict.UNDECIDED), row(1, Verdict.AT_RISK)]
        parts = (
            Affected("role-cannot-read-queue", Severity.ERROR, "r", (rows[0].id,), "m"),
            Affected("receive-count-too-low", Severity.WARNING, "q", (rows[1].id,), "m"),
        )
        ids = [one.id for one in rows]
        cause = finding("role-cannot-read-queue", Severity.ERROR, ids, kind="unknown")
        report = reported(rows, [replace(cause, affected=parts)])
        said = [[each.said for each in one.reasons] for one in table(report)]
        assert said == [["role-cannot-read-queue"], ["receive-count-too-low"]]
        edges = [states(one, by_mapping(report)[one.id]) for one in rows]
        assert edges[0][EDGE["role", "queue"]] == "m"
        assert edges[1][EDGE["role", "queue"]] == "-"

    def test_account_and_region_stand_where_they_are_known(self):
        known = thing("aws_lambda_function", "f", "lambda", account="111122223333")
        queue = thing("aws_sqs_queue", "q", "sqs", account="444455556666")
        rows = [
            row(0, Verdict.READY, function=known, source=queue),
            row(1, Verdict.READY),
            row(2, Verdict.READY, function=None, source=queue),
            row(3, Verdict.READY, function=None, source=None),
        ]
        found = [(each.account, each.region) for each in table(reported(rows, []))]
        assert found == [
            ("111122223333", "eu-west-1"),
            ("", "eu-west-1"),
            ("444455556666", "eu-west-1"),
            ("", ""),
        ]
        assert ">Account and Region<" in html.render(reported(rows, []))
        assert ">Region<" in html.render(reported(rows[1:2], []))
        assert "Region<" not in html.render(reported(rows[3:], []))

    def test_what_lives_in_an_account_is_named_by_the_last_of_its_arn(self):
        function = "arn:aws:lambda:eu-west-1:111122223333:function:worker:live"
        ours, theirs = (
            f"arn:aws:sqs:eu-west-1:{n}:orders" for n in ("111122223333", "444455556666")
        )
        for queue, said in ((ours, "orders"), (theirs, "444455556666:orders")):
            one = row(
                0,
                Verdict.READY,
                source=ReportedThing(queue, queue),
                function=ReportedThing(function, function),
            )
            (shown,) = table(reported([one], []))
            assert (shown.source, shown.function) == (said, "worker:live")

    def test_the_root_module_of_a_mapping_stands_once(self):
        one = row(0, Verdict.READY, source=ReportedThing("a/b:aws_sqs_queue.q", ""))
        (shown,) = table(reported([replace(one, id=f"a/b:{one.id}")], []))
        assert shown.source == "aws_sqs_queue.q"


class TestPicture:
    def test_each_rule_about_a_mapping_is_of_an_edge(self):
        known = {rule for edge in EDGES for rule in edge.rules}
        others = {"waiver-without-reason", "waiver-unused"}
        assert {rule.name for rule in RULES} - others == known

    def test_what_is_unknown_is_no_part_of_it(self):
        one = row(0, Verdict.UNDECIDED, source=None, role=None)
        assert list(names(one)) == ["mapping", "function"]
        assert drawn(one) == "------"

    def test_an_edge_is_sound_only_if_a_rule_says_so(self):
        one = row(0, Verdict.READY, passed=("role-cannot-read-queue",))
        assert drawn(one) == "---y--"
        assert drawn(replace(one, passed=())) == "------"

    def test_what_is_waived_or_left_out_is_not_called_sound(self):
        one = row(0, Verdict.BLOCKED, passed=("document-invalid",))
        waived = finding("role-cannot-read-queue", Severity.ERROR, [one.id])
        waived = replace(waived, waived=Waived("ok", "", None))
        assert drawn(one) == "---y--"
        assert drawn(one, waived) == "------"
        assert drawn(one, is_complete=False) == "------"
        assert drawn(replace(one, verdict=Verdict.READY), is_complete=False) == "---y--"
        for words in ({"baseline": KnownFindings(1, ())}, {"unchanged": 1}):
            page = html.render(reported([one], [], **words))
            assert (
                json.loads(page.partition('id="data">')[2].partition("</script>")[0])["rows"][0][1]
                == "------"
            )

    @pytest.mark.parametrize(
        ("kind", "severity", "state"),
        [
            ("problem", Severity.ERROR, "n"),
            ("unknown", Severity.ERROR, "m"),
            ("problem", Severity.WARNING, "r"),
            ("unknown", Severity.WARNING, "r"),
            ("problem", Severity.NOTE, "y"),
        ],
    )
    def test_an_edge_is_as_bad_as_the_worst_finding(self, kind, severity, state):
        one = row(0, Verdict.READY, passed=("document-invalid",))
        found = finding("role-cannot-read-queue", severity, [one.id], kind=kind)
        assert drawn(one, found)[EDGE["role", "queue"]] == state


class TestFindings:
    def test_a_few_of_a_rule_are_shown_each_and_many_as_one_block(self):
        for count, blocks in ((5, 5), (6, 1)):
            (section,) = [e for e in sections(a_page(each=count)) if e.word == "warning"]
            assert section.count == count
            assert len(section.blocks) == blocks
            shown = blocks + sum(len(each.alike) for each in section.blocks)
            assert shown == count

    def test_of_many_each_says_what_is_its_own(self):
        rows = [row(n, Verdict.BLOCKED) for n in range(30)]
        actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
        found = [
            finding(
                "role-cannot-read-queue",
                Severity.ERROR,
                [one.id],
                f"role `aws_iam_role.r` is not allowed to `{actions[n % 2]}` on `{one.source.id}`",
                fix=f"allow `{actions[n % 2]}`",
                at=Location("iam.tf", n + 1, 3),
            )
            for n, one in enumerate(rows)
        ]
        (section,) = sections(reported(rows, found))
        (block,) = section.blocks
        assert block.message[3] == ("sqs:ReceiveMessage", True)
        for n, each in enumerate(block.alike, 1):
            assert bool(each.message) == bool(each.fix) == bool(n % 2)
            assert each.at == f"iam.tf:{n + 1}"
            assert [link.number for link in each.links] == [n]

    def test_notes_beyond_a_bound_are_counted(self):
        rows = [row(n, Verdict.READY) for n in range(MOST_LISTED["note"] + 31)]
        found = [finding("whole-batch-retried", Severity.NOTE, [one.id]) for one in rows]
        (section,) = sections(reported(rows, found))
        assert len(section.blocks[0].alike) == MOST_LISTED["note"]
        assert section.blocks[0].unlisted == 30
        page = html.render(reported(rows, found))
        assert "1031 findings, the first at" in page
        assert "and 30 more, each counted at its mapping" in page

    @pytest.mark.parametrize("is_shared", [True, False])
    def test_five_thousand_mappings_fit_in_five_megabytes(self, is_shared):
        stem = 'module.orders_of_a_region["eu-west-1"].'
        rows, found = [], []
        for n in range(5_000):
            role = ReportedThing(f"{stem}aws_iam_role.worker_{n}", "")
            one = row(n, Verdict.BLOCKED, role=role)
            one = replace(one, id=stem + one.id)
            rows.append(one)
            said = f"role `{role.id}` is not allowed to `sqs:DeleteMessage` on `{one.source.id}`"
            fix = f'`{{ Effect = "Allow", Resource = {one.source.id}.arn }}`'
            for rule, severity in {
                **({} if is_shared else {"role-cannot-read-queue": Severity.ERROR}),
                "dead-letter-queue-missing": Severity.WARNING,
                "visibility-timeout-too-short": Severity.WARNING,
                "policy-attached-too-late": Severity.NOTE,
                "whole-batch-retried": Severity.NOTE,
            }.items():
                found.append(finding(rule, severity, [one.id], said, fix=fix, at=one.at))
        ids = [one.id for one in rows]
        if is_shared:
            found.append(finding("role-cannot-read-queue", Severity.ERROR, ids))
        assert len(html.render(reported(rows, found))) < 5_000_000

    def test_long_lists_say_what_they_leave_out(self):
        rows = [row(n, Verdict.BLOCKED) for n in range(MOST_TEXTS + 8)]
        found = [
            finding(
                "role-cannot-decrypt", Severity.ERROR, [one.id], f"key `key-{one.id}` is unknown"
            )
            for one in rows
        ]
        found += [replace(each, message=f"{n} s") for n, each in enumerate(found)]
        page = html.render(reported(rows, found))
        assert "What 8 of them say is left out." in page
        (section,) = sections(reported(rows, found))
        (block,) = section.blocks
        assert sum(bool(each.message) for each in block.alike) == MOST_TEXTS
        assert block.is_long

    @pytest.mark.parametrize(
        ("fix", "kinds"),
        [
            ("`a = 1` on queue `aws_sqs_queue.q`", ["code", "text", "name"]),
            ("add to `x`: `" + "a = 1, " * 9 + "`", ["text", "name", "text", "block"]),
            ("aws lambda delete-event-source-mapping --uuid 1", ["block"]),
            ("run `terraform init`", ["text", "code"]),
            ("set `--deployer`", ["text", "code"]),
            ("remove `a.b[0]` or `arn:aws:sqs:x`", ["text", "name", "text", "name"]),
            ("", []),
        ],
    )
    def test_what_a_person_would_copy_from_a_fix_is_code(self, fix, kinds):
        assert [each.kind for each in pieces(fix)] == kinds
        assert "".join(each.text for each in pieces(fix)) == fix.replace("`", "")


MAIN = """
variable "window" {
  sensitive = true
  default   = 7
}
resource "aws_sqs_queue" "q" {
  name                       = "q"
  visibility_timeout_seconds = VALUE # <b>
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/r"
  timeout       = 30
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
}
"""


@pytest.mark.parametrize(("value", "is_shown"), [("7", True), ("sensitive(7)", False)])
def test_an_excerpt_is_that_of_the_text_without_secrets(
    tmp_path, monkeypatch, capsys, value, is_shown
):
    (tmp_path / "main.tf").write_text(MAIN.replace("VALUE", value))
    monkeypatch.chdir(tmp_path)
    main(["plan", "--root", ".", "--format", "html"])
    page = capsys.readouterr().out
    excerpt = re.search(r'<pre class="excerpt" tabindex="0">(.*?)</pre>', page, re.DOTALL)[1]
    plain = re.sub("<[^>]*>", "", excerpt)
    assert "--&gt; main.tf:8:3" in plain
    assert ("visibility_timeout_seconds = 7" in plain) == is_shown
    assert "the visibility timeout" in plain
    assert "default   = 7" not in page


def test_what_was_not_checked_is_said_once_in_a_sentence():
    unread = (
        UnreadRow(
            "module.worker",
            "is not installed: run `terraform init`",
            Location("main.tf", 5),
            mappings=True,
        ),
        UnreadRow("a.b", "its `count` is unknown", None),
    )
    page = html.render(reported([], [], unread=unread))
    assert page.count("module.worker") == 1
    assert "Not checked: <code>module.worker</code> is not installed" in page
    assert "<li><code>a.b</code>: its <code>count</code> is unknown</li>" in page
    assert "0 errors" not in page
    assert "<table" not in page
    page = html.render(reported([row(0, Verdict.READY)], [], unread=unread))
    assert page.count("<code>module.worker</code> is not installed") == 1
