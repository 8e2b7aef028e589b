"""Templates of CloudFormation among what `tfcheck plan` is asked to check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from checker.cli import assemblies, console
from checker.errors import Reason, SourceError, UsageError
from checker.files import FileError, Repository, absolute, stat_named
from checker.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from checker.cli.progress import Tell
    from checker.model import Inventory
    from checker.sources.cloudformation.given import TemplateOptions


@dataclass(frozen=True, slots=True)
class TemplateRequest:
    """What is given to templates alone; `of_terraform` are options for Terraform that are given."""

    parameters: tuple[str, ...] = ()
    parameter_files: tuple[str, ...] = ()
    config_env: str | None = None
    account: str | None = None
    stack_name: str | None = None
    before: str | None = None
    of_terraform: tuple[str, ...] = ()

    def options(
        self, region: str | None, deployer: str | None, *, lenient: bool = False
    ) -> TemplateOptions:
        """Return what the source of templates is given."""
        from checker.sources.cloudformation.given import TemplateOptions

        return TemplateOptions(
            self.parameters,
            tuple(map(Path, self.parameter_files)),
            self.config_env,
            self.account,
            region,
            self.stack_name,
            deployer,
            lenient,
            None if self.before is None else Path(self.before),
        )

    def refuse_terraform(self, what: str) -> None:
        """Raise UsageError for an option that a template does not take."""
        if self.of_terraform:
            why = f"`{self.of_terraform[0]}` is for Terraform: {what} is a template"
            instead = {"--var": "--parameter", "--var-file": "--parameter-file"}
            option = instead.get(self.of_terraform[0])
            raise UsageError(why, hint=f"give its parameters with `{option}`" if option else "")

    def refuse_templates(self, what: str) -> None:
        """Raise UsageError for an option that only a template takes."""
        given = {
            "--parameter": self.parameters,
            "--parameter-file": self.parameter_files,
            "--config-env": self.config_env,
            "--account": self.account,
            "--stack-name": self.stack_name,
            "--before": self.before,
        }
        option = next((name for name, value in given.items() if value), None)
        if option is not None:
            instead = {"--parameter": "--var", "--parameter-file": "--var-file"}.get(option)
            hint = f"give its variables with `{instead}`" if instead else ""
            raise UsageError(f"`{option}` is for templates: {what} is none", hint=hint)


def from_text(
    data: bytes, name: str, request: TemplateRequest, options: TemplateOptions
) -> list[Inventory] | None:
    """Read standard input; None if it is not a template. Raises SourceError and UsageError."""
    from checker.sources.cloudformation.detection import MOST_LOOKED_AT, is_template

    assemblies.refuse_text(data, name)
    if not is_template(data[:MOST_LOOKED_AT]):
        request.refuse_templates(name)
        return None
    request.refuse_terraform(name)
    from checker.sources.cloudformation.inputs import load_template_text

    return [load_template_text(data, name, options)]


def at_target(
    target: Path, files: Repository, request: TemplateRequest, options: TemplateOptions
) -> list[Inventory] | None:
    """Read a template's file, or a directory that holds one and no Terraform; else None.

    A cloud assembly of the CDK is read too, and the one of an app. Raises SourceError and
    UsageError.
    """
    manifest = assemblies.manifest_at(target, files)
    path = template_at(target, files, options) if manifest is None else None
    if path is None and manifest is None and not _is_terraform(target, files):
        manifest = assemblies.manifest_of_app(target, files)
    if manifest is not None:
        request.refuse_terraform(f"`{target}`")
        return assemblies.read(manifest, target, files, options)
    if path is None:
        request.refuse_templates(f"`{target}`")
        return None
    request.refuse_terraform(f"`{path}`" if path == target else f"`{path.name}`")
    from checker.sources.cloudformation.inputs import load_template

    return [load_template(path, files, options, str(target))]


def template_at(target: Path, files: Repository, options: TemplateOptions) -> Path | None:
    """Return the template that is to be checked; None where Terraform is. Raises SourceError."""
    from checker.sources.cloudformation import targets

    try:
        info = stat_named(target, files)
        if info is None:
            return None
        if not files.holds(absolute(target)):
            return None  # a plan elsewhere
        if not files.is_directory(absolute(target)):
            return target if targets.names_template(target, files) else None
        if targets.holds_terraform(absolute(target), files):
            return None
        return targets.template_in(absolute(target), files, options)
    except FileError as error:
        raise SourceError(Reason(error.why, str(target))) from None


def holds_template(target: Path, files: Repository) -> bool:
    """Tell whether a directory is a cloud assembly, or holds one or a template."""
    from checker.sources.cloudformation.given import TemplateOptions

    try:
        return (
            assemblies.manifest_at(target, files) is not None
            or template_at(target, files, TemplateOptions()) is not None
            or assemblies.synthesized_in(target, files) is not None
        )
    except (FileError, SourceError):
        return False


def _is_terraform(target: Path, files: Repository) -> bool:
    from checker.sources.cloudformation.targets import holds_terraform

    try:
        if not files.is_directory(absolute(target)):
            return True
    except FileError as error:
        raise SourceError(Reason(error.why, str(target))) from None
    return holds_terraform(absolute(target), files)


def beside(
    found: list[Inventory], target: Path, files: Repository, options: TemplateOptions
) -> list[Inventory]:
    """Say of a directory of Terraform which template or assembly it holds: none was checked."""
    from checker.sources.cloudformation.targets import template_in

    try:
        if not files.is_directory(absolute(target)):
            return found
        other = template_in(absolute(target), files, replace(options, config_env=None))
        what = "a template"
        if other is None:
            manifest = assemblies.synthesized_in(target, files)
            other, what = None if manifest is None else manifest.parent, "a cloud assembly"
    except (FileError, SourceError):
        return found
    if other is None:
        return found
    why = f"`{other.name}`, {what} beside it, is not checked: name it, or run with `--recursive`"
    return [replace(each, assumptions=(*each.assumptions, why)) for each in found]


def below(
    target: Path,
    files: Repository,
    request: TemplateRequest,
    options: TemplateOptions,
    progress: Tell,
    terraform: Callable[[], list[Inventory]],
    *,
    verbose: bool,
) -> list[Inventory]:
    """Read every template below a directory, and every root module. Raises as `at_target`."""
    from checker.sources.cloudformation.below import find_templates, load_templates

    if request.before is not None:
        raise UsageError("`--before` is for one template, and `--recursive` checks all of them")
    templates = find_templates(target, files)
    if not templates.paths and not templates.assemblies:
        request.refuse_templates(f"what lies below `{target}`")
        return terraform()
    if verbose:
        for each in templates:
            console.say(each)
    if not templates.terraform:
        request.refuse_terraform(f"all that lies below `{target}`")
        return load_templates(templates, options, progress)
    both = (terraform, lambda: load_templates(templates, options, progress))
    return _of_both(both, str(target))


def _of_both(sources: Iterable[Callable[[], list[Inventory]]], target: str) -> list[Inventory]:
    """Read two kinds of sources; one that cannot be read ends nothing if the other can."""
    from checker.model import Inventory, Unread

    found: list[Inventory] = []
    failed: list[SourceError] = []
    for read in sources:
        try:
            found += read()
        except SourceError as error:
            failed.append(error)
    if not found:
        reasons = dict.fromkeys(reason for error in failed for reason in error.reasons)
        raise SourceError(*reasons, hint=next((each.hint for each in failed if each.hint), ""))
    unread = [
        Unread(reason.place or target, reason.message)
        for error in failed
        for reason in error.reasons
    ]
    return [*found, Inventory(target=target, unread=tuple(unread))] if unread else found
