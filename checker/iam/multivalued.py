"""Condition keys that hold a list of values, even where it has one element.

Without a set operator (`ForAnyValue:`, `ForAllValues:`) AWS's answer to them is not documented, and
none of them can be used as a policy variable.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from functools import lru_cache

from checker.iam.actions import list_keys

_GLOBAL = frozenset(
    {
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "aws:vpceorgpaths",
    }
)


@lru_cache(maxsize=4096)
def is_multivalued(name: str) -> bool:
    """Tell whether a condition key, in letters of any case, surely holds a list."""
    lower = name.lower()
    return lower in _GLOBAL or lower in list_keys(lower.partition(":")[0])
