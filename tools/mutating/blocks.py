"""Blocks of formatted Terraform as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mutating.change import Files

_BLOCK = re.compile(
    r'^(resource|module) "([\w-]+)"(?: "([\w-]+)")? \{\n.*?^\}\n', re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """A resource or a module call: where it stands and its address in its module."""

    file: str
    type: str
    name: str
    text: str

    @property
    def address(self) -> str:
        """What refers to it."""
        return f"{self.type}.{self.name}"

    @property
    def folder(self) -> str:
        """The directory of its module, with a slash behind it, empty for the root module."""
        return self.file[: self.file.rfind("/") + 1]


def blocks(files: Files, *types: str) -> Iterator[Block]:
    """Yield the blocks of some types, all without types, in the order of files."""
    for file, text in sorted(files.items()):
        for found in _BLOCK.finditer(text) if file.endswith(".tf") else ():
            type_ = found[2] if found[1] == "resource" else "module"
            if not types or type_ in types:
                yield Block(file, type_, found[3] or found[2], found[0])


def replaced(files: Files, block: Block, text: str) -> Files:
    """Return files in which a block has another text."""
    return {**files, block.file: files[block.file].replace(block.text, text, 1)}


def with_argument(block: Block, line: str) -> str:
    """Return a block's text with one more argument."""
    head, _, rest = block.text.partition("\n")
    return f"{head}\n  {line}\n{rest}"


def without_references(files: Files, address: str) -> Files:
    """Return files in which no `depends_on` names an address."""
    word = rf"{re.escape(address)}(?:\[[^\]]*\])?"
    alone = re.compile(rf"^\s*depends_on\s*=\s*\[\s*{word}\s*,?\s*\]\n", re.MULTILINE)
    among = re.compile(rf"(?<=[\[,\s]){word}(?:,\s*|(?=\s*\]))")
    listed = re.compile(r"depends_on\s*=\s*\[[^\]]*\]")
    return {
        file: listed.sub(lambda found: among.sub("", found[0]), alone.sub("", text))
        if file.endswith(".tf")
        else text
        for file, text in files.items()
    }
