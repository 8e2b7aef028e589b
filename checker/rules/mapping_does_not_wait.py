"""The rule `mapping-does-not-wait`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Value
from checker.knowledge.text import Text
from checker.model import EventSourceMapping, Inventory
from checker.model.template_ids import root_and_steps
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="refuses the mapping at times", works=(SOURCE, PLAN, TEMPLATE))
def mapping_does_not_wait(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The mapping names its function or its queue by text, and does not wait for it.

    ## Why

    A name or an ARN that is written as text, or put together of names, is no reference: Terraform
    and CloudFormation create both at the same time, in no order. If the mapping is made first, AWS
    knows no such function, or no such queue:

        InvalidParameterValueException: Function does not exist

        InvalidParameterValueException: Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.

    Neither Terraform's provider nor CloudFormation tries again then; the next apply finds both. In
    templates the alias of a function that a name ends with counts, too.

    Source: recorded against AWS (badmintoncryer/cdk-preflight, localstack/localstack); aws/aws-cdk
    issue 2084. That nobody tries again is inference. Confidence: medium.

    <https://github.com/aws/aws-cdk/issues/2084>
    <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html>

    ## Fix

    Refer to the function and to the queue:

    ```terraform
    resource "aws_lambda_event_source_mapping" "orders" {
      event_source_arn = aws_sqs_queue.orders.arn
      function_name    = aws_lambda_function.worker.arn
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    if inventory.order is None:
        return
    function = inventory.function_of(mapping)
    if isinstance(function, Known) and function.value.closed and _is_text(mapping.function):
        yield from _late(mapping, "function", function.value.id, inventory)
    if mapping.alias:
        yield from _late(mapping, "alias", mapping.alias, inventory)
    source = inventory.source_of(mapping)
    if isinstance(source, Known) and source.value.closed and _is_text(mapping.source):
        yield from _late(mapping, "queue", source.value.id, inventory)


def _is_text(named: Value[Text]) -> bool:
    """Tell whether nothing is known to refer to what is named: a reference is a dependency."""
    return isinstance(named, Known) and not named.value.thing


def _late(mapping: EventSourceMapping, noun: str, id: str, inventory: Inventory) -> Iterator[Said]:
    order = inventory.order
    if order is None:
        return
    if not order.unordered(mapping.id, (id,), mapping.at).get():
        return
    at = mapping.source.at if noun == "queue" else mapping.function.at
    named = root_and_steps(id)[1][-1] if inventory.kind == "cloudformation" else id
    text = "The specified queue does not exist." if noun == "queue" else "Function does not exist"
    yield Problem(
        message=f"`{mapping.id}` names {noun} `{id}` by text, and does not depend on it",
        at=at,
        fix=Fix(f"refer to `{named}`, or add it to `depends_on`"),
        because=(Evidence(f"AWS answers, if the mapping is made first: `{text}`"),),
    )
