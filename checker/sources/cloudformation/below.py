"""Every template and cloud assembly below a directory.

One that cannot be read ends no run: it is unread, with its reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from checker.errors import Reason, SourceError, UsageError
from checker.files import FileError, Repository, absolute
from checker.model import Inventory, Unread
from checker.records import dataclass
from checker.sources.cloudformation.assembly.load import inventories
from checker.sources.cloudformation.assembly.manifest import NAME as MANIFEST
from checker.sources.cloudformation.assembly.stacks import AssemblyStacks, read_stacks
from checker.sources.cloudformation.assembly.targets import manifest_in
from checker.sources.cloudformation.connected import connected
from checker.sources.cloudformation.detection import MOST_LOOKED_AT, is_template
from checker.sources.cloudformation.given import TemplateOptions
from checker.sources.cloudformation.inputs import load_together, root_stack
from checker.sources.cloudformation.nesting import outermost
from checker.sources.cloudformation.targets import TERRAFORM
from checker.sources.cloudformation.values.stack import RootStack

MOST_DIRECTORIES = 20_000
MOST_TEMPLATES = 500
MOST_BYTES = 256 * 1024 * 1024
"""How many bytes of YAML and JSON are looked at for templates."""
_ENDINGS = (".yaml", ".yml", ".json", ".template")
_NOT_WALKED = frozenset(("node_modules",))


@dataclass(frozen=True, slots=True)
class TemplatesBelow:
    """The templates at or below a directory, and what was not looked at.

    `assemblies` are the manifests of cloud assemblies, whose own templates are not among `paths`.
    `terraform` says whether there are files of Terraform, too.
    """

    target: Path
    directory: Path
    repository: Repository
    paths: tuple[Path, ...]
    assemblies: tuple[Path, ...] = ()
    terraform: bool = False
    unread: tuple[Unread, ...] = ()

    def __iter__(self) -> Iterator[str]:
        """Yield for each template what it is."""
        for each in self.paths:
            yield f"`{self.name(each)}`: template of CloudFormation"
        for each in self.assemblies:
            yield f"`{self.name(each.parent)}`: cloud assembly of the CDK"

    def name(self, path: Path) -> str:
        """Return a template's path as ids begin with it."""
        return path.relative_to(self.directory).as_posix()


def find_templates(target: Path, repository: Repository) -> TemplatesBelow:
    """Find every template and cloud assembly at or below a directory, by what files hold.

    Hidden directories and links are passed over. SourceError if the directory cannot be read.
    """
    unread: list[Unread] = []

    def refused(where: Path, error: FileError) -> None:
        unread.append(Unread(repository.name(where), f"the directory {error.why}", mappings=True))

    search = _Search(repository)
    try:
        directory = repository.resolve(absolute(target))
        for count, (where, inner, others) in enumerate(repository.walk(directory, refused)):
            inner[:] = [each for each in inner if each[:1] != "." and each not in _NOT_WALKED]
            if search.is_assembly(where, others):
                inner.clear()
            else:
                search.take(where, others)
            if count >= MOST_DIRECTORIES or search.is_full:
                why = f"more than {MOST_TEMPLATES} templates, or {MOST_BYTES} bytes to look at"
                unread.append(Unread(str(target), why, mappings=True))
                break
    except FileError as error:
        raise SourceError(Reason(error.why, str(target))) from None
    return TemplatesBelow(
        target,
        directory,
        repository,
        tuple(search.found[:MOST_TEMPLATES]),
        tuple(search.assemblies[:MOST_TEMPLATES]),
        search.terraform,
        tuple(unread),
    )


class _Search:
    """What was found so far."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._looked_at = 0
        self.found: list[Path] = []
        self.assemblies: list[Path] = []
        self.terraform = False

    @property
    def is_full(self) -> bool:
        """Whether there is more than is read in one run."""
        many = max(len(self.found), len(self.assemblies)) > MOST_TEMPLATES
        return many or self._looked_at > MOST_BYTES

    def is_assembly(self, where: Path, names: Collection[str]) -> bool:
        """Tell whether a directory is a cloud assembly, which is read as a whole."""
        try:
            found = manifest_in(where, self._repository) if MANIFEST in names else None
        except FileError:
            return False
        if found is not None:
            self.assemblies.append(found)
        return found is not None

    def take(self, where: Path, names: Collection[str]) -> None:
        """Look at the files of a directory."""
        self.terraform = self.terraform or any(name.endswith(TERRAFORM) for name in names)
        for name in names:
            if name.endswith(_ENDINGS):
                data = _start(where / name, self._repository)
                self._looked_at += len(data)
                if is_template(data):
                    self.found.append(where / name)


def _start(path: Path, repository: Repository) -> bytes:
    """Return the first bytes of a file; none of one that cannot be read or is no file."""
    try:
        if not repository.is_file(path):
            return b""
        with repository.open(path, MOST_BYTES) as file:
            return file.read(MOST_LOOKED_AT)
    except FileError:
        return b""


def load_templates(
    below: TemplatesBelow, options: TemplateOptions, progress: Callable[[str, int, int, int], None]
) -> list[Inventory]:
    """Read every template and cloud assembly; ids begin with its path and a colon.

    Those that import from one another are read together. Raises UsageError for a parameter that
    none of them declares, SourceError with every reason if none can be read.
    """
    reading = _Reading(below, replace(options, lenient=True))
    every = [*below.paths, *below.assemblies]
    for n, path in enumerate(every):
        progress("reading templates", n, 2 * len(every), 0)
        reading.parse(path)
    _refuse_undeclared(options, reading.declared)
    for group in connected(outermost(tuple(reading.roots.values()))):
        progress("reading templates", len(every) + len(reading.found), 2 * len(every), 0)
        reading.load(group)
    for folder, assembly in reading.assemblies.items():
        progress("reading templates", len(every) + len(reading.found), 2 * len(every), 0)
        reading.load_assembly(folder, assembly)
    failed = reading.failed
    if not reading.found and failed:
        reasons = dict.fromkeys(reason for error in failed for reason in error.reasons)
        raise SourceError(*reasons, hint=next((e.hint for e in failed if e.hint), ""))
    unread = (*below.unread, *reading.unread)
    rest = Inventory(kind="cloudformation", target=str(below.target), unread=unread)
    return [*reading.found, rest] if unread else reading.found


class _Reading:
    """What was read so far of the templates and assemblies, and what cannot be read."""

    def __init__(self, below: TemplatesBelow, options: TemplateOptions) -> None:
        self._below = below
        self._options = options
        self.roots: dict[str, RootStack] = {}
        self.assemblies: dict[Path, AssemblyStacks] = {}
        self.found: list[Inventory] = []
        self.failed: list[SourceError] = []
        self.unread: list[Unread] = []

    @property
    def declared(self) -> set[str]:
        """The names of the parameters that some template declares."""
        stacks = [each.root for found in self.assemblies.values() for each in found.stacks]
        return {
            name for each in (*self.roots.values(), *stacks) for name in each.template.parameters
        }

    def parse(self, path: Path) -> None:
        """Read the text of a template, or those of an assembly by its manifest."""
        below, name = self._below, self._below.name(path)
        try:
            if path in below.assemblies:
                name = below.name(path.parent)
                stacks = read_stacks(path, below.repository, self._options, f"{name}/")
                self.assemblies[path.parent] = stacks
            else:
                prefix = f"{name}:"
                self.roots[prefix] = root_stack(path, below.repository, self._options, prefix)
        except SourceError as error:
            self._fail(error, name)

    def load(self, group: list[RootStack]) -> None:
        """Work out templates that import from one another."""
        name = str(self._below.target / group[0].prefix[:-1])
        try:
            self.found.append(load_together(group, name, self._below.repository))
        except SourceError as error:
            self._fail(error, name)

    def load_assembly(self, folder: Path, assembly: AssemblyStacks) -> None:
        """Work out the stacks of an assembly."""
        below = self._below
        try:
            name = below.repository.name(folder)
            self.found += inventories(assembly, name, str(folder), below.repository)
        except SourceError as error:
            self._fail(error, below.name(folder))

    def _fail(self, error: SourceError, name: str) -> None:
        self.failed.append(error)
        self.unread += [Unread(r.place or name, r.message, mappings=True) for r in error.reasons]


def _refuse_undeclared(options: TemplateOptions, declared: Collection[str]) -> None:
    for word in options.parameters:
        name = word.partition("=")[0].strip()
        if name not in declared:
            close = get_close_matches(name, list(declared), n=1)
            hint = f"did you mean `{close[0]}`?" if close else ""
            raise UsageError(f"`--parameter`: no template has a parameter `{name}`", hint=hint)
