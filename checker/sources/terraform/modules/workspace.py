"""Which workspace `terraform.workspace` names.

See https://developer.hashicorp.com/terraform/cli/workspaces and
https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_data_dir.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from checker.errors import UsageError
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.language.tree import literal_of
from checker.sources.terraform.plan.model import Plan

MOST_CHARACTERS = 90
"""How long a workspace's name may be: no backend takes a longer one."""
NOT_KNOWN = "the workspace is unknown"
REMEDY = "name it with `--workspace`"


def workspace_of(
    named: str | None,
    environment: Mapping[str, str],
    directory: Path,
    files: Files,
    plan: Plan | None,
    declarations: Declarations,
) -> str | None:
    """Return the workspace that a root module is planned in, None where nothing tells it.

    That is the one of the plan, if there is a plan; else the one `named` on the command line, that
    of TF_WORKSPACE, the only one that a `cloud` block lets be, or the one that was selected last in
    the `directory` of the root module.

    Raises:
        UsageError: the command line names another one than the plan, or none that Terraform takes.
    """
    if named is not None and not is_workspace(named):
        raise UsageError("`--workspace`: not a name that Terraform takes for a workspace")
    if plan is not None:
        if named is not None and plan.workspace not in (None, named):
            raise UsageError("a plan has its workspace: `--workspace` cannot change it")
        return plan.workspace or named
    if named is not None:
        return named
    own = environment.get("TF_WORKSPACE", "")
    if own:
        return own if is_workspace(own) else None
    data = environment.get("TF_DATA_DIR") or ".terraform"
    return _of_cloud(declarations) or _selected(data, directory, files)


def is_workspace(name: str) -> bool:
    """Tell whether Terraform takes a name for a workspace: one that needs no escapes in a URL."""
    return 0 < len(name) <= MOST_CHARACTERS and quote(name, safe="$&+=:@") == name


def _of_cloud(declarations: Declarations) -> str | None:
    """Return the workspace that a `cloud` block names: no other one can be selected beside it."""
    for block in declarations.all_of("terraform"):
        for cloud in block.body.blocks_of("cloud"):
            for workspaces in cloud.body.blocks_of("workspaces"):
                found = literal_of(workspaces.body.arguments.get("name"))
                if found is not None and is_workspace(found):
                    return found
    return None


def _selected(data: str, directory: Path, files: Files) -> str | None:
    """Return what `terraform workspace select` noted; a file outside the repository is not read."""
    try:
        found = files.read(directory / data / "environment").decode("utf-8").strip()
    except (EvaluationError, UnicodeDecodeError, ValueError):
        return None
    return found if is_workspace(found) else None
