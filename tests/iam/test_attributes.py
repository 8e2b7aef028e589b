"""Tags, times and ids in conditions: the law that learning more changes no settled answer."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.iam.authorize import Layers, authorize
from checker.iam.context import ABSENT, NO_TAGS, Tags, hidden_tags
from checker.iam.decisions import Decisions
from checker.iam.document import Documents, parse
from checker.iam.operators import OPERATORS
from checker.iam.request import NOWHERE, Caller, CallerKind, Context, Request
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth

QUEUE = Text.of("arn:aws:sqs:eu-west-1:111122223333:orders")
ROLE = Text.of("arn:aws:iam::111122223333:role/worker")
WHY = Unknown("nobody tells", Location("main.tf", 1, 1))


def document(effect, condition, resource="*"):
    text = (
        f'{{"Version":"2012-10-17","Statement":[{{"Effect":"{effect}","Action":"sqs:*",'
        f'"Resource":"{resource}","Condition":{condition}}}]}}'
    )
    return parse(Text.of(text), id="policy", at=NOWHERE).get()


ALLOW_ALL = parse(
    Text.of('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'),
    id="all",
    at=NOWHERE,
).get()


def condition(operator, key, value):
    return f'{{"{operator}":{{"{key}":"{value}"}}}}'


def decided(condition, *, caller=None, effect="Allow", **request):
    members = (document(effect, condition),)
    if effect == "Deny":
        members += (ALLOW_ALL,)
    layers = Layers(identity=Documents(members))
    asked = Request(caller or Caller.role(ROLE), "sqs:ReceiveMessage", QUEUE, **request)
    return authorize(asked, layers).allowed


KEYS = st.sampled_from(["team", "Team", "env"])
VALUES = st.sampled_from(["", "a", "b", "A"])
STRINGS = st.sampled_from(
    [name + end for name in OPERATORS if name.startswith("String") for end in ("", "IfExists")]
    + ["Null", "ForAllValues:StringEquals", "ForAnyValue:StringLike"]
)
WANTED = st.sampled_from(["a", "b", "*", "true", "false", "${aws:PrincipalTag/team}"])
KNOWN = st.dictionaries(KEYS, VALUES, max_size=3)


def tags(known):
    return Tags(tuple((Text.of(key), Text.of(value)) for key, value in known.items()))


@given(
    operator=STRINGS,
    key=KEYS,
    wanted=WANTED,
    known=KNOWN,
    effect=st.sampled_from(["Allow", "Deny"]),
    pattern=st.sampled_from(["*", "t*", "env"]),
)
def test_learning_tags_changes_no_settled_answer(operator, key, wanted, known, effect, pattern):
    asked = condition(operator, f"aws:ResourceTag/{key}", wanted)
    every = tags(known)
    less = Tags(
        tuple(
            (name, value)
            for name, value in every.known
            if name.lower().like(Text.of(pattern)) is Truth.NO
        ),
        ((Text.of(pattern), WHY),),
    )
    whole = decided(asked, effect=effect, resource_tags=every)
    part = decided(asked, effect=effect, resource_tags=less)
    nothing = decided(asked, effect=effect)
    assert part in (Truth.MAYBE, whole)
    assert nothing in (Truth.MAYBE, part, whole)


@given(
    operator=STRINGS,
    wanted=WANTED,
    value=VALUES,
    effect=st.sampled_from(["Allow", "Deny"]),
)
def test_learning_a_tags_value_changes_no_settled_answer(operator, wanted, value, effect):
    asked = condition(operator, "aws:PrincipalTag/team", wanted)

    def said(value):
        made = Tags(((Text.of("team"), Text.of(value)),))
        caller = Caller(CallerKind.ROLE, ROLE, tags=made)
        return decided(asked, effect=effect, caller=caller)

    assert said(Hole("var.team")) in (Truth.MAYBE, said(value))


TIMES = st.integers(min_value=0, max_value=20).map(
    lambda days: datetime(2026, 11, 10, tzinfo=UTC) + timedelta(days=days)
)
DATES = st.sampled_from([name for name in OPERATORS if name.startswith("Date")])


@given(
    operator=DATES, bound=TIMES, since=TIMES, later=TIMES, effect=st.sampled_from(["Allow", "Deny"])
)
def test_the_day_of_a_request_changes_no_settled_answer(operator, bound, since, later, effect):
    asked = condition(operator, "aws:CurrentTime", bound.strftime("%Y-%m-%dT%H:%M:%SZ"))
    seconds = Decimal(int(since.timestamp()))
    open_one = decided(asked, effect=effect, since=seconds)
    made = max(since, later)
    shown = Context({"aws:CurrentTime": (Text.of(made.strftime("%Y-%m-%dT%H:%M:%SZ")),)})
    assert open_one in (Truth.MAYBE, decided(asked, effect=effect, context=shown))


@pytest.mark.parametrize(
    ("known", "key", "value"),
    [
        ({}, "team", ABSENT),
        ({"team": "a"}, "team", (Text.of("a"),)),
        ({"Team": "a"}, "team", (Text.of("a"),)),
        ({"Team": "a", "team": "a"}, "team", (Text.of("a"),)),
        ({"teams": "a"}, "team", ABSENT),
    ],
)
def test_a_tag_is_found_in_letters_of_any_case(known, key, value):
    assert tags(known).find(key) == value


def test_tags_that_differ_in_letters_only_are_unknown():
    assert isinstance(tags({"Team": "a", "team": "b"}).find("team"), Unknown)


def test_the_keys_of_the_tags_that_are_sent():
    assert NO_TAGS.keys is ABSENT
    assert tags({"team": "a", "env": "b"}).keys == (Text.of("team"), Text.of("env"))
    assert hidden_tags(WHY).keys == WHY


def test_a_service_has_no_tags():
    layers = Layers(resource=Documents((trusted('{"Null":{"aws:PrincipalTag/team":"true"}}'),)))
    request = Request(Caller.service("lambda.amazonaws.com"), "sts:AssumeRole", ROLE)
    assert authorize(request, layers).allowed is Truth.YES


def trusted(condition):
    text = (
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",'
        f'"Principal":{{"Service":"lambda.amazonaws.com"}},"Condition":{condition}}}}}'
    )
    return parse(Text.of(text), id="trust", at=NOWHERE).get()


def test_a_tag_with_a_wildcard_in_it_is_no_pattern():
    """What a variable stands for is plain text."""
    caller = Caller(CallerKind.ROLE, ROLE, tags=tags({"team": "*"}))
    asked = condition("StringLike", "aws:ResourceTag/team", "${aws:PrincipalTag/team}")
    assert decided(asked, caller=caller, resource_tags=tags({"team": "a"})) is Truth.NO
    assert decided(asked, caller=caller, resource_tags=tags({"team": "*"})) is Truth.YES


def test_the_id_of_a_session_ends_in_its_name():
    unique = Text.of(Hole("aws_iam_role.worker.unique_id", Kind.NAME))
    caller = Caller(CallerKind.ROLE, ROLE, unique_id=unique)
    text = Text.of(
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:*","Resource":"*",'
        '"Condition":{"StringLike":{"aws:userid":"',
        unique,
        ':*"}}}}',
    )
    layers = Layers(identity=Documents((parse(text, id="p", at=NOWHERE).get(),)))
    request = Request(caller, "sqs:ReceiveMessage", QUEUE)
    assert authorize(request, layers).allowed is Truth.YES
    other = Request(Caller.role(ROLE), "sqs:ReceiveMessage", QUEUE)
    assert authorize(other, layers).allowed is Truth.MAYBE


def test_decisions_take_the_day_of_the_run():
    asked = condition("DateLessThan", "aws:CurrentTime", "2026-11-20T00:00:00Z")
    layers = Layers(identity=Documents((document("Allow", asked),)))
    request = Request(Caller.role(ROLE), "sqs:ReceiveMessage", QUEUE)
    assert (
        Decisions(today=datetime(2026, 11, 23, tzinfo=UTC).date())
        .authorize(request, layers)
        .allowed
        is Truth.NO
    )
    assert Decisions().authorize(request, layers).allowed is Truth.MAYBE


def test_callers_with_other_tags_are_decided_apart():
    decisions = Decisions()
    layers = Layers(
        identity=Documents(
            (document("Allow", condition("StringEquals", "aws:PrincipalTag/t", "a")),)
        )
    )
    for value, wanted in (("a", Truth.YES), ("b", Truth.NO)):
        caller = Caller(CallerKind.ROLE, ROLE, tags=tags({"t": value}))
        request = Request(caller, "sqs:ReceiveMessage", QUEUE)
        assert decisions.authorize(request, layers).allowed is wanted
