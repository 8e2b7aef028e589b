"""How deep expressions and references may be nested."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from checker.errors import Reason, SourceError
from checker.sources.terraform.language.syntax import one_run

MOST_FRAMES = 12_000


@contextmanager
def deep() -> Iterator[None]:
    """Let one root module be evaluated; SourceError where it is nested too deeply."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, MOST_FRAMES))
    try:
        with one_run():
            yield
    except RecursionError:
        raise SourceError(Reason("expressions and references are nested too deeply")) from None
    finally:
        sys.setrecursionlimit(limit)
