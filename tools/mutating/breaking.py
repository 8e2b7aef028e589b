"""Commits that may break a mapping; whether they do is known from two whole runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeAlias

from mutating.blocks import Block, blocks, replaced, with_argument, without_references
from mutating.change import Change, Configuration, Files
from mutating.places import Place, in_turn
from mutating.sites import Site, put, sites

MOST_SITES = 8
"""How many values of one configuration pass through a place."""
Breaker: TypeAlias = Callable[[Files], Iterator[Files]]

_ROLE = re.compile(r"^(  role\s*=).*$", re.MULTILINE)
_GRANTS = ("aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_iam_policy_attachment")
_OTHER_ROLE = """resource "aws_iam_role" "stranger" {
  name               = "stranger"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}
"""
_CAP = """resource "aws_iam_policy" "cap" {
  name   = "cap"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
  })
}
"""
_KEY = """resource "aws_kms_key" "locked" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "kms:*"
      Resource  = "*"
      Principal = { AWS = "arn:aws:iam::111122223333:role/admin" }
    }]
  })
}
"""


def of_values(configuration: Configuration, turn: int) -> Iterator[Change]:
    """Yield commits that break a value in the place that it passes through, and in its argument."""
    places = in_turn(turn)
    for site in islice(sites(configuration), MOST_SITES):
        files = dict(configuration.files)
        broken = {**files, site.file: put(site, files[site.file], site.broken)}
        yield Change(
            configuration, f"{site.name}-itself-{site.start}", files, broken, breaking=True
        )
        for name, place in islice(places, 2):
            yield _through(configuration, f"{site.name}-{name}-{site.start}", site, place)


def _through(configuration: Configuration, name: str, site: Site, place: Place) -> Change:
    files = dict(configuration.files)
    expression, good = place(site.folder, site.value)
    _, bad = place(site.folder, site.broken)
    text = put(site, files[site.file], expression)
    before = {**files, **good, site.file: text}
    return Change(configuration, name, before, {**before, **bad}, breaking=True)


def of_blocks(configuration: Configuration) -> Iterator[Change]:
    """Yield commits that change, add or delete blocks."""
    files = dict(configuration.files)
    for breaker in BREAKERS:
        for n, after in enumerate(islice(breaker(files), 2)):
            yield Change(configuration, f"{breaker.__name__}-{n}", files, after, breaking=True)


def deleted_grant(files: Files) -> Iterator[Files]:
    """A policy or an attachment is deleted."""
    for block in blocks(files, *_GRANTS):
        yield without_references(replaced(files, block, ""), block.address)


def grant_of_another_role(files: Files) -> Iterator[Files]:
    """A policy is attached to another role."""
    for block in blocks(files, *_GRANTS[:2]):
        text = _ROLE.sub(r"\1 aws_iam_role.stranger.name", block.text)
        yield replaced(files, block, text) | {f"{block.folder}stranger.tf": _OTHER_ROLE}


def another_role(files: Files) -> Iterator[Files]:
    """A function runs as another role."""
    for block in blocks(files, "aws_lambda_function"):
        text = _ROLE.sub(r"\1 aws_iam_role.stranger.arn", block.text)
        yield replaced(files, block, text) | {f"{block.folder}stranger.tf": _OTHER_ROLE}


def boundary_elsewhere(files: Files) -> Iterator[Files]:
    """A role gets a boundary that another file declares."""
    for block in blocks(files, "aws_iam_role"):
        if "permissions_boundary" not in block.text:
            text = with_argument(block, "permissions_boundary = aws_iam_policy.cap.arn")
            yield replaced(files, block, text) | {f"{block.folder}cap.tf": _CAP}


def denied_elsewhere(files: Files) -> Iterator[Files]:
    """Another file denies a role everything."""
    for block in blocks(files, "aws_iam_role"):
        if "for_each" in block.text or "count" in block.text:
            continue
        deny = f"""resource "aws_iam_role_policy" "deny_{block.name}" {{
  name   = "deny"
  role   = {block.address}.name
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Deny", Action = "sqs:*", Resource = "*" }}]
  }})
}}
"""
        yield files | {f"{block.folder}deny.tf": deny}


def queue_policy_elsewhere(files: Files) -> Iterator[Files]:
    """Another file denies everyone to receive from a queue."""
    for block in _queues(files):
        deny = f"""resource "aws_sqs_queue_policy" "closed_{block.name}" {{
  queue_url = {block.address}.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Deny"
      Action    = "sqs:ReceiveMessage"
      Principal = "*"
      Resource  = {block.address}.arn
    }}]
  }})
}}
"""
        yield files | {f"{block.folder}closed.tf": deny}


def key_elsewhere(files: Files) -> Iterator[Files]:
    """A queue is encrypted with a key that another file keeps for somebody else."""
    for block in _queues(files):
        if "kms" not in block.text and "sse" not in block.text:
            text = with_argument(block, "kms_master_key_id = aws_kms_key.locked.arn")
            yield replaced(files, block, text) | {f"{block.folder}locked.tf": _KEY}


def override(files: Files) -> Iterator[Files]:
    """An override file sets another visibility timeout."""
    for block in _queues(files):
        text = f'resource "aws_sqs_queue" "{block.name}" {{\n  visibility_timeout_seconds = 1\n}}\n'
        yield files | {f"{block.folder}late_override.tf": text}


def renamed_role(files: Files) -> Iterator[Files]:
    """A role, or a queue, gets another name, which an ARN written by hand does not follow."""
    for block in blocks(files, "aws_iam_role", "aws_sqs_queue"):
        text = re.sub(r'^(  name\s*= ")', r"\1renamed-", block.text, flags=re.MULTILINE)
        yield replaced(files, block, text)


def switched_off(files: Files) -> Iterator[Files]:
    """A mapping is disabled."""
    for block in blocks(files, "aws_lambda_event_source_mapping"):
        if "enabled" not in block.text:
            yield replaced(files, block, with_argument(block, "enabled = false"))


def never_run(files: Files) -> Iterator[Files]:
    """A function may not run."""
    for block in blocks(files, "aws_lambda_function"):
        if "reserved_concurrent" not in block.text:
            text = with_argument(block, "reserved_concurrent_executions = 0")
            yield replaced(files, block, text)


def entry_of_a_map(files: Files) -> Iterator[Files]:
    """An entry of the map behind `for_each` gets another timeout."""
    for file, text in sorted(files.items()):
        for found in re.finditer(r"= \{[^}\n]*\b(timeout|visibility)\s*=\s*(\d+)", text):
            value = "901" if found[1] == "timeout" else "1"
            yield {**files, file: f"{text[: found.start(2)]}{value}{text[found.end(2) :]}"}


def _queues(files: Files) -> Iterator[Block]:
    found = blocks(files, "aws_sqs_queue")
    return (each for each in found if "for_each" not in each.text and "count" not in each.text)


BREAKERS: tuple[Breaker, ...] = (
    *(deleted_grant, grant_of_another_role, another_role, boundary_elsewhere, denied_elsewhere),
    *(queue_policy_elsewhere, key_elsewhere, override, renamed_role, switched_off, never_run),
    entry_of_a_map,
)
