"""The HTML report of many mappings in a headless Chromium: `page.py --mappings 5000`.

It writes a configuration of so many mappings, all with one error and each with two warnings and two
notes, and prints how large the page is, how long it takes to make, until it can be used, and until
what a filter leaves is drawn: each the median of some rounds, in milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tools"))

from headless import browser

MAIN = """provider "aws" {
  region = "eu-west-1"
}

resource "aws_iam_role" "worker" {
  name = "worker"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" }
  }] })
}

resource "aws_iam_role_policy" "read" {
  role = aws_iam_role.worker.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:GetQueueAttributes"], Resource = "*"
  }] })
}
"""
MAPPING = """
resource "aws_sqs_queue" "orders_{n}" {{
  name                       = "orders-{n}"
  visibility_timeout_seconds = 30
}}

resource "aws_lambda_function" "worker_{n}" {{
  function_name = "worker-{n}"
  role          = aws_iam_role.worker.arn
  handler       = "main.handler"
  runtime       = "python3.12"
  filename      = "worker.zip"
  timeout       = 20
}}

resource "aws_lambda_event_source_mapping" "orders_{n}" {{
  event_source_arn = aws_sqs_queue.orders_{n}.arn
  function_name    = aws_lambda_function.worker_{n}.arn
}}
"""
USABLE = """
const [page] = performance.getEntriesByType("navigation");
return page.domContentLoadedEventEnd;
"""
SETTLED = """
const [set, done] = [arguments[0], arguments[1]];
const start = performance.now();
new Function(set)();
requestAnimationFrame(() => {
  const drawn = new MessageChannel(); // heard after the frame is drawn
  drawn.port1.onmessage = () => done(performance.now() - start);
  drawn.port2.postMessage(null);
});
"""
_SET = (
    "const field = document.querySelector('{field}');"
    "field.value = '{value}';"
    "for (const name of ['input', 'change'])"
    " field.dispatchEvent(new Event(name, {{ bubbles: true }}));"
)
_CLICK = "document.querySelector('{field}').click();"
ACTIONS = {
    "search for the first time": _SET.format(field="[name=query]", value="orders_77"),
    "search for what is everywhere": _SET.format(field="[name=query]", value="aws_"),
    "clear the search": _SET.format(field="[name=query]", value=""),
    "filter by a rule": _SET.format(field="[name=rule]", value="dead-letter-queue-missing"),
    "clear the rule": _SET.format(field="[name=rule]", value=""),
    "hide a verdict": _CLICK.format(field="[name=verdict]"),
    "show a verdict": _CLICK.format(field="[name=verdict]"),
    "sort by name": _CLICK.format(field="th[data-key=name] button"),
    "open the details of a mapping": _CLICK.format(field="tbody tr:not([hidden]) .open"),
}


def write(folder: Path, mappings: int) -> None:
    """Write a configuration of so many mappings."""
    blocks = [MAPPING.format(n=n) for n in range(mappings)]
    (folder / "main.tf").write_text("".join([MAIN, *blocks]), encoding="utf-8")


def measure(page: Path, rounds: int) -> dict[str, float]:
    """Return how long it takes until the page can be used, and each action, in milliseconds."""
    taken: dict[str, list[float]] = {}
    for _ in range(rounds):
        with browser() as started:
            start = time.monotonic()
            started.get(page.as_uri())
            loaded = (time.monotonic() - start) * 1000
            taken.setdefault("until it can be used", []).append(started.execute_script(USABLE))
            taken.setdefault("until it is loaded and drawn", []).append(loaded)
            for name, script in ACTIONS.items():
                spent = started.execute_async_script(SETTLED, script)
                taken.setdefault(name, []).append(spent)
    return {name: statistics.median(times) for name, times in taken.items()}


def main() -> None:
    """Measure, and print one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mappings", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, page = Path(place), Path(place) / "report.html"
        write(folder, asked.mappings)
        words = ["plan", place, "--root", place, "--quiet", "--format", f"html={page}"]
        subprocess.run(
            [sys.executable, "-m", "checker", *words], check=False, stderr=subprocess.DEVNULL
        )
        print(f"{asked.mappings} mappings: {page.stat().st_size / 1e6:.2f} MB")
        for name, spent in measure(page, asked.rounds).items():
            print(f"{name:<32} {spent:7.0f} ms")


if __name__ == "__main__":
    main()
