"""Where the files of `policies/` are, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path


def folder() -> Path:
    """Return the folder `policies/`: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "policies"
    return installed if installed.is_dir() else package.parent / "policies"
