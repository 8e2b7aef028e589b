"""Directories without configuration: what they are instead, and what can be done."""

from __future__ import annotations

from checker.errors import EmptyDirectoryError, Reason, SourceError
from checker.sources.terraform.configuration.engine import passed_over
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.terragrunt.units import REMEDY, is_alone


def nothing_to_read(project: Project, target: str) -> SourceError:
    """Say of a directory without configuration what it is instead, and what can be done."""
    names = project.files.names(project.directory)
    if is_alone(names):
        return SourceError(
            Reason("the configuration is Terragrunt's, which is not evaluated", target), hint=REMEDY
        )
    if any(name.endswith((".tfcomponent.hcl", ".tfstack.hcl", ".tfdeploy.hcl")) for name in names):
        why = "the configuration is a Terraform Stack, which is not read"
        hint = "name the directory of a component's module"
        return SourceError(Reason(why, target), hint=hint)
    engine = project.engine
    if passed_over(names, engine.chosen):
        why = f"the directory holds no files that {engine.chosen} reads: {engine.why}"
        return SourceError(
            Reason(why, target),
            hint="name the other with `--engine`",
        )
    return EmptyDirectoryError(
        Reason("the directory holds no Terraform files", target),
        hint="name the directory of a root module",
    )
