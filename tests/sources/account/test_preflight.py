"""Two things that exist, before they are mapped; and a mapping after it went out."""

from __future__ import annotations

import io
import json

import pytest
from deployment import READ, REGION, allow

from checker.cli import main

pytestmark = pytest.mark.sampled(3)


@pytest.fixture
def pair(aws):
    """A queue and a function that may read it, not mapped."""
    dead = aws.queue("orders-dead", MessageRetentionPeriod="1209600")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 5})
    queue = aws.queue("orders", VisibilityTimeout="60", RedrivePolicy=redrive)
    role = aws.role("worker", allow(READ, queue))
    return queue, aws.function("worker", role)


def preflight(*words):
    return main(["preflight", "--assume-no-scp", *words])


class TestPreflight:
    def test_a_sound_pair_is_ready_and_can_be_pasted(self, aws, pair, capsys, monkeypatch):
        queue, function = pair
        key = aws.user("ci", allow("lambda:*", "*"))
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
        code = preflight("--queue", queue, "--function", function, "--report-batch-item-failures")
        out = capsys.readouterr().out
        assert code == 0
        assert 'resource "aws_lambda_event_source_mapping" "this" {' in out
        assert "Type: AWS::Lambda::EventSourceMapping" in out
        assert queue in out

    @pytest.mark.parametrize("form", ["arn", "url", "name"])
    def test_a_queue_is_named_by_arn_url_or_name(self, aws, pair, capsys, form):
        queue, _ = pair
        url = aws.client("sqs").get_queue_url(QueueName="orders")["QueueUrl"]
        named = {"arn": queue, "url": url, "name": "orders"}[form]
        preflight("--queue", named, "--function", "worker", "--format", "json")
        report = json.loads(capsys.readouterr().out)
        assert report["mappings"][0]["queue"]["arn"] == queue

    def test_a_name_is_one_in_the_region_that_is_given(self, aws, pair, capsys):
        queue, _ = pair
        words = ["--queue", "orders", "--function", "worker", "--format", "json"]
        preflight(*words, "--region", "eu-north-1")
        report = json.loads(capsys.readouterr().out)
        assert report["mappings"][0]["queue"]["arn"] == queue.replace(REGION, "eu-north-1")
        assert ":eu-north-1:" in report["mappings"][0]["function"]["arn"]
        preflight("--queue", queue, *words[2:], "--region", "eu-north-1")
        report = json.loads(capsys.readouterr().out)
        assert report["mappings"][0]["queue"]["arn"] == queue

    def test_the_options_are_checked(self, pair, capsys):
        queue, function = pair
        words = ["--queue", queue, "--function", function, "--batch-size", "100"]
        assert preflight(*words, "--format", "json") == 1
        report = json.loads(capsys.readouterr().out)
        assert "batch-size-out-of-range" in {each["rule"] for each in report["findings"]}
        words += ["--batching-window", "10", "--filter", "{", "--maximum-concurrency", "1"]
        assert preflight(*words, "--format", "json") == 1
        report = json.loads(capsys.readouterr().out)
        found = {each["rule"] for each in report["findings"]}
        assert "batch-size-out-of-range" not in found
        assert {"filter-pattern-invalid", "concurrency-out-of-range"} <= found

    def test_what_is_mapped_already_is_a_duplicate(self, aws, pair, capsys):
        queue, function = pair
        aws.mapping(queue, function)
        assert preflight("--queue", queue, "--function", function, "--format", "json") == 1
        report = json.loads(capsys.readouterr().out)
        assert "duplicate-mapping" in {each["rule"] for each in report["findings"]}
        assert len(report["mappings"]) == 1

    def test_what_does_not_exist_is_said(self, pair, capsys):
        assert preflight("--queue", "missing", "--function", "worker") == 1
        assert "does not exist" in capsys.readouterr().out

    def test_what_does_not_exist_has_no_mapping_to_delete(self, pair, capsys):
        preflight("--queue", "missing", "--function", "worker", "--format", "json")
        report = json.loads(capsys.readouterr().out)
        (one,) = [each for each in report["findings"] if each["rule"] == "mapping-orphaned"]
        assert one["message"].endswith(":missing` does not exist")
        assert "create queue" in one["fix"]

    @pytest.mark.parametrize("named", ["arn:aws:sns:eu-west-1:1:x", "https://host/x"])
    def test_what_is_no_queue_stops_the_run(self, aws, capsys, named):
        assert preflight("--queue", named, "--function", "worker") == 2
        assert "nothing was checked" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "named", ["arn:aws:lambda", "arn:aws:lambda:eu-west-1:1:function:", "arn:aws:sns:x:1:y"]
    )
    def test_what_is_no_function_stops_the_run(self, pair, capsys, named):
        assert preflight("--queue", "orders", "--function", named) == 2
        assert "is not a function's ARN" in capsys.readouterr().err

    def test_a_region_that_is_none_is_unknown(self, pair, capsys):
        assert preflight("--queue", "arn:aws:sqs:EU WEST:1:x", "--function", "worker") == 1
        answer = capsys.readouterr()
        assert "no Region `EU WEST`" in answer.out
        assert "bug" not in answer.err

    def test_a_batch_of_none_is_not_the_default(self, pair, capsys):
        queue, function = pair
        words = ["--queue", queue, "--function", function, "--batch-size", "0"]
        assert preflight(*words, "--format", "json") == 1
        report = json.loads(capsys.readouterr().out)
        assert "batch-size-out-of-range" in {each["rule"] for each in report["findings"]}


class TestVerify:
    def test_an_enabled_mapping_is_reported(self, aws, pair, capsys):
        queue, function = pair
        aws.mapping(queue, function)
        assert main(["verify", "--queue", queue, "--function", function]) == 0
        assert "is Enabled" in capsys.readouterr().out

    def test_a_name_is_one_in_the_region_that_is_given(self, aws, pair, capsys):
        aws.mapping(*pair)
        words = ["verify", "--queue", "orders", "--function", "worker", "--timeout", "0"]
        assert main([*words, "--region", REGION]) == 0
        capsys.readouterr()
        assert main([*words, "--region", "eu-north-1"]) == 1
        assert ":eu-north-1:" in capsys.readouterr().out

    def test_no_mapping_and_a_disabled_one_are_told(self, aws, pair, capsys):
        queue, function = pair
        words = ["verify", "--queue", queue, "--function", function, "--timeout", "0"]
        assert main(words) == 1
        assert "no mapping" in capsys.readouterr().out
        uuid = aws.mapping(queue, function)
        aws.client("lambda").update_event_source_mapping(UUID=uuid, Enabled=False)
        assert main(words) == 1
        assert "is Disabled" in capsys.readouterr().out

    def test_a_message_is_sent_only_after_asking(self, aws, pair, capsys):
        queue, function = pair
        aws.mapping(queue, function)
        words = ["verify", "--queue", queue, "--function", function, "--send-test-message", "{}"]
        assert main(words) == 2
        assert "--yes" in capsys.readouterr().err

    @pytest.mark.parametrize(("typed", "code"), [("n\n", 2), ("", 130)])
    def test_a_message_is_not_sent_where_it_is_declined(self, pair, monkeypatch, typed, code):
        queue, function = pair

        class Terminal(io.StringIO):
            def isatty(self):
                return True

        monkeypatch.setattr("sys.stdin", Terminal(typed))
        monkeypatch.setattr("checker.sources.account.verify.Watch", None)
        words = ["verify", "--queue", queue, "--function", function, "--send-test-message", "{}"]
        assert main(words) == code

    def test_a_message_goes_through(self, aws, pair, capsys, monkeypatch):
        queue, function = pair
        aws.mapping(queue, function)
        sent = []
        monkeypatch.setattr("checker.cli.verify.POLL_SECONDS", 0.05)
        monkeypatch.setattr("checker.sources.account.passage.SETTLED_SECONDS", 0.5)
        from checker.sources.account.verify import Watch

        send = Watch.send

        def sending(self, body):
            send(self, body)
            sent.append(body)
            url = aws.client("sqs").get_queue_url(QueueName="orders")["QueueUrl"]
            aws.client("sqs").purge_queue(QueueUrl=url)  # as if the function had taken it

        monkeypatch.setattr(Watch, "send", sending)
        words = ["verify", "--queue", queue, "--function", function, "--yes"]
        assert main([*words, "--send-test-message", "secret-body", "--timeout", "20"]) == 0
        out = capsys.readouterr()
        assert sent == ["secret-body"]
        assert "has left the queue" in out.out
        assert "secret-body" not in out.out + out.err

    def test_a_message_that_stays_is_reported(self, aws, pair, capsys, monkeypatch):
        queue, function = pair
        aws.mapping(queue, function)
        aws.client("lambda").update_event_source_mapping(
            UUID=aws.client("lambda").list_event_source_mappings()["EventSourceMappings"][0]["UUID"]
        )
        monkeypatch.setattr("checker.cli.verify.POLL_SECONDS", 0.05)
        monkeypatch.setattr(
            "checker.sources.account.verify.Watch.counts", counting([0, 1, 1, 1, 1])
        )
        words = ["verify", "--queue", queue, "--function", function, "--yes"]
        assert main([*words, "--send-test-message", "x", "--timeout", "0.3"]) == 1
        assert "still in the queue" in capsys.readouterr().out
        assert REGION in queue


def counting(numbers):
    from checker.sources.account.passage import Counts

    left = list(numbers)
    return lambda _: Counts(left.pop(0) if len(left) > 1 else left[0], 0)
