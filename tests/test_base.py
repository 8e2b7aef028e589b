"""What a run with `--base` is judged by: a commit, never what a pull request makes of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from repositories import commit, git, new, plant
from scenarios import scenario

from checker.cli import main

pytestmark = pytest.mark.sampled(3)


ROOT = Path(__file__).parent.parent
BROKEN, READ = "visibility-timeout-below-function-timeout", "role-cannot-read-queue"
QUEUE = 'resource "aws_sqs_queue" "orders" {'
MAPPING = 'resource "aws_lambda_event_source_mapping" "orders" {'


@pytest.fixture(autouse=True)
def repository(tmp_path, monkeypatch):
    """A repository with the broken scenario in `infra`, committed as `base`."""
    top = new(tmp_path / "work")
    monkeypatch.chdir(top)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    Path("infra").mkdir()
    for file in scenario("orders-broken").glob("*.tf"):
        (Path("infra") / file.name).write_text(file.read_text())
    commit(top)
    tag()
    return top


def tag():
    git("tag", "-f", "base")


def merged(files=None):
    """Commit what is there, as the commit that counts."""
    commit(".", files)
    tag()


def run(capsys, *words, target="infra", base="base"):
    code = main(["plan", target, f"--base={base}", *words, "--format", "json"])
    shown = capsys.readouterr()
    assert shown.out, shown.err
    return code, json.loads(shown.out)


def stopped(capsys, *words, base="base"):
    assert main(["plan", "infra", f"--base={base}", *words]) == 2
    shown = capsys.readouterr()
    assert "nothing was checked" in shown.err
    assert not shown.out
    return shown.err


def found(report, *, waived):
    wanted = [each for each in report["findings"] if each["rule"] in (BROKEN, READ)]
    return sorted(each["rule"] for each in wanted if (each["waived"] is not None) is waived)


def above(file, header, comment):
    text = Path(file).read_text()
    assert header in text
    Path(file).write_text(text.replace(header, f"{comment}\n{header}", 1))


def waiver(rules=BROKEN, reason="it is being replaced", until=""):
    return f"# tfcheck: ignore[{rules}] {reason}{f' until={until}' if until else ''}"


class TestConfiguration:
    def test_that_of_the_commit_counts_and_that_of_the_working_tree_does_not(self, capsys):
        merged({".tfcheck.yaml": "policy: aws-2019\n"})
        Path(".tfcheck.yaml").write_text("policy: strict\n")
        (Path("infra") / ".tfcheck.yaml").write_text("policy: strict\n")
        assert run(capsys)[1]["policy"] == "aws-2019"

    def test_one_that_the_commit_does_not_have_is_not_read(self, capsys):
        Path(".tfcheck.yaml").write_text("policy: strict\nno: such key\n")
        assert run(capsys)[1]["policy"] == "current"

    def test_the_nearest_counts(self, capsys):
        merged({".tfcheck.yaml": "policy: aws-2019\n", "infra/.tfcheck.yaml": "policy: strict\n"})
        Path("infra/.tfcheck.yaml").unlink()
        assert run(capsys)[1]["policy"] == "strict"

    def test_a_directory_that_the_commit_does_not_have_is_below_one_that_it_has(self, capsys):
        merged({".tfcheck.yaml": "policy: aws-2019\n"})
        shutil.copytree("infra", "other/new")
        assert run(capsys, target="other/new")[1]["policy"] == "aws-2019"

    def test_what_is_named_is_that_of_the_commit(self, capsys):
        merged({"ours/set.yaml": "policy: aws-2019\n"})
        Path("ours/set.yaml").write_text("policy: strict\n")
        assert run(capsys, "--config", "ours/set.yaml")[1]["policy"] == "aws-2019"

    def test_variable_files_are_those_of_the_working_tree(self, capsys):
        text = Path("infra/queue.tf").read_text().replace("= 30", "= var.s")
        merged({
            "infra/queue.tf": text + 'variable "s" {\n  type = number\n}\n',
            ".tfcheck.yaml": "var-file: [infra/s.tfvars]\n",
            "infra/s.tfvars": "s = 30\n",
        })  # fmt: skip
        assert BROKEN in found(run(capsys)[1], waived=False)
        Path("infra/s.tfvars").write_text("s = 360\n")
        assert BROKEN not in found(run(capsys)[1], waived=False)

    @pytest.mark.parametrize("text", ["policy: ../../x.yaml\n", "baseline: /etc/passwd\n"])
    def test_it_does_not_lead_out_of_the_repository(self, capsys, text):
        merged({".tfcheck.yaml": text})
        assert "leads out of the repository" in stopped(capsys)

    def test_a_link_in_the_commit_is_followed_there_and_not_out_of_it(self, capsys, tmp_path):
        (tmp_path / "secret.yaml").write_text("hunter2: x\n")
        Path("link.yaml").symlink_to(tmp_path / "secret.yaml")
        merged({".tfcheck.yaml": "policy: ./link.yaml\n"})
        shown = stopped(capsys)
        assert "leads out" in shown
        assert "hunter" not in shown


class TestPolicy:
    OFF = f"rules: {{{BROKEN}: off, {READ}: off}}\n"

    def test_a_file_of_the_repository_is_that_of_the_commit(self, capsys):
        merged({"ours.yaml": "name: then\n"})
        Path("ours.yaml").write_text(f"name: now\n{self.OFF}")
        code, report = run(capsys, "--policy", "./ours.yaml")
        assert (code, report["policy"]) == (1, "then")
        Path("ours.yaml").unlink()
        assert run(capsys, "--policy", "ours.yaml")[1]["policy"] == "then"
        assert run(capsys, "--policy", str(Path("ours.yaml").absolute()))[1]["policy"] == "then"

    def test_what_it_extends_is_that_of_the_commit(self, capsys):
        merged({"p/ours.yaml": "name: o\nextends: ./under.yaml\n", "p/under.yaml": "name: u\n"})
        Path("p/under.yaml").write_text(self.OFF)
        assert len(found(run(capsys, "--policy", "p/ours.yaml")[1], waived=False)) == 2

    def test_one_that_the_commit_does_not_have_stops_the_run(self, capsys):
        Path("ours.yaml").write_text(self.OFF)
        assert "has no such file" in stopped(capsys, "--policy", "./ours.yaml")

    def test_one_that_lies_elsewhere_is_read_from_disk(self, capsys, tmp_path):
        (tmp_path / "theirs.yaml").write_text("name: theirs\n")
        assert run(capsys, "--policy", "../theirs.yaml")[1]["policy"] == "theirs"

    def test_another_spelling_of_the_path_is_the_same_file(self, capsys, tmp_path):
        merged({"ours.yaml": "name: then\n"})
        Path("ours.yaml").write_text("name: now\n")
        (tmp_path / "alias").symlink_to(tmp_path / "work")
        named = str(tmp_path / "alias" / "infra" / ".." / "ours.yaml")
        assert run(capsys, "--policy", named)[1]["policy"] == "then"

    def test_a_link_into_the_repository_is_no_way_round(self, capsys, tmp_path):
        Path("ours.yaml").write_text("name: now\n")
        (tmp_path / "theirs.yaml").symlink_to("work/ours.yaml")
        assert "link into the repository" in stopped(capsys, "--policy", "../theirs.yaml")

    def test_links_of_the_working_tree_do_not_count(self, capsys):
        """A link to the shipped policies would make a file extend nothing, and so check nothing."""
        merged({"p/ours.yaml": "name: then\n"})
        shutil.rmtree("p")
        Path("p").symlink_to(ROOT / "policies")
        code, report = run(capsys, "--policy", "p/ours.yaml")
        assert (code, report["policy"]) == (1, "then")
        assert len(found(report, waived=False)) == 2

    def test_its_waivers_count(self, capsys):
        line = f"  - {{rule: {BROKEN}, mapping: '*', reason: ours}}\n"
        merged({"ours.yaml": f"waivers:\n{line}"})
        Path("ours.yaml").write_text(f"waivers:\n{line}{line.replace(BROKEN, READ)}")
        assert found(run(capsys, "--policy", "./ours.yaml")[1], waived=True) == [BROKEN]


class TestBaseline:
    def test_it_is_that_of_the_commit(self, capsys):
        merged({"known.json": '{"schema": "tfcheck.baseline/1", "findings": []}'})
        main(["plan", "infra", "--write-baseline", "known.json"])
        capsys.readouterr()
        code, report = run(capsys, "--baseline", "known.json")
        assert (code, report["baseline"]["known"]) == (1, 0)
        merged()
        assert run(capsys, "--baseline", "known.json")[0] == 0

    def test_writing_one_is_of_the_working_tree_alone(self, capsys):
        assert "--write-baseline" in stopped(capsys, "--write-baseline", "known.json")
        assert not Path("known.json").exists()


class TestWaivers:
    def test_one_that_the_commit_has_counts(self, capsys):
        above("infra/queue.tf", QUEUE, waiver())
        merged()
        _, report = run(capsys)
        assert found(report, waived=True) == [BROKEN]
        assert "proposed" not in report

    def test_one_that_it_does_not_have_is_proposed_and_does_not_waive(self, capsys):
        above("infra/queue.tf", QUEUE, waiver(until="2999-01-01"))
        code, report = run(capsys)
        assert (code, found(report, waived=True)) == (1, [])
        place = {"line": 1, "column": 1, "end-line": 1, "end-column": 99}
        assert report["proposed"] == [
            {
                "rules": [BROKEN],
                "address": "aws_sqs_queue.orders",
                "reason": "it is being replaced",
                "until": "2999-01-01",
                "location": {"file": "infra/queue.tf", **place},
            }
        ]
        assert "waiver-unused" not in {each["rule"] for each in report["findings"]}

    @pytest.mark.parametrize("format_", ["text", "markdown", "html", "sarif"])
    def test_people_are_shown_what_is_proposed(self, capsys, format_):
        above("infra/queue.tf", QUEUE, waiver())
        main(["plan", "infra", "--base=base", "--format", format_])
        out = capsys.readouterr().out
        assert "waives nothing until it is merged" in out
        assert "it is being replaced" in out

    def test_waivers_of_the_working_tree_may_be_trusted(self, capsys):
        above("infra/queue.tf", QUEUE, waiver())
        _, report = run(capsys, "--trust-waivers")
        assert found(report, waived=True) == [BROKEN]
        assert "proposed" not in report

    def test_none_count_where_none_may(self, capsys):
        above("infra/queue.tf", QUEUE, waiver())
        _, report = run(capsys, "--no-inline-waivers")
        assert "proposed" not in report
        assert found(report, waived=True) == []

    def test_moved_lines_and_a_renamed_file_keep_it(self, capsys):
        above("infra/queue.tf", QUEUE, waiver())
        merged()
        text = Path("infra/queue.tf").read_text()
        Path("infra/queue.tf").unlink()
        Path("infra/renamed.tf").write_text("\n\n# more\n" + text)
        assert found(run(capsys)[1], waived=True) == [BROKEN]

    @pytest.mark.parametrize("header", [QUEUE, MAPPING])
    def test_moved_to_another_block_it_is_another(self, capsys, header):
        other = 'resource "aws_sqs_queue" "other" {'
        Path("infra/other.tf").write_text(f'{waiver()}\n{other}\n  name = "o"\n}}\n')
        merged()
        Path("infra/other.tf").write_text(f'{other}\n  name = "o"\n}}\n')
        file = "infra/queue.tf" if header == QUEUE else "infra/function.tf"
        above(file, header, waiver())
        _, report = run(capsys)
        assert found(report, waived=True) == []
        assert len(report["proposed"]) == 1

    @pytest.mark.parametrize(
        ("before", "after", "proposed"),
        [
            (waiver(), waiver(reason="another"), [BROKEN]),
            (waiver(until="2999-01-01"), waiver(until="2999-01-02"), [BROKEN]),
            (waiver(until="2999-01-01"), waiver(), [BROKEN]),
            (waiver(until="2999-01-02"), waiver(until="2999-01-01"), []),
            (waiver(), waiver(until="2999-01-01"), []),
            (waiver(f"{BROKEN}, {READ}"), waiver(), []),
            (waiver(f"{BROKEN},{READ}"), waiver(f"{READ}, {BROKEN}"), []),
            (waiver(), waiver(f"{BROKEN}, {READ}"), [READ]),
            (waiver(READ), waiver(), [BROKEN]),
            (waiver(), f"{waiver()}\n{waiver(READ)}", [READ]),
            (waiver(), waiver().replace("#", "//"), []),
        ],
    )
    def test_more_of_it_is_proposed_and_less_is_not(self, capsys, before, after, proposed):
        above("infra/function.tf", MAPPING, before)
        merged()
        text = Path("infra/function.tf").read_text()
        Path("infra/function.tf").write_text(text.replace(before, after))
        _, report = run(capsys)
        assert [rule for each in report.get("proposed", []) for rule in each["rules"]] == proposed
        waived = [rule for rule in (READ, BROKEN) if rule in after and rule not in proposed]
        assert found(report, waived=True) == sorted(waived)

    def test_one_that_can_waive_nothing_is_wrong_not_proposed(self, capsys):
        above("infra/queue.tf", QUEUE, waiver("no-such-rule"))
        above("infra/queue.tf", QUEUE, waiver(until="2020-01-01"))
        _, report = run(capsys)
        assert "proposed" not in report
        assert [e["rule"] for e in report["findings"]].count("waiver-unused") == 2

    def test_one_at_the_call_of_a_module_and_one_inside_it(self, capsys):
        above("infra/queue.tf", QUEUE, waiver())
        call = 'module "orders" {\n  source = "../infra"\n}\n'
        merged({"root/main.tf": f"{waiver(READ)}\n{call}"})
        _, report = run(capsys, target="root")
        assert found(report, waived=True) == [READ, BROKEN]
        Path("root/main.tf").write_text(f"{waiver(READ)}\n{call.replace('orders', 'renamed')}")
        _, report = run(capsys, target="root")
        assert found(report, waived=True) == [BROKEN]
        shutil.copytree("infra", "copy")
        Path("root/main.tf").write_text(call.replace("../infra", "../copy"))
        _, report = run(capsys, target="root")
        assert found(report, waived=True) == []
        assert report["proposed"][0]["location"]["file"] == "copy/queue.tf"

    def test_each_root_module_has_its_own(self, capsys):
        above("infra/queue.tf", QUEUE, waiver())
        merged()
        shutil.copytree("infra", "second")
        _, report = run(capsys, "--recursive", target=".")
        assert found(report, waived=True) == [BROKEN]
        assert [e["location"]["file"] for e in report["proposed"]] == ["second/queue.tf"]

    def test_the_root_may_be_a_directory_of_the_repository(self, capsys):
        above("infra/queue.tf", QUEUE, waiver())
        merged()
        _, report = run(capsys, "--root", "infra")
        assert found(report, waived=True) == [BROKEN]

    def test_a_file_of_the_commit_that_is_no_terraform_waives_nothing(self, capsys):
        above("infra/queue.tf", QUEUE, waiver())
        merged({"infra/bad.tf": "{{{"})
        Path("infra/bad.tf").unlink()
        assert run(capsys)[0] == 1

    @pytest.mark.parametrize("known", [False, True])
    @pytest.mark.parametrize("beside", [False, True])
    def test_those_of_a_saved_plan_are_judged_alike(self, capsys, tmp_path, known, beside):
        """Where its configuration does not lie beside it, it is not known what it was made of."""
        folder = ROOT / "fixtures/saved-plans/first"
        shutil.copytree(folder / "config", "app")
        header = 'resource "aws_lambda_event_source_mapping" "this" {'
        comment = waiver("whole-batch-retried")
        if known:
            above("app/modules/worker/main.tf", header, comment)
        merged()
        if not known:
            above("app/modules/worker/main.tf", header, comment)
        plan = Path("app/plan.tfplan" if beside else "plan.tfplan")
        module = "tfconfig/m-worker/main.tf"
        with ZipFile(folder / "plan.tfplan") as old, ZipFile(plan, "w") as made:
            for name in old.namelist():
                data = old.read(name)
                if name == module:
                    data = Path("app/modules/worker/main.tf").read_bytes()
                made.writestr(name, data)
        _, report = run(capsys, target=str(plan))
        waived = {each["rule"] for each in report["findings"] if each["waived"]}
        counts = known and beside
        assert waived == ({"whole-batch-retried"} if counts else set())
        assert len(report.get("proposed", [])) == (0 if counts else 1)


class TestSensitive:
    SECRET = "orders-of-hunter2"  # noqa: S105 - of no use to anyone
    VARIABLE = 'variable "name" {\n  type = string\n  sensitive = true\n}\n'

    def prepare(self):
        text = Path("infra/queue.tf").read_text()
        name = next(line for line in text.split("\n") if line.strip().startswith("name "))
        merged({
            "infra/queue.tf": text.replace(name, "  name = var.name", 1),
            "infra/variables.tf": self.VARIABLE,
        })  # fmt: skip
        Path("infra/variables.tf").write_text(self.VARIABLE.replace("  sensitive = true\n", ""))

    @pytest.mark.parametrize("option", ["--base=base", "--changed-since=base"])
    @pytest.mark.parametrize("recursive", [False, True])
    def test_what_the_commit_marks_stays_so(self, capsys, option, recursive):
        self.prepare()
        words = ("--recursive",) if recursive else ()
        given = ("--var", f"name={self.SECRET}", "--format", "json", *words)
        main(["plan", "infra", *given])
        assert self.SECRET in capsys.readouterr().out
        main(["plan", "infra", option, *given])
        out = capsys.readouterr().out
        assert json.loads(out)
        assert self.SECRET not in out

    @pytest.mark.parametrize(
        ("mark", "marked"),
        [("true", True), ("false", False), ('"true"', True), ("1 == 1", True), (None, False)],
    )
    def test_only_a_plain_no_leaves_one_unmarked(self, capsys, mark, marked):
        self.prepare()
        line = "" if mark is None else f"  sensitive = {mark}\n"
        now = Path("infra/variables.tf").read_text()
        merged({"infra/variables.tf": self.VARIABLE.replace("  sensitive = true\n", line)})
        Path("infra/variables.tf").write_text(now)
        _, report = run(capsys, "--var", f"name={self.SECRET}")
        assert (self.SECRET in json.dumps(report)) is not marked

    @pytest.mark.parametrize("option", ["--base=base", "--changed-since=base"])
    @pytest.mark.parametrize("recursive", [False, True])
    def test_what_the_commit_marks_in_a_module_stays_so(self, capsys, option, recursive):
        call = 'module "named" {\n  source = "./named"\n  name   = var.name\n}\n'
        given = self.VARIABLE.replace("  sensitive = true\n", "")
        self.prepare()
        queue = Path("infra/queue.tf").read_text().replace("var.name", "module.named.name")
        inside = 'output "name" {\n  value     = var.name\n  sensitive = true\n}\n'
        merged({
            "infra/queue.tf": queue,
            "infra/variables.tf": given,
            "infra/call.tf": call,
            "infra/named/main.tf": self.VARIABLE + inside,
        })  # fmt: skip
        open_ = (given + inside).replace("  sensitive = true\n", "")
        Path("infra/named/main.tf").write_text(open_)
        words = ("--var", f"name={self.SECRET}", "--format", "json")
        main(["plan", "infra", *words])
        assert self.SECRET in capsys.readouterr().out
        main(["plan", "infra", option, *words, *(("--recursive",) if recursive else ())])
        out = capsys.readouterr().out
        assert json.loads(out)
        assert self.SECRET not in out

    def test_json_syntax_marks_too(self, capsys):
        self.prepare()
        now = Path("infra/variables.tf").read_text()
        Path("infra/variables.tf").unlink()
        merged({"infra/v.tf.json": '{"variable": {"name": {"sensitive": true}}}'})
        Path("infra/v.tf.json").unlink()
        Path("infra/variables.tf").write_text(now)
        _, report = run(capsys, "--var", f"name={self.SECRET}")
        assert self.SECRET not in json.dumps(report)


class TestTheCommit:
    @pytest.mark.parametrize("name", ["missing", "", "-x", "--help", "HEAD@{1}", "0" * 40])
    def test_one_that_is_not_there_stops_the_run(self, capsys, name):
        assert "commit" in stopped(capsys, base=name)

    def test_a_clone_that_lacks_it_says_how_to_fetch_it(self, capsys, tmp_path, monkeypatch):
        old = git("rev-parse", "base")
        commit(".", {"x": "x"})
        clone = tmp_path / "shallow"
        git("clone", "-q", "--depth=1", f"file://{Path.cwd()}", str(clone))
        monkeypatch.chdir(clone)
        assert "fetch-depth: 0" in stopped(capsys, base=old)

    def test_a_clone_that_lacks_its_files_says_so(self, capsys, tmp_path, monkeypatch):
        above("infra/queue.tf", QUEUE, waiver())
        merged()
        git("config", "uploadpack.allowFilter", "true")
        clone = tmp_path / "partial"
        words = ("--filter=blob:none", "--no-checkout", f"file://{Path.cwd()}", str(clone))
        git("clone", "-q", *words)
        shutil.copytree("infra", clone / "infra")
        monkeypatch.chdir(clone)
        assert "without a filter" in stopped(capsys, base="HEAD")

    def test_the_environment_can_name_it(self, capsys, monkeypatch):
        above("infra/queue.tf", QUEUE, waiver())
        monkeypatch.setenv("TFCHECK_BASE", "base")
        main(["plan", "infra", "--format", "json"])
        assert json.loads(capsys.readouterr().out)["proposed"]
        monkeypatch.setenv("TFCHECK_TRUST_WAIVERS", "1")
        main(["plan", "infra", "--format", "json"])
        assert "proposed" not in json.loads(capsys.readouterr().out)

    def test_nothing_that_the_repository_names_is_run(self, capsys, tmp_path):
        attributes = plant(".", tmp_path / "ran")
        Path(".gitattributes").write_text(attributes)
        above("infra/queue.tf", QUEUE, waiver())
        assert run(capsys)[1]["proposed"]
        assert not (tmp_path / "ran").exists()

    def test_standard_input_is_judged_by_it_too(self, capsys, monkeypatch):
        merged({"ours.yaml": "name: then\n"})
        Path("ours.yaml").write_text("name: now\n")
        with (ROOT / "fixtures/plans/first/plan.json").open() as plan:
            monkeypatch.setattr("sys.stdin", plan)
            _, report = run(capsys, "--policy", "./ours.yaml", target="-")
        assert report["policy"] == "then"
