"""Whole files of Terraform as their blocks."""

from checker.sources.terraform.language.scan import RawBlock, split


def scan(text, source, *, quick=False):
    parts = split(text, source, quick=quick, pass_over=False)
    return tuple(part for part in parts if isinstance(part, RawBlock))
