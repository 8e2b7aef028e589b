"""An audit of a real API server."""

from __future__ import annotations

import json

import pytest
from deployment import READ, REGION, allow, document

from checker.cli import main
from checker.sources.account.client import Access, Clients, ForbiddenOperationError, NotReadError
from checker.sources.account.load import Audit, load

pytestmark = pytest.mark.sampled(4)


def audit(capsys, *words):
    code = main(["audit", *words, "--format", "json"])
    written = capsys.readouterr()
    return code, json.loads(written.out), written.err


def rules(report, kind="problem"):
    return sorted(
        each["rule"]
        for each in report["findings"]
        if each["severity"] != "note" and each["kind"] == kind
    )


def test_a_sound_deployment_is_ready(aws, capsys):
    queue, function, role = aws.sound()
    code, report, _ = audit(capsys)
    (row,) = report["mappings"]
    assert (code, row["verdict"]) == (0, "ready")
    assert (row["queue"]["arn"], row["function"]["arn"], row["role"]["arn"]) == (
        queue,
        function,
        role,
    )
    assert row["id"].startswith(f"arn:aws:lambda:{REGION}:")
    assert row["location"] == {"arn": row["id"]}
    assert report["source"]["kind"] == "account"


def test_a_missing_permission_blocks(aws, capsys):
    aws.sound(actions=READ[:1])
    code, report, _ = audit(capsys)
    assert (code, rules(report)) == (1, ["role-cannot-read-queue"])


def test_no_mapping_is_said(aws, capsys):
    assert main(["audit"]) == 0
    assert "no mapping" in capsys.readouterr().out


def test_customer_policies_count_and_so_do_boundaries(aws, capsys):
    queue, _, _ = aws.sound(actions=["logs:PutLogEvents"])
    iam = aws.client("iam")
    made = iam.create_policy(PolicyName="read", PolicyDocument=document(allow(READ, queue)))
    iam.attach_role_policy(RoleName="orders", PolicyArn=made["Policy"]["Arn"])
    assert audit(capsys)[0] == 0
    bound = iam.create_policy(
        PolicyName="bound", PolicyDocument=document(allow("sqs:ReceiveMessage", "*"))
    )
    iam.put_role_permissions_boundary(RoleName="orders", PermissionsBoundary=bound["Policy"]["Arn"])
    code, report, _ = audit(capsys)
    assert (code, rules(report)) == (1, ["role-cannot-read-queue"])


def test_roles_by_pages_and_one_by_one_tell_the_same(aws, capsys):
    for n in range(3):
        aws.sound(f"q{n}", actions=READ[:2] if n else READ)
    single = audit(capsys)[1]
    aws.sound("q3")
    aws.sound("q4")
    bulk = audit(capsys)[1]
    names = [f"role/q{n}" for n in range(3)]

    def found(report):
        return sorted(
            (each["rule"], each["message"])
            for each in report["findings"]
            if any(each["subject"].endswith(name) for name in names)
        )

    assert found(single) == found(bulk)


def test_a_key_with_policy_and_grants(aws, capsys):
    queue, _, role = aws.sound()
    kms = aws.client("kms")
    key = kms.create_key(Description="orders")["KeyMetadata"]["Arn"]
    url = aws.client("sqs").get_queue_url(QueueName="orders")["QueueUrl"]
    aws.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": key})
    assert rules(audit(capsys)[1]) == ["role-cannot-decrypt"]
    kms.create_grant(KeyId=key, GranteePrincipal=role, Operations=["Decrypt"])
    assert rules(audit(capsys)[1]) == []
    kms.disable_key(KeyId=key.rpartition("/")[2])
    assert rules(audit(capsys)[1]) == ["key-unusable"]
    assert queue


def test_a_queue_that_is_gone_leaves_an_orphan(aws, capsys):
    aws.sound()
    sqs = aws.client("sqs")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="orders")["QueueUrl"])
    code, report, _ = audit(capsys)
    assert (code, rules(report)) == (1, ["mapping-orphaned"])


def test_a_function_that_is_gone_leaves_an_orphan(aws, capsys, monkeypatch):
    _, function, _ = aws.sound()
    refuse(monkeypatch, "GetFunctionConfiguration", "ResourceNotFoundException")
    code, report, _ = audit(capsys)
    assert (code, rules(report)) == (1, ["mapping-orphaned"])
    assert function in report["mappings"][0]["function"]["arn"]


def refuse(monkeypatch, operation, code="AccessDeniedException"):
    """Let the server refuse an operation."""
    from botocore.exceptions import ClientError

    guard = Clients._guard

    def refusing(self, model, **words):
        guard(self, model, **words)
        if model.name == operation:
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, operation)

    monkeypatch.setattr(Clients, "_guard", refusing)


@pytest.mark.parametrize(
    ("operation", "rule"),
    [
        ("GetQueueAttributes", "visibility-timeout-below-function-timeout"),
        ("GetFunctionConfiguration", "role-cannot-read-queue"),
        ("GetRole", "role-cannot-read-queue"),
        ("ListAttachedRolePolicies", "role-cannot-read-queue"),
        ("GetRolePolicy", "role-cannot-read-queue"),
        ("GetFunctionConcurrency", "reserved-concurrency-zero"),
    ],
)
def test_what_may_not_be_read_is_unknown_with_the_call_and_the_error(
    aws, capsys, monkeypatch, operation, rule
):
    aws.sound()
    refuse(monkeypatch, operation)
    code, report, err = audit(capsys)
    assert report["mappings"][0]["verdict"] == "undecided"
    assert (code, rules(report)) == (0, [])
    assert "not confirmed" in err
    unknown = next(
        each
        for each in report["findings"]
        if rule in {part["rule"] for part in each.get("affected", [each])}
    )
    assert unknown["kind"] == "unknown"
    assert f":{operation}" in unknown["message"]
    assert "AccessDenied" in unknown["message"]
    assert "permissions audit" in unknown["fix"]


def test_what_may_not_be_read_never_hides_a_sure_problem(aws, capsys, monkeypatch):
    aws.sound(actions=READ[:1])
    refuse(monkeypatch, "GetFunctionConcurrency")
    code, report, _ = audit(capsys)
    assert (code, report["mappings"][0]["verdict"]) == (1, "blocked")


def test_an_audit_that_lists_nothing_has_checked_nothing(aws, capsys, monkeypatch):
    aws.sound()
    refuse(monkeypatch, "ListEventSourceMappings")
    for words in ([], ["--strict"], ["--region", REGION, "--region", "eu-west-2"]):
        assert main(["audit", *words]) == 2
        written = capsys.readouterr()
        assert written.out == ""
        assert f"error: {REGION}: " in written.err
        assert "lambda:ListEventSourceMappings" in written.err
        assert "tfcheck permissions audit" in written.err
        assert written.err.endswith("nothing was checked\n")


@pytest.mark.parametrize("operation", ["ListEventSourceMappings", "DescribeRegions"])
def test_credentials_that_expire_before_the_list_have_checked_nothing(
    aws, capsys, monkeypatch, operation
):
    aws.sound()
    refuse(monkeypatch, operation, "ExpiredTokenException")
    assert main(["audit", "--all-regions"]) == 2
    err = capsys.readouterr().err
    assert "renew the credentials" in err
    assert "nothing was checked" in err


def test_a_region_that_is_missing_is_unread(aws, capsys, monkeypatch):
    aws.sound()
    listed = Clients.pages

    def refusing(self, service, region, operation, key, **words):
        if region == "eu-west-2":
            raise NotReadError("lambda:ListEventSourceMappings", "AccessDenied", "")
        return listed(self, service, region, operation, key, **words)

    monkeypatch.setattr(Clients, "pages", refusing)
    words = ["--region", REGION, "--region", "eu-west-2"]
    code, report, _ = audit(capsys, *words)
    assert (code, report["mappings"][0]["verdict"]) == (0, "ready")
    assert [each["id"] for each in report["unread"]] == ["eu-west-2"]
    assert "lambda:ListEventSourceMappings" in report["unread"][0]["why"]
    assert audit(capsys, *words, "--strict")[0] == 1


def test_nothing_that_writes_can_leave(aws):
    clients = Clients(Access(region=REGION))
    with pytest.raises(ForbiddenOperationError, match="CreateQueue"):
        clients.of("sqs", REGION).create_queue(QueueName="stolen")
    with pytest.raises(ForbiddenOperationError, match="SendMessage"):
        clients.call("sqs", REGION, "SendMessage", QueueUrl="http://x/1/y", MessageBody="x")
    assert "QueueUrls" not in aws.client("sqs").list_queues()


def test_the_calls_made_are_those_that_the_document_allows(aws, monkeypatch):
    from checker.least import for_audit
    from checker.sources.account.allowed import FREE

    made = set()
    guard = Clients._guard

    def noting(self, model, **words):
        guard(self, model, **words)
        made.add(f"{model.service_model.service_name}:{model.name}")

    monkeypatch.setattr(Clients, "_guard", noting)
    for n in range(5):
        aws.sound(f"q{n}")
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    url = aws.client("sqs").get_queue_url(QueueName="q0")["QueueUrl"]
    aws.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": key})
    iam = aws.client("iam")
    tagged = {**allow("s3:*", "*"), "Condition": {"Null": {"aws:ResourceTag/a": "true"}}}
    policy = iam.create_policy(PolicyName="p", PolicyDocument=document(tagged))
    iam.attach_role_policy(RoleName="q0", PolicyArn=policy["Policy"]["Arn"])
    load(Audit(Access(region=REGION), every=True))
    refuse(monkeypatch, "GetAccountAuthorizationDetails")
    load(Audit(Access(region=REGION)))
    granted = {action for grant in for_audit() for action in grant.actions}
    assert made <= granted | set(FREE)
    # moto knows no organization here, so the policies of one were not read
    organization = {each for each in granted if each.startswith("organizations:")}
    assert granted - made <= organization


def test_each_thing_is_read_once(aws):
    queue, function, _ = aws.sound()
    other = aws.function("other", aws.role("other", allow(READ, queue)))
    aws.mapping(queue, other)
    aws.sound("more")
    clients = Clients(Access(region=REGION))
    from checker.sources.account.answers import Answers
    from checker.sources.account.load import read
    from checker.sources.account.reader import AccountReader

    found = read(AccountReader(Answers(clients)), Audit(assume_no_scp=True), (REGION,))
    assert len(found.mappings) == 3
    assert clients.calls["sqs:GetQueueAttributes"] == 4
    assert clients.calls["lambda:GetFunctionConfiguration"] == 3
    assert clients.calls["lambda:GetFunctionConcurrency"] == 3
    assert clients.calls["iam:GetRole"] == 3
    assert function


def test_an_audit_goes_on_from_a_file(aws, capsys, tmp_path, monkeypatch):
    aws.sound()
    file = tmp_path / "answers"
    refuse(monkeypatch, "GetQueueAttributes")
    assert audit(capsys, "--resume", str(file))[1]["summary"]["undecided"] == 1
    monkeypatch.undo()
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", REGION)
    refuse(monkeypatch, "GetFunctionConfiguration")
    assert audit(capsys, "--resume", str(file))[1]["mappings"][0]["verdict"] == "ready"
    assert file.stat().st_mode & 0o077 == 0


def test_answers_of_another_account_are_refused(aws, capsys, tmp_path, monkeypatch):
    aws.sound()
    file = tmp_path / "answers"
    audit(capsys, "--resume", str(file))
    text = file.read_text()
    file.write_text(text.replace('"account": "123456789012"', '"account": "210987654321"'))
    assert main(["audit", "--resume", str(file)]) == 2
    assert "of account 210987654321" in capsys.readouterr().err
    assert file.read_text().count("\n") == text.count("\n")


def test_a_file_that_was_cut_off_is_taken_as_far_as_it_goes(aws, capsys, tmp_path):
    aws.sound()
    file = tmp_path / "answers"
    quiet = audit(capsys, "--resume", str(file))[1]
    assert not [each for each in quiet["assumptions"] if "has changed since" in each]
    text = file.read_text().rstrip()
    file.write_text(text[: text.rindex("\n") + 30])
    for _ in range(2):
        again = audit(capsys, "--resume", str(file))[1]
        assert again["findings"] == quiet["findings"]
        assert [each for each in again["assumptions"] if "has changed since" in each]


@pytest.mark.parametrize("text", ["[]", "{}", "secret notes", '["a", 1]\n', "\udcff"])
def test_another_file_is_neither_read_nor_written(aws, capsys, tmp_path, text):
    file = tmp_path / "answers"
    file.write_bytes(text.encode(errors="surrogateescape"))
    before = file.read_bytes()
    assert main(["audit", "--resume", str(file)]) == 2
    assert "is not a file of answers" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_interrupted_it_tells_what_it_found(aws, capsys, monkeypatch):
    aws.sound()

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("checker.sources.account.reader.read_function", interrupt)
    code, report, err = audit(capsys)
    assert code == 130
    assert len(report["mappings"]) == 1
    assert "interrupted" in report["unread"][0]["why"]
    assert "not complete" in err


def test_a_secret_in_the_environment_is_not_kept(aws, capsys, tmp_path):
    aws.sound()
    aws.client("lambda").update_function_configuration(
        FunctionName="orders", Environment={"Variables": {"PASSWORD": "hunter2-secret"}}
    )
    file = tmp_path / "answers"
    audit(capsys, "--resume", str(file))
    assert "hunter2" not in file.read_text()


def test_without_credentials_nothing_is_checked(monkeypatch, capsys, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert main(["audit", "--region", REGION]) == 2
    err = capsys.readouterr().err
    assert "no credentials" in err
    assert "nothing was checked" in err
    assert main(["audit", "--profile", "missing"]) == 2
    assert "missing" in capsys.readouterr().err


@pytest.mark.parametrize("named", ["aws_iam_role.ci", "ci", " "])
def test_a_deployer_without_arn_is_refused(aws, capsys, named):
    assert main(["audit", "--deployer", named]) == 2
    assert "is neither an ARN nor `me`" in capsys.readouterr().err


@pytest.mark.parametrize("named", ["arn:aws:iam", "arn:aws:sts::1:assumed-role/", "arn:a:b:c:d:e"])
def test_a_deployer_whose_arn_is_none_is_unknown(aws, capsys, named):
    aws.sound()
    assert audit(capsys, "--deployer", named)[1]["mappings"][0]["verdict"] == "undecided"


def test_the_deployer_may_be_the_caller(aws, capsys, monkeypatch):
    aws.sound()
    key = aws.user("ci", allow("lambda:GetEventSourceMapping", "*"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    code, report, _ = audit(capsys, "--deployer", "me")
    assert code == 1
    assert "deployer-cannot-create-mapping" in rules(report)
    assert report["mappings"][0]["deployer"]["id"].endswith(":user/ci")


def test_progress_counts_the_regions_and_what_is_read_in_them(aws):
    aws.sound()
    told = []
    load(Audit(regions=(REGION, "eu-west-2")), lambda *said: told.append(said[:3]))
    assert told[:2] == [
        (f"reading mappings of Region {REGION}", 0, 2),
        ("reading mappings of Region eu-west-2", 1, 2),
    ]
    assert ("reading queues", 1, 1) in told
    assert ("reading roles", 1, 1) in told
