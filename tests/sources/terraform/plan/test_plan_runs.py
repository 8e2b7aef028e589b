"""Runs on plans: what they say is that of their directory, and what they lack is unknown."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from plan_files import read_saved_plan

from checker.cli import main
from checker.sources.terraform.plan import Action
from checker.sources.terraform.plan.planned import Planned
from checker.sources.terraform.recorded.files import read_plan

FIXTURES = Path(__file__).resolve().parents[4] / "fixtures"
PLANS, SAVED = FIXTURES / "plans", FIXTURES / "saved-plans"
FIRST, CHANGES = PLANS / "first", PLANS / "changes"


@pytest.fixture
def verdicts(capsys, monkeypatch):
    monkeypatch.chdir(PLANS.parent.parent)

    def verdicts(*words):
        code = main(("plan", "--format", "json", *map(str, words)))
        out = capsys.readouterr()
        if code == 2:
            return out.err
        report = json.loads(out.out)
        return {m["id"]: m["verdict"] for m in report["mappings"]}

    return verdicts


@pytest.mark.parametrize("folder", [FIRST, CHANGES], ids=lambda folder: folder.name)
def test_a_plan_alone_is_judged_as_with_its_directory(folder, verdicts):
    alone = verdicts(folder / "plan.tfplan")
    assert alone == verdicts(folder, "--plan", folder / "plan.tfplan")
    assert alone == verdicts(folder, "--plan", folder / "plan.json")


def test_what_a_plan_destroys_grants_nothing(verdicts):
    plan = read_saved_plan(CHANGES / "plan.tfplan")
    assert plan.changes["aws_iam_role_policy.read"].action is Action.DELETE
    assert verdicts(CHANGES / "plan.tfplan") == {
        "aws_lambda_event_source_mapping.orders": "blocked"
    }


@pytest.mark.parametrize("words", [["plan.tfplan"], [".", "--plan", "plan.tfplan"]])
def test_a_batch_size_of_zero_is_sent_only_where_a_mapping_is_changed(verdicts, monkeypatch, words):
    monkeypatch.chdir(PLANS / "batch-size-to-zero")
    assert verdicts(*words) == {
        "aws_lambda_event_source_mapping.changed": "blocked",
        "aws_lambda_event_source_mapping.made": "at-risk",
    }


def test_plan_json_without_the_policy_text_is_undecided_with_a_remedy(verdicts, capsys):
    assert set(verdicts(FIRST / "plan.json").values()) == {"undecided"}
    main(("plan", str(FIRST / "plan.json")))
    assert "tfcheck plan DIR --plan FILE" in capsys.readouterr().out


def test_plan_json_comes_through_a_pipe(verdicts, monkeypatch):
    class Standard:
        buffer = io.BytesIO((FIRST / "plan.json").read_bytes())

    monkeypatch.setattr("sys.stdin", Standard)
    assert set(verdicts("-").values()) == {"undecided"}


def test_a_plan_names_places_as_its_directory_does(capsys, monkeypatch):
    monkeypatch.chdir(PLANS.parent.parent)
    main(("plan", "--format", "json", str(FIRST / "plan.tfplan")))
    report = json.loads(capsys.readouterr().out)
    assert report["mappings"][0]["location"]["file"] == "fixtures/plans/first/main.tf"


def test_a_sensitive_value_of_a_plan_is_never_printed(capsys):
    for target in ("plan.tfplan", "plan.json"):
        main(("plan", "--verbose", "--format", "json", str(FIRST / target)))
        assert "hush" not in capsys.readouterr().out


def test_a_variable_cannot_be_set_beside_a_plan(verdicts):
    assert "a plan has its variables" in verdicts(FIRST / "plan.tfplan", "--var", "region=x")


# Plans that are not as recorded


def rewritten(tmp_path, change, name="plan.tfplan", source=FIRST / "plan.tfplan"):
    """Copy a plan file, its members as `change` returns them."""
    path = tmp_path / name
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for member, data in change({n: old.read(n) for n in old.namelist()}).items():
            new.writestr(member, data)
    return path


def of_version_four(members):
    """Overwrite the first field of the plan, its version: key 8, then the number."""
    assert members["tfplan"][:2] == bytes([8, 3])
    return members | {"tfplan": bytes([8, 4]) + members["tfplan"][2:]}


def test_another_format_version_leaves_the_variables_unknown_and_says_so(tmp_path, capsys):
    path = rewritten(tmp_path, of_version_four)
    assert main(("plan", "--format", "json", str(path))) == 0
    out = capsys.readouterr().out
    assert "format version is 4" in out
    assert json.loads(out)["summary"]["undecided"] == 1


def reading(members):
    name = "tfconfig/m-worker/main.tf"
    text = members[name].decode().replace("Resource = var.queues", 'Resource = file("x.txt")')
    return members | {name: text.encode()}


def test_a_file_that_the_plan_file_lacks_is_unknown(tmp_path, capsys):
    main(("plan", "--format", "json", str(rewritten(tmp_path, reading))))
    assert "the plan file does not hold `x.txt`" in capsys.readouterr().out


# Plans that change little or nothing


@pytest.mark.parametrize("kind", ["plan.tfplan", "plan.json"])
def test_what_a_plan_does_not_touch_stays_there(kind):
    queue = "aws_sqs_queue.orders"
    assert Planned(read_plan(SAVED / "refresh" / kind, "plan")).lives(queue)
    assert not Planned(read_plan(SAVED / "destroy" / kind, "plan")).lives(queue)
    assert not Planned(read_plan(SAVED / "refresh" / kind, "plan")).lives("aws_sqs_queue.other")


def test_an_object_that_an_earlier_replacement_left_behind_is_not_the_one_at_the_address():
    plan = read_plan(SAVED / "second" / "plan.json", "plan")
    assert plan.deposed
    assert all(Planned(plan).lives(each.address) for each in plan.deposed)


@pytest.mark.parametrize("name", ["first", "second", "target", "types"])
def test_a_recorded_plan_alone_is_judged_as_with_its_directory(name, verdicts):
    folder = SAVED / name
    alone = verdicts(folder / "plan.tfplan")
    assert isinstance(alone, dict)
    assert alone == verdicts(folder / "config", "--plan", folder / "plan.tfplan")
    assert alone == verdicts(folder / "config", "--plan", folder / "plan.json")


def newer(source, target):
    """Write a saved plan as one of another format version: field 1 of its plan."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.namelist():
            data = old.read(member)
            if member == "tfplan":
                assert data.startswith(b"\x08\x03")
                data = b"\x08\x04" + data[2:]
            new.writestr(member, data)
    return target


@pytest.mark.parametrize("beside", [True, False])
def test_a_saved_plan_of_a_format_that_is_not_known_is_said(beside, tmp_path, capsys):
    plan = newer(FIRST / "plan.tfplan", tmp_path / "plan.tfplan")
    words = [str(FIRST), "--plan", str(plan)] if beside else [str(plan)]
    main(("plan", *words, "--format", "json"))
    report = json.loads(capsys.readouterr().out)
    assert any("its format version is 4" in unknown["why"] for unknown in report["unread"])
    assert report["mappings"]
