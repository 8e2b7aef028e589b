"""A value of any length is shown as far as a person reads it."""

from checker.knowledge.partial import Known, Location
from checker.knowledge.sensitive import SensitiveString
from checker.rules.rule import with_place
from checker.sources.terraform.modules.provider_values import refused

AT = Location("main.tf", 1, 1)


def test_a_long_text_is_shown_by_its_beginning():
    assert with_place(Known("q" * 100_000, AT)) == "q" * 200 + "... (main.tf:1)"
    said = refused("aws_sqs_queue", "deduplication_scope", "q" * 100_000)
    assert said is not None
    assert said.endswith("got " + "q" * 200 + "...")


def test_a_sensitive_text_is_shown_alike_whatever_its_length():
    shown = with_place(Known(SensitiveString("q" * 1_000), AT))
    assert not shown.removesuffix(" (main.tf:1)").endswith("...")
