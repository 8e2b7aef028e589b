"""The rule `document-invalid`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.iam.document import Document
from checker.iam.odd_characters import PATTERN
from checker.iam.validity import refusals
from checker.knowledge.partial import Invalid, Unknown
from checker.model import EventSourceMapping, Inventory
from checker.rules._documents import (
    OF_IAM,
    OF_KMS,
    Attached,
    Remark,
    if_attached,
    said_of_documents,
)
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="refuses the document")
def document_invalid(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """AWS refuses a policy document that the mapping rests on.

    ## Why

    A document must be JSON of the policy grammar: an object with `Statement`, each with `Effect`
    and `Action` and what its place demands. An identity document names a `Resource` and no
    `Principal`; a key's or trust document names a `Principal`, a trust document names no
    `Resource`. AWS refuses all others with `MalformedPolicyDocument` (IAM), with
    `MalformedPolicyDocumentException` (KMS) or with `InvalidAttributeValue: Invalid value for the
    parameter Policy` (SQS), in the middle of an apply. It refuses a principal without account id
    too (`arn:aws:iam:::root`), which a variable that is not set leaves. A principal is no pattern:
    IAM refuses `role/worker-*` in a trust policy, KMS in a key's. SQS refuses an action that it
    does not have in a queue's policy, the batch forms among them, as recorded once in 2016:

        InvalidParameterValue: Value SQS:ChangeMessageVisibilityBatch for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions.

    IAM and KMS take no character above U+00FF, such as a dash or quote that was pasted from a text:
    their service models say so, and the answer of IAM Identity Center, whose pattern is the same,
    is recorded (terraform-provider-aws issue 32010); IAM's own is not recorded. For a queue's
    policy no set of characters is documented.

    AWS refuses a document as a whole. One in which no statement concerns the mapping's source, its
    key or its deployer is a note.

    Source: IAM guide, reference_policies_grammar; SQS and KMS API references; cloudtools/awacs
    issue 34; botocore's service models. Confidence: high, medium for actions that SQS does not have.

    <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

    ## Fix

    Write the document as data, so that it is JSON whatever is in it:

    ```terraform
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = aws_sqs_queue.orders.arn
      }]
    })
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    yield from said_of_documents(mapping, inventory, "document-invalid", _of_document)


def _of_document(each: Attached) -> Iterator[Remark]:
    """Yield what AWS refuses: it refuses a document as a whole, with every statement in it."""
    document = each.document
    about = document.statements if isinstance(document, Document) else ()
    yield from (Remark(said, about) for said in _refusals(each))


def _refusals(each: Attached) -> Iterator[Said]:
    document = each.document
    if isinstance(document, Invalid):
        yield Problem(
            message=f"AWS refuses the document: {document.why}",
            at=document.at,
            fix=Fix(document.remedy),
            because=(Evidence(f"AWS answers `{each.refusal}`"),),
        )
    elif isinstance(document, Unknown):
        yield document.leaves("it is unknown whether AWS accepts the document")
    elif not each.of_aws:
        yield from if_attached(_refused(document, each), document)


def _refused(document: Document, where: Attached) -> Iterator[Said]:
    if document.odd is not None and where.refusal in (OF_IAM, OF_KMS):
        yield Problem(
            message=f"AWS refuses the document `{document.id}`: {document.odd.why}",
            at=document.odd.at,
            fix=Fix(document.odd.remedy),
            because=(Evidence(f"AWS's service model takes `{PATTERN}`", document.odd.at),),
            subject=document.id,
        )
    for statement, why in refusals(document, where.place):
        if isinstance(why, Unknown) and not isinstance(why, Invalid):
            yield why.leaves(f"it is unknown whether AWS accepts {statement}")
            continue
        yield Problem(
            message=f"AWS refuses {statement}: {why.why if isinstance(why, Invalid) else why}",
            at=statement.at,
            fix=Fix(why.remedy if isinstance(why, Invalid) else "correct the statement"),
            because=(Evidence(f"AWS answers `{where.refusal}`", statement.at),),
            subject=statement.document,
        )
