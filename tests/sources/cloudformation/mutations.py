"""Templates changed at random, by a seed: values deleted, doubled, swapped, retyped, hidden.

python -m sources.cloudformation.mutations 10000 7     any number, from another seed (in tests/)
"""

import copy
import json
from importlib.util import find_spec
from pathlib import Path
from random import Random

from sources.cloudformation.judged import found, report_of, verdicts

from checker.errors import SourceError
from checker.sources.cloudformation.language.template import parse
from checker.sources.cloudformation.sam.plain import plain

HERE = Path(__file__).parent
TEMPLATES = sorted((HERE / "templates").glob("*.yaml"))
if find_spec("samtranslator"):
    TEMPLATES += sorted((HERE / "sam").glob("*.yaml"))
STRANGE = [
    *(None, True, 0, -1, 10**30, 1.5, "", "x", "*", "${", "${x", "${}", "${!}", "${a.b.c}", "::"),
    *("arn:", "arn:aws:sqs:::", "{{resolve:ssm:a}}", "{{resolve:", "\u2603", "a" * 5000),
    *([], {}, [[]], {"Ref": "Orders"}, {"Ref": []}, {"Ref": "AWS::NoValue"}, {"Fn::Sub": {}}),
    *({"Fn::GetAtt": ["Orders"]}, {"Fn::GetAtt": "Worker.Arn"}, {"Fn::If": ["a", "b"]}),
    *({"Fn::Select": [-1, ["a"]]}, {"Fn::Split": ["", "a"]}, {"Fn::Join": [1, 2]}),
    *({"Fn::FindInMap": ["a", {"Ref": "b"}, "c"]}, {"Fn::ImportValue": {"Fn::Sub": "${Orders}"}}),
    *({"Fn::Transform": {"Name": "AWS::Include"}}, {"Fn::ForEach::A": ["a", ["b"], {"${a}": 1}]}),
    *({"Condition": "x"}, {"Fn::Length": {"Ref": "x"}}, {"Fn::ToJsonString": {"a": []}}),
]

CONSTRAINTS = {"AllowedValues", "AllowedPattern", "MinLength", "MaxLength", "MinValue", "MaxValue"}
LEFT_ALONE = {"Ref", "Fn::GetAtt", "Fn::If", "Fn::FindInMap"}
TAKEN = {"Layers", "ImageUri", "QueueName", "FunctionName", "RoleName", "ManagedPolicyName"}
"""What is taken to be in the function's Region, or to be a name of its own, where it is unknown."""


def tree(path):
    """Return a template as lists and dictionaries, its functions in their long form."""
    text = path.read_text(encoding="utf-8")
    return {name: plain(node) for name, node in parse(text, "t").sections.items()}


def places(value, path=()):
    """Yield the container and the key of everything in a tree."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key, (*path, key)
        if isinstance(value[key], (dict, list)):
            yield from places(value[key], (*path, key))


def mutated(random, template):
    """Return a copy of a template with a few nodes changed."""
    template = copy.deepcopy(template)
    for _ in range(random.randint(1, 4)):
        every = list(places(template))
        if every:
            _change(random, every)
    return template


def _change(random, every):
    container, key, _ = random.choice(every)
    other, other_key, _ = random.choice(every)
    match random.choice(["delete", "duplicate", "swap", "retype", "move", "rename"]):
        case "delete":
            del container[key]
        case "duplicate" if isinstance(container, list):
            container.insert(key, copy.deepcopy(container[key]))
        case "swap":
            one, two = copy.deepcopy(container[key]), copy.deepcopy(other[other_key])
            container[key], other[other_key] = two, one
        case "move":
            container[key] = copy.deepcopy(other[other_key])
        case "rename" if isinstance(container, dict):
            container[random.choice(["Fn::If", "Ref", "Properties", "Id", str(other_key)])] = (
                container.pop(key)
            )
        case _:
            container[key] = copy.deepcopy(random.choice(STRANGE))


def text_of(random):
    """Return the text of a mutated template: as JSON, or YAML with lines changed."""
    path = random.choice(TEMPLATES)
    if random.random() < 0.7:
        return json.dumps(mutated(random, tree(path)))
    lines = path.read_text(encoding="utf-8").splitlines()
    for _ in range(random.randint(1, 3)):
        at, other = random.randrange(len(lines)), random.randrange(len(lines))
        lines[at : at + random.choice([0, 1, 1, 2])] = random.choice(
            [[], [lines[other]], ["  - x"]]
        )
        lines = lines or [""]
    return "\n".join(lines)


def answer(text):
    """Return what is said of a template; None where it is refused as none."""
    try:
        report = report_of(text)
    except SourceError:
        return None
    return verdicts(report), set(found(report, "problem", "error", "warning"))


def hidden(random):
    """Return a template with a value that a parameter has, and the same without the value."""
    template = tree(random.choice(TEMPLATES))
    inside = ("Resources", None, "Properties")
    scalars = [
        (container, key)
        for container, key, path in places(template)
        if path[0] == inside[0]
        and path[2:3] == inside[2:]
        and isinstance(container[key], (str, int))
        and key not in {"Ref", "Fn::GetAtt", "Fn::Sub", "Version", "Condition"}
        and not set(map(str, path)) & {"Ref", "Fn::GetAtt", "Fn::If", "Fn::FindInMap", *TAKEN}
    ]
    for container, key in random.sample(scalars, min(len(scalars), random.randint(1, 3))):
        name = f"Hidden{len(template.get('Parameters', {}))}"
        value = container[key]
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        container[key] = {"Ref": name}
        template.setdefault("Parameters", {})[name] = {"Type": "String", "Default": shown}
    full = json.dumps(template)
    for name in list(template.get("Parameters", {})):
        body = template["Parameters"][name]
        # A value that is not allowed is refused, and one that is unknown may be.
        if name.startswith("Hidden") or (not CONSTRAINTS & set(body) and random.random() < 0.5):
            body.pop("Default", None)
    return full, json.dumps(template)


def broken_law(full, less):
    """Say what of an answer changes when more is known; None if nothing settled does."""
    more, before = answer(full), answer(less)
    if more is None or before is None:
        return None if more is before else f"{before} became {more}"
    for name, verdict in before[0].items():
        if verdict in {"ready", "blocked"} and more[0].get(name, verdict) != verdict:
            return f"{name}: {verdict} became {more[0].get(name)}"
    gone = before[1] - more[1]
    return f"{sorted(gone)} went away" if gone else None


def tried(seed, number):
    """Try one mutation and one hidden value; return what is wrong, or None."""
    random = Random(f"{seed}:{number}")  # noqa: S311 - the same again for a seed
    answer(text_of(random))
    return broken_law(*hidden(random))
