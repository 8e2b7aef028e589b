"""Where the recorded assemblies of the CDK are, and one as if it were synthesized elsewhere."""

import shutil
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parents[1] / "fixtures/assemblies"
ASSEMBLIES = sorted(folder.name for folder in HERE.iterdir() if folder.is_dir())
NEUTRAL = "/app/"
"""What the recorder writes for the directory of the app."""


def expectation(name):
    """Return what `expected.yaml` says of an assembly."""
    return yaml.safe_load((HERE / name / "expected.yaml").read_text())


def laid(name, target):
    """Copy an app with what it was synthesized to, as if that had happened there."""
    shutil.copytree(HERE / name, target, dirs_exist_ok=True)
    for path in (target / "cdk.out").rglob("*.json"):
        path.write_text(path.read_text().replace(NEUTRAL, f"{target.resolve()}/"))
    return target / "cdk.out"
