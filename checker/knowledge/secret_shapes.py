"""What secrets look like, whatever they are called."""

from __future__ import annotations

import math
import re
from collections import Counter

SHAPES = re.compile(
    r"""
      (?:^|[^A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])     # AWS access key ids
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY                          # PEM
    | \b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[\w-]{16,})
    | \bxox[abeprs]-[A-Za-z0-9-]{10,}                          # Slack
    | \b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}               # Stripe
    | \bsk-[A-Za-z0-9_-]{20,}                                  # OpenAI, Anthropic
    | \bnpm_[A-Za-z0-9]{30,} | \bhvs\.[A-Za-z0-9_-]{20,}       # npm, Vault
    | \bAIza[0-9A-Za-z_-]{35}                                  # Google
    | \beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*  # JSON Web Tokens
    | ://[^/\s:@]+:[^/\s@]+@                                   # a URL with a password
    """,
    re.VERBOSE,
)
"""What secrets look like."""
_AWS_SECRET_KEY = re.compile(r"[A-Za-z0-9/+]{40}")
_LEAST_BITS = 4.0
"""How many bits a character of a random key of 40 characters has at least; hex has less."""


def looks_secret(text: str) -> bool:
    """Tell whether a text has the shape of a secret."""
    if SHAPES.search(text):
        return True
    return _AWS_SECRET_KEY.fullmatch(text) is not None and _bits(text) >= _LEAST_BITS


def _bits(text: str) -> float:
    """Return the entropy of a text in bits a character."""
    counts = Counter(text).values()
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts)
