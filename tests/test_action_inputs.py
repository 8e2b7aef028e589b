"""The action's inputs as the program gets them, and one comment and one set of files a step."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from action_runner import ACTION, ROOT
from github_server import MARK

from checker.cli.formats import FORMATS
from checker.reports import summary

pytestmark = pytest.mark.sampled(16)


def options(runner, *names):
    """What the program was given of some options, in order."""
    pairs = [word.removeprefix("--").partition("=") for word in runner.words]
    return [(name, value) for name, _, value in pairs if name in names]


@pytest.mark.parametrize(
    ("inputs", "given"),
    [
        ({}, []),
        ({"recursive": "true"}, [("recursive", "")]),
        ({"recursive": "false"}, []),
        ({"region": "eu-west-1"}, [("region", "eu-west-1")]),
        ({"config_env": "prod"}, [("config-env", "prod")]),
        (
            {"account": "111122223333", "stack_name": "s"},
            [("account", "111122223333"), ("stack-name", "s")],
        ),
        (
            {"parameter": "A=1\nB= x", "parameter_file": "a.json\nb c.json"},
            [
                *(("parameter-file", each) for each in ("a.json", "b c.json")),
                *(("parameter", each) for each in ("A=1", "B= x")),
            ],
        ),
        ({"select": "a,b\nc\n"}, [("select", "a,b"), ("select", "c")]),
        ({"ignore": "\r\n  a\r\n"}, [("ignore", "a")]),
        ({"var_file": "a.tfvars\nb c\n"}, [("var-file", "a.tfvars"), ("var-file", "b c")]),
        ({"var": "a=1\n  b= x \n\nc="}, [("var", "a=1"), ("var", "b= x "), ("var", "c=")]),
        (
            {"var": "a=1", "var_file": "a.tfvars"},
            [("var-file", "a.tfvars"), ("var", "a=1")],
        ),
        ({"var": "--policy=./mine.yaml\n-x"}, [("var", "--policy=./mine.yaml"), ("var", "-x")]),
        ({"var": '$(touch stolen)\n`touch stolen`\na=";touch stolen;"'},
         [("var", "$(touch stolen)"), ("var", "`touch stolen`"), ("var", 'a=";touch stolen;"')]),
        ({"region": "\"; touch stolen; '"}, [("region", "\"; touch stolen; '")]),
    ],
)  # fmt: skip
def test_an_input_is_an_option_and_no_shell_reads_it(recorder, inputs, given):
    _, code = recorder.run(comment="never", **inputs)
    assert code == 0
    names = ("recursive", "region", "select", "ignore", "var-file", "var", "policy")
    names += ("parameter", "parameter-file", "config-env", "account", "stack-name")
    assert options(recorder, *names) == given
    assert not (recorder.workspace / "stolen").exists()
    assert recorder.words[-2:] == ["--", "."]


def test_variables_and_rules_decide(runner):
    runner.scenario("orders-broken")
    outputs, code = runner.run(
        "push",
        comment="never",
        ignore="role-cannot-read-queue\nvisibility-timeout-below-function-timeout",
    )
    assert (outputs["errors"], code) == ("0", 0)
    assert runner.run("push", comment="never", select="no-such-rule")[1] == 2
    assert "no-such-rule" in runner.summary


TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Batch: {Type: Number, Default: 10}
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: worker.handler
      Runtime: python3.12
      Events:
        Queue: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn, BatchSize: !Ref Batch}}
"""


def test_a_template_of_a_pull_request_is_checked(runner):
    pytest.importorskip("samtranslator")
    for file in runner.workspace.glob("*.tf"):
        file.unlink()
    (runner.workspace / "template.yaml").write_text(TEMPLATE)
    runner.commit()
    runner.base = runner.head
    text = TEMPLATE.replace("CodeUri: .", "CodeUri: .\n      Timeout: 90")
    (runner.workspace / "template.yaml").write_text(text)
    runner.commit()
    outputs, code = runner.run(comment="never", changed_only="true")
    assert (outputs["errors"], outputs["mappings"], code) == ("1", "1", 1)
    assert "::error file=template.yaml,line=" in runner.out
    outputs, code = runner.run(comment="never", parameter="Batch=20000", changed_only="true")
    assert (outputs["errors"], code) == ("1", 1)
    outputs, _ = runner.run(comment="never", parameter="Batch=20000")
    assert outputs["errors"] == "2"


def test_a_secret_variable_is_in_no_report(runner):
    (runner.workspace / "queue.tf").write_text(
        'variable "password" {}\nresource "aws_sqs_queue" "orders" {\n  name = var.password\n}\n'
    )
    runner.run("push", comment="never", var="password=hunter2-hunter2")
    assert "hunter2" not in runner.out + runner.summary


def test_every_input_has_a_description_and_reaches_a_step():
    text = (ROOT / "action.yml").read_text()
    for name, each in ACTION["inputs"].items():
        assert each["description"]
        assert f"inputs.{name} }}}}" in text or f"inputs.{name} " in text


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"version": "2"}, "`version` is `1`"),
        ({"recursive": "TRUE"}, "`recursive` is `true` or `false`"),
        ({"strict": "yes"}, "`strict` is `true` or `false`"),
        ({"changed-only": "1"}, "`changed-only` is `true` or `false`"),
        ({"trust-waivers": "True"}, "`trust-waivers` is `true` or `false`"),
        ({"comment": "sometimes"}, "`comment` is `on-findings`, `always` or `never`"),
    ],
)
def test_a_word_that_is_not_known_stops_the_step_before_anything_is_checked(recorder, inputs, said):
    outputs, code = recorder.run("push", **inputs)
    assert (outputs["verdict"], code) == ("none", 2)
    assert said in recorder.summary
    assert f"::error title=tfcheck::{said}" in recorder.out
    assert not (recorder.temporary / "words").exists()


def test_a_report_of_another_version_is_not_read_as_ours(recorder):
    """The program that the action installs is its own; this holds should that ever differ."""
    recorder.prepared(str(recorder.temporary / "x"))
    text = "tfcheck.report/1"
    prepared = recorder.prepared

    def other(environment):
        script = prepared(environment)
        file = Path(script).parent / "program.py"
        file.write_text(file.read_text().replace(text, "tfcheck.report/2"))
        return script

    recorder.prepared = other
    assert recorder.run("push")[1] == 2
    assert "a report is missing, or is not one of tfcheck" in recorder.summary


CLEAN, BROKEN = "orders", "orders-broken"


@pytest.mark.parametrize(
    ("mode", "scenario", "written"),
    [
        ("on-findings", CLEAN, False),
        ("on-findings", BROKEN, True),
        ("always", CLEAN, True),
        ("true", CLEAN, True),
        ("never", BROKEN, False),
        ("false", BROKEN, False),
    ],
)
def test_when_a_comment_is_made(runner, comments, mode, scenario, written):
    runner.scenario(scenario)
    runner.run(comment=mode)
    assert (8 in comments.bodies) == written


def test_findings_are_the_default():
    assert ACTION["inputs"]["comment"]["default"] == "on-findings"


def test_a_comment_of_an_earlier_push_says_when_nothing_is_left(runner, comments):
    runner.scenario(BROKEN)
    runner.run()
    assert "1 blocked" in comments.bodies[8][1]
    runner.scenario(CLEAN)
    assert runner.run()[1] == 0
    assert "1 ready" in comments.bodies[8][1]
    assert "blocked" not in comments.bodies[8][1]


def test_where_it_cannot_be_brought_up_to_date_that_is_said_and_nothing_fails(runner, comments):
    comments.old(8)
    comments.answers["PATCH"] = 403
    assert runner.run()[1] == 0
    assert "::warning title=tfcheck::no comment is written" in runner.out


def test_a_proposed_waiver_is_something_to_say(runner, comments):
    file = runner.workspace / "queue.tf"
    file.write_text(
        re.sub(
            r"^(?=resource )",
            "# tfcheck: ignore[region-mismatch] x\n",
            file.read_text(),
            flags=re.MULTILINE,
        )
    )
    runner.run()
    assert "Proposed waivers" in comments.bodies[8][1]


def test_steps_on_different_paths_have_a_comment_each(runner, comments):
    for name in ("a", "b"):
        (runner.workspace / name).mkdir()
        for file in runner.workspace.glob("*.tf"):
            (runner.workspace / name / file.name).write_text(file.read_text())
    for path in ("a", "./b/", ".", "a/", "b"):
        runner.run(path=path, comment="always")
    ours = {number: body for number, (_, body) in comments.bodies.items() if number > 7}
    assert len(ours) == 3
    marks = [body.split("\n")[0] for body in ours.values()]
    assert marks == ["<!-- tfcheck path=a -->", "<!-- tfcheck path=b -->", MARK]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"var_file": "prod.tfvars"}, {"var_file": "dev.tfvars"}),
        ({"plan": "a"}, {"plan": "b"}),
        ({"plan": "a"}, {"var_file": "a"}),
        ({"region": "eu-west-1"}, {"region": "us-east-1"}),
        ({"region": "eu-west-1"}, {}),
        ({"path": "a", "plan": "b"}, {"path": "a,b"}),
        ({"comment_id": "a"}, {"path": "a"}),
        ({"comment_id": "a"}, {"comment_id": "a2"}),
        ({"comment_id": "."}, {}),
        ({"path": "x" * 300}, {"path": "x" * 301}),
        ({"path": "a-b"}, {"path": "a%2Db"}),
    ],
)
def test_what_differs_for_a_matrix_makes_another_comment(recorder, comments, one, other):
    for inputs in (one, other, one):
        recorder.run(comment="always", **inputs)
    assert len(comments.bodies) == 3


HOSTILE = [
    "--> <script>alert(1)</script>",
    "--!>",
    "- - ->",
    "-->\n@everyone",
    "a\nb",
    "\x1b\u202e\u200b",
    "é\U0001f600",
    "x" * 100_000,
    "..",
    "$(touch stolen)",
    "-",
    "--",
    "---",
    "~~~",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("of", ["comment_id", "path", "plan", "var_file"])
def test_no_value_gets_out_of_the_mark(recorder, comments, of, name):
    recorder.run(comment="always", **{of: name})
    recorder.run(comment="always", **{of: name})
    (body,) = [body for number, (_, body) in comments.bodies.items() if number > 7]
    assert re.match(r"<!-- tfcheck (id|path)=[A-Za-z0-9/._%,-]+ -->\n\n### ", body)
    assert body.index("-->") == body.index("\n") - 3
    assert "--" not in body.split("\n")[0][4:-3]


def test_a_strangers_comment_with_the_mark_is_left_alone(recorder, comments):
    comments.old(5, "<!-- tfcheck path=a -->\nmine", login="stranger", kind="User")
    comments.old(6, "<!-- tfcheck path=a --> <!-- tfcheck -->\nours, of another form")
    recorder.run(path="a", comment="always")
    assert comments.bodies[5][1].endswith("mine")
    assert comments.bodies[6][1].endswith("another form")
    assert comments.bodies[8][1].startswith("<!-- tfcheck path=a -->\n")


def test_steps_have_report_files_of_their_own(runner):
    one, _ = runner.run("push", comment="never")
    runner.scenario(BROKEN)
    other, _ = runner.run("push", comment="never")
    verdicts = [
        json.loads(Path(each["json-file"]).read_text())["mappings"][0]["verdict"]
        for each in (one, other)
    ]
    assert verdicts == ["ready", "blocked"]
    assert Path(one["markdown-file"]).read_text() != Path(other["markdown-file"]).read_text()


HEAD = "a" * 40
BASE = {"base": {"sha": "b" * 40}}


@pytest.mark.parametrize(
    ("kind", "known", "commit"),
    [
        ("pull_request", {"pull_request": {**BASE, "head": {"sha": HEAD}}}, HEAD),
        ("pull_request_target", {"pull_request": {**BASE, "head": {"sha": HEAD}}}, HEAD),
        ("pull_request", {"pull_request": BASE}, ""),
        ("pull_request", {"pull_request": {**BASE, "head": {"sha": "main\n"}}}, ""),
        ("pull_request", {"pull_request": {**BASE, "head": "x"}}, ""),
        ("merge_group", {"merge_group": {"base_sha": "b" * 40, "head_sha": HEAD}}, HEAD),
        ("workflow_run", {"workflow_run": {"head_sha": HEAD}}, HEAD),
        ("issue_comment", {"issue": {}}, ""),
        ("push", {}, "1" * 40),
    ],
)
def test_links_are_to_the_head_of_the_proposal_and_not_to_its_merge(
    recorder, comments, kind, known, commit
):
    file = recorder.temporary / "shown"
    recorder.environment["SHOWN"] = str(file)
    recorder.run(kind, known, comment="never")
    assert file.read_text() == commit


def test_a_line_of_the_comment_is_a_link_to_the_head(runner, comments):
    runner.scenario(BROKEN)
    runner.commit()
    runner.run()
    link = f"https://github.com/team/shop/blob/{runner.head}/queue.tf#L3"
    assert f"[`queue.tf:3`]({link})" in comments.bodies[8][1]
    assert f"({link})" in runner.summary


def test_a_run_that_cannot_check_says_why_in_the_comment(runner, comments):
    (runner.workspace / "main.tf").write_text('resource "x" "y" {\n')
    _, code = runner.run()
    assert code == 2
    said = comments.bodies[8][1]
    assert "### tfcheck: nothing was checked\n\n```\nerror: " in said
    assert "main.tf" in said
    assert runner.summary == said


def test_a_missing_module_is_named_in_the_comment(runner, comments):
    for file in runner.workspace.glob("*.tf"):
        file.unlink()
    (runner.workspace / "main.tf").write_text('module "x" {\n  source = "a/b/c"\n}\n')
    outputs, code = runner.run()
    assert (outputs["verdict"], code) == ("none", 2)
    assert "`module.x`" in comments.bodies[8][1]
    assert "is not installed" in comments.bodies[8][1]
    assert "::error file=main.tf,line=1" in runner.out


def test_what_is_said_of_a_failure_closes_no_fence(runner, comments):
    name = "```\n</details>\n@everyone ::error::x"
    runner.run(path=name)
    said = comments.bodies[8][1]
    fence = re.search(r"^`{3,}$", said, re.MULTILINE)[0]
    assert said.count(f"\n{fence}\n") == 2
    inside = said.split(f"\n{fence}\n")[1]
    assert "@everyone" in inside
    assert "\n@everyone" not in said


def test_a_program_that_a_signal_ends_is_said_to(recorder, comments):
    recorder.environment["STAND_IN_CODE"] = "-9"
    recorder.run()
    assert "the signal 9 ended tfcheck: did the runner have enough memory?" in comments.bodies[8][1]


def test_the_summary_of_the_step_is_the_long_report(recorder):
    recorder.run("push")
    assert recorder.summary == "<!-- tfcheck -->\n\n### a summary\n"
    assert "summary" in FORMATS


def test_a_summary_that_is_too_long_is_cut_at_a_line(recorder):
    recorder.environment["SUMMARY"] = "2000000"
    recorder.run("push")
    size = len(recorder.summary.encode())
    assert summary.MOST < size <= 1024 * 1024
