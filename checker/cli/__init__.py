"""The command line: arguments in, exit code out; the only place that prints."""

from checker.cli.main import main

__all__ = ["main"]
