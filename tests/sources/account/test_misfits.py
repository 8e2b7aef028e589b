"""A JSON answer whose members are of other types than AWS's API says is no answer."""

import json

import botocore.session
import pytest
from botocore.parsers import ResponseParserError

from checker.sources.account.allowed import ALLOWED
from checker.sources.account.bodies import refuse_broken

OTHERS = (7, "x", [], [7], {}, {"x": 1}, True, 1.5)
FITS = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
}


def operations():
    """Return the model of each operation with a JSON answer."""
    session = botocore.session.get_session()
    for name in sorted(ALLOWED):
        service, operation = name.split(":")
        model = session.get_service_model(service).operation_model(operation)
        if model.service_model.protocol in {"json", "rest-json"} and model.output_shape:
            yield pytest.param(model, id=name)


def refused(model, answer):
    body = json.dumps(answer).encode()
    try:
        refuse_broken(model, {"body": body, "status_code": 200})
    except ResponseParserError:
        return True
    return False


@pytest.mark.parametrize("model", list(operations()))
def test_a_member_of_another_type_is_refused(model):
    for name, shape in model.output_shape.members.items():
        fits = FITS.get(shape.type_name)
        if fits is None or shape.serialization.get("location"):
            continue
        known = shape.serialization.get("name", name)
        extra = {"ReservedConcurrentExecutions": 1} if "Reserved" not in known else {}
        for other in OTHERS:
            alike = isinstance(other, fits) and (fits is bool or not isinstance(other, bool))
            if not alike:
                assert refused(model, {known: other} | extra), (name, other)
        assert not refused(model, {known: None, "SomethingNew": 5} | extra)


@pytest.mark.parametrize("depth", ["list", "member", "map"])
def test_what_lies_deeper_is_looked_at_too(depth):
    session = botocore.session.get_session()
    mappings = session.get_service_model("lambda").operation_model("ListEventSourceMappings")
    queues = session.get_service_model("sqs").operation_model("GetQueueAttributes")
    wrong = {
        "list": (mappings, {"EventSourceMappings": [{"UUID": "u"}, "m"]}),
        "member": (mappings, {"EventSourceMappings": [{"FilterCriteria": {"Filters": {}}}]}),
        "map": (queues, {"Attributes": {"QueueArn": 7}}),
    }
    assert refused(*wrong[depth])


@pytest.mark.parametrize("time", [1e400, -1e400, "-1e999999999", "NaN", 10**400, 1e300])
def test_a_time_that_there_is_not_is_refused(time):
    session = botocore.session.get_session()
    mappings = session.get_service_model("lambda").operation_model("ListEventSourceMappings")
    answer = json.dumps({"EventSourceMappings": [{"LastModified": time}]}).encode()
    with pytest.raises(ResponseParserError):
        refuse_broken(mappings, {"body": answer, "status_code": 200})


@pytest.mark.parametrize("time", [1764280800.5, 0, "2026-11-23T18:53:00.000+0000", 1764280800000])
def test_a_time_is_taken(time):
    session = botocore.session.get_session()
    mappings = session.get_service_model("lambda").operation_model("ListEventSourceMappings")
    assert not refused(mappings, {"EventSourceMappings": [{"LastModified": time}]})
