"""Which blocks of plan JSON have `count` or `for_each`, where it shows no expression."""

import pytest

from checker.sources.terraform.plan.configured import repeated_blocks


@pytest.mark.parametrize(
    ("address", "path", "block", "kind"),
    [
        ('aws_a.b["x"]', "", "aws_a.b", "for_each"),
        ("aws_a.b[0]", "", "aws_a.b", "count"),
        ("data.aws_a.b[1]", "", "data.aws_a.b", "count"),
        ('module.m["k"].aws_a.b', "", "module.m", "for_each"),
        ("module.m.aws_a.b[0]", "m", "aws_a.b", "count"),
        ("module.m.module.n[0].aws_a.b", "m", "module.n", "count"),
        ('module.m[0].module.n.aws_a.b["a.b[0]"]', "m.n", "aws_a.b", "for_each"),
        ('aws_a.b["arn:aws:iam::aws:policy/x.y"]', "", "aws_a.b", "for_each"),
    ],
)
def test_the_keys_of_addresses_tell_how_a_block_is_repeated(address, path, block, kind):
    assert repeated_blocks([address])[path][block] == kind


def test_an_address_without_keys_tells_nothing():
    assert repeated_blocks(["aws_a.b", "module.m.aws_a.b"]) == {}
