"""The rule `wrong-identifier`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.knowledge.partial import Invalid, Known, Unknown
from checker.model import EventSourceMapping, Inventory, Queue, WrongIdentifier
from checker.rules._resting import wrong_identifiers_of
from checker.rules.fix import HERE, AddToList, Fix, Reference, SetAttribute
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="refuses what is named so", works=(SOURCE, PLAN, TEMPLATE))
def wrong_identifier(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """An argument names a thing by another identifier than AWS takes there.

    ## Why

    AWS wants a name in some places, an ARN or a URL in others, and refuses the wrong one. Terraform
    plans most of them without a word, since the value is known only when it is applied:

        The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-
        InvalidInput: ARN worker is not valid
        1 validation error detected: Value 'orders' at 'eventSourceArn' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:...
        1 validation error detected: Value 'arn:aws:apigateway:...' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ...
        1 validation error detected: Value 'worker' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: ...
        Unrecognized event source. Unsupported source arn : arn:aws:s3:::orders
        Only SQS queues are valid resources for deadLetterTargetArn
        Source image arn:aws:ecr:... is not valid. Provide a valid source image.
        The address arn:aws:sqs:eu-west-1:111122223333:orders is not valid for this endpoint.

    IAM takes the name of a role (`aws_iam_role.worker.name`, whose `id` is the same) and the ARN of
    a policy. A mapping takes the ARN of its queue, not its `url` or `id`, and the function's name or
    ARN, not its `invoke_arn` or `version`. A function takes the ARN of a layer's version, not
    `layer_arn`, the URI of an image, not the ARN of its repository, and the ARN of a key for its
    environment, not its ID, which a queue takes as well. It takes the IDs of subnets and security
    groups, not their ARNs or names. A redrive policy takes the ARN of the dead-letter queue, a queue
    policy the queue's URL, and the policy, grant or alias of a key takes the key itself, not one of
    its aliases. The other rules decide as if the thing that is meant were named as AWS wants it.

    The JSON of a plan holds what an argument refers to, not what it makes of that: there it is
    unknown.

    That an ARN of a service that no mapping reads is refused is recorded for a bucket and inference
    for the others. That KMS takes no alias there is its documentation's word; its error is not
    recorded, nor is that of SQS for a dead-letter target that is no ARN. SQS takes the name of a
    queue where it wants the URL (moto pull request 5073), so that is not reported. A queue's key is
    an ARN, an ID (a UUID, or `mrk-` and 32 hexadecimal digits) or an alias with `alias/` before it:
    KMS takes any other name for the ID of a key that does not exist. That SQS looks for the key
    when the queue is made is not recorded: the first message may be what fails. That Lambda refuses
    the ARN of a repository with the text of other images is inference.

    Source: recorded against AWS (terraform-provider-aws issue 3087, sidecar issue 147, localstack
    and cdk-preflight), and the patterns of botocore's service models. Confidence: high, medium for
    the ARN of a policy, keys and dead letters.

    <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
    <https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html>

    ## Fix

    Refer to the attribute that is wanted:

    ```terraform
    resource "aws_iam_role_policy" "worker" {
      role = aws_iam_role.worker.name
    }
    ```

    ## Since

    tfcheck 0.2.0.
    """  # noqa: E501 - AWS's texts stay in one line, to be found
    for wrong in wrong_identifiers_of(mapping, inventory):
        if wrong.unsure is None:
            yield _problem(wrong)
        else:
            yield wrong.unsure.leaves(f"it is unknown whether AWS refuses it: {wrong.why}")
    if mapping is inventory.mappings[0]:
        for wrong in wrong_identifiers_of(None, inventory):
            if wrong.unsure is None:
                yield replace(_problem(wrong), aside=True)
    source = inventory.source_of(mapping)
    if isinstance(source, Known) and isinstance(source.value, Queue) and source.value.closed:
        redrive = source.value.redrive
        if isinstance(redrive, Unknown) and not isinstance(redrive, Invalid):
            yield redrive  # what it names is unknown


def _fix(wrong: WrongIdentifier) -> Fix:
    meant = wrong.meant
    if meant is None:
        return Fix(f"give `{wrong.argument}` of `{wrong.id}` {wrong.wanted}")
    value = Reference(meant.id, "", meant.attribute)
    edit = AddToList if meant.listed else SetAttribute
    return Fix(f"{HERE} in `{wrong.id}`", (edit(wrong.id, wrong.argument, value),))


def _problem(wrong: WrongIdentifier) -> Problem:
    return Problem(
        message=wrong.why,
        at=wrong.at,
        fix=_fix(wrong),
        because=(
            Evidence(wrong.why, wrong.at),
            Evidence(f"AWS refuses it: `{wrong.answer}`"),
        ),
        subject=wrong.id,
    )
