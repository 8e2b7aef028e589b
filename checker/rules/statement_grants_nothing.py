"""The rule `statement-grants-nothing`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.iam import actions
from checker.iam.statement import Effect, Principal, Statement
from checker.iam.validity import DocumentPlace, is_pattern
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import EventSourceMapping, Inventory
from checker.rules._documents import Attached, Remark, if_attached, said_of_documents
from checker.rules._permission import listed
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings

_JUDGED = ("sqs:", "lambda:", "kms:")


@rule(on=EventSourceMapping, aws="accepts it, grants nothing")
def statement_grants_nothing(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """A statement allows what can never be asked: an action on a resource that it cannot take.

    ## Why

    IAM accepts such a statement, and it does nothing, without an error.
    `lambda:CreateEventSourceMapping` takes no resource, so only `Resource: "*"` allows it, never
    the ARN of a function or a queue; to bind it to a function use the condition key
    `lambda:FunctionArn`. An action of one service on the ARN of another (`sqs:SendMessage` on a
    bucket) never matches. A principal is an exact ARN, or `*` alone: in
    `arn:aws:iam::111122223333:role/worker-*` the `*` is no wildcard. IAM refuses such a principal
    in a trust policy and KMS in a key's (`document-invalid`). What SQS does with one in a queue's
    policy is not recorded: that it refuses the policy is reported once and was not reproduced
    (aws/aws-cdk issue 13530, confidence L); if it takes it, it names nobody. SQS takes a statement
    of a queue's policy without `Principal` too, and it matches nobody. A statement that concerns
    neither the mapping's source, its key nor its deployer is a note.

    Source: Service Authorization Reference; IAM guide, reference_policies_elements_principal;
    aws/aws-cdk issue 13530. Confidence: high, low for patterns in a queue's policy.

    <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html>
    <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

    ## Fix

    ```terraform
    statement {
      actions   = ["lambda:CreateEventSourceMapping"]
      resources = ["*"]

      condition {
        test     = "ArnEquals"
        variable = "lambda:FunctionArn"
        values   = [aws_lambda_function.worker.arn]
      }
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """
    yield from said_of_documents(mapping, inventory, "statement-grants-nothing", _of_document)


def _of_document(each: Attached) -> Iterator[Remark]:
    document = each.document
    if isinstance(document, Unknown):
        yield Remark(document.leaves("it is unknown whether every statement grants something"))
    elif not each.of_aws:
        for statement in document.statements:
            if each.place is DocumentPlace.QUEUE:
                for one in if_attached(_nobody(statement), document):
                    yield Remark(one, (statement,))
            if statement.effect is not Effect.DENY:
                said = (*_idle_actions(statement), *_elsewhere(statement))
                if each.place is DocumentPlace.QUEUE:
                    said = (*said, *_without_principal(statement))
                for one in if_attached(_if_it_allows(said, statement), document):
                    yield Remark(one, (statement,))


def _if_it_allows(said: Iterable[Said], statement: Statement) -> Iterator[Said]:
    """Yield what is said of a statement: an unknown where it is unknown whether it allows."""
    effect = statement.effect
    for each in said:
        if isinstance(each, Problem) and isinstance(effect, Unknown):
            yield effect.leaves(f"{each.message}, if its `Effect` is `Allow`")
        else:
            yield each


def _idle_actions(statement: Statement) -> Iterator[Said]:
    resources = statement.resources
    if not resources or any(_is_all(entry) is Truth.YES for entry in resources):
        return  # of a list without members document-invalid speaks
    idle = [
        action
        for entry in statement.actions or ()
        if isinstance(entry, Text)
        and (action := entry.literal or "").lower().startswith(_JUDGED)
        and "*" not in action
        and "?" not in action
        and not actions.takes_resource(action)
    ]
    if not idle:
        yield from _unknown_action(statement)
        return
    names = listed(idle, "and")
    unknowns = next((entry for entry in resources if _is_all(entry) is Truth.MAYBE), None)
    if unknowns is not None:
        hole = unknowns if isinstance(unknowns, Unknown) else unknowns.why_unknown(statement.at)
        yield hole.leaves(f"it is unknown whether {statement} grants anything with {names}")
    else:
        verb = "take no resource" if len(idle) > 1 else "takes no resource"
        yield Problem(
            message=f"{statement} grants nothing with {names} on {_named(statement)}",
            at=statement.at,
            fix=Fix(f'allow {names} on `"*"`, limited by a condition if needed'),
            because=(Evidence(f"{names} {verb}, so only `*` matches", statement.at),),
            subject=statement.document,
        )


def _elsewhere(statement: Statement) -> Iterator[Said]:
    """Yield the actions of a service where every resource is one of another service."""
    services = [_service_of(entry) for entry in statement.resources or ()]
    if not services or None in services:
        return
    idle = [
        action
        for entry in statement.actions or ()
        if isinstance(entry, Text)
        and (action := entry.literal or "").lower().startswith(_JUDGED)
        and action.partition(":")[0].lower() not in services
        and ("*" in action or "?" in action or actions.takes_resource(action))
    ]
    if idle:
        names = listed(idle, "and")
        service = idle[0].partition(":")[0].lower()
        yield Problem(
            message=f"{statement} grants nothing with {names} on {_named(statement)}",
            at=statement.at,
            fix=Fix(f"name the ARN that {names} {'is' if len(idle) == 1 else 'are'} meant for"),
            because=(Evidence(f"no resource of `{service}` has such an ARN", statement.at),),
            subject=statement.document,
        )


def _service_of(entry: Text | Unknown) -> str | None:
    """Return the service that a resource's ARN names for sure, None where it may be any."""
    fields = None if isinstance(entry, Unknown) else entry.split(":", 5)
    if fields is None or len(fields) <= _SERVICE or fields[0].literal != "arn":
        return None
    service = fields[_SERVICE].literal
    plain = service is not None and service.isascii() and service.replace("-", "").isalnum()
    return service.lower() if service is not None and plain else None


_SERVICE = 2


def _unknown_action(statement: Statement) -> Iterator[Said]:
    """Say that an action is unknown: it may be one that takes no resource."""
    for entry in statement.actions or ():
        if isinstance(entry, Text):
            literal = entry.parts[0] if entry.parts and isinstance(entry.parts[0], str) else ""
            hole = entry.unknown(statement.at) if _may_be_judged(literal) else None
        else:
            hole = entry
        if hole is not None:
            why = f"it is unknown whether {statement} grants anything: {hole.why}"
            yield Unknown(why, hole.at, hole.remedy)
            return


def _may_be_judged(beginning: str) -> bool:
    lower = beginning.lower()
    return any(lower.startswith(each) or each.startswith(lower) for each in _JUDGED)


def _is_all(entry: Text | Unknown) -> Truth:
    """Tell whether an entry covers the `*` that an action without resource asks for."""
    first = entry.parts[0] if isinstance(entry, Text) and entry.parts else ""
    if isinstance(entry, Unknown) or isinstance(first, Hole):
        return Truth.MAYBE
    return Truth.of(first[:1] in {"*", "?", "$"})


def _named(statement: Statement) -> str:
    return listed([str(entry) for entry in (statement.resources or ())[:3]], "or")


def _without_principal(statement: Statement) -> Iterator[Said]:
    if statement.principals is None and statement.not_principals is None:
        yield Problem(
            message=f"{statement} names no principal, so it grants nothing",
            at=statement.at,
            fix=Fix("name in `Principal` who is meant, or remove the statement"),
            because=(Evidence("SQS keeps such a statement, and it matches nobody", statement.at),),
            subject=statement.document,
        )


def _nobody(statement: Statement) -> Iterator[Said]:
    for principal in statement.principals or statement.not_principals or ():
        if isinstance(principal, Principal) and is_pattern(principal):
            why = "a principal is not a pattern: SQS refuses the policy, or it matches nobody"
            yield Problem(
                message=f"{statement} names the principal `{principal.value}`, a pattern",
                at=statement.at,
                fix=Fix('name each principal, or `"*"` with `ArnLike` on `aws:PrincipalArn`'),
                because=(Evidence(why, statement.at),),
                subject=statement.document,
            )
