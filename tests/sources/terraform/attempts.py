"""One run of the program in a process of its own, with bounded memory and time."""

import contextlib
import io
import os
import resource
import sys
import tempfile
from pathlib import Path

import attacks

from checker.cli import main

MOST_SECONDS = 30  # of a processor; three times what any of them may take
MOST_BYTES = 1536 * 1024 * 1024


def run(words, root, out, err):
    """Run the program in a directory and end the process with its exit code."""
    code = 99
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        os.chdir(root)
        for place, number in ((out, 1), (err, 2)):
            os.dup2(os.open(place, os.O_WRONLY | os.O_CREAT), number)
        sys.stdout, sys.stderr = (os.fdopen(n, "w", encoding="utf-8") for n in (1, 2))
        code = main(words)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def load():
    """Load what a run loads, once for all processes that are forked from this one."""
    value = 'length(yamldecode("a")) + length(regexall("a", jsonencode(uuid())))'
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        held = attacks.HEAD.replace("VALUE", value) + 'variable "v" {}\n'
        Path(folder, "main.tf").write_text(held, "utf-8")
        with contextlib.redirect_stdout(io.StringIO()):
            main(["plan", folder, "--root", folder])
            Path(folder, "terraform.tfvars").write_text("v = 1 1\n", "utf-8")
            main(["plan", folder, "--root", folder])


if "pytest" not in sys.modules:  # it is the server that the processes are forked from
    load()
