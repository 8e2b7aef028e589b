"""Record which of the expressions in fixtures/expressions/sensitive a real Terraform marks.

    python tools/record_sensitive.py    (needs `terraform` on the path)

Each local of cases.tf is put to `issensitive`; the answers go to recorded.json. They are outputs
of an applied configuration, for `terraform console` does not mark variables.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "fixtures" / "expressions" / "sensitive"


def main() -> None:
    """Write the answers."""
    text = (FOLDER / "cases.tf").read_text().split("locals {", 1)[1]
    names = re.findall(r"^  (\w+)\s+=", text, re.MULTILINE)
    pairs = ", ".join(f"{name} = issensitive(local.{name})" for name in names)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(FOLDER / "cases.tf", folder)
        Path(folder, "asked.tf").write_text(f'output "asked" {{\n  value = {{ {pairs} }}\n}}\n')
        _terraform(folder, "init", "-input=false")
        _terraform(folder, "apply", "-auto-approve", "-input=false")
        recorded = json.loads(_terraform(folder, "output", "-json", "asked"))
    (FOLDER / "recorded.json").write_text(json.dumps(recorded, indent=1) + "\n")
    print(f"{len(recorded)} answers recorded")


def _terraform(folder: str, *words: str) -> str:
    done = subprocess.run(
        ["terraform", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
