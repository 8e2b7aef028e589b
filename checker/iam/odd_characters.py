"""Characters that IAM and KMS do not take in a policy document: those above U+00FF.

Their service models have the pattern of `policyDocumentType` and `PolicyType` (botocore 1.44.5).
https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
"""

from __future__ import annotations

import re

from checker.knowledge.json_nodes import JsonNode, Members
from checker.knowledge.partial import Invalid
from checker.knowledge.sensitive import is_sensitive, plain
from checker.knowledge.text import Text

_ODD = re.compile("[\u0100-\u2027\u202a-\U0010ffff]")
"""What writes JSON anew escapes U+2028 and U+2029, which are then of characters that are taken."""
PATTERN = r"[\u0009\u000A\u000D\u0020-\u00FF]+"


def odd_character(node: JsonNode) -> Invalid | None:
    """Return the first character of a document that IAM does not take, None if there is none.

    Nothing tells which it is where it is part of a secret.
    """
    waiting = [node]
    while waiting:
        each = waiting.pop()
        texts: tuple[Text, ...] = ()
        if isinstance(each.value, Members):
            texts = tuple(key for key, _ in each.value.items)
            waiting.extend(value for _, value in reversed(each.value.items))
        elif isinstance(each.value, tuple):
            waiting.extend(reversed(each.value))
        elif isinstance(each.value, Text):
            texts = (each.value,)
        for part in (part for text in texts for part in text.parts if isinstance(part, str)):
            found = _ODD.search(plain(part))
            if found is not None:
                what = "a character" if is_sensitive(part) else f"U+{ord(found[0]):04X}"
                return Invalid(
                    f"it holds {what}, and characters up to U+00FF are taken",
                    each.at,
                    "write it without that character",
                )
    return None
