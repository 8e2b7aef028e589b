#!/usr/bin/env bash
# What a change has to pass before it is proposed, the fastest first. `.ci/run` does more.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
programs=${PROGRAMS:-.venv/bin}

"$programs/ruff" check .
"$programs/ruff" format --check .
"$programs/lint-imports"
"$programs/mypy"
"$programs/python" -m pytest -n auto "$@"
