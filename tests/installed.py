"""Scenarios with their modules as a registry serves them, and an editor that follows a fix."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

MANIFEST = Path(".terraform/modules/modules.json")
_CALL = re.compile(r'^module "([\w-]+)" \{\n(?:.*\n)*?  source\s*=\s*"(\.[^"]*)"', re.MULTILINE)
_LOCAL = re.compile(r'(^  source\s*=\s*)"\.[^"]*"', re.MULTILINE)
_ASSIGNED = re.compile(r"`([\w-]+) = ([^`]+)`(?: in the call of module `([\w-]+)`)?")


def calls(folder):
    """Return the directories of the local modules that a directory calls, by the calls' names."""
    texts = [file.read_text() for file in sorted(folder.glob("*.tf"))]
    return {
        name: (folder / source).resolve() for text in texts for name, source in _CALL.findall(text)
    }


def copy(folder, target):
    """Write a root module to an empty directory as it is."""
    shutil.copytree(folder, target, dirs_exist_ok=True)


def install(folder, target):
    """Write a root module to an empty directory, with its modules where `terraform init` does."""
    shutil.copytree(folder, target, dirs_exist_ok=True, ignore=_of_modules(folder))
    entries = [{"Key": "", "Source": "", "Dir": "."}]
    pending = [("", folder)]
    while pending:
        above, directory = pending.pop()
        for name, source in calls(directory).items():
            key = f"{above}.{name}".lstrip(".")
            place = MANIFEST.parent / key
            shutil.copytree(source, target / place, ignore=_of_modules(source))
            entries.append({"Key": key, "Source": "example/any/aws", "Dir": place.as_posix()})
            pending.append((key, source))
    for file in target.rglob("*.tf"):
        file.write_text(_LOCAL.sub(r'\1"example/any/aws"', file.read_text()))
    (target / MANIFEST).parent.mkdir(parents=True, exist_ok=True)
    (target / MANIFEST).write_text(json.dumps({"Modules": entries}))


def _of_modules(folder):
    inside = {each for each in calls(folder).values() if each.is_relative_to(folder.resolve())}
    tops = {each.relative_to(folder.resolve()).parts[0] for each in inside}

    def ignored(directory, names):
        own = tops if Path(directory).resolve() == folder.resolve() else ()
        return [n for n in names if n in own or n in {"recorded", "expected.yaml"}]

    return ignored


def follow(fix, subject, folder):
    """Do what the text of a fix says, in the files that the repository tracks; tell whether it can.

    A fix is followed if it begins with one attribute that is set, whose value it spells out.
    """
    found = _ASSIGNED.match(fix)
    if found is None or re.search(r"\b[A-Z]+_[A-Z]+\b", found[2]):
        return False
    name, value, call = found.groups()
    if call is None:
        kind, own = re.sub(r"module\.[\w-]+(\[[^\]]*\])?\.", "", subject).split(".", 1)
        head = f'resource "{kind}" "{own.partition("[")[0]}" {{'
    else:
        head = f'module "{call}" {{'
    for file in sorted(folder.rglob("*.tf")):
        text = file.read_text()
        if ".terraform" not in file.relative_to(folder).parts and head in text:
            file.write_text(_with(text, head, name, value))
            return True
    return False


def _with(text, head, name, value):
    """Return a file whose block of this head has an attribute, which replaces the one it has."""
    begin = text.index(head) + len(head)
    end = begin + text[begin:].index("\n}")
    body = text[begin:end]
    lines, kept, depth = body.split("\n"), [], None
    for line in lines:
        if depth is None and re.match(rf"\s\s{name}\s*=", line):
            depth = 0
        if depth is None:
            kept.append(line)
            continue
        depth += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
        depth = depth if depth > 0 else None
    return f"{text[:begin]}\n  {name} = {value}{chr(10).join(kept)}{text[end:]}"
