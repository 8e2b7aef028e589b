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

from checker.iam.document import Document, parse
from checker.partial import Known, Location, Text, Unknown, Value
from checker.shipped import folder

FILE = "aws-managed.jsonl"


def managed_policy(arn: Text, at: Location) -> Value[Document]:
    """Return the document of an AWS managed policy; an unknown names the nearest if there is none.

    The partition of the ARN may be a hole: the policies of one name are alike in all partitions.
    """
    fields = arn.split(":", 5)
    name = fields[5].literal if fields is not None and len(fields) == 6 else None  # noqa: PLR2004 - an ARN
    if name is None or not name.startswith("policy/"):
        unknown = arn.unknown(at)
        return unknown or Unknown(f"`{arn}` is no policy", at, "name a policy by its ARN")
    short = name.removeprefix("policy/")
    text = _document(short)
    if text is None:
        near = nearest(short)
        remedy = f"did you mean `{near}`?" if near else "read it from the account with --live"
        why = f"`{arn}` is not among the AWS managed policies of {snapshot_date()}"
        return Unknown(why, at, remedy)
    return parse(Text.of(text), id=str(arn), at=at)


@lru_cache(maxsize=64)
def _document(name: str) -> str | None:
    needle = b'\n{"name":' + json.dumps(name).encode() + b","
    with (folder() / FILE).open("rb") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
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
        made: str = json.loads(file.readline())["made"]
    return made


def nearest(name: str) -> str | None:
    """Return the managed policy whose name is nearest to one that does not exist.

    A right name under a wrong path, which is the common mistake, comes first.
    """
    with (folder() / FILE).open("rb") as file:
        names = [n.decode() for n in re.findall(rb'^\{"name":"([^"]+)"', file.read(), re.MULTILINE)]
    last = name.rsplit("/", 1)[-1]
    for other in names:
        if other.rsplit("/", 1)[-1] == last:
            return other
    found = difflib.get_close_matches(name, names, n=1, cutoff=0.75)
    return found[0] if found else None
