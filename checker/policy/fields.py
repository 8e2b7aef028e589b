"""The keys of a policy file, read one by one; what is wrong is collected with its line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import field
from difflib import get_close_matches

from checker import yaml
from checker.errors import PolicyFileError, Reason
from checker.knowledge.partial import Location
from checker.records import dataclass

_MISSING = yaml.Scalar(None, "", 0, 0)


@dataclass(frozen=True, slots=True)
class Fields:
    """One mapping of a policy file. A value of the wrong shape is noted, and read as absent."""

    node: yaml.YamlMapping
    file: str
    wrongs: list[Reason] = field(default_factory=list)

    @staticmethod
    def of(node: yaml.YamlMapping, file: str) -> Fields:
        """Return the fields of a file's outermost mapping."""
        return Fields(node, file)

    @property
    def at(self) -> Location:
        """Where the mapping begins."""
        return Location(self.file, self.node.line, self.node.column)

    def finish(self) -> None:
        """Raise a `PolicyFileError` with everything that was wrong, if anything was."""
        if self.wrongs:
            raise PolicyFileError(*self.wrongs)

    def keys(self) -> Iterator[str]:
        """Yield the keys in their order."""
        return (key.text for key, _ in self.node.entries)

    def has(self, key: str) -> bool:
        """Tell whether the key is there."""
        return any(key == each for each in self.keys())

    def is_mapping(self, key: str) -> bool:
        """Tell whether the value is itself a mapping."""
        return isinstance(self._value(key), yaml.YamlMapping)

    def place(self, key: str) -> str:
        """Return `file:line:column` of a value, or of the mapping if the key is not there."""
        value = self._value(key)
        where = self.node if value is _MISSING else value
        return f"{self.file}:{where.line}:{where.column}"

    def wrong(self, key: str, message: str) -> None:
        """Note that a value is wrong."""
        self.wrongs.append(Reason(message, self.place(key)))

    def only(self, known: Collection[str], what: str = "key") -> None:
        """Note every key that is not among the known ones."""
        for key, _ in self.node.entries:
            if key.text not in known:
                place = f"{self.file}:{key.line}:{key.column}"
                self.wrongs.append(Reason(_unknown(key.text, known, what), place))

    def needs(self, *keys: str) -> None:
        """Note every key that is missing."""
        for key in keys:
            if not self.has(key):
                self.wrong(key, f"the key `{key}` is missing")

    def text(self, key: str, *, nullable: bool = False) -> str | None:
        """Return a text; None if the key is not there, or null where that is allowed."""
        value = self._value(key)
        if value is _MISSING or (nullable and _is_null(value)):
            return None
        if isinstance(value, yaml.Scalar) and value.value is not None and value.text:
            return value.text
        self.wrong(key, f"`{key}` must be a text")
        return None

    def among(self, key: str, names: Iterable[str], what: str) -> str | None:
        """Return a text that is one of the names."""
        text = self.text(key)
        known = list(names)
        if text is None or text in known:
            return text
        self.wrong(key, _unknown(text, known, what))
        return None

    def flag(self, key: str) -> bool:
        """Return a boolean; False if the key is not there."""
        value = self._value(key)
        if isinstance(value, yaml.Scalar) and isinstance(value.value, bool):
            return value.value
        if value is not _MISSING:
            self.wrong(key, f"`{key}` must be true or false")
        return False

    def number(self, key: str) -> int | None:
        """Return a whole number from 1 to a million."""
        value = self._value(key)
        if value is _MISSING:
            return None
        number = value.value if isinstance(value, yaml.Scalar) else None
        if isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= 10**6:
            return number
        self.wrong(key, f"`{key}` must be a whole number from 1")
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._value(key)
        items = value.items if isinstance(value, yaml.Sequence) else (value,)
        texts = [item.value for item in items if isinstance(item, yaml.Scalar)]
        found = tuple(text for text in texts if isinstance(text, str))
        if not isinstance(value, yaml.Sequence) or len(found) != len(items):
            self.wrong(key, f"`{key}` must be a list of texts")
        return found

    def inner(self, key: str) -> Fields:
        """Return the fields of an inner mapping, without any if the key is not there."""
        value = self._value(key)
        if isinstance(value, yaml.YamlMapping):
            return Fields(value, self.file, self.wrongs)
        if value is not _MISSING and not _is_null(value):
            self.wrong(key, f"`{key}` must be a mapping of keys to values")
        return Fields(yaml.YamlMapping((), value.line, value.column), self.file, self.wrongs)

    def each(self, key: str) -> Iterator[Fields]:
        """Yield the fields of every mapping in a list."""
        value = self._value(key)
        if not isinstance(value, yaml.Sequence):
            if value is not _MISSING and not _is_null(value):
                self.wrong(key, f"`{key}` must be a list")
            return
        for item in value.items:
            if isinstance(item, yaml.YamlMapping):
                yield Fields(item, self.file, self.wrongs)
            else:
                place = f"{self.file}:{item.line}:{item.column}"
                self.wrongs.append(Reason("must be a mapping of keys to values", place))

    def _value(self, key: str) -> yaml.YamlNode:
        return next((node for name, node in self.node.entries if name.text == key), _MISSING)


def _is_null(node: yaml.YamlNode) -> bool:
    return isinstance(node, yaml.Scalar) and node.value is None


def _unknown(name: str, known: Iterable[str], what: str) -> str:
    close = get_close_matches(name, list(known), n=1)
    hint = f", did you mean `{close[0]}`?" if close else ""
    return f"there is no {what} `{name}`{hint}"
