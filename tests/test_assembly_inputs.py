"""What `tfcheck plan` takes for a cloud assembly, and what of one is refused."""

import io
import json
import os
import sys
import time

import pytest
import repositories
from assemblies import laid
from scenarios import scenario

from checker.cli import main
from checker.sources.cloudformation.assembly import documents, manifest
from checker.sources.cloudformation.assembly.manifest import is_manifest

MAPPING = "Orders:WorkerSqsEventSourceOrdersQueueCE0340080F961E5A"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run `tfcheck plan` in a directory; return the exit code, the report and the rest."""
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)

    def checked(*arguments):
        root = [] if "--root" in arguments else ["--root", str(tmp_path)]
        code = main(["plan", *arguments, *root, "--format", "json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return checked


@pytest.fixture
def app(tmp_path):
    """An app that was synthesized, with a finding at line 8 of its program."""
    laid("visibility-too-short", tmp_path / "app")
    (tmp_path / "app/cdk.json").write_text('{"app": "npx ts-node app.ts"}')
    return tmp_path / "app"


def rules(report):
    return {each["rule"] for each in report["findings"]}


def ids(report):
    return [each["id"] for each in report["mappings"]]


class TestWhatIsAnAssembly:
    @pytest.mark.parametrize("path", ["app/cdk.out", "app/cdk.out/manifest.json", "app"])
    def test_its_directory_its_manifest_and_its_app_name_it(self, app, run, path):
        code, report, _ = run(path)
        assert (code, ids(report)) == (1, [MAPPING])
        assert report["findings"][0]["location"]["file"] == "app/app.ts"

    def test_the_current_directory_is_an_app(self, app, run, monkeypatch):
        monkeypatch.chdir(app)
        code, report, _ = run()
        assert (code, ids(report)) == (1, [MAPPING])

    def test_a_directory_of_any_name_is_one_by_what_it_holds(self, app, run):
        (app / "cdk.out").rename(app / "build")
        assert run("app/build")[0] == 1

    def test_a_manifest_on_standard_input_says_what_to_name(self, app, run, monkeypatch):
        text = (app / "cdk.out/manifest.json").read_bytes()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
        code, report, said = run("-")
        assert (code, report) == (2, None)
        assert "name its directory: `tfcheck plan cdk.out`" in said

    def test_an_assembly_that_was_not_written_to_its_end_says_so(self, app, run):
        (app / "cdk.out/cdk.out").write_text('{"version": "55.0.0"}')
        (app / "cdk.out/manifest.json").unlink()
        code, report, said = run("app/cdk.out")
        assert (code, report) == (2, None)
        assert "is a cloud assembly without its `manifest.json`" in said

    def test_cdk_json_names_another_directory(self, app, run):
        (app / "cdk.out").rename(app / "build")
        (app / "cdk.json").write_text('{"app": "npx ts-node app.ts", "output": "build"}')
        assert run("app")[0] == 1

    def test_an_app_that_is_not_synthesized_says_what_to_do(self, app, run):
        (app / "cdk.out").rename(app / "elsewhere")
        code, report, said = run("app")
        assert (code, report) == (2, None)
        assert "holds an app of the CDK that is not synthesized" in said
        assert "run `cdk synth`, then `tfcheck plan app/cdk.out`" in said

    @pytest.mark.parametrize("output", ["../outside", "/etc", 7, {}, "", "a\0b"])
    def test_an_output_that_leads_elsewhere_is_not_read(self, app, run, output):
        (app / "cdk.out").rename(app / "elsewhere")
        (app / "cdk.json").write_text(json.dumps({"output": output}))
        code, report, said = run("app")
        assert (code, report) == (2, None)
        assert "nothing was checked" in said

    def test_terraform_in_the_same_directory_is_read_instead(self, app, run):
        (app / "main.tf").write_text('resource "aws_sqs_queue" "orders" {}\n')
        _, report, _ = run("app")
        assert report["source"]["kind"] == "terraform"

    def test_a_directory_of_terraform_says_which_assembly_it_holds(self, app, run):
        main_tf = (scenario("function-without-code") / "main.tf").read_text()
        (app / "main.tf").write_text(main_tf)
        _, report, _ = run("app")
        said = "`cdk.out`, a cloud assembly beside it, is not checked"
        assert any(each.startswith(said) for each in report["assumptions"])

    def test_a_template_in_the_same_directory_is_read_instead(self, app, run):
        (app / "template.yaml").write_text(
            "Resources:\n  M:\n    Type: AWS::Lambda::EventSourceMapping\n"
            "    Properties: {FunctionName: w, EventSourceArn: !GetAtt Q.Arn}\n"
            "  Q: {Type: AWS::SQS::Queue}\n"
        )
        _, report, _ = run("app")
        assert ids(report) == ["M"]

    @pytest.mark.parametrize(
        "text",
        [
            '{"manifest_version": 3, "name": "an extension", "version": "1.0"}',
            '{"version": 4, "terraform_version": "1.11.4", "resources": []}',
            '{"version": "1.0", "artifacts": []}',
            '{"Resources": {"A": {"Type": "AWS::SQS::Queue", "Metadata": {"version": "1"}}}}',
            '"version": "artifacts": "type": "cdk:tree"',
            "",
        ],
    )
    def test_another_manifest_is_none(self, text):
        assert not is_manifest(text.encode())

    @pytest.mark.parametrize("start", ["", " \n", "\ufeff"])
    def test_a_manifest_is_one_by_its_artifacts(self, start):
        text = '{"version": "36.0.0", "artifacts": {"Tree": {"type": "cdk:tree"}}}'
        assert is_manifest((start + text).encode())


class TestEverythingBelow:
    def test_an_assembly_is_found_and_its_templates_are_read_once(self, app, run):
        code, report, _ = run("--recursive", ".")
        assert (code, ids(report)) == (1, [f"app/cdk.out/{MAPPING}"])

    def test_stages_are_read_once(self, tmp_path, run):
        laid("stages", tmp_path / "app")
        _, report, _ = run("--recursive", ".")
        assert sorted(each.partition(":")[0] for each in ids(report)) == [
            "app/cdk.out/Beta/Orders",
            "app/cdk.out/Prod/Orders",
        ]

    def test_assemblies_templates_and_terraform_stand_side_by_side(self, app, run, tmp_path):
        (tmp_path / "a").mkdir()
        (tmp_path / "a/template.yaml").write_text(
            "Resources:\n  M:\n    Type: AWS::Lambda::EventSourceMapping\n"
            "    Properties: {FunctionName: w, EventSourceArn: !GetAtt Q.Arn}\n"
            "  Q: {Type: AWS::SQS::Queue}\n"
        )
        _, report, _ = run("--recursive", ".")
        assert sorted(ids(report)) == ["a/template.yaml:M", f"app/cdk.out/{MAPPING}"]

    def test_one_that_cannot_be_read_is_unread(self, app, run, tmp_path):
        laid("plain", tmp_path / "other")
        (app / "cdk.out/Orders.template.json").write_text("{")
        code, report, _ = run("--recursive", ".")
        assert (code, ids(report)) == (0, [f"other/cdk.out/{MAPPING}"])
        assert "app/cdk.out/Orders.template.json" in json.dumps(report["unread"])


class TestOptions:
    @pytest.mark.parametrize(
        ("options", "why"),
        [
            (["--stack-name", "orders"], "`--stack-name` is for one template"),
            (["--config-env", "prod"], "`--config-env` is for one template"),
            (["--parameter", "Nothing=1"], "no stack has a parameter `Nothing`"),
            (["--region", "nowhere"], "is not a Region"),
            (["--account", "1"], "is not 12 digits"),
            (["--var", "a=1"], "`--var` is for Terraform"),
            (["--deployer", "aws_iam_role.deploy"], "is not an ARN"),
        ],
    )
    def test_an_option_that_no_stack_takes_is_refused(self, app, run, options, why):
        code, report, said = run("app/cdk.out", *options)
        assert (code, report) == (2, None)
        assert why in said

    def test_a_parameter_of_bootstrap_means_nothing(self, app, run):
        code, report, _ = run("app/cdk.out")
        assert "BootstrapVersion" not in json.dumps(report)
        assert code == 1


class TestChanges:
    @pytest.mark.parametrize("path", ["cdk.out", ".", "cdk.out/manifest.json"])
    def test_what_the_commit_has_too_is_not_reported(self, app, run, path, monkeypatch):
        monkeypatch.chdir(app)
        repositories.new(app)
        repositories.commit(app)
        _, report, said = run(path, "--changed-since", "HEAD", "--root", str(app))
        assert report["findings"] == [], said
        template = app / "cdk.out/Orders.template.json"
        template.write_text(template.read_text().replace('"BatchSize": 5', '"BatchSize": 50'))
        _, report, _ = run(path, "--changed-since", "HEAD", "--root", str(app))
        assert "batch-size-out-of-range" in rules(report)
        assert "visibility-timeout-below-function-timeout" not in rules(report)

    def test_what_git_does_not_track_is_new(self, app, run, monkeypatch):
        monkeypatch.chdir(app)
        repositories.new(app)
        (app / ".gitignore").write_text("cdk.out\n")
        repositories.commit(app)
        code, report, _ = run("cdk.out", "--changed-since", "HEAD", "--root", str(app))
        assert code == 1
        assert len(report["findings"]) == 3


def change_manifest(output, change):
    path = output / "manifest.json"
    found = json.loads(path.read_text())
    change(found)
    path.write_text(json.dumps(found))


def stack(found):
    return found["artifacts"]["Orders"]


def properties(found):
    return stack(found)["properties"]


def many_stacks(found):
    for n in range(manifest.MOST_STACKS + 1):
        found["artifacts"][f"S{n}"] = stack(found)


def in_itself(found):
    found["artifacts"]["A"] = {
        "type": "cdk:cloud-assembly",
        "properties": {"directoryName": "."},
    }


def nested(name):
    def change(found):
        found["artifacts"]["A"] = {
            "type": "cdk:cloud-assembly",
            "properties": {"directoryName": name},
        }

    return change


REFUSED = {
    "a template outside": (
        lambda found: properties(found).update(templateFile="../../secret.json"),
        "leads out of the directory of the assembly",
    ),
    "a template by a whole path": (
        lambda found: properties(found).update(templateFile="/etc/passwd"),
        "leads out of the directory of the assembly",
    ),
    "a template by a path of Windows": (
        lambda found: properties(found).update(templateFile="..\\..\\secret.json"),
        "leads out of the directory of the assembly",
    ),
    "a template that is missing": (
        lambda found: properties(found).update(templateFile="missing.json"),
        "No such file",
    ),
    "a template that is a directory": (
        lambda found: properties(found).update(templateFile="."),
        "is a directory",
    ),
    "a template that is a number": (
        lambda found: properties(found).update(templateFile=7),
        "`templateFile` is not the name of a file",
    ),
    "no properties": (
        lambda found: stack(found).update(properties=[]),
        "`templateFile` is not the name of a file",
    ),
    "metadata outside": (
        lambda found: stack(found).update(additionalMetadataFile="../../secret.json"),
        "leads out of the directory of the assembly",
    ),
    "a parameter that is a list": (
        lambda found: properties(found).update(parameters={"A": []}),
        "parameter `A` of stack `Orders` is not a text",
    ),
    "an artifact that is a list": (
        lambda found: found["artifacts"].update(Orders=[], Tree={"type": "cdk:tree"}),
        "artifact `Orders` has no `type`",
    ),
    "artifacts that are a list": (
        lambda found: found.update(artifacts=[{"type": "cdk:tree"}]),
        "`artifacts` is not an object",
    ),
    "no stack": (
        lambda found: found.update(artifacts={"Tree": {"type": "cdk:tree"}}),
        "the assembly has no stack",
    ),
    "many stacks": (many_stacks, f"more than {manifest.MOST_STACKS} stacks"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_not_checked(name, tmp_path, run):
    change, why = REFUSED[name]
    output = laid("plain", tmp_path)
    (tmp_path.parent / "secret.json").write_text("{}")
    change_manifest(output, change)
    code, report, said = run("cdk.out")
    assert (code, report) == (2, None)
    assert why in said
    assert "nothing was checked" in said
    assert "Traceback" not in said


UNREAD = {
    "an assembly in itself": in_itself,
    "an assembly outside": nested("../.."),
    "an assembly that is missing": nested("assembly-Prod"),
    "an assembly that is a list": nested([]),
}


@pytest.mark.parametrize("name", UNREAD)
def test_an_assembly_in_another_that_cannot_be_read_is_unread(name, tmp_path, run):
    output = laid("plain", tmp_path)
    change_manifest(output, UNREAD[name])
    code, report, _ = run("cdk.out")
    assert (code, ids(report)) == (0, [MAPPING])
    assert len(report["unread"]) == 1


def test_assemblies_that_name_one_another_end(tmp_path, run):
    output = laid("stages", tmp_path)
    inner = output / "assembly-Beta"
    change_manifest(inner, nested("assembly-Prod"))
    (inner / "assembly-Prod").symlink_to(output)
    code, report, _ = run("cdk.out")
    assert code == 1
    assert len(ids(report)) == 2
    assert report["unread"]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "{",
            "[]",
            "null",
            '{"version": NaN}',
            '{"a": ' * 5_000,
            "[" * 200_000,
            "\x00",
            "1" * 9_999,
        ),
        '{"artifacts": {"A": {"type": "cdk:tree"}}, "version": ' + "9" * 9_999 + "}",
    ],
)
def test_a_manifest_that_is_no_json_is_not_checked(text, tmp_path, run):
    output = laid("plain", tmp_path)
    head = '{"version": "55.0.0", "artifacts": {"Tree": {"type": "cdk:tree"}}'
    (output / "manifest.json").write_text(head + text)
    code, report, said = run("cdk.out")
    assert (code, report) == (2, None)
    assert "manifest.json" in said
    assert "Traceback" not in said


def test_one_template_is_read_for_one_stack(tmp_path, run):
    output = laid("plain", tmp_path)

    def many(found):
        for n in range(400):
            found["artifacts"][f"S{n}"] = stack(found)

    change_manifest(output, many)
    begun = time.process_time()
    _, report, _ = run("cdk.out")
    assert len(ids(report)) == 1
    assert len(report["unread"]) == 400
    assert time.process_time() - begun < 5


def test_much_missing_context_is_told_in_few_words(tmp_path, run):
    output = laid("plain", tmp_path)
    asked = {"key": "k", "provider": "ssm", "props": {"dummyValue": ["a value"] * 1_000}}
    change_manifest(output, lambda found: found.update(missing=[asked] * 100))
    begun = time.process_time()
    _, report, _ = run("cdk.out")
    assert [each["verdict"] for each in report["mappings"]] == ["undecided"]
    change_manifest(output, lambda found: found.update(missing=[{"key": "k"}] * 100_000))
    _, report, _ = run("cdk.out")
    assert [each["verdict"] for each in report["mappings"]] == ["undecided"]
    assert time.process_time() - begun < 5


def test_a_huge_manifest_is_not_checked(tmp_path, run, monkeypatch):
    output = laid("plain", tmp_path)
    change_manifest(output, lambda found: found.update(missing=[1] * (documents.MOST_VALUES + 1)))
    begun = time.process_time()
    code, _, said = run("cdk.out")
    assert code == 2
    assert f"more than {documents.MOST_VALUES} values" in said
    monkeypatch.setattr(documents, "MOST_BYTES_IN_ALL", 100)
    code, _, said = run("cdk.out")
    assert code == 2
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("name", ["Orders.template.json", "Orders.metadata.json", "manifest.json"])
def test_a_link_out_of_the_repository_is_not_followed(name, tmp_path, run):
    root = tmp_path / "root"
    output = laid("visibility-too-short", root)
    secret = tmp_path / "secret.json"
    secret.write_text((output / name).read_text().replace("Orders", "Secret"))
    (output / name).unlink()
    (output / name).symlink_to(secret)
    code = main(["plan", str(output), "--root", str(root)])
    # Metadata only tells of places.
    assert code == (1 if name == "Orders.metadata.json" else 2)


def test_a_pipe_is_not_read(tmp_path, run):
    output = laid("plain", tmp_path)
    (output / "Orders.template.json").unlink()
    os.mkfifo(output / "Orders.template.json")
    code, report, _ = run("cdk.out")
    assert (code, report) == (2, None)


METADATA = {
    "a list": [],
    "a text": {"/Orders/Queue/Resource": "x"},
    "entries that are texts": {"/Orders/Queue/Resource": ["x", 1, None, [], {}]},
    "data that is a number": {
        "/Orders/Queue/Resource": [
            {"type": "aws:cdk:creationStack", "data": 1},
            {"type": "aws:cdk:logicalId", "data": {}, "trace": 3},
        ]
    },
    "frames that lead elsewhere": {
        "/Orders/Queue/Resource": [
            {"type": "aws:cdk:creationStack", "data": ["a (/etc/passwd:1:1)", "b (../../a.ts:1:1)"]}
        ]
    },
}


@pytest.mark.parametrize("name", METADATA)
def test_wrong_metadata_costs_the_line_of_the_program_alone(name, tmp_path, run):
    output = laid("visibility-too-short", tmp_path)
    (output / "Orders.metadata.json").write_text(json.dumps(METADATA[name]))
    code, report, _ = run("cdk.out")
    assert code == 1
    assert {each["location"]["file"] for each in report["findings"]} == {
        "cdk.out/Orders.template.json"
    }


@pytest.mark.parametrize(
    "missing", [1, "x", {}, [[]], [None], [{"props": []}], [{"key": "\x1b[31m"}]]
)
def test_a_strange_word_on_missing_context_is_never_a_pass(missing, tmp_path, run):
    output = laid("plain", tmp_path)
    change_manifest(output, lambda found: found.update(missing=missing))
    _, report, _ = run("cdk.out")
    assert [each["verdict"] for each in report["mappings"]] == ["undecided"]
    assert "\x1b" not in json.dumps(report, ensure_ascii=False)
