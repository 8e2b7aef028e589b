"""The configurations whose commits are tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from mutating import breaking, neutral
from mutating.change import Change, Configuration
from mutating.installed import installed

_FIXTURES = Path(__file__).resolve().parents[2] / "fixtures/scenarios"
SCENARIOS = (
    # Those that work.
    *("orders", "module-structured", "module-with-statements", "for-each-over-channels"),
    *("customer-key", "managed-attachment", "arns-by-hand", "boundary-that-holds-it"),
    *("policy-document-attached", "whole-resources-passed", "json-syntax", "template-file"),
    # Those with known faults, of which no neutral commit is blamed.
    *("orders-broken", "one-chance-only", "for-each-one-blocked", "delete-message-missing"),
    *("visibility-of-a-module-at-its-default", "one-timeout-of-three-too-long"),
    *("key-policy-for-one-admin", "arn-from-an-unset-variable"),
)
_CONFIGURATION = {".tf", ".json", ".tfvars", ".tftpl", ".tpl", ".yaml", ".yml"}
_OURS = {"expected.yaml", "recorded"}


def configurations() -> tuple[Configuration, ...]:
    """Return the scenarios, and the roots with installed modules."""
    return (*(_scenario(name) for name in SCENARIOS), *installed())


def changes() -> Iterator[Change]:
    """Yield every commit; each configuration begins with other places of a value."""
    turns = count(step=3)
    for each in configurations():
        yield from breaking.of_values(each, next(turns))
        yield from breaking.of_blocks(each)
        yield from neutral.of_values(each, next(turns))
        yield from neutral.of_texts(each)


def _scenario(name: str) -> Configuration:
    (folder,) = _FIXTURES.glob(f"*/{name}")
    files = {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(folder.rglob("*"))
        if file.suffix in _CONFIGURATION and not _OURS & {file.name, file.parent.name}
    }
    return Configuration(name, files)
