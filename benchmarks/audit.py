"""An audit of 1,000 mappings beside a bare boto3 loop that makes the same calls.

    python benchmarks/audit.py [MAPPINGS]

Both run as whole processes against one moto server, with the same number of workers; what is told
is the ratio of their wall times, the calls of the audit by operation, and its peak memory in MB.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REGION, WORKERS = "eu-west-1", 16
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    ],
}


def client(service: str) -> Any:  # noqa: ANN401 - boto3 has no types
    """Return a client with as many connections as workers."""
    import boto3
    from botocore.config import Config

    make: Any = boto3.client
    return make(service, REGION, config=Config(max_pool_connections=WORKERS))


def fill(mappings: int) -> None:
    """Make mappings, as many queues, a fifth of roles and functions, a fiftieth of keys."""
    sqs, iam, lambda_, kms = (client(name) for name in ("sqs", "iam", "lambda", "kms"))
    fifth, fiftieth = max(mappings // 5, 1), max(mappings // 50, 1)
    keys = [kms.create_key()["KeyMetadata"]["Arn"] for _ in range(fiftieth)]
    document = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": ["sqs:*", "kms:Decrypt"], "Resource": "*"}],
        }
    )

    def role(n: int) -> str:
        made = iam.create_role(RoleName=f"r{n}", AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.put_role_policy(RoleName=f"r{n}", PolicyName="own", PolicyDocument=document)
        return str(made["Role"]["Arn"])

    def function(n: int) -> str:
        made = lambda_.create_function(
            FunctionName=f"f{n}",
            Role=f"arn:aws:iam::123456789012:role/r{n}",
            Runtime="python3.12",
            Handler="a.b",
            Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
        )
        return str(made["FunctionArn"])

    def mapping(n: int) -> None:
        attributes = {"KmsMasterKeyId": keys[n % fiftieth]} if n % 10 == 0 else {}
        sqs.create_queue(QueueName=f"q{n}", Attributes=attributes)
        lambda_.create_event_source_mapping(
            EventSourceArn=f"arn:aws:sqs:{REGION}:123456789012:q{n}",
            FunctionName=f"f{n % fifth}",
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(role, range(fifth)))
        list(pool.map(function, range(fifth)))
        list(pool.map(mapping, range(mappings)))


def bare() -> None:
    """Make the calls of an audit, and nothing else."""
    lambda_, sqs, iam, kms = (client(name) for name in ("lambda", "sqs", "iam", "kms"))
    client("sts").get_caller_identity()
    pages = lambda_.get_paginator("list_event_source_mappings").paginate()
    found = [each for page in pages for each in page["EventSourceMappings"]]
    queues = sorted({each["EventSourceArn"] for each in found})
    functions = sorted({each["FunctionArn"] for each in found})

    def queue(arn: str) -> str | None:
        url = f"{sqs.meta.endpoint_url}/{'/'.join(arn.split(':')[4:])}"
        given = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        key: str | None = given["Attributes"].get("KmsMasterKeyId")
        return key

    def function(arn: str) -> None:
        lambda_.get_function_configuration(FunctionName=arn)
        lambda_.get_function_concurrency(FunctionName=arn)

    def key(arn: str) -> None:
        kms.describe_key(KeyId=arn)
        kms.get_key_policy(KeyId=arn, PolicyName="default")
        list(kms.get_paginator("list_grants").paginate(KeyId=arn))

    with ThreadPoolExecutor(WORKERS) as pool:
        keys = sorted(filter(None, set(pool.map(queue, queues))))
        list(pool.map(function, functions))
        list(pool.map(key, keys))
    pages = iam.get_paginator("get_account_authorization_details")
    list(pages.paginate(Filter=["Role", "LocalManagedPolicy"]))


def timed(*words: str) -> tuple[float, float]:
    """Run a process; return its wall seconds, and the peak memory of all children so far in MB."""
    start = time.perf_counter()
    subprocess.run(words, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    return wall, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Fill a server, then run both three times in turn."""
    import logging

    from moto.server import ThreadedMotoServer

    if sys.argv[1:] == ["bare"]:
        bare()
        return
    mappings = int(sys.argv[1]) if sys.argv[1:] else 1000
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    fill(mappings)
    audit = (sys.executable, "-m", "checker", "audit", "--assume-no-scp", "--format", "json")
    walls: list[tuple[float, float]] = []
    for _ in range(3):
        loop, _ = timed(sys.executable, __file__, "bare")
        ours, peak = timed(*audit)
        walls.append((ours, loop))
        print(f"audit {ours:.2f} s, bare loop {loop:.2f} s, ratio {ours / loop:.2f}; {peak:.0f} MB")
    ratios = sorted(ours / loop for ours, loop in walls)
    print(f"median ratio {ratios[1]:.2f}")
    server.stop()


if __name__ == "__main__":
    main()
