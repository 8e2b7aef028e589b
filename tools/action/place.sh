#!/usr/bin/env bash
# Where tfcheck is installed, and under which key: the same files give the same environment.
set -euo pipefail

# -I: the workspace is the current folder, and a module of a stranger's there must not be run.
python3 -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  { echo "::error title=tfcheck::Python 3.11 or later is needed: use actions/setup-python"; exit 2; }
version=$(python3 -I -c 'import platform; print(platform.python_version())')
files=$(cd "$ACTION_PATH" && find checker policies pyproject.toml constraints.txt -type f \
  -not -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-32)
{
  echo "environment=$RUNNER_TEMP/tfcheck-environment"
  echo "key=tfcheck-${RUNNER_OS:-Linux}-${RUNNER_ARCH:-X64}-$version-$files"
} >>"$GITHUB_OUTPUT"
