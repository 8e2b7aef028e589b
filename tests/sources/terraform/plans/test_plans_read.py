"""Saved plans and plan JSON: the same values, read without a process, whatever the file holds."""

import io
import json
import struct
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.cli import main
from checker.errors import SourceError
from checker.partial import Location
from checker.sources.terraform.plans import archive
from checker.sources.terraform.plans.messages import plan_message
from checker.sources.terraform.plans.plan import Action
from checker.sources.terraform.plans.saved import read_saved
from checker.sources.terraform.plans.shown import read_shown
from checker.sources.terraform.plans.values import BrokenError, unpack, value_of
from checker.sources.terraform.values import holes

PLANS = Path(__file__).resolve().parents[4] / "fixtures" / "plans"
RECORDED = sorted(PLANS.glob("*/plan.tfplan"))
FIRST, CHANGES = PLANS / "first", PLANS / "changes"


def both(path):
    saved, _ = read_saved(path, "plan")
    return saved, read_shown(path.with_name("plan.json").read_bytes(), "plan").plan


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.parent.name)
def test_a_saved_plan_tells_what_terraform_shows_of_it(path):
    saved, shown = both(path)
    assert {a: c.action for a, c in saved.changes.items()} == {
        a: c.action for a, c in shown.changes.items()
    }
    for address, change in saved.changes.items():
        assert set(change.after) == set(shown.changes[address].after), address
        for name, value in change.after.items():
            assert value == shown.changes[address].after[name], (address, name)
        assert change.sensitive == shown.changes[address].sensitive
        if change.action is not Action.DELETE:  # the configuration no longer names its provider
            assert change.provider == shown.changes[address].provider
    assert saved.read == shown.read
    assert saved.accounts == shown.accounts
    for name, value in saved.variables.items():
        assert value == shown.variables[name]


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
    saved, _ = both(CHANGES / "plan.tfplan")
    assert saved.changes["aws_iam_role_policy.read"].action is Action.DELETE
    assert verdicts(CHANGES / "plan.tfplan") == {
        "aws_lambda_event_source_mapping.orders": "blocked"
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


def of_version(version):
    def change(members):
        message = plan_message().FromString(members["tfplan"])
        message.version = version
        return members | {"tfplan": message.SerializeToString()}

    return change


def test_another_format_version_leaves_the_variables_unknown_and_says_so(tmp_path, capsys):
    path = rewritten(tmp_path, of_version(4))
    assert main(("plan", "--format", "json", str(path))) == 0
    out = capsys.readouterr().out
    assert "version 4" in out
    assert json.loads(out)["summary"]["undecided"] == 1


def reading(members):
    name = "tfconfig/m-worker/main.tf"
    text = members[name].decode().replace("Resource = var.queues", 'Resource = file("x.txt")')
    return members | {name: text.encode()}


def test_a_file_that_the_plan_file_lacks_is_unknown(tmp_path, capsys):
    main(("plan", "--format", "json", str(rewritten(tmp_path, reading))))
    assert "the plan file does not hold `x.txt`" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: {k: v for k, v in m.items() if k != "tfplan"}, "no plan file"),
        (lambda m: {k: v for k, v in m.items() if "modules.json" not in k}, "list of modules"),
        (lambda m: m | {"../evil.tf": b""}, "leads out"),
        (lambda m: m | {"/evil.tf": b""}, "leads out"),
        (lambda m: m | {"a\\..\\evil.tf": b""}, "leads out"),
        (lambda m: m | {"huge": b"\0" * (archive.MOST_MEMBER_BYTES + 1)}, "inflates"),
        (lambda m: m | {f"n{n}": b"" for n in range(archive.MOST_MEMBERS)}, "members"),
        (lambda m: m | {"tfconfig/m-/main.tf": b"x {"}, "unclosed"),
    ],
)  # fmt: skip
def test_a_hostile_plan_file_is_refused_soon(tmp_path, change, words, capsys):
    path = rewritten(tmp_path, change)
    start = time.monotonic()
    assert main(("plan", str(path))) == 2
    assert time.monotonic() - start < 3
    err = capsys.readouterr().err
    assert words in err
    assert "Traceback" not in err
    assert not (tmp_path.parent / "evil.tf").exists()


def test_a_size_that_the_header_denies_is_counted(tmp_path, capsys):
    path = rewritten(tmp_path, lambda m: m)
    data = bytearray(path.read_bytes())
    where = data.find(b"PK\x01\x02")
    struct.pack_into("<I", data, where + 24, 10)
    path.write_bytes(data)
    assert main(("plan", str(path))) == 2
    assert "nothing was checked" in capsys.readouterr().err


@given(st.data())
def test_any_damage_is_an_error_or_an_unknown(data):
    whole = (FIRST / "plan.tfplan").read_bytes()
    start = data.draw(st.integers(0, len(whole) - 1))
    bytes_ = data.draw(st.binary(min_size=1, max_size=8))
    damaged = whole[:start] + bytes_ + whole[start + len(bytes_) :]
    path = Path(data.draw(st.just("/tmp"))) / "tfcheck-damaged.tfplan"  # noqa: S108
    path.write_bytes(damaged)
    try:
        plan, _ = read_saved(path, "plan")
    except SourceError:
        return
    finally:
        path.unlink()
    assert plan.complete or plan.unknown is not None


@given(st.binary(max_size=200))
def test_any_value_is_read_or_called_broken(data):
    try:
        value_of(unpack(data), "v", Location("plan"))
    except BrokenError:
        return


@given(st.binary(max_size=300))
def test_any_json_is_read_or_refused(data):
    with pytest.raises(SourceError):
        read_shown(data, "plan.json")


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"format_version": "1.2", "planned_values": {}, "resource_changes": [1]}',
        '{"format_version": "1.2", "planned_values": {}, "resource_changes": [{"address": "a.b"}]}',
        '{"format_version": "1.2", "planned_values": {}, "variables": {"a": 1}}',
        '{"format_version": "2.0", "planned_values": {}}',
        "[" * 100_000,
    ],
)
def test_json_that_is_no_plan_is_refused(text):
    with pytest.raises(SourceError):
        read_shown(text.encode(), "plan.json")


def test_the_unknowns_of_a_plan_have_the_names_of_the_configuration():
    saved, _ = both(FIRST / "plan.tfplan")
    arn = saved.changes['aws_sqs_queue.this["orders"]'].after["arn"]
    assert holes(arn)[0].name == 'aws_sqs_queue.this["orders"].arn'
