"""How many examples and cases are tried: a few in each run, all with --full."""

from hypothesis import settings

WITH_FULL = 500
"""The number of examples that the profile of `--full` sets."""


def examples(number):
    """Return how many of a property's own number are tried: all with --full, a tenth by default."""
    return max(5, number * settings.default.max_examples // WITH_FULL)


def some(cases, number):
    """Return at most `number` of the cases, evenly spread; all of them with --full."""
    every = list(cases)
    if settings.default.max_examples >= WITH_FULL:
        return every
    return every[:: -(-len(every) // number) or 1]
