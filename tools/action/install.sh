#!/usr/bin/env bash
# Install tfcheck from the action's own checkout into an environment of its own.
set -euo pipefail

if [ -x "$ENVIRONMENT/bin/tfcheck" ] && "$ENVIRONMENT/bin/tfcheck" --version >/dev/null 2>&1; then
  exit 0
fi
rm -rf "$ENVIRONMENT"
# -I: the workspace is the current folder, and a module of a stranger's there must not be run.
python3 -I -m venv "$ENVIRONMENT"
# A copy: building must not write into the action's checkout.
source=$(mktemp -d)
trap 'rm -rf "$source"' EXIT
cp -R "$ACTION_PATH/checker" "$ACTION_PATH/policies" "$ACTION_PATH/pyproject.toml" \
  "$ACTION_PATH/README.md" "$ACTION_PATH/LICENSE" "$source"
"$ENVIRONMENT/bin/pip" install -q --disable-pip-version-check \
  -c "$ACTION_PATH/constraints.txt" "$source"
