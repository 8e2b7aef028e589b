"""Comparing calls with installed packages is bounded: both are a stranger's to number."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from checker.sources.terraform.configuration import installed
from checker.sources.terraform.configuration.installed import Installed, ModuleCall, ModulePlace

ENTRIES = 100


@pytest.fixture
def found(monkeypatch):
    """Return what looks a call up among packages of one source, in versions 1.0 to 1.99."""
    entries = [
        {"Key": f"k{n}", "Source": "a/b/c", "Version": f"1.{n}", "Dir": f"d{n}"}
        for n in range(ENTRIES)
    ]
    files = SimpleNamespace(
        read=lambda _: json.dumps({"Modules": entries}).encode(),
        inside=lambda directory: directory,
        configuration=lambda directory: ([directory / "main.tf"], []),
    )
    monkeypatch.setattr(installed, "MOST_COMPARED", 3 * ENTRIES)
    here = Installed(Path("root"), files, ".terraform")
    return lambda version: here.find(ModuleCall("m", "a/b/c", version))


def test_what_is_compared_up_to_the_bound_is_found(found):
    assert isinstance(found("1.99"), ModulePlace)
    for _ in range(2):
        assert "is not installed" in found("2.0")
    assert isinstance(found("1.0"), str), "all that was spent before counts"
    assert "more than 300 installed packages" in found("1.0")


def test_a_long_constraint_counts_for_many_packages(found):
    long = ", ".join([">= 1.0"] * 1_000)
    assert isinstance(found(">= 1.0"), ModulePlace)
    assert "more than 300 installed packages" in found(long)
