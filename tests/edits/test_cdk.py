"""How a fix is said of a program of the CDK."""

import pytest

from checker.edits.cdk import translated, worded
from checker.rules.fix import (
    HERE,
    AddCondition,
    AddStatement,
    AddToList,
    BlockAddress,
    Fix,
    Reference,
    RemoveAttribute,
    RemoveBlock,
    SetAttribute,
    principal,
    statement,
)

CONSTRUCTS = {
    "Orders:Queue1": "Orders/Queue/Resource",
    "Orders:CfnQueue1": "Orders/CfnQueue",
    "Orders:Mapping1": "Orders/Worker/SqsEventSource:OrdersQueue/Resource",
    "Orders:CfnMapping1": "Orders/CfnMapping",
    "Orders:Role1": "Orders/Worker/ServiceRole/Resource",
    "Orders:Key1": "Orders/Key/Resource",
    "Policy1": "Orders/Worker/ServiceRole/DefaultPolicy/Resource",
}
QUEUE = Reference("Orders:Queue1", "queue")
WINDOW = "maximum_batching_window_in_seconds"
CONSUME = ("sqs:ReceiveMessage", "sqs:DeleteMessage")


def said(*edits, message=HERE, mappings=()):
    return worded(Fix(message, tuple(edits)), CONSTRUCTS, mappings)


@pytest.mark.parametrize(
    ("block", "name", "value", "expected"),
    [
        ("Queue1", "visibility_timeout_seconds", 360, "visibilityTimeout: Duration.seconds(360)"),
        ("CfnQueue1", "visibility_timeout_seconds", 360, "visibilityTimeout: 360"),
        ("Queue1", "message_retention_seconds", 1_209_600, "retentionPeriod: Duration.days(14)"),
        ("Queue1", "message_retention_seconds", 90_000, "retentionPeriod: Duration.seconds(90000)"),
        ("Queue1", "sqs_managed_sse_enabled", True, "encryption: QueueEncryption.SQS_MANAGED"),
        ("CfnQueue1", "sqs_managed_sse_enabled", True, "sqsManagedSseEnabled: true"),
        (
            "Mapping1",
            "function_response_types",
            ("ReportBatchItemFailures",),
            "reportBatchItemFailures: true",
        ),
        (
            "CfnMapping1",
            "function_response_types",
            ("ReportBatchItemFailures",),
            "functionResponseTypes: ['ReportBatchItemFailures']",
        ),
        (
            "Mapping1",
            "maximum_batching_window_in_seconds",
            1,
            "maxBatchingWindow: Duration.seconds(1)",
        ),
        (
            "CfnMapping1",
            "maximum_batching_window_in_seconds",
            1,
            "maximumBatchingWindowInSeconds: 1",
        ),
        ("Mapping1", "batch_size", 10, "batchSize: 10"),
    ],
)
def test_a_property_is_set_as_its_construct_has_it(block, name, value, expected):
    assert said(SetAttribute(f"Orders:{block}", name, value)) == f"`{expected}`"


def test_a_nested_property_is_set_as_its_construct_has_it():
    path = ("scaling_config",)
    edit = SetAttribute("Orders:Mapping1", "maximum_concurrency", 5, path)
    assert said(edit) == "`maxConcurrency: 5`"
    edit = SetAttribute("Orders:CfnMapping1", "maximum_concurrency", 5, path)
    assert said(edit) == "`scalingConfig: { maximumConcurrency: 5 }`"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bisect_batch_on_function_error", "bisectBatchOnError"),
        ("maximum_record_age_in_seconds", "maxRecordAge"),
        ("maximum_retry_attempts", "retryAttempts"),
        ("tumbling_window_in_seconds", "tumblingWindow"),
        ("destination_config", "onFailure"),
        ("parallelization_factor", "parallelizationFactor"),
    ],
)
def test_an_argument_of_streams_is_removed_by_the_name_of_its_construct(name, expected):
    assert said(RemoveAttribute("Orders:Mapping1", name)) == f"remove `{expected}`"


def test_a_waiver_is_metadata_of_a_construct():
    message = "# tfcheck: ignore[a-rule] the reason, and until=YYYY-MM-DD if it ends"
    assert said(message=message) == (
        "`construct.node.defaultChild.addMetadata('tfcheck', { ignore: ['a-rule the reason'] })`,"
        " and until=YYYY-MM-DD if it ends"
    )


def test_a_stack_has_a_region_and_no_provider():
    message = "create mapping, queue and function with one provider (`provider = ...`): in `a`"
    assert translated(message) == (
        "create mapping, queue and function in the Region of the stack: in `a`"
    )


def test_what_is_missing_is_granted():
    edit = AddStatement("Orders:Role1", statement(CONSUME, Resource=QUEUE), "identity policy")
    assert said(edit) == (
        "call `queue.grantConsumeMessages(fn)` of `Orders/Queue`,"
        " with the function that runs as `Orders/Worker/ServiceRole`"
    )
    key = Reference("Orders:Key1", "key")
    edit = AddStatement(
        "Orders:Role1", statement(("kms:Decrypt",), Resource=key), "identity policy"
    )
    assert said(edit).startswith("call `key.grantDecrypt(fn)` of `Orders/Key`")


def test_a_grant_that_was_dropped_is_not_advised_again():
    edit = AddStatement("Orders:Role1", statement(CONSUME, Resource=QUEUE), "identity policy")
    found = said(edit, mappings=["Orders:Mapping1"])
    assert "`SqsEventSource` grants it by itself" in found
    assert "call" not in found


def test_what_no_method_grants_is_a_statement():
    other = statement(("sqs:ReceiveMessage", "sqs:PurgeQueue"), Resource=QUEUE)
    found = said(AddStatement("Orders:Role1", other, "identity policy"))
    assert found.startswith("add to role `Orders/Worker/ServiceRole`: `role.addToPrincipalPolicy(")
    assert "Resource: the ARN of Orders/Queue" in found
    who = principal("Service", "sns.amazonaws.com")
    allow = statement(("sqs:SendMessage",), Principal=who, Resource="*")
    assert said(AddStatement("Orders:Queue1", allow, "resource policy")) == (
        "add to `Orders/Queue`: `addToResourcePolicy(PolicyStatement.fromJson({ Effect: 'Allow',"
        " Principal: { Service: 'sns.amazonaws.com' }, Action: ['sqs:SendMessage'],"
        " Resource: '*' }))`"
    )


def test_other_edits_name_constructs():
    edit = AddToList("Orders:CfnMapping1", "depends_on", BlockAddress("Policy1"))
    assert said(edit, message=f"{HERE} in `CfnMapping1`") == (
        "let `Orders/CfnMapping` depend on `Orders/Worker/ServiceRole/DefaultPolicy`:"
        " `mapping.node.addDependency(policy)`"
    )
    assert said(RemoveAttribute("Orders:CfnMapping1", "StartingPosition")) == (
        "remove `startingPosition`"
    )
    assert said(RemoveBlock("Orders:Queue1")) == "remove `Orders/Queue`"
    condition = principal("ArnNotEquals", principal("aws:PrincipalArn", "arn"))
    assert said(AddCondition("Orders:Role1", condition)) == (
        "`conditions: { ArnNotEquals: { 'aws:PrincipalArn': 'arn' } }`"
    )


def test_a_sentence_names_properties_and_constructs_of_the_program():
    assert said(message="name another queue than `Orders:Queue1`") == (
        "name another queue than `Orders/Queue`"
    )
    redrive = "`redrive_policy = jsonencode({ deadLetterTargetArn = A, maxReceiveCount = 5 })`"
    assert translated(f"add {redrive}") == (
        "add `deadLetterQueue: { queue: dlq, maxReceiveCount: 5 }`"
    )
    assert translated("write `sqs_managed_sse_enabled = true` instead of `kms_master_key_id`") == (
        "write `encryption: QueueEncryption.SQS_MANAGED` instead of `encryptionMasterKey`"
    )
    assert translated("use a standard queue: `fifo_queue = false`") == (
        "use a standard queue: `fifo: false`"
    )
    assert translated("or `batch_size = 1`") == "or `batchSize: 1`"
    assert translated("role `Worker` is not allowed to `sqs:ReceiveMessage`") == (
        "role `Worker` is not allowed to `sqs:ReceiveMessage`"
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "set `maxReceiveCount = 5` in the redrive policy",
            "`maxReceiveCount: 5` in `deadLetterQueue`",
        ),
        ("write the pattern with `jsonencode`, each value in a list", "`FilterCriteria.filter`"),
        ("limit it by `maximum_pollers`", "limit it by `maximumPollers`"),
    ],
)
def test_what_is_said_of_terraform_is_said_of_the_program(said, expected):
    assert expected in translated(said)
