"""`fileset` beside what it does not match: providers are links out of the repository."""

from checker.sources.terraform.load import load

MAIN = """
resource "aws_sqs_queue" "one" {
  name = one(fileset(path.module, "*.csv"))
}
"""


def test_a_link_that_leads_out_and_does_not_match_hides_no_file(tmp_path):
    root = tmp_path / "root"
    providers = root / ".terraform/providers"
    providers.mkdir(parents=True)
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache/provider").write_text("")
    (providers / "aws").symlink_to(tmp_path / "cache")
    (providers / "file").symlink_to(tmp_path / "cache/provider")
    (root / "main.tf").write_text(MAIN)
    (root / "orders.csv").write_text("")
    (queue,) = load(root, root).queues
    assert str(queue.arn).endswith(":orders.csv")
