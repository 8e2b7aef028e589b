"""Find where tfcheck is to be installed: interpreter, new environment, wheels and their cache key.

It is the one program of the action that whatever `python3` stands for starts; from here on the
interpreter is started by its own path, past the shims of version managers.
"""

import hashlib
import os
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path

LOCK = Path(__file__).with_name("requirements.txt")
OLDEST = (3, 11)


def main() -> None:
    """Write the outputs of the step; exit with 2 if the interpreter is too old."""
    if sys.version_info < OLDEST:
        sys.exit(2)
    temporary = Path(os.environ["RUNNER_TEMP"])
    wheels = temporary / "tfcheck-wheels"
    # What an earlier step left there is not ours, and would be saved with what is.
    if wheels.is_symlink():
        wheels.unlink()
    shutil.rmtree(wheels, ignore_errors=True)
    written = {
        "interpreter": sys.executable,
        "environment": tempfile.mkdtemp(prefix="tfcheck-environment-", dir=temporary),
        "wheels": wheels,
        "key": key(),
    }
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8", newline="\n") as outputs:
        outputs.writelines(f"{name}={value}\n" for name, value in written.items())


def key() -> str:
    """Return the cache key: the same lock and kind of interpreter give the same wheels."""
    machine = (os.environ.get(name, "") for name in ("RUNNER_OS", "RUNNER_ARCH"))
    kind = sysconfig.get_config_var("SOABI") or sysconfig.get_platform()
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return "-".join(("tfcheck-wheels", *machine, kind, digest[:32]))


if __name__ == "__main__":
    main()
