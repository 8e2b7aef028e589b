"""Hypothesis strategies for partial knowledge: things with holes, and what may fill them.

A *template* is a JSON value whose leaves may be `Text` with holes or a `Whole` value that is not
known. `json_text` writes it as a policy document's text, `filled` learns what its holes hold.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from checker.iam.authorize import Layers
from checker.iam.document import Document, Documents, parse
from checker.iam.request import ABSENT, Caller, Context, Request
from checker.knowledge.arrays import ArrayHole
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Known, Location, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth

AT = Location("test.tf", 1, 1)

ACCOUNTS = ("111122223333", "444455556666")
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders"
ROLE = "arn:aws:iam::111122223333:role/service/worker"
SESSION = "arn:aws:sts::111122223333:assumed-role/worker/poller"
USER = "arn:aws:iam::111122223333:user/ann"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/k-1"
BUCKET = "arn:aws:s3:::bucket/object"
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:worker"

_BY_KIND = {
    Kind.ACCOUNT: st.sampled_from(ACCOUNTS),
    Kind.REGION: st.sampled_from(("eu-west-1", "us-east-1")),
    Kind.PARTITION: st.sampled_from(("aws", "aws-cn")),
    Kind.NAME: st.sampled_from(("orders", "worker", "o", "a/b", "Or.fifo")),
    Kind.PART: st.sampled_from(("", "orders", "ord", "a/b", "s")),
    Kind.ANY: st.sampled_from(
        (
            *("", "*", "?", "**", ":", "orders", "a:b", "arn:aws:sqs:*", "sqs:*", "f*:x", "true"),
            *("arn:aws:sqs", "10", "*/x", "rs", "a b", QUEUE, ROLE, SESSION, KEY, *ACCOUNTS),
        )
    ),
}
HOLES = (
    Hole("account", Kind.ACCOUNT),
    Hole("other account", Kind.ACCOUNT),
    Hole("region", Kind.REGION),
    Hole("partition", Kind.PARTITION),
    Hole("name", Kind.NAME),
    Hole("part", Kind.PART),
    Hole("any", Kind.ANY),
    Hole("more", Kind.ANY),
)
holes = st.sampled_from(HOLES)
fillings = st.fixed_dictionaries({hole.name: _BY_KIND[hole.kind] for hole in HOLES})
"""What every hole may hold: one text for each name."""

_LITERALS = st.text(alphabet="ab:*?/", max_size=4)
texts = st.lists(st.one_of(_LITERALS, holes), max_size=4).map(lambda parts: Text(tuple(parts)))
"""Any short text with holes, wildcards and colons."""


# -- text that looks like what policies hold --------------------------------------------------


def _joined(*fields):
    return st.tuples(*fields).map(lambda parts: Text.of(*_colons(parts)))


def _colons(parts):
    for index, part in enumerate(parts):
        if index:
            yield ":"
        yield part


def _one(*choices):
    return st.sampled_from(choices)


_PARTITION = _one("aws", "aws", "*", HOLES[3])
_REGION = _one("eu-west-1", "eu-west-1", "*", "us-east-1", HOLES[2])
_ACCOUNT = _one("111122223333", "111122223333", "*", "444455556666", HOLES[0], HOLES[1])
_NAME = st.one_of(
    _one("orders", "*", "ord*", "order?", "pay", "*:orders", "f*:x"),
    st.tuples(_one("", "ord", "*", "a/"), _one(*HOLES[4:]), _one("", "*", "ers")).map(
        lambda parts: Text.of(*parts)
    ),
    _one("${aws:username}", "${aws:PrincipalTag/q}", "${aws:PrincipalTag/q, 'orders'}", "o${*}"),
)
_KEY_NAME = _one("key/k-1", "key/*", "*", "alias/k", "k*", Text.of("key/", HOLES[4]))
resources = st.one_of(
    st.just(Text.of("*")),
    _joined(st.just("arn"), _PARTITION, st.just("sqs"), _REGION, _ACCOUNT, _NAME),
    _joined(st.just("arn"), _PARTITION, st.just("kms"), _REGION, _ACCOUNT, _KEY_NAME),
    _one(QUEUE, KEY, ROLE, BUCKET, "arn:aws:sqs:*", "arn:aws:sqs", "arn:*:orders", "*orders"),
    _one(Text.of(HOLES[6]), Text.of("arn:aws:sqs:", HOLES[6]), Text.of(QUEUE[:-2], HOLES[6])),
    _one(Text.of("arn:aws:s3:::", HOLES[4], "/*"), FUNCTION, "arn:aws:lambda:*:*:f*:worker"),
).map(Text.of)

asked_resources = st.one_of(
    _one(QUEUE, QUEUE, KEY, ROLE, BUCKET, FUNCTION, "*"),
    _one(Text.of(HOLES[7]), Text.of(QUEUE[:-6], HOLES[4]), Text.of(QUEUE[:-6], HOLES[6])),
    _joined(
        st.just("arn"),
        _one("aws", HOLES[3]),
        st.just("sqs"),
        _one("eu-west-1", HOLES[2]),
        _one(*ACCOUNTS, HOLES[0]),
        _one("orders", HOLES[4]),
    ),
).map(Text.of)

actions = st.one_of(
    _one("*", "sqs:*", "SQS:ReceiveMessage", "sqs:Receive*", "sqs:DeleteMessage", "kms:*"),
    _one("kms:Decrypt", "sts:AssumeRole", "s*:*", "sqs:ReceiveMessag?", "lambda:*", "sqs:a b"),
    _one(Text.of("sqs:", HOLES[6]), Text.of(HOLES[6]), Text.of("sqs:", HOLES[5], "*")),
).map(Text.of)
asked_actions = _one(
    "sqs:ReceiveMessage",
    "sqs:ReceiveMessage",
    "kms:Decrypt",
    "sts:AssumeRole",
    "lambda:ListFunctions",
    "sqs:SetQueueAttributes",
    "s3:GetObject",
)

_PRINCIPAL_TEXTS = st.one_of(
    _one("*", *ACCOUNTS, "arn:aws:iam::111122223333:root", ROLE, USER, SESSION, "AROAEXAMPLE"),
    _one(Text.of(HOLES[0]), Text.of(HOLES[6]), Text.of("arn:aws:iam::", HOLES[0], ":root")),
    _one(Text.of("arn:aws:iam::", HOLES[0], ":role/service/worker"), "arn:aws:iam::1:role/*"),
).map(Text.of)
_SERVICES = _one("lambda.amazonaws.com", "sns.amazonaws.com", "*").map(Text.of)


@dataclass(frozen=True)
class Whole:
    """One JSON value that is not known; `values` are what it may turn out to be."""

    name: str
    values: tuple


@dataclass(frozen=True)
class Partly:
    """A list of which the elements `among` are known.

    Each other one is one of `perhaps`, or one of `others` too if it is not `closed`.
    """

    name: str
    among: tuple
    perhaps: tuple
    others: tuple
    closed: bool


def _partly(items):
    """Lists that are known in part; what may be there has no holes that others have."""
    some = st.lists(items, max_size=2).map(tuple)
    known = st.lists(items.filter(_has_no_hole), max_size=2).map(tuple)
    return st.builds(Partly, st.just("partly"), some, known, known, st.booleans()).filter(
        lambda each: each.among or each.perhaps
    )


def _has_no_hole(item):
    return not isinstance(item, Text) or not item.holes


def _listed(items):
    several = st.lists(items, min_size=1, max_size=3)
    return st.one_of(items, several, items, several, _partly(items))


_principals = st.one_of(
    st.just(Text.of("*")),
    st.fixed_dictionaries(
        {}, optional={"AWS": _listed(_PRINCIPAL_TEXTS), "Service": _listed(_SERVICES)}
    ).filter(bool),
    st.just(Whole("principal", ("*", {"AWS": ROLE}, {"AWS": ACCOUNTS[0]}, {"Service": "x"}))),
    st.just({"AWS": Whole("who", (ROLE, [ROLE, USER], "*", "444455556666"))}),
)

_CONDITION_KEYS = (
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:SourceVpce",
    "AWS:SourceArn",
    "aws:SecureTransport",
    "aws:PrincipalTag/q",
    "aws:TagKeys",
    "aws:SourceIp",
    "aws:CurrentTime",
    "x:number",
    "aws:username",
    "aws:PrincipalType",
)
_OPERATORS = (
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "ArnLike",
    "ArnNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "Bool",
    "NumericLessThan",
    "NumericNotEquals",
    "IpAddress",
    "NotIpAddress",
    "DateGreaterThan",
    "BinaryEquals",
)
_TESTS = st.builds(
    lambda quantifier, operator, suffix: quantifier + operator + suffix,
    _one("", "", "", "ForAllValues:", "ForAnyValue:"),
    _one(*_OPERATORS),
    _one("", "", "IfExists"),
) | st.just("Null")
_VALUES = st.one_of(
    _one("true", "false", "orders", "*", "o*", ROLE, "111122223333", "vpce-1", "10", "10.0.0.0/8"),
    _one("0.0.0.0/0", "2026-01-01", "AssumedRole", "arn:aws:iam::*:role/*", "Orders", "", "YQ=="),
    _one("${aws:PrincipalAccount}", "${aws:PrincipalTag/q, 'orders'}", "${aws:SourceVpce}x"),
    _one(*(Text.of(hole) for hole in HOLES), Text.of("o", HOLES[5], "*")),
    st.just(Text.of("${aws:PrincipalTag/", HOLES[5], "}")),
).map(Text.of)
_condition_values = st.one_of(
    _listed(_VALUES),
    st.booleans(),
    st.integers(0, 20),
    st.just(Whole("values", ("orders", ["true", "*"], [], "10"))),
)
_KEYS = st.one_of(
    _one(*_CONDITION_KEYS).map(Text.of),
    st.just(Text.of("aws:PrincipalTag/", HOLES[4])),
)
_conditions = st.one_of(
    st.dictionaries(
        _TESTS,
        st.dictionaries(_KEYS, _condition_values, min_size=1, max_size=2),
        min_size=1,
        max_size=2,
    ),
    st.just(Whole("condition", ({}, {"Bool": {"aws:SecureTransport": "true"}}))),
)

_WIDE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": Text.of("Allow"), "Action": "*", "Resource": "*"}],
}
_WHOLE_STATEMENT = Whole(
    "statement",
    tuple(
        {"Effect": effect, "Action": "*", "Resource": "*", **more}
        for effect in ("Allow", "Deny")
        for more in ({}, {"Principal": "*"})
    ),
)


@st.composite
def statements(draw, *, principal: bool, effects=("Allow", "Allow", "Deny")):
    """A statement's template; `principal` tells whether it names one, as resource policies do."""
    if draw(st.integers(0, 25)) == 0 and "Deny" in effects:
        return _WHOLE_STATEMENT
    effect = draw(_one(*effects).map(Text.of))
    if "Deny" in effects and draw(st.integers(0, 15)) == 0:
        effect = Whole("effect", ("Allow", "Deny"))
    unknown_actions = st.just(Whole("actions", ("sqs:*", ["kms:Decrypt", "sqs:*"], [])))
    unknown_resources = st.just(Whole("resources", ("*", [QUEUE, KEY], [])))
    found = {"Effect": effect}
    found[draw(_one("Action", "Action", "Action", "NotAction"))] = draw(
        st.one_of(_listed(actions), _listed(actions), unknown_actions)
    )
    found[draw(_one("Resource", "Resource", "Resource", "NotResource"))] = draw(
        st.one_of(_listed(resources), _listed(resources), unknown_resources)
    )
    if principal:
        found[draw(_one("Principal", "Principal", "Principal", "NotPrincipal"))] = draw(_principals)
    if draw(st.integers(0, 1)) == 0:
        found["Condition"] = draw(_conditions)
    return found


@st.composite
def templates(draw, *, principal: bool, effects=("Allow", "Allow", "Deny")):
    """A document's template."""
    version = draw(_one("2012-10-17", "2012-10-17", "2008-10-17", None))
    one = statements(principal=principal, effects=effects)
    listed = draw(st.lists(one, max_size=3))
    if draw(st.integers(0, 5)) == 0:
        more = tuple(each for each in draw(st.lists(one, max_size=2)) if not _holes_in(each))
        others = () if "Deny" not in effects else (_WHOLE_STATEMENT,)
        listed = Partly("statements", tuple(listed), more, others, draw(st.booleans()))
    return {"Version": version, "Statement": listed} if version else {"Statement": listed}


def _holes_in(value):
    """Tell whether a template holds something that is unknown."""
    if isinstance(value, dict):
        return any(map(_holes_in, (*value, *value.values())))
    if isinstance(value, list):
        return any(map(_holes_in, value))
    return isinstance(value, Whole | Partly) or not _has_no_hole(value)


def filled(value, names, choice: int):
    """Return a template in which every hole and every unknown value has been learnt."""
    if isinstance(value, Text):
        return value.fill(names)
    if isinstance(value, Whole):
        return value.values[choice % len(value.values)]
    if isinstance(value, Partly):
        more = value.perhaps if value.closed else (*value.perhaps, *value.others)
        more = [one for n, one in enumerate(more) for _ in range(choice >> 2 * n & 3)]
        return [filled(v, names, choice) for v in (*more, *value.among)]
    if isinstance(value, dict):
        return {filled(k, names, choice): filled(v, names, choice) for k, v in value.items()}
    if isinstance(value, list):
        return [filled(v, names, choice) for v in value]
    return value


def json_text(value) -> Text:
    """Write a template as JSON text; a `Whole` becomes a hole outside a string."""
    if isinstance(value, Text):
        inner = (json.dumps(p)[1:-1] if isinstance(p, str) else p for p in value.parts)
        return Text.of('"', *inner, '"')
    if isinstance(value, Whole):
        return Text.of(Hole(value.name, Kind.JSON, f"`{value.name}` is unknown"))
    if isinstance(value, Partly):
        among, perhaps = tuple(map(json_text, value.among)), tuple(map(json_text, value.perhaps))
        perhaps = perhaps if value.closed else None
        why = f"`{value.name}` is known in part"
        return Text.of(ArrayHole(value.name, Kind.JSON, why, among=among, perhaps=perhaps))
    if isinstance(value, dict):
        members = [Text.of(json_text(k), ":", json_text(v)) for k, v in value.items()]
        return Text.of("{", *_commas(members), "}")
    if isinstance(value, list):
        return Text.of("[", *_commas([json_text(v) for v in value]), "]")
    return Text.of(json.dumps(value))


def _commas(items):
    for index, item in enumerate(items):
        if index:
            yield ","
        yield item


def document(template, id="doc") -> Document | Unknown:
    """Parse a template as a policy document."""
    parsed = parse(json_text(template), id=id, at=AT)
    return parsed.value if isinstance(parsed, Known) else parsed


# -- requests and layers, each with what it may turn out to be --------------------------------


@dataclass(frozen=True)
class Missing:
    """A document of which nothing is known, and one that it may turn out to be."""

    becomes: object


@dataclass(frozen=True)
class Case:
    """A request and its layers as templates; `learn` fills every hole and unknown."""

    request: Request
    keys: dict
    layers: dict

    def partial(self):
        return self._request(None), self._layers(None)

    def learn(self, names, choice):
        return self._request((names, choice)), self._layers((names, choice))

    def _request(self, learnt):
        keys = {name: _key_value(value, learnt) for name, value in self.keys.items()}
        request = replace(self.request, context=Context(keys))
        if learnt is None:
            return request
        names, choice = learnt
        caller = replace(request.caller, arn=request.caller.arn.fill(names))
        account = request.resource_account
        resource = request.resource.fill(names)
        if account is not None:
            account = account.fill(names)
        elif resource.like(Text.of("arn:aws:s3:*")) is Truth.YES:
            account = Text.of(ACCOUNTS[choice % 2])
        return replace(request, caller=caller, resource=resource, resource_account=account)

    def _layers(self, learnt):
        return Layers(**{name: _layer(value, learnt) for name, value in self.layers.items()})


def _key_value(value, learnt):
    if isinstance(value, Whole):
        if learnt is None:
            return Unknown(f"`{value.name}` is unknown", AT)
        return value.values[learnt[1] % len(value.values)]
    if value is ABSENT or learnt is None:
        return value
    return tuple(text.fill(learnt[0]) for text in value)


def _layer(value, learnt):
    """`value` is None, a list of templates (a layer), or a tuple of such lists (levels)."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return tuple(_layer(level, learnt) for level in value)
    members, unseen = [], None
    for index, one in enumerate(value):
        template = one.becomes if isinstance(one, Missing) else one
        if learnt is not None:
            members.append(document(filled(template, *learnt), f"doc {index}"))
        elif not isinstance(one, Missing):
            members.append(document(one, f"doc {index}"))
        elif one.becomes["Statement"] and _harmless(one.becomes):
            unseen = Unknown("more documents may exist", AT)
        else:
            members.append(Unknown("the document is unknown", AT))
    return Documents(tuple(members), unseen)


def _harmless(template):
    """Tell whether a document only allows: what is out of sight is assumed not to deny."""
    listed = template["Statement"]
    if isinstance(listed, Partly):
        listed = (*listed.among, *listed.perhaps, *listed.others)
    return all(isinstance(s, dict) and s["Effect"] == Text.of("Allow") for s in listed)


_key_values = st.one_of(
    st.just(ABSENT),
    st.lists(_VALUES.filter(lambda t: "$" not in str(t)), min_size=1, max_size=1).map(tuple),
    st.lists(_VALUES.filter(lambda t: "$" not in str(t)), max_size=3).map(tuple),
    st.just(
        Whole(
            "key",
            (
                ABSENT,
                (Text.of("orders"),),
                (Text.of("true"),),
                (Text.of("10"),),
                (Text.of("o"), Text.of("true")),
                (),
                (Text.of("10.1.2.3"),),
                (Text.of("2026-11-01"),),
            ),
        )
    ),
)
callers = _one(
    Caller.role(ROLE),
    Caller.role(ROLE),
    Caller.user(USER),
    Caller.session(SESSION),
    Caller.root("arn:aws:iam::111122223333:root"),
    Caller.service("lambda.amazonaws.com"),
    Caller.anonymous(),
    Caller.federated("accounts.example.com"),
    Caller.role(Text.of("arn:aws:iam::", HOLES[0], ":role/service/worker")),
    Caller.role(Text.of("arn:", HOLES[3], ":iam::", HOLES[1], ":role/", HOLES[4])),
    Caller.user(Text.of("arn:aws:iam::", HOLES[0], ":user/ann")),
    Caller.session(Text.of("arn:aws:sts::", HOLES[0], ":assumed-role/worker/poller")),
)


@st.composite
def cases(draw):
    """A request with every kind of layer, partly known."""
    request = Request(draw(callers), draw(asked_actions), draw(asked_resources))
    if draw(st.integers(0, 3)) == 0:
        account = draw(_one(*ACCOUNTS, HOLES[0], HOLES[1]))
        request = replace(request, resource_account=Text.of(account))
    keys = draw(st.dictionaries(_one(*_CONDITION_KEYS), _key_values, max_size=4))

    def layer(*, principal=False):
        one = templates(principal=principal)
        gone = st.one_of(one, templates(principal=principal, effects=("Allow",))).map(Missing)
        found = draw(st.lists(st.one_of(one, one, one, gone), max_size=2))
        # most of what is drawn allows nothing, so some layers get a document that allows a lot
        wide = {"Principal": draw(_principals)} if principal else {}
        return [*found, _WIDE | {"Statement": [_WIDE["Statement"][0] | wide]}][
            : len(found) + draw(_one(0, 1, 1))
        ]

    def rarely(build):
        return build() if draw(st.integers(0, 4)) == 0 else None

    layers = {
        "identity": layer(),
        "resource": layer(principal=True) if draw(st.booleans()) else None,
        "boundary": rarely(layer),
        "session": rarely(layer),
        "endpoint": rarely(layer),
        "scps": rarely(lambda: (layer(), layer())) or (),
        "rcps": rarely(lambda: (layer(),)) or (),
    }
    return Case(request, keys, layers)
