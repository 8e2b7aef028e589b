"""`dataclass` as the standard library has it, made in a quarter of the time.

`dataclasses` compiles six methods of each frozen class at every start of the program; for the 200
classes of a small `tfcheck plan` that took a third of the run. Here `__init__` alone is compiled.
Comparing, hashing and printing are functions over the fields. That no field of a frozen record is
set is held by mypy, which takes this for the decorator of the standard library.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        cls: type | None = None, /, *, frozen: bool = False, eq: bool = True, **options: bool
    ) -> type | Callable[[type], type]:
        """Make a class a record; the parameters are those of `dataclasses.dataclass`."""
        if cls is None:
            return lambda cls: dataclass(cls, frozen=frozen, eq=eq, **options)
        if not frozen or options.get("order"):
            return dataclasses.dataclass(frozen=frozen, eq=eq, **options)(cls)
        record = dataclasses.dataclass(eq=False, repr=False, **options)(cls)
        methods = {"__repr__": _printed}
        if eq:
            methods |= _comparing(record)
        for name, method in methods.items():
            # the `__hash__` of a class that writes its own `__eq__` is None
            if record.__dict__.get(name) is None:
                setattr(record, name, method)
        return record


def _getter(names: Sequence[str]) -> Callable[[object], tuple[object, ...]]:
    """Return what takes the values of some fields of a record."""
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _: ()
    value = attrgetter(names[0])  # of one name it returns no tuple
    return lambda record: (value(record),)


def _comparing(record: type[Any]) -> dict[str, Callable[..., object]]:
    """Return `__eq__` and `__hash__` over the fields of a record."""
    values = _getter([each.name for each in dataclasses.fields(record) if each.compare])

    def equal(self: object, other: object) -> object:
        if self.__class__ is not other.__class__:
            return NotImplemented
        return values(self) == values(other)

    def hashed(self: object) -> int:
        return hash(values(self))

    return {"__eq__": equal, "__hash__": hashed}


@recursive_repr()
def _printed(record: Any) -> str:  # noqa: ANN401 - any record
    """Return what the standard library's `__repr__` returns."""
    shown = (
        f"{each.name}={getattr(record, each.name)!r}"
        for each in dataclasses.fields(record)
        if each.repr
    )
    return f"{record.__class__.__qualname__}({', '.join(shown)})"
