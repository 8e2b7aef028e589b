"""A small deployment by hand, and rules that say what a test wants them to say."""

from dataclasses import replace

from checker.iam.document import Documents
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Known, Location, Unknown
from checker.knowledge.text import Text
from checker.model import EventSourceMapping, Function, Inventory, Key, Queue, Role
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, rule

AT = Location("main.tf", 10, 1)
ACCOUNT = Hole("account", Kind.ACCOUNT, "the account is not known yet")


def arn(service, rest):
    return Text.of(f"arn:aws:{service}:eu-west-1:", ACCOUNT, f":{rest}")


def place(line, file="main.tf", column=1):
    return Location(file, line, column)


def unset(why="variable `queue_arn` has no value", line=3):
    return Unknown(why, place(line, "variables.tf"), "set it with `--var queue_arn=...`")


def known(value, line=10):
    return Known(value, place(line))


def a_queue(name="orders", **changes):
    queue = Queue(
        id=f"aws_sqs_queue.{name}",
        arn=arn("sqs", name),
        at=place(1),
        closed=True,
        fifo=known(False),
        visibility_timeout=known(30),
        retention=known(345600),
        kms_key=known(None),
        managed_sse=known(True),
        redrive=known(None),
        policy=Documents(),
    )
    return replace(queue, **changes)


def a_role(name="worker", **changes):
    role = Role(
        id=f"aws_iam_role.{name}",
        arn=Text.of("arn:aws:iam::", ACCOUNT, f":role/{name}"),
        at=place(20),
        closed=True,
        identity=Documents(),
        boundary=known(None),
        trust=unset("the trust document is of no interest here"),
    )
    return replace(role, **changes)


def a_function(name="worker", role="worker", **changes):
    function = Function(
        id=f"aws_lambda_function.{name}",
        arn=arn("lambda", f"function:{name}"),
        at=place(30),
        closed=True,
        timeout=known(3),
        role=known(Text.of("arn:aws:iam::", ACCOUNT, f":role/{role}")),
        reserved_concurrency=known(None),
    )
    return replace(function, **changes)


def a_mapping(name="orders", reads="orders", feeds="worker", line=40, **changes):
    mapping = EventSourceMapping(
        id=f"aws_lambda_event_source_mapping.{name}",
        at=place(line),
        source=known(arn("sqs", reads)),
        function=known(arn("lambda", f"function:{feeds}")),
        region=known(Text.of("eu-west-1")),
        batch_size=known(10),
        batching_window=known(0),
        enabled=known(True),
        tagged=known(False),
    )
    return replace(mapping, **changes)


def a_key(name="orders", **changes):
    key = Key(
        id=f"aws_kms_key.{name}",
        arn=arn("kms", f"key/{name}"),
        at=place(50),
        closed=True,
        aliases=(Text.of(f"alias/{name}"),),
        managed=known(False),
        enabled=known(True),
        symmetric=known(True),
        policy=unset("the key policy is of no interest here"),
        grants=(),
    )
    return replace(key, **changes)


def an_inventory(**changes):
    """One queue that feeds one function that runs as one role, and `changes`."""
    inventory = Inventory(
        mappings=(a_mapping(),),
        sources=(a_queue(),),
        functions=(a_function(),),
        roles=(a_role(),),
        assumptions=("no service control policy denies the actions",),
    )
    return replace(inventory, **changes)


def saying(
    name,
    *said,
    on=EventSourceMapping,
    page="The thing is wrong.\n\n## Why\n\nIt is.\n\n## Fix\n\nMend it.",
):
    """Return a rule that says the same of everything; an exception is raised."""

    def check(subject, inventory, settings):
        for each in said:
            if isinstance(each, Exception):
                raise each
            yield each

    check.__name__ = name.replace("-", "_")
    check.__doc__ = page
    return rule(on=on)(check)


def a_problem(message="role `worker` is not allowed to `sqs:DeleteMessage`", line=18, **changes):
    problem = Problem(
        message,
        place(line, "iam.tf", 3),
        Fix("add `sqs:DeleteMessage` to the statement"),
        (Evidence("`aws_iam_role_policy.worker` allows only two actions", place(20, "iam.tf", 5)),),
    )
    return replace(problem, **changes)
