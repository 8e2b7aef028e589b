"""What a rule may read of a policy: required permissions and thresholds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The permissions and thresholds of a policy, with the values of `current` as defaults.

    `role_required` are the actions that the execution role needs on the queue;
    `deployer_required` what the deployer needs, `deployer_terraform` what it needs besides when
    Terraform creates the mapping, and `deployer_console` what the console lists with.
    """

    role_required: tuple[str, ...] = (
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
    )
    deployer_required: tuple[str, ...] = ("lambda:CreateEventSourceMapping",)
    deployer_terraform: tuple[str, ...] = ("lambda:GetEventSourceMapping", "lambda:ListTags")
    deployer_console: tuple[str, ...] = ("lambda:ListEventSourceMappings", "lambda:ListFunctions")
    visibility_factor: int = 6
    least_receives: int = 3
    advised_receives: int = 5
    least_concurrency: int = 5
    concurrency_quota: int = 1000
    filter_quota: int = 5
