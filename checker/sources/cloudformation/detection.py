"""What is a template, by what a file holds."""

from __future__ import annotations

import re

MOST_LOOKED_AT = 4_000_000
"""How many bytes of a file tell what it is: a template of 1 MB has no more."""
_OURS = re.compile(
    rb"""^[ \t]*(?:[{,][ \t]*)?["']?(?:AWSTemplateFormatVersion|Transform)["']?\s*:|\bAWS::[A-Z]""",
    re.MULTILINE,
)
_IN_JSON = re.compile(rb'(?<!\\)"Resources"\s*:')
_IN_YAML = re.compile(rb"""^["']?Resources["']?[ \t]*:""", re.MULTILINE)
_OTHERS = re.compile(rb'^\s*\{\s*"(?:format_version|version|terraform_version)"\s*:')
"""How plan JSON and states of Terraform begin."""


def is_template(data: bytes) -> bool:
    """Tell whether a file's bytes are those of a template, sound or not.

    One has a section `Resources`, and says of CloudFormation or names a type of AWS.
    """
    if data[:2] == b"PK" or b"Resources" not in data or _OTHERS.match(data):
        return False
    return _has_section(data) and _OURS.search(data) is not None


def _has_section(data: bytes) -> bool:
    """Tell whether `Resources` is a key of the outermost mapping, as far as the text shows."""
    if data.lstrip()[:1] == b"{":
        return _IN_JSON.search(data) is not None
    return _IN_YAML.search(data) is not None
