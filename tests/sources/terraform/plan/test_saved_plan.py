"""Saved plans and plan JSON, recorded with a real Terraform (tools/record_saved_plans.py)."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from plan_files import read_plan_json, read_saved_plan

from checker.errors import SourceError
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load, open_root
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.plan import Action, Mode, ModuleSource
from checker.sources.terraform.plan.state import read_state, show_state
from checker.sources.terraform.values.terraform_values import PlacedTuple, Set, first_hole, holes

FOLDER = Path(__file__).parents[4] / "fixtures" / "saved-plans"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/plan.tfplan"))


def saved(name):
    return read_saved_plan(FOLDER / name / "plan.tfplan", "plan.tfplan")


def shown(name):
    return read_plan_json(FOLDER / name / "plan.json", "plan.json")


def same(ours, theirs):
    """Tell whether a saved plan's value is the one that JSON shows, which knows fewer types."""
    if isinstance(theirs, Hole):
        found = ours.parts[-1] if isinstance(ours, Text) else ours
        return isinstance(found, Hole) and found.name.split(" after ")[0] == theirs.name
    if isinstance(ours, Hole):  # a set of which nobody can tell how many members it has
        return isinstance(theirs, tuple) and first_hole(theirs) is not None
    if isinstance(ours, dict):
        return (
            isinstance(theirs, dict)
            and ours.keys() == theirs.keys()
            and all(same(ours[key], theirs[key]) for key in ours)
        )
    if isinstance(ours, (tuple, Set)):
        members = ours.members if isinstance(ours, Set) else ours
        return (
            isinstance(theirs, tuple)
            and len(members) == len(theirs)
            and all(map(same, members, theirs))
        )
    return ours == theirs and type(ours) is type(theirs)


def test_every_kind_of_change_is_recorded():
    actions = {change.action for name in NAMES for change in saved(name).changes.values()}
    assert actions >= set(Action) - {Action.CREATE_THEN_FORGET, Action.UNKNOWN}


@pytest.mark.parametrize("name", NAMES)
def test_the_changes_of_a_saved_plan_are_those_that_terraform_shows(name):
    ours, theirs = saved(name), shown(name)
    assert ours.changes.keys() == theirs.changes.keys()
    pairs = [(change, theirs.changes[address]) for address, change in ours.changes.items()]
    pairs += zip(ours.deposed, theirs.deposed, strict=True)
    for mine, other in pairs:
        assert (mine.action, mine.provider) == (other.action, other.provider)
        assert mine.deposed == other.deposed
        assert same(mine.before, other.before), mine.address
        assert same(mine.after, other.after), mine.address
        assert mine.before_sensitive == other.before_sensitive
        assert mine.after_sensitive == other.after_sensitive


@pytest.mark.parametrize("name", NAMES)
def test_the_prior_state_of_a_saved_plan_is_the_one_that_terraform_shows(name):
    ours, theirs = saved(name).prior, shown(name).prior
    assert ours.keys() == theirs.keys()
    assert all(same(ours[address], theirs[address]) for address in ours)


@pytest.mark.parametrize("name", NAMES)
def test_the_variables_of_a_saved_plan_are_those_that_terraform_shows(name):
    ours, theirs = saved(name), shown(name).variables
    assert all(same(value, theirs[variable]) for variable, value in ours.variables.items())
    missing = theirs.keys() - ours.variables.keys()
    assert missing <= {"left_at_its_default", *ours.set_later}


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_says_how_complete_it_is(name):
    ours, theirs = saved(name), shown(name)
    assert ours.complete == theirs.complete == (name != "target")
    assert ours.errored == theirs.errored is False
    assert ours.terraform_version == theirs.terraform_version != ""
    assert not ours.why_unknown


def test_a_variable_has_the_value_that_was_given():
    given = saved("types").variables
    assert given["text"] == "orders"
    assert given["unicode"] == "naïve \u2013 日本 \U0001f600 é"
    assert given["untyped"] == "12"
    assert given["none"] is None
    assert given["whole"] == 42
    assert given["fraction"] == Decimal("0.1")
    assert given["exact_fraction"] == Decimal("-2.5")
    assert given["large"] == 123456789012345678901234567890
    assert given["larger_than_a_float"] == 10**400
    assert given["tiny"] == Decimal("1e-30")
    assert given["yes"] is True
    assert given["anything"] == {"a": (1, "two", None), "b": {"c": True}}
    assert isinstance(given["tuple"], PlacedTuple)


def test_a_variable_left_at_its_default_is_not_among_the_inputs_of_a_saved_plan():
    assert "left_at_its_default" not in saved("types").inputs(["left_at_its_default"])
    assert shown("types").inputs(["left_at_its_default"]) == {"left_at_its_default": ("a", "b")}


def test_a_variable_that_the_plan_does_not_keep_is_unknown():
    value = saved("types").inputs(["token"])["token"]
    assert isinstance(value, Hole)
    assert "ephemeral" in value.why


def test_a_variable_that_plan_json_does_not_speak_of_is_unknown():
    value = shown("types").inputs(["other"])["other"]
    assert value == Hole("var.other")
    assert "does not hold" in value.why


def test_typed_values_in_a_resource_keep_their_types():
    known = saved("types").changes["terraform_data.known"].after["input"]
    assert known["set"] == Set(("x",))
    assert known["number"] == Decimal("0.1")
    assert known["text"] == "0.1"
    assert known["large"] == 123456789012345678901234567890


def test_what_an_unknown_string_begins_with_is_kept():
    after = saved("types").changes['terraform_data.unknown["plain"]'].after
    first, rest = after["input"]["prefix"].parts
    assert first == "arn:aws:sqs:"
    assert rest != Hole('terraform_data.unknown["plain"].input.prefix')  # that is all of it


def test_an_unknown_string_is_a_text_and_an_unknown_number_is_not():
    after = saved("types").changes['terraform_data.unknown["plain"]'].after
    assert isinstance(after["input"]["id"], Text)
    assert isinstance(after["input"]["sum"], Hole)


def test_a_set_whose_members_may_be_equal_is_unknown():
    after = saved("types").changes['terraform_data.unknown["plain"]'].after
    assert isinstance(after["input"]["set"], Hole)


def test_an_unknown_is_the_one_that_the_configuration_knows():
    root = configured("types")
    plan = saved("types")
    expanded = root.resource("resource", "terraform_data", "unknown", Location("main.tf"))
    assert len(expanded) > 5
    for instance in expanded.values():
        after = plan.changes[instance.address].after
        assert after["id"] == instance.attribute("id", instance.at)
        assert isinstance(after["id"], Hole)


def configured(name):
    folder = FOLDER / name / "config"
    return open_root(Project(folder, Files(folder)), name, Given())


def test_the_plans_inputs_make_of_the_variables_what_the_configurations_own_files_make():
    root = configured("types")
    inputs = saved("types").inputs(["object", "set", "map", "numbers"])
    at = Location("main.tf")
    for name, value in inputs.items():
        root._inputs[name] = lambda value=value: value
        assert root.named("var", name, at) == configured("types").named("var", name, at)


def test_every_module_brings_its_files():
    plan = saved("first")
    assert plan.files.keys() == {"", "queue", "worker", "worker.log"}
    assert plan.modules["worker.log"] == ModuleSource("worker.log", "../queue", "modules/queue")
    log = FOLDER / "first/config/modules/queue/main.tf"
    assert plan.files["worker.log"] == {"main.tf": log.read_bytes()}


def test_a_data_source_that_was_read_is_known():
    for plan in (saved("first"), shown("first")):
        assert plan.attributes("data.aws_caller_identity.me")["account_id"] == "123456789012"
        assert "json" in plan.attributes("data.aws_iam_policy_document.known")


def test_a_data_source_that_is_read_later_is_unknown():
    for plan in (saved("first"), shown("first")):
        address = "data.aws_iam_policy_document.later"
        assert plan.changes[address].action is Action.READ
        assert plan.attributes(address)["json"] == Hole(f"{address}.json")


def test_null_is_distinguished_from_unknown():
    address = 'module.queue["orders"].aws_sqs_queue.this'
    for plan in (saved("first"), shown("first")):
        after = plan.attributes(address)
        assert after["tags"] is None
        assert after["policy"] == Hole(f"{address}.policy")
        assert after["visibility_timeout_seconds"] == 60


def test_what_the_plan_deletes_has_no_attributes():
    for plan in (saved("second"), shown("second")):
        assert plan.deletes("aws_sqs_queue_policy.gone")
        assert plan.attributes("aws_sqs_queue_policy.gone") is None
        assert plan.changes["aws_sqs_queue_policy.gone"].before["policy"].startswith("{")
        assert plan.deletes("aws_sqs_queue.gone[1]")


def test_what_the_plan_replaces_changes_or_forgets_is_not_deleted():
    for plan in (saved("second"), shown("second")):
        for name in ("renamed", "renamed_gently", "changed", "forgotten", "here"):
            assert not plan.deletes(f"aws_sqs_queue.{name}"), name
        assert plan.attributes("aws_sqs_queue.renamed")["name"] == "renamed-after"


def test_an_object_left_behind_is_not_the_one_at_the_address():
    for plan in (saved("second"), shown("second")):
        assert not plan.deletes("aws_sqs_queue.same")
        assert [change.address for change in plan.deposed] == ["aws_sqs_queue.same"]
        assert plan.deposed[0].action is Action.DELETE


def test_a_saved_plan_says_how_it_was_made():
    modes = {name: saved(name).mode for name in NAMES}
    assert modes.pop("destroy") is Mode.DESTROY
    assert modes.pop("refresh") is Mode.REFRESH_ONLY
    assert set(modes.values()) == {Mode.NORMAL}
    assert saved("first").workspace == "default"


def test_plan_json_does_not_say_how_it_was_made():
    assert shown("destroy").mode is None
    assert shown("destroy").workspace is None


def test_secrets_are_reported():
    for plan in (saved("types"), shown("types")):
        assert list(plan.changes["terraform_data.known"].secrets()) == ["hunter2 is no password"]


def test_a_change_names_its_providers_configuration():
    change = saved("first").changes["module.worker[0].aws_sqs_queue.west"]
    assert change.provider == "registry.terraform.io/hashicorp/aws"
    assert change.provider_config.endswith('"].west')


def test_unknowns_say_where_they_are_from():
    for hole in holes(saved("first").changes["aws_sqs_queue.prefixed"].after):
        assert hole.at == Location("plan.tfplan", 1, 1)
        assert hole.name.startswith("aws_sqs_queue.prefixed.")


def test_the_state_of_an_object_left_behind_is_not_that_of_the_address():
    stated = {"mode": "managed", "type": "t", "name": "n"}
    left = {"deposed": "0badcafe", "attributes": {"x": "left"}}
    for instances in ([left, {"attributes": {"x": "here"}}], [{"attributes": {"x": "here"}}, left]):
        state = json.dumps({"version": 4, "resources": [{**stated, "instances": instances}]})
        assert read_state(state.encode(), Location("plan"))["t.n"]() == {"x": "here"}
    left = {"address": "t.n", "deposed_key": "0badcafe", "values": {"x": "left"}}
    for resources in ([left, {"address": "t.n", "values": {"x": "here"}}], [left]):
        found = show_state({"root_module": {"resources": resources}}, Location("plan"))
        assert [decode() for decode in found.values()] == [{"x": "here"}][: len(resources) - 1]


def test_plan_json_is_read_without_the_libraries_of_saved_plans():
    program = (
        "import sys, checker.sources.terraform.plan.printed;"
        "sys.exit(bool({'msgpack', 'google.protobuf'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_plan_may_name_a_file_that_no_directory_holds(tmp_path):
    plan = tmp_path / "plan.tfplan"
    with ZipFile(FOLDER / "first/plan.tfplan") as old, ZipFile(plan, "w") as made:
        for name in old.namelist():
            if not name.startswith("tfconfig/m-/"):
                made.writestr(name, old.read(name))
        made.writestr(f"tfconfig/m-/{'x' * 300}.tf", "")
    with pytest.raises(SourceError, match="not in the configuration"):
        load(plan, tmp_path)
