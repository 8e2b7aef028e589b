"""The key policies that KMS writes itself."""

from __future__ import annotations

from checker.iam.document import Document
from checker.iam.statement import Effect, Principal, PrincipalKind, Statement
from checker.knowledge.partial import Location
from checker.knowledge.text import Text


def default_key_policy(account: Text, partition: Text, at: Location) -> Document:
    """Return the policy of a key that was created without one: it delegates to the account.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    root = Text.of("arn:", partition, ":iam::", account, ":root")
    statement = Statement(
        effect=Effect.ALLOW,
        at=at,
        actions=(Text.of("kms:*"),),
        resources=(Text.of("*"),),
        principals=(Principal(PrincipalKind.AWS, root),),
        sid=Text.of("Enable IAM User Permissions"),
        document="the default key policy",
        version="2012-10-17",
    )
    return Document("the default key policy", at, (statement,), "2012-10-17")
