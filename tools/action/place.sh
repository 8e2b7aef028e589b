#!/usr/bin/env bash
# Find an interpreter, and where tfcheck is installed.
set -euo pipefail

# Version managers put a shim in place of `python3`, which obeys a `.python-version`, `.tool-versions`
# or `mise.toml` of the current folder and those above it: never ask from the workspace.
cd "$RUNNER_TEMP"
unset PYENV_DIR

# -I: no module of the current folder, no PYTHON variable and no user's site-packages are read.
python3 -I "$ACTION_PATH/tools/action/place.py" ||
  { echo "::error title=tfcheck::Python 3.11 or later is needed: use actions/setup-python"; exit 2; }
