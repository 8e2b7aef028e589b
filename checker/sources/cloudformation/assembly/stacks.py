"""The stacks of a cloud assembly, each with its template and what it is deployed with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from checker.errors import Reason, SourceError, UsageError
from checker.files import Repository
from checker.knowledge.partial import Location, Unknown
from checker.model.partitions import partition_of
from checker.records import dataclass
from checker.sources.cloudformation.assembly import context
from checker.sources.cloudformation.assembly.documents import AssemblyFiles, JsonDocument
from checker.sources.cloudformation.assembly.frames import ProgramFiles
from checker.sources.cloudformation.assembly.manifest import StackArtifact, read_manifests
from checker.sources.cloudformation.assembly.origins import (
    ConstructRecords,
    construct_records,
)
from checker.sources.cloudformation.given import StackInput, TemplateOptions
from checker.sources.cloudformation.inputs import (
    checked_options,
    deployer_of,
    of_words,
    read_template,
    stack_input,
    undeclared,
)
from checker.sources.cloudformation.language.template import NoResourcesError
from checker.sources.cloudformation.parameter_files import read_parameters
from checker.sources.cloudformation.samconfig import SamConfig
from checker.sources.cloudformation.values.stack import RootStack

_TWICE = "it is the template of two stacks"
_ROLE = ("${AWS::Partition}", "${AWS::AccountId}", "${AWS::Region}")


@dataclass(frozen=True, slots=True)
class AssemblyStack:
    """One stack: what its metadata tells, and why its template may become another, if so."""

    root: RootStack
    records: ConstructRecords
    unsure: Unknown | None = None


@dataclass(frozen=True, slots=True)
class AssemblyStacks:
    """The stacks of an assembly, and why others cannot be read."""

    stacks: tuple[AssemblyStack, ...]
    failed: tuple[SourceError, ...] = ()


def read_stacks(
    manifest: Path, repository: Repository, options: TemplateOptions, prefix: str = ""
) -> AssemblyStacks:
    """Read every stack that a manifest, a resolved path, and those in it name.

    Ids begin with `prefix` and the name of the stack. What the app does not name of account and
    Region, the options give. Raises SourceError if there is none that can be read, UsageError for a
    parameter that no stack declares.
    """
    _refuse(options)
    files = AssemblyFiles(repository)
    read = read_manifests(manifest, files)
    program = ProgramFiles(repository, manifest.parent.parent)
    found: list[AssemblyStack] = []
    failed = [*read.failed]
    shown: set[str] = set()
    empty = 0
    templates: set[Path] = set()
    for artifact in read.stacks:
        name = artifact.display if artifact.display not in shown else artifact.id
        shown.add(name)
        if artifact.template in templates:
            failed.append(SourceError(Reason(_TWICE, files.name(artifact.template))))
            continue
        templates.add(artifact.template)
        try:
            found.append(_stack(f"{prefix}{name}:", artifact, files, program, options))
        except NoResourcesError:
            empty += 1  # the CDK deploys no stack without resources
        except SourceError as error:
            failed.append(error)
    if not found and not empty:
        reasons = dict.fromkeys(reason for error in failed for reason in error.reasons)
        none = Reason("the assembly has no stack", repository.name(manifest))
        raise SourceError(*(reasons or (none,)), hint=next((e.hint for e in failed if e.hint), ""))
    _refuse_undeclared(options, found, repository)
    return AssemblyStacks(tuple(found), tuple(failed))


def _refuse(options: TemplateOptions) -> None:
    """Raise UsageError for an option that an assembly does not take."""
    checked_options(options)
    deployer_of(options)
    if options.lenient:
        return
    for option, value in (
        ("--stack-name", options.stack_name),
        ("--config-env", options.config_env),
        ("--before", options.before),
    ):
        if value is not None:
            why = f"`{option}` is for one template: a cloud assembly names its stacks"
            raise UsageError(why)


def _refuse_undeclared(
    options: TemplateOptions, stacks: list[AssemblyStack], repository: Repository
) -> None:
    """Raise UsageError for a parameter that no stack declares."""
    declared = [name for each in stacks for name in each.root.template.parameters]
    if not options.lenient:
        undeclared(of_words(options.parameters), declared, "`--parameter`", "no stack has a")
        for path in options.parameter_files:
            by = f"`--parameter-file {path.as_posix()}`"
            undeclared(read_parameters(path, repository), declared, by, "no stack has a")


def _stack(
    prefix: str,
    artifact: StackArtifact,
    files: AssemblyFiles,
    program: ProgramFiles,
    options: TemplateOptions,
) -> AssemblyStack:
    template = read_template(artifact.template, files.repository)
    records = construct_records(_metadata(artifact, files), program)
    own = SamConfig({**artifact.parameters}, stack_name=artifact.name)
    options = replace(
        options,
        account=artifact.account or options.account,
        region=artifact.region or options.region,
        stack_name=artifact.name,
        config_env=None,
        lenient=True,
    )
    bare = replace(options, parameters=(), parameter_files=())
    try:
        stack_input(template, bare, own, files.repository)
    except UsageError as error:
        place = files.name(artifact.place)
        raise SourceError(*(Reason(each.message, place) for each in error.reasons)) from None
    given = stack_input(template, options, own, files.repository)
    at = Location(files.name(artifact.place))
    given = replace(
        given,
        execution_role=_execution_role(artifact.role, given),
        stand_ins=context.stand_ins(artifact.missing, at),
    )
    unsure = context.unknown(artifact.missing, at)
    return AssemblyStack(RootStack(template, given, prefix), records, unsure)


def _metadata(artifact: StackArtifact, files: AssemblyFiles) -> dict[str, JsonDocument]:
    """Return what is said of constructs; only places rest on it, so what cannot be read is left."""
    found = {**artifact.metadata}
    if artifact.metadata_file is None:
        return found
    try:
        return {**found, **files.document(artifact.metadata_file)}
    except SourceError:
        return found


def _execution_role(written: str | None, given: StackInput) -> str | None:
    """Return the role that the stack is deployed with; None where a part of it is unknown."""
    if written is None:
        return None
    partition = None if given.region is None else partition_of(given.region)
    for name, value in zip(_ROLE, (partition, given.account, given.region), strict=True):
        if name in written and value is None:
            return None
        written = written.replace(name, value or "")
    return written if written.startswith("arn:") and "${" not in written else None
