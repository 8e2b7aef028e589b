"""Hostile configurations: a clear error or an unknown, soon, and nothing outside the root read."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.sampled(3)


HEAD = """
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:q"
  function_name    = "f"
  batch_size       = VALUE
}
"""
LOCALS = "locals {\n" + "".join(
    [
        "  a = local.b\n  b = local.a\n  l0 = [1]\n  s0 = 10\n",
        *(f"  l{n} = [{', '.join([f'local.l{n - 1}'] * 10)}]\n" for n in range(1, 12)),
        *(f'  s{n} = "{f"${{local.s{n - 1}}}" * 10}"\n' for n in range(1, 12)),
        "  laughs = local.l11\n  shout = local.s11\n}\n",
    ]
)
MOST_SECONDS = 10  # of a processor, however busy the machine: nothing here takes more than 1
MOST_BYTES = 500 * 1024 * 1024
EIGHT = ",".join(["range(1000)"] * 8)


@pytest.fixture
def plan(tmp_path):
    """Run the program on some files, in a process of its own with bounded memory and time."""

    def bounded():
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))

    def plan(files, *words):
        for name, text in files.items():
            path = tmp_path / "root" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text) if isinstance(text, bytes) else path.write_text(text, "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "checker", "plan", "root", "--root", "root", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=bounded,
        )
        assert "Traceback" not in done.stderr
        assert "fault of tfcheck" not in done.stderr
        assert done.returncode >= 0, "it took too long"
        return done

    return plan


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("length(range(1000000000))", "range"),
        (f"length(setproduct({EIGHT}))", "more than 100000 elements"),
        ("length([for a in range(1000) : [for b in range(1000) : range(1000)]])", ""),
        ('length(join(",", [for a in range(1000) : join(",", range(1000))]))', ""),
        ("length(flatten([for a in range(1000) : range(1000)]))", ""),
        ("length(jsonencode(local.laughs))", "parts"),
        ("length(jsonencode([local.laughs == local.laughs, local.laughs]))", "steps"),
        ("length(local.shout)", "characters"),
        ("9999999999 * 9999999999", ""),
        ("pow(10, 1000000000)", ""),
        ('length(regexall("(a*)*b", join("", [for a in range(1000) : "aaaaaaaaaa"])))', ""),
        ("local.a", "refers to itself"),
        ('length(file("../secret"))', "outside the repository root"),
        ('length(file("/etc/passwd"))', "outside the repository root"),
        ('length(file("link"))', "outside the repository root"),
        ('length(templatefile("../secret", {}))', "outside the repository root"),
        ('length(fileset("..", "**"))', "outside the repository root"),
        ('length(fileset("/", "**"))', "outside the repository root"),
        ("[" * 10_000 + "]" * 10_000, "deeper"),
        ("(" * 10_000 + "1" + ")" * 10_000, "deeper"),
        ("!" * 10_000 + "true", ""),
        ("-" * 10_000 + "1", ""),
        ("1 ? " * 5_000 + "1" + ": 1" * 5_000, ""),
        ('"' + '${"' * 3_000 + '"}' * 3_000 + '"', ""),
        ("a" + ".b" * 50_000, ""),
        ("a" + "[0]" * 10_000, ""),
        ("1" + " + 1" * 20_000, ""),
    ],
)  # fmt: skip
def test_a_hostile_expression_is_answered_soon(plan, tmp_path, value, words):
    (tmp_path / "secret").write_text("hush-hush")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "link").symlink_to("../secret")
    done = plan({"main.tf": HEAD.replace("VALUE", value) + LOCALS})
    assert "hush" not in done.stdout + done.stderr
    assert words in done.stdout + done.stderr
    if done.returncode == 2:
        assert "nothing was checked" in done.stderr
    else:
        assert "ready" not in done.stdout.split("aws_lambda")[0]


def test_a_module_that_calls_itself_is_refused(plan):
    done = plan({"main.tf": 'module "m" {\n  source = "./"\n}\n'})
    assert (done.returncode, "calls itself" in done.stderr) == (2, True)


def test_two_modules_that_call_each_other_are_refused(plan):
    done = plan(
        {
            "main.tf": 'module "m" {\n  source = "./a"\n}\n',
            "a/main.tf": 'module "m" {\n  source = "../b"\n}\n',
            "b/main.tf": 'module "m" {\n  source = "../a"\n}\n',
        }
    )
    assert (done.returncode, "calls itself" in done.stderr) == (2, True)


def test_modules_that_multiply_are_bounded(plan):
    nested = 'module "m" {\n  source = "./m"\n  count = 1000\n}\n'
    files = {"main.tf": nested} | {f"{'m/' * n}main.tf": nested for n in range(1, 8)}
    files[f"{'m/' * 8}main.tf"] = HEAD.replace("VALUE", "1")
    done = plan(files)
    assert (done.returncode, "more than" in done.stderr) == (2, True)


def test_a_module_outside_the_root_is_not_read(plan, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "main.tf").write_text(HEAD.replace("VALUE", "1"))
    done = plan({"main.tf": 'module "m" {\n  source = "../outside"\n}\n'})
    assert done.returncode == 2  # there may be mappings in it
    assert "outside the repository root" in done.stdout
    assert "aws_lambda_event_source_mapping" not in done.stdout


def test_an_installed_module_outside_the_root_is_not_read(plan, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "main.tf").write_text(HEAD.replace("VALUE", "1"))
    done = plan(
        {
            "main.tf": 'module "m" {\n  source = "a/b/aws"\n}\n',
            ".terraform/modules/modules.json": '{"Modules":[{"Key":"m","Dir":"../outside"}]}',
        }
    )
    assert done.returncode == 2  # there may be mappings in it
    assert "outside the repository root" in done.stdout


def test_a_configuration_that_is_a_link_out_of_the_root_is_refused(plan, tmp_path):
    (tmp_path / "secret.tf").write_text('locals {\n  a = "hush-hush\n}\n')
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "main.tf").symlink_to("../secret.tf")
    done = plan({})
    assert (done.returncode, "outside the repository root" in done.stderr) == (2, True)
    assert "hush" not in done.stderr


def test_a_hundred_megabytes_are_refused(plan, tmp_path):
    (tmp_path / "root").mkdir()
    with Path(tmp_path, "root", "main.tf").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    done = plan({})
    assert (done.returncode, "larger than" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "text",
    [
        b"\xff\xfe\x00\x01",
        b"\x00" * 1_000_000,
        b"{" * 100_000,
        b'"' * 100_000,
        b"/*" * 100_000,
        b"<<A\n" * 50_000,
        b"x {\n" * 50_000,
        b'x "a" ' * 50_000,
        b"x = <<A\n${" * 20_000,
        b"# " + b"a" * 10_000_000,
        b"locals {\n" + b"a = 1\n" * 20_000 + b"}\n",
    ],
    ids=range(11),
)
def test_a_hostile_file_is_answered_soon(plan, text):
    assert plan({"main.tf": text}).returncode in (0, 2)


@pytest.mark.parametrize("word", ["x", "x-", "é"])
def test_a_long_word_among_locals_is_read_once(plan, word):
    text = f'locals {{\n  a = "{word * 150_000}"\n}}\n'
    done = plan({"main.tf": HEAD.replace("VALUE", "local.b") + text})
    assert (done.returncode, "`b` has not been declared" in done.stdout) == (1, True)


def test_a_hostile_json_file_is_answered_soon(plan):
    deep = '{"a":' * 50_000
    assert plan({"main.tf.json": deep}).returncode == 2
