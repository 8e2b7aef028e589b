"""What attaches documents is told in one order, whatever Python hashes."""

from samples import a_queue, a_role, place

from checker.iam.document import Document, Documents
from checker.model.order import makers


def test_what_attaches_documents_comes_in_their_order():
    ids = [f"aws_iam_role_policy.p{n}" for n in range(20)]
    role = a_role(
        identity=Documents(tuple(Document(each, place(n + 1)) for n, each in enumerate(ids)))
    )
    own = Document("aws_sqs_queue.orders", place(1))
    queue = a_queue(policy=Documents((own, Document("aws_sqs_queue_policy.q", place(30)))))
    assert makers(role, queue) == (*ids, "aws_sqs_queue_policy.q")
