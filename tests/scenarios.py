"""Where the scenarios are: whole deployments, by topic and name, with what was recorded of them."""

from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parents[1] / "fixtures/scenarios"
SCENARIOS = sorted(file.parent for file in HERE.glob("*/*/expected.yaml"))
RECORDED = "recorded"
"""The sub-folder of a scenario with its report, its plan and the answers of an account."""


def scenario(name):
    """Return the folder of a scenario, which has one name over all topics."""
    (folder,) = (each for each in SCENARIOS if each.name == name)
    return folder


def expectation(folder):
    """Return what `expected.yaml` says of a scenario."""
    text = (folder / "expected.yaml").read_text()
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe
