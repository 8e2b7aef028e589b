"""What the real CDK synthesized: verdicts, and places in the user's own program."""

import json

import pytest
import yaml
from assemblies import ASSEMBLIES, HERE, expectation, laid
from sources.cloudformation.assembly_mutations import tried

from checker.cli import main
from examples import examples

EXPECTED = {name: expectation(name) for name in ASSEMBLIES}


@pytest.fixture
def check(tmp_path, capsys, monkeypatch):
    """Check a recorded app in a directory of its own; return the exit code and the report."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)

    def checked(name, *options, change=None):
        output = laid(name, tmp_path)
        if change is not None:
            change(output)
        words = ["plan", str(output), "--root", str(tmp_path), "--format", "json", *options]
        code = main(words)
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return checked


def place(location):
    return f"{location['file']}:{location['line']}"


def problems(report):
    return [
        each
        for each in report["findings"]
        if each["kind"] == "problem" and each["severity"] != "note"
    ]


def open_rules(report):
    """Return the rules of severity error that cannot be decided."""
    found = set()
    for each in report["findings"]:
        if each["kind"] == "unknown" and each["severity"] == "error":
            parts = each.get("affected", [each])
            found |= {part["rule"] for part in parts if part["severity"] == "error"}
    return sorted(found)


@pytest.mark.parametrize("name", ASSEMBLIES)
def test_an_assembly_is_judged_as_expected(name, check):
    expected = EXPECTED[name]
    code, report, _ = check(name)
    assert code == expected["exit"]
    assert {each["id"]: each["verdict"] for each in report["mappings"]} == expected["mappings"]
    assert open_rules(report) == expected.get("unknown", [])
    assert [each["id"] for each in report["unread"]] == expected.get("unread", [])
    found = problems(report)
    assert {each["rule"]: place(each["location"]) for each in found} == expected.get("problems", {})
    assert {each["rule"]: each["fix"] for each in found} == expected.get("fixes", {})


def test_enough_apps_are_recorded_and_each_says_why_it_is_judged_so():
    assert len(ASSEMBLIES) >= 20
    assert all(each["why"] for each in EXPECTED.values())


def test_what_is_recorded_is_small_and_names_no_path_of_a_machine():
    files = [path for path in HERE.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 1_500_000
    for path in files:
        text = path.read_text()
        assert "/home/" not in text, path
        assert "/tmp/" not in text, path  # noqa: S108 - it must not be there


@pytest.mark.parametrize("name", ["visibility-too-short", "old-assembly", "stages", "python"])
def test_a_finding_stands_in_the_program_beside_the_line_of_the_template(name, check):
    _, report, _ = check(name)
    (found,) = [each for each in problems(report) if each["severity"] == "error"]
    template, program = found["trail"]
    assert (template["kind"], program["kind"]) == ("construct", "program")
    assert template["location"]["file"].endswith(".template.json")
    assert template["name"].endswith("Orders/Queue")
    assert program["location"] == found["location"]
    assert found["because"][-1]["text"] == f"construct `{template['name']}` in the template"
    assert found["because"][-1]["location"] == template["location"]


def without_stacks(output):
    for path in output.rglob("*.metadata.json"):
        path.unlink()


def without_paths(output):
    """Take the paths of constructs out of the templates, as without path metadata."""
    for path in output.rglob("*.template.json"):
        template = json.loads(path.read_text())
        for resource in template["Resources"].values():
            resource.pop("Metadata", None)
        path.write_text(json.dumps(template, indent=1))


def test_without_metadata_a_finding_stands_in_the_template_with_the_path_of_its_construct(check):
    _, report, _ = check("visibility-too-short", change=without_stacks)
    found = problems(report)[0]
    assert found["location"]["file"] == "cdk.out/Orders.template.json"
    assert found["because"][-1]["text"] == "construct `Orders/Queue` in the template"


def test_without_paths_in_the_template_the_logical_id_leads_to_the_program(check):
    _, report, _ = check("visibility-too-short", change=without_paths)
    assert place(problems(report)[0]["location"]) == "app.ts:8"


def test_without_either_a_finding_stands_in_the_template(check):
    def without(output):
        without_stacks(output)
        without_paths(output)

    code, report, _ = check("visibility-too-short", change=without)
    assert code == 1
    assert problems(report)[0]["location"]["file"] == "cdk.out/Orders.template.json"


def test_a_role_that_silently_gets_no_policy_is_never_a_pass_and_says_why(check):
    for name in ("imported-role", "role-of-another-account"):
        _, report, _ = check(name)
        said = json.dumps(report)
        assert [each["verdict"] for each in report["mappings"]] == ["undecided"]
        assert "is imported, and the stack attaches no policy to it" in said
        assert "`withoutPolicyUpdates()`" in said


def test_a_fix_never_offers_to_edit_the_template(check):
    for name in ASSEMBLIES:
        _, report, _ = check(name)
        for each in report["findings"]:
            assert "fixes" not in each
            assert "!GetAtt" not in each["fix"]
            assert "--live" not in each["fix"]


def test_context_that_was_not_looked_up_leaves_a_sound_stack_undecided(check):
    def missing(output):
        manifest = json.loads((output / "manifest.json").read_text())
        manifest["missing"] = [{"key": "zones", "provider": "availability-zones", "props": {}}]
        (output / "manifest.json").write_text(json.dumps(manifest))

    code, report, _ = check("plain", "--strict", change=missing)
    assert code == 1
    assert [each["verdict"] for each in report["mappings"]] == ["undecided"]
    assert "context `zones` was not looked up" in json.dumps(report["unread"])


@pytest.mark.parametrize(
    ("asked", "verdicts"),
    [
        ({"account": "111122223333", "region": "us-east-1"}, ["ready"]),
        ({"account": "999999999999", "region": "eu-west-1"}, ["ready"]),
        ({"account": "111122223333", "region": "eu-west-1"}, ["undecided"]),
        ({"region": "eu-west-1"}, ["undecided"]),
    ],
)
def test_context_of_another_account_or_region_concerns_no_stack(asked, verdicts, check):
    def missing(output):
        manifest = json.loads((output / "manifest.json").read_text())
        manifest["missing"] = [{"key": "a", "provider": "ssm", "props": asked}]
        (output / "manifest.json").write_text(json.dumps(manifest))

    _, report, _ = check("plain", change=missing)
    assert [each["verdict"] for each in report["mappings"]] == verdicts


def test_the_environment_of_a_stack_fills_its_arns(check):
    _, report, _ = check("plain")
    assert report["mappings"][0]["queue"]["arn"].startswith("arn:aws:sqs:eu-west-1:111122223333:")


def test_the_command_line_fills_what_the_app_leaves_open(check):
    options = ("--region", "eu-central-1", "--account", "444455556666")
    _, report, _ = check("environment-agnostic", *options)
    assert report["mappings"][0]["queue"]["arn"].startswith(
        "arn:aws:sqs:eu-central-1:444455556666:"
    )
    _, report, _ = check("plain", *options)
    assert report["mappings"][0]["queue"]["arn"].startswith("arn:aws:sqs:eu-west-1:111122223333:")


def without_environment(output):
    for path in output.rglob("manifest.json"):
        manifest = json.loads(path.read_text())
        for each in manifest["artifacts"].values():
            each["environment"] = "aws://unknown-account/unknown-region"
        path.write_text(json.dumps(manifest))


def without_references(output):
    """Let the stacks not be found that others refer to."""
    for path in output.rglob("*.template.json"):
        template = json.loads(path.read_text())
        template.pop("Outputs", None)
        path.write_text(json.dumps(template))


@pytest.mark.parametrize("name", ASSEMBLIES)
@pytest.mark.parametrize("hide", [without_environment, without_references])
def test_what_is_settled_with_less_stays_so_with_more(name, hide, check):
    _, less, _ = check(name, change=hide)
    _, more, _ = check(name)
    known = {each["id"]: each["verdict"] for each in more["mappings"]}
    settled = {each["id"]: each["verdict"] for each in less["mappings"]}
    for mapping, verdict in settled.items():
        if verdict in {"ready", "blocked"}:
            assert known[mapping] == verdict
    assert {each["rule"] for each in problems(less)} <= {each["rule"] for each in problems(more)}


def test_the_role_that_cloudformation_deploys_with_is_an_assumption(check):
    _, report, _ = check("plain")
    role = "arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1"
    assert any(f"role `{role}`" in each for each in report["assumptions"])
    assert report["mappings"][0]["deployer"] is None


def test_a_deployer_that_is_named_is_checked(check):
    _, report, _ = check("plain", "--deployer", "arn:aws:iam::111122223333:role/deploy")
    assert report["mappings"][0]["deployer"]["arn"] == "arn:aws:iam::111122223333:role/deploy"
    assert "deployer-cannot-create-mapping" in open_rules(report)


def deployed_by_a_role_of_the_stack(output, actions):
    """Let the stack be deployed with a role that it makes itself."""
    template = output / "Orders.template.json"
    made = json.loads(template.read_text())
    allow = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    made["Resources"]["Deploying"] = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": "deploying",
            "AssumeRolePolicyDocument": {"Statement": [], "Version": "2012-10-17"},
            "Policies": [
                {
                    "PolicyName": "all",
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": [allow]},
                }
            ],
        },
    }
    template.write_text(json.dumps(made, indent=1))
    manifest = json.loads((output / "manifest.json").read_text())
    properties = manifest["artifacts"]["Orders"]["properties"]
    properties["cloudFormationExecutionRoleArn"] = (
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/deploying"
    )
    (output / "manifest.json").write_text(json.dumps(manifest))


def test_a_role_of_the_stack_that_deploys_it_is_checked(check):
    code, report, _ = check(
        "plain", change=lambda out: deployed_by_a_role_of_the_stack(out, ["sqs:*"])
    )
    assert code == 1
    assert "deployer-cannot-create-mapping" in {each["rule"] for each in problems(report)}
    code, _, _ = check("plain", change=lambda out: deployed_by_a_role_of_the_stack(out, ["*"]))
    assert code == 0


def test_parameters_of_the_manifest_have_their_values(check):
    def given(output):
        template = json.loads((output / "Orders.template.json").read_text())
        template["Parameters"]["Seconds"] = {"Type": "Number"}
        queue = next(
            each
            for name, each in template["Resources"].items()
            if each["Type"] == "AWS::SQS::Queue" and name.startswith("Queue")
        )
        queue["Properties"]["VisibilityTimeout"] = {"Ref": "Seconds"}
        (output / "Orders.template.json").write_text(json.dumps(template, indent=1))
        manifest = json.loads((output / "manifest.json").read_text())
        manifest["artifacts"]["Orders"]["properties"]["parameters"] = {"Seconds": "20"}
        (output / "manifest.json").write_text(json.dumps(manifest))

    rule = "visibility-timeout-below-function-timeout"
    _, report, _ = check("plain", change=given)
    assert rule in {each["rule"] for each in problems(report)}
    _, report, _ = check("plain", "--parameter", "Seconds=360", change=given)
    assert rule not in {each["rule"] for each in problems(report)}


def test_the_stacks_of_an_assembly_have_ids_of_their_own(check):
    _, report, _ = check("stages")
    assert len({each["id"] for each in report["mappings"]}) == 2
    assert {each["id"].partition(":")[0] for each in report["mappings"]} == {
        "Beta/Orders",
        "Prod/Orders",
    }


def test_a_waiver_in_the_metadata_of_a_resource_counts(check):
    def waived(output):
        template = json.loads((output / "Orders.template.json").read_text())
        queue = template["Resources"]["Queue4A7E3555"]
        name = "visibility-timeout-below-function-timeout"
        queue["Metadata"]["tfcheck"] = {"ignore": [f"{name} it is short by design"]}
        (output / "Orders.template.json").write_text(json.dumps(template, indent=1))

    code, report, _ = check("visibility-too-short", change=waived)
    assert code == 0
    assert [each["rule"] for each in report["findings"] if each["waived"]] == [
        "visibility-timeout-below-function-timeout"
    ]


def test_expected_files_are_read_as_they_are_written():
    for name in ASSEMBLIES:
        text = (HERE / name / "expected.yaml").read_text()
        assert set(yaml.safe_load(text)) <= {
            *("why", "exit", "mappings", "problems", "fixes", "unknown", "unread"),
        }


@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("nested-stack", "OrdersWorkers56E19E2C.nested.template.json"),
        ("two-stacks", "Workers.template.json"),
    ],
)
def test_a_fault_of_a_nested_or_importing_stack_is_led_to_the_program(name, template, check):
    def longer(output):
        file = output / template
        document = json.loads(file.read_text())
        for each in document["Resources"].values():
            if each["Type"] == "AWS::Lambda::Function":
                each["Properties"]["Timeout"] = 600
        file.write_text(json.dumps(document, indent=1))

    code, report, _ = check(name, change=longer)
    assert code == 1
    found = [e for e in problems(report) if e["rule"].startswith("visibility-timeout-below")]
    assert found
    assert found[0]["location"]["file"].endswith(".ts")
    assert any("construct `" in each["text"] for each in found[0]["because"])


@pytest.mark.parametrize("name", ["plain", "two-stacks"])
def test_a_stack_without_resources_is_none_that_is_deployed(name, check):
    def emptied(output):
        file = max(output.glob("*.template.json"))
        document = json.loads(file.read_text())
        document.pop("Resources")
        file.write_text(json.dumps(document))

    code, report, _ = check(name, change=emptied)
    assert code == 0
    assert report["unread"] == []
    assert report["mappings"] == []


@pytest.mark.sampled(1)
def test_mutated_assemblies_give_no_traceback_and_no_new_pass():
    wrong = [(n, why) for n in range(examples(400)) if (why := tried(18, n))]
    assert not wrong
