"""The rule `deployer-cannot-create-mapping`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.iam.authorize import Decision, DecisionReason
from checker.knowledge.partial import Known, Unknown
from checker.knowledge.truth import Truth
from checker.model import EventSourceMapping, Inventory, Role
from checker.requests import (
    FILTER_KEY,
    deploy,
    deployer_key_layers,
    deployer_layers,
    encrypt_filters,
)
from checker.rules._creation import fix_of
from checker.rules._permission import (
    AskedAction,
    Wording,
    ask,
    deployer_fix,
    named,
    reference_to,
    tell,
)
from checker.rules.rule import Evidence, Said, rule
from checker.rules.settings import Settings

_TAG = "lambda:TagResource"
_CREATE = "lambda:createeventsourcemapping"


@rule(on=EventSourceMapping, aws="refuses the call")
def deployer_cannot_create_mapping(
    mapping: EventSourceMapping, inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """The deployer is not allowed to create the mapping.

    ## Why

    The principal that runs the deployment needs `lambda:CreateEventSourceMapping`. The action takes
    no resource, so a statement whose `Resource` is a function, a queue or a mapping grants nothing,
    without an error; only `Resource = "*"` does. AWS answers

        AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/deployer/ci is not authorized to perform: lambda:CreateEventSourceMapping on resource: *

    To keep it to certain functions, use the condition key `lambda:FunctionArn`. Terraform reads
    the mapping back, with `lambda:GetEventSourceMapping` and `lambda:ListTags`, and sets tags
    with `lambda:TagResource`. `iam:PassRole` is needed for the function, not for the mapping. Where
    `kms_key_arn` encrypts the mapping's filters, the deployer needs `kms:DescribeKey`,
    `kms:GenerateDataKey` and `kms:Decrypt` on that key, by its own policy and the key's (Lambda
    guide, confidence H; AWS's answer without them is not recorded).

    Source: Service Authorization Reference, AWS Lambda; IAM guide, troubleshoot_access-denied.
    Confidence: high.

    <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html>
    <https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html>

    ## Fix

    ```terraform
    statement {
      actions = [
        "lambda:CreateEventSourceMapping",
        "lambda:GetEventSourceMapping",
        "lambda:ListTags",
      ]
      resources = ["*"]
    }
    ```

    and `lambda:TagResource` if the mapping, or the provider's `default_tags`, sets tags.
    CloudFormation needs `lambda:GetEventSourceMapping` and, as it adds tags of its own to each
    mapping, `lambda:TagResource`: grant them to the role that the stack is deployed with.

    ## Since

    tfcheck 0.1.0. `lambda:ListTags` is asked for since version 5.70 of Terraform's AWS provider,
    and in 6.x as well: the version in `.terraform.lock.hcl` counts, else the newest. What 5.100
    calls was measured: CreateEventSourceMapping, GetEventSourceMapping until it is enabled, ListTags.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    if inventory.deployer is None:
        return
    deployer = inventory.deployer.role.get()
    layers = deployer_layers(deployer)
    actions = list(settings.deployer_required)
    if inventory.kind == "terraform":
        actions += _asked_by_terraform(settings, inventory)
    elif inventory.kind == "cloudformation":
        actions += settings.deployer_cloudformation
    asked = [ask(deploy(action, mapping, deployer), layers, inventory) for action in actions]
    asked += _tagging(mapping, inventory, deployer)
    who = named("deployer", inventory.deployer.id)
    yield from tell(
        asked, Wording(who, "", deployer.id, deployer.at, deployer_fix(deployer), _refusal)
    )
    yield from _filter_key(mapping, inventory, deployer, who)


def _asked_by_terraform(settings: Settings, inventory: Inventory) -> Iterator[str]:
    """Yield what the provider asks besides: an old one knows no tags of mappings.

    https://github.com/hashicorp/terraform-provider-aws/pull/39535
    """
    version = inventory.provider
    for action in settings.deployer_terraform:
        if action != _LIST_TAGS or version is None or version >= _WITH_TAGS:
            yield action


_LIST_TAGS = "lambda:ListTags"
_WITH_TAGS = (5, 70)
"""The version of the AWS provider from which on mappings have tags."""


def _filter_key(
    mapping: EventSourceMapping, inventory: Inventory, deployer: Role, who: str
) -> Iterator[Said]:
    """Ask for the key of the filters; a grant on it may allow what no document does."""
    filters, arn = mapping.filters, mapping.filter_key
    if inventory.kind == "account" or (isinstance(filters, Known) and not filters.value):
        return
    if isinstance(arn, Unknown) or arn.value is None or isinstance(mapping.function, Unknown):
        return  # filter-key-closed-to-lambda says what is unknown of it
    key = inventory.key_named(arn, mapping.function.value)
    if isinstance(key, Unknown) or key.value is None or key.value.grants:
        return
    layers = deployer_key_layers(deployer, key.value)
    asked = [
        ask(encrypt_filters(action, key.value, deployer), layers, inventory)
        for action in FILTER_KEY
    ]
    where = f"with key `{key.value.id}`, which encrypts the filters of `{mapping.id}`"
    fix = fix_of(deployer, reference_to(key.value))
    yield from tell(asked, Wording(who, where, deployer.id, deployer.at, fix, _denied))


def _denied(action: str) -> tuple[Evidence, ...]:
    return (Evidence(f"AWS refuses: `is not authorized to perform: {action}`"),)


def _tagging(
    mapping: EventSourceMapping, inventory: Inventory, deployer: Role
) -> Iterator[AskedAction]:
    """Ask for tagging if tags are set; where that is unknown, a refusal is not sure."""
    if isinstance(mapping.tagged, Unknown):
        one = ask(deploy(_TAG, mapping, deployer), deployer_layers(deployer), inventory)
        if one.decision.allowed is not Truth.YES:
            why = DecisionReason(
                f"and it is needed only if tags are set: {mapping.tagged.why}",
                mapping.tagged.at,
                mapping.tagged.remedy,
            )
            decision = Decision(Truth.MAYBE, (*one.decision.because, why))
            yield replace(one, decision=decision)
    elif mapping.tagged.value and inventory.kind != "account":
        yield ask(deploy(_TAG, mapping, deployer), deployer_layers(deployer), inventory)


def _refusal(action: str) -> tuple[Evidence, ...]:
    if action.lower() != _CREATE:
        return (Evidence(f"AWS refuses: `is not authorized to perform: {action}`"),)
    return (
        Evidence(f"AWS refuses: `is not authorized to perform: {action} on resource: *`"),
        Evidence(f'`{action}` takes no resource: only `Resource = "*"` allows it'),
    )
