"""How permissions are given to the role that SAM makes of a function: in the function's `Policies`.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
"""

from __future__ import annotations

from dataclasses import replace

from checker.model.template_ids import name_in
from checker.records import dataclass
from checker.rules.fix import AddStatement, ObjectValue, Reference, ValueToWrite


@dataclass(frozen=True, slots=True)
class _PolicyTemplate:
    """A policy template of SAM: what it allows, and how its parameter names the resource."""

    name: str
    actions: frozenset[str]
    parameter: str = ""
    attribute: str = ""
    noun: str = ""


_TEMPLATES = (
    _PolicyTemplate(
        "SQSPollerPolicy",
        frozenset(
            (
                *("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
                "sqs:ChangeMessageVisibility",
            )
        ),
        "QueueName",
        "name",
        "queue",
    ),
    _PolicyTemplate(
        "SQSSendMessagePolicy", frozenset(("sqs:SendMessage",)), "QueueName", "name", "queue"
    ),
    _PolicyTemplate("KMSDecryptPolicy", frozenset(("kms:Decrypt",)), "KeyId", "id", "key"),
    _PolicyTemplate(
        "SNSPublishMessagePolicy", frozenset(("sns:Publish",)), "TopicName", "TopicName", "topic"
    ),
    _PolicyTemplate(
        "VPCAccessPolicy",
        frozenset(
            (
                *("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces"),
                *("ec2:DeleteNetworkInterface", "ec2:DetachNetworkInterface"),
            )
        ),
    ),
)


def policy_of(edit: AddStatement) -> ObjectValue:
    """Return what a member of `Policies` holds: a policy template of SAM, or a document."""
    elements = dict(edit.statement.items)
    actions, resource = elements.get("Action"), elements.get("Resource")
    wanted = {each for each in _several(actions) if isinstance(each, str)}
    for template in _TEMPLATES:
        if wanted and wanted <= template.actions:
            found = _parameters(template, resource, edit.holder)
            if found is not None:
                return ObjectValue(((template.name, found),))
    return ObjectValue((("Version", "2012-10-17"), ("Statement", (edit.statement,))))


def _several(value: ValueToWrite | None) -> tuple[ValueToWrite, ...]:
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def _parameters(
    template: _PolicyTemplate, resource: ValueToWrite | None, beside: str
) -> ObjectValue | None:
    """Return the parameters of a policy template; None where it cannot name the resource.

    A policy template names things of the stack's own account and Region.
    """
    if not template.parameter:
        return ObjectValue(()) if resource == "*" else None
    if not isinstance(resource, Reference) or not resource.made or resource.noun != template.noun:
        return None
    if name_in(resource.id, beside) is None:
        return None
    named = replace(resource, attribute=template.attribute)
    return ObjectValue(((template.parameter, named),))
