"""The rule `queue-policy-without-version`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Invalid, Unknown
from checker.model import Inventory, Queue
from checker.rules._documents import if_attached
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Queue, aws="accepts it, Terraform waits until it times out", works=(SOURCE, PLAN))
def queue_policy_without_version(
    queue: Queue, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The queue's policy has no `Version`, and Terraform waits until it times out.

    ## Why

    Terraform waits until it reads back what it wrote, and does not. Its documentation says that AWS
    hangs; how it words the end of the wait is not recorded:

        timeout while waiting for state to become 'success'

    Without `Version` policy variables are ordinary text, too. Templates are not concerned: that
    CloudFormation waits so is not recorded.

    Source: documentation of Terraform's AWS provider, aws_sqs_queue. Confidence: high, medium for
    the wording.

    <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sqs_queue_policy>

    ## Fix

    ```terraform
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Action    = "sqs:SendMessage"
        Principal = { Service = "sns.amazonaws.com" }
        Resource  = aws_sqs_queue.orders.arn
        Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.orders.arn } }
      }]
    })
    ```

    ## Since

    tfcheck 0.1.0.
    """
    if inventory.kind != "terraform":
        return
    for document in queue.policy.members:
        if isinstance(document, Invalid):
            continue  # document-invalid speaks
        if isinstance(document, Unknown):
            why = f"it is unknown whether the policy of `{queue.id}` has a `Version`"
            yield document.leaves(why)
        elif document.version == "":
            problem = Problem(
                message=f"`{document.id}` has no `Version`",
                at=document.at,
                fix=Fix('`Version = "2012-10-17"`'),
                because=(Evidence("Terraform waits until it times out", document.at),),
                subject=document.id,
            )
            yield from if_attached((problem,), document)
