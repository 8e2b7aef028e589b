"""A policy: which rules run, how severe they are, with which settings, and what is waived."""

from checker.policy.judge import NO_DEPLOYER, judge
from checker.policy.merge import merge
from checker.policy.outcome import fails
from checker.policy.policy import Policy, Waiver
from checker.policy.read import DEFAULT, load, shipped

__all__ = [
    "DEFAULT",
    "NO_DEPLOYER",
    "Policy",
    "Waiver",
    "fails",
    "judge",
    "load",
    "merge",
    "shipped",
]
