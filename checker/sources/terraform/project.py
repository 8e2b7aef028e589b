"""What all modules of one run share: files, installed modules, functions, and what went wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from checker.errors import Reason, SourceError
from checker.iam.document import Document
from checker.model import Unread
from checker.partial import Hole, Location, Text, Unknown
from checker.sources.terraform import tree
from checker.sources.terraform.budget import Budget
from checker.sources.terraform.convert import to_string
from checker.sources.terraform.declarations import Declarations, declare
from checker.sources.terraform.files import Files
from checker.sources.terraform.instance_count import InstanceCount
from checker.sources.terraform.operators import first_hole
from checker.sources.terraform.plan.model import Plan
from checker.sources.terraform.plan.planned import Planned
from checker.sources.terraform.policy_texts import PolicyTexts
from checker.sources.terraform.scope import Scope
from checker.sources.terraform.secrets import Secrets
from checker.sources.terraform.values import EvaluationError, Marked, NotTold, Value
from checker.sources.terraform.weights import CHARACTERS

if TYPE_CHECKING:
    from checker.sources.terraform.modules import Module

MOST_DESCENTS = 150
MOST_MODULES = 20_000
TEMPLATE = 40
"""How many steps it takes to read a hundred characters of a template."""
LOOKUP = 3
"""How many steps it takes to look up a name on disk."""
NO_CYCLE = "break the cycle: Terraform refuses it"


class LiveData(Protocol):
    """An account that tells what a configuration only refers to."""

    @property
    def account(self) -> str:
        """The account's id."""

    def data(self, type_: str, arguments: Mapping[str, str], region: str) -> Mapping[str, str]:
        """Return what a data source tells, as far as it can be read."""

    def policy(self, arn: str) -> Document | Unknown:
        """Return the document of a managed policy, or why it cannot be read."""


class Project:
    """One root module's run: every module directory is scanned once.

    `prefix` begins every address (`envs/prod:`), `modules` are directories scanned before, `region`
    is the environment's. `plan` is a plan of this configuration; `shown` says that the plan's JSON
    is all there is of it. `live` is the account that its providers work in by default. `withheld`
    are variables of the root module that no report shows, whatever the configuration says.
    `budget` is that of a run which reads several root modules.
    """

    def __init__(  # noqa: PLR0913 - each is what a run is given
        self,
        directory: Path,
        files: Files,
        *,
        prefix: str = "",
        modules: dict[Path, Declarations] | None = None,
        region: str | None = None,
        plan: Plan | None = None,
        shown: bool = False,
        live: LiveData | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.live = live
        self.withheld: frozenset[str] = frozenset()
        self.directory = directory
        self.files = files
        self.prefix = prefix
        self.region = region
        self.plan = Planned(plan, shown=shown, keep_secret=self.keep_secret)
        self.unread: dict[str, Unread] = {}
        self.secrets = Secrets()
        self._declarations = {} if modules is None else modules
        self._templates: dict[Path, tree.Template] = {}
        self._files_below: dict[Path, int] = {}
        self._installed: dict[str, str] | None = None
        size = 0 if plan is None else plan.size
        self.budget = budget or Budget(lambda: files.bytes + size)
        self._working: dict[str, int] = {}
        self._cut: tuple[int, str] | None = None
        self.cycles: dict[str, Location] = {}
        self._modules = 0
        self.policies = PolicyTexts()
        self.instances = InstanceCount()

    @property
    def unreadable(self) -> list[Reason]:
        """Every reason why something asked for could not be read, without doubles."""
        reasons = [r for d in self._declarations.values() for r in d.unreadable]
        return list(dict.fromkeys(reasons))

    def declarations(self, directory: Path) -> Declarations:
        """Scan a module directory once."""
        if directory not in self._declarations:
            self._declarations[directory] = declare(directory, self.files)
        return self._declarations[directory]

    def work_out(
        self, name: str, at: Location, work: Callable[[], Any], *, block: bool = False
    ) -> Any:  # noqa: ANN401 - a Value or a Lazy
        """Return what `work` gives as the value of a name; a member of a cycle is unknown.

        Of a `block` with instances these are unknown themselves. SourceError where a value hangs
        on too many references.
        """
        if name in self._working:
            return self._cycle(name, at)
        depth = len(self._working)
        if depth >= MOST_DESCENTS:
            raise SourceError(Reason("the references are nested too deeply", _place(at)))
        self._working[name] = depth
        try:
            value = work()
        finally:
            del self._working[name]
        if self._cut is not None and depth >= self._cut[0]:
            start, why = self._cut
            if depth == start:
                self._cut = None
            if not block:
                # What was worked out inside a cycle holds a part that is no value.
                value = Hole(name, why=why, at=at, remedy=NO_CYCLE)
        return value

    def working_on(self, name: str) -> bool:
        """Tell whether a name is being worked out."""
        return name in self._working

    def _cycle(self, name: str, at: Location) -> Hole:
        """Note a cycle and return the unknown that stands for the thing which asks for itself."""
        start = self._working[name]
        members = (*list(self._working)[start:], name)
        why = f"`{name}` refers to itself: {' → '.join(f'`{each}`' for each in members)}"
        self.cycles.setdefault(why, at)
        if self._cut is None or start < self._cut[0]:
            self._cut = (start, why)
        return Hole(name, why=why, at=at, remedy=NO_CYCLE)

    def paths(self, directory: Path) -> dict[str, Value]:
        """Return what `path` stands for in a module."""
        module = Path(os.path.relpath(directory, self.directory)).as_posix()
        return {"module": module, "root": ".", "cwd": "."}

    # Child modules.

    def count_module(self, at: Location) -> None:
        """Bound how many module instances there are; SourceError beyond."""
        self._modules += 1
        if self._modules > MOST_MODULES:
            raise SourceError(Reason(f"more than {MOST_MODULES} module instances", _place(at)))

    def module(self, caller: Module, name: str, block: tree.Block) -> Declarations | Hole:
        """Return what a called module declares; a Hole, noted as unread, if it cannot be had."""
        address = caller.prefixed(f"module.{name}")
        argument = block.body.arguments.get("source")
        source = literal_of(argument)
        if source is None:
            return self._left_out(address, "has no literal `source`", "", block.at)
        directory = self._directory(caller, name, source)
        if directory is None:
            why = "is not installed: run `terraform init`"
            return self._left_out(address, why, "run `terraform init`", block.at)
        try:
            with self.looking_up(plain=True):
                real = self.files.inside(directory)
        except EvaluationError as error:
            return self._left_out(address, f"is not read: {error}", "name a wider --root", block.at)
        if real in caller.callers:
            raise SourceError(
                Reason(f"`{address}` calls itself, directly or through others", _place(block.at))
            )
        found = self.declarations(real)
        if not found.files and not found.unreadable:
            return self._left_out(address, f"holds no Terraform files: `{source}`", "", block.at)
        return found

    def _directory(self, caller: Module, name: str, source: str) -> Path | None:
        if source.startswith(("./", "../")) or source in {".", ".."}:
            return caller.declarations.directory / source
        key = f"{caller.key}.{name}" if caller.key else name
        place = self._manifest().get(key)
        return None if place is None else self.directory / place

    def _manifest(self) -> dict[str, str]:
        """Read `.terraform/modules/modules.json`: the directory of each installed module by key."""
        if self._installed is None:
            self._installed = {}
            try:
                text = self.files.read(self.directory / ".terraform/modules/modules.json")
                for entry in json.loads(text)["Modules"]:
                    self._installed[str(entry["Key"])] = str(entry["Dir"])
            except (EvaluationError, ValueError, KeyError, TypeError, RecursionError):
                return self._installed
        return self._installed

    def leave_out(self, address: str, why: str, at: Location) -> None:
        """Note that something of the configuration was not read."""
        self.unread.setdefault(address, Unread(address, why, at))

    def _left_out(self, address: str, why: str, remedy: str, at: Location) -> Hole:
        self.leave_out(address, why, at)
        return Hole(address, why=f"module `{address}` {why}", at=at, remedy=remedy)

    # Secrets.

    @property
    def marked(self) -> bool:
        """Whether anything that was met so far is sensitive or ephemeral."""
        return self.secrets.any

    def keep_secret(self, value: Value) -> None:
        """Note that no report may show what a value holds."""
        self.secrets.keep(value)

    # Functions and the files that they read.

    def call(self, node: tree.Call, arguments: tuple[Value, ...], scope: Scope) -> Value:
        """Apply a function to arguments."""
        from checker.sources.terraform.functions import apply

        result = apply(node.name, arguments, CallScope(self, scope, node.at))
        if self.secrets.any or isinstance(result, Marked):
            self.secrets.called(node.name, arguments, result)
        return result

    def template_file(self, path: Value, at: Location) -> tree.Template | Hole:
        """Return the parsed text of a template file."""
        from checker.sources.terraform.functions.encoding import decoded
        from checker.sources.terraform.syntax import parse_template

        unknown = first_hole(path)
        if unknown is not None:
            return Hole(
                f"templatefile {unknown.name}", why=unknown.why, at=at, remedy=unknown.remedy
            )
        name = to_string(path)
        if name is None:
            raise EvaluationError("the path of a template must not be null")
        place = self.place(name.spelled if isinstance(name, Text) else name)
        if place not in self._templates:
            with self.looking_up():
                data = self.files.read(place)
            self.budget.spend(TEMPLATE * (1 + len(data) // CHARACTERS))
            text = decoded(data, f"the file `{name}`")
            try:
                parsed = parse_template(text, Location(self.files.name(place), 1, 1))
            except SourceError as error:
                raise NotTold(f"`templatefile`: {error}") from error
            self._templates[place] = parsed
        return self._templates[place]

    @contextmanager
    def looking_up(self, *, plain: bool = False) -> Iterator[None]:
        """Spend what it takes to find files, of which the path alone does not tell: links count.

        It is bounded for each path, and counted after it was looked up; nothing is looked up where
        nothing is left.
        """
        self.budget.spend(1, plain=plain)
        before = self.files.looked_up
        try:
            yield
        finally:
            self.budget.count(LOOKUP * (self.files.looked_up - before))

    def files_below(self, place: Path) -> int:
        """Return how many files there are below a directory, counted once."""
        if place not in self._files_below:
            self._files_below[place] = self.files.count_below(place)
        return self._files_below[place]

    def place(self, path: str) -> Path:
        """Return the file that a path in a function call means: relative to the root module."""
        if "\0" in path:
            raise EvaluationError("a path holds a null character")
        return Path(os.path.normpath(self.directory / path))


@dataclass
class CallScope:
    """What a function may know of its surroundings; see `functions.Scope`."""

    project: Project
    scope: Scope
    at: Location
    base: str = field(default=".")

    def unique(self) -> str:
        """Return a name that no other call has."""
        path = f"{self.scope.path}:" if self.scope.path else ""
        return f"{path}{self.at.source}:{self.at.line}:{self.at.column}"

    @property
    def marked(self) -> bool:
        """Whether anything that was met so far is sensitive or ephemeral."""
        return self.project.marked

    @property
    def spent(self) -> int:
        """How many steps the run has taken."""
        return self.project.budget.spent

    def spend(self, steps: int) -> None:
        """Take steps of the run's budget."""
        self.project.budget.spend(steps)

    def read_file(self, path: str) -> bytes:
        """Return a file's bytes, whose size is spent."""
        with self.project.looking_up():
            found = self.project.files.read(self.project.place(path))
        self.spend(2 * len(found) // CHARACTERS)
        return found

    def locate_file(self, path: str) -> str:
        """Return the name that locations in the file bear."""
        return self.project.files.name(self.project.place(path))

    def file_exists(self, path: str) -> bool:
        """Tell whether a file exists inside the root."""
        with self.project.looking_up():
            return self.project.files.exists(self.project.place(path))

    def list_files(self, path: str, pattern: str) -> list[str]:
        """Return the files below a directory that match a pattern."""
        place = self.project.place(path)
        steps = 1 + pattern.count("/")
        self.spend(steps)
        with self.project.looking_up():
            self.spend(steps * (1 + self.project.files_below(place)))
            return self.project.files.matching(place, pattern)


def literal_of(argument: tree.Argument | None) -> str | None:
    """Return the string that an argument is, or None if it is another expression."""
    expression = None if argument is None else argument.expression
    if isinstance(expression, tree.Template) and len(expression.parts) == 1:
        part = expression.parts[0]
        return part.text if isinstance(part, tree.Piece) else None
    if isinstance(expression, tree.Literal) and isinstance(expression.value, str):
        return expression.value
    return None


def _place(at: Location) -> str:
    return f"{at.source}:{at.line}:{at.column}"
