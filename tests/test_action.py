"""The action's own steps, in order, in bash, with GitHub's files and a stand-in of its API.

Its environment is the one that the tests run in; what it installs is tested in
`test_action_install.py`.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from action_runner import ACTION, COMMIT, ROOT, Runner
from github_server import MARK

pytestmark = pytest.mark.sampled(12)


def unlinked(text):
    """Return Markdown without links: those of a comment name the head's commit, if it is there."""
    return re.sub(r"\[([^\]]*)\]\(https://[^)]*\)", r"\1", text)


def test_a_broken_pull_request_is_annotated_summed_up_and_commented(runner, comments):
    runner.scenario("orders-broken")
    outputs, code = runner.run()
    assert code == 1
    assert (outputs["verdict"], outputs["errors"], outputs["mappings"]) == ("blocked", "2", "1")
    assert "::error file=iam.tf,line=24" in runner.out
    assert "::error file=queue.tf,line=3" in runner.out
    assert "1 blocked" in runner.summary
    assert unlinked(comments.bodies[8][1]) == unlinked(runner.summary)
    assert json.loads(Path(outputs["json-file"]).read_text())["summary"]["blocked"] == 1


def test_the_second_run_brings_the_same_comment_up_to_date(runner, comments):
    runner.scenario("orders-broken")
    runner.run()
    runner.scenario("orders")
    outputs, code = runner.run()
    assert (outputs["verdict"], code) == ("ready", 0)
    assert "1 ready" in comments.bodies[8][1]
    assert len(comments.bodies) == 2
    assert [asked[0] for asked in comments.asked] == ["GET", "POST", "GET", "PATCH"]


def test_a_push_has_no_comment(runner, comments):
    outputs, code = runner.run("push")
    assert (outputs["verdict"], code) == ("ready", 0)
    assert comments.asked == []


def test_what_a_pull_request_proposes_does_not_decide_how_it_is_judged(runner):
    runner.scenario("orders-broken")
    (runner.workspace / ".tfcheck.yaml").write_text("policy: ./mine.yaml\n")
    (runner.workspace / "mine.yaml").write_text("rules: {role-cannot-read-queue: off}\n")
    runner.commit()
    outputs, _ = runner.run(policy="./mine.yaml")
    assert (outputs["verdict"], outputs["errors"]) == ("none", "")
    outputs, code = runner.run()
    assert (outputs["errors"], code) == ("2", 1)


def test_what_the_base_says_decides(runner):
    (runner.workspace / ".tfcheck.yaml").write_text("policy: ./ours.yaml\n")
    (runner.workspace / "ours.yaml").write_text("rules: {role-cannot-read-queue: off}\n")
    runner.commit()
    runner.base = runner.git("rev-parse", "HEAD").strip()
    runner.scenario("orders-broken")
    (runner.workspace / ".tfcheck.yaml").unlink()
    runner.commit()
    assert runner.run()[0]["errors"] == "1"


WAIVER = (
    "# tfcheck: ignore[role-cannot-read-queue, visibility-timeout-below-function-timeout] mine\n"
)


def waive(workspace):
    """Have comments on the lines waive what is broken."""
    for name in ("iam.tf", "queue.tf"):
        file = workspace / name
        file.write_text(re.sub(r"^(?=resource )", WAIVER, file.read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("kind", ["pull_request", "pull_request_target", "merge_group"])
def test_a_waiver_of_the_proposal_waives_nothing(runner, kind):
    runner.scenario("orders-broken")
    waive(runner.workspace)
    runner.commit()
    outputs, code = runner.run(kind)
    assert (outputs["errors"], code) == ("2", 1)
    outputs, code = runner.run(kind, trust_waivers="true")
    assert (outputs["errors"], code) == ("0", 0)


def test_a_waiver_of_the_base_waives(runner):
    runner.scenario("orders-broken")
    waive(runner.workspace)
    runner.commit()
    runner.base = runner.head
    (runner.workspace / "other.tf").write_text("# new\n")
    runner.commit()
    assert runner.run()[1] == 0


def test_on_the_default_branch_what_runs_for_a_proposal_is_judged_by_it(runner):
    """A checkout of the proposal, in a workflow that is the default branch's."""
    runner.environment["GITHUB_SHA"] = runner.base
    runner.scenario("orders-broken")
    (runner.workspace / ".tfcheck.yaml").write_text("fail-on: never\n")
    waive(runner.workspace)
    runner.commit()
    outputs, code = runner.run("workflow_run", proposed("workflow_run"))
    assert (outputs["errors"], code) == ("2", 1)
    outputs, code = runner.run("issue_comment", {"issue": {}, "comment": {}})
    assert (outputs["errors"], code) == ("2", 1)


def test_a_policy_beside_the_workspace_is_read_as_it_is(runner):
    """A step of the workflow put it there, from where the repository says."""
    (runner.temporary / "ours.yaml").write_text("rules: {role-cannot-read-queue: off}\n")
    runner.scenario("orders-broken")
    runner.commit()
    outputs, _ = runner.run(policy=str(runner.temporary / "ours.yaml"))
    assert outputs["errors"] == "1"


def test_a_checkout_below_the_workspace_is_judged_by_its_own_base(tmp_path, comments):
    """As with `path:` of actions/checkout."""
    runner = Runner(tmp_path, comments.url)
    (runner.workspace / "ours.yaml").write_text("rules: {role-cannot-read-queue: off}\n")
    runner.commit()
    runner.base = runner.head
    runner.scenario("orders-broken")
    (runner.workspace / "ours.yaml").write_text("extends: strict\n")
    runner.commit()
    below = tmp_path / "above"
    below.mkdir()
    runner.workspace.rename(below / "shop")
    runner.workspace = below
    outputs, _ = runner.run(path="shop", policy="shop/ours.yaml")
    assert outputs["errors"] == "1"


SHA, OTHER = "a" * 40, "b" * 40
HERE, FORK = {"repo": {"id": 1}}, {"repo": {"id": 2}}


def proposed(holder, *pulls):
    """An event of something that ran for pull requests."""
    return {"repository": {"id": 1}, holder: {"head_sha": OTHER, "pull_requests": list(pulls)}}


@pytest.mark.parametrize(
    ("kind", "given", "base"),
    [
        ("pull_request", {"pull_request": {"base": {"sha": SHA}}}, SHA),
        ("pull_request_target", {"pull_request": {"base": {"sha": SHA}}}, SHA),
        ("pull_request_review", {"pull_request": {"base": {"sha": SHA}}}, SHA),
        ("merge_group", {"merge_group": {"base_sha": SHA, "head_sha": OTHER}}, SHA),
        ("workflow_run", proposed("workflow_run", {"base": {"sha": SHA, **HERE}}), SHA),
        # Of a fork GitHub names no pull request; then the default branch judges.
        ("workflow_run", proposed("workflow_run"), COMMIT),
        ("workflow_run", {"workflow_run": None}, COMMIT),
        # Somebody proposes the same branch to a fork of theirs.
        ("workflow_run", proposed("workflow_run", {"base": {"sha": OTHER, **FORK}}), COMMIT),
        (
            "workflow_run",
            proposed(
                "workflow_run", {"base": {"sha": OTHER, **FORK}}, {"base": {"sha": SHA, **HERE}}
            ),
            SHA,
        ),
        # The same branch is proposed twice, once to a branch that judges mildly.
        (
            "workflow_run",
            proposed(
                "workflow_run", {"base": {"sha": SHA, **HERE}}, {"base": {"sha": OTHER, **HERE}}
            ),
            COMMIT,
        ),
        ("check_run", proposed("check_run", {"base": {"sha": SHA, **HERE}}), SHA),
        ("check_suite", proposed("check_suite"), COMMIT),
        # A command in a comment, and a checkout of what it is about.
        ("issue_comment", {"issue": {"pull_request": {}}, "comment": {}}, COMMIT),
        ("push", {"ref": "refs/heads/main", "before": OTHER}, None),
        ("schedule", {}, None),
        ("workflow_dispatch", {"inputs": None}, None),
    ],
)
def test_what_judges_is_the_base_commit_of_whatever_is_proposed(recorder, kind, given, base):
    _, code = recorder.run(kind, given, comment="false")
    assert code == 0
    assert [word for word in recorder.words if word.startswith("--base=")] == (
        [f"--base={base}"] if base else []
    )


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        *(("pull_request", {"pull_request": each}) for each in (None, {}, [], {"base": SHA})),
        *(
            ("pull_request", {"pull_request": {"base": {"sha": each}}})
            for each in (None, 5, "", "HEAD", "--x", f"{SHA}\n", SHA.upper(), f"{SHA}^{{/x}}")
        ),
        *((kind, {}) for kind in ("pull_request", "pull_request_target", "merge_group")),
        ("workflow_run", {}),
        ("merge_group", {"merge_group": {}}),
        ("workflow_run", proposed("workflow_run", {"base": {"sha": "x", **HERE}})),
        ("push", []),
        ("push", "x"),
    ],
)
def test_a_proposal_whose_base_is_unknown_is_not_judged_by_itself(recorder, kind, given):
    outputs, code = recorder.run(kind, given, comment="false")
    assert (outputs["verdict"], code) == ("none", 2)
    assert "nothing was checked" in recorder.summary
    assert "Traceback" not in recorder.out
    assert not (recorder.temporary / "words").exists()


def test_the_default_branch_is_not_guessed(recorder):
    recorder.environment["GITHUB_SHA"] = ""
    assert recorder.run("workflow_run", proposed("workflow_run"), comment="false")[1] == 2


@pytest.mark.parametrize(
    ("kind", "trust", "passed"),
    [
        ("pull_request", "true", True),
        ("pull_request", "false", False),
        ("push", "true", False),
    ],
)
def test_waivers_of_a_proposal_count_where_the_repository_says_so(recorder, kind, trust, passed):
    recorder.run(kind, trust_waivers=trust)
    assert ("--trust-waivers" in recorder.words) == passed


@pytest.mark.parametrize(
    ("file", "read"),
    [
        ("mine.yaml", "./mine.yaml"),
        ("./mine.yaml", "./mine.yaml"),
        ("rules/../mine.yaml", "./mine.yaml"),
        ("rules/mine.yaml", "./rules/mine.yaml"),
        ("{workspace}/mine.yaml", "./mine.yaml"),
        ("../work space/mine.yaml", "./mine.yaml"),
        ("{temporary}/mine.yaml", "{temporary}/mine.yaml"),
        ("{temporary}/link/mine.yaml", None),
        ("strict", "strict"),
    ],
)
def test_a_file_that_judges_is_one_of_the_base_or_beside_the_workspace(recorder, file, read):
    places = {"workspace": recorder.workspace, "temporary": recorder.temporary}
    (recorder.temporary / "link").symlink_to(recorder.workspace)
    _, code = recorder.run(policy=file.format(**places))
    if read is None:
        assert code == 2
        assert "name it by its path there" in recorder.out
    else:
        assert f"--policy={read.format(**places)}" in recorder.words


def test_a_baseline_is_one_of_the_base(recorder):
    recorder.run(baseline="known/../known.json")
    assert "--baseline=./known.json" in recorder.words
    recorder.run("push", baseline="known/../known.json")
    assert "--baseline=known/../known.json" in recorder.words


@pytest.mark.parametrize(
    ("kind", "given", "limited"),
    [
        ("pull_request", None, True),
        ("merge_group", None, True),
        ("push", None, False),
        # It may run after a push to the default branch, which would leave nothing to report.
        ("workflow_run", proposed("workflow_run"), False),
    ],
)
def test_only_what_a_proposal_changes_is_left_out(recorder, kind, given, limited):
    recorder.run(kind, given, changed_only="true")
    assert any(word.startswith("--changed-since=") for word in recorder.words) == limited


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("-9", ""),
        ("-11", ""),
        ("2", ""),
        ("3", ""),
        ("0", "json"),
        ("1", "markdown"),
        ("0", "github"),
    ],
)
def test_a_program_that_ends_otherwise_has_checked_nothing(recorder, comments, code, missing):
    recorder.environment |= {"STAND_IN_CODE": code, "LEAVE_OUT": missing}
    outputs, ended = recorder.run(sarif_file="out.sarif")
    assert (outputs["verdict"], outputs["sarif-file"], ended) == ("none", "", 2)
    assert "nothing was checked" in recorder.summary
    assert "nothing was checked" in comments.bodies[8][1]


def test_a_step_that_fails_leaves_no_comment_of_an_earlier_run(recorder, comments):
    """As when the index cannot be reached."""
    comments.old(8, f"{MARK}\n\n### tfcheck: 1 ready\n")
    recorder.prepared = lambda _: "/nonexistent/python"
    _, code = recorder.run()
    assert code == 127
    assert "nothing was checked" in comments.bodies[8][1]


@pytest.mark.parametrize("code", ["0", "2"])
def test_a_report_of_the_pull_request_is_not_uploaded_as_ours(recorder, code):
    (recorder.workspace / "out.sarif").write_text("of a stranger")
    recorder.environment |= {"STAND_IN_CODE": code, "LEAVE_OUT": "sarif"}
    outputs, _ = recorder.run(sarif_file="out.sarif")
    assert outputs["sarif-file"] == ""
    assert not (recorder.workspace / "out.sarif").exists()


def test_without_the_base_nothing_is_checked(runner):
    """Its policy may be stricter than ours."""
    runner.scenario("orders-broken")
    runner.commit()
    runner.base = "0" * 40
    outputs, code = runner.run()
    assert (outputs["verdict"], code) == ("none", 2)
    assert "fetch-depth: 0" in runner.out
    assert "nothing was checked" in runner.summary


def test_a_link_in_the_workspace_leads_no_report_out_of_it(runner):
    outside = runner.temporary / "outside"
    outside.mkdir()
    (runner.workspace / "out.sarif").symlink_to(outside / "a")
    (runner.workspace / "reports").symlink_to(outside)
    runner.run(sarif_file="out.sarif")
    assert not (runner.workspace / "out.sarif").is_symlink()
    outputs, code = runner.run(sarif_file="reports/out.sarif")
    assert (outputs["sarif-file"], code) == ("", 2)
    assert list(outside.iterdir()) == []


def test_only_what_changed(runner):
    runner.scenario("orders-broken")
    runner.commit()
    runner.base = runner.git("rev-parse", "HEAD").strip()
    (runner.workspace / "other.tf").write_text("# new\n")
    runner.commit()
    outputs, code = runner.run(changed_only="true")
    assert (outputs["errors"], code) == ("0", 0)


def test_sarif_and_strictness(runner):
    runner.scenario("arn-from-an-unset-variable")
    outputs, code = runner.run(sarif_file="out.sarif", strict="true", comment="false")
    assert (outputs["verdict"], code) == ("undecided", 1)
    given = json.loads((runner.workspace / outputs["sarif-file"]).read_text())
    assert given["runs"][0]["results"]


def test_an_input_that_is_a_command_is_none(runner):
    outputs, code = runner.run(path='$(touch "$RUNNER_TEMP/stolen"); touch stolen')
    assert code == 2
    assert outputs["verdict"] == "none"
    assert "nothing was checked" in runner.summary
    assert not (runner.temporary / "stolen").exists()
    assert not (runner.workspace / "stolen").exists()


def test_names_cannot_give_the_runner_commands(runner):
    text = (runner.workspace / "queue.tf").read_text()
    (runner.workspace / "queue.tf").write_text(
        text.replace('"orders"\n', '"x\\n::set-env name=PATH::/tmp\\n::error::y"\n')
    )
    runner.run()
    stopped = re.sub(r"::stop-commands::(\w+)\n.*?\n::\1::", "", runner.out, flags=re.DOTALL)
    for line in stopped.splitlines():
        assert not line.lstrip().startswith("::") or re.match(
            r"::(error|warning|notice) (file|title)=", line
        )


EXAMPLES = sorted(each for each in (ROOT / "examples").iterdir() if each.is_file())


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_every_option_of_an_example_is_one_of_the_program(file):
    """Each command is a line that goes on while it is indented, or ends in a backslash."""
    text = re.sub(r"^\s*#.*$", "", file.read_text(), flags=re.MULTILINE)
    for command in re.findall(r"\btfcheck\S* (plan|audit) ([^|;&]*)", text):
        done = subprocess.run(
            [sys.executable, "-m", "checker", command[0], "--help"],
            capture_output=True,
            text=True,
            check=True,
        )
        for option in re.findall(r"(?<![\w-])--[a-z-]+", command[1].partition("\n  artifacts")[0]):
            assert re.search(rf"{option}(?![\w-])", done.stdout), option


@pytest.mark.parametrize("name", ["gitlab-ci.yml", "atlantis.yaml", "check.sh"])
def test_an_example_without_the_action_judges_by_the_base_and_says_what_it_cannot_hold(name):
    text = (ROOT / "examples" / name).read_text()
    assert re.search(r"--base \S|TFCHECK_BASE", text)
    assert "cannot hold" in text.replace("\n#", "")


@pytest.mark.parametrize(
    "file",
    [
        file
        for file in EXAMPLES
        if re.search(r"tfcheck plan|tfcheck@", file.read_text())
        and not re.search(r"(-sam|-config|cdk)\.", file.name)
    ],
    ids=lambda file: file.name,
)
def test_an_example_installs_the_modules_before_it_checks(file):
    text = re.sub(r"^\s*#.*$", "", file.read_text(), flags=re.MULTILINE)
    init = re.search(r"^\s*- init$|terraform .*\binit\b|terraform init", text, re.MULTILINE)
    check = re.search(r"tfcheck plan|uses: YOUR-ORGANIZATION/tfcheck@", text)
    assert init is not None
    assert init.start() < check.start()
    if "terraform plan" not in text and file.suffix == ".yml":
        assert "-backend=false" in text


def test_the_example_of_the_cdk_synthesizes_where_no_token_writes():
    jobs = yaml.safe_load((ROOT / "examples/cdk.yml").read_text())["jobs"]
    assert "cdk synth" in str(jobs["synth"])
    assert jobs["synth"]["permissions"] == {"contents": "read"}
    assert "tfcheck@" in str(jobs["check"])
    assert "run" not in [key for step in jobs["check"]["steps"] for key in step]
    assert jobs["check"]["needs"] == "synth"


def test_the_hook_says_whose_files_it_reads():
    assert "--base=origin/main" in (ROOT / ".pre-commit-hooks.yaml").read_text()


@pytest.mark.parametrize(
    "file",
    [file for file in EXAMPLES if "YOUR-ORGANIZATION/tfcheck@" in file.read_text()],
    ids=lambda file: file.name,
)
def test_a_workflow_for_pull_requests_checks_the_whole_history_out(file):
    given = yaml.safe_load(file.read_text())
    if "pull_request" in given[True]:
        jobs = [each["steps"] for each in given["jobs"].values() if "tfcheck@" in str(each)]
        steps = [step for each in jobs for step in each]
        checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
        assert [step["with"]["fetch-depth"] for step in checkouts] == [0]


def test_every_third_party_action_is_pinned_by_hash():
    texts = [(ROOT / "action.yml").read_text()]
    texts += [file.read_text() for file in (ROOT / "examples").glob("*.yml")]
    for used in re.findall(r"uses: (\S+)", "\n".join(texts)):
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", used), used


@pytest.mark.parametrize(
    "file",
    [
        "action.yml",
        *sorted(
            f"examples/{file.name}"
            for file in (ROOT / "examples").glob("*.yml")
            if file.name != "gitlab-ci.yml"
        ),
    ],
)
def test_zizmor_has_no_finding(file):
    program = Path(sys.executable).parent / "zizmor"
    if not program.exists():
        pytest.skip("zizmor is not installed")
    done = subprocess.run(
        [program, "--offline", "--no-config", file],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def actionlint(workflow, action=None):
    """What actionlint says of a workflow in a repository that may be an action."""
    program = Path(sys.executable).parent / "actionlint"
    if not program.exists():
        pytest.skip("actionlint is not installed")
    place = workflow.parents[2]
    if action is not None:
        shutil.copy(action, place)
    (place / ".git").mkdir(exist_ok=True)
    done = subprocess.run(
        [program, "-no-color", workflow], cwd=place, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.fixture
def workflow(tmp_path):
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    return folder / "check.yml"


@pytest.mark.parametrize(
    "file",
    sorted(file.name for file in (ROOT / "examples").glob("*.yml") if file.name != "gitlab-ci.yml"),
)
def test_actionlint_has_no_finding(file, workflow):
    shutil.copy(ROOT / "examples" / file, workflow)
    assert actionlint(workflow) == ""


def using(inputs, outputs):
    """A workflow that gives the action inputs and reads outputs."""
    steps = [
        {"uses": "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683"},
        {"id": "tfcheck", "uses": "./", "with": dict.fromkeys(inputs, "x")},
        *({"run": f"echo ${{{{ steps.tfcheck.outputs.{name} }}}}"} for name in outputs),
    ]
    return yaml.safe_dump(
        {"on": "push", "jobs": {"check": {"runs-on": "ubuntu-latest", "steps": steps}}}
    )


def test_actionlint_has_no_finding_on_the_action(workflow):
    """It reads `action.yml` through a workflow that uses it."""
    workflow.write_text(using(ACTION["inputs"], ACTION["outputs"]))
    assert actionlint(workflow, ROOT / "action.yml") == ""
    workflow.write_text(using(["unheard-of"], ["verdikt"]))
    said = actionlint(workflow, ROOT / "action.yml")
    assert 'input "unheard-of" is not defined' in said
    assert 'property "verdikt" is not defined' in said
