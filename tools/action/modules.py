"""Download the modules that the configuration names: `terraform get`, or `tofu get`.

That fetches modules and nothing else: no provider, no backend, and nothing of what it fetches is
run. What is fetched, and from where, is what the configuration says, of a pull request what it
proposes: from registries, git servers over HTTPS or SSH, buckets and web servers. It goes into a
directory of the root module that is made anew, so that no link of the pull request leads it
elsewhere. What would let the pull request run commands or read the runner's disk is closed: a
repository without a working tree among its files, whose configuration git obeys, Mercurial, which
obeys that of a local repository, and packages on the disk.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NoReturn

from checker.errors import TfcheckError
from checker.files import FileError, surroundings
from checker.sources.terraform.recursive import find_below

COULD_NOT_CHECK = 2
DATA = ".tfcheck-data"
"""The data directory in each root module; findings in modules are located in it."""
PROGRAMS = ("terraform", "tofu")
ENDINGS = (".tf", ".tf.json", ".tofu", ".tofu.json")
MOST_ROOTS = 100
MOST_SECONDS = 600
"""How long all downloads together may take."""
RECURSIVE = re.compile(r"^recursive:\s*true\s*(#.*)?$", re.MULTILINE)
_KEPT_AWAY = re.compile(
    r"(GITHUB_TOKEN|INPUT_.*|TF_CLI_ARGS.*|TF_VAR_.*|ACTIONS_(ID_TOKEN|RUNTIME)_.*)"
)
_OBEYED = (
    *("TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG", "HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL"),
    *("GIT_CONFIG_SYSTEM", "GIT_EXEC_PATH", "GIT_TEMPLATE_DIR", "GIT_SSH", "GIT_ASKPASS"),
    *("SSH_ASKPASS", "HGRCPATH", "CURL_HOME", "NETRC"),
)
"""Variables that name what Terraform, git and their helpers obey."""
_LOCAL = re.compile(r"(file:|/|[A-Za-z]:)", re.IGNORECASE)
"""How the source of a package on the runner's disk begins, as `modules.json` records it."""
_REFUSES = "#!/bin/sh\necho 'modules are not downloaded with Mercurial' >&2\nexit 1\n"


def main() -> None:
    """Download modules, and write the data directory that they are in as an output of the step.

    With the argument `remove`, remove them again: later steps find the workspace as it was.
    """
    asked = os.environ.get("INPUT_MODULES", "").strip()
    if asked in {"", "none"}:
        return
    if asked != "get":
        stop("`modules` is `get` or `none`")
    workspace = Path.cwd().resolve()
    path = Path(os.environ.get("INPUT_PATH", "").strip() or ".")
    if not path.resolve().is_relative_to(workspace):
        stop("`path` leads out of the workspace, where no module is downloaded")
    if not path.is_dir():
        return  # a plan file has its modules
    if sys.argv[1:] == ["remove"]:
        for directory in roots(path, workspace):
            clear(directory / DATA)
        return
    places = outside(os.environ.get("PATH", ""), workspace)
    program = found(places)
    if program is None:
        stop("`modules: get` needs Terraform or OpenTofu: use hashicorp/setup-terraform before")
    given = environment([without_mercurial(), *places], workspace)
    failed = download(program, roots(path, workspace), given, workspace)
    if failed:
        print(
            f"::warning title=tfcheck::modules of {failed} root module(s) cannot be downloaded:"
            " see the log of the step"
        )
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"data={DATA}\n")


def stop(why: str) -> NoReturn:
    """End the step, and so the job."""
    print(f"::error title=tfcheck::{why}")
    sys.exit(COULD_NOT_CHECK)


def outside(path: str, workspace: Path) -> list[str]:
    """Return the entries of `PATH` that lead to no program of the workspace."""
    entries = [each for each in path.split(os.pathsep) if Path(each).is_absolute()]
    return [each for each in entries if not Path(each).resolve().is_relative_to(workspace)]


def found(places: list[str]) -> str | None:
    """Return the first program that can download."""
    for name in PROGRAMS:
        for place in places:
            file = Path(place, name)
            if file.is_file() and os.access(file, os.X_OK):
                return str(file)
    return None


def without_mercurial() -> str:
    """Return an entry of `PATH` whose `hg` refuses: the real one runs hooks of a local repository.

    https://www.mercurial-scm.org/help/topics/config
    """
    place = Path(tempfile.mkdtemp(prefix="tfcheck-programs-", dir=os.environ["RUNNER_TEMP"]))
    refuses = place / "hg"
    refuses.write_text(_REFUSES, encoding="utf-8")
    refuses.chmod(0o755)
    return str(place)


def environment(places: list[str], workspace: Path) -> dict[str, str]:
    """Return what the program is started with.

    That holds no token of the job, no option of the workflow, and no value of a variable: OpenTofu
    works out the expressions of a `source`, and would send it with the address. Settings that lie
    in the workspace are a stranger's, and not obeyed.
    """
    kept = {k: v for k, v in os.environ.items() if not _KEPT_AWAY.fullmatch(k)}
    for name in _OBEYED:
        if Path(kept.get(name, "")).is_absolute() and Path(kept[name]).resolve().is_relative_to(
            workspace
        ):
            print(f"`{name}` leads into the workspace: it is not obeyed")
            kept[name] = os.environ["RUNNER_TEMP"]
            if name not in {"HOME", "XDG_CONFIG_HOME"}:
                del kept[name]
    count = kept.get("GIT_CONFIG_COUNT", "")
    n = int(count) if count.isascii() and count.isdigit() else 0
    return kept | {
        # Else git obeys a bare repository that the pull request has put around the root module.
        # https://git-scm.com/docs/git-config#Documentation/git-config.txt-safebareRepository
        "GIT_CONFIG_COUNT": str(n + 1),
        f"GIT_CONFIG_KEY_{n}": "safe.bareRepository",
        f"GIT_CONFIG_VALUE_{n}": "explicit",
        "PATH": os.pathsep.join(places),
        "TF_DATA_DIR": DATA,
        "TF_INPUT": "0",
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
        "GIT_ALLOW_PROTOCOL": "https:ssh",
        "GIT_TERMINAL_PROMPT": "0",
    }


def roots(path: Path, workspace: Path) -> list[Path]:
    """Return the root modules whose modules are to be downloaded."""
    here = path.resolve()
    below_too = os.environ.get("INPUT_RECURSIVE") == "true" or recursive(here, workspace)
    if any(each.name.endswith(ENDINGS) for each in here.iterdir()) and not below_too:
        return [here]
    try:
        below = find_below(path, surroundings(path))
    except (TfcheckError, FileError):
        return [here]  # what is wrong with it the check will say
    return list(below.roots.directories[:MOST_ROOTS])


def recursive(here: Path, workspace: Path) -> bool:
    """Tell whether the nearest configuration file asks for every root module below."""
    for folder in (here, *here.parents):
        file = folder / ".tfcheck.yaml"
        if file.is_file() and file.resolve().is_relative_to(workspace):
            return bool(RECURSIVE.search(file.read_text(encoding="utf-8", errors="replace")))
        if folder == workspace:
            break
    return False


def download(program: str, directories: list[Path], given: dict[str, str], workspace: Path) -> int:
    """Download what each root module calls; return in how many of them that failed."""
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)  # names are strangers'
    end, failed = time.monotonic() + MOST_SECONDS, 0
    try:
        for directory in directories:
            clear(directory / DATA)
            if in_repository(directory, workspace):
                print(f"{directory}: `HEAD` makes it a git repository: no module is downloaded")
                failed += 1
                continue
            # Started elsewhere: version managers obey files of the current folder.
            command = [program, f"-chdir={directory}", "get", "-no-color"]
            left = max(end - time.monotonic(), 1)
            try:
                done = subprocess.run(
                    command,
                    env=given,
                    cwd=os.environ["RUNNER_TEMP"],
                    stdin=subprocess.DEVNULL,
                    stderr=subprocess.STDOUT,  # the runner keeps no order between two streams
                    timeout=left,
                    check=False,
                )
                ended = done.returncode == 0
            except subprocess.TimeoutExpired:
                ended = False
            if holds_local(directory / DATA / "modules"):
                print(f"{directory}: a package on the runner's disk is no module that is checked")
                clear(directory / DATA)
                ended = False
            failed += not ended
    finally:
        print(f"\n::{token}::", flush=True)
    return failed


def in_repository(directory: Path, workspace: Path) -> bool:
    """Tell whether git may take a directory for one of its own: git before 2.38 does.

    https://git-scm.com/docs/gitrepository-layout
    """
    above = [each for each in directory.parents if each.is_relative_to(workspace)]
    return any(os.path.lexists(each / "HEAD") for each in (directory, *above))


def holds_local(modules: Path) -> bool:
    """Tell whether a package comes from the runner's disk: a link, or a copy of its target."""
    if not modules.is_dir():
        return False
    if any(each.is_symlink() for each in modules.iterdir()):
        return True
    try:
        listed = json.loads((modules / "modules.json").read_text(encoding="utf-8"))["Modules"]
        return any(_LOCAL.match(each["Source"]) for each in listed)
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return True  # nobody says where they come from


def clear(place: Path) -> None:
    """Remove what the pull request put in the place of the data directory."""
    if place.is_symlink() or place.is_file():
        place.unlink()
    elif place.is_dir():
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
