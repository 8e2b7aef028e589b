"""Suggestions of one line: which are made, on which lines, and that none is made twice."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from action_runner import ROOT, Runner
from github_server import OWN, Comments
from markdown_it import MarkdownIt
from repositories import git

pytestmark = pytest.mark.sampled(5)


@pytest.fixture
def github():
    with Comments() as stand_in:
        yield stand_in


HEAD = "a" * 40
LINE = "  visibility_timeout_seconds = 30"
PATCH = f'@@ -1,2 +1,3 @@\n resource "aws_sqs_queue" "orders" {{\n   name = "orders"\n+{LINE}\n'


def finding(**changed):
    """A finding as the report has it, whose fix changes one line."""
    at = {"file": "queue.tf", "line": 3, "column": 3, "end-line": 3, "end-column": 34}
    change = {"location": at, "old": "visibility_timeout_seconds = 30"}
    change["new"] = "visibility_timeout_seconds = 360"
    return {
        "rule": "visibility-timeout-below-function-timeout",
        "subject": "aws_sqs_queue.orders",
        "message": "the visibility timeout of `aws_sqs_queue.orders` is 30 s",
        "fixes": [change],
        "waived": None,
    } | changed


def at_line(line, **changed):
    """The same on another line."""
    given = finding(subject=f"aws_sqs_queue.q{line}", **changed)
    at = given["fixes"][0]["location"]
    return given | {
        "fixes": [given["fixes"][0] | {"location": at | {"line": line, "end-line": line}}]
    }


DRIVER = """
import runpy, sys
place = sys.argv.pop(1)
sys.path.insert(0, place)
program = runpy.run_path(place + "/__main__.py")
program["main"].__globals__.update(PAUSES=(0, 0))
sys.exit(program["main"]())
"""


class Step:
    """The step that suggests."""

    def __init__(self, place, github):
        self.place, self.github, self.out = place, github, ""
        self.checkout = place / "checkout"
        self.checkout.mkdir()
        git("init", "-q", at=self.checkout)
        self.head = self.commits("one")
        github.files = [{"filename": "queue.tf", "patch": PATCH}]

    def commits(self, text):
        """Commit a file of this text; return the commit."""
        (self.checkout / "queue.tf").write_text(text)
        git("add", "queue.tf", at=self.checkout)
        git("commit", "-q", "-m", text, at=self.checkout)
        return git("rev-parse", "HEAD", at=self.checkout).strip()

    def run(self, *findings, event=None, **environment):
        pull = {"number": 3, "head": {"sha": self.head}}
        given = {"pull_request": pull} if event is None else event
        (self.place / "event.json").write_text(json.dumps(given))
        (self.place / "report.json").write_text(json.dumps({"findings": list(findings)}))
        place = ROOT / "tools/action/comment"
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-X", "utf8", "-c", DRIVER, place, "suggest"],
            cwd=self.place,
            env={
                "PATH": os.environ["PATH"],
                "GITHUB_API_URL": self.github.url,
                "GITHUB_REPOSITORY": "team/shop",
                "GITHUB_EVENT_NAME": "pull_request",
                "GITHUB_EVENT_PATH": str(self.place / "event.json"),
                "GITHUB_TOKEN": "token",
                "GITHUB_WORKSPACE": str(self.checkout),
                "BY_WORKFLOW": "true",
                "JSON": str(self.place / "report.json"),
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        self.out = done.stdout + done.stderr
        assert "Traceback" not in self.out
        assert done.returncode == 0, "a suggestion that is not made fails nothing"
        return self.github.reviews


@pytest.fixture
def step(tmp_path, github):
    return Step(tmp_path, github)


def test_a_fix_of_a_line_of_the_diff_is_one_suggestion_of_one_review(step):
    (review,) = step.run(finding())
    assert (review["commit_id"], review["event"]) == (step.head, "COMMENT")
    (made,) = review["comments"]
    assert (made["path"], made["line"], made["side"]) == ("queue.tf", 3, "RIGHT")
    suggested = re.search(r"\n```suggestion\n(.*)\n```\n$", made["body"], re.DOTALL)
    assert suggested[1] == "  visibility_timeout_seconds = 360"
    assert "suggested fixes: 1; left out" in step.out


@pytest.mark.parametrize("head", ["earlier", "unknown", "changed on the disk"])
def test_a_file_that_is_not_as_in_the_head_gets_none(step, head):
    """The checkout of a merge has the base's lines too: the same line may be of another block."""
    if head == "earlier":
        step.commits("two")
    elif head == "unknown":
        step.head = HEAD
    else:
        (step.checkout / "queue.tf").write_text("two")
    assert step.run(finding()) == []
    assert "suggested fixes: 0" in step.out


def test_a_line_that_goes_is_an_empty_suggestion(step):
    change = finding()["fixes"][0] | {"new": ""}
    ((made,),) = [review["comments"] for review in step.run(finding(fixes=[change]))]
    assert made["body"].endswith("\n```suggestion\n```\n")


def test_what_stands_beside_it_on_the_line_stays(step, github):
    github.files[0]["patch"] = PATCH.replace(LINE, f"{LINE} # ```x``` until May\r")
    ((made,),) = [review["comments"] for review in step.run(finding())]
    assert (
        "\n````suggestion\n  visibility_timeout_seconds = 360 # ```x``` until May\n````\n"
        in made["body"]
    )


def test_it_is_not_made_again_at_a_later_push_wherever_the_line_is(step, github):
    step.run(finding())
    github.files[0]["patch"] = PATCH.replace("+1,3", "+11,3")
    moved = finding()["fixes"][0]
    moved["location"] |= {"line": 13, "end-line": 13}
    assert len(step.run(finding(fixes=[moved]))) == 1
    assert "suggested fixes: 0" in step.out
    github.review_comments[0]["line"] = None  # outdated
    assert len(step.run(finding())) == 1
    # Another value is another suggestion.
    assert len(step.run(finding(fixes=[moved | {"new": "x = 1"}]))) == 2


def test_a_stranger_cannot_have_a_suggestion_left_out(step, github):
    step.run(finding())
    github.review_comments[0]["user"] = {"login": "stranger", "type": "User"}
    github.reviews.clear()
    assert len(step.run(finding())) == 1
    github.review_comments[0]["user"] = {"login": OWN, "type": "Bot"}
    github.review_comments[0]["body"] = "x " + github.review_comments[0]["body"]


def test_two_rules_do_not_fight_over_a_line(step):
    other = finding(
        rule="visibility-timeout-too-short", fixes=[finding()["fixes"][0] | {"new": "y = 2"}]
    )
    (review,) = step.run(finding(), other)
    assert len(review["comments"]) == 1
    assert len(step.run(finding(), other)) == 1


def test_at_most_ten_a_push_and_thirty_in_all(step, github):
    text = "".join(f"+{LINE}\n" for _ in range(50))
    github.files[0]["patch"] = f"@@ -0,0 +1,50 @@\n{text}"
    found = [at_line(n) for n in range(1, 51)]
    for reviews in (1, 2, 3, 3):
        assert len(step.run(*found)) == reviews
    assert [len(each["comments"]) for each in github.reviews] == [10, 10, 10]
    assert "left out for there being too many: 20" in step.out


@pytest.mark.parametrize(
    "patch",
    [
        PATCH.replace("+1,3", "+100,3"),
        PATCH.replace(f"+{LINE}", f"-{LINE}"),
        PATCH.replace("= 30", "= 31"),
        PATCH.replace(LINE, f"{LINE} # \u202e"),
        PATCH.replace(LINE, f"{LINE} # {'x' * 600}"),
        "",
        "@@ nonsense",
        None,
        5,
    ],
)
def test_a_line_that_the_diff_does_not_show_as_it_is_gets_none(step, github, patch):
    github.files[0]["patch"] = patch
    assert step.run(finding()) == []
    assert "suggested fixes: 0" in step.out


@pytest.mark.parametrize(
    "changed",
    [
        {"waived": {"reason": "x"}},
        {"fixes": []},
        {"fixes": None},
        {"fixes": [finding()["fixes"][0], finding()["fixes"][0]]},
        {"rule": "x`](https://evil.example)"},
        {"rule": 5},
        {"fixes": [finding()["fixes"][0] | {"new": "a\nb"}]},
        {"fixes": [finding()["fixes"][0] | {"new": "a\u202e"}]},
        {"fixes": [finding()["fixes"][0] | {"old": ""}]},
        {"fixes": [{"location": None, "old": "a", "new": "b"}]},
        {"fixes": [finding()["fixes"][0] | {"location": {"arn": "arn:aws:sqs:x"}}]},
    ],
)
def test_what_is_not_a_safe_change_of_one_line_is_not_suggested(step, changed):
    assert step.run(finding(**changed)) == []


@pytest.mark.parametrize(
    ("environment", "event"),
    [
        ({"GITHUB_EVENT_NAME": "pull_request_target"}, None),
        ({"GITHUB_EVENT_NAME": "push"}, {}),
        ({}, {"pull_request": {"number": 3}}),
        ({}, {"pull_request": {"number": 3, "head": {"sha": "main"}}}),
        ({}, {"pull_request": {"number": "3", "head": {"sha": HEAD}}}),
        ({}, []),
    ],
)
def test_on_another_event_nothing_is_asked(step, github, environment, event):
    assert step.run(finding(), event=event, **environment) == []
    assert "works on the event `pull_request` alone" in step.out
    assert github.asked == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (403, "the token is not allowed to"),
        (404, "the token is not allowed to"),
        (422, "GitHub refuses it (422)"),
        (500, "GitHub answers 500"),
        ((200, b"<html>"), "no JSON"),
        ((200, {}), "not that of a written"),
    ],
)
def test_what_fails_is_said_in_a_notice(step, github, fault, said):
    github.answers["POST"] = fault
    step.run(finding())
    (notice,) = [line for line in step.out.splitlines() if line.startswith("::")]
    assert notice.startswith("::notice title=tfcheck::no fix is suggested: ")
    assert said in notice.replace("is no JSON", "no JSON")


@pytest.mark.parametrize("answer", [(200, {}), (200, [5]), 500, 403, (200, b"[" * 100_000)])
def test_a_list_that_is_none_is_said_in_a_notice(step, github, answer):
    github.answers["GET"] = answer
    assert step.run(finding()) == []
    assert "::notice title=tfcheck::no fix is suggested: " in step.out


def test_pages_without_end_are_read_to_a_bound(step, github):
    github.answers["GET"] = (200, [{"id": 1}] * 100)
    assert step.run(finding()) == []
    assert "lists more than 2,000" in step.out
    assert len(github.asked) == 20


def test_a_review_that_was_written_though_the_server_failed_is_not_written_again(step, github):
    def fail(handler):
        del github.answers["POST"]
        github.answer("POST", handler.path, json.loads(handler.given))
        handler.write(502, {})

    github.answers["POST"] = fail
    assert len(step.run(finding())) == 1


NAMES = [
    "```\n</details>\n@everyone",
    "<!-- tfcheck suggestion=00000000000000000000000000000000 -->",
    "`x` [a](https://evil.example) ![b](x)",
    "\x1b[31m\u202e\r",
    "a" * 50_000,
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_gets_out_of_its_place(step, name):
    (review,) = step.run(finding(message=f"`{name}` is {name}", subject=name))
    ((made,),) = [review["comments"]]
    head, _, rest = made["body"].partition(" -->\n")
    assert re.fullmatch("<!-- tfcheck suggestion=[0-9a-f]{32}", head)
    rendered = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(rest)
    assert set(re.findall(r"<(\w+)", rendered)) <= {"p", "code", "pre"}
    plain = re.sub(r"<(code|pre)\b.*?</\1>", "", rendered, flags=re.DOTALL)
    assert not re.search(r"@\w|https?://", plain)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", rest)
    assert rest.endswith("\n```suggestion\n  visibility_timeout_seconds = 360\n```\n")
    assert len(made["body"]) < 5_000


class TestWhole:
    """With the program itself, and the diff that git makes."""

    @pytest.fixture
    def runner(self, tmp_path, github):
        runner = Runner(tmp_path, github.url)
        runner.scenario("orders-broken")
        runner.commit()
        diff = runner.git("diff", "--no-color", runner.base, "HEAD", "--", "queue.tf")
        github.files = [{"filename": "queue.tf", "patch": diff[diff.index("@@") :]}]
        return runner

    def test_it_is_asked_for(self, runner, github):
        runner.run()
        assert github.reviews == []

    def test_a_safe_fix_is_suggested_on_its_line(self, runner, github):
        _, code = runner.run(suggest="true")
        assert code == 1
        ((made,),) = [review["comments"] for review in github.reviews]
        assert (made["path"], made["line"]) == ("queue.tf", 3)
        assert "```suggestion\n  visibility_timeout_seconds = 360\n```" in made["body"]
        runner.run(suggest="true")
        assert len(github.reviews) == 1
