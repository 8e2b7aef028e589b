"""The rule `deployer-cannot-list`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import EventSourceMapping, Inventory
from checker.requests import deploy, deployer_layers
from checker.rules._permission import Wording, ask, deployer_fix, named, tell
from checker.rules.rule import Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="shows nothing in the console")
def deployer_cannot_list(
    mapping: EventSourceMapping, inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """The deployer is not allowed to list functions or mappings, which the console does first.

    ## Why

    To add a trigger the console lists functions and mappings, so the SQS guide asks for
    `lambda:ListFunctions` and `lambda:ListEventSourceMappings` besides
    `lambda:CreateEventSourceMapping`. Neither takes a resource: only `Resource = "*"` allows
    them. Terraform and CloudFormation call neither. The guide of 2018 printed
    `lambda:ListFunction`, an action that does not exist and allows nothing.

    Source: SQS guide, sqs-configure-lambda-function-trigger, and its history. Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html>

    ## Fix

    ```terraform
    statement {
      actions   = ["lambda:ListEventSourceMappings", "lambda:ListFunctions"]
      resources = ["*"]
    }
    ```

    ## Since

    tfcheck 0.1.0. The tutorial printed `lambda:ListFunction`, which does not exist, until January
    2019.
    """
    if inventory.deployer is None:
        return
    deployer = inventory.deployer.role.get()
    layers = deployer_layers(deployer)

    who = named("deployer", inventory.deployer.id)
    asked = [
        ask(deploy(action, mapping, deployer), layers, inventory)
        for action in settings.deployer_console
    ]
    yield from tell(asked, Wording(who, "", deployer.id, deployer.at, deployer_fix(deployer)))
