"""A pattern of `.gitignore`, matched in time that grows with the length of a path alone.

https://git-scm.com/docs/gitignore
"""

from __future__ import annotations

import re
from functools import cached_property

from dulwich.ignore import Pattern, translate


class IgnorePattern:
    """A pattern; it `excludes` what it matches unless it begins with `!`."""

    def __init__(self, text: bytes) -> None:
        try:
            self._parsed: Pattern | None = Pattern(text)
        except (ValueError, re.error, OverflowError, RecursionError):
            self._parsed = None  # git takes it for one that matches nothing
        self.excludes = not text.startswith(b"!")

    def matches(self, path: bytes, *, is_directory: bool) -> bool:
        """Tell whether a path, relative to the directory of the pattern, is what it means."""
        parsed = self._parsed
        if parsed is None or parsed.is_empty or (parsed.is_directory_only and not is_directory):
            return False
        compiled = self._compiled
        # What cannot be matched leaves nothing out.
        return not self.excludes if compiled is None else compiled.match(path) is not None

    @cached_property
    def _compiled(self) -> re.Pattern[bytes] | None:
        """The pattern for RE2, which takes no longer for one of many stars."""
        import re2

        text = self._parsed.pattern if self._parsed is not None else b""
        if text.startswith(b"!") or text[:2] in {b"\\!", b"\\#"}:
            text = text[1:]
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.log_errors = False
        try:
            ended = translate(text.rstrip(b"/")).removesuffix(rb"\Z") + rb"\z"
            compiled: re.Pattern[bytes] = re2.compile(ended, options)
        except (re2.error, ValueError):
            return None
        return compiled
