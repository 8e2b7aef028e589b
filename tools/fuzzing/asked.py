"""How a trial is asked to be checked: the command line that most kinds have."""

from __future__ import annotations

from collections.abc import Sequence

from fuzzing.trial import OUT, REPOSITORY, Trial

FORMATS = ("text", "sarif", "junit", "gitlab", "github", "markdown")
_HTML_SHARE, _VERBOSE_SHARE, _ROOTED = 1 / 12, 1 / 8, 0.7


def plan(trial: Trial, path: str = REPOSITORY, words: Sequence[str] = ()) -> None:
    """Ask for `tfcheck plan`: JSON to standard output, and one or two other formats to files."""
    if trial.random.random() < _ROOTED:
        (trial.repository / ".git").mkdir(exist_ok=True)
    trial.words = ["plan", path, *words]
    report(trial)


def report(trial: Trial) -> None:
    """Ask for reports, in addition to what is asked for."""
    random = trial.random
    wanted = [random.choice(FORMATS)]
    if random.random() < _HTML_SHARE:
        wanted.append("html")
    if random.random() < _VERBOSE_SHARE:
        trial.words.append("--verbose")
    trial.words += ["--format", "json"]
    for name in wanted:
        trial.words += ["--format", f"{name}={trial.folder / OUT / name}"]
