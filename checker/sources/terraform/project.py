"""What all modules of one run share: files, installed modules, functions, and what went wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from checker.errors import Reason, SourceError
from checker.iam.document import Document
from checker.model import Unread
from checker.partial import Hole, Location, Text, Unknown
from checker.sources.terraform import tree
from checker.sources.terraform.absent import AbsentModules
from checker.sources.terraform.addresses import Address, address_of, is_local
from checker.sources.terraform.budget import Budget
from checker.sources.terraform.convert import to_string
from checker.sources.terraform.declarations import Declarations, declare
from checker.sources.terraform.engine import Engine
from checker.sources.terraform.files import Files
from checker.sources.terraform.installed import (
    DEFAULT_DATA,
    NOT_INSTALLED,
    REMEDY,
    Call,
    Installed,
    Place,
)
from checker.sources.terraform.instance_count import InstanceCount
from checker.sources.terraform.module_source import evaluated_source
from checker.sources.terraform.operators import first_hole
from checker.sources.terraform.plan.model import Plan
from checker.sources.terraform.plan.planned import Planned
from checker.sources.terraform.policy_texts import PolicyTexts
from checker.sources.terraform.refusals import Refusals
from checker.sources.terraform.root_engine import RootEngine
from checker.sources.terraform.scope import Scope
from checker.sources.terraform.secrets import Secrets
from checker.sources.terraform.state.objects import State
from checker.sources.terraform.state.recorded import ASSUMPTION, Recorded
from checker.sources.terraform.values import EvaluationError, Marked, NotTold, Value
from checker.sources.terraform.weights import CHARACTERS

if TYPE_CHECKING:
    from checker.sources.terraform.instances import Instance
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


class RemoteStates(Protocol):
    """The other root modules of a run, whose outputs a data source reads."""

    def read(self, instance: Instance) -> Module | str:
        """Return the root module whose outputs a data source reads, or why there is none."""

    def neighbours(self, project: Project) -> Iterator[Module]:
        """Yield the root modules that make what a root module reads, or attach to the same."""


class Project:
    """One root module's run: every module directory is scanned once.

    `prefix` begins every address (`envs/prod:`), `modules` are directories scanned before, `region`
    is the environment's. `plan` is a plan of this configuration; `shown` says that the plan's JSON
    is all there is of it. `state` is what exists already. `live` is the account that its
    providers work in by default. `withheld` are variables of the root module that no report shows,
    whatever the configuration says. `data` is where `terraform init` left modules, None if none of
    these is to be read. `assumed` is what the values rest on that the configuration does not tell.
    `states` are the other root modules of the run; with a `reader` this one is read beside that,
    for its outputs, and shares what bounds a run. `family` are the root modules that are read
    together, by directory and workspace. `workspace` is what `terraform.workspace` names, None
    where that is not known. `budget` is that of a run which reads several root modules.
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
        data: str | None = DEFAULT_DATA,
        states: RemoteStates | None = None,
        reader: Project | None = None,
        state: State | None = None,
        engine: Engine | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.live = live
        self.states = states
        self.workspace: str | None = None
        self.withheld: frozenset[str] = frozenset()
        self.directory = directory
        self.files = files
        self.engine = RootEngine(directory, files, engine)
        self.prefix = prefix
        self.region = region
        self.plan = Planned(plan, shown=shown, keep_secret=self.keep_secret, prefix=prefix)
        self.refusals = Refusals(accepted=plan is not None)
        self.unread: dict[str, Unread] = {}
        self.secrets: Secrets = Secrets() if reader is None else reader.secrets
        self._scanned = {} if modules is None else modules
        self._declarations: dict[Path, Declarations] = {}
        self._templates: dict[Path, tree.Template] = {}
        self._files_below: dict[Path, int] = {}
        self._installed = Installed(directory, files, data)
        self._lent: tuple[Installed, ...] = ()
        self._of_repository: dict[Address, Place | str] = {}
        self.begun: set[Path] = set() if reader is None else reader.begun
        self.absent: AbsentModules = AbsentModules() if reader is None else reader.absent
        self.assumed: dict[str, None] = {} if reader is None else reader.assumed
        self.family: dict[tuple[Path, str], Module] = {} if reader is None else reader.family
        self.state = None if state is None else Recorded(state, self.keep_secret)
        size = (0 if plan is None else plan.size) + (0 if state is None else state.size)
        own = budget or Budget(lambda: files.bytes + size)
        self.budget: Budget = own if reader is None else reader.budget
        self._reader: Project | None = None if reader is None else reader._reader or reader  # noqa: SLF001
        self._working: dict[str, int] = {}
        self._readings: list[int] = []
        self._cut: tuple[int, str, str] | None = None
        self._modules = 0
        if state is not None:
            self.assume(ASSUMPTION)
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
            self._declarations[directory] = self._declared(directory)
            others = self.engine.others(directory)
            if others:
                self.assume(others)
            for raw in self._declarations[directory].foreign:
                self.leave_out(raw.kind, "is a kind of block that is not known", raw.at)
        return self._declarations[directory]

    def _declared(self, directory: Path) -> Declarations:
        """Scan a directory for the engine of the root module, or take what was scanned before."""
        if directory not in self._scanned:
            self._scanned[directory] = declare(directory, self.files, self.engine.chosen)
        found = self._scanned[directory]
        if found.depends_on_engine:
            return declare(directory, self.files, self.engine.chosen)
        if directory not in self.begun:
            self.begun.add(directory)
            found.begin()
        return found

    def work_out(
        self, name: str, at: Location, work: Callable[[], Any], *, block: bool = False
    ) -> Any:  # noqa: ANN401 - a Value or a Lazy
        """Return what `work` gives as the value of a name; a member of a cycle is unknown.

        Of a `block` with instances these are unknown themselves. SourceError where a value hangs
        on too many references.
        """
        if self._reader is not None:
            return self._reader.work_out(name, at, work, block=block)
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
            start, why, remedy = self._cut
            if depth == start:
                self._cut = None
            if not block:
                # What was worked out inside a cycle holds a part that is no value.
                value = Hole(name, why=why, at=at, remedy=remedy)
        return value

    def working_on(self, name: str) -> bool:
        """Tell whether a name is being worked out."""
        if self._reader is not None:
            return self._reader.working_on(name)
        return name in self._working

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Note that what is worked out meanwhile is read from the state of another root module."""
        if self._reader is not None:
            with self._reader.reading():
                yield
            return
        self._readings.append(len(self._working))
        try:
            yield
        finally:
            self._readings.pop()

    def _cycle(self, name: str, at: Location) -> Hole:
        """Note a cycle and return the unknown that stands for the thing which asks for itself."""
        start = self._working[name]
        members = (*list(self._working)[start:], name)
        said = " → ".join(f"`{each}`" for each in members)
        why = f"`{name}` refers to itself: {said}"
        if any(depth > start for depth in self._readings):
            # Terraform reads what the states held before.
            why, remedy = f"root modules read each other's states: {said}", ""
        else:
            self.refusals.add("Cycle", why, at, name)
            remedy = NO_CYCLE
        if self._cut is None or start < self._cut[0]:
            self._cut = (start, why, remedy)
        return Hole(name, why=why, at=at, remedy=remedy)

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
        source: str | Hole | None = literal_of(argument)
        if source is None:
            source = evaluated_source(argument, caller.scope)
        if isinstance(source, Hole):
            return self._left_out(address, f"has no known `source`: {source.why}", "", block.at)
        directory = self._directory(caller, name, source, block)
        if isinstance(directory, str):
            self.absent.note(address, block.body, caller.scope)
            return self._left_out(address, directory, REMEDY, block.at)
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

    def _directory(self, caller: Module, name: str, source: str, block: tree.Block) -> Path | str:
        """Return where a module lies, or why it is not there."""
        if is_local(source):
            return caller.declarations.directory / source
        key = f"{caller.key}.{name}" if caller.key else name
        call = Call(key, source, literal_of(block.body.arguments.get("version")))
        found = self._find(call)
        if isinstance(found, str):
            own = self._own(call)
            found = own if own != NOT_INSTALLED else found
        if isinstance(found, str):
            return found
        if found.assumed:
            self.assumed[found.assumed] = None
        return found.directory

    def borrow(self, directories: Iterable[Path], data: str | None) -> None:
        """Let modules that are installed for other root modules serve this one."""
        self._lent = tuple(Installed(each, self.files, data) for each in directories)

    def _find(self, call: Call) -> Place | str:
        """Return where an installed module lies, or why it is not there."""
        found = self._installed.find(call)
        if isinstance(found, str):
            others = (each.find(call) for each in self._lent)
            found = next((each for each in others if not isinstance(each, str)), found)
        return found

    def _own(self, call: Call) -> Place | str:
        """Return where a module of this very repository lies, or why the call names none."""
        wanted, here = address_of(call.source), self.files.working_tree
        if not wanted.repository or here is None:
            return NOT_INSTALLED
        if wanted not in self._of_repository:
            from checker.sources.terraform.own_repository import find_own

            self._of_repository[wanted] = find_own(here, call, wanted)
        return self._of_repository[wanted]

    def before(self, address: str) -> Mapping[str, Value]:
        """Return the attributes of an instance that is there already, empty if it is made."""
        found = self.plan.before(address)
        return found or ({} if self.state is None else self.state.attributes(address))

    def assume(self, what: str) -> None:
        """Note something outside the input that the answer rests on."""
        self.assumed.setdefault(what)

    def leave_out(self, address: str, why: str, at: Location | None) -> None:
        """Note that something of the configuration was not read."""
        self.unread.setdefault(address, Unread(address, why, at))

    def _left_out(self, address: str, why: str, remedy: str, at: Location) -> Hole:
        self.unread.setdefault(address, Unread(address, why, at, mappings=True))
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
