"""`manifest.json`: the stacks of a cloud assembly, and the assemblies in it.

https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth-assemblies
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from checker.errors import Reason, SourceError
from checker.files import FileError
from checker.records import dataclass
from checker.sources.cloudformation.assembly.documents import (
    AssemblyFiles,
    JsonDocument,
    items,
    member,
    members,
    text,
)

NAME = "manifest.json"
STACK, NESTED = "aws:cloudformation:stack", "cdk:cloud-assembly"
MOST_STACKS = 500
MOST_ASSEMBLIES = 200
"""How many assemblies may lie in one another, or side by side."""
MOST_MISSING = 200
"""How many contexts that were not looked up are named one by one."""
_SECTION = re.compile(rb'(?<!\\)"artifacts"\s*:')
_TYPES = re.compile(rb'(?<!\\)"type"\s*:\s*"(?:aws:cloudformation:stack|cdk:[a-z-]+)"')
_VERSION = re.compile(rb'(?<!\\)"version"\s*:')
_ACCOUNT = re.compile(r"[0-9]{12}")
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}")
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class MissingContext:
    """A value that the app asks an account for and that was not looked up; "" where unknown."""

    key: str
    provider: str
    account: str = ""
    region: str = ""
    given: Mapping[str, JsonDocument] = field(default_factory=dict)
    """What was asked: the name of a parameter, the attributes of a key."""


@dataclass(frozen=True, slots=True)
class StackArtifact:
    """A stack as the manifest has it: its template's file, and what it is deployed with.

    `account` and `region` are None where the app does not name them. `place` is the manifest,
    `metadata` what it says of constructs by their paths, `metadata_file` the file that says more.
    """

    id: str
    display: str
    name: str
    template: Path
    place: Path
    account: str | None = None
    region: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    role: str | None = None
    metadata: Mapping[str, JsonDocument] = field(default_factory=dict)
    metadata_file: Path | None = None
    missing: tuple[MissingContext, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadManifests:
    """The stacks of an assembly and of those in it, and why others cannot be read."""

    stacks: tuple[StackArtifact, ...]
    failed: tuple[SourceError, ...] = ()


def is_manifest(data: bytes) -> bool:
    """Tell whether a file's bytes are those of the manifest of an assembly, sound or not."""
    return (
        data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
        and _VERSION.search(data) is not None
        and _SECTION.search(data) is not None
        and _TYPES.search(data) is not None
    )


def read_manifests(path: Path, files: AssemblyFiles) -> ReadManifests:
    """Read a manifest, and those of the assemblies that it names. Raises SourceError."""
    stacks: list[StackArtifact] = []
    failed: list[SourceError] = []
    seen: set[Path] = set()
    pending = [path]
    while pending:
        one = pending.pop(0)
        if one in seen:
            why = "the assembly lies in itself, or is named twice"
            failed.append(SourceError(Reason(why, files.name(one))))
            continue
        seen.add(one)
        if len(seen) > MOST_ASSEMBLIES:
            why = f"more than {MOST_ASSEMBLIES} assemblies lie in one"
            raise SourceError(Reason(why, files.name(path)))
        try:
            document = files.document(one)
            artifacts = _artifacts(document, one, files)
        except SourceError as error:
            if one == path:
                raise
            failed.append(error)
            continue
        missing = tuple(_missing(document))
        for id_, artifact in artifacts.items():
            try:
                if text(artifact, "type") == NESTED:
                    pending.append(_nested(artifact, one, files))
                elif text(artifact, "type") == STACK:
                    stacks.append(_stack(id_, artifact, one, files, missing))
                elif not text(artifact, "type"):
                    why = f"artifact `{_shown(id_)}` has no `type`"
                    failed.append(SourceError(Reason(why, files.name(one))))
            except SourceError as error:
                failed.append(error)
        if len(stacks) + len(failed) > MOST_STACKS:
            why = f"the assembly has more than {MOST_STACKS} stacks"
            raise SourceError(Reason(why, files.name(path)))
    return ReadManifests(tuple(stacks), tuple(failed))


def _artifacts(
    document: JsonDocument, place: Path, files: AssemblyFiles
) -> dict[str, JsonDocument]:
    found = member(document, "artifacts")
    if not isinstance(found, dict):
        raise SourceError(Reason("`artifacts` is not an object", files.name(place)))
    return found


def _nested(artifact: JsonDocument, place: Path, files: AssemblyFiles) -> Path:
    name = member(member(artifact, "properties"), "directoryName")
    folder = files.inner(place.parent, name, "directoryName", place)
    try:
        return files.repository.resolve(folder / NAME)
    except FileError as error:
        raise SourceError(Reason(error.why, files.name(folder))) from None


def _stack(
    id_: str,
    artifact: JsonDocument,
    place: Path,
    files: AssemblyFiles,
    missing: tuple[MissingContext, ...],
) -> StackArtifact:
    properties = member(artifact, "properties")
    template = member(properties, "templateFile")
    account, region = _environment(text(artifact, "environment"))
    named = member(artifact, "additionalMetadataFile")
    metadata_file = None
    if named is not None:
        metadata_file = files.inner(place.parent, named, "additionalMetadataFile", place)
    return StackArtifact(
        id=id_,
        display=_shown(text(artifact, "displayName")) or _shown(id_),
        name=text(properties, "stackName") or id_,
        template=files.inner(place.parent, template, "templateFile", place),
        place=place,
        account=account,
        region=region,
        parameters=_parameters(member(properties, "parameters"), id_, place, files),
        role=text(properties, "cloudFormationExecutionRoleArn") or None,
        metadata=members(member(artifact, "metadata")),
        metadata_file=metadata_file,
        missing=tuple(each for each in missing if _concerns(each, account, region)),
    )


def _shown(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME and name.isprintable() else ""


def _environment(written: str) -> tuple[str | None, str | None]:
    """Return account and Region of `aws://ACCOUNT/REGION`; None for those that are not named."""
    account, _, region = written.removeprefix("aws://").partition("/")
    return (
        account if _ACCOUNT.fullmatch(account) else None,
        region if _REGION.fullmatch(region) else None,
    )


def _parameters(
    document: JsonDocument, id_: str, place: Path, files: AssemblyFiles
) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in members(document).items():
        if not isinstance(value, str):
            why = f"parameter `{name}` of stack `{id_}` is not a text"
            raise SourceError(Reason(why, files.name(place)))
        found[name] = value
    return found


def _missing(document: JsonDocument) -> list[MissingContext]:
    found = []
    listed = member(document, "missing")
    every = items(listed) if isinstance(listed, list) or listed is None else [listed]
    for each in every[:MOST_MISSING]:
        given = members(member(each, "props"))
        found.append(
            MissingContext(
                _shown(text(each, "key")) or "a key that is not shown",
                text(each, "provider"),
                text(given, "account"),
                text(given, "region"),
                given,
            )
        )
    if len(every) > MOST_MISSING:
        found.append(MissingContext(f"{len(every) - MOST_MISSING} others", ""))
    return found


def _concerns(missing: MissingContext, account: str | None, region: str | None) -> bool:
    """Tell whether a stack may have asked for it: one of another account or Region has not."""
    return all(
        not asked or own is None or asked == own
        for asked, own in ((missing.account, account), (missing.region, region))
    )
