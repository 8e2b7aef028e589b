"""Why an expression has no value: Terraform refuses it, or what it depends on is unknown."""

from __future__ import annotations

from checker.knowledge.partial import Location


class EvaluationError(Exception):
    """An expression or function call that Terraform would refuse; the message is for the user.

    `marks` are those of the values that were worked on: then the message quotes none of them.
    """

    marks: frozenset[str] = frozenset()


class UnknownResultError(EvaluationError):
    """A result that is unknown; `why` is empty where the unknowns of the arguments say it.

    It is no refusal: who asks whether an expression fails (`try`, `can`) must not count it as one.
    """

    def __init__(self, why: str = "", remedy: str = "") -> None:
        super().__init__(why or "the result depends on what is not known yet")
        self.why = why
        self.remedy = remedy


class RefusedError(EvaluationError):
    """An expression that every Terraform refuses, whatever is unknown in the configuration.

    `summary` is the heading of what Terraform says, the message its text.
    """

    def __init__(self, summary: str, why: str, at: Location) -> None:
        super().__init__(why)
        self.summary = summary
        self.at = at
