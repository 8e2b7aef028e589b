"""Files of parameters, in the formats that the AWS CLI takes.

A list of `ParameterKey` and `ParameterValue`, a list of `NAME=VALUE`, a mapping of names to values,
or one under `Parameters`.
https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/index.html
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checker import yaml
from checker.errors import Reason, SourceError
from checker.files import FileError, Repository, read_named
from checker.sources.cloudformation.language.calls import member
from checker.yaml import Scalar, Sequence, YamlError, YamlMapping, YamlNode

MOST_BYTES = 1_000_000
_KEY, _VALUE, _KEPT = "ParameterKey", "ParameterValue", "UsePreviousValue"


def read_parameters(path: Path, repository: Repository | None) -> dict[str, str | None]:
    """Return the parameters of a file by name; None for one that keeps its previous value.

    Raises SourceError.
    """
    source = path.as_posix()
    try:
        text = read_named(path, MOST_BYTES, repository).decode("utf-8-sig")
        if text.lstrip()[:1] in {"{", "["}:
            text = text.replace("\t", " ")
        root = yaml.parse(text)
    except FileError as error:
        raise SourceError(Reason(error.why, source)) from None
    except UnicodeDecodeError:
        raise SourceError(Reason("it is not UTF-8", source)) from None
    except YamlError as error:
        raise SourceError(Reason(str(error), f"{source}:{error.line}:{error.column}")) from None
    found: dict[str, str | None] = {}
    for name, value, node in _entries(root, source):
        if name in found:
            raise _wrong(f"parameter `{name}` occurs twice", source, node)
        found[name] = value
    return found


def _entries(root: YamlNode, source: str) -> Iterator[tuple[str, str | None, YamlNode]]:
    if isinstance(root, Sequence):
        for each in root.items:
            yield _listed(each, source)
        return
    inner = member(root, "Parameters") or root
    if not isinstance(inner, YamlMapping):
        raise _wrong("parameters are a list, or a mapping of names to values", source, root)
    for key, node in inner.entries:
        yield key.text, _value(node, source), node


def _listed(node: YamlNode, source: str) -> tuple[str, str | None, YamlNode]:
    if isinstance(node, Scalar) and "=" in node.text:
        key, _, value = node.text.partition("=")
        return key.strip(), value, node
    entries = node.entries if isinstance(node, YamlMapping) else ()
    members = {key.text: value for key, value in entries}
    name = members.get(_KEY)
    if not isinstance(name, Scalar):
        raise _wrong(f"a parameter in a list has a `{_KEY}`", source, node)
    kept = members.get(_KEPT)
    if isinstance(kept, Scalar) and kept.text.lower() == "true":
        return name.text, None, node
    if _VALUE not in members:
        raise _wrong(f"parameter `{name.text}` has no `{_VALUE}`", source, node)
    return name.text, _value(members[_VALUE], source), node


def _value(node: YamlNode, source: str) -> str:
    """Return a value as CloudFormation takes it, which is text."""
    if isinstance(node, Scalar) and node.value is not None:
        return node.text
    items = node.items if isinstance(node, Sequence) else ()
    texts = [each.text for each in items if isinstance(each, Scalar)]
    if not isinstance(node, Sequence) or len(texts) != len(items):
        raise _wrong("the value of a parameter is a text, or a list of texts", source, node)
    return ",".join(texts)


def _wrong(why: str, source: str, node: YamlNode) -> SourceError:
    return SourceError(Reason(why, f"{source}:{node.line}:{node.column}"))
