"""Every function and operator takes its work from the run's budget before it does it."""

import contextlib
import itertools
from dataclasses import replace

import pytest
from plan_files import parse_plan_json
from recorded import Surroundings, cases, value_of

from checker.files.repository import MOST_LOOKUPS
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform import recursive as below
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.evaluation import functions
from checker.sources.terraform.evaluation.functions import FUNCTIONS, SPECIAL, apply, marked
from checker.sources.terraform.evaluation.functions.function import constant
from checker.sources.terraform.evaluation.functions.running import run
from checker.sources.terraform.given import Given
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.load import open_root
from checker.sources.terraform.modules import expansion
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.recorded.shown_project import ShownProject
from checker.sources.terraform.values import budget
from checker.sources.terraform.values.budget import FREE_STEPS, RESERVE, Budget, ExhaustedError
from checker.sources.terraform.values.size_limits import CHARACTERS, weight
from checker.sources.terraform.values.terraform_values import PlacedDict, PlacedTuple
from examples import some

ROOTS = 12
UNKNOWN = Hole("aws_sqs_queue.q.arn", why="not known before apply")
TEXTS = (
    "",
    "a-b,c d\n" * 300,
    '<"\\\n\t' * 300,
    "\u00e4\u00f6 \u0301\U0001f600" * 300,
    "W3sxLDJdLCB7ImEiOiAxfV0=" * 100,
    "%s %5000s %[1]v %v",
    "[" + "1," * 500 + "1]",
    '{"a": [' + '"x",' * 500 + '"y"]}',
    "- a\n" * 300,
    "a: &a [1, 2, 3, 4, 5]\n" + "".join(f"k{n}: *a\n" for n in range(200)),
    "10.0.0.0/8",
    "2020-01-01T00:00:00Z",
    "YYYY-MM-DD " * 200,
    "a,b\n" * 300,
    "/a/",
    "(.)",
    Text(("a" * 300, UNKNOWN, "b\n" * 300)),
)
LIST = PlacedTuple([f"k{n}{'x' * 150}" for n in range(100)])
VALUES = (
    *TEXTS[1:4],
    3,
    LIST,
    PlacedTuple(range(50)),
    PlacedTuple([PlacedTuple(["a"] * 20)] * 20),
    PlacedDict(dict.fromkeys(LIST[:20], LIST)),
    PlacedDict({f"k{n}": n for n in range(100)}),
    UNKNOWN,
)
OF = {
    "string": TEXTS,
    "number": (0, 3, 40, 1000),
    "bool": (True,),
    "any": VALUES,
    "list(string)": (LIST, PlacedTuple(["", "a", UNKNOWN])),
    "list(any)": (LIST, PlacedTuple([1, 2, 2]), PlacedTuple([UNKNOWN, "a" * 200, "b"])),
    "list(bool)": (PlacedTuple([True, False]),),
    "set(any)": (LIST, PlacedTuple([1, 2, 2])),
    "map(list(string))": (PlacedDict(dict.fromkeys(LIST[:20], LIST)),),
}


class Purse(Surroundings):
    """Notes what is spent, and how much of it before the call returned."""

    def __init__(self):
        super().__init__({name: str(name).encode() * 100 for name in ("a", "a-b,c d\n" * 300)})
        self.steps = []

    def read_file(self, path):
        found = super().read_file(path)
        self.spend(2 * len(found) // CHARACTERS)
        return found

    def spend(self, steps):
        assert steps >= 0
        super().spend(steps)
        self.steps.append(steps)


def watched(function, arguments):
    """Call a function; return what was spent after it had returned."""
    purse, late = Purse(), []

    def call(*taken):
        result = function.call(*taken)
        late.append(len(purse.steps))
        return result

    result = run(replace(function, call=call), arguments, purse)
    if not late:  # it came to no call, or to none that returned
        return []
    assert purse.spent >= function.makes(result)
    return purse.steps[late[0] :]


def arguments_of(function):
    """Yield arguments of the right types, large ones among them."""
    kinds = [kind.rstrip("?*") for kind in function.takes]
    sides = [OF[kind] for kind in kinds]
    if function.takes and function.takes[-1].endswith("*"):
        yield from itertools.product(*sides, sides[-1])
        yield from (one for one in itertools.product(*sides[:-1]))
    yield from itertools.product(*sides)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_no_function_makes_more_than_was_spent_before_the_call(name):
    function = FUNCTIONS[name]
    for arguments in some(arguments_of(function), 60):
        try:
            late = watched(function, arguments)
        except EvaluationError:
            continue
        assert late == [], f"`{name}` declares too low a cost for {arguments!r:.300}"


def test_no_recorded_call_makes_more_than_was_spent_before_it(monkeypatch):
    late = []

    def watching(name, arguments, scope):
        if name in FUNCTIONS:
            with contextlib.suppress(EvaluationError):
                late.extend((name, arguments) for steps in watched(FUNCTIONS[name], arguments))
        return apply(name, arguments, scope)

    monkeypatch.setattr("recorded.apply", watching)
    for _, case in cases():
        try:
            value_of(case["tree"], Surroundings())
        except EvaluationError:
            continue
    assert late == []


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_whose_cost_is_constant_only_hands_out_what_it_was_given(name):
    function = FUNCTIONS[name]
    assert function.cost is not constant or function.makes is constant


def test_the_functions_that_are_evaluated_elsewhere_are_few():
    assert {"try", "can", "convert", "templatefile", "templatestring"} == SPECIAL


def test_every_call_goes_through_the_one_door(monkeypatch):
    monkeypatch.setattr(functions, "run", lambda function, *_: function.name)
    others = FUNCTIONS.keys() - marked.OF_MARKS.keys()
    assert all(functions.apply(name, (), Surroundings()) == name for name in others)


@pytest.mark.parametrize("name", sorted(marked.OF_MARKS))
def test_a_function_of_marks_spends_what_its_argument_weighs(name):
    scope = Surroundings()
    functions.apply(name, ("x" * 100_000,), scope)
    assert scope.spent >= 1_000


# Instances


@pytest.mark.parametrize("repeated", ["count = 900", 'for_each = toset(split("", local.s))'])
def test_each_instance_of_a_block_is_charged(tmp_path, monkeypatch, repeated):
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 900)))
    data = f'data "aws_sqs_queue" "q" {{\n  {repeated}\n  name = "q"\n}}\n'
    (tmp_path / "main.tf").write_text(f'locals {{\n  s = "{letters}"\n}}\n{data}')
    spent = {}
    for steps in (0, 5):
        monkeypatch.setattr(expansion, "_AN_INSTANCE", steps)
        project = Project(tmp_path, Files(tmp_path))
        module = open_root(project, str(tmp_path), Given())
        module.resource("data", "aws_sqs_queue", "q", Location("main.tf"))
        spent[steps] = project.budget.spent
    assert spent[5] - spent[0] == 5 * 900


# The budget


def test_what_was_read_adds_to_the_budget():
    assert Budget(lambda: 5).most - Budget(lambda: 0).most == 5 * budget.STEPS_A_BYTE


def test_work_beyond_the_budget_is_refused_before_it_is_done_and_the_bound_is_named():
    purse = Budget(lambda: 0)
    with pytest.raises(ExhaustedError, match=f"more than {FREE_STEPS} steps"):
        purse.spend(FREE_STEPS + 1)
    purse.spend(1)


def test_too_much_cannot_be_asked_for_again_and_again():
    purse = Budget(lambda: 0)
    for _ in range(30):
        with pytest.raises(ExhaustedError):
            purse.spend(FREE_STEPS + 1)
    with pytest.raises(ExhaustedError):
        purse.spend(2)


def test_a_loop_that_uses_up_the_budget_leaves_plain_references_some():
    purse = Budget(lambda: 0)
    purse.spend(FREE_STEPS)
    with pytest.raises(ExhaustedError):
        purse.spend(1)
    purse.spend(FREE_STEPS // RESERVE, plain=True)
    with pytest.raises(ExhaustedError):
        purse.spend(1, plain=True)


@pytest.mark.parametrize(
    ("value", "most"),
    [("a" * 1000, 11), ("\u00e4" * 1000, 41), (Text(("a" * 1000, UNKNOWN, "b")), 13)],
)
def test_a_text_weighs_by_the_room_that_it_takes(value, most):
    assert weight(value) == most


def test_a_plan_file_adds_its_size_to_the_budget():
    shown = b'{"format_version":"1.2","planned_values":{}}'
    project = ShownProject(parse_plan_json(shown, "plan.json"), "plan.json")
    assert project.budget.most == FREE_STEPS + budget.STEPS_A_BYTE * len(shown)


def test_a_file_that_is_read_again_and_again_adds_once(tmp_path):
    (tmp_path / "a").write_text("12345")
    files = Files(tmp_path)
    for _ in range(3):
        files.read(tmp_path / "a")
    assert files.bytes == 5


@pytest.mark.slow
def test_links_on_the_way_to_a_module_are_spent(tmp_path):
    """A link of 4,000 characters that goes up and down is looked up name by name."""
    deep = "/".join("a" * 100)
    (tmp_path / deep).mkdir(parents=True)
    (tmp_path / deep / "main.tf").write_text("", "utf-8")
    (tmp_path / "link").symlink_to(f"{deep}{'/../a' * 700}")
    called = "".join(f'module "m{n}" {{\n  source = "./link/"\n}}\n' for n in range(1000))
    (tmp_path / "main.tf").write_text(called, "utf-8")
    files = Files(tmp_path)
    project = Project(tmp_path, files)
    root = open_root(project, ".", Given())
    for name in sorted(root.declarations.names("module")):
        project.module(root, name, root.declarations.block("module", name))
    assert files.looked_up < MOST_LOOKUPS
    assert any("steps to work out" in each.why for each in project.unread.values())


def test_all_root_modules_of_one_run_share_its_budget(tmp_path):
    """Otherwise each of a thousand small directories takes as long as one may."""
    mapping = (
        'resource "aws_lambda_event_source_mapping" "m" {\n  batch_size = length('
        "[for i in range(1000): [for j in range(1000): i]])\n}\n"
    )
    for n in range(ROOTS):
        (tmp_path / f"root{n}").mkdir()
        (tmp_path / f"root{n}/main.tf").write_text(mapping, "utf-8")
    spent = []

    class Watched(Budget):
        def __init__(self, read):
            super().__init__(read)
            spent.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(below, "Budget", Watched)
        found = below.load_below(below.find_below(tmp_path, tmp_path))
    assert len(found) == ROOTS
    assert [each.spent <= each.most * 5 // 4 for each in spent] == [True]
