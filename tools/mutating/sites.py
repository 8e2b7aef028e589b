"""Arguments of a configuration whose value decides whether a mapping works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mutating.change import Configuration

_NUMBERS = {
    "visibility_timeout_seconds": "1",
    "timeout": "901",
    "batch_size": "20000",
    "maxReceiveCount": "2000",
}
"""What no mapping works with."""
_NUMBER = re.compile(rf"^(\s*({'|'.join(_NUMBERS)})\s*=\s*)(\d+)(\s*)$", re.MULTILINE)
_ACTION = re.compile(r'"sqs:(?:ReceiveMessage|DeleteMessage|GetQueueAttributes)"')
_SERVICE = re.compile(r'"lambda\.amazonaws\.com"')


@dataclass(frozen=True)
class Site:
    """Where a value stands in a file, the value in HCL, and one that breaks a mapping."""

    file: str
    start: int
    end: int
    value: str
    broken: str
    name: str

    @property
    def folder(self) -> str:
        """The directory of its module."""
        return self.file.rpartition("/")[0]


def sites(configuration: Configuration) -> Iterator[Site]:
    """Yield the arguments of a configuration, in the order of its files."""
    for file, text in sorted(configuration.files.items()):
        if not file.endswith(".tf"):
            continue
        for found in _NUMBER.finditer(text):
            name, value = found[2], found[3]
            yield Site(file, found.start(3), found.end(3), value, _NUMBERS[name], name)
        if "EOF" in text or "EOT" in text or "<<" in text:
            continue
        for found in _ACTION.finditer(text):
            yield Site(file, *found.span(), found[0], '"sqs:GetQueueUrl"', "action")
        for found in _SERVICE.finditer(text):
            yield Site(file, *found.span(), found[0], '"ec2.amazonaws.com"', "trust")


def put(site: Site, text: str, value: str) -> str:
    """Return a file's text with another value at a site."""
    return f"{text[: site.start]}{value}{text[site.end :]}"
