"""Mutation that only hides: what was written is replaced by something that nobody knows.

What replaces it could hold what was written. So what is sure after it was found before, and what
was found before is found still, or not known: the law of partial knowledge, for whole deployments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from fuzzing.trial import Findings

_ARGUMENT = re.compile(r'(\s*"?[\w:]+"?\s*=\s*)([^\s#<].*?)(,?)')
_STRING = re.compile(r'"([^"\\]*)"(\s*[:=])?')
_QUOTE_IN_TEMPLATE = re.compile(r'"[^"]*\$\{[^}"]*"')
_LIST = re.compile(r'\[(?:[^\[\]{}(),"]|"[^"\\,]*")+(?:,(?:[^\[\]{}(),"]|"[^"\\,]*")+)*\]')
_BLOCK = re.compile(
    r"^( +)(statement|principals|condition|environment|dead_letter_config|filter_criteria|filter"
    r"|scaling_config|inline_policy|provisioned_poller_config|routing_config|vpc_config)"
    r" \{\n((?:\1  .*\n|\n)*)\1\}\n",
    re.MULTILINE,
)
_KEPT = re.compile(
    r"\s*(count|for_each|depends_on|source|version|provider|providers|ignore_changes|type|default)\b"
)
"""What only a literal or a reference may stand for, and what says how many things there are."""
_PROVIDER = re.compile(r"aws(\.\w+)?")
"""A provider configuration, which is no value."""
OF_ANOTHER = {
    # A pair is told at the one of them that is not known; the other stays what it is.
    "duplicate-mapping",
    "queue-shared-by-functions",
    "function-reads-several-queues",
    # Only where a variable surely holds the queue's URL.
    "function-feeds-its-own-queue",
}
_PRINCIPAL = re.compile(r'"arn:aws:iam::|\b(AWS|Federated|CanonicalUser)\b')


def assumed_of(hidden: str) -> frozenset[str]:
    """Return the rules that a hidden text is assumed to keep: a principal is one that AWS takes."""
    return frozenset({"document-invalid"}) if _PRINCIPAL.search(hidden) else frozenset()


OF_A_PAIR = {"dead-letter-queue-missing", "dead-letter-queue-on-function"}
"""One of the two speaks of a missing dead-letter queue; which one depends on the function."""
BETTER = {
    "blocked": {"at-risk", "ready"},
    "undecided": {"at-risk", "ready", "blocked"},
    "at-risk": {"ready", "blocked"},
    "ready": {"blocked"},
}
"""What a verdict does not become where less is known: neither better nor sure of a problem."""


@dataclass(frozen=True)
class Place:
    """Where something is hidden: a stretch of a file, and what stands there instead (`NAME`)."""

    file: str
    start: int
    end: int
    instead: str


def places(file: str, text: str) -> Iterator[Place]:
    """Yield every argument, quoted string of a document and block of a file that may be hidden."""
    offset, hidden, heredoc = 0, True, ""
    for line in text.splitlines(keepends=True):
        if heredoc:
            if not hidden:
                yield from _strings(file, line, offset)
            heredoc = "" if line.strip() == heredoc else heredoc
        elif re.match(r"\w", line):
            hidden = not line.startswith(("resource", "data", "module"))
        elif not hidden and (m := _ARGUMENT.fullmatch(line.rstrip("\n"))) and _may_hide(m):
            yield Place(file, offset + m.start(2), offset + m.end(2), "NAME")
            yield from _elements(file, m[2], offset + m.start(2))
            yield from _strings(file, m[2], offset + m.start(2))
        if opens := re.search(r"<<[-~]?(\w+)$", line.rstrip()):
            heredoc = opens[1]
        offset += len(line)
    for m in _BLOCK.finditer(text):
        dynamic = f'dynamic "{m[2]}" {{\nfor_each = NAME\ncontent {{\n{m[3]}}}\n}}\n'
        yield Place(file, m.start(), m.end(), dynamic)


def _elements(file: str, text: str, offset: int) -> Iterator[Place]:
    """Yield a list with all elements but one hidden: the first, or the last."""
    if not _LIST.fullmatch(text):
        return
    elements = [each.strip() for each in text[1:-1].split(",") if each.strip()]
    if not elements:
        return
    first, last = elements[0], elements[-1]
    end = offset + len(text)
    yield Place(file, offset, end, f"concat([{first}], NAME)")
    yield Place(file, offset, end, f"concat(NAME, [{last}])")
    if len(elements) > 1:
        yield Place(file, offset, end, f"flatten([NAME, [{last}]])")


def _strings(file: str, text: str, offset: int) -> Iterator[Place]:
    """Yield every string in a text, as a whole and the second half of it; keys are none."""
    if _QUOTE_IN_TEMPLATE.search(text):
        return  # where strings of strings begin and end is for a parser to say
    for m in _STRING.finditer(text):
        if not m[1] or m[2] or "$" in m[1]:
            continue
        start, end = m.span(1)
        yield Place(file, offset + start, offset + end, "${NAME}")
        if end - start > 1:
            yield Place(file, offset + (start + end) // 2, offset + end, "${NAME}")


def _may_hide(argument: re.Match[str]) -> bool:
    """Tell whether an argument is whole on its line, and may have any value."""
    bare = re.sub(r'"(?:\\.|[^"\\])*"', "", argument[2])
    if _KEPT.match(argument[0]) or _PROVIDER.fullmatch(argument[2].strip()):
        return False
    return all(
        bare.count(opening) == bare.count(closing) for opening, closing in ("()", "[]", "{}")
    )


def chosen(random: Random, every: Sequence[Place]) -> list[Place]:
    """Return one to three places that do not overlap."""
    apart: list[Place] = []
    for place in random.sample(every, min(len(every), random.choice((1, 1, 2, 3)))):
        if all(p.file != place.file or p.end <= place.start or place.end <= p.start for p in apart):
            apart.append(place)
    return apart


_UNKNOWNS = (
    ("var.hidden_{0}", 'variable "hidden_{0}" {{\n}}\n'),
    (
        "data.aws_ssm_parameter.hidden_{0}.value",
        'data "aws_ssm_parameter" "hidden_{0}" {{\n  name = "x"\n}}\n',
    ),
    (
        "local.hidden_{0}",
        'variable "hidden_{0}" {{\n}}\nlocals {{\n  hidden_{0} = var.hidden_{0}\n}}\n',
    ),
)
_IN_MODULES = _UNKNOWNS[1:2]


def hide(texts: dict[str, str], places: Iterable[Place], random: Random) -> dict[str, str]:
    """Return files in which something that nobody knows stands in some places."""
    found = dict(texts)
    top = min((name.count("/") for name in texts), default=0)
    for n, place in enumerate(sorted(places, key=lambda p: p.start, reverse=True)):
        text = found[place.file]
        # A variable of a module that is called would have to be given.
        unknowns = _UNKNOWNS if place.file.count("/") == top else _IN_MODULES
        name, declared = random.choice(unknowns)
        instead = place.instead.replace("NAME", name.format(n))
        found[place.file] = (
            f"{text[: place.start]}{instead}{text[place.end :]}\n{declared.format(n)}"
        )
    return found


def compared(
    before: Findings, after: Findings, assumed: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Yield what is said after a mutation that only hides, and may not be.

    `assumed` are rules that what was hidden is assumed to keep.
    """
    others = OF_ANOTHER | assumed
    for mapping in sorted(before.mappings.keys() & after.mappings.keys()):
        # An argument of one of several is that of all: one variable cannot hold them.
        if "[" in mapping:
            continue
        known, _, was = before.mappings[mapping]
        sure, unknown, verdict = after.mappings[mapping]
        if added := sure - known - OF_A_PAIR:
            yield f"{mapping}: a sure problem that was none: {sorted(added)}"
        lost = known - sure - unknown - others - OF_A_PAIR
        if lost and verdict in {"ready", "at-risk"}:
            yield f"{mapping}: {verdict} without {sorted(lost)}"
        if verdict in BETTER[was] and not known & (others | OF_A_PAIR):
            yield f"{mapping}: {was} became {verdict}"
