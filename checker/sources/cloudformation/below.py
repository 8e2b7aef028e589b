"""Every template below a directory: each is read as if it were alone.

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
from checker.sources.cloudformation.detection import MOST_LOOKED_AT, is_template
from checker.sources.cloudformation.given import TemplateOptions
from checker.sources.cloudformation.targets import TERRAFORM

MOST_DIRECTORIES = 20_000
MOST_TEMPLATES = 500
MOST_BYTES = 256 * 1024 * 1024
"""How many bytes of YAML and JSON are looked at for templates."""
_ENDINGS = (".yaml", ".yml", ".json", ".template")
_NOT_WALKED = frozenset(("node_modules",))


@dataclass(frozen=True, slots=True)
class TemplatesBelow:
    """The templates at or below a directory, and what was not looked at.

    `terraform` says whether there are files of Terraform, too.
    """

    target: Path
    directory: Path
    repository: Repository
    paths: tuple[Path, ...]
    terraform: bool = False
    unread: tuple[Unread, ...] = ()

    def __iter__(self) -> Iterator[str]:
        """Yield for each template what it is."""
        for each in self.paths:
            yield f"`{self.name(each)}`: template of CloudFormation"

    def name(self, path: Path) -> str:
        """Return a template's path as ids begin with it."""
        return path.relative_to(self.directory).as_posix()


def find_templates(target: Path, repository: Repository) -> TemplatesBelow:
    """Find every template at or below a directory, by what files hold.

    Hidden directories and links are passed over. SourceError if the directory cannot be read.
    """
    unread: list[Unread] = []

    def refused(where: Path, error: FileError) -> None:
        unread.append(Unread(repository.name(where), f"the directory {error.why}", mappings=True))

    found: list[Path] = []
    looked_at = 0
    terraform = False
    try:
        directory = repository.resolve(absolute(target))
        for count, (where, inner, others) in enumerate(repository.walk(directory, refused)):
            inner[:] = [each for each in inner if each[:1] != "." and each not in _NOT_WALKED]
            terraform = terraform or any(name.endswith(TERRAFORM) for name in others)
            for name in others:
                if not name.endswith(_ENDINGS):
                    continue
                data = _start(where / name, repository)
                looked_at += len(data)
                if is_template(data):
                    found.append(where / name)
            if count >= MOST_DIRECTORIES or len(found) > MOST_TEMPLATES or looked_at > MOST_BYTES:
                why = f"more than {MOST_TEMPLATES} templates, or {MOST_BYTES} bytes to look at"
                unread.append(Unread(str(target), why, mappings=True))
                break
    except FileError as error:
        raise SourceError(Reason(error.why, str(target))) from None
    paths = tuple(found[:MOST_TEMPLATES])
    return TemplatesBelow(target, directory, repository, paths, terraform, tuple(unread))


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
    """Read every template; ids begin with its path and a colon.

    Those that import from one another are read together. Raises UsageError for a parameter that
    none of them declares, SourceError with every reason if none can be read.
    """
    from checker.sources.cloudformation.connected import connected
    from checker.sources.cloudformation.inputs import load_together, root_stack
    from checker.sources.cloudformation.values.stack import RootStack

    found: list[Inventory] = []
    unread = list(below.unread)
    failed: list[SourceError] = []
    lenient = replace(options, lenient=True)
    roots: dict[str, RootStack] = {}

    def fail(error: SourceError, name: str) -> None:
        failed.append(error)
        unread.extend(Unread(r.place or name, r.message, mappings=True) for r in error.reasons)

    for n, path in enumerate(below.paths):
        progress("reading templates", n, 2 * len(below.paths), 0)
        try:
            prefix = f"{below.name(path)}:"
            roots[prefix] = root_stack(path, below.repository, lenient, prefix)
        except SourceError as error:
            fail(error, below.name(path))
    _refuse_undeclared(options, {n for each in roots.values() for n in each.template.parameters})
    for group in connected(tuple(roots.values())):
        progress("reading templates", len(below.paths) + len(found), 2 * len(below.paths), 0)
        name = str(below.target / group[0].prefix[:-1])
        try:
            found.append(load_together(group, name, below.repository))
        except SourceError as error:
            fail(error, name)
    if not found and failed:
        reasons = dict.fromkeys(reason for error in failed for reason in error.reasons)
        raise SourceError(*reasons, hint=next((e.hint for e in failed if e.hint), ""))
    rest = Inventory(kind="cloudformation", target=str(below.target), unread=tuple(unread))
    return [*found, rest] if unread else found


def _refuse_undeclared(options: TemplateOptions, declared: Collection[str]) -> None:
    for word in options.parameters:
        name = word.partition("=")[0].strip()
        if name not in declared:
            close = get_close_matches(name, list(declared), n=1)
            hint = f"did you mean `{close[0]}`?" if close else ""
            raise UsageError(f"`--parameter`: no template has a parameter `{name}`", hint=hint)
