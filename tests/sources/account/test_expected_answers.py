"""What an answer must hold, and what is kept of answers in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from answered import ACCOUNT, Nobody
from botocore.parsers import ResponseParserError

from checker.cli import main
from checker.sources.account import pages as paging
from checker.sources.account.allowed import ALLOWED, SENDING
from checker.sources.account.answers import Answers
from checker.sources.account.bodies import refuse_broken
from checker.sources.account.client import Access, Clients, NotReadError
from checker.sources.account.expected import ANSWERS, fault, list_fault, page_fault
from checker.sources.account.pages import PAGING, EndlessError, pages

REGION = "eu-west-1"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:worker"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234"
MAPPING = {
    "UUID": "a",
    "EventSourceArn": QUEUE,
    "FunctionArn": FUNCTION,
    "State": "Enabled",
    "BatchSize": 10,
}
ATTRIBUTES = {"QueueArn": QUEUE, "VisibilityTimeout": "30", "MessageRetentionPeriod": "345600"}
OF_ALL = {"QueueUrl": f"http://aws/{ACCOUNT}/orders", "AttributeNames": ["All"]}
CONFIGURATION = {"FunctionArn": FUNCTION, "Role": ROLE, "Timeout": 3}
METADATA = {
    "KeyId": "1234",
    "Arn": KEY,
    "KeyManager": "CUSTOMER",
    "KeyState": "Enabled",
    "KeySpec": "SYMMETRIC_DEFAULT",
}


def test_every_operation_has_a_line_in_a_table():
    assert set(ANSWERS) | set(PAGING) == ALLOWED | {SENDING}
    assert not set(ANSWERS) & set(PAGING)


RECORDED = sorted((Path(__file__).parents[3] / "fixtures/scenarios").rglob("account.jsonl"))


def test_what_was_recorded_of_a_hundred_deployments_has_no_fault():
    faults = {}
    for file in RECORDED:
        for line in filter(None, file.read_text().splitlines()):
            asked, answer = json.loads(line)
            service, region, operation, *keys, words = json.loads(asked)
            name = f"{service}:{operation}"
            if isinstance(words, list):
                found = list_fault(name, region, {"Filter": words}, answer)
            elif keys:
                found = list_fault(name, region, words, {keys[0]: answer})
            else:
                found = fault(name, region, words, answer)
            if found is not None:
                faults[file.parent.name, name] = found
    assert faults == {}
    assert len(RECORDED) > 80


@pytest.mark.parametrize(
    ("name", "words", "answer"),
    [
        ("sqs:GetQueueAttributes", OF_ALL, {"Attributes": ATTRIBUTES, "More": 1}),
        ("lambda:GetFunctionConfiguration", {"FunctionName": FUNCTION}, CONFIGURATION),
        ("lambda:GetFunctionConfiguration", {"FunctionName": f"{FUNCTION}:live"}, CONFIGURATION),
        ("lambda:GetFunctionConfiguration", {"FunctionName": "worker"}, CONFIGURATION),
        (
            "lambda:GetFunctionConfiguration",
            {"FunctionName": f"{ACCOUNT}:function:worker"},
            CONFIGURATION,
        ),
        ("lambda:GetFunctionConcurrency", {"FunctionName": FUNCTION}, {}),
        *(
            (
                "lambda:GetFunctionRecursionConfig",
                {"FunctionName": FUNCTION},
                {"RecursiveLoop": said},
            )
            for said in ("Allow", "Terminate")
        ),
        ("kms:DescribeKey", {"KeyId": KEY}, {"KeyMetadata": METADATA}),
        ("kms:DescribeKey", {"KeyId": "alias/x"}, {"KeyMetadata": METADATA}),
        (
            "kms:DescribeKey",
            {"KeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/x"},
            {"KeyMetadata": METADATA},
        ),
    ],
)
def test_what_aws_answers_has_no_fault(name, words, answer):
    assert fault(name, REGION, words, answer) is None


@pytest.mark.parametrize(
    ("name", "words", "answer", "says"),
    [
        ("sqs:GetQueueAttributes", OF_ALL, {}, "no `Attributes`"),
        ("sqs:GetQueueAttributes", OF_ALL, {"Attributes": {}}, "no `Attributes.QueueArn`"),
        (
            "sqs:GetQueueAttributes",
            OF_ALL,
            {"Attributes": ATTRIBUTES | {"VisibilityTimeout": "abc"}},
            "`Attributes.VisibilityTimeout` is not of its form",
        ),
        (
            "sqs:GetQueueAttributes",
            OF_ALL,
            {"Attributes": ATTRIBUTES | {"Policy": None}},
            "`Attributes.*` is not a string",
        ),
        (
            "sqs:GetQueueAttributes",
            OF_ALL,
            {"Attributes": ATTRIBUTES | {"QueueArn": f"{QUEUE}-2"}},
            "another resource",
        ),
        (
            "lambda:GetFunctionConfiguration",
            {"FunctionName": FUNCTION},
            CONFIGURATION | {"FunctionArn": f"{FUNCTION}2"},
            "another resource",
        ),
        *(
            (
                "lambda:GetFunctionRecursionConfig",
                {"FunctionName": FUNCTION},
                answer,
                "RecursiveLoop",
            )
            for answer in ({}, {"RecursiveLoop": None}, {"RecursiveLoop": "Sometimes"})
        ),
        (
            "lambda:GetFunctionConcurrency",
            {"FunctionName": FUNCTION},
            {"ReservedConcurrentExecutions": "0"},
            "not an integer",
        ),
        (
            "lambda:GetFunctionConcurrency",
            {"FunctionName": FUNCTION},
            {"ReservedConcurrentExecutions": True},
            "not an integer",
        ),
        (
            "kms:DescribeKey",
            {"KeyId": KEY},
            {"KeyMetadata": METADATA | {"KeyState": None}},
            "no `KeyMetadata.KeyState`",
        ),
        (
            "kms:DescribeKey",
            {"KeyId": KEY[:-1] + "5"},
            {"KeyMetadata": METADATA},
            "another resource",
        ),
        ("ec2:DescribeRegions", {}, {"Regions": []}, "`Regions` is empty"),
        ("kms:GetKeyPolicy", {"KeyId": KEY}, {"Policy": ""}, "`Policy` is empty"),
    ],
)
def test_what_is_no_answer_is_said(name, words, answer, says):
    assert says in fault(name, REGION, words, answer)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"UUID": None}, "no `EventSourceMappings[0].UUID`"),
        ({"FunctionArn": 7}, "is not a string"),
        ({"BatchSize": "10"}, "is not an integer"),
        ({"EventSourceArn": None}, "another resource"),
        ({"EventSourceArn": "abc"}, "not of its form"),
        ({"FunctionResponseTypes": "ReportBatchItemFailures"}, "is not a list"),
        ({"FilterCriteria": {"Filters": [None]}}, "is not an object"),
        ({"FunctionArn": FUNCTION.replace("west", "east")}, "another resource"),
    ],
)
def test_a_mapping_that_cannot_be_read_leaves_no_list(change, says):
    page = {"EventSourceMappings": [MAPPING | change]}
    name = "lambda:ListEventSourceMappings"
    assert page_fault(name, REGION, {}, {"EventSourceMappings": [MAPPING]}) is None
    assert says in page_fault(name, REGION, {}, page)


def test_the_mappings_of_another_queue_are_no_answer():
    name, page = "lambda:ListEventSourceMappings", {"EventSourceMappings": [MAPPING]}
    assert page_fault(name, REGION, {"EventSourceArn": QUEUE}, page) is None
    assert "another resource" in page_fault(name, REGION, {"EventSourceArn": f"{QUEUE}2"}, page)


def test_all_lists_that_were_asked_for_must_be_there():
    name, words = "iam:GetAccountAuthorizationDetails", {"Filter": ["Role", "LocalManagedPolicy"]}
    lists = {"RoleDetailList": [], "Policies": []}
    assert list_fault(name, REGION, words, lists) is None
    assert "no `Policies`" in list_fault(name, REGION, words, {"RoleDetailList": []})
    assert "no `IsTruncated`" in page_fault(name, REGION, words, lists)


class TestBodies:
    """An HTTP body, before the SDK reads it."""

    @staticmethod
    def model(service, operation):
        import boto3

        client = boto3.client(
            service,
            REGION,
            aws_access_key_id="x",
            aws_secret_access_key="y",  # noqa: S106
        )
        return client.meta.service_model.operation_model(operation)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"  ",
            b"null",
            b"[]",
            b"{",
            b"\xef\xbb\xbf{}",
            b'{"a": 1, "a": 2}',
            b'{"a": NaN}',
            b'{"a": ' + b"9" * 5_000 + b"}",
            b'{"a":' * 200 + b"1" + b"}" * 200,
            b"[" * 50_000,
            '{"EventSourceMappings": []}'.encode("utf-16"),
            b"<html></html>",
        ],
    )
    def test_what_is_no_json_object_is_refused(self, body):
        model = self.model("lambda", "ListEventSourceMappings")
        with pytest.raises(ResponseParserError):
            refuse_broken(model, {"status_code": 200, "body": body})

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{}",
            b"<GetRoleResponse>",
            b"<GetUserResponse/>",
            b"<GetRoleResponse><a/><a/></GetRoleResponse>",
            b"<!DOCTYPE x><GetRoleResponse/>",
            b"<GetRoleResponse><IsTruncated>no</IsTruncated></GetRoleResponse>",
            b"<GetRoleResponse>" + b"<a>" * 200 + b"</a>" * 200 + b"</GetRoleResponse>",
        ],
    )
    def test_what_is_no_xml_of_the_operation_is_refused(self, body):
        with pytest.raises(ResponseParserError):
            refuse_broken(self.model("iam", "GetRole"), {"status_code": 200, "body": body})

    def test_that_nothing_is_reserved_is_said(self):
        """AWS answers `null`; a bare `{}` is what a proxy or a stub makes up."""
        model = self.model("lambda", "GetFunctionConcurrency")
        said = b'{"ReservedConcurrentExecutions":null}'
        refuse_broken(model, {"status_code": 200, "body": said})
        with pytest.raises(ResponseParserError):
            refuse_broken(model, {"status_code": 200, "body": b"{}"})


class TestPages:
    """Lists by pages."""

    PAGING = PAGING["lambda:ListEventSourceMappings"]

    def read(self, make):
        asked = []

        def ask(token):
            asked.append(token)
            return make(len(asked))

        try:
            return pages(self.PAGING, ask)["EventSourceMappings"], len(asked)
        except EndlessError as error:
            return str(error), len(asked)

    def test_pages_are_joined_and_each_member_stands_once(self):
        def make(n):
            members = [{"UUID": n}, {"UUID": n + 1}]
            return {"EventSourceMappings": members, "NextMarker": str(n) if n < 3 else ""}

        assert self.read(make) == ([{"UUID": n} for n in (1, 2, 3, 4)], 3)

    def test_a_page_that_was_before_has_no_end(self):
        found = self.read(lambda n: {"EventSourceMappings": [MAPPING], "NextMarker": str(n)})
        assert found == ("a page lists only members of earlier pages", 2)

    def test_a_token_that_was_before_has_no_end(self):
        found = self.read(lambda n: {"EventSourceMappings": [{"UUID": n}], "NextMarker": "x"})
        assert found == ("it names a page that was already read", 2)

    def test_empty_pages_have_an_end(self):
        said, asked = self.read(lambda n: {"EventSourceMappings": [], "NextMarker": str(n)})
        assert "have no members" in said
        assert asked == paging.MOST_EMPTY + 1

    def test_pages_are_bounded_by_count(self):
        said, asked = self.read(
            lambda n: {"EventSourceMappings": [{"UUID": n}], "NextMarker": str(n)}
        )
        assert said == f"it has more than {self.PAGING.most} pages"
        assert asked == self.PAGING.most

    def test_a_list_that_goes_on_says_where(self):
        with pytest.raises(EndlessError):
            pages(PAGING["kms:ListGrants"], lambda _: {"Grants": [], "Truncated": True})

    def test_an_ever_new_token_leaves_the_list_unknown(self, monkeypatch):
        numbers = iter(range(10_000))
        clients = Clients(Access(region=REGION))
        page = {"EventSourceMappings": [MAPPING]}

        class Client:
            def list_event_source_mappings(self, **_):
                return {**page, "NextMarker": str(next(numbers))}

        monkeypatch.setattr(clients, "of", lambda *_: Client())
        with pytest.raises(NotReadError, match="without an end"):
            clients.pages("lambda", REGION, "ListEventSourceMappings", "EventSourceMappings")
        assert next(numbers) == 2


class TestAbsence:
    """What does not exist."""

    class Client:
        def __init__(self, *answers):
            self.answers = list(answers)

        def get_queue_attributes(self, **_):
            from botocore.exceptions import ClientError

            answer = self.answers.pop(0)
            if isinstance(answer, str):
                raise ClientError({"Error": {"Code": answer, "Message": "x"}}, "GetQueueAttributes")
            return answer

    @pytest.fixture
    def asked(self, monkeypatch):
        """Ask for a queue of which a client answers in turn; the waits are counted."""
        waits = []
        monkeypatch.setattr("checker.sources.account.client.time.sleep", waits.append)

        def ask(*answers):
            client = self.Client(*answers)
            clients = Clients(Access(region=REGION))
            monkeypatch.setattr(clients, "of", lambda *_: client)
            try:
                return clients.call("sqs", REGION, "GetQueueAttributes", **OF_ALL), waits
            except NotReadError as error:
                return error.code, waits

        return ask

    GONE = "AWS.SimpleQueueService.NonExistentQueue"

    def test_it_is_asked_for_twice(self, asked):
        answer = {"Attributes": ATTRIBUTES}
        assert asked(self.GONE, answer) == (answer, [1.0])

    def test_what_is_gone_twice_is_gone(self, asked):
        assert asked(self.GONE, self.GONE) == (self.GONE, [1.0])

    def test_what_is_refused_is_not_asked_for_again(self, asked):
        assert asked("AccessDenied") == ("AccessDenied", [])


@pytest.mark.parametrize("code", ["\x1b[31mred", "x" * 1_000, "a b", "<script>", "", "é"])
def test_the_words_of_a_server_are_not_printed(code):
    from checker.sources.account.codes import readable

    assert readable(code) == ""
    assert readable("AWS.SimpleQueueService.NonExistentQueue")


class TestResume:
    """A file of answers may hold anything."""

    LISTED = json.dumps(["lambda", REGION, "ListEventSourceMappings", "EventSourceMappings", {}])

    def answers(self, tmp_path, *lines):
        file = tmp_path / "answers"
        file.write_text("\n".join(json.dumps(line) for line in lines))
        return Answers(Nobody(REGION), file)

    @pytest.mark.parametrize(
        "kept",
        [
            None,
            7,
            "abc",
            {},
            [7],
            [None],
            [{}],
            [MAPPING | {"UUID": 7}],
            [MAPPING | {"FunctionArn": None}],
            {"EventSourceMappings": [MAPPING]},
        ],
    )
    def test_an_answer_of_a_wrong_type_is_asked_for_again(self, tmp_path, kept):
        answers = self.answers(tmp_path, ["x", 1], [self.LISTED, kept])
        with pytest.raises(NotReadError, match="NotRecorded"):
            answers.ask_all("lambda", REGION, "ListEventSourceMappings", "EventSourceMappings")

    def test_a_sound_answer_is_taken(self, tmp_path):
        answers = self.answers(tmp_path, [self.LISTED, [MAPPING]])
        found = answers.ask_all("lambda", REGION, "ListEventSourceMappings", "EventSourceMappings")
        assert found == [MAPPING]

    @pytest.mark.parametrize(
        "header",
        [
            7,
            None,
            [],
            "x",
            {},
            {"account": 7, "since": "2026-01-01"},
            {"account": ACCOUNT},
            {"account": ACCOUNT, "since": 7},
            {"account": ACCOUNT, "since": "yesterday"},
            {"account": ACCOUNT + "\n", "since": "2026-01-01"},
            {"account": [ACCOUNT], "since": "2026-01-01"},
        ],
    )
    @pytest.mark.usefixtures("aws")
    def test_a_header_of_a_wrong_type_is_none(self, tmp_path, capsys, header):
        file = tmp_path / "answers"
        file.write_text(json.dumps(["answers of", header]))
        assert main(["audit", "--resume", str(file)]) == 2
        err = capsys.readouterr().err
        assert "is not a file of answers" in err
        assert "bug in tfcheck" not in err

    @pytest.mark.usefixtures("aws")
    def test_lines_that_are_none_are_passed_over(self, tmp_path, capsys):
        file = tmp_path / "answers"
        header = {"account": ACCOUNT, "since": "2026-01-01T00:00:00+00:00"}
        lines = [
            json.dumps(["answers of", header]),
            "[" * 50_000,
            '[{"a": 1}, 2]',
            "[[1], 2]",
            '["a"]',
            '["a", 1, 2]',
            "7",
            "null",
            "[" + "9" * 5_000 + ", 1]",
            '["a", NaN]',
        ]
        file.write_text("\n".join(lines) + "\n")
        assert main(["audit", "--assume-no-scp", "--resume", str(file)]) == 0
        assert "no mapping" in capsys.readouterr().out

    @pytest.mark.usefixtures("aws")
    def test_a_file_is_bounded(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setattr("checker.sources.account.answers.MOST_BYTES", 100)
        file = tmp_path / "answers"
        file.write_text("x" * 101)
        assert main(["audit", "--resume", str(file)]) == 2
        assert "is larger than 100 bytes" in capsys.readouterr().err
