"""What a top-level block looks like, as one regular expression for all that is plainly written.

A block's body is split off by its braces. Strings, comments and heredocs are passed over exactly;
what is not plain in this sense (strings in templates in strings, deep nesting) does not match, and
is left to `brackets.py`. Every repetition is possessive, so that a match takes time in proportion
to the text, whatever it holds. The expressions are made when they are first asked for: that takes
as long as splitting some ten kilobytes by brackets.
"""

from __future__ import annotations

import re
from functools import cache

_DEPTH = 7
_CODE_DEPTH = 3
_COMMENT = r"(?:\#|//)[^\n]*+|/\*(?s:.*?)\*/"
_LITERAL = r'[^"\\$%\n]++|\\.|\$\$\{|%%\{|[$%](?!\{)'
_SIMPLE = rf'"(?:{_LITERAL})*+"'
_CODE = rf'(?:[^(){{}}\[\]"#/<\n]++|{_SIMPLE}|/(?![/*])|<(?!<))*+'
for _ in range(_CODE_DEPTH):
    _CODE = rf'(?:[^(){{}}\[\]"#/<\n]++|{_SIMPLE}|[(\[{{]{_CODE}[)\]}}]|/(?![/*])|<(?!<))*+'
_STRING = rf'"(?:{_LITERAL}|[$%]\{{{_CODE}\}})*+"'
_NAME = r"[^\W\d][\w-]*+"
_LABEL = rf'(?:"[^"\\\n$%]*+"|{_NAME})'
_END = rf"[ \t]*+(?:{_COMMENT})?[ \t\r]*+(?:\n|\Z)"
_BLANK = rf"(?:\s++|{_COMMENT})*+"
_SERVICES = "(?:sqs|lambda|iam|kms)"

OURS = re.compile(rf"aws_{_SERVICES}_")
"""How the resource types of our services begin."""


def _heredoc(group: str) -> str:
    """Return what matches a heredoc, up to its end marker; each needs a group of its own."""
    last = rf"[^\S\n]*+(?P={group})[ \t]*+\r?(?:\n|\Z)"
    return (
        rf"<<-?(?P<{group}>[^\W\d][\w.-]*+)[ \t]*+\r?\n"
        rf"(?:(?!{last})[^\n]*+\n)*+[^\S\n]*+(?P={group})(?=[ \t]*+\r?(?:\n|\Z))"
    )


def _body() -> str:
    """Return what matches a block's body, with braces in braces to a bounded depth."""
    body = ""
    for depth in range(_DEPTH + 1):
        inner = rf"|\{{{body}\}}" if depth else ""
        rest = rf"/(?![/*])|{_COMMENT}|<(?!<)|{_heredoc(f'h{depth}')}"
        body = rf'(?:[^"{{}}#/<]++|{_STRING}{inner}|{rest})*+'
    return body


@cache
def block() -> re.Pattern[str]:
    """A block: its kind, its labels, and (empty, `body`) the place where its body starts."""
    return re.compile(
        rf"({_NAME})((?:[ \t]+{_LABEL})*+)[ \t]*+\{{(?P<body>)(?:{_body()})\}}(?={_END})"
    )


@cache
def others() -> re.Pattern[str]:
    """Resources and data sources of no service of ours, one after another."""
    return re.compile(
        rf'(?:(?:resource|data)[ \t]+(?!"?aws_{_SERVICES}_){_LABEL}[ \t]+{_LABEL}[ \t]*+'
        rf"\{{(?:{_body()})\}}{_END}{_BLANK})++"
    )
