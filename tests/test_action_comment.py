"""The one comment of the action, against a stand-in of GitHub's API that fails as servers do."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from action_runner import ROOT
from github_server import MARK, OWN, Comments

pytestmark = pytest.mark.sampled(10)


BODY = f"{MARK}\n\n### tfcheck: 1 blocked\n"
DRIVER = """
import runpy, sys
place, bounds = sys.argv[1], eval(sys.argv[2])
sys.path.insert(0, place)
import comments, github
program = runpy.run_path(place + "/__main__.py")
for name, value in bounds.items():
    holder = next((each for each in (comments, github) if hasattr(each, name)), None)
    if holder is not None:
        setattr(holder, name, value)
program["main"].__globals__.update(bounds)
sys.exit(program["main"]())
"""
"""The program with other bounds: the same code, without its pauses."""


class Step:
    """The step that comments."""

    def __init__(self, place, url):
        self.place, self.out = place, ""
        self.environment = {
            "PATH": os.environ["PATH"],
            "GITHUB_API_URL": url,
            "GITHUB_REPOSITORY": "team/shop",
            "GITHUB_EVENT_PATH": str(place / "event.json"),
            "GITHUB_TOKEN": "token",
            "BY_WORKFLOW": "true",
            "MARKDOWN": str(place / "report.md"),
        }
        (place / "event.json").write_text(json.dumps({"pull_request": {"number": 3}}))

    def run(self, body=BODY, *, code=0, errors=0, warnings=0, unknown=0, bounds=(), **environment):
        """Return the exit code of the step."""
        (self.place / "report.md").write_text(body)
        counts = {"CODE": code, "ERRORS": errors, "WARNINGS": warnings, "UNKNOWN": unknown}
        done = subprocess.run(
            [
                *(sys.executable, "-I", "-B", "-c", DRIVER, ROOT / "tools/action/comment"),
                repr({"PAUSES": (0, 0), **dict(bounds)}),
            ],
            cwd=self.place,
            env={**self.environment, **{k: str(v) for k, v in counts.items()}, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        self.out = done.stdout + done.stderr
        assert "Traceback" not in self.out
        assert "token\n" not in self.out
        return done.returncode


@pytest.fixture
def github():
    with Comments() as stand_in:
        yield stand_in


@pytest.fixture
def step(tmp_path, github):
    return Step(tmp_path, github.url)


def drop(handler):
    """Close the connection without an answer."""
    handler.close_connection = True
    handler.connection.close()


def cut(handler):
    """Say more bytes than come."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'[{"id": 1, "body": "')
    drop(handler)


FAULTS = {
    "unauthorized": 401,
    "refused": 403,
    "validation": 422,
    "limited": 429,
    "limited by 403": (403, {}, [("Retry-After", "60")]),
    "error": 500,
    "gateway": 502,
    "empty": (200, b""),
    "HTML": (200, b"<html>welcome</html>"),
    "null": (200, None),
    "text": (200, "x"),
    "number": (200, b"1" * 5000),
    "byte-order mark": (200, b"\xef\xbb\xbf[]"),
    "deep": (200, b"[" * 100_000),
    "wrong elements": (200, [5, {"id": "x"}, {"id": True}, None]),
    "wrong users": (200, [{"id": 9, "user": [], "body": {}}]),
    "wrong bodies": (200, [{"id": 9, "user": {"type": "Bot", "login": 5}, "body": [MARK]}]),
    "object": (200, {}),
    "moved": (301, {}, [("Location", "https://example.invalid/")]),
    "elsewhere": (307, {}, [("Location", "https://example.invalid/")]),
    "dropped": drop,
    "cut": cut,
}
WRITING = {name: fault for name, fault in FAULTS.items() if not name.startswith("wrong")}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_where_an_old_comment_may_stand_the_step_says_so_and_fails_if_findings_stand(
    step, github, fault, method
):
    github.old(8)
    github.answers[method] = FAULTS[fault]
    assert step.run() == 0
    assert "::warning title=tfcheck::no comment is written" in step.out
    assert step.run(warnings=1) == 1
    assert "::error title=tfcheck::no comment is written" in step.out
    assert "may stand that no longer holds" in step.out


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({"errors": 1}, 1),
        ({"unknown": 1}, 1),
        ({"code": 1, "errors": 1}, 1),
        ({"code": 2}, 2),
        ({"code": "-9"}, 2),
    ],
)
def test_the_step_ends_with_the_checks_code_and_with_1_if_less_stands(step, github, counts, code):
    github.old(8)
    github.answers["PATCH"] = 403
    assert step.run(**counts) == code
    assert "is not allowed to" in step.out


@pytest.mark.parametrize("fault", WRITING)
def test_where_there_is_none_a_failure_is_noted_and_the_check_decides(step, github, fault):
    github.answers["POST"] = WRITING[fault]
    assert step.run(warnings=1) == 0
    assert "::notice title=tfcheck::no comment is written" in step.out


def test_a_step_without_a_report_says_that_nothing_was_checked(step, github):
    github.old(8)
    assert step.run(MARKDOWN="", CODE="") == 0
    assert "nothing was checked" in github.bodies[8][1]
    github.answers["PATCH"] = 500
    github.old(8)
    assert step.run(MARKDOWN="", CODE="") == 2


def test_a_server_that_fails_once_is_asked_again_and_the_comment_is_written_once(step, github):
    """Also if it failed after it had written."""
    failed = []

    def fail(handler):
        del github.answers["POST"]
        failed.append(1)
        github.answer("POST", handler.path, {"body": BODY})
        handler.write(502, {})

    github.answers["POST"] = fail
    assert step.run() == 0
    assert failed == [1]
    assert [body for _, body in github.bodies.values()].count(BODY) == 1
    assert "no comment" not in step.out


def test_what_is_said_already_is_not_written_again(step, github):
    github.old(8, BODY.replace("\n", "\r\n"))
    assert step.run() == 0
    assert [method for method, _ in github.asked] == ["GET"]


def test_of_several_comments_of_ours_one_is_left_and_it_is_up_to_date(step, github):
    github.old(8)
    github.old(9)
    github.old(12, BODY)
    assert step.run() == 0
    ours = [n for n in github.bodies if github.logins[n] == OWN]
    assert [github.bodies[number][1] for number in ours] == [BODY]


def test_comments_of_others_with_our_mark_are_left_alone(step, github):
    github.old(5, login="echo[bot]")
    github.old(6, login=OWN, kind="User")
    before = dict(github.bodies)
    assert step.run() == 0
    assert {n: github.bodies[n] for n in before} == before
    assert github.bodies[8] == ("Bot", BODY)


def test_a_persons_token_finds_the_persons_comment(step, github):
    github.old(5, login="echo[bot]")
    github.old(8, login="deployer", kind="User")
    github.answers["GET"] = lambda handler: handler.write(
        *(
            (200, {"login": "deployer"})
            if handler.path == "/user"
            else github.answer("GET", handler.path, {})
        )
    )
    assert step.run(BY_WORKFLOW="false") == 0
    assert github.bodies[8][1] == BODY
    assert "POST" not in dict(github.asked)
    assert github.bodies[5][1] != BODY


def test_an_apps_token_finds_the_comment_that_it_may_update(step, github):
    github.old(5, login="echo[bot]")
    github.old(8, login="app[bot]")
    github.answers["GET"] = lambda handler: handler.write(
        *((403, {}) if handler.path == "/user" else github.answer("GET", handler.path, {}))
    )

    def only_its_own(handler):
        if handler.path.endswith("/5"):
            return handler.write(403, {})
        return handler.write(*github.answer("PATCH", handler.path, {"body": BODY}))

    github.answers["PATCH"] = only_its_own
    assert step.run(BY_WORKFLOW="false") == 0
    assert github.bodies[8][1] == BODY
    assert [method for method, _ in github.asked].count("POST") == 0


def test_a_comment_that_was_deleted_meanwhile_is_written_anew(step, github):
    github.old(8)
    github.answers["PATCH"] = 404
    assert step.run() == 0
    assert github.bodies[9][1] == BODY


def test_pages_without_end_are_read_to_a_bound(step, github):
    def ever_new(handler):
        page = int(handler.path.rpartition("=")[2])
        numbers = range(page * 1000, page * 1000 + 100)
        handler.write(200, [{"id": n, "body": "x", "user": {"type": "User"}} for n in numbers])

    github.answers["GET"] = ever_new
    assert step.run(warnings=1) == 1
    assert "not among the first 2000 comments" in step.out
    assert len(github.asked) == 20
    github.answers["GET"] = (200, [{"id": n, "body": "x", "user": None} for n in range(100)])
    assert step.run(warnings=1) == 1
    assert "same comments again and again" in step.out


def test_a_comment_on_a_later_page_is_found(step, github):
    for number in range(100, 350):
        github.old(number, "of somebody", login="somebody", kind="User")
    github.old(400)
    assert step.run() == 0
    assert github.bodies[400][1] == BODY


def test_an_answer_without_end_is_read_to_a_bound(step, github):
    github.old(8)
    github.answers["GET"] = (200, b" " * 100_000 + b"[]")
    assert step.run(warnings=1, bounds={"MOST_BYTES": 50_000}) == 1
    assert "longer than 50,000 bytes" in step.out


def test_an_answer_byte_by_byte_is_given_up(step, github):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b" ")
                handler.server.stopped.wait(0.05)
        except OSError:
            pass

    github.answers["GET"] = drip
    assert step.run(warnings=1, bounds={"SECONDS": 1}) == 1
    assert "does not answer within 1 second" in step.out


def test_the_token_does_not_follow_a_redirect(step, github):
    with Comments() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            github.answers["GET"] = (status, {}, [("Location", f"{elsewhere.url}/x")])
            assert step.run(warnings=1) == 1
        assert elsewhere.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.invalid",
        "http://127.0.0.1.example.invalid",
        "http://127.0.0.1@example.invalid",
        "https://user:secret@example.invalid",
        "https://example.invalid?x=",
        "https://[",
        "file:///etc/passwd",
        "ftp://example.invalid",
        "data:application/json,[]",
        "example.invalid",
    ],
)
def test_the_token_is_not_sent_to_an_odd_address(step, url):
    assert step.run(warnings=1, GITHUB_API_URL=url) == 1
    assert "`GITHUB_API_URL` is no https address" in step.out


@pytest.mark.parametrize("repository", ["", "team", "team/shop/../../x", "../..", "a/b?c", "a/b\n"])
def test_an_odd_repository_is_not_asked_for(step, github, repository):
    assert step.run(GITHUB_REPOSITORY=repository) == 0
    assert "is no repository" in step.out
    assert github.asked == []


@pytest.mark.parametrize("token", ["", "a b", "a\nX-Header: y", "ä"])
def test_an_odd_token_is_not_sent(step, github, token):
    assert step.run(GITHUB_TOKEN=token) == 0
    assert "there is no token" in step.out
    assert github.asked == []


LONG = [
    "x" * 66_000,
    "x\n" * 40_000,
    "\U0001f600\n" * 30_000,
    "<details open><summary>x</summary>\n" * 3_000,
    "<details><summary>x</summary>\n\n````\n" + "``` <details>\n" * 6_000,
    "\r\v\f\x1c\u2028\n" * 20_000,
    "é" * 65_500 + "\n" * 40,
]


@pytest.mark.parametrize("text", LONG)
def test_a_report_that_is_too_long_is_cut_and_says_so(step, github, text):
    assert step.run(BODY + text, code=1, errors=4) == 0
    assert "no comment" not in step.out
    written = github.bodies[8][1]
    assert written.startswith(MARK)
    assert "This comment is cut" in written
    assert "It tells of 4 errors, 0 warnings, 0 unknown; its exit code is 1" in written
    outside = []
    fence = ""
    for line in written.split("\n"):
        if line.startswith("```") and not fence:
            fence = "`" * (len(line) - len(line.lstrip("`")))
        elif fence and line == fence:
            fence = ""
        elif not fence:
            outside.append(line)
    assert fence == ""
    assert "\n".join(outside).count("<details") == written.count("</details>")


def test_a_report_of_exactly_what_fits_is_not_cut(step, github):
    text = BODY + "x" * (65_536 - len(BODY))
    step.run(text)
    assert github.bodies[8][1] == text


def test_without_a_pull_request_there_is_no_comment(step, github):
    for given in ({}, [], None, {"pull_request": None}, {"pull_request": {"number": "3/../4"}}):
        (step.place / "event.json").write_text(json.dumps(given))
        assert step.run() == 0
    assert github.asked == []
