"""A record is what the dataclass of the standard library is, in all that the program uses."""

import dataclasses
import pickle
from dataclasses import field

import pytest

from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class Empty:
    """No field."""


@dataclass(frozen=True, slots=True)
class One:
    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    name: str
    place: object = field(default=None, compare=False)
    hidden: str = field(default="", repr=False)
    parts: tuple = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, eq=False)
class Same:
    value: int


@dataclass(frozen=True, slots=True)
class Own:
    value: str

    def __eq__(self, other):
        return isinstance(other, Own) and self.value.lower() == other.value.lower()

    def __hash__(self):
        return 1

    def __repr__(self):
        return "own"


@dataclass(frozen=True, slots=True, order=True)
class Ordered:
    value: int


@dataclass(slots=True)
class Changing:
    value: int


EXAMPLES = [
    Empty(),
    One(1),
    One(1.0),
    One("x"),
    One((1,)),
    One(float("nan")),
    Many(name="a"),
    Many(name="a", place=3),
    Many(name="a", hidden="s", parts=(1, One(2))),
    Own("a"),
    Own("A"),
    Ordered(1),
    Changing(1),
    Same(1),
]
OPTIONS = ("kw_only", "eq", "order", "frozen")


def standard(thing):
    """The same thing, of a class that the standard library made."""
    made = type(thing)
    body = {
        name: value
        for name, value in vars(made).items()
        if name in ("__module__", "__qualname__", "__doc__")
        or (made is Own and name in ("__eq__", "__hash__", "__repr__"))
    }
    fields = [
        (
            each.name,
            object,
            field(compare=each.compare, repr=each.repr, kw_only=each.kw_only),
        )
        for each in dataclasses.fields(made)
    ]
    other = dataclasses.make_dataclass(
        made.__name__, fields, namespace=body, frozen=made is not Changing, eq=made is not Same
    )
    other.__qualname__ = made.__qualname__
    return other(**{each.name: getattr(thing, each.name) for each in dataclasses.fields(made)})


@pytest.mark.parametrize("thing", EXAMPLES, ids=repr)
def test_it_is_printed_and_hashed_as_by_the_standard_library(thing):
    assert repr(thing) == repr(standard(thing))
    if isinstance(thing, Changing):
        with pytest.raises(TypeError):
            hash(thing)
    elif not isinstance(thing, Same):
        assert hash(thing) == hash(standard(thing))


@pytest.mark.parametrize("thing", EXAMPLES, ids=repr)
def test_it_is_equal_to_what_the_standard_library_says(thing):
    twin = dataclasses.replace(thing)
    assert (thing == twin) == (not isinstance(thing, Same))
    for other in EXAMPLES:
        alike = type(other) is type(thing) and thing is not other
        expected = thing is other or (
            alike and not isinstance(thing, Same) and _alike(thing, other)
        )
        assert (thing == other) == expected


def _alike(thing, other):
    if isinstance(thing, Own):
        return thing.value.lower() == other.value.lower()
    return all(
        getattr(thing, each.name) == getattr(other, each.name)
        for each in dataclasses.fields(thing)
        if each.compare
    )


def test_a_record_is_not_equal_to_one_of_another_class():
    assert One(1) != Ordered(1)
    assert One(1).__eq__(1) is NotImplemented


def test_only_one_that_is_ordered_is_ordered():
    assert Ordered(1) < Ordered(2)
    with pytest.raises(TypeError):
        One(1) < One(2)  # noqa: B015 - it raises


def test_one_that_holds_itself_is_printed():
    held = []
    thing = One(held)
    held.append(thing)
    assert repr(thing) == "One(value=[...])"


@pytest.mark.parametrize("thing", EXAMPLES, ids=repr)
def test_it_goes_to_another_process_and_back(thing):
    back = pickle.loads(pickle.dumps(thing))  # noqa: S301 - it is ours
    assert repr(back) == repr(thing)
    assert not hasattr(back, "__dict__")


def test_a_field_that_is_not_compared_is_not_hashed():
    assert Many(name="a", place=1) == Many(name="a", place=2)
    assert len({Many(name="a", place=1), Many(name="a", place=2)}) == 1
