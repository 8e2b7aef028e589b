"""The rule `earlier-mapping-still-exists`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known
from checker.model import EarlierMapping, EventSourceMapping, Inventory
from checker.rules.fix import Fix
from checker.rules.rule import TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="refuses the mapping, rolls back", works=(TEMPLATE,))
def earlier_mapping_still_exists(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """An update creates a mapping before it deletes the one that it takes the place of.

    ## Why

    A mapping under another logical id is a new resource, also where its queue and its function
    stay. CloudFormation creates what is new first, and deletes what the template does not have any
    more when everything else is done. AWS takes one mapping for each queue and function:

        ResourceConflictException: An event source mapping with SQS arn (" arn:aws:sqs:eu-west-1:111122223333:orders ") and function (" worker ") already exists. Please update or delete the existing mapping with UUID ...

    The logical id of a mapping of SAM is that of the function and of its event: a new name of
    either makes a new mapping. `--before TEMPLATE` gives the template that is deployed now.

    Source: CloudFormation user guide, update behaviors of stack resources; the refusal is recorded
    against AWS (localstack/localstack). That an update meets it is inference. Confidence: medium.

    <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html>

    ## Fix

    Keep the logical id. Where it has to change, deploy twice: first without the mapping, then with
    the new one. Messages wait in the queue meanwhile.

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    for earlier in inventory.earlier.get(mapping.id, ()):
        if earlier.unsure is not None:
            why = f"it is unknown whether `{earlier.id}`, which the update deletes, has the same"
            yield earlier.unsure.leaves(f"{why} queue and function")
        else:
            yield _problem(mapping, earlier)


def _problem(mapping: EventSourceMapping, earlier: EarlierMapping) -> Problem:
    source, function = mapping.source, mapping.function
    named = [each.value for each in (source, function) if isinstance(each, Known)]
    return Problem(
        message=f"`{mapping.id}` is created before `{earlier.id}` is deleted, and both map"
        f" {' to '.join(f'`{each}`' for each in named)}",
        at=mapping.at,
        fix=Fix(
            f"keep the logical id `{earlier.id}`, or deploy once without the mapping and then with"
            f" `{mapping.id}`"
        ),
        because=(Evidence(f"`{earlier.id}` in the template that is deployed", earlier.at),),
    )
