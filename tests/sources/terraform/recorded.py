"""The recorded answers of `terraform console`, and the expressions as values."""

import json
import operator
import unicodedata
from decimal import Decimal
from pathlib import Path

from checker.knowledge.partial import Location
from checker.knowledge.truth import Truth
from checker.sources.terraform.evaluation.functions import apply
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.language.numbers import add, multiply, quotient, remainder, subtract
from checker.sources.terraform.values.compare import equal
from checker.sources.terraform.values.primitives import to_number, to_string
from checker.sources.terraform.values.terraform_values import PlacedDict, PlacedTuple, Set

FOLDER = Path(__file__).parents[3] / "fixtures" / "functions"


class Surroundings:
    """Where the functions are called: `files` are all that there is to read."""

    marked = True

    at = Location("main.tf", 3, 5)
    base = "."

    def __init__(self, files=None):
        self.files = files or {}
        self.calls = 0
        self.spent = 0

    def spend(self, steps):
        self.spent += steps

    def unique(self):
        self.calls += 1
        return f"call {self.calls}"

    def read_file(self, path):
        if path not in self.files:
            raise EvaluationError(f"no file `{path}`")
        return self.files[path]

    def locate_file(self, path):
        return path

    def file_exists(self, path):
        return path in self.files

    def list_files(self, path, pattern):
        return [name for name in self.files if pattern in {"*", name}]


def cases():
    """Return every recorded case, with the name of its file."""
    return [
        (file.stem, case)
        for file in sorted(FOLDER.glob("[a-z]*.json"))
        for case in json.loads(file.read_text("utf-8"))
    ]


def value_of(tree, scope):
    """Evaluate a recorded tree with `apply` alone."""
    if isinstance(tree, list):
        return PlacedTuple(value_of(item, scope) for item in tree)
    if isinstance(tree, str):
        return unicodedata.normalize("NFC", tree)
    if not isinstance(tree, dict):
        return tree
    if "object" in tree:
        return PlacedDict({key: value_of(item, scope) for key, item in tree["object"].items()})
    if "number" in tree:
        number = Decimal(tree["number"])
        return int(number) if number == int(number) else number
    if "operator" in tree:
        left, right = (value_of(side, scope) for side in tree["sides"])
        return OPERATORS[tree["operator"]](left, right)
    arguments = [value_of(argument, scope) for argument in tree["args"]]
    if tree.get("expand"):
        last = arguments.pop()
        arguments.extend(last.members if isinstance(last, Set) else last)
    return apply(tree["call"], tuple(arguments), scope)


def _arithmetic(function):
    return lambda left, right: function(to_number(left), to_number(right))


def _known(truth):
    assert truth is not Truth.MAYBE
    return truth is Truth.YES


OPERATORS = {
    "==": lambda left, right: _known(equal(left, right)),
    "+": _arithmetic(add),
    "-": _arithmetic(subtract),
    "*": _arithmetic(multiply),
    "/": _arithmetic(quotient),
    "%": _arithmetic(remainder),
    "<": _arithmetic(operator.lt),
}


def json_of(value, scope):
    """Return a value as the string that `jsonencode` makes."""
    return to_string(apply("jsonencode", (value,), scope))
