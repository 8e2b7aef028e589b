"""A template: its sections by name, and what is wrong with their form.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from checker import yaml
from checker.errors import Reason, SourceError
from checker.knowledge.partial import Location
from checker.records import dataclass
from checker.sources.cloudformation.language.calls import CONDITION, member, words
from checker.sources.comments import Comment, comments
from checker.yaml import Scalar, YamlError, YamlMapping, YamlNode

MOST_RESOURCES = 500
"""How many resources CloudFormation takes in a template."""
LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
SERVERLESS = "AWS::Serverless-2016-10-31"
KNOWN_TRANSFORMS = frozenset((SERVERLESS, LANGUAGE_EXTENSIONS))
"""Transforms whose work is done here."""
SECTIONS = frozenset(
    (
        *("AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules"),
        *("Mappings", "Conditions", "Transform", "Resources", "Outputs", "Globals", "Hooks"),
    )
)


class NoResourcesError(SourceError):
    """A template makes nothing; CloudFormation refuses it, and the CDK does not deploy it."""


@dataclass(frozen=True, slots=True)
class TemplateResource:
    """A resource as it is written: its type and its properties.

    `id` names it in the run: `stack`, then its logical id. `loops` are the values of the loops that
    it was made by.
    """

    id: str
    type: str
    at: Location
    properties: YamlMapping | None
    condition: Scalar | None = None
    depends_on: tuple[str, ...] = ()
    node: YamlNode | None = None
    loops: Mapping[str, str] = field(default_factory=dict)
    stack: str = ""

    @property
    def name(self) -> str:
        """Its logical id, which names it in its template."""
        return self.id[len(self.stack) :]


@dataclass(frozen=True, slots=True)
class StackTemplate:
    """A template's text by its sections; `source` is the path of its file in the repository."""

    source: str
    parameters: Mapping[str, YamlNode]
    mappings: Mapping[str, YamlNode]
    conditions: Mapping[str, YamlNode]
    resources: Mapping[str, YamlNode]
    outputs: Mapping[str, YamlNode]
    transforms: tuple[str, ...] = ()
    size: int = 0
    keys: Mapping[tuple[int, int], Scalar] = field(default_factory=dict)
    """The keys of resources, by line and column of what they name."""
    sections: Mapping[str, YamlNode] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()
    in_json: bool = False
    made_of: Mapping[str, str] = field(default_factory=dict)
    """The functions of SAM by the ids of the resources that were made of them."""

    def place(self, node: YamlNode) -> Location:
        """Return where a node stands."""
        end = len(node.text) if isinstance(node, Scalar) and "\n" not in node.text else 0
        return Location(
            self.source,
            node.line,
            node.column,
            node.line if end else 0,
            node.column + end if end else 0,
        )

    def is_hidden(self, parameter: str) -> bool:
        """Tell whether the value of a parameter is not shown: it has `NoEcho`, or may have it."""
        hidden = member(self.parameters[parameter], "NoEcho")
        shown = isinstance(hidden, Scalar) and hidden.text.lower() == "false"
        return hidden is not None and not shown


def is_template(text: str) -> bool:
    """Tell whether a text looks like a template, so that its errors are those of a template."""
    return "Resources" in text and ("AWSTemplateFormatVersion" in text or "AWS::" in text)


def parse(text: str, source: str) -> StackTemplate:
    """Read a template's text; SourceError if it is none, NoResourcesError if it makes nothing."""
    in_json = text.lstrip().startswith("{")
    if in_json:
        text = text.replace("\t", " ")  # JSON has none but between its words
    try:
        root = yaml.parse(text)
    except YamlError as error:
        raise SourceError(Reason(str(error), f"{source}:{error.line}:{error.column}")) from None
    if not isinstance(root, YamlMapping):
        raise SourceError(Reason("a template is a mapping of sections", source))
    sections = {key.text: value for key, value in root.entries}
    resources = sections.get("Resources")
    if resources is None:
        raise NoResourcesError(Reason("a template has a mapping of `Resources`", source))
    if not isinstance(resources, YamlMapping):
        raise SourceError(Reason("a template has a mapping of `Resources`", source))
    if not resources.entries:
        raise NoResourcesError(Reason("a template has at least one resource", source))
    unknown = [key for key, _ in root.entries if key.text not in SECTIONS]
    if unknown and "AWSTemplateFormatVersion" in sections:
        place = f"{source}:{unknown[0].line}:{unknown[0].column}"
        raise SourceError(Reason(f"a template has no section `{unknown[0].text}`", place))
    return StackTemplate(
        source,
        _members(sections, "Parameters"),
        _members(sections, "Mappings"),
        _members(sections, "Conditions"),
        _members(sections, "Resources"),
        _members(sections, "Outputs"),
        tuple(each.text for each in words(sections.get("Transform"))),
        len(text),
        {(value.line, value.column): key for key, value in resources.entries},
        sections,
        () if in_json else tuple(comments(text, source)),
        in_json,
    )


def _members(sections: Mapping[str, YamlNode], name: str) -> dict[str, YamlNode]:
    section = sections.get(name)
    if not isinstance(section, YamlMapping):
        return {}
    return {key.text: value for key, value in section.entries}


def resource_of(
    template: StackTemplate, name: str, node: YamlNode, loops: Mapping[str, str], stack: str = ""
) -> TemplateResource:
    """Return one resource; SourceError where it is none."""
    type_ = member(node, "Type")
    key = template.keys.get((node.line, node.column))
    at = template.place(node if key is None else key)
    if not isinstance(node, YamlMapping) or not isinstance(type_, Scalar):
        place = f"{template.source}:{node.line}:{node.column}"
        raise SourceError(Reason(f"resource `{name}` has no `Type`", place))
    properties = member(node, "Properties")
    condition = member(node, CONDITION)
    return TemplateResource(
        stack + name,
        type_.text,
        at,
        properties if isinstance(properties, YamlMapping) else None,
        condition if isinstance(condition, Scalar) else None,
        tuple(each.text for each in words(member(node, "DependsOn"))),
        node,
        loops,
        stack,
    )
