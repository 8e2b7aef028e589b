"""What a top-level block looks like, as one regular expression for all that is plainly written.

A block's body is split off by its braces. Strings without nested quotes or braces, and comments,
are passed over exactly; what is not plain in this sense (heredocs, templates in templates, deep
nesting) does not match, and is left to `brackets.py`. Every repetition is possessive, so that a
match takes time in proportion to the text, whatever it holds.
"""

from __future__ import annotations

import re

_DEPTH = 8
_COMMENT = r"(?:\#|//)[^\n]*+|/\*(?s:.*?)\*/"
_STRING = r'"(?:[^"\\$%\n]++|\\.|\$\{[^{}"\n]*+\}|[$%](?!\{))*+"'
_PLAIN = rf'(?:[^"{{}}#/<]++|{_STRING}|/(?![/*])|<(?!<)|{_COMMENT})'
_BODY = rf"{_PLAIN}*+"
for _ in range(_DEPTH):
    _BODY = rf"(?:{_PLAIN}|\{{{_BODY}\}})*+"
_NAME = r"[^\W\d][\w-]*+"
_LABEL = rf'(?:"[^"\\\n$%]*+"|{_NAME})'
_END = rf"[ \t]*+(?:{_COMMENT})?[ \t\r]*+(?:\n|\Z)"
_BLANK = rf"(?:\s++|{_COMMENT})*+"

BLOCK = re.compile(rf"({_NAME})((?:[ \t]+{_LABEL})*+)[ \t]*+\{{()(?:{_BODY})\}}(?={_END})")
"""A block: its kind, its labels, and (empty) the place where its body starts."""

_SERVICES = "(?:sqs|lambda|iam|kms)"
OURS = re.compile(rf"aws_{_SERVICES}_")
"""How the resource types of our services begin."""
OTHER_FILE = re.compile(
    rf'{_BLANK}(?:resource[ \t]+(?!"?aws_{_SERVICES}_){_LABEL}[ \t]+{_LABEL}[ \t]*+'
    rf"\{{(?:{_BODY})\}}{_END}{_BLANK})*+"
)
"""A whole file of resources that belong to no service of ours."""
