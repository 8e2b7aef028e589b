"""What `tfcheck plan` takes for a template, and what is given to one."""

import base64
import io
import json
import sys
import time

import pytest
from scenarios import scenario

from checker.cli import main
from checker.sources.cloudformation.detection import is_template

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Batch:
    Type: Number
  Stage:
    Type: String
    Default: test
    AllowedValues: [test, prod]
  Token:
    Type: String
    NoEcho: true
    Default: none-of-your-business
  Zones:
    Type: CommaDelimitedList
    Default: a,b
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub orders-${Stage}
      VisibilityTimeout: 60
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Code: {S3Bucket: code, S3Key: worker.zip}
      Handler: worker.handler
      Runtime: python3.12
      Role: !Sub arn:aws:iam::${AWS::AccountId}:role/worker
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Orders.Arn
      FunctionName: !Ref Worker
      BatchSize: !Ref Batch
"""
BATCH = "batch-size-out-of-range"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Check something in a directory of its own; return the exit code, the report and the rest."""
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)

    def checked(*arguments, files=(), stdin=None):
        for name, text in dict(files).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = main(["plan", *arguments, "--format", "json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return checked


def rules(report, kind="problem"):
    return {each["rule"] for each in report["findings"] if each["kind"] == kind}


def ids(report):
    return [each["id"] for each in report["mappings"]]


class TestWhatIsATemplate:
    @pytest.mark.parametrize(
        "name", ["stack.yaml", "stack.yml", "stack.template", "stack", "a.txt"]
    )
    def test_a_file_is_a_template_by_what_it_holds(self, run, name):
        code, report, _ = run(name, "--parameter", "Batch=100", files={name: TEMPLATE})
        assert code == 1
        assert BATCH in rules(report)

    def test_a_template_in_json_is_one(self, run):
        resources = {
            "Orders": {"Type": "AWS::SQS::Queue"},
            "Mapping": {
                "Type": "AWS::Lambda::EventSourceMapping",
                "Properties": {
                    "EventSourceArn": {"Fn::GetAtt": ["Orders", "Arn"]},
                    "FunctionName": "worker",
                    "BatchSize": 100,
                },
            },
        }
        code, report, _ = run("a.json", files={"a.json": json.dumps({"Resources": resources})})
        assert code == 1
        assert BATCH in rules(report)

    def test_plan_json_that_speaks_of_a_stack_is_a_plan(self, run):
        body = json.dumps({"Resources": {"Orders": {"Type": "AWS::SQS::Queue"}}})
        change = {"address": "aws_cloudformation_stack.a", "values": {"template_body": body}}
        plan = {"format_version": "1.2", "planned_values": {"root_module": {"resources": [change]}}}
        _, _, said = run("plan.json", files={"plan.json": json.dumps(plan)})
        assert "template" not in said

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("kind: Deployment\n", "mapping of `Resources`"),
            ("Resources: [\n", "expected node content"),
            ("- a\n", "mapping of sections"),
            ("", "mapping of sections"),
            ("a: b\x00", ""),
        ],
    )
    def test_a_yaml_file_that_is_none_is_not_checked(self, run, text, why):
        code, report, said = run("stack.yaml", files={"stack.yaml": text})
        assert (code, report) == (2, None)
        assert why in said
        assert "nothing was checked" in said

    def test_a_directory_holds_its_template(self, run):
        for name in ("template.yaml", "template.yml"):
            code, report, _ = run(".", "--parameter", "Batch=100", files={name: TEMPLATE})
            assert (code, ids(report)) == (1, ["Mapping"])

    def test_samconfig_names_the_template_of_a_directory(self, run):
        config = '[default.build.parameters]\ntemplate_file = "infra/stack.yaml"\n'
        files = {"samconfig.toml": config, "infra/stack.yaml": TEMPLATE}
        code, report, _ = run("--parameter", "Batch=100", files=files)
        assert (code, ids(report)) == (1, ["Mapping"])

    def test_samconfig_leads_to_no_file_outside(self, run, tmp_path):
        (tmp_path.parent / "outside.yaml").write_text(TEMPLATE)
        config = '[default.build.parameters]\ntemplate_file = "../outside.yaml"\n'
        code, report, said = run(files={"samconfig.toml": config})
        assert (code, report) == (2, None)
        assert "outside" in said

    def test_a_directory_of_terraform_says_which_template_it_holds(self, run):
        main_tf = (scenario("function-without-code") / "main.tf").read_text()
        _, report, _ = run(".", files={"main.tf": main_tf, "template.yaml": TEMPLATE})
        assert any("`template.yaml`" in each for each in report["assumptions"])
        assert "Mapping" not in ids(report)

    def test_recursively_both_are_checked(self, run):
        main_tf = (scenario("function-without-code") / "main.tf").read_text()
        files = {"infra/main.tf": main_tf, "app/template.yaml": TEMPLATE, ".x/a.yaml": TEMPLATE}
        code, report, _ = run(".", "--recursive", "--parameter", "Batch=100", files=files)
        assert code == 1
        found = ids(report)
        assert [each for each in found if each.endswith("Mapping")] == ["app/template.yaml:Mapping"]
        assert [each for each in found if each.startswith("infra:")]

    def test_one_template_of_several_that_cannot_be_read_is_unread(self, run):
        files = {"a/template.yaml": TEMPLATE, "b/stack.yaml": f"{TEMPLATE}  ]: [\n"}
        _, report, _ = run("--recursive", files=files)
        assert ids(report) == ["a/template.yaml:Mapping"]
        assert "b/stack.yaml" in json.dumps(report["unread"])

    def test_standard_input_may_be_a_template(self, run):
        code, report, _ = run("-", "--parameter", "Batch=100", stdin=TEMPLATE)
        assert code == 1
        assert BATCH in rules(report)

    def test_a_link_that_leads_out_is_not_followed(self, run, tmp_path):
        (tmp_path.parent / "outside.yaml").write_text(TEMPLATE)
        (tmp_path / "template.yaml").symlink_to(tmp_path.parent / "outside.yaml")
        code, report, _ = run("template.yaml")
        assert (code, report) == (2, None)


class TestParameters:
    def test_without_a_value_what_rests_on_a_parameter_is_unknown(self, run):
        _, report, _ = run("a.yaml", files={"a.yaml": TEMPLATE})
        assert BATCH in rules(report, "unknown")
        assert "--parameter Batch=VALUE" in json.dumps(report)

    def test_a_name_that_is_not_declared_is_an_error_with_the_nearest(self, run):
        code, report, said = run("a.yaml", "--parameter", "Bach=1", files={"a.yaml": TEMPLATE})
        assert (code, report) == (2, None)
        assert "did you mean `Batch`?" in said

    @pytest.mark.parametrize("given", ["Batch", "Batch=many", "Stage=live"])
    def test_what_cloudformation_refuses_is_an_error(self, run, given):
        code, _, said = run("a.yaml", "--parameter", given, files={"a.yaml": TEMPLATE})
        assert code == 2
        assert "nothing was checked" in said

    @pytest.mark.parametrize(
        "text",
        [
            '[{"ParameterKey": "Batch", "ParameterValue": "100"}]',
            '[\n\t{"ParameterKey": "Batch", "ParameterValue": "100"}\n]',
            '["Batch=100", "Stage=prod"]',
            '{"Parameters": {"Batch": "100"}}',
            '{"Parameters": {"Batch": 100, "Zones": ["a", "b"]}}',
            '{"Batch": "100"}',
            '\ufeff{"Batch": "100"}',
            "Batch: 100\n",
        ],
    )
    def test_a_file_of_parameters_has_a_format_of_the_aws_cli(self, run, text):
        files = {"a.yaml": TEMPLATE, "p.json": text}
        code, report, _ = run("a.yaml", "--parameter-file", "p.json", files=files)
        assert code == 1
        assert BATCH in rules(report)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            "[[1]]",
            '[{"ParameterKey": "Batch"}]',
            '{"Batch": {"a": 1}}',
            '{"Batch": null}',
            '[{"ParameterKey": "Batch", "ParameterValue": "1"}, "Batch=2"]',
            '{"Bach": "1"}',
        ],
    )
    def test_a_file_of_parameters_that_is_none_is_an_error(self, run, text):
        files = {"a.yaml": TEMPLATE, "p.json": text}
        code, report, said = run("a.yaml", "--parameter-file", "p.json", files=files)
        assert (code, report) == (2, None)
        assert "nothing was checked" in said

    def test_a_previous_value_is_unknown_even_where_there_is_a_default(self, run):
        kept = '[{"ParameterKey": "Batch", "UsePreviousValue": true}]'
        text = TEMPLATE.replace("    Type: Number\n", "    Type: Number\n    Default: 100\n")
        files = {"a.yaml": text, "p.json": kept}
        _, report, _ = run("a.yaml", "--parameter-file", "p.json", files=files)
        assert BATCH in rules(report, "unknown")
        assert "keeps the value that the stack has" in json.dumps(report)

    def test_the_command_line_wins_over_files_and_these_over_samconfig(self, run):
        files = {
            "template.yaml": TEMPLATE,
            "samconfig.toml": '[default.deploy.parameters]\nparameter_overrides = "Batch=100"\n',
            "p.json": '{"Batch": "200"}',
        }
        _, report, _ = run(files=files)
        assert "100" in json.dumps(report["findings"])
        _, report, _ = run("--parameter-file", "p.json")
        assert "200" in json.dumps(report["findings"])
        _, report, _ = run("--parameter-file", "p.json", "--parameter", "Batch=10")
        assert BATCH not in rules(report) | rules(report, "unknown")

    @pytest.mark.parametrize(
        "overrides",
        [
            '"Stage=prod Batch=100"',
            '"Stage=\'prod\' Batch=\\"100\\""',
            '"ParameterKey=Batch,ParameterValue=100 ParameterKey=Stage,ParameterValue=prod"',
            '["Stage=prod", "Batch=100"]',
            '{Stage = "prod", Batch = 100}',
        ],
    )
    def test_samconfig_gives_parameters_as_its_tools_write_them(self, run, overrides):
        config = f"version = 0.1\n[live.deploy.parameters]\nparameter_overrides = {overrides}\n"
        files = {"template.yaml": TEMPLATE, "samconfig.toml": config}
        _, report, _ = run("--config-env", "live", files=files)
        assert BATCH in rules(report)
        _, report, _ = run()
        assert BATCH in rules(report, "unknown")

    @pytest.mark.parametrize(
        ("config", "why"),
        [
            ("[", "not TOML"),
            ('[default.deploy.parameters]\nparameter_overrides = "Batch"\n', "NAME=VALUE"),
            ("[default.deploy.parameters]\nparameter_overrides = 3\n", "neither"),
            ('[default.deploy.parameters]\nparameter_overrides = ["file://a"]\n', "neither"),
            ("[default.deploy.parameters]\nregion = 3\n", "`region`"),
            ("a = " + "[" * 5000, "not TOML"),
        ],
    )
    def test_a_samconfig_that_cannot_be_read_is_an_error(self, run, config, why):
        code, report, said = run(files={"template.yaml": TEMPLATE, "samconfig.toml": config})
        assert (code, report) == (2, None)
        assert why in said

    def test_an_environment_that_samconfig_does_not_have_is_an_error(self, run):
        files = {"template.yaml": TEMPLATE, "samconfig.toml": "[prod.deploy.parameters]\n"}
        code, _, said = run("--config-env", "prd", files=files)
        assert code == 2
        assert "did you mean `prod`?" in said

    def test_region_and_account_fill_the_pseudo_parameters(self, run):
        given = ("--region", "eu-west-1", "--account", "111122223333", "--parameter", "Batch=1")
        _, report, _ = run("a.yaml", *given, files={"a.yaml": TEMPLATE})
        (mapping,) = report["mappings"]
        assert mapping["queue"]["arn"] == "arn:aws:sqs:eu-west-1:111122223333:orders-test"

    @pytest.mark.parametrize("given", [("--region", "Ireland"), ("--account", "12")])
    def test_a_region_or_account_that_is_none_is_an_error(self, run, given):
        code, _, _ = run("a.yaml", *given, files={"a.yaml": TEMPLATE})
        assert code == 2

    def test_no_report_shows_what_is_not_echoed(self, run, capsys):
        text = TEMPLATE.replace("orders-${Stage}", "${Token}")
        given = ("--parameter", "Batch=100", "--parameter", "Token=hunter-two-and-more")
        _, report, said = run("a.yaml", *given, files={"a.yaml": text})
        assert "hunter-two" not in json.dumps(report) + said
        _, report, said = run("a.yaml", "--parameter", "Batch=100")
        assert "none-of-your" not in json.dumps(report) + said


class TestOptions:
    @pytest.mark.parametrize(
        "given", [("--var", "a=1"), ("--var-file", "a"), ("--workspace", "a"), ("--live",)]
    )
    def test_what_only_terraform_has_is_refused(self, run, given):
        code, report, said = run("a.yaml", *given, files={"a.yaml": TEMPLATE})
        assert (code, report) == (2, None)
        assert f"`{given[0]}` is for Terraform" in said

    @pytest.mark.parametrize(
        "given",
        [("--parameter", "a=1"), ("--parameter-file", "a"), ("--account", "111122223333")],
    )
    def test_what_only_templates_have_is_refused(self, run, given):
        main_tf = (scenario("function-without-code") / "main.tf").read_text()
        code, report, said = run(".", *given, files={"main.tf": main_tf})
        assert (code, report) == (2, None)
        assert f"`{given[0]}` is for templates" in said

    def test_a_parameter_that_no_template_below_declares_is_an_error(self, run):
        files = {"a/template.yaml": TEMPLATE}
        code, _, said = run("--recursive", "--parameter", "Bach=1", files=files)
        assert code == 2
        assert "did you mean `Batch`?" in said


DEPLOYER = "arn:aws:iam::111122223333:role/deployer"
GRANTED = """\
  Granted:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: deploy
      Roles: [deployer]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Deny, Action: [%s], Resource: "*"}
          - {Effect: Allow, Action: "lambda:*", Resource: "*"}
"""


class TestDeployer:
    RULE = "deployer-cannot-create-mapping"

    def test_without_one_the_rule_does_not_run(self, run):
        _, report, _ = run("a.yaml", files={"a.yaml": TEMPLATE})
        assert self.RULE not in rules(report) | rules(report, "unknown")

    def test_what_is_not_known_of_a_role_is_unknown(self, run):
        _, report, _ = run("a.yaml", "--deployer", DEPLOYER, files={"a.yaml": TEMPLATE})
        assert self.RULE in rules(report, "unknown")

    @pytest.mark.parametrize(
        ("denied", "needed"),
        [
            ("lambda:CreateEventSourceMapping", True),
            ("lambda:GetEventSourceMapping", True),
            ("lambda:TagResource", True),
            ("lambda:ListTags", False),
        ],
    )
    def test_it_creates_reads_and_tags_the_mapping(self, run, denied, needed):
        files = {"a.yaml": TEMPLATE + GRANTED % denied}
        _, report, _ = run("a.yaml", "--deployer", DEPLOYER, files=files)
        assert (self.RULE in rules(report)) is needed

    def test_roles_of_the_name_of_a_user_are_others(self, run):
        files = {"a.yaml": TEMPLATE + GRANTED % "lambda:TagResource"}
        user = DEPLOYER.replace("role/", "user/")
        _, report, _ = run("a.yaml", "--deployer", user, files=files)
        assert self.RULE not in rules(report)

    def test_an_address_is_an_error(self, run):
        code, report, said = run(
            "a.yaml", "--deployer", "aws_iam_role.a", files={"a.yaml": TEMPLATE}
        )
        assert (code, report) == (2, None)
        assert "is not an ARN" in said


@pytest.mark.parametrize(
    "text",
    [
        "Resources:\n" + "\n" * 2_000_000,
        "{" + '"Resources" ' * 200_000,
        "Resources:\n" + " " * 3_000_000 + "AWS",
        "Resources:\n" + "AWSTemplateFormatVersion " * 100_000,
    ],
)
def test_telling_what_a_file_is_takes_time_in_proportion_to_it(text):
    before = time.process_time()
    is_template(text.encode())
    assert time.process_time() - before < 1


def test_overrides_that_are_long_take_time_in_proportion_to_them(run):
    for overrides in ("A=" + "\\\\" * 60_000, "A='" * 50_000, "A=1 " * 40_000):
        config = f"[default.deploy.parameters]\nparameter_overrides = {json.dumps(overrides)}\n"
        before = time.process_time()
        run(files={"template.yaml": TEMPLATE, "samconfig.toml": config})
        assert time.process_time() - before < 3


HIDDEN = {
    "itself": "!Ref Token",
    "in a text": '!Sub "a-${Token}-b"',
    "Base64": "!Base64 {Ref: Token}",
    "a piece": '!Select [0, !Split ["-", !Ref Token]]',
    "in JSON": '{"Fn::ToJsonString": {a: !Ref Token}}',
}


@pytest.mark.parametrize("made", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("given", ["default", "parameter"])
def test_what_is_made_of_a_hidden_parameter_is_not_shown(run, made, given):
    pieces = ("Zq81xvV7", "Kw93jJ2p")
    secret = "-".join(pieces)
    text = TEMPLATE.replace("!Sub orders-${Stage}", made).replace("!Ref Worker", made)
    text = text.replace("none-of-your-business", secret if given == "default" else "unset")
    text = "Transform: AWS::LanguageExtensions\n" + text
    words = () if given == "default" else ("--parameter", f"Token={secret}")
    code, report, err = run("t.yaml", "--parameter", "Batch=5", *words, files={"t.yaml": text})
    shown = json.dumps(report) + err
    forms = (secret, *pieces, base64.b64encode(secret.encode()).decode())
    assert code in {0, 1}
    assert report["mappings"]
    assert not [each for each in forms if each in shown]


def test_a_number_that_is_hidden_decides_and_is_not_shown(run):
    text = TEMPLATE.replace("Type: Number", "Type: Number\n    NoEcho: true")
    _, report, err = run("t.yaml", "--parameter", "Batch=73915", files={"t.yaml": text})
    assert BATCH in rules(report)
    assert "73915" not in json.dumps(report) + err


def test_the_translator_of_sam_is_not_given_what_is_hidden(run):
    pytest.importorskip("samtranslator")
    text = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Token: {Type: String, NoEcho: true, Default: Zq81xvV7-Kw93jJ2p}
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "q-${Token}"}}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: a.b
      Runtime: python3.12
      FunctionName: !Ref Token
      Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn, BatchSize: 100}}}
"""
    _, report, err = run("t.yaml", files={"t.yaml": text})
    assert BATCH in rules(report)
    assert "Zq81xvV7" not in json.dumps(report) + err


API = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {Auth: {DefaultAuthorizer: A}, DefinitionBody:
    {Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.yaml}}}, StageName: v1}}
"""


@pytest.mark.parametrize(("more", "code"), [("", 0), (", Events: 1", 2)])
def test_what_hides_no_mapping_and_cannot_be_expanded_ends_no_run(run, more, code):
    pytest.importorskip("samtranslator")
    text = (
        API
        + f"""\
  Worker: {{Type: AWS::Serverless::Function, Properties: {{CodeUri: ., Handler: a.b,
    Runtime: python3.12{more}}}}}
"""
    )
    found, report, _ = run("t.yaml", files={"t.yaml": text})
    assert found == code
    assert code == 2 or [each["id"] for each in report["unread"]] == ["Api"]


@pytest.mark.parametrize(
    "name", ["EventSourceArn: !GetAtt Orders.Arn", "FunctionName: !Ref Worker"]
)
def test_an_empty_name_is_not_known(run, name):
    text = TEMPLATE.replace(name, name.partition(":")[0] + ": ''")
    code, report, _ = run("t.yaml", files={"t.yaml": text})
    assert code == 0
    assert [each["verdict"] for each in report["mappings"]] == ["undecided"]
