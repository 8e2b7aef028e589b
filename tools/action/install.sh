#!/usr/bin/env bash
# Install the wheels that requirements.txt locks into a new environment, and tfcheck beside them.
#
# Nothing is built. A wheel is installed only if its hash is in the lock, which comes with the
# action's own commit; so neither an index nor a cache can bring anything else.
set -euo pipefail

cd "$RUNNER_TEMP"
lock="$ACTION_PATH/tools/action/requirements.txt"
locked=(--require-hashes --only-binary ":all:" --requirement "$lock")

# pip is the one that the interpreter brings along (ensurepip).
"$INTERPRETER" -I -m venv "$ENVIRONMENT"
python="$ENVIRONMENT/bin/python"
[ -x "$python" ] || python="$ENVIRONMENT/Scripts/python.exe"

# Where the index is may be said by the runner's own configuration of pip.
download() {
  rm -rf "$WHEELS"
  "$python" -I -m pip download --quiet --disable-pip-version-check --dest "$WHEELS" "${locked[@]}"
}

# No configuration and no index: the wheels are there, and the hashes decide.
install() {
  PIP_CONFIG_FILE=/dev/null "$python" -I -m pip --isolated install --quiet \
    --disable-pip-version-check --no-compile --no-index --find-links "$WHEELS" "${locked[@]}"
}

download_and_install() {
  { download && install; } || {
    echo "::error title=tfcheck::the locked wheels are not to be had: the index has to offer them," \
      "and Python to be 3.11 to 3.14 on Linux (glibc), macOS or Windows"
    exit 2
  }
}

if [ -d "$WHEELS" ]; then
  # A page among the wheels would have pip ask whom it names.
  for file in "$WHEELS"/* "$WHEELS"/.[!.]*; do
    case "$file" in *.whl) ;; *) rm -rf "$file" ;; esac
  done
  install || {
    echo "::warning title=tfcheck::the cache entry holds other wheels than the lock names: it is" \
      "not used, delete it"
    "$INTERPRETER" -I -m venv --clear "$ENVIRONMENT"
    download_and_install
  }
else
  download_and_install
fi

# As a wheel would lay it out, so that no build runs and the action's checkout is not written to.
"$python" -I - "$ACTION_PATH" <<'END'
import pathlib, shutil, sys, sysconfig

checkout, site = pathlib.Path(sys.argv[1]), pathlib.Path(sysconfig.get_path("purelib"))
ignore = shutil.ignore_patterns("__pycache__")
shutil.copytree(checkout / "checker", site / "checker", ignore=ignore)
shutil.copytree(checkout / "policies", site / "checker" / "policies", ignore=ignore)
END
"$python" -I -m checker --version
echo "python=$python" >>"$GITHUB_OUTPUT"
