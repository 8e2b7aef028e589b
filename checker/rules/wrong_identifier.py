"""The rule `wrong-identifier`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Inventory, WrongIdentifier
from checker.rules._resting import resting_on_made
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Inventory, aws="refuses what is named so", works=(SOURCE, PLAN))
def wrong_identifier(
    inventory: Inventory, _inventory: Inventory, _settings: Settings
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
        The service specified by the TargetArn is not supported for dead letter configuration.
        The address arn:aws:sqs:eu-west-1:111122223333:orders is not valid for this endpoint.

    IAM takes the name of a role (`aws_iam_role.worker.name`, whose `id` is the same) and the ARN of
    a policy. A mapping takes the ARN of its queue, not its `url` or `id`, and the function's name or
    ARN, not its `invoke_arn`. A redrive policy takes the ARN of the dead-letter queue, a queue
    policy the queue's URL, and the policy, grant or alias of a key takes the key itself, not one of
    its aliases. The other rules decide as if the thing that is meant were named as AWS wants it.

    The texts are recorded from AWS (confidence: high for role names, functions, sources and URLs:
    terraform-provider-aws #3087, serverless-application-model #1699, localstack and cdk-preflight,
    and the patterns of botocore's service models). That KMS takes no alias there is said in its
    documentation, and the error is not recorded (confidence: medium), nor is that of SQS for a
    dead-letter target that is no ARN. SQS takes the name of a queue where it wants the URL (moto
    #5073), so that is not reported.

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
    for wrong in inventory.wrong_identifiers:
        mappings = _mappings(wrong, inventory)
        if wrong.unsure is None:
            yield _problem(wrong, mappings)
        elif mappings:
            yield wrong.unsure.leaves(f"it is unknown whether `{wrong.id}` exists: {wrong.why}")


def _mappings(wrong: WrongIdentifier, inventory: Inventory) -> tuple[str, ...]:
    """Return the ids of the mappings that fail with it."""
    if wrong.beside:
        return ()
    return resting_on_made(inventory).on((wrong.id, *wrong.things))


def _problem(wrong: WrongIdentifier, mappings: tuple[str, ...]) -> Problem:
    return Problem(
        message=f"{wrong.why}",
        at=wrong.at,
        fix=Fix(f"give `{wrong.argument}` of `{wrong.id}` {wrong.wanted}"),
        because=(
            Evidence(wrong.why, wrong.at),
            Evidence(f"AWS refuses it: `{wrong.answer}`"),
        ),
        subject=wrong.id,
        mappings=mappings,
        aside=not mappings,
    )
