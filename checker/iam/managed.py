"""AWS managed policies by ARN, from the snapshot in `policies/aws-managed.jsonl`.

One is found by searching the mapped file for its line, which costs a millisecond or two and no
index; tools/managed_policies.py rebuilds the file. See
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html.
"""

from __future__ import annotations

import difflib
import json
import mmap
import re
from functools import lru_cache

from checker.iam.document import Document, Unattachable, parse
from checker.knowledge.partial import Location, Unknown, Value
from checker.knowledge.sensitive import carried
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.shipped import folder

FILE = "aws-managed.jsonl"
PARTITIONS = ("aws", "aws-cn", "aws-us-gov")

_ANY_POLICY = Text.of("arn:*:iam::aws:policy/*")


def managed_policy(arn: Text, at: Location, *, suggest: bool = True) -> Value[Document]:
    """Return the document of an AWS managed policy; an unknown names the nearest if there is none.

    The partition of the ARN may be a hole: the policies of one name are alike in all partitions.
    Without `suggest` the nearest is not looked for, which takes longer than all else.
    """
    fields = arn.split(":", 5)
    rest = None if fields is None else fields[-1].literal
    if fields is None or rest is None:
        unknown = arn.unknown(at)
        return unknown if unknown is not None else _no_policy(arn, at)
    partition = fields[1].literal if len(fields) > 1 else ""
    if arn.like(_ANY_POLICY) is not Truth.YES:
        return _no_policy(arn, at)
    if partition is not None and partition not in PARTITIONS:
        known = _PARTITION.fullmatch(partition) is not None
        return _unrecorded(arn, partition, at) if known else _no_policy(arn, at)
    name = rest.removeprefix("policy/")
    if name.startswith("aws-service-role/"):
        why = f"`{arn}` is the policy of a service-linked role"
        remedy = "attach a policy of your own"
        return Unattachable(why, at, remedy, lacks=_NO_ROLE_TAKES_IT, answer=_OF_SERVICES)
    text = _document(name)
    if text is not None:
        return parse(Text.of(carried(name, text)), id=arn.id, at=at)
    elsewhere = other_path(name) or _RETIRED.get(name)
    if elsewhere is not None:
        why = f"`{arn}` does not exist: the AWS managed policy is `{carried(name, elsewhere)}`"
        remedy = f"write `policy/{carried(name, elsewhere)}`"
        return Unattachable(why, at, remedy, answer=f"Policy {arn} {_NOT_THERE}")
    near = carried(name, nearest(name)) if suggest else None
    remedy = (
        f"did you mean `{near}`?"
        if near
        else "run with `--live`: AWS might have published it since"
    )
    why = f"`{arn}` is not among the AWS managed policies of {snapshot_date()}"
    return Unknown(why, at, remedy)


_NOT_THERE = "does not exist or is not attachable."
_NO_ROLE_TAKES_IT = "no other role takes"
_OF_SERVICES = "Cannot attach a Service Role Policy to a Customer Role."
_RETIRED = {
    "AWSLambdaFullAccess": "AWSLambda_FullAccess",
    "AWSLambdaReadOnlyAccess": "AWSLambda_ReadOnlyAccess",
}
"""Managed policies that AWS has taken back, and what took their place: pulumi/pulumi issue 7419."""


@lru_cache(maxsize=256)
def other_path(name: str) -> str | None:
    """Return the managed policy that has a name under another path; None if none has it."""
    last = name.rsplit("/", 1)[-1]
    return next((each for each in _names() if each.rsplit("/", 1)[-1] == last), None)


def _no_policy(arn: Text, at: Location) -> Unknown:
    why = f"`{arn}` is not the ARN of an AWS managed policy"
    return Unknown(why, at, "write `arn:aws:iam::aws:policy/NAME`")


_PARTITION = re.compile(r"aws(-[a-z]+)+")


def _unrecorded(arn: Text, partition: str, at: Location) -> Unknown:
    why = f"which AWS managed policies partition `{partition}` has is not recorded, so `{arn}` is"
    return Unknown(f"{why} unknown", at, "run with `--live`, or attach a policy of your own")


def managed_text(arn: Text) -> str | None:
    """Return the JSON text of an AWS managed policy; None if it is none, or not in the snapshot."""
    fields = arn.split(":", 5)
    rest = None if fields is None else fields[-1].literal
    if rest is None or arn.like(_ANY_POLICY) is not Truth.YES:
        return None
    return carried(rest, _document(rest.removeprefix("policy/")))


def managed_arn(name: str, partition: Text) -> Text | None:
    """Return the ARN of the AWS managed policy of a name; None if none, or several, have it."""
    found = [each for each in _names() if each.rsplit("/", 1)[-1] == name]
    return Text.of("arn:", partition, ":iam::aws:policy/", found[0]) if len(found) == 1 else None


@lru_cache(maxsize=64)
def _document(name: str) -> str | None:
    """Return the JSON text of one policy, given its name with the path; None if there is none."""
    needle = b'\n{"name":' + json.dumps(name).encode() + b","
    with (
        (folder() / FILE).open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        start = content.find(needle)
        if start < 0:
            return None
        end = content.find(b"\n", start + 1)
        line = content[start + 1 : end if end >= 0 else len(content)]
    return json.dumps(json.loads(line)["document"])


@lru_cache(maxsize=1)
def snapshot_date() -> str:
    """Return the day on which the snapshot was made, as an ISO date."""
    with (folder() / FILE).open(encoding="utf-8") as file:
        return str(json.loads(file.readline())["made"])


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    content = (folder() / FILE).read_bytes()
    return tuple(n.decode() for n in re.findall(rb'^\{"name":"([^"]+)"', content, re.MULTILINE))


def nearest(name: str) -> str | None:
    """Return the managed policy whose name is nearest to one that does not exist.

    A right name under a wrong path, which is the common mistake, comes first.
    """
    other = other_path(name)
    if other is not None:
        return other
    found = difflib.get_close_matches(name[:_LONGEST_NAME], _names(), n=1, cutoff=0.75)
    return found[0] if found else None


_LONGEST_NAME = 200
