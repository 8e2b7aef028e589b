"""Conditions of policies that the configuration itself decides: tags, dates, ids, KMS contexts.

Each table holds sound and broken neighbours. SQS supports tags of queues in identity policies
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-abac-condition-keys.html),
Lambda tags of event source mappings, KMS tags and aliases of keys.
"""

import pytest
from deployments import READ, TRUST, allowing_and, judged, said, statement, verdict, written

READY, BLOCKED, UNDECIDED = "ready", "blocked", "undecided"
TAGGED = 'tags = { team = "orders", env = "prod" }'
OTHER = 'tags = { team = "billing" }'


def test(operator, key, value):
    """Return a condition as Terraform text."""
    return f'{{ "{operator}" = {{ "{key}" = {value} }} }}'


test.__test__ = False


def equals(key, value):
    return test("StringEquals", key, f'"{value}"')


TEAM = equals("aws:ResourceTag/team", "orders")
SAME_TEAM = equals("aws:ResourceTag/team", "$${aws:PrincipalTag/team}")
VARIABLE = 'variable "team" {}'


def lifecycle(*names):
    return f"\n  lifecycle {{\n    ignore_changes = [{', '.join(names)}]\n  }}"


def block(name, body):
    return f"{name} {{\n    {body}\n  }}"


def deny(condition):
    return f'{{ Effect = "Deny", Action = "sqs:*", Resource = "*", Condition = {condition} }}'


def queue_policy(*statements):
    return (
        'resource "aws_sqs_queue_policy" "orders" {\n  queue_url = aws_sqs_queue.orders.id\n'
        '  policy    = jsonencode({ Version = "2012-10-17", Statement = ['
        f"{', '.join(statements)}] }})\n}}"
    )


def open_deny(condition):
    return (
        '{ Effect = "Deny", Principal = "*", Action = "sqs:*", Resource = "*",'
        f" Condition = {condition} }}"
    )


DOCUMENT = f"""data "aws_iam_policy_document" "read" {{
  statement {{
    actions   = {READ}
    resources = ["arn:aws:sqs:eu-west-1:111122223333:&{{aws:PrincipalTag/team}}"]
  }}
}}"""
BY_DOCUMENT = {"policy": "data.aws_iam_policy_document.read.json", "more": DOCUMENT}
TAGS = {
    "the queue's own tag": (READY, {"policy": statement(TEAM), "queue": TAGGED}),
    "another value": (BLOCKED, {"policy": statement(TEAM), "queue": OTHER}),
    "no such tag": (BLOCKED, {"policy": statement(TEAM), "queue": 'tags = { tea = "orders" }'}),
    "no tags": (BLOCKED, {"policy": statement(TEAM)}),
    "a value in other letters": (
        BLOCKED,
        {"policy": statement(TEAM), "queue": 'tags = { team = "Orders" }'},
    ),
    "a key in other letters": (
        READY,
        {"policy": statement(TEAM), "queue": 'tags = { TEAM = "orders" }'},
    ),
    "two keys that differ in letters": (
        UNDECIDED,
        {"policy": statement(TEAM), "queue": 'tags = { TEAM = "orders", team = "billing" }'},
    ),
    "a number": (
        READY,
        {
            "policy": statement(equals("aws:ResourceTag/level", "2")),
            "queue": "tags = { level = 2 }",
        },
    ),
    "a default tag": (
        READY,
        {"policy": statement(TEAM), "provider": block("default_tags", TAGGED)},
    ),
    "a default tag that the queue overrides": (
        BLOCKED,
        {"policy": statement(TEAM), "provider": block("default_tags", TAGGED), "queue": OTHER},
    ),
    "an override of a default tag": (
        READY,
        {"policy": statement(TEAM), "provider": block("default_tags", OTHER), "queue": TAGGED},
    ),
    "tags from a merge with an unknown one": (
        READY,
        {
            "policy": statement(TEAM),
            "queue": 'tags = merge({ team = "orders" }, { other = var.team })',
            "more": VARIABLE,
        },
    ),
    "an unknown value": (
        UNDECIDED,
        {"policy": statement(TEAM), "queue": "tags = { team = var.team }", "more": VARIABLE},
    ),
    "an unknown map": (
        UNDECIDED,
        {"policy": statement(TEAM), "queue": "tags = var.team", "more": VARIABLE},
    ),
    "an unknown map of default tags": (
        UNDECIDED,
        {
            "policy": statement(TEAM),
            "provider": block("default_tags", "tags = var.team"),
            "more": VARIABLE,
        },
    ),
    "a tag that the provider ignores": (
        UNDECIDED,
        {
            "policy": statement(TEAM),
            "queue": TAGGED,
            "provider": block("ignore_tags", 'keys = ["team"]'),
        },
    ),
    "a prefix that the provider ignores": (
        UNDECIDED,
        {
            "policy": statement(TEAM),
            "queue": TAGGED,
            "provider": block("ignore_tags", 'key_prefixes = ["te"]'),
        },
    ),
    "another tag that the provider ignores": (
        READY,
        {
            "policy": statement(TEAM),
            "queue": TAGGED,
            "provider": block("ignore_tags", 'keys = ["kubernetes"]'),
        },
    ),
    "tags whose changes are ignored": (
        UNDECIDED,
        {"policy": statement(TEAM), "queue": TAGGED + lifecycle("tags")},
    ),
    "all changes are ignored": (
        UNDECIDED,
        {"policy": statement(TEAM), "queue": TAGGED + lifecycle().replace("[]", "all")},
    ),
    "one tag whose changes are ignored": (
        UNDECIDED,
        {"policy": statement(TEAM), "queue": TAGGED + lifecycle('tags["team"]')},
    ),
    "another tag whose changes are ignored": (
        READY,
        {"policy": statement(TEAM), "queue": TAGGED + lifecycle('tags["env"]', "name")},
    ),
    "the role's tag in a variable": (
        READY,
        {"policy": statement(SAME_TEAM), "queue": TAGGED, "role": TAGGED},
    ),
    "another tag of the role": (
        BLOCKED,
        {"policy": statement(SAME_TEAM), "queue": TAGGED, "role": OTHER},
    ),
    "a variable of a tag that is missing": (BLOCKED, {"policy": statement(SAME_TEAM)}),
    "a variable with a default": (
        READY,
        {
            "policy": statement(
                equals("aws:ResourceTag/team", "$${aws:PrincipalTag/team, 'orders'}")
            ),
            "queue": TAGGED,
        },
    ),
    "the escape of a policy document": (READY, BY_DOCUMENT | {"role": TAGGED}),
    "the escape and another tag": (BLOCKED, BY_DOCUMENT | {"role": OTHER}),
    "a deny to roles of other teams": (
        READY,
        {
            "policy": allowing_and(
                deny(test("StringNotEquals", "aws:PrincipalTag/team", '"orders"'))
            ),
            "role": TAGGED,
        },
    ),
    "a deny to roles without a team": (
        BLOCKED,
        {
            "policy": allowing_and(
                deny(test("StringNotEquals", "aws:PrincipalTag/team", '"orders"'))
            )
        },
    ),
    "a deny where the queue has no team": (
        BLOCKED,
        {"policy": allowing_and(deny(test("Null", "aws:ResourceTag/team", '"true"')))},
    ),
    "a deny where the queue has a team": (
        READY,
        {
            "policy": allowing_and(deny(test("Null", "aws:ResourceTag/team", '"true"'))),
            "queue": TAGGED,
        },
    ),
    "a deny by tags that no poller sends": (
        READY,
        {
            "policy": allowing_and(
                deny(test("ForAnyValue:StringEquals", "aws:TagKeys", '["team"]'))
            )
        },
    ),
    "the role's tag in the queue's policy": (
        READY,
        {
            "more": queue_policy(
                open_deny(test("StringNotEquals", "aws:PrincipalTag/team", '"orders"'))
            ),
            "role": TAGGED,
        },
    ),
    "the queue's tag in its own policy is not documented": (
        UNDECIDED,
        {"more": queue_policy(open_deny(TEAM)), "queue": TAGGED},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("wanted", "parts"), TAGS.values(), ids=TAGS.keys())
def test_tags_of_role_and_queue_decide(tmp_path, wanted, parts):
    report = judged(written(tmp_path, **parts))
    assert verdict(report) == wanted
    assert said(report) == (["role-cannot-read-queue"] if wanted == BLOCKED else [])


def when(operator, key, value):
    return {"policy": statement(test(operator, key, f'"{value}"'))}


PAST, FUTURE = "2026-11-22T00:00:00Z", "2026-11-24T00:00:00Z"
DATES = {
    "after a day that has passed": (READY, when("DateGreaterThan", "aws:CurrentTime", PAST)),
    "before a day that has passed": (BLOCKED, when("DateLessThan", "aws:CurrentTime", PAST)),
    "at a time that has passed": (BLOCKED, when("DateEquals", "aws:CurrentTime", PAST)),
    "before a day that comes": (UNDECIDED, when("DateLessThan", "aws:CurrentTime", FUTURE)),
    "after a day that comes": (UNDECIDED, when("DateGreaterThan", "aws:CurrentTime", FUTURE)),
    "from this day on": (
        READY,
        when("DateGreaterThanEquals", "aws:CurrentTime", "2026-11-23T00:00:00Z"),
    ),
    "before this day": (BLOCKED, when("DateLessThan", "aws:CurrentTime", "2026-11-23")),
    "before noon of this day": (
        UNDECIDED,
        when("DateLessThan", "aws:CurrentTime", "2026-11-23T12:00:00Z"),
    ),
    "after UNIX seconds that have passed": (
        READY,
        when("NumericGreaterThan", "aws:EpochTime", "1500000000"),
    ),
    "no date at all": (UNDECIDED, when("DateGreaterThan", "aws:CurrentTime", "yesterday")),
    "sessions of an earlier day are revoked": (
        READY,
        {"policy": allowing_and(deny(test("DateLessThan", "aws:TokenIssueTime", f'"{PAST}"')))},
    ),
    "sessions until a later day are revoked": (
        UNDECIDED,
        {"policy": allowing_and(deny(test("DateLessThan", "aws:TokenIssueTime", f'"{FUTURE}"')))},
    ),
}


@pytest.mark.parametrize(("wanted", "parts"), DATES.values(), ids=DATES.keys())
def test_dates_that_have_passed_are_known(tmp_path, wanted, parts):
    report = judged(written(tmp_path, **parts))
    assert verdict(report) == wanted


def test_a_date_that_comes_is_named(tmp_path):
    report = judged(written(tmp_path, **when("DateLessThan", "aws:CurrentTime", FUTURE)))
    (finding,) = [each for each in report.findings if each.rule == "role-cannot-read-queue"]
    assert FUTURE in finding.message
    assert "has not passed" in finding.message


ROLE_ID = '["${aws_iam_role.worker.unique_id}:*"]'
ROOT = '"arn:aws:iam::111122223333:root"'
ROLE = "aws_iam_role.worker.arn"
BOUNDED = 'permissions_boundary = "arn:aws:iam::aws:policy/AdministratorAccess"'


def except_for(*principals, **more):
    listed = ", ".join(principals)
    statement = (
        f'{{ Effect = "Deny", NotPrincipal = {{ AWS = [{listed}] }}, Action = "sqs:*",'
        ' Resource = "*" }'
    )
    return {"more": queue_policy(statement), **more}


WHO = {
    "a deny to all but sessions of the role": (
        READY,
        {"policy": allowing_and(deny(test("StringNotLike", "aws:userid", ROLE_ID)))},
    ),
    "a deny to sessions of the role": (
        BLOCKED,
        {"policy": allowing_and(deny(test("StringLike", "aws:userId", ROLE_ID)))},
    ),
    "a deny to all but another id": (
        UNDECIDED,
        {
            "policy": allowing_and(
                deny(test("StringNotLike", "aws:userid", '"AROAEXAMPLEEXAMPLEXX:*"'))
            )
        },
    ),
    "NotPrincipal with role and account": (READY, except_for(ROOT, ROLE)),
    "NotPrincipal with role and account id": (READY, except_for('"111122223333"', ROLE)),
    "NotPrincipal with the role alone": (UNDECIDED, except_for(ROLE)),
    "NotPrincipal with the account alone": (UNDECIDED, except_for(ROOT)),
    "NotPrincipal with others": (BLOCKED, except_for('"arn:aws:iam::444455556666:root"')),
    "NotPrincipal always denies a role with a boundary": (
        BLOCKED,
        except_for(ROOT, ROLE, role=BOUNDED),
    ),
}


@pytest.mark.parametrize(("wanted", "parts"), WHO.values(), ids=WHO.keys())
def test_ids_and_lists_of_who_is_spared(tmp_path, wanted, parts):
    report = judged(written(tmp_path, **parts))
    assert verdict(report) == wanted


def trusted(condition):
    return {"trust": TRUST.replace("} \n", "").replace(
        '"lambda.amazonaws.com" }', f'"lambda.amazonaws.com" }}, Condition = {condition}'
    )}  # fmt: skip


TRUSTS = {
    "the function's account": (READY, equals("aws:SourceAccount", "111122223333")),
    "another account": (BLOCKED, equals("aws:SourceAccount", "444455556666")),
    "one of two accounts": (
        READY,
        test("StringEquals", "aws:SourceAccount", '["444455556666", "111122223333"]'),
    ),
    "all but the function's account": (
        BLOCKED,
        test("StringNotEquals", "aws:SourceAccount", '"111122223333"'),
    ),
    "the account in a pattern": (READY, test("StringLike", "aws:SourceAccount", '"1111*"')),
    "the ARN of the queue, which is no function's": (
        BLOCKED,
        test("ArnEquals", "aws:SourceArn", "aws_sqs_queue.orders.arn"),
    ),
    "a function of another account": (
        BLOCKED,
        test("ArnLike", "aws:SourceArn", '"arn:aws:lambda:*:444455556666:function:*"'),
    ),
    "the function's ARN is not documented, and many rely on it": (
        "at-risk",
        test("ArnLike", "aws:SourceArn", '"arn:aws:lambda:eu-west-1:111122223333:function:worker"'),
    ),
    "the functions of the account": (
        "at-risk",
        test("ArnLike", "aws:SourceArn", '"arn:aws:lambda:*:111122223333:function:*"'),
    ),
    "another function's ARN": (
        UNDECIDED,
        test("ArnLike", "aws:SourceArn", '"arn:aws:lambda:eu-west-1:111122223333:function:other"'),
    ),
    "a principal's tag, which no service has": (BLOCKED, equals("aws:PrincipalTag/team", "orders")),
}


@pytest.mark.parametrize(("wanted", "condition"), TRUSTS.values(), ids=TRUSTS.keys())
def test_the_source_account_of_a_trust_policy(tmp_path, wanted, condition):
    report = judged(written(tmp_path, **trusted(condition)))
    assert verdict(report) == wanted
    assert said(report) == (["role-not-assumable-by-lambda"] if wanted == BLOCKED else [])


# -- keys -----------------------------------------------------------------------------------

CLOSED = """policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "kms:PutKeyPolicy", Resource = "*"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
    }]
  })"""
ALIAS = """resource "aws_kms_alias" "orders" {
  name          = "alias/orders"
  target_key_id = aws_kms_key.orders.key_id
}"""


def key(body=""):
    return f'resource "aws_kms_key" "orders" {{\n  {body}\n}}\n'


def decrypting(condition, resource='"*"'):
    said = f", Condition = {condition}" if condition else ""
    return allowing_and(
        f'{{ Effect = "Allow", Action = "kms:Decrypt", Resource = {resource}{said} }}'
    )


def grant(constraints="", operations='["Decrypt"]', grantee=ROLE):
    return (
        'resource "aws_kms_grant" "worker" {\n  key_id = aws_kms_key.orders.key_id\n'
        f"  grantee_principal = {grantee}\n  operations = {operations}\n  {constraints}\n}}\n"
    )


def context(kind, pairs):
    return block("constraints", f"encryption_context_{kind} = {{ {pairs} }}")


OURS = '"aws:sqs:arn" = aws_sqs_queue.orders.arn'
THEIRS = '"aws:sqs:arn" = aws_sqs_queue.dead.arn'
ANY_ALIAS = test("ForAnyValue:StringEquals", "kms:ResourceAliases", '["alias/orders"]')
KEYS = {
    "an alias of the key": (READY, {"policy": decrypting(ANY_ALIAS), "more": key() + ALIAS}),
    "a pattern of an alias": (
        READY,
        {
            "policy": decrypting(
                test("ForAnyValue:StringLike", "kms:ResourceAliases", '["alias/ord*"]')
            ),
            "more": key() + ALIAS,
        },
    ),
    "another alias": (
        BLOCKED,
        {
            "policy": decrypting(ANY_ALIAS),
            "more": key() + ALIAS.replace('alias/orders"', 'alias/x"'),
        },
    ),
    "no alias": (BLOCKED, {"policy": decrypting(ANY_ALIAS), "more": key()}),
    "an alias that may not be made": (
        UNDECIDED,
        {
            "policy": decrypting(ANY_ALIAS),
            "more": key()
            + ALIAS.replace("{", "{\n  count = var.n", 1)
            + '\nvariable "n" {\n  type = number\n}',
        },
    ),
    "aliases without a set operator are not documented": (
        UNDECIDED,
        {
            "policy": decrypting(equals("kms:ResourceAliases", "alias/orders")),
            "more": key() + ALIAS,
        },
    ),
    "a tag of the key": (READY, {"policy": decrypting(TEAM), "more": key(TAGGED)}),
    "another tag of the key": (BLOCKED, {"policy": decrypting(TEAM), "more": key(OTHER)}),
    "a tag of the queue only": (
        BLOCKED,
        {"policy": decrypting(TEAM), "more": key(), "tags": TAGGED},
    ),
    "a grant": (READY, {"more": key(CLOSED) + grant()}),
    "a grant of another operation": (
        BLOCKED,
        {"more": key(CLOSED) + grant(operations='["Encrypt"]')},
    ),
    "a grant to another role": (
        BLOCKED,
        {"more": key(CLOSED) + grant(grantee='"arn:aws:iam::111122223333:role/other"')},
    ),
    "a grant with the queue in its context": (
        READY,
        {"more": key(CLOSED) + grant(context("subset", OURS))},
    ),
    "a grant with exactly the queue's context": (
        READY,
        {"more": key(CLOSED) + grant(context("equals", OURS))},
    ),
    "a grant with the key in other letters": (
        READY,
        {"more": key(CLOSED) + grant(context("equals", OURS.replace("aws:sqs", "AWS:SQS")))},
    ),
    "a grant for another queue": (
        BLOCKED,
        {"more": key(CLOSED) + grant(context("subset", THEIRS))},
    ),
    "a grant with more in its context": (
        BLOCKED,
        {"more": key(CLOSED) + grant(context("equals", f'{OURS}, shop = "1"'))},
    ),
    "a grant with another context besides": (
        BLOCKED,
        {"more": key(CLOSED) + grant(context("subset", f'{OURS}, shop = "1"'))},
    ),
    "a grant with an unknown context": (
        UNDECIDED,
        {
            "more": key(CLOSED)
            + grant(context("subset", '"aws:sqs:arn" = var.team'))
            + VARIABLE
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize(("wanted", "parts"), KEYS.values(), ids=KEYS.keys())
def test_aliases_tags_and_grants_of_keys(tmp_path, wanted, parts):
    tags = parts.get("tags", "")
    given = {name: value for name, value in parts.items() if name != "tags"}
    queue = f"kms_master_key_id = aws_kms_key.orders.arn\n  {tags}"
    report = judged(written(tmp_path, queue=queue, **given))
    assert verdict(report) == wanted
    assert said(report) == (["role-cannot-decrypt"] if wanted == BLOCKED else [])


def test_a_grant_for_another_queue_is_named(tmp_path):
    more = key(CLOSED) + grant(context("subset", THEIRS))
    queue = "kms_master_key_id = aws_kms_key.orders.arn"
    report = judged(written(tmp_path, queue=queue, more=more))
    (finding,) = [each for each in report.findings if each.rule == "role-cannot-decrypt"]
    assert any("encryption context" in each.text for each in finding.because)


REPLICA = """
provider "aws" {
  alias               = "main"
  region              = "us-east-1"
  allowed_account_ids = ["111122223333"]
}

resource "aws_kms_key" "main" {
  provider     = aws.main
  multi_region = true
}

resource "aws_kms_replica_key" "orders" {
  primary_key_arn = aws_kms_key.main.arn
  %s
}
"""
ALIASES = """
resource "aws_kms_alias" "here" {
  name          = "alias/orders"
  target_key_id = aws_kms_replica_key.orders.key_id
}

resource "aws_kms_alias" "there" {
  provider      = aws.main
  name          = "alias/orders-of-the-primary"
  target_key_id = aws_kms_key.main.key_id
}
"""
BY_ALIAS = test("ForAnyValue:StringEquals", "kms:ResourceAliases", '["%s"]')
REPLICAS = {
    "the replica's ARN": (READY, "", "aws_kms_replica_key.orders.arn", "", ""),
    "the primary key's ARN": (BLOCKED, "", "aws_kms_key.main.arn", "", ""),
    "the key's id in every Region": (
        READY,
        "",
        '"arn:aws:kms:*:111122223333:key/${aws_kms_key.main.key_id}"',
        "",
        "",
    ),
    "the key's id in the queue's Region": (
        READY,
        "",
        '"arn:aws:kms:eu-west-1:111122223333:key/${aws_kms_key.main.key_id}"',
        "",
        "",
    ),
    "a policy of its own": (BLOCKED, CLOSED, "aws_kms_replica_key.orders.arn", "", ""),
    "an alias of the replica": (READY, "", '"*"', BY_ALIAS % "alias/orders", ALIASES),
    "an alias of the primary key": (
        BLOCKED,
        "",
        '"*"',
        BY_ALIAS % "alias/orders-of-the-primary",
        ALIASES,
    ),
}


@pytest.mark.parametrize(
    ("wanted", "body", "resource", "condition", "more"), REPLICAS.values(), ids=REPLICAS.keys()
)
def test_replica_keys(tmp_path, wanted, body, resource, condition, more):
    folder = written(
        tmp_path,
        queue="kms_master_key_id = aws_kms_replica_key.orders.arn",
        policy=decrypting(condition, resource),
        more=REPLICA % body + more,
    )
    assert verdict(judged(folder)) == wanted


def test_a_queue_finds_the_replica_by_the_id_of_its_primary_key(tmp_path):
    folder = written(
        tmp_path,
        queue="kms_master_key_id = aws_kms_key.main.key_id",
        policy=decrypting("", "aws_kms_replica_key.orders.arn"),
        more=REPLICA % "",
    )
    report = judged(folder)
    assert verdict(report) == READY
    assert report.mappings[0].key.id == "aws_kms_replica_key.orders"


# -- the deployer ---------------------------------------------------------------------------

ALL = (
    '["lambda:CreateEventSourceMapping", "lambda:GetEventSourceMapping", "lambda:ListTags",'
    ' "lambda:TagResource", "lambda:ListEventSourceMappings", "lambda:ListFunctions"]'
)


def deployer(condition, body="", trust=TRUST):
    policy = statement(condition, '"*"', action=ALL)
    return (
        'resource "aws_iam_role" "ci" {\n  name = "ci"\n'
        f"  assume_role_policy = {trust}\n  {body}\n}}\n"
        'resource "aws_iam_role_policy" "ci" {\n  role = aws_iam_role.ci.id\n'
        f"  policy = {policy}\n}}\n"
    )


SESSIONS = TRUST.replace('"sts:AssumeRole"', '["sts:AssumeRole", "sts:TagSession"]')
KEYS_SENT = test("ForAllValues:StringEquals", "aws:TagKeys", '["team"]')
PRINCIPAL = equals("aws:PrincipalTag/team", "orders")
DEPLOYERS = {
    "tags of the deployer": (READY, deployer(PRINCIPAL, TAGGED), {}),
    "no tags of the deployer": (BLOCKED, deployer(PRINCIPAL), {}),
    "a session may carry tags of its own": (UNDECIDED, deployer(PRINCIPAL, TAGGED, SESSIONS), {}),
    "keys of the mapping's tags": (
        READY,
        deployer(KEYS_SENT),
        {"mapping": 'tags = { team = "orders" }'},
    ),
    "other keys of the mapping's tags": (BLOCKED, deployer(KEYS_SENT), {"mapping": TAGGED}),
    "no tags are sent": (READY, deployer(KEYS_SENT), {}),
    "a tag that is not sent": (
        BLOCKED,
        deployer(equals("aws:RequestTag/team", "orders")),
        {},
    ),
}


@pytest.mark.parametrize(("wanted", "more", "parts"), DEPLOYERS.values(), ids=DEPLOYERS.keys())
def test_tags_of_the_deployer_and_of_its_request(tmp_path, wanted, more, parts):
    report = judged(written(tmp_path, more=more, **parts), deployer="aws_iam_role.ci")
    assert verdict(report) == wanted
    assert said(report) == (["deployer-cannot-create-mapping"] if wanted == BLOCKED else [])


def test_tags_beyond_any_number_that_aws_takes_are_unknown(tmp_path):
    many = 'tags = merge({ team = "orders" }, { for n in range(600) : "t${n}" => "x" })'
    report = judged(written(tmp_path, policy=statement(TEAM), queue=many))
    assert verdict(report) == UNDECIDED
