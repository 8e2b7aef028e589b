"""Kind of input: what lies where files are looked for: links, pipes, directories, odd names."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from random import Random

from fuzzing import asked
from fuzzing.seeds import Seed, scenarios
from fuzzing.trial import Trial

_RARELY = 0.2


def layout(trial: Trial) -> None:
    """What lies where files are looked for: links, pipes, directories, names that are none."""
    random = trial.random
    seed = random.choice(scenarios())
    trial.said.append(seed.name)
    trial.lay(seed.files)
    (trial.outside / "main.tf").write_text(
        'resource "aws_sqs_queue" "out" {\n}\n', encoding="utf-8"
    )
    words = list(seed.words)
    path = "repo"
    for _ in range(random.choice((1, 1, 2, 3))):
        how = random.choice(sorted(_LAID))
        trial.said.append(how)
        _LAID[how](trial, seed, random)
    if random.random() < _RARELY:
        path = "repo/link"
        if not (trial.repository / "link").exists():
            (trial.repository / "link").symlink_to("../outside")
    if random.random() < _RARELY:
        words.append("--recursive")
    asked.plan(trial, path, words)
    (trial.repository / ".git").mkdir(exist_ok=True)


def _swap(make: Callable[[Path], object], *names: str) -> Callable[[Trial, Seed, Random], None]:
    """Put something where a file of the seed stands, or under another name."""

    def lay(trial: Trial, seed: Seed, random: Random) -> None:
        name = random.choice(names or tuple(sorted(seed.files)))
        file = trial.repository / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_dir() and not file.is_symlink():
            return
        file.unlink(missing_ok=True)
        make(file)

    return lay


_TF = (
    "z.tf",
    "z.tf.json",
    "terraform.tfvars",
    "z.auto.tfvars",
    ".tfcheck.yaml",
    "z_override.tf",
    ".terraform",
    "fifo",
)


def _socket(file: Path) -> None:
    """Make a socket, by its name alone: a path to one is short."""
    here = Path.cwd()
    os.chdir(file.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(file.name)
    finally:
        os.chdir(here)


def _many(folder: Path) -> None:
    folder.mkdir()
    for n in range(300):
        (folder / f"f{n}.tf").write_text(f'variable "v{n}" {{\n}}\n', encoding="utf-8")


def _deep(folder: Path) -> None:
    for _ in range(60):
        folder.mkdir()
        folder = folder / "d"
    (folder.parent / "main.tf").write_text('provider "aws" {\n}\n', encoding="utf-8")


def _odd_name(trial: Trial, _seed: Seed, random: Random) -> None:
    name = random.choice(
        (
            b"\xff\xfe.tf",
            b"a\nb.tf",
            b"\x1b[31m.tf",
            "\u202efx.tf".encode(),
            b" .tf",
            b".tf",
            b"a" * 250 + b".tf",
            b"::error::.tf",
            b"-rf.tf",
            b"a\\b.tf",
            b"<img src=x>.tf",
        )
    )
    content = b'resource "aws_lambda_event_source_mapping" "odd" {\n  batch_size = 0\n}\n'
    Path(os.fsdecode(os.fsencode(trial.repository) + b"/" + name)).write_bytes(content)


def _unreadable(file: Path) -> None:
    file.write_text("x", encoding="utf-8")
    file.chmod(0)


_LAID: dict[str, Callable[[Trial, Seed, Random], None]] = {
    "a pipe": _swap(os.mkfifo),
    "a pipe of another name": _swap(os.mkfifo, *_TF),
    "a socket": _swap(_socket, *_TF),
    "a directory": _swap(lambda file: file.mkdir()),
    "a directory of another name": _swap(lambda file: file.mkdir(), *_TF),
    "a link out": _swap(lambda file: file.symlink_to("../outside/main.tf"), *_TF),
    "a link to a device": _swap(lambda file: file.symlink_to("/dev/zero"), *_TF),
    "a link to standard input": _swap(lambda file: file.symlink_to("/dev/stdin"), *_TF),
    "a link to nothing": _swap(lambda file: file.symlink_to("nothing"), *_TF),
    "a link to itself": _swap(lambda file: file.symlink_to(file.name), *_TF),
    "a link to the folder": _swap(lambda file: file.symlink_to("."), "link", "sub", ".terraform"),
    "a link to the folder above": _swap(lambda file: file.symlink_to(".."), "link", "sub"),
    "an empty file": _swap(lambda file: file.write_bytes(b"")),
    "a file of zeros": _swap(lambda file: file.write_bytes(b"\0" * 100_000), *_TF),
    "a file that nobody may read": _swap(_unreadable, *_TF),
    "many files": _swap(_many, "many"),
    "deep folders": _swap(_deep, "deep"),
    "an odd name": _odd_name,
}
