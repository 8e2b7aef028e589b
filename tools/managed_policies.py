"""Rebuild policies/aws-managed.jsonl: every AWS managed policy, a line each, sorted by name.

Two sources: the snapshot that the moto package carries (default), or an account
(`--account`, which needs iam:ListPolicies and iam:GetPolicyVersion). The first line says which
and when.

    python tools/managed_policies.py [--account]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "policies" / "aws-managed.jsonl"
PREFIX = ":iam::aws:policy/"


def from_moto() -> Iterator[tuple[str, str, Any]]:
    """Yield name with path, version and document of each policy that moto carries."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    for name, policy in json.loads(aws_managed_policies_data).items():
        path = policy["Path"].removeprefix("/")
        yield path + name, policy["DefaultVersionId"], policy["Document"]


def from_account() -> Iterator[tuple[str, str, Any]]:
    """Yield name with path, version and document of each policy that an account shows."""
    import boto3

    iam = boto3.client("iam")
    for page in iam.get_paginator("list_policies").paginate(Scope="AWS"):
        for policy in page["Policies"]:
            version = policy["DefaultVersionId"]
            found = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=version)
            name = policy["Arn"].split(PREFIX, 1)[1]
            yield name, version, found["PolicyVersion"]["Document"]


def main() -> None:
    """Write the snapshot."""
    account = "--account" in sys.argv
    if account:
        source = "iam:ListPolicies"
    else:
        import moto

        source = f"moto {moto.__version__}"
    head = {"source": source, "made": datetime.now(tz=UTC).date().isoformat()}
    lines = [json.dumps(head)]
    for name, version, document in sorted(from_account() if account else from_moto()):
        entry = {"name": name, "version": version, "document": document}
        lines.append(json.dumps(entry, separators=(",", ":"), ensure_ascii=True))
    TARGET.write_text("\n".join(lines) + "\n")
    print(f"{TARGET.name}: {len(lines) - 1} policies from {source}")


if __name__ == "__main__":
    main()
