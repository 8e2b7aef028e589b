"""Record what a real Terraform makes of the expressions in fixtures/expressions/cases.tf.

    python tools/record_expressions.py    (needs `terraform` on the path)

Each local of the file is evaluated by `terraform console`; the answers go to recorded.json as
JSON values, or null with an error where Terraform refuses the expression.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "fixtures" / "expressions"


def main() -> None:
    """Write the answers."""
    text = (FOLDER / "cases.tf").read_text().split("locals {", 1)[1]
    names = re.findall(r"^  (\w+)\s+=", text, re.MULTILINE)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
        # One answer for all: the console stops reading at its first answer when it is piped.
        pairs = ", ".join(f"{name} = local.{name}" for name in names)
        done = subprocess.run(
            ["terraform", "console"],
            cwd=folder,
            input=f"jsonencode({{ {pairs} }})\n",
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SystemExit(done.stderr)
    recorded = json.loads(json.loads(done.stdout))
    (FOLDER / "recorded.json").write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")
    print(f"{len(recorded)} answers recorded")


if __name__ == "__main__":
    main()
