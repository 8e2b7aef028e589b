"""Words beside `--var` that may be a secret, refused before anything could echo them.

`--var password=one two` without quotes makes a path of `two`, and an error about a path shows it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from checker.errors import UsageError

_VAR = "--var"


def refuse_loose_values(arguments: Sequence[str]) -> None:
    """Refuse a `--var` without `=`, and a word after its value that is neither option nor path.

    Raises:
        UsageError: there is such a word; the message does not show it.
    """
    for n, word in enumerate(arguments):
        if word == _VAR:
            value, rest = " ".join(arguments[n + 1 : n + 2]), arguments[n + 2 :]
        elif word.startswith(f"{_VAR}="):
            value, rest = word.removeprefix(f"{_VAR}="), arguments[n + 1 :]
        else:
            continue
        if value and "=" not in value:
            raise UsageError("a `--var` has no `=`", hint="write `--var NAME=VALUE`")
        if rest and not rest[0].startswith("-") and not _exists(rest[0]):
            raise UsageError(
                "what follows the value of a `--var` is not a path",
                hint="put a value that holds blanks in quotes: `--var 'NAME=VALUE'`",
            )


def _exists(word: str) -> bool:
    try:
        return os.path.lexists(word)
    except (OSError, ValueError):
        return False
