"""What a rule may read of a policy: required permissions and thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Protocol

from checker.records import dataclass


class HasThresholds(Protocol):
    """A rule, as its thresholds are asked for."""

    @property
    def name(self) -> str:
        """The name of the rule."""

    @property
    def thresholds(self) -> Mapping[str, int]:
        """The numbers that a policy may set, with what they are by default."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The permissions of a policy, with those of `current` as defaults, and its thresholds.

    `role_required` are the actions that the execution role needs on the queue;
    `deployer_required` what the deployer needs, `deployer_terraform` what it needs besides when
    Terraform creates the mapping, `deployer_cloudformation` when CloudFormation does, and
    `deployer_console` what the console lists with. `numbers` are
    the thresholds that the policy sets, by rule and name; a rule declares its own.
    """

    role_required: tuple[str, ...] = (
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
    )
    deployer_required: tuple[str, ...] = ("lambda:CreateEventSourceMapping",)
    deployer_terraform: tuple[str, ...] = ("lambda:GetEventSourceMapping", "lambda:ListTags")
    deployer_cloudformation: tuple[str, ...] = ("lambda:GetEventSourceMapping",)
    deployer_console: tuple[str, ...] = ("lambda:ListEventSourceMappings", "lambda:ListFunctions")
    numbers: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def of(self, rule: HasThresholds, name: str) -> int:
        """Return a threshold of a rule: as the policy sets it, else as the rule declares it."""
        return self.numbers.get((rule.name, name), rule.thresholds[name])
