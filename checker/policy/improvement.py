"""Whether a problem is the one that was there before, and smaller: what is no worse is not new."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"`[^`]*`")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LISTED = re.compile(r"`[^`]*`(?:(?:, | or | and )`[^`]*`)*")

MORE, LESS = 1, -1
NUMBERS: dict[str, tuple[int, int]] = {
    "batch-size-out-of-range": (LESS, LESS),
    "batching-window-not-allowed": (LESS, LESS),
    "concurrency-above-default-quota": (LESS, MORE),
    "dead-letter-retention-too-short": (MORE, LESS),
    "receive-count-below-advice": (MORE, LESS),
    "receive-count-too-low": (MORE, LESS),
    "reserved-concurrency-too-low": (MORE, LESS),
    "too-many-filters": (LESS, MORE),
    "visibility-timeout-below-function-timeout": (MORE, LESS),
    "visibility-timeout-too-short": (MORE, LESS),
}
"""Which way the first number of a rule's message gets better, and which way all others do."""
LISTS = frozenset(
    (
        "cross-account-queue-closed",
        "deployer-cannot-create-mapping",
        "deployer-cannot-list",
        "queue-open-to-everyone",
        "role-allows-too-much",
        "role-cannot-decrypt",
        "role-cannot-extend-visibility",
        "role-cannot-read-queue",
    )
)
"""Rules whose message lists what is wrong: fewer of them are better."""
GREATER = {
    "receive-count-below-advice": "receive-count-too-low",
    "visibility-timeout-too-short": "visibility-timeout-below-function-timeout",
}
"""The rule that speaks in the place of another where the same fault is greater."""


def is_smaller(rule: str, now: str, then: str) -> bool:
    """Tell whether what a rule says now is the same fault as what it said then, and no greater."""
    if rule in NUMBERS:
        return _numbers_got_better(now, then, *NUMBERS[rule])
    return rule in LISTS and _lists_got_shorter(now, then)


def _numbers_got_better(now: str, then: str, first: int, others: int) -> bool:
    if _NUMBER.sub("0", _hidden(now)) != _NUMBER.sub("0", _hidden(then)):
        return False
    if _QUOTED.findall(now) != _QUOTED.findall(then):
        return False
    pairs = zip(_numbers(now), _numbers(then), strict=True)
    directions = (first if n == 0 else others for n in range(len(_numbers(now))))
    return all(d * one >= d * two for d, (one, two) in zip(directions, pairs, strict=True))


def _hidden(message: str) -> str:
    return _QUOTED.sub("``", message)


def _numbers(message: str) -> list[float]:
    return [float(each) for each in _NUMBER.findall(_hidden(message))]


def _lists_got_shorter(now: str, then: str) -> bool:
    if _LISTED.sub("``", now) != _LISTED.sub("``", then):
        return False
    pairs = zip(_LISTED.findall(now), _LISTED.findall(then), strict=True)
    return all(set(_QUOTED.findall(one)) <= set(_QUOTED.findall(two)) for one, two in pairs)
