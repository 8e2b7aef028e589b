"""Small Terraform that asks for a large product: mappings, policies, statements, patterns.

Each attack is a function that returns files by name, all of them together under 1 MB. The
directory `root` is what is checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

Files: TypeAlias = dict[str, str]
MOST_BYTES = 1_000_000
ATTACKS: dict[str, Callable[[], Files]] = {}
OPTIONS: dict[str, tuple[str, ...]] = {}
"""What the command line has besides, by the name of the attack."""


def attack(
    *options: str,
) -> Callable[[Callable[[], str | Files]], Callable[[], Files]]:
    """Add an attack to the corpus, under its function's name with dashes."""

    def add(write: Callable[[], str | Files]) -> Callable[[], Files]:
        def files() -> Files:
            written = write()
            return {"root/main.tf": written} if isinstance(written, str) else written

        name = write.__name__.replace("_", "-")
        ATTACKS[name] = files
        OPTIONS[name] = options
        return files

    return add


# -- the pieces -------------------------------------------------------------------------------

QUEUE_ARN = "arn:aws:sqs:eu-west-1:111122223333:q"
FUNCTION_ARN = "arn:aws:lambda:eu-west-1:111122223333:function:f"
REGION = 'provider "aws" {\n  region = "eu-west-1"\n}\n'


def block(kind: str, type_: str, label: str, /, **arguments: str) -> str:
    """Return a block whose arguments are expressions."""
    body = "".join(f"  {key} = {value}\n" for key, value in arguments.items())
    return f'{kind} "{type_}" "{label}" {{\n{body}}}\n'


def resource(type_: str, label: str, /, **arguments: str) -> str:
    """Return a resource block."""
    return block("resource", f"aws_{type_}", label, **arguments)


def mapping(source: str, function: str, name: str = "m", **more: str) -> str:
    """Return an event source mapping."""
    return resource(
        "lambda_event_source_mapping",
        name,
        event_source_arn=source,
        function_name=function,
        **more,
    )


def document(*statements: dict[str, Any]) -> str:
    """Return a policy document as an expression."""
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return json.dumps(text).replace("${", "$${")


def allow(actions: Any = "sqs:*", resources: Any = "*", **more: Any) -> dict[str, Any]:
    """Return a statement that allows."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources} | more


def role(name: str = "r", **more: str) -> str:
    """Return a role that Lambda may assume."""
    trust = document(
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    )
    return resource("iam_role", name, name=f'"{name}"', assume_role_policy=trust, **more)


def role_policy(policy: str, of: str = "r", name: str = "p", **more: str) -> str:
    """Return a policy of a role."""
    return resource("iam_role_policy", name, role=f"aws_iam_role.{of}.id", policy=policy, **more)


def function(name: str = "f", of: str = "r", **more: str) -> str:
    """Return a function that runs as a role."""
    code = {"handler": '"f.handle"', "runtime": '"python3.12"', "filename": '"f.zip"'}
    arguments = {"function_name": f'"{name}"', "role": f"aws_iam_role.{of}.arn", **code, **more}
    return resource("lambda_function", name, **arguments)


def queue(name: str = "q", **more: str) -> str:
    """Return a queue."""
    return resource("sqs_queue", name, name=f'"{name}"', **more)


QUEUE, FUNCTION = "aws_sqs_queue.q.arn", "aws_lambda_function.f.arn"
ALLOWED = role_policy(document(allow()))
STACK = REGION + role() + function() + queue() + ALLOWED
"""One queue, one function and its role, which may everything with queues."""


def times(n: int) -> str:
    """Return a set of about `n` strings as an expression; a range has at most 1,024 elements."""
    outer = -(-n // 1000)
    if outer == 1:
        return f'toset([for i in range({n}) : "k${{i}}"])'
    inner = f'[for j in range({n // outer}) : "k${{i}}-${{j}}"]'
    return f"toset(flatten([for i in range({outer}) : {inner}]))"


# -- mappings ---------------------------------------------------------------------------------


@attack()
def mappings_of_one_queue_and_function() -> str:
    """1,000 mappings of one queue and one function: each is a duplicate of each other."""
    return mapping(f'"{QUEUE_ARN}"', f'"{FUNCTION_ARN}"', for_each=times(1000))


@attack()
def mappings_of_one_stack() -> str:
    return STACK + mapping(QUEUE, FUNCTION, count="1000")


@attack()
def mappings_to_the_bound_of_instances() -> str:
    return mapping(f'"{QUEUE_ARN}"', f'"{FUNCTION_ARN}"', for_each=times(20_000))


@attack()
def mappings_of_20_000_queues() -> str:
    source = '"arn:aws:sqs:eu-west-1:111122223333:${each.key}"'
    return STACK + mapping(source, FUNCTION, for_each=times(20_000))


@attack()
def stacks_20_000() -> str:
    each = {"for_each": times(20_000)}
    return (
        REGION
        + role()
        + ALLOWED
        + resource("sqs_queue", "q", name="each.key", **each)
        + resource(
            "lambda_function", "f", function_name="each.key", role="aws_iam_role.r.arn", **each
        )
        + mapping("aws_sqs_queue.q[each.key].arn", "aws_lambda_function.f[each.key].arn", **each)
    )


@attack()
def stacks_each_with_a_role() -> str:
    each = {"for_each": times(2_500)}
    return (
        REGION
        + resource("iam_role", "r", name="each.key", assume_role_policy=document(), **each)
        + resource(
            "iam_role_policy",
            "p",
            role="aws_iam_role.r[each.key].id",
            policy=document(allow()),
            **each,
        )
        + resource("sqs_queue", "q", name="each.key", **each)
        + resource(
            "lambda_function",
            "f",
            function_name="each.key",
            role="aws_iam_role.r[each.key].arn",
            **each,
        )
        + mapping("aws_sqs_queue.q[each.key].arn", "aws_lambda_function.f[each.key].arn", **each)
    )


@attack()
def mappings_in_modules_of_modules() -> Files:
    call = 'module "m" {\n  source = "./m"\n  count = 100\n}\n'
    inner = STACK + mapping(QUEUE, FUNCTION, count="3")
    return {"root/main.tf": call, "root/m/main.tf": call, "root/m/m/main.tf": inner}


@attack()
def mappings_with_an_unknown_name() -> str:
    return (
        'variable "n" {}\n'
        + STACK
        + mapping(
            '"arn:aws:sqs:eu-west-1:111122223333:${var.n}${each.key}"',
            FUNCTION,
            for_each=times(1000),
        )
    )


@attack()
def mappings_each_with_an_unknown_name_of_its_own() -> str:
    names = [f"n{n}" for n in range(1000)]
    return (
        "".join(f'variable "{name}" {{}}\n' for name in names)
        + STACK
        + "".join(
            mapping(f'"arn:aws:sqs:eu-west-1:111122223333:${{var.{name}}}"', FUNCTION, name)
            for name in names
        )
    )


@attack()
def mappings_whose_queue_is_a_variable() -> str:
    names = [f"n{n}" for n in range(2000)]
    return (
        "".join(f'variable "{name}" {{}}\n' for name in names)
        + STACK
        + "".join(mapping(f"var.{name}", FUNCTION, name) for name in names)
    )


@attack()
def mappings_whose_function_is_a_variable() -> str:
    names = [f"n{n}" for n in range(2000)]
    return (
        "".join(f'variable "{name}" {{}}\n' for name in names)
        + STACK
        + "".join(mapping(QUEUE, f"var.{name}", name) for name in names)
    )


@attack()
def mappings_of_queues_with_a_prefix() -> str:
    each = {"for_each": times(2500)}
    return (
        REGION
        + role()
        + ALLOWED
        + function()
        + resource("sqs_queue", "q", name_prefix="each.key", **each)
        + mapping("aws_sqs_queue.q[each.key].arn", FUNCTION, **each)
    )


@attack()
def mappings_of_queues_named_by_as_many_holes() -> str:
    n = 600
    return (
        "".join(f'variable "n{i}" {{}}\n' for i in range(n))
        + REGION
        + role()
        + ALLOWED
        + function()
        + "".join(
            resource("sqs_queue", f"q{i}", name=f'"${{var.n{i}}}-{i % 10}"') for i in range(n)
        )
        + "".join(
            mapping(f'"arn:aws:sqs:eu-west-1:111122223333:${{var.n{i}}}x"', FUNCTION, f"m{i}")
            for i in range(n)
        )
    )


# -- policies of roles ------------------------------------------------------------------------


@attack()
def unknown_names_by_policies_by_statements() -> str:
    """300 mappings with unknown names, a role with 100 policies of 100 statements."""
    names = [f"n{n}" for n in range(300)]
    many = document(
        *(
            allow(["sqs:ReceiveMessage"], f"arn:aws:sqs:eu-west-1:111122223333:x{s}")
            for s in range(100)
        )
    )
    return (
        "".join(f'variable "{name}" {{}}\n' for name in names)
        + REGION
        + role()
        + function()
        + f"locals {{\n  written = {many}\n}}\n"
        + role_policy("local.written", name="many", count="100")
        + "".join(
            mapping(f'"arn:aws:sqs:eu-west-1:111122223333:${{var.{name}}}"', FUNCTION, name)
            for name in names
        )
    )


@attack()
def wildcards_by_names_of_an_undeclared_provider() -> str:
    """A role with 100 policies of 100 statements, whose wildcards meet an ARN with holes."""
    many = document(*(allow("sqs:*", f"arn:aws:sqs:*:*:*a?*a?*{s}") for s in range(100)))
    return (
        role()
        + function()
        + f"locals {{\n  written = {many}\n}}\n"
        + role_policy("local.written", name="many", count="100")
        + 'resource "aws_sqs_queue" "q" {\n  provider = aws.other\n}\n'
        + mapping("aws_sqs_queue.q.arn", FUNCTION)
    )


@attack()
def mappings_by_policies_by_statements() -> str:
    """300 mappings with known names, each stage of which allows something like it."""
    many = document(
        *(
            allow(["sqs:ReceiveMessage"], f"arn:aws:sqs:eu-west-1:111122223333:*{s}*x")
            for s in range(100)
        )
    )
    return (
        REGION
        + role()
        + function()
        + f"locals {{\n  written = {many}\n}}\n"
        + role_policy("local.written", name="many", count="100")
        + mapping(
            '"arn:aws:sqs:eu-west-1:111122223333:q${each.key}"', FUNCTION, for_each=times(300)
        )
    )


@attack()
def one_role_of_many_functions() -> str:
    """1,000 functions that run as one role with 1,000 policies."""
    return (
        REGION
        + role()
        + role_policy(document(allow("sqs:SendMessage")), name="many", count="1000")
        + queue()
        + resource(
            "lambda_function",
            "f",
            function_name="each.key",
            role="aws_iam_role.r.arn",
            for_each=times(1000),
        )
        + mapping(QUEUE, "aws_lambda_function.f[each.key].arn", for_each=times(1000))
    )


@attack()
def one_role_of_many_queues_denied() -> str:
    """1,000 queues that a role with 1,000 policies reads: a deny that may hold."""
    deny = allow("sqs:*", "*") | {
        "Effect": "Deny",
        "Condition": {"StringEquals": {"aws:PrincipalTag/a": "b"}},
    }
    return (
        REGION
        + role()
        + function()
        + role_policy(document(allow(), deny), name="many", count="1000")
        + mapping(
            '"arn:aws:sqs:eu-west-1:111122223333:${each.key}"', FUNCTION, for_each=times(1000)
        )
    )


@attack()
def roles_by_policies() -> str:
    """300 roles, each with the same 300 managed policies."""
    n = 300
    pairs = f'{{ for p in setproduct(range({n}), range({n})) : "${{p[0]}}-${{p[1]}}" => p }}'
    return (
        REGION
        + resource(
            "iam_role", "r", name='"r${count.index}"', assume_role_policy=document(), count=str(n)
        )
        + resource(
            "iam_policy", "p", name='"p${count.index}"', policy=document(allow()), count=str(n)
        )
        + resource(
            "iam_role_policy_attachment",
            "a",
            role="aws_iam_role.r[each.value[0]].name",
            policy_arn="aws_iam_policy.p[each.value[1]].arn",
            for_each=pairs,
        )
        + queue()
        + resource(
            "lambda_function",
            "f",
            function_name='"f${count.index}"',
            role="aws_iam_role.r[count.index].arn",
            count=str(n),
        )
        + mapping(QUEUE, "aws_lambda_function.f[count.index].arn", count=str(n))
    )


@attack()
def attachments_to_a_role_with_an_unknown_name() -> str:
    return (
        'variable "n" {}\n'
        + REGION
        + resource(
            "iam_role", "r", name='"r${count.index}"', assume_role_policy=document(), count="1000"
        )
        + resource(
            "iam_role_policy",
            "p",
            role='"${var.n}${count.index}"',
            policy=document(allow()),
            count="1000",
        )
        + queue()
        + resource(
            "lambda_function",
            "f",
            function_name='"f${count.index}"',
            role="aws_iam_role.r[count.index].arn",
            count="1000",
        )
        + mapping(QUEUE, "aws_lambda_function.f[count.index].arn", count="1000")
    )


@attack()
def attachments_of_aws_policies() -> str:
    return (
        REGION
        + role()
        + function()
        + resource(
            "iam_role_policy_attachment",
            "a",
            role="aws_iam_role.r.name",
            policy_arn='"arn:aws:iam::aws:policy/AdministratorAccess"',
            count="1000",
        )
        + mapping(
            '"arn:aws:sqs:eu-west-1:111122223333:${each.key}"', FUNCTION, for_each=times(1000)
        )
    )


@attack()
def attachments_of_aws_policies_that_do_not_exist() -> str:
    return (
        REGION
        + role()
        + function()
        + queue()
        + resource(
            "iam_role_policy_attachment",
            "a",
            role="aws_iam_role.r.name",
            policy_arn='"arn:aws:iam::aws:policy/AmazonSQSFullAcess${count.index}"',
            count="2500",
        )
        + mapping(QUEUE, FUNCTION)
    )


@attack()
def lists_that_take_policies_away() -> str:
    names = ", ".join(f'"arn:aws:iam::111122223333:policy/p{n}"' for n in range(1000))
    return (
        REGION
        + role()
        + function()
        + queue()
        + f"locals {{\n  all = [{names}]\n}}\n"
        + resource(
            "iam_role_policy_attachments_exclusive",
            "e",
            role_name="aws_iam_role.r.name",
            policy_arns="local.all",
            count="100",
        )
        + resource(
            "iam_role_policy_attachment",
            "a",
            role="aws_iam_role.r.name",
            policy_arn='"arn:aws:iam::111122223333:policy/p${count.index}x"',
            count="1000",
        )
        + mapping(QUEUE, FUNCTION)
    )


# -- statements -------------------------------------------------------------------------------


def _queue_policy(*statements: dict[str, Any], mappings: str = "") -> str:
    return (
        STACK
        + resource(
            "sqs_queue_policy", "p", queue_url="aws_sqs_queue.q.id", policy=document(*statements)
        )
        + (mappings or mapping(QUEUE, FUNCTION))
    )


@attack()
def statements_of_a_queue() -> str:
    """A queue policy of 2,000 statements, read by 300 functions."""
    written = document(
        *(
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::444455556666:role/r{n}"},
                "Action": "sqs:*",
                "Resource": "*",
            }
            for n in range(1200)
        )
    )
    return (
        REGION
        + role()
        + ALLOWED
        + queue()
        + resource("sqs_queue_policy", "p", queue_url="aws_sqs_queue.q.id", policy=written)
        + resource(
            "lambda_function",
            "f",
            function_name="each.key",
            role="aws_iam_role.r.arn",
            for_each=times(300),
        )
        + mapping(QUEUE, "aws_lambda_function.f[each.key].arn", for_each=times(300))
    )


@attack()
def statements_by_a_loop() -> str:
    """A role policy of 10,000 statements that a loop writes, used by 100 mappings."""
    resource_ = "arn:aws:sqs:*:*:${i}-${j}x*"
    statement = f'{{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = "{resource_}" }}'
    written = (
        'jsonencode({ Version = "2012-10-17", Statement = flatten([for i in range(100) : '
        f"[for j in range(100) : {statement}]]) }})"
    )
    return (
        REGION
        + role()
        + function()
        + role_policy(written)
        + mapping('"arn:aws:sqs:eu-west-1:111122223333:${each.key}"', FUNCTION, for_each=times(100))
    )


def _long(element: str, value: str, n: str = "range(1000)") -> str:
    """Write a document by a loop, one element of whose statement has many values."""
    parts = {
        "Effect": '"Allow"',
        "Action": '"sqs:*"',
        "Resource": '"*"',
        element: f"[for i in {n} : {value}]",
    }
    body = ", ".join(f"{key} = {text}" for key, text in parts.items())
    return f'jsonencode({{ Version = "2012-10-17", Statement = [{{ {body} }}] }})'


TEN_THOUSAND = "flatten([for a in range(10) : range(a * 1000, a * 1000 + 1000)])"


def _of_role(policy: str, n: int = 300) -> str:
    return (
        REGION
        + role()
        + function()
        + role_policy(policy)
        + mapping('"arn:aws:sqs:eu-west-1:111122223333:${each.key}"', FUNCTION, for_each=times(n))
    )


@attack()
def actions_of_a_statement() -> str:
    return _of_role(_long("Action", '"sqs:*a*${i}"', TEN_THOUSAND))


@attack()
def actions_that_do_not_exist() -> str:
    written = document(*(allow(f"sqs:RecieveMesage{n}") for n in range(1500)))
    return (
        _of_role("local.written").replace(
            '"aws_iam_role_policy" "p" {', '"aws_iam_role_policy" "p" {\n  count = 20'
        )
        + f"locals {{\n  written = {written}\n}}\n"
    )


@attack()
def resources_of_a_statement() -> str:
    return _of_role(_long("Resource", '"arn:aws:sqs:*:*:*${i}*"', TEN_THOUSAND))


@attack()
def resources_with_variables() -> str:
    value = '"arn:aws:sqs:*:*:$${aws:PrincipalTag/a}${i}*"'
    return _of_role(_long("Resource", value, TEN_THOUSAND))


@attack()
def condition_values() -> str:
    values = f'[for i in {TEN_THOUSAND} : "arn:*:*${{i}}*"]'
    condition = f'{{ ArnLike = {{ "aws:PrincipalArn" = {values} }} }}'
    return _of_role(
        'jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:*",'
        f' Resource = "*", Condition = {condition} }}] }})'
    )


@attack()
def condition_keys() -> str:
    condition = '{ StringLike = { for i in range(1000) : "aws:PrincipalTag/${i}" => "*a*" } }'
    return _of_role(
        'jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:*",'
        f' Resource = "*", Condition = {condition} }}] }})'
    )


@attack()
def condition_keys_with_holes() -> str:
    condition = (
        '{ StringLike = { for i in range(1000) : "aws:PrincipalTag/${var.n}${i}" => "*a*" } }'
    )
    return 'variable "n" {}\n' + _of_role(
        'jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:*",'
        f' Resource = "*", Condition = {condition} }}] }})'
    )


@attack()
def principals_of_a_statement() -> str:
    written = (
        'jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:*",'
        f' Resource = "*", Principal = {{ AWS = [for i in {TEN_THOUSAND} :'
        ' "arn:aws:iam::444455556666:role/r${i}"] } }] })'
    )
    return (
        STACK
        + resource("sqs_queue_policy", "p", queue_url="aws_sqs_queue.q.id", policy=written)
        + mapping(QUEUE, FUNCTION, for_each=times(100))
    )


@attack()
def principals_of_a_queue_of_many_roles() -> str:
    written = (
        'jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:*",'
        f' Resource = "*", Principal = {{ AWS = [for i in {TEN_THOUSAND} :'
        ' "arn:aws:iam::444455556666:role/r${i}"] } }] })'
    )
    return (
        REGION
        + queue()
        + resource("sqs_queue_policy", "p", queue_url="aws_sqs_queue.q.id", policy=written)
        + resource(
            "iam_role", "r", name='"r${count.index}"', assume_role_policy=document(), count="500"
        )
        + resource(
            "lambda_function",
            "f",
            function_name='"f${count.index}"',
            role="aws_iam_role.r[count.index].arn",
            count="500",
        )
        + mapping(QUEUE, "aws_lambda_function.f[count.index].arn", count="500")
    )


# -- documents in documents -------------------------------------------------------------------


@attack()
def documents_of_ten_sources_each() -> str:
    """12 documents, each made of the one before ten times: 10^12 statements."""
    first = (
        'data "aws_iam_policy_document" "d0" {\n  statement {\n    actions = ["sqs:*"]\n'
        '    resources = ["*"]\n  }\n}\n'
    )
    chain = "".join(
        block(
            "data",
            "aws_iam_policy_document",
            f"d{n}",
            source_policy_documents="["
            + ", ".join([f"data.aws_iam_policy_document.d{n - 1}.json"] * 10)
            + "]",
        )
        for n in range(1, 13)
    )
    return (
        REGION
        + role()
        + function()
        + queue()
        + role_policy("data.aws_iam_policy_document.d12.json")
        + first
        + chain
        + mapping(QUEUE, FUNCTION)
    )


@attack()
def documents_that_override_each_other() -> str:
    statements = "".join(
        f'  statement {{\n    sid = "s{n}"\n    actions = ["sqs:*"]\n    resources = ["*"]\n  }}\n'
        for n in range(3000)
    )
    first = f'data "aws_iam_policy_document" "d0" {{\n{statements}}}\n'
    chain = "".join(
        block(
            "data",
            "aws_iam_policy_document",
            f"d{n}",
            override_policy_documents="["
            + ", ".join([f"data.aws_iam_policy_document.d{n - 1}.json"] * 10)
            + "]",
        )
        for n in range(1, 20)
    )
    return (
        REGION
        + role()
        + function()
        + queue()
        + role_policy("data.aws_iam_policy_document.d19.json")
        + first
        + chain
        + mapping(QUEUE, FUNCTION)
    )


@attack()
def documents_by_dynamic_blocks() -> str:
    inner = (
        'data "aws_iam_policy_document" "d" {\n  dynamic "statement" {\n'
        f"    for_each = {times(10_000)}\n    content {{\n"
        '      sid = statement.key\n      actions = ["sqs:*"]\n'
        '      resources = ["arn:aws:sqs:*:*:${statement.key}"]\n    }\n  }\n}\n'
    )
    return (
        REGION
        + role()
        + function()
        + queue()
        + role_policy("data.aws_iam_policy_document.d.json")
        + inner
        + mapping(QUEUE, FUNCTION, for_each=times(100))
    )


@attack()
def documents_by_dynamic_blocks_in_many_instances() -> str:
    inner = (
        'data "aws_iam_policy_document" "d" {\n  count = 1000\n  dynamic "statement" {\n'
        f"    for_each = {times(1000)}\n    content {{\n"
        '      sid = statement.key\n      actions = ["sqs:*"]\n'
        '      resources = ["arn:aws:sqs:*:*:${statement.key}"]\n    }\n  }\n}\n'
    )
    return (
        REGION
        + role()
        + function()
        + queue()
        + role_policy("data.aws_iam_policy_document.d[count.index].json", count="1000")
        + inner
        + mapping(QUEUE, FUNCTION)
    )


@attack()
def one_document_of_many_policies() -> str:
    """One text of 100 kB, attached 2,500 times."""
    many = document(*(allow("sqs:SendMessage", f"arn:aws:sqs:*:*:x{s}") for s in range(1000)))
    return (
        REGION
        + role()
        + function()
        + queue()
        + f"locals {{\n  written = {many}\n}}\n"
        + role_policy("local.written", count="2500")
        + mapping(QUEUE, FUNCTION)
    )


# -- patterns ---------------------------------------------------------------------------------


@attack()
def patterns_of_stars_and_questions() -> str:
    """`*a?` 1,000 times against a name of 10,000 characters."""
    name = "a" * 10_000
    return _of_role(document(allow("sqs:*", "arn:aws:sqs:*:*:" + "*a?" * 1000 + "b"))).replace(
        ":${each.key}", ":" + name + "${each.key}"
    )


@attack()
def patterns_of_stars() -> str:
    name = "a" * 10_000
    written = document(
        *(allow("sqs:*", "arn:aws:sqs:*:*:" + "*a" * 500 + f"b{n}") for n in range(100))
    )
    return _of_role(written).replace(":${each.key}", ":" + name + "${each.key}")


@attack()
def patterns_of_half_the_text() -> str:
    """A literal of 5,000 characters is sought at every place of 10,000."""
    name = "a" * 10_000
    written = document(
        *(
            allow("sqs:*", "arn:aws:sqs:*:*:*" + "a" * 2500 + "?" + "a" * 2500 + f"b{n}*")
            for n in range(40)
        )
    )
    return _of_role(written).replace(":${each.key}", ":" + name + "${each.key}")


@attack()
def patterns_against_holes() -> str:
    """A name of 50 unknown pieces against patterns of 50 stars."""
    names = "".join(f'variable "n{n}" {{}}\n' for n in range(50))
    text = "x".join(f"${{var.n{n}}}" for n in range(50))
    written = document(
        *(allow("sqs:*", "arn:aws:sqs:*:*:" + "*x" * 50 + f"{n}b*") for n in range(500))
    )
    return names + _of_role(written).replace(":${each.key}", ":" + text + "${each.key}")


@attack()
def patterns_of_holes_against_holes() -> str:
    names = "".join(f'variable "n{n}" {{}}\n' for n in range(50))
    text = "x".join(f"${{var.n{n}}}" for n in range(50))
    other = "y".join(f"${{var.n{n}}}" for n in range(50))
    statement = (
        f'{{ Effect = "Allow", Action = "sqs:*", Resource = "arn:aws:sqs:*:*:{other}*${{i}}" }}'
    )
    written = (
        f'jsonencode({{ Version = "2012-10-17", Statement = [for i in range(500) : {statement}] }})'
    )
    return names + _of_role(written).replace(":${each.key}", ":" + text + "${each.key}")


@attack()
def patterns_of_1_000_characters_with_a_hole() -> str:
    """A long literal with one hole: the product of the two lengths, for each pair."""
    written = document(
        *(allow("sqs:*", "arn:aws:sqs:*:*:*" + "a?" * 500 + f"{n}b*") for n in range(300))
    )
    return 'variable "n" {}\n' + _of_role(written).replace(
        ":${each.key}", ":" + "a" * 1000 + "${var.n}${each.key}"
    )


@attack()
def filters_of_a_mapping() -> str:
    """1,000 mappings, each with 100 filters whose patterns are deep."""
    pattern = '{"body": ' + '{"a": ' * 100 + "[1]" + "}" * 101
    criteria = (
        '  filter_criteria {\n    dynamic "filter" {\n      for_each = range(100)\n'
        f"      content {{\n        pattern = {json.dumps(pattern)}\n      }}\n    }}\n  }}\n"
    )
    text = mapping(QUEUE, FUNCTION, count="1000")
    return STACK + text[: text.rindex("}")] + criteria + "}\n"


# -- queues and their dead letters ------------------------------------------------------------


@attack()
def dead_letters_in_a_chain() -> str:
    """2,500 queues, each the dead-letter queue of the one before, all of them read."""
    n = 2500
    chain = "".join(
        resource(
            "sqs_queue",
            f"q{i}",
            name=f'"q{i}"',
            redrive_policy=(
                f"jsonencode({{ deadLetterTargetArn = aws_sqs_queue.q{i + 1}.arn,"
                " maxReceiveCount = 5 })"
            ),
        )
        for i in range(n)
    )
    return (
        REGION
        + role()
        + ALLOWED
        + function()
        + chain
        + resource("sqs_queue", f"q{n}", name='"end"')
        + "".join(mapping(f"aws_sqs_queue.q{i}.arn", FUNCTION, f"m{i}") for i in range(0, n, 2))
    )


@attack()
def dead_letters_of_all_in_one() -> str:
    redrive = "jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5 })"
    each = {"for_each": times(2000)}
    return (
        REGION
        + role()
        + ALLOWED
        + function()
        + queue("dead")
        + mapping("aws_sqs_queue.dead.arn", FUNCTION, "dead", for_each=times(2000))
        + resource("sqs_queue", "q", name="each.key", redrive_policy=redrive, **each)
        + mapping("aws_sqs_queue.q[each.key].arn", FUNCTION, **each)
    )


# -- what is made before what -----------------------------------------------------------------


@attack()
def dependencies_in_a_chain() -> str:
    """A chain of 9,000 resources before the policy of the role."""
    chain = "".join(
        f'resource "null_resource" "n{i}" {{\n  depends_on = [null_resource.n{i + 1}]\n}}\n'
        for i in range(9000)
    )
    return (
        REGION
        + role()
        + function()
        + queue()
        + ALLOWED
        + chain
        + 'resource "null_resource" "n9000" {}\n'
        + mapping(QUEUE, FUNCTION, count="1000", depends_on="[null_resource.n0]")
    )


@attack()
def dependencies_of_many_mappings() -> str:
    """500 mappings that each depend on 50 of 400 policies."""
    names = ", ".join(f"aws_iam_role_policy.p{i}" for i in range(0, 400, 8))
    policies = "".join(
        role_policy(document(allow("sqs:SendMessage")), name=f"p{i}") for i in range(400)
    )
    return (
        REGION
        + role()
        + function()
        + queue()
        + policies
        + "".join(
            mapping(
                QUEUE,
                FUNCTION,
                f"m{i}",
                depends_on=f"[{names}]",
            )
            for i in range(500)
        )
    )


@attack()
def policies_attached_too_late() -> str:
    """A role's 2,000 policies, none of which its mappings depend on."""
    return (
        REGION
        + role()
        + function()
        + "".join(role_policy(document(allow()), name=f"p{i}") for i in range(1000))
        + mapping('"arn:aws:sqs:eu-west-1:111122223333:${each.key}"', FUNCTION, for_each=times(300))
    )


# -- waivers ----------------------------------------------------------------------------------


@attack()
def comments_that_waive() -> str:
    """10,000 comments that waive, at 1,000 mappings."""
    comment = "# tfcheck: ignore[dead-letter-queue-missing,duplicate-mapping] a\n"
    return STACK + comment * 10_000 + mapping(QUEUE, FUNCTION, for_each=times(1000))


@attack()
def comments_at_each_mapping() -> str:
    comment = "# tfcheck: ignore[dead-letter-queue-missing,duplicate-mapping] reason\n"
    return STACK + "".join(comment + mapping(QUEUE, FUNCTION, f"m{n}") for n in range(4000))


def _waived(pattern: str, n: int = 1000) -> Files:
    waivers = "".join(
        f'  - {{rule: duplicate-mapping, mapping: "{pattern}{i}", reason: r}}\n' for i in range(n)
    )
    return {
        "policy.yaml": f"name: mine\nextends: current\nwaivers:\n{waivers}",
        "root/main.tf": STACK
        + mapping(QUEUE, FUNCTION, for_each=times(1000).replace("k$", "a" * 200 + "$")),
    }


@attack("--policy", "policy.yaml")
def waivers_of_stars() -> Files:
    """1,000 waivers `*a*a*a...b` of 1,000 mappings."""
    return _waived("*a" * 30 + "b")


@attack("--policy", "policy.yaml")
def waivers_of_questions() -> Files:
    return _waived("*a?" * 30 + "b")


@attack("--policy", "policy.yaml")
def waivers_of_everything() -> Files:
    return _waived("*", 5000)


# -- one thing after another ------------------------------------------------------------------


@attack()
def variables_of_a_function() -> str:
    """A function of 1,000 variables that name its queue, fed by 1,000 mappings."""
    text = function()
    body = (
        "  environment {\n    variables = { for i in range(1000) :"
        ' "k${i}" => "https://sqs.eu-west-1.amazonaws.com/${i}" }\n  }\n'
    )
    return (
        REGION
        + role()
        + ALLOWED
        + queue()
        + text[: text.rindex("}")]
        + body
        + "}\n"
        + mapping(
            '"arn:aws:sqs:eu-west-1:111122223333:${each.key}"', FUNCTION, for_each=times(1000)
        )
    )


@attack()
def permissions_of_a_function() -> str:
    return (
        STACK
        + resource(
            "lambda_permission",
            "p",
            function_name="aws_lambda_function.f.function_name",
            action='"lambda:InvokeFunction"',
            principal='"sqs.amazonaws.com"',
            count="1000",
        )
        + mapping(QUEUE, FUNCTION, for_each=times(1000))
    )


@attack()
def aliases_of_keys() -> str:
    each = {"for_each": times(2000)}
    return (
        REGION
        + role()
        + ALLOWED
        + function()
        + resource("kms_key", "k", description="each.key", **each)
        + resource(
            "kms_alias",
            "a",
            name='"alias/${each.key}"',
            target_key_id="aws_kms_key.k[each.key].key_id",
            **each,
        )
        + resource(
            "sqs_queue", "q", name="each.key", kms_master_key_id='"alias/${each.key}"', **each
        )
        + mapping("aws_sqs_queue.q[each.key].arn", FUNCTION, **each)
    )


@attack()
def grants_of_a_key() -> str:
    return (
        REGION
        + role()
        + ALLOWED
        + function()
        + resource("kms_key", "k")
        + resource(
            "kms_grant",
            "g",
            key_id="aws_kms_key.k.key_id",
            grantee_principal='"arn:aws:iam::111122223333:role/x${count.index}"',
            operations='["Decrypt"]',
            count="1000",
        )
        + resource(
            "sqs_queue",
            "q",
            name='"q${count.index}"',
            kms_master_key_id="aws_kms_key.k.arn",
            count="1000",
        )
        + mapping("aws_sqs_queue.q[count.index].arn", FUNCTION, count="1000")
    )


@attack("--deployer", "aws_iam_role.deployer")
def deployer_of_many_mappings() -> str:
    policies = role_policy(
        document(
            allow(
                "lambda:*",
                Condition={
                    "ArnLike": {"lambda:FunctionArn": [f"arn:*:{n}*x*" for n in range(100)]}
                },
            )
        ),
        of="deployer",
        name="d",
        count="300",
    )
    return STACK + role("deployer") + policies + mapping(QUEUE, FUNCTION, for_each=times(1000))


@attack()
def attachments_to_several_roles() -> str:
    names = "[for i in range(300) : aws_iam_role.r[i].name]"
    return (
        REGION
        + resource(
            "iam_role", "r", name='"r${count.index}"', assume_role_policy=document(), count="300"
        )
        + resource(
            "iam_policy_attachment",
            "a",
            name='"a${count.index}"',
            roles=names,
            policy_arn='"arn:aws:iam::111122223333:policy/one"',
            count="300",
        )
        + queue()
        + resource(
            "lambda_function",
            "f",
            function_name='"f${count.index}"',
            role="aws_iam_role.r[count.index].arn",
            count="300",
        )
        + mapping(QUEUE, "aws_lambda_function.f[count.index].arn", count="300")
    )


# -- plans -------------------------------------------------------------------------------------


@attack()
def mappings_of_a_plan() -> Files:
    """2,400 mappings of one queue and function, as `terraform show -json` prints a plan."""
    type_, name = "aws_lambda_event_source_mapping", "m"
    values = {"event_source_arn": QUEUE_ARN, "function_name": FUNCTION_ARN}
    head = {"mode": "managed", "type": type_, "name": name}
    changes = [
        {
            "address": f"{type_}.{name}[{n}]",
            "index": n,
            **head,
            "change": {"actions": ["create"], "before": None, "after": values},
        }
        for n in range(2400)
    ]
    block_ = {
        "address": f"{type_}.{name}",
        **head,
        "provider_config_key": "aws",
        "expressions": {key: {} for key in values},
        "count_expression": {},
    }
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": [block_]}},
    }
    return {"root": json.dumps(plan, separators=(",", ":"))}


@attack("--format", "json=a.json", "--format", "html=a.html", "--format", "junit=a.xml")
def findings_in_several_formats() -> str:
    return STACK + mapping(QUEUE, FUNCTION, for_each=times(2000))


@attack("--verbose")
def decisions_that_are_traced() -> str:
    return (
        STACK
        + role_policy(document(allow("sqs:Receive*")), name="many", count="50")
        + mapping(QUEUE, FUNCTION, for_each=times(1000))
    )
