"""`--changed-since` compares findings: new or worse ones are reported, wherever they are."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from repositories import commit, git, new, plant
from scenarios import scenario

from checker.cli import main

pytestmark = pytest.mark.sampled(4)


READ, HIDE = "role-cannot-read-queue", "visibility-timeout-below-function-timeout"
MAPPING = "aws_lambda_event_source_mapping.orders"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty repository in the current directory."""
    monkeypatch.chdir(new(tmp_path / "work"))
    return Path.cwd()


def put(name, place="."):
    """Copy the configuration of a scenario."""
    source = scenario(name)
    for file in (*source.rglob("*.tf"), *source.rglob("*.tfvars")):
        target = Path(place) / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.read_text())


def edit(file, *pairs):
    text = Path(file).read_text()
    for old, new_ in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text
        text = text.replace(old, new_)
    Path(file).write_text(text)


def _with_count(text, *, on):
    """Give every resource a `count` and name it by its key."""
    if not on:
        return text
    text = re.sub(r'(resource "\w+" "\w+" \{)', r"\1\n  count = 1", text)
    return re.sub(r"(?<!depends_on = \[)\b(aws_\w+\.\w+)\.(arn|id|name)\b", r"\1[0].\2", text)


def run(capsys, *words, since="HEAD"):
    code = main(["plan", *words, f"--changed-since={since}", "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def said(report, *severities):
    wanted = severities or ("error", "warning")
    return sorted(each["rule"] for each in report["findings"] if each["severity"] in wanted)


def was(report):
    return {each["id"]: each["was"] for each in report["mappings"] if "was" in each}


class TestWhatIsReported:
    def test_what_the_commit_has_too_is_not(self, place, capsys):
        put("orders-broken")
        commit(place)
        code, report = run(capsys)
        assert (code, report["findings"], was(report)) == (0, [], {})
        assert report["unchanged"] > 2
        assert report["mappings"][0]["verdict"] == "blocked"
        assert report["compared"]["fixed"] == 0

    def test_a_verdict_that_got_worse_stands_beside_what_it_was(self, place, capsys):
        put("orders")
        commit(place)
        edit("iam.tf", '"sqs:DeleteMessage",', "")
        code, report = run(capsys)
        assert (code, said(report), was(report)) == (1, [READ], {MAPPING: "ready"})

    def test_a_known_fault_that_gets_worse_is_new(self, place, capsys):
        put("orders-broken")
        commit(place)
        edit("iam.tf", '"sqs:ReceiveMessage",', "")
        code, report = run(capsys)
        assert (code, said(report, "error"), was(report)) == (1, [READ], {})
        assert report["compared"]["fixed"] == 0

    def test_an_unknown_that_becomes_a_problem_is_new(self, place, capsys):
        put("arn-from-an-unset-variable")
        commit(place)
        assert run(capsys)[0] == 0
        report = run(capsys, "--var", "arn=arn:aws:sqs:eu-west-1:111122223333:other")[1]
        assert was(report) == {}, "the base is given the same"
        text = next(f for f in Path().glob("*.tf") if 'variable "arn"' in f.read_text())
        edit(
            text, 'variable "arn" {', 'variable "arn" {\n  default = "arn:aws:sqs:eu-west-1:1:x"\n'
        )
        code, report = run(capsys)
        assert code == 1
        assert READ in said(report, "error")
        assert set(was(report).values()) == {"undecided"}

    def test_what_is_fixed_is_counted(self, place, capsys):
        put("orders-broken")
        commit(place)
        edit("queue.tf", "visibility_timeout_seconds = 30", "visibility_timeout_seconds = 360")
        code, report = run(capsys)
        assert (code, report["findings"], report["compared"]["fixed"]) == (0, [], 1)

    @pytest.mark.parametrize("order", ["comes", "goes"])
    def test_a_count_that_comes_or_goes_blames_no_old_error(self, place, capsys, order):
        put("orders-broken")
        counted, plain = (
            {each: _with_count(each.read_text(), on=on) for each in Path().glob("*.tf")}
            for on in (True, False)
        )
        before, after = (plain, counted) if order == "comes" else (counted, plain)
        for file, text in before.items():
            file.write_text(text)
        commit(place)
        for file, text in after.items():
            file.write_text(text)
        code, report = run(capsys)
        assert (code, report["findings"], was(report)) == (0, [], {})

    def test_an_old_error_that_gets_better_blames_no_change(self, place, capsys):
        put("orders-broken")
        edit("iam.tf", '"sqs:ReceiveMessage",', "")
        commit(place)
        edit(
            "iam.tf", '"sqs:GetQueueAttributes",', '"sqs:GetQueueAttributes", "sqs:ReceiveMessage",'
        )
        edit("queue.tf", "visibility_timeout_seconds = 30", "visibility_timeout_seconds = 40")
        code, report = run(capsys)
        assert (code, report["findings"], was(report)) == (0, [], {})

    def test_a_warning_makes_a_ready_mapping_worse_and_the_run_fail(self, place, capsys):
        put("orders")
        commit(place)
        edit("queue.tf", "visibility_timeout_seconds = 180", "visibility_timeout_seconds = 60")
        code, report = run(capsys, "--fail-on", "error")
        assert (code, was(report)) == (1, {MAPPING: "ready"})

    def test_a_waiver_that_goes_makes_its_finding_new(self, place, capsys):
        put("orders-broken")
        edit("queue.tf", 'resource "aws_sqs_queue" "orders"', f"# tfcheck: ignore[{HIDE}] slow\n"
             'resource "aws_sqs_queue" "orders"')  # fmt: skip
        commit(place)
        edit("queue.tf", f"# tfcheck: ignore[{HIDE}] slow\n", "")
        assert said(run(capsys)[1], "error") == [HIDE]

    def test_a_new_mapping_brings_all_that_is_wrong_with_it(self, place, capsys):
        put("orders-broken")
        commit(place)
        text = Path("function.tf").read_text()
        start = text.index('resource "aws_lambda_event_source_mapping"')
        Path("second.tf").write_text(text[start:].replace('mapping" "orders"', 'mapping" "second"'))
        code, report = run(capsys)
        assert code == 1
        assert {READ, HIDE} < set(said(report))

    def test_unknown_instances_are_worse_than_those_that_were(self, place, capsys):
        put("for-each-over-channels")
        commit(place)
        file = next(f for f in Path().glob("*.tf") if "for_each" in f.read_text())
        text = file.read_text()
        line = next(each for each in text.split("\n") if "for_each" in each)
        text = text.replace(line, "  for_each = var.channels_of_today")
        file.write_text(text + '\nvariable "channels_of_today" {\n  type = set(string)\n}\n')
        code, report = run(capsys)
        assert code == 1
        assert was(report)

    def test_a_baseline_stands_beside_it(self, place, capsys):
        put("orders-broken")
        commit(place)
        edit("iam.tf", '"sqs:ReceiveMessage",', "")
        assert main(["plan", "--write-baseline", "known.json"]) == 0
        capsys.readouterr()
        edit("queue.tf", "visibility_timeout_seconds = 30", "visibility_timeout_seconds = 20")
        code, report = run(capsys, "--baseline", "known.json")
        assert (code, said(report, "error")) == (1, [HIDE])
        assert len(report["baseline"]["gone"]) == 1


def rename_file():
    Path("iam.tf").rename("roles.tf")


def move_lines():
    for file in Path().glob("*.tf"):
        file.write_text("# one\n\n# two\n" + file.read_text().replace("  ", "    "))


def join_files():
    whole = "\n".join(file.read_text() for file in sorted(Path().glob("*.tf")))
    for file in Path().glob("*.tf"):
        file.unlink()
    Path("all.tf").write_text(whole)


def rename_with_moved():
    for file in Path().glob("*.tf"):
        text = file.read_text()
        for old, new_ in (("aws_sqs_queue.orders", "aws_sqs_queue.main"),
                          ('"aws_sqs_queue" "orders"', '"aws_sqs_queue" "main"')):  # fmt: skip
            text = text.replace(old, new_)
        file.write_text(text.replace("main_dead", "orders_dead"))
    Path("moved.tf").write_text(
        "moved {\n  from = aws_sqs_queue.orders\n  to = aws_sqs_queue.main\n}\n"
    )


def move_mapping():
    edit("function.tf", '_mapping" "orders"', '_mapping" "this"')
    Path("moved.tf").write_text(
        f"moved {{\n  from = {MAPPING}\n  to = aws_lambda_event_source_mapping.this\n}}\n"
    )


def move_mapping_in_json():
    edit("function.tf", '_mapping" "orders"', '_mapping" "this"')
    moved = {"moved": {"from": MAPPING, "to": "aws_lambda_event_source_mapping.this"}}
    Path("moved.tf.json").write_text(json.dumps(moved))


def count_one():
    edit("function.tf", '_mapping" "orders" {', '_mapping" "orders" {\n  count = 1\n')


def write_the_default():
    edit("queue.tf", "  visibility_timeout_seconds = 30\n", "")
    commit(Path.cwd())
    edit("queue.tf", '"orders" {\n', '"orders" {\n  visibility_timeout_seconds = 30\n')


NEUTRAL = (rename_file, move_lines, join_files, rename_with_moved, move_mapping,
           move_mapping_in_json, count_one, write_the_default)  # fmt: skip


@pytest.mark.parametrize("change", NEUTRAL, ids=lambda each: each.__name__)
@pytest.mark.parametrize("strict", [False, True])
def test_a_known_fault_is_the_same_wherever_it_stands(place, capsys, change, strict):
    put("orders-broken")
    commit(place)
    change()
    code, report = run(capsys, *(["--strict"] if strict else []))
    assert (code, report["findings"], was(report)) == (0, [], {})
    assert report["compared"]["fixed"] == 0


def test_a_moved_block_hides_no_other_fault(place, capsys):
    """A mapping is not moved to one that is there."""
    put("orders")
    text = Path("function.tf").read_text()
    start = text.index('resource "aws_lambda_event_source_mapping"')
    bad = text[start:].replace('mapping" "orders"', 'mapping" "bad"')
    bad = bad.replace("batch_size       = 10", "batch_size = 20000")
    edit("function.tf", "batch_size       = 10", "batch_size = 10")
    Path("bad.tf").write_text(bad)
    commit(place)
    Path("bad.tf").write_text(
        f"moved {{\n  from = aws_lambda_event_source_mapping.bad\n  to = {MAPPING}\n}}\n"
    )
    edit("function.tf", "batch_size = 10", "batch_size = 20000")
    code, report = run(capsys)
    assert code == 1
    assert "batch-size-out-of-range" in said(report)


class TestRoots:
    @pytest.mark.parametrize("recursive", [True, False])
    def test_one_that_moved_is_the_same(self, place, capsys, recursive):
        put("orders-broken", "live/old")
        put("orders", "live/kept")
        commit(place)
        Path("live/old").rename("live/new")
        words = ("live", "--recursive") if recursive else ("live/new",)
        code, report = run(capsys, *words)
        assert (code, report["findings"], was(report)) == (0, [], {})
        assert report["unchanged"]

    def test_one_that_moved_and_broke_is_worse(self, place, capsys):
        put("orders", "live/old")
        put("orders", "live/kept")
        commit(place)
        Path("live/old").rename("live/new")
        edit("live/new/iam.tf", '"sqs:DeleteMessage",', "")
        code, report = run(capsys, "live", "--recursive")
        assert (code, said(report, "error")) == (1, [READ])
        assert was(report) == {f"new:{MAPPING}": "ready"}

    def test_all_below_a_folder_that_moved_are_the_same(self, place, capsys):
        put("orders-broken", "terraform/a")
        put("module-structured", "terraform/b/c")
        commit(place)
        Path("terraform").rename("infra")
        code, report = run(capsys, "infra", "--recursive")
        assert (code, report["findings"], was(report)) == (0, [], {})

    @pytest.mark.parametrize("recursive", [True, False])
    def test_one_that_is_new_is_reported_whole(self, place, capsys, recursive):
        put("orders", "live/old")
        commit(place)
        put("orders-broken", "live/new")
        words = ("live", "--recursive") if recursive else ("live/new",)
        code, report = run(capsys, *words)
        assert (code, said(report, "error")) == (1, [READ, HIDE])
        assert bool(report["compared"]["unread"]) is not recursive

    def test_one_that_is_gone_is_fixed(self, place, capsys):
        put("orders-broken", "live/old")
        put("orders", "live/kept")
        commit(place)
        shutil.rmtree("live/old")
        code, report = run(capsys, "live", "--recursive")
        assert (code, report["findings"]) == (0, [])
        assert report["compared"]["fixed"] > 1

    def test_a_moved_module_directory_is_the_same(self, place, capsys):
        put("module-structured")
        edit("main.tf", "timeout = 20", "timeout = 20000")
        commit(place)
        Path("modules/worker").rename("modules/function")
        edit("main.tf", "./modules/worker", "./modules/function")
        code, report = run(capsys)
        assert (code, report["findings"]) == (0, [])


class TestWhatIsGiven:
    def prepare(self, place, value="111122223333:other"):
        put("arn-from-an-unset-variable")
        Path("prod.tfvars").write_text(f'arn = "arn:aws:sqs:eu-west-1:{value}"\n')
        commit(place)

    def test_a_file_of_variables_is_that_of_the_commit(self, place, capsys):
        put("arn-from-an-unset-variable")
        queue = run_full(capsys)["mappings"][0]["queue"]["arn"]
        Path("prod.tfvars").write_text(f'arn = "{queue.replace("{account}", "*")}"\n')
        commit(place)
        assert run(capsys, "--var-file", "prod.tfvars")[0] == 0
        Path("prod.tfvars").write_text('arn = "arn:aws:sqs:eu-west-1:111122223333:other"\n')
        code, report = run(capsys, "--var-file", "prod.tfvars")
        assert (code, said(report, "error")) == (1, [READ])

    @pytest.mark.parametrize("tracked", [False, True])
    def test_one_that_git_does_not_track_is_given_to_both(self, place, capsys, tracked):
        self.prepare(place)
        Path("prod.tfvars").rename("local.tfvars")
        git("rm", "-q", "--cached", "prod.tfvars")
        git("commit", "-qm", "x")
        if tracked:
            git("add", "local.tfvars")
        code, report = run(capsys, "--var-file", "local.tfvars")
        assert code == int(tracked)
        (said_of,) = report["compared"]["unread"]
        assert ("does not track" in said_of) == (not tracked)

    def test_one_that_is_renamed_is_the_same(self, place, capsys):
        self.prepare(place)
        Path("prod.tfvars").rename("production.tfvars")
        git("add", "-A")
        code, report = run(capsys, "--var-file", "production.tfvars")
        assert (code, report["findings"]) == (0, [])

    def test_a_variable_that_the_commit_does_not_declare_is_given_to_none(self, place, capsys):
        put("orders-broken")
        commit(place)
        Path("variables.tf").write_text('variable "new" {}\n')
        code, report = run(capsys, "--var", "new=x", "--sensitive-var", "new")
        assert (code, report["findings"]) == (0, [])

    def test_a_deployer_that_the_commit_does_not_have_is_new(self, place, capsys):
        put("orders-broken")
        commit(place)
        Path("deployer.tf").write_text(
            'resource "aws_iam_role" "deployer" {\n  name = "d"\n  assume_role_policy = "{}"\n}\n'
        )
        code, report = run(capsys, "--deployer", "aws_iam_role.deployer")
        assert code == 1
        assert READ not in said(report)
        assert {each for each in said(report, "error") if each.startswith("deployer")}
        assert "aws_iam_role.deployer" in report["compared"]["unread"][0]

    def test_variables_that_git_leaves_out_are_those_of_both(self, place, capsys):
        put("arn-from-an-unset-variable")
        Path(".gitignore").write_text("*.tfvars\n")
        commit(place)
        Path("terraform.tfvars").write_text('arn = "arn:aws:sqs:eu-west-1:111122223333:other"\n')
        code, report = run(capsys)
        assert (code, report["findings"]) == (0, [])
        assert report["mappings"][0]["verdict"] == "blocked"
        assert "terraform.tfvars" in report["compared"]["unread"][0]


class TestInstalled:
    MANIFEST = ".terraform/modules/modules.json"
    CALL = """module "worker" {
  source  = "acme/worker/aws"
  version = "~> 2.1"

  name      = "orders"
  queue_arn = "arn:aws:sqs:eu-west-1:111122223333:orders"
  timeout   = 3
}
"""

    def install(self, root, source="registry.terraform.io/acme/worker/aws"):
        inside = scenario("module-structured") / "modules/worker"
        shutil.copytree(inside, Path(root) / ".terraform/modules/worker", dirs_exist_ok=True)
        entry = {"Key": "worker", "Source": source, "Version": "2.1.4",
                 "Dir": ".terraform/modules/worker"}  # fmt: skip
        (Path(root) / self.MANIFEST).write_text(json.dumps({"Modules": [entry]}))

    def test_modules_of_a_root_that_moved_serve_where_it_was(self, place, capsys):
        commit(place, {".gitignore": ".terraform/\n", "old/main.tf": self.CALL})
        Path("old").rename("new")
        self.install("new")
        code, report = run(capsys, "new")
        assert (code, report["findings"], report["compared"]["unread"]) == (0, [], [])

    def test_a_data_directory_elsewhere_serves_both(self, place, capsys, tmp_path, monkeypatch):
        commit(place, {"main.tf": self.CALL})
        self.install(tmp_path / "data")
        (tmp_path / "data/.terraform/modules").rename(tmp_path / "data/modules")
        manifest = tmp_path / "data/modules/modules.json"
        manifest.write_text(manifest.read_text().replace('".terraform', f'"{tmp_path}/data'))
        monkeypatch.setenv("TF_DATA_DIR", str(tmp_path / "data"))
        edit("main.tf", "timeout   = 3", "timeout   = 2000")
        code, report = run(capsys)
        assert (code, report["compared"]["unread"]) == (1, [])


class TestStates:
    def test_a_state_beside_a_configuration_serves_both_if_git_does_not_track_it(
        self, place, capsys
    ):
        put("orders-broken")
        commit(place)
        state = {"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "x",
                 "outputs": {}, "resources": []}  # fmt: skip
        Path("terraform.tfstate").write_text(json.dumps(state))
        code, report = run(capsys, "--state", "terraform.tfstate")
        assert (code, report["findings"], report["compared"]["why"]) == (0, [], None)
        git("add", "-A")
        code, report = run(capsys, "--state", "terraform.tfstate")
        assert (code, report["findings"], report["compared"]["why"]) == (0, [], None)
        assert "does not have it" in report["compared"]["unread"][0]


def run_full(capsys, *words):
    main(["plan", *words, "--format", "json"])
    return json.loads(capsys.readouterr().out)


class TestWhatCannotBeRead:
    def test_a_commit_that_is_no_terraform_leaves_nothing_out(self, place, capsys):
        put("orders-broken")
        commit(place, {"bad.tf": "{{{"})
        Path("bad.tf").unlink()
        code, report = run(capsys)
        assert (code, said(report, "error"), report["unchanged"]) == (1, [READ, HIDE], 0)
        assert "bad.tf" in report["compared"]["why"]

    def test_a_shallow_clone_leaves_nothing_out_and_says_how_to_fetch_the_rest(
        self, place, capsys, tmp_path, monkeypatch
    ):
        put("orders-broken")
        commit(place)
        git("checkout", "-q", "-b", "work")
        commit(place, {"x": "x"})
        clone = tmp_path / "shallow"
        for depth, since in (("--depth=1", "origin/main"), ("--depth=1", git("rev-parse", "main"))):
            monkeypatch.chdir(place)
            git("clone", "-q", depth, "--no-single-branch", f"file://{place}", str(clone))
            monkeypatch.chdir(clone)
            code, report = run(capsys, since=since)
            assert (code, said(report, "error")) == (1, [READ, HIDE])
            assert "fetch-depth: 0" in report["compared"]["why"]
            shutil.rmtree(clone)

    def test_a_clone_without_files_leaves_nothing_out(self, place, capsys, tmp_path, monkeypatch):
        put("orders-broken")
        commit(place)
        edit("queue.tf", "visibility_timeout_seconds = 30", "visibility_timeout_seconds = 20")
        commit(place)
        git("config", "uploadpack.allowFilter", "true")
        clone = tmp_path / "partial"
        git("clone", "-q", "--filter=blob:none", f"file://{place}", str(clone))
        monkeypatch.chdir(clone)
        code, report = run(capsys, since="HEAD~1")
        assert (code, said(report, "error")) == (1, [READ, HIDE])
        assert "partial clone" in report["compared"]["why"]

    @pytest.mark.parametrize("reference", ["missing", "--output=stolen", "-x", "HEAD~5"])
    def test_a_name_that_no_commit_has_stops_the_run(self, place, capsys, reference):
        put("orders")
        commit(place)
        assert main(["plan", f"--changed-since={reference}"]) == 2
        assert "nothing was checked" in capsys.readouterr().err
        assert not Path("stolen").exists()

    def test_where_no_repository_is_the_run_stops(self, place, capsys):
        put("orders")
        for file in (place / ".git").rglob("HEAD"):
            file.unlink()
        assert main(["plan", "--changed-since=HEAD"]) == 2
        given = capsys.readouterr().err
        assert "is in no git repository" in given
        assert "nothing was checked" in given

    def test_every_format_says_so(self, place, capsys):
        put("orders-broken")
        commit(place, {"bad.tf": "{{{"})
        Path("bad.tf").unlink()
        for name in ("text", "json", "sarif", "junit", "github", "markdown", "summary", "html"):
            main(["plan", "--changed-since=HEAD", "--format", name])
            assert "everything is reported" in capsys.readouterr().out or name == "json"

    def test_every_format_says_what_the_verdict_was(self, place, capsys):
        put("orders")
        commit(place)
        edit("iam.tf", '"sqs:DeleteMessage",', "")
        for name in ("text", "sarif", "junit", "gitlab", "github", "markdown", "summary", "html"):
            main(["plan", "--changed-since=HEAD", "--format", name])
            out = capsys.readouterr().out
            assert "worse (was ready)" in out, name
            assert "new" in out, name

    def test_what_is_new_is_marked(self, place, capsys):
        put("orders")
        commit(place)
        edit("iam.tf", '"sqs:DeleteMessage",', "")
        main(["plan", "--changed-since=HEAD", "--format", "json"])
        assert [each["new"] for each in json.loads(capsys.readouterr().out)["findings"]] == [True]
        main(["plan", "--changed-since=HEAD", "--format", "sarif"])
        (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
        assert result["baselineState"] == "new"
        for name, said in {
            "text": "new error[role-cannot-read-queue]",
            "markdown": "<b>new error</b>",
            "html": '<span class="badge">new error</span>',
            "github": "title=role-cannot-read-queue (new)",
            "gitlab": "new: role",
            "junit": "new: role",
        }.items():
            main(["plan", "--changed-since=HEAD", "--format", name])
            assert said in capsys.readouterr().out, name

    def test_what_a_change_fixes_is_counted_in_words(self, place, capsys):
        put("orders")
        sound = Path("iam.tf").read_text()
        commit(place)
        edit("iam.tf", '"sqs:DeleteMessage",', "")
        commit(place)
        Path("iam.tf").write_text(sound)
        for name in ("text", "markdown", "summary", "html", "sarif", "junit"):
            main(["plan", "--changed-since=HEAD", "--format", name])
            assert "0 new, 0 worse, 1 fixed by this change" in capsys.readouterr().out, name


class TestPlans:
    PLAN = Path(__file__).parent.parent / "fixtures/plans/first/plan.json"

    @pytest.mark.parametrize("ignored", [False, True])
    def test_one_that_the_commit_does_not_have_is_new(self, place, capsys, ignored):
        commit(place, {".gitignore": "*.json\n" if ignored else ""})
        Path("plan.json").write_text(self.PLAN.read_text())
        _, report = run(capsys, "plan.json")
        assert report["findings"] == run_full(capsys, "plan.json")["findings"]
        assert report["unchanged"] == 0
        assert report["compared"]["why"]

    def test_one_that_the_commit_has_is_compared(self, place, capsys):
        Path("plan.json").write_text(self.PLAN.read_text())
        commit(place)
        code, report = run(capsys, "plan.json")
        assert (code, report["findings"]) == (0, [])
        assert report["unchanged"]


class TestHistory:
    def test_what_the_branch_changed_counts_not_what_others_did(self, place, capsys):
        put("orders")
        commit(place)
        git("checkout", "-q", "-b", "others")
        edit("queue.tf", "visibility_timeout_seconds = 180", "visibility_timeout_seconds = 18")
        commit(place)
        git("checkout", "-q", "-b", "work", "main")
        edit("iam.tf", '"sqs:DeleteMessage",', "")
        commit(place)
        assert said(run(capsys, since="others")[1], "error") == [READ]

    @pytest.mark.parametrize("attributed", [False, True])
    def test_nothing_that_the_repository_names_is_run(self, place, capsys, attributed):
        put("orders")
        commit(place)
        ran = place.with_name("ran")
        attributes = plant(place, ran)
        if attributed:
            Path(".gitattributes").write_text(attributes)
        edit("iam.tf", '"sqs:DeleteMessage",', "")
        assert said(run(capsys, since="main")[1], "error") == [READ]
        assert not ran.exists()

    def test_no_process_is_started(self, place, capsys, monkeypatch):
        put("orders")
        commit(place)
        monkeypatch.setattr("os.posix_spawn", None)
        monkeypatch.setattr("subprocess.Popen.__init__", None)
        monkeypatch.setattr("os.fork", None)
        assert run(capsys)[0] == 0
