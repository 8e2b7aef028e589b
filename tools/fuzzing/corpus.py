"""Attacks that once got through: each writes its files, and says how they are checked.

To add one, append `Attack(name, write, words)`: `write` gets the trial, writes files below
`trial.repository` (what may not be read below `trial.outside`) and may change the trial otherwise;
`words` follow `tfcheck`, `repo` is the repository. The kind `attack` runs each as it is and, more
often, mutated; `tools/fuzz.py --kind attack` runs nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass

from fuzzing import secrets
from fuzzing.trial import Trial

_MAPPING = """resource "aws_lambda_event_source_mapping" "m" {{
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
  batch_size       = {}
}}
resource "aws_sqs_queue" "q" {{
  name = {}
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = aws_iam_role.r.arn
  timeout       = {}
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
}}
resource "aws_iam_role" "r" {{
  name               = "r"
  assume_role_policy = {}
}}
"""
_TRUST = json.dumps(
    json.dumps(
        {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                }
            ]
        }
    )
)


@dataclass(frozen=True)
class Attack:
    """An attack by its name; `words` are the arguments of the program."""

    name: str
    write: Callable[[Trial], None]
    words: tuple[str, ...] = ("plan", "repo")


def _configuration(
    batch: str = "10", name: str = '"q"', timeout: str = "30", trust: str = _TRUST, more: str = ""
) -> Callable[[Trial], None]:
    """Return what writes a small deployment with expressions in some places."""

    def write(trial: Trial) -> None:
        trial.write("main.tf", _MAPPING.format(batch, name, timeout, trust) + more)

    return write


def _beside(trial: Trial, name: str, template: str) -> str:
    """Write a file outside with a new secret where the template has SECRET; return the secret."""
    secret = secrets.planted(trial.random)
    trial.secrets.append(secret)
    (trial.outside / name).write_text(template.replace("SECRET", secret), encoding="utf-8")
    return secret


# What gets out.


def _link_as_target(trial: Trial) -> None:
    _beside(trial, "secret", "SECRET")
    _configuration(name='file("${path.module}/secret")')(trial)
    os.rename(trial.repository / "main.tf", trial.outside / "main.tf")  # noqa: PTH104 - across folders
    (trial.repository / "infra").symlink_to("../outside")
    (trial.repository / ".git").mkdir()


def _linked(name: str, holds: str) -> Callable[[Trial], None]:
    def write(trial: Trial) -> None:
        _beside(trial, "secret", holds)
        _configuration()(trial)
        (trial.repository / name).symlink_to("../outside/secret")
        (trial.repository / ".git").mkdir()

    return write


def _recursive_link(trial: Trial) -> None:
    _beside(trial, "main.tf", 'resource "aws_sqs_queue" "SECRET" {\n name = "SECRET"\n}\n')
    _configuration()(trial)
    (trial.repository / "infra").symlink_to("..")
    (trial.repository / ".git").mkdir()


def _extending(path: str) -> Callable[[Trial], None]:
    def write(trial: Trial) -> None:
        _beside(trial, "secret.yaml", "SECRET: 1\nrules: {SECRET: SECRET}\n")
        _configuration()(trial)
        trial.write("p.yaml", f"extends: {path}\n")

    return write


def _pipe(name: str) -> Callable[[Trial], None]:
    def write(trial: Trial) -> None:
        _configuration()(trial)
        os.mkfifo(trial.repository / name)

    return write


def _made_of_a_secret(made: str) -> Callable[[Trial], None]:
    def write(trial: Trial) -> None:
        secret = secrets.planted(trial.random)
        trial.secrets.append(secret)
        _configuration(name=made, more='variable "s" {\n  sensitive = true\n}\n')(trial)
        trial.environment["TF_VAR_s"] = secret
        # A mutation may take `sensitive` out of the block.
        trial.words += ["--sensitive-var", "s"]

    return write


def _lone_secret(trial: Trial) -> None:
    secret = secrets.planted(trial.random)
    trial.secrets.append(secret)
    _configuration()(trial)
    trial.words += ["--var", secret]


def _many_long_names(trial: Trial) -> None:
    blocks = (
        f'resource "aws_lambda_event_source_mapping" "{"m" * 2000}{n}" {{\n'
        f' event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:q{n}"\n'
        f' function_name = "{"f" * 60}{n}"\n batch_size = 20000\n}}\n'
        for n in range(120)
    )
    trial.write("main.tf", "".join(blocks))


def _invisible_names(trial: Trial) -> None:
    signs = "\u202e\u200b\u3164\u115f\u2800\U000e0041\u2066"
    _configuration(batch="20000", name=json.dumps(f"a{signs}b", ensure_ascii=False))(trial)


# What hangs.


def _many_mappings(trial: Trial) -> None:
    text = _MAPPING.format("10", '"q"', "30", _TRUST)
    trial.write(
        "main.tf",
        text.replace('"m" {', '"m" {\n  for_each = toset([for i in range(1000) : tostring(i)])', 1),
    )


def _policies(count: int, statements: str, resource: str) -> Callable[[Trial], None]:
    def write(trial: Trial) -> None:
        each = f'{{ Effect = "Allow", Action = "sqs:*", Resource = {resource} }}'
        document = f"jsonencode({{ Statement = [for i in range({statements}) : {each}] }})"
        more = _role_policy(f" count = {count}\n policy = {document}\n")
        _configuration(more=more)(trial)

    return write


def _role_policy(arguments: str) -> str:
    return f'resource "aws_iam_role_policy" "p" {{\n role = aws_iam_role.r.id\n{arguments}}}\n'


def _run(unit: str) -> str:
    return f'locals {{\n  a = "{unit * (200_000 // len(unit))}"\n}}\n'


def _waivers(trial: Trial) -> None:
    _configuration(batch="20000")(trial)
    listed = "".join(
        f"  - {{rule: batch-size-out-of-range, mapping: '{'*a' * 40}{n}b', reason: x}}\n"
        for n in range(1000)
    )
    trial.write("p.yaml", f"waivers:\n{listed}")


# What breaks.


def _raw(name: str, content: bytes) -> Callable[[Trial], None]:
    def write(trial: Trial) -> None:
        trial.write(name, content)

    return write


def _both(name: str, content: str) -> Callable[[Trial], None]:
    """Return what writes a deployment whose batch size is a variable, and a file beside it."""

    def write(trial: Trial) -> None:
        _configuration(batch="var.n", more='variable "n" {\n}\n')(trial)
        trial.write(name, content)

    return write


ATTACKS: tuple[Attack, ...] = (
    Attack("the target is a link out", _link_as_target, ("plan", "repo/infra")),
    Attack(
        "a link to the folder above, recursive", _recursive_link, ("plan", "repo", "--recursive")
    ),
    Attack("a configuration is a link out", _linked("x.tf", "SECRET {\n}\nSECRET\n")),
    Attack("variables are a link out", _linked("terraform.tfvars", "SECRET = 1\nSECRET\n")),
    Attack(".tfcheck.yaml is a link out", _linked(".tfcheck.yaml", "SECRET: SECRET\n")),
    Attack(
        "a baseline is a link out",
        _linked("b.json", '{"SECRET": "SECRET"}'),
        ("plan", "repo", "--baseline", "repo/b.json"),
    ),
    Attack(
        "a policy is a link out",
        _linked("p.yaml", "SECRET: SECRET\n"),
        ("plan", "repo", "--policy", "repo/p.yaml"),
    ),
    Attack(
        "a plan is a link out", _linked("p.json", '{"SECRET": "SECRET"}'), ("plan", "repo/p.json")
    ),
    Attack(
        "a file of variables is a link out",
        _linked("v.tfvars", "SECRET\n"),
        ("plan", "repo", "--var-file", "repo/v.tfvars"),
    ),
    Attack(
        "a policy extends a file outside",
        _extending("../outside/secret.yaml"),
        ("plan", "repo", "--policy", "repo/p.yaml"),
    ),
    Attack(
        "a policy extends a device",
        _extending("/dev/zero"),
        ("plan", "repo", "--policy", "repo/p.yaml"),
    ),
    Attack(
        "a policy extends standard input",
        _extending("/dev/stdin"),
        ("plan", "repo", "--policy", "repo/p.yaml"),
    ),
    Attack("the configuration is a pipe", _pipe("x.tf")),
    Attack("variables are a pipe", _pipe("terraform.tfvars")),
    Attack("a plan is a pipe", _pipe("p.json"), ("plan", "repo/p.json")),
    Attack("a plan beside is a pipe", _pipe("p.json"), ("plan", "repo", "--plan", "repo/p.json")),
    Attack("a policy is a pipe", _pipe("p.yaml"), ("plan", "repo", "--policy", "repo/p.yaml")),
    *(
        Attack(f"a secret in {made}", _made_of_a_secret(made))
        for made in (
            "var.s",
            'join("-", split("", var.s))',
            "keys({ (var.s) = 1 })[0]",
            'regex("(...)", var.s)[0]',
            "substr(var.s, 0, 7)",
            "tonumber(var.s)",
            "var.s + 1",
            "base64encode(var.s)",
            "sha256(var.s)",
        )
    ),
    Attack("a secret as `--var`", _lone_secret),
    Attack("120 long names", _many_long_names),
    Attack("a name of invisible characters", _invisible_names),
    *(
        Attack(f"a batch size of {made}", _configuration(batch=made))
        for made in (
            "1e1000000000",
            "-1e1000000000",
            "-(1e1000000000)",
            "1e999999999 * 10",
            "9" * 5000,
            'length([for i in range(1000): format("%9999999s", i)])',
            'length(sort([for i in range(1000) : format("%999s", "x")]))',
            'length(regexall("a*b", join("", [for j in range(100000) : "a"])))',
            'length(csvdecode(join("\\n", [for j in range(100000) : "a,b,c"])))',
            'length(base64gzip(join("", [for j in range(900) : format("%99999s", "x")])))',
            'length(urlencode(join("", [for j in range(900) : format("%99999s", "x")])))',
            'length([for i in range(100000) : sensitive("x${i}")])',
            "length(setproduct(range(1000), range(1000)))",
            "pow(10, 1000000000)",
            'parseint("9", 10) * 1e400',
            "length(flatten([for i in range(1000) : range(1000)]))",
            "length(jsonencode([for i in range(1000) : [for j in range(1000) : i]]))",
            'length(replace(join("", [for j in range(100000) : "a"]), "", "xxxxxxxxxxxx"))',
            'length(cidrsubnets("10.0.0.0/8", [for i in range(1000) : 20]...))',
            "length(" + "upper(" * 400 + '"x"' + ")" * 401,
        )
    ),
    Attack(
        "texts that double over an unknown",
        _configuration(
            name="local.l30",
            more='variable "u" {\n}\nlocals {\n l0 = "${var.u}x"\n'
            + "".join(f' l{n + 1} = "${{local.l{n}}}${{local.l{n}}}"\n' for n in range(30))
            + "}\n",
        ),
    ),
    Attack(
        "a huge number in tfvars",
        _both("terraform.tfvars", "n = 1e1000000000\n"),
    ),
    Attack(
        "a huge number in JSON",
        _raw(
            "main.tf.json",
            b'{"resource":{"aws_lambda_event_source_mapping":{"m":{"batch_size":1e1000000000}}}}',
        ),
    ),
    Attack("1,000 mappings of one queue", _many_mappings),
    Attack(
        "100 policies of 100 statements", _policies(100, "100", '"arn:aws:sqs:*:*:*a?*a?*${i}"')
    ),
    Attack(
        "patterns of a thousand stars",
        _policies(1, "10", 'join("", [for j in range(1000) : "*a?"])'),
    ),
    Attack("1,000 waivers of many stars", _waivers, ("plan", "repo", "--policy", "repo/p.yaml")),
    Attack("a provider without a label", _configuration(more="provider {\n}\n")),
    Attack(
        "an action of 300 letters",
        _configuration(
            more=_role_policy(
                f' policy = jsonencode({{ Statement = [{{ Effect = "Allow", Resource = "*",'
                f' Action = "{"s" * 300}:Get" }}] }})\n'
            )
        ),
    ),
    *(
        Attack(f"a long run of {unit!r}", _configuration(more=_run(unit)))
        for unit in ("x", " ", "a.", "$${", "/*", "##[", "`", "::", "\u200b", "*", "{", "data ")
    ),
    Attack("4,301 digits", _configuration(batch="1" * 4301)),
    Attack("brackets 50,000 deep", _configuration(batch="(" * 50_000 + "1" + ")" * 50_000)),
    Attack("JSON 50,000 deep", _raw("main.tf.json", b'{"a":' * 50_000)),
    Attack(
        "plan JSON 50,000 deep",
        _raw("p.json", b'{"format_version":"1.2","a":' + b"[" * 50_000),
        ("plan", "repo/p.json"),
    ),
    Attack(
        "a baseline of numbers",
        _both("b.json", '{"schema":"tfcheck.baseline/1","findings":[1e999999]}'),
        ("plan", "repo", "--baseline", "repo/b.json"),
    ),
)
