from datetime import date, timedelta

import pytest
from samples import (
    a_mapping,
    a_problem,
    a_queue,
    an_inventory,
    known,
    saying,
    unset,
)

from checker.check import check
from checker.errors import PolicyFileError
from checker.knowledge.partial import Known
from checker.model import Deployer, Queue, Unread
from checker.policy import Policy, fails, judge, load, shipped
from checker.reports.report import Severity, Verdict
from checker.rules import RULES
from checker.rules.visibility_timeout_too_short import visibility_timeout_too_short

TODAY = date(2026, 11, 23)
NAMES = ["bad", "worse", "visibility-timeout-too-short"]
ALL = [rule.name for rule in RULES]


@pytest.fixture
def read(tmp_path):
    """Load a policy from its text; it extends nothing unless it says so."""

    def read(text, names=NAMES):
        file = tmp_path / "mine.yaml"
        file.write_text(text if "extends" in text else f"extends: null\n{text}")
        return load(str(file), names)

    return read


def report(policy, *rules, **changes):
    inventory = an_inventory(**changes)
    return judge(inventory, check(inventory, policy.select(rules), policy.settings), policy, TODAY)


def severe(**rules):
    return Policy("test", severities={name: Severity(how) for name, how in rules.items()})


def reasons(caught):
    return [str(reason).rpartition("mine.yaml:")[2] for reason in caught.value.reasons]


class TestReading:
    def test_every_shipped_policy_loads_with_the_rules_that_exist(self):
        assert shipped()[0] == "current"
        for name in shipped():
            policy = load(name, ALL)
            assert policy.name == name
            assert policy.summary

    def test_aws_2019_differs_from_current_where_aws_changed(self):
        now, then = load("current", ALL), load("aws-2019", ALL)
        changed = {r: s.value for r, s in then.severities.items() if now.severities.get(r) != s}
        assert changed == {
            "fifo-queue-unsupported": "error",
            "function-reads-several-queues": "error",
            "role-cannot-extend-visibility": "error",
            "deployer-cannot-list": "error",
        }

    def test_a_users_file_extends_current_unless_it_says_otherwise(self, tmp_path):
        file = tmp_path / "mine.yaml"
        file.write_text("rules: {dead-letter-queue-missing: off, role-cannot-decrypt: note}\n")
        policy = load(str(file), ALL)
        before = load("current", ALL)
        assert "dead-letter-queue-missing" not in policy.severities
        assert policy.severities["role-cannot-decrypt"] is Severity.NOTE
        assert len(policy.severities) == len(before.severities) - 1
        assert policy.name == "mine"

    def test_a_file_may_extend_another_beside_it(self, tmp_path):
        (tmp_path / "under.yaml").write_text("extends: null\nrules: {bad: error, worse: note}\n")
        file = tmp_path / "over.yaml"
        file.write_text("extends: ./under.yaml\nrules: {bad: warning}\n")
        policy = load(str(file), NAMES)
        assert policy.severities == {"bad": Severity.WARNING, "worse": Severity.NOTE}

    def test_a_severity_and_a_threshold(self, read):
        policy = read("rules: {visibility-timeout-too-short: {severity: error, factor: 4}}\n")
        assert policy.severities == {"visibility-timeout-too-short": Severity.ERROR}
        assert policy.settings.of(visibility_timeout_too_short, "factor") == 4

    def test_permissions_reach_the_settings(self, read):
        policy = read("permissions: {role: {required: [sqs:ReceiveMessage]}}\n")
        assert policy.settings.role_required == ("sqs:ReceiveMessage",)
        assert policy.settings.deployer_required == ("lambda:CreateEventSourceMapping",)

    def test_the_other_keys(self, read):
        policy = read("name: ours\nsummary: x\nfail-on: note\nundecided: fail\ndeployer: arn:x\n")
        assert (policy.name, policy.fail_on, policy.undecided_fails, policy.deployer) == (
            "ours",
            Severity.NOTE,
            True,
            "arn:x",
        )

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("ruls: {}", "2:1: there is no key `ruls`, did you mean `rules`?"),
            ("rules:\n  bda: error", "3:3: there is no rule `bda`, did you mean `bad`?"),
            ("rules:\n  bad: fatal", "3:8: there is no severity `fatal`"),
            ("rules:\n  bad: {factor: 6}", "3:9: there is no setting `factor`"),
            ("rules: [bad]", "2:8: `rules` must be a mapping of keys to values"),
            ("fail-on: off", "2:10: there is no severity `off`"),
            ("undecided: maybe", "2:12: there is no answer `maybe`"),
            ("permissions: {rolle: {}}", "2:15: there is no key `rolle`, did you mean `role`?"),
            ("permissions: {role: {required: sqs:*}}", "2:32: `required` must be a list of texts"),
            ("waivers:\n  - {rule: bad, reason: r}", "3:5: the key `mapping` is missing"),
            (
                "waivers:\n  - {rule: wors, mapping: x, reason: r}",
                "3:12: there is no rule `wors`, did you mean `worse`?",
            ),
            (
                "waivers: [{rule: bad, mapping: x, reason: r, until: soon}]",
                "2:53: `soon` is not a day such as 2027-01-31",
            ),
            (
                "waivers: [{rule: bad, mapping: x, reason: r, unknown: 1}]",
                "2:55: `unknown` must be true or false",
            ),
            (
                'waivers: [{rule: bad, mapping: "*"}]',
                "2:11: the key `reason` is missing",
            ),
            ("waivers: [bad]", "2:11: must be a mapping of keys to values"),
            (
                "rules: {visibility-timeout-too-short: {factor: 0}}",
                "2:48: `factor` must be a whole number from 1",
            ),
            ("name: a\nname: b", "3:1: the key `name` occurs twice"),
            ("rules: {bad: error", "3:1: "),
        ],
    )
    def test_what_is_wrong_is_reported_with_file_and_line(self, read, text, reason):
        with pytest.raises(PolicyFileError) as caught:
            read(text + "\n")
        assert reasons(caught)[0].startswith(reason)

    def test_everything_that_is_wrong_is_reported_at_once(self, read):
        with pytest.raises(PolicyFileError) as caught:
            read("ruls: {}\nfail-on: never\n")
        assert len(caught.value.reasons) == 2

    def test_a_name_that_does_not_exist(self):
        with pytest.raises(PolicyFileError, match="no policy `curent`") as caught:
            load("curent", NAMES)
        assert "`current`" in caught.value.hint

    def test_no_file_shadows_a_shipped_policy(self, tmp_path, monkeypatch):
        (tmp_path / "current").write_text("rules: {}")
        monkeypatch.chdir(tmp_path)
        assert load("current", ALL).severities

    def test_a_file_that_is_not_there(self):
        with pytest.raises(PolicyFileError, match=r"cannot read `\./no\.yaml`"):
            load("./no.yaml", NAMES)

    def test_a_circle_is_reported(self, tmp_path):
        (tmp_path / "a.yaml").write_text("extends: ./b.yaml\n")
        (tmp_path / "b.yaml").write_text("extends: ./a.yaml\n")
        with pytest.raises(PolicyFileError, match="extends itself"):
            load(str(tmp_path / "a.yaml"), NAMES)


class TestVerdict:
    @pytest.mark.parametrize(
        ("severity", "said", "verdict"),
        [
            ("error", a_problem(), Verdict.BLOCKED),
            ("error", unset(), Verdict.UNDECIDED),
            ("warning", a_problem(), Verdict.AT_RISK),
            ("warning", unset(), Verdict.AT_RISK),
            ("note", a_problem(), Verdict.READY),
            ("note", unset(), Verdict.READY),
        ],
    )
    def test_the_verdict_follows_severity_and_kind(self, severity, said, verdict):
        found = report(severe(bad=severity), saying("bad", said))
        assert found.mappings[0].verdict is verdict

    def test_an_unknown_never_hides_a_sure_problem(self):
        found = report(
            severe(bad="error", worse="error"),
            saying("bad", unset()),
            saying("worse", a_problem()),
        )
        assert found.mappings[0].verdict is Verdict.BLOCKED
        assert (found.summary.errors, found.summary.unknown) == (1, 1)

    def test_silence_is_ready_and_says_what_passed(self):
        found = report(severe(bad="error"), saying("bad"))
        assert found.mappings[0].verdict is Verdict.READY
        assert found.mappings[0].passed == ("bad",)

    def test_a_rule_that_is_off_does_not_run(self):
        chosen = severe(bad="error").select([saying("bad"), saying("worse")])
        assert [rule.name for rule in chosen] == ["bad"]

    def test_a_mapping_of_unsure_number_is_undecided_at_best_and_listed_as_unread(self):
        unsure = a_mapping("each[*]", unsure=unset("`count` is not known"))
        found = report(severe(bad="error"), saying("bad"), mappings=(unsure,))
        assert found.mappings[0].verdict is Verdict.UNDECIDED
        assert [(each.id, each.why) for each in found.unread] == [
            (unsure.id, "`count` is not known")
        ]

    def test_a_sure_problem_of_a_mapping_of_unsure_number_counts(self):
        unsure = a_mapping("each[*]", unsure=unset("`count` is not known"))
        found = report(severe(bad="error"), saying("bad", a_problem()), mappings=(unsure,))
        assert found.mappings[0].verdict is Verdict.BLOCKED

    def test_an_unknown_queue_makes_the_rules_about_queues_undecided(self):
        found = report(
            severe(bad="error"), saying("bad", on=Queue), mappings=(a_mapping(source=unset()),)
        )
        assert found.mappings[0].verdict is Verdict.UNDECIDED
        assert found.mappings[0].source is None

    def test_mappings_and_findings_are_worst_first(self):
        def only(name, kind, about):
            rule = saying(name, kind)
            check = lambda subject, inventory, settings: (  # noqa: E731
                rule.check(subject, inventory, settings) if subject.id.endswith(about) else iter(())
            )
            return type(rule)(rule.name, rule.on, rule.doc, check)

        found = report(
            severe(bad="error", worse="warning"),
            only("bad", a_problem(), "c"),
            only("worse", a_problem("later"), "b"),
            only("bad", unset(), "d"),
            mappings=tuple(a_mapping(name, line=n) for n, name in enumerate("abcd", 40)),
        )
        assert [row.id[-1] for row in found.mappings] == ["c", "d", "b", "a"]
        assert [(f.severity.value, f.kind) for f in found.findings] == [
            ("error", "problem"),
            ("error", "unknown"),
            ("warning", "problem"),
        ]


class TestFindings:
    def test_an_unknown_says_what_is_unknown_and_why(self):
        (finding,) = report(severe(bad="error"), saying("bad", unset())).findings
        assert finding.message == "cannot decide `bad`: variable `queue_arn` has no value"
        assert finding.fix == "set it with `--var queue_arn=...`"
        assert str(finding.at) == "variables.tf:3"

    def test_one_finding_about_two_mappings_appears_once(self):
        shared = a_problem(subject="aws_iam_role.worker")
        both = (a_mapping("one"), a_mapping("two"))
        found = report(severe(bad="error"), saying("bad", shared), mappings=both)
        assert [len(each.mappings) for each in found.findings] == [2]
        assert found.summary.errors == 1
        assert {row.verdict for row in found.mappings} == {Verdict.BLOCKED}

    def test_a_problem_may_name_its_own_subject_and_mappings(self):
        problem = a_problem(subject="x", mappings=("aws_lambda_event_source_mapping.two",))
        both = (a_mapping("one"), a_mapping("two"))
        found = report(severe(bad="error"), saying("bad", problem, on=Queue), mappings=both)
        assert [(each.subject, each.mappings) for each in found.findings] == [
            ("x", ("aws_lambda_event_source_mapping.two",))
        ]
        assert [row.verdict for row in found.mappings] == [Verdict.BLOCKED, Verdict.READY]


class TestWaivers:
    def waive(self, read, waiver, *said, **changes):
        policy = read(f"rules: {{bad: error}}\nwaivers:\n  - {waiver}\n")
        return report(policy, saying("bad", *said), **changes)

    def test_a_waived_problem_does_not_count(self, read):
        waiver = '{rule: bad, mapping: "aws_*.orders", reason: later, until: 2027-01-31}'
        found = self.waive(read, waiver, a_problem())
        assert found.mappings[0].verdict is Verdict.READY
        (finding,) = found.findings
        assert (finding.waived.reason, finding.waived.until) == ("later", "2027-01-31")
        assert finding.waived.at.line == 4
        assert (found.summary.waived, found.summary.errors) == (1, 0)
        assert found.mappings[0].passed == ()

    @pytest.mark.parametrize("pattern", ["aws_*.order", "AWS_*.orders", "*?rders", "orders"])
    def test_a_pattern_matches_the_whole_id_and_only_a_star_is_special(self, read, pattern):
        found = self.waive(read, f'{{rule: bad, mapping: "{pattern}", reason: r}}', a_problem())
        assert found.mappings[0].verdict is Verdict.BLOCKED

    def test_brackets_in_a_pattern_are_themselves(self, read):
        mapping = a_mapping('this["eu"]')
        waiver = """{rule: bad, mapping: '*this["eu"]', reason: r}"""
        assert self.waive(read, waiver, a_problem(), mappings=(mapping,)).summary.waived == 1

    def test_an_unknown_is_waived_only_if_the_waiver_says_so(self, read):
        assert self.waive(read, '{rule: bad, mapping: "*", reason: r}', unset()).summary.waived == 0
        found = self.waive(read, '{rule: bad, mapping: "*", reason: r, unknown: true}', unset())
        assert (found.summary.waived, found.summary.unknown) == (1, 0)

    def test_a_waiver_for_one_of_two_mappings_leaves_the_other(self, read):
        shared = a_problem(subject="aws_iam_role.worker")
        both = (a_mapping("one"), a_mapping("two"))
        found = self.waive(read, '{rule: bad, mapping: "*.one", reason: r}', shared, mappings=both)
        verdicts = {row.id.rpartition(".")[2]: row.verdict for row in found.mappings}
        assert verdicts == {"one": Verdict.READY, "two": Verdict.BLOCKED}

    def test_a_waiver_holds_on_its_last_day_and_is_an_error_after(self, read):
        assert self.waive(
            read, f'{{rule: bad, mapping: "*", reason: r, until: {TODAY}}}', a_problem()
        )
        yesterday = TODAY - timedelta(days=1)
        with pytest.raises(PolicyFileError, match="expired") as caught:
            self.waive(
                read, f'{{rule: bad, mapping: "*", reason: r, until: {yesterday}}}', a_problem()
            )
        assert reasons(caught)[0].startswith("4")


class TestExit:
    def test_fail_on_is_a_threshold(self):
        policy = severe(bad="warning")
        found = report(policy, saying("bad", a_problem()))
        assert not fails(found, policy)
        assert fails(found, Policy("x", fail_on=Severity.WARNING))
        assert fails(found, Policy("x", fail_on=Severity.NOTE))

    def test_a_waived_problem_does_not_fail(self):
        found = report(Policy("x", severities={}), saying("bad", a_problem()))
        assert not fails(found, Policy("x", fail_on=Severity.NOTE))

    def test_undecided_fails_only_under_strict(self):
        policy = severe(bad="error")
        found = report(policy, saying("bad", unset()))
        assert not fails(found, policy)
        assert fails(found, Policy("x", undecided_fails=True))

    def test_what_was_not_read_fails_under_strict(self):
        unread = (Unread("module.api", "not installed"),)
        found = report(severe(), mappings=(), unread=unread)
        assert not fails(found, severe())
        assert fails(found, Policy("x", undecided_fails=True))

    def test_nothing_to_check_does_not_fail(self):
        assert not fails(report(severe(), mappings=()), Policy("x", undecided_fails=True))


class TestReport:
    def test_the_assumptions_of_the_input_come_first_then_that_no_deployer_was_named(self):
        first, last = report(severe()).assumptions
        assert first == "no service control policy denies the actions"
        assert "deployer" in last

    def test_a_named_deployer_is_reported_and_not_assumed(self):
        named = Deployer("arn:aws:iam::111122223333:role/ci", unset())
        found = report(severe(), deployer=named)
        assert len(found.assumptions) == 1
        assert found.mappings[0].deployer.arn == "arn:aws:iam::111122223333:role/ci"

    def test_things_are_named_as_the_input_names_them(self):
        (row,) = report(severe()).mappings
        assert row.source.id == "aws_sqs_queue.orders"
        assert row.function.arn == "arn:aws:lambda:eu-west-1:{account}:function:worker"
        assert row.role.id == "aws_iam_role.worker"

    def test_a_thing_outside_the_input_is_named_by_its_arn(self):
        (row,) = report(severe(), sources=()).mappings
        assert row.source.id == row.source.arn == "arn:aws:sqs:eu-west-1:{account}:orders"

    def test_an_alias_stays_in_the_functions_arn(self):
        qualified = known(a_mapping().function.value + ":live")
        (row,) = report(severe(), mappings=(a_mapping(function=qualified),)).mappings
        assert (row.function.id, row.function.arn[-5:]) == ("aws_lambda_function.worker", ":live")

    def test_other_sources_are_counted(self):
        assert report(severe(), other_sources=3).summary.other_sources == 3

    def test_the_verdicts_add_up(self):
        queue = a_queue(fifo=Known(value=True, at=a_queue().at))
        summary = report(severe(bad="error"), saying("bad", a_problem()), sources=(queue,)).summary
        total = summary.ready + summary.at_risk + summary.blocked + summary.undecided
        assert total == summary.mappings == 1


class TestTemplates:
    """A rule may be graded otherwise for templates of CloudFormation."""

    def test_a_severity_for_templates_alone_grades_nothing_else(self, read):
        policy = read("name: mine\nrules:\n  bad: {severity: note, in-templates: error}")
        assert policy.of("cloudformation").severities["bad"] is Severity.ERROR
        assert policy.of("terraform").severities["bad"] is Severity.NOTE

    @pytest.mark.parametrize("how", ["warning", "{severity: warning}"])
    def test_a_policy_that_grades_a_rule_anew_grades_it_for_templates_too(self, read, how):
        policy = read(
            f"extends: current\nname: mine\nrules:\n  policy-attached-too-late: {how}", ALL
        )
        found = policy.of("cloudformation").severities["policy-attached-too-late"]
        assert found is Severity.WARNING

    def test_a_rule_that_is_off_is_off_for_templates(self, read):
        policy = read("extends: current\nname: mine\nrules:\n  policy-attached-too-late: off", ALL)
        assert "policy-attached-too-late" not in policy.of("cloudformation").severities

    def test_a_threshold_alone_leaves_the_severity_for_templates(self, read):
        policy = read(
            "extends: current\nname: mine\nrules:\n  bad: {in-templates: note}", [*ALL, "bad"]
        )
        assert policy.of("cloudformation").severities["policy-attached-too-late"] is Severity.ERROR

    def test_no_rule_is_off_for_templates_alone(self, read):
        with pytest.raises(PolicyFileError) as caught:
            read("name: mine\nrules:\n  bad: {severity: note, in-templates: off}")
        assert "severity" in reasons(caught)[0]
