"""What an account once answered, in place of the account: no call leaves."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

from checker.sources.account.answers import Answers
from checker.sources.account.client import Access, NotReadError
from checker.sources.account.load import Audit, read
from checker.sources.account.reader import AccountReader

ACCOUNT = "123456789012"
ENDPOINT = "http://aws"


class Nobody:
    """Clients that answer nothing: what was not recorded cannot be read."""

    def __init__(self, region):
        self.access = Access(workers=1)
        self.calls = Counter()
        self.region = region

    def identity(self):
        return {"Arn": f"arn:aws:iam::{ACCOUNT}:user/test", "Account": ACCOUNT}

    def of(self, service, region=None):
        return SimpleNamespace(meta=SimpleNamespace(endpoint_url=ENDPOINT))

    def call(self, service, region, operation, **_):
        raise NotReadError(f"{service}:{operation}", "NotRecorded", "")

    def pages(self, service, region, operation, key, **_):
        raise NotReadError(f"{service}:{operation}", "NotRecorded", "")

    def details(self, region, kinds):
        raise NotReadError("iam:GetAccountAuthorizationDetails", "NotRecorded", "")


def audited(file, region, **words):
    """Return the inventory of an audit that was recorded in a file."""
    return read(
        AccountReader(Answers(Nobody(region), file)), Audit(assume_no_scp=True, **words), (region,)
    )
