"""Commits that change nothing that is deployed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import TypeAlias

from mutating.blocks import blocks
from mutating.change import Change, Configuration, Files
from mutating.installed import MANIFEST
from mutating.places import in_turn
from mutating.sites import put, sites

Renamed: TypeAlias = Callable[[str], str]
Made: TypeAlias = tuple[Files, Renamed]


def of_values(configuration: Configuration, turn: int) -> Iterator[Change]:
    """Yield commits that lay a value in another place."""
    files = dict(configuration.files)
    for site, (name, place) in islice(zip(sites(configuration), in_turn(turn), strict=False), 2):
        expression, held = place(site.folder, site.value)
        after = {**files, **held, site.file: put(site, files[site.file], expression)}
        yield Change(configuration, f"value-to-{name}", files, after, breaking=False)


def of_texts(configuration: Configuration) -> Iterator[Change]:
    """Yield commits that move, rename and reformat."""
    files = dict(configuration.files)
    for make in MAKERS:
        for after, renamed in islice(make(files), 1):
            installed = _reinstalled(configuration, after)
            yield Change(
                configuration,
                make.__name__,
                files,
                after,
                breaking=False,
                renamed=renamed,
                installed=installed,
            )


def _reinstalled(configuration: Configuration, after: Files) -> Files:
    """Return what `terraform init` records of a module call that has another name."""
    called = {each.name for each in blocks(after, "module")}
    gone = {each.name for each in blocks(dict(configuration.files), "module")} - called
    found = dict(configuration.installed)
    for name in gone if found else ():
        text = found[MANIFEST]
        found[MANIFEST] = text.replace(f'"Key": "{name}"', '"Key": "called_otherwise"')
    return found


def renamed_files(files: Files) -> Iterator[Made]:
    """Every file of the root module gets another name."""
    yield {_other(file): text for file, text in files.items()}, str


def _other(file: str) -> str:
    return f"a-{file}" if file.endswith(".tf") and "/" not in file else file


def reformatted(files: Files) -> Iterator[Made]:
    """Lines are indented with more blanks, and comments stand before every block."""

    def of(text: str) -> str:
        wider = re.sub(r"^(  )+(?=\S)", lambda found: found[0] * 2, text, flags=re.MULTILINE)
        return re.sub(
            r"^(resource|data|module|locals)\b", r"# block\n\n\1", wider, flags=re.MULTILINE
        )

    plain = {file for file, text in files.items() if file.endswith(".tf") and "<<" not in text}
    yield {file: of(text) if file in plain else text for file, text in files.items()}, str


def in_one_file(files: Files) -> Iterator[Made]:
    """All files of the root module become one, from the last to the first."""
    own = [file for file in sorted(files, reverse=True) if file.endswith(".tf") and "/" not in file]
    kept = {file: text for file, text in files.items() if file not in own}
    yield kept | {"whole.tf": "\n".join(files[file] for file in own)}, str


_LOCALS = re.compile(r"^locals \{\n.*?^\}\n", re.MULTILINE | re.DOTALL)


def _redeclared(text: str, name: str) -> str:
    declared = re.compile(rf"^  {name}(\s*=)", re.MULTILINE)
    return _LOCALS.sub(lambda found: declared.sub(r"  called_otherwise\1", found[0]), text)


def renamed_local(files: Files) -> Iterator[Made]:
    """A local value gets another name."""
    for file, text in sorted(files.items()):
        for found in re.finditer(r"^locals \{\n(?:  .*\n|\n)*?  (\w+)\s*=", text, re.MULTILINE):
            name, folder = found[1], file[: file.rfind("/") + 1]
            after = dict(files)
            for other in (each for each in files if each.rpartition("/")[0] == folder[:-1]):
                if other.endswith(".tf"):
                    said = re.sub(rf"\blocal\.{name}\b", "local.called_otherwise", files[other])
                    after[other] = _redeclared(said, name)
            yield after, str


def moved_folder(files: Files) -> Iterator[Made]:
    """The directory of a module gets another name."""
    folders = {file.partition("/")[0] for file in files if "/" in file and file.endswith(".tf")}
    for folder in sorted(folders):
        yield (
            {
                re.sub(rf"^{folder}/", "elsewhere/", file): text.replace(
                    f"./{folder}/", "./elsewhere/"
                )
                for file, text in files.items()
            },
            str,
        )


def _moved(type_: str) -> Callable[[Files], Iterator[Made]]:
    def make(files: Files) -> Iterator[Made]:
        for block in blocks(files, type_):
            new = f"{type_}.called_otherwise"
            after = {
                file: _readdressed(text, type_, block.name)
                if file.endswith(".tf") and file.rpartition("/")[0] == block.folder[:-1]
                else text
                for file, text in files.items()
            }
            moved = f"moved {{\n  from = {block.address}\n  to   = {new}\n}}\n"
            after[f"{block.folder}moved.tf"] = moved
            yield after, partial(_renamed, block.address, new)

    make.__name__ = f"moved_{type_.removeprefix('aws_')}"
    return make


def _renamed(old: str, new: str, address: str) -> str:
    return re.sub(rf"{re.escape(old)}(?![\w-])", new, address)


def _readdressed(text: str, type_: str, name: str) -> str:
    text = text.replace(f'"{type_}" "{name}"', f'"{type_}" "called_otherwise"')
    return re.sub(rf"\b{type_}\.{name}(?![\w-])", f"{type_}.called_otherwise", text)


def moved_module(files: Files) -> Iterator[Made]:
    """A module call gets another name, with a `moved` block."""
    for block in blocks(files, "module"):
        if block.folder:
            continue
        after = {
            file: re.sub(
                rf"\bmodule\.{block.name}(?![\w-])",
                "module.called_otherwise",
                text.replace(f'module "{block.name}" {{', 'module "called_otherwise" {'),
            )
            for file, text in files.items()
        }
        old, new = block.address, "module.called_otherwise"
        after["moved.tf"] = f"moved {{\n  from = {old}\n  to   = {new}\n}}\n"
        yield after, partial(_renamed, old, new)


def counted(files: Files) -> Iterator[Made]:
    """A mapping gets `count = 1`: Terraform moves it by itself."""
    for block in blocks(files, "aws_lambda_event_source_mapping"):
        alone = sum(text.count(block.address) for text in files.values()) == 0
        if alone and "for_each" not in block.text and "count" not in block.text:
            text = files[block.file].replace(
                block.text, block.text.replace("{\n", "{\n  count = 1\n", 1)
            )
            counted = partial(_renamed, block.address, f"{block.address}[0]")
            yield {**files, block.file: text}, counted


def unrelated(files: Files) -> Iterator[Made]:
    """Another resource comes that no mapping uses."""
    yield files | {"bucket.tf": 'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n}\n'}, str


def constrained(files: Files) -> Iterator[Made]:
    """The version of a module is constrained in other words that the installed one meets."""
    for file, text in sorted(files.items()):
        if '"~> 2.1"' in text:
            yield {**files, file: text.replace('"~> 2.1"', '">= 2.1.0, < 3.0.0"')}, str


MAKERS: tuple[Callable[[Files], Iterator[Made]], ...] = (
    *(renamed_files, reformatted, in_one_file, renamed_local, moved_folder, moved_module, counted),
    *(_moved(f"aws_{each}") for each in ("sqs_queue", "iam_role", "lambda_function")),
    _moved("aws_lambda_event_source_mapping"),
    *(unrelated, constrained),
)
