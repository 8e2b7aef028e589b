"""The policy documents of a configuration, read from their texts within a bound for all of them."""

from __future__ import annotations

from checker.iam import document
from checker.iam.document import Document
from checker.knowledge import jsontext
from checker.knowledge.arrays import extent
from checker.knowledge.json_nodes import JsonNode, Members
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text

MOST_STATEMENTS = 50_000
"""How many statements all documents of a configuration may have."""
MOST_RENDERED = 20_000
"""How many statements of its policy documents the provider may render, merged ones counted."""
MOST_CHARACTERS = 20_000_000
"""How long the texts of all documents of a configuration may be."""
_A_STATEMENT = 20
_CHARACTERS = 4
"""How many steps it takes to check a statement; so many characters are checked in one."""


class PolicyTexts:
    """Reads policy documents; past the bound a document is unknown."""

    def __init__(self) -> None:
        self._statements = 0
        self._characters = 0
        self._rendered = 0
        self._nodes: dict[tuple[Text, int, Location], tuple[Text, JsonNode]] = {}

    @property
    def work(self) -> int:
        """How many steps it takes to check all that was read."""
        return _A_STATEMENT * (self._statements + self._rendered) + self._characters // _CHARACTERS

    def parse(self, text: Text, *, id: str, at: Location) -> Document | Unknown:
        """Read a policy document from JSON text, or say why it is not known."""
        self._characters += extent((text,))
        if self._characters > MOST_CHARACTERS or self._statements > MOST_STATEMENTS:
            return Unknown(_TOO_MANY, at, "check fewer modules in one run")
        parsed = document.parse(text, id=id, at=at)
        if isinstance(parsed, Unknown):
            return parsed
        self._statements += len(parsed.value.statements)
        return parsed.value

    def node(self, text: Text, at: Location) -> JsonNode:
        """Read the JSON of a document that another one is made of; one text is read once.

        Raises:
            JsonError: the text is not JSON, or a hole stands where none can be read.
            TooManyStatementsError: the bound is passed.
        """
        key = (text, id(text.origin), at)
        found = self._nodes.get(key)
        if found is None:
            self._characters += extent((text,))
            if self._characters > MOST_CHARACTERS:
                raise TooManyStatementsError(_TOO_MANY)
            # the text is kept, so that nothing else takes the identity of its origin
            found = text, jsontext.parse(text, at)
            self._nodes[key] = found
        return found[1]

    def render(self, statements: int = 1) -> None:
        """Count statements of a document that the provider renders."""
        self._rendered += statements
        if self._rendered > MOST_RENDERED:
            raise TooManyStatementsError(
                f"the configuration renders more than {MOST_RENDERED} statements of documents"
            )


_TOO_MANY = (
    "the policy documents of the configuration have more than"
    f" {MOST_STATEMENTS} statements or {MOST_CHARACTERS} characters"
)


class TooManyStatementsError(Exception):
    """A document, or all of them, would have more statements than are rendered."""


class Statements:
    """The statements of a document that the provider renders; `texts` reads merged documents."""

    def __init__(self, texts: PolicyTexts) -> None:
        self.texts = texts
        self.nodes: list[JsonNode] = []
        self._places: dict[str, int] = {}

    def add(self, statement: JsonNode) -> None:
        """Add a statement; one with the same `Sid` takes the place of the first.

        One that may not be there, as its unknown `Condition` says, leaves both unknown.

        Raises:
            TooManyStatementsError: the bound is passed.
        """
        self.texts.render()
        sid = _sid(statement)
        if sid and sid in self._places:
            n, unsure = self._places[sid], _unknown_condition(statement)
            if unsure is None:
                self.nodes[n] = statement
                return
            self.nodes[n] = made_unsure(self.nodes[n], unsure)
            statement, sid = _without(statement, "Sid"), ""
        if len(self.nodes) == document.MOST_STATEMENTS:
            most = document.MOST_STATEMENTS
            raise TooManyStatementsError(f"the document has more than {most} statements")
        if sid:
            self._places[sid] = len(self.nodes)
        self.nodes.append(statement)


def made_unsure(statement: JsonNode, unsure: JsonNode) -> JsonNode:
    """Return a statement that applies under an unknown `Condition` alone."""
    if not isinstance(statement.value, Members):
        return statement
    found = _without(statement, "Condition")
    items = found.value.items if isinstance(found.value, Members) else ()
    return JsonNode(Members((*items, (Text.of("Condition"), unsure))), statement.at)


def _without(statement: JsonNode, element: str) -> JsonNode:
    if not isinstance(statement.value, Members):
        return statement
    items = (pair for pair in statement.value.items if pair[0].literal != element)
    return JsonNode(Members(tuple(items)), statement.at)


def _unknown_condition(statement: JsonNode) -> JsonNode | None:
    """Return the `Condition` of a statement where nothing is known of it."""
    member = statement.value.get("Condition") if isinstance(statement.value, Members) else None
    return None if member is None or isinstance(member.value, Members) else member


def _sid(statement: JsonNode) -> str:
    member = statement.value.get("Sid") if isinstance(statement.value, Members) else None
    return member.value.spelled if member is not None and isinstance(member.value, Text) else ""
