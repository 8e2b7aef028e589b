"""Saved plans that nobody's Terraform wrote: an error or an unknown, soon, never a crash."""

import json
import stat
import struct
import zipfile
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from time import process_time

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_files import parse_plan_json, read_saved_plan

from checker.errors import SourceError
from checker.knowledge.holes import Hole
from checker.sources.terraform.plan import Action, archive, messages, packed
from checker.sources.terraform.plan.messages import _classes
from checker.sources.terraform.values.terraform_values import (
    List,
    Map,
    PlacedDict,
    PlacedTuple,
    Set,
    first_hole,
)
from checker.sources.terraform.values.unify import ANY, NUMBER, STRING
from examples import examples

FOLDER = Path(__file__).parents[4] / "fixtures" / "saved-plans"
MEMBERS = {
    name: zipfile.ZipFile(FOLDER / "second" / "plan.tfplan").read(name)
    for name in ("tfplan", "tfstate", "tfconfig/m-/main.tf", "tfconfig/modules.json")
}


def zipped(path, members, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def refused(path):
    with pytest.raises(SourceError) as caught:
        read_saved_plan(path, "plan.tfplan")
    (reason,) = caught.value.reasons
    assert reason.place == "plan.tfplan"
    return reason.message


def read_all(plan):
    """Ask for everything that a plan tells."""
    plan.inputs(["timeout", "other"])
    found = [*plan.variables.values(), *plan.prior.values()]
    for change in (*plan.changes.values(), *plan.deposed):
        assert change.action in Action
        found += [change.before, change.after, *change.secrets()]
    return [first_hole(value) for value in found]


# -- the zip ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../evil.tf",
        "tfconfig/m-/../../evil.tf",
        "/etc/passwd",
        "tfconfig\\m-\\evil.tf",
        "tfconfig//evil.tf",
        "tfconfig/m-/./evil.tf",
        "tfconfig/m-/",
        "tfconfig/m-/evil\n.tf",
        "C:\\evil.tf",
    ],
)
def test_a_member_of_an_unsafe_name_is_refused(tmp_path, name):
    path = tmp_path / "plan"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("tfplan", MEMBERS["tfplan"])
        member = zipfile.ZipInfo("x")
        member.filename = name
        file.writestr(member, b"" if name.endswith("/") else b"evil")
    assert "unsafe name" in refused(path)


def test_a_name_that_hides_its_end_is_refused(tmp_path):
    path = zipped(tmp_path / "plan", {**MEMBERS, "tfconfig/m-/a_evil": b""})
    path.write_bytes(path.read_bytes().replace(b"a_evil", b"a\0evil"))
    assert "unsafe name" in refused(path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFBLK])
def test_a_member_that_is_no_file_is_refused(tmp_path, kind):
    path = tmp_path / "plan"
    with zipfile.ZipFile(path, "w") as file:
        member = zipfile.ZipInfo("tfconfig/m-/main.tf")
        member.external_attr = (kind | 0o777) << 16
        file.writestr(member, "/etc/passwd")
    assert "is not a file" in refused(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(tmp_path):
    path = tmp_path / "plan"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("tfplan", b"")
        file.writestr("tfplan", b"")
    assert "two members" in refused(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_another_way_of_compression_is_refused(tmp_path, method):
    path = tmp_path / "plan"
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("tfplan", b"x")
    assert "compressed in another way" in refused(path)


def test_an_encrypted_member_is_refused(tmp_path):
    path = zipped(tmp_path / "plan", {"tfplan": b"x"})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert "encrypted" in refused(path)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"x" * 100, b"PK\x05\x06" + bytes(18)])
def test_what_is_no_zip_is_refused(tmp_path, data):
    (tmp_path / "plan").write_bytes(data)
    assert refused(tmp_path / "plan")


def test_a_zip_that_is_no_saved_plan_is_refused(tmp_path):
    assert "holds no `tfplan`" in refused(zipped(tmp_path / "plan", {"main.py": b""}))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert "No such file" in refused(tmp_path / "plan")
    assert "directory" in refused(tmp_path)


def test_a_truncated_zip_is_refused(tmp_path):
    data = (FOLDER / "second" / "plan.tfplan").read_bytes()
    path = tmp_path / "plan"
    for length in range(0, len(data), 97):
        path.write_bytes(data[:length])
        assert refused(path)


def test_more_members_than_a_plan_has_are_refused_before_they_are_listed(tmp_path):
    path = zipped(tmp_path / "plan", {"tfplan": b""})
    data = path.read_bytes()
    large = struct.pack("<I", archive.MOST_DIRECTORY_BYTES + 1)
    directory = bytes(archive.MOST_DIRECTORY_BYTES)
    path.write_bytes(data[:-22] + directory + data[-22:-10] + large + data[-6:])
    assert "more than 20000 members" in refused(path)


def test_too_many_members_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    assert "more than 3 members" in refused(zipped(tmp_path / "plan", MEMBERS))


def test_a_second_list_of_members_is_not_believed(tmp_path):
    path = zipped(tmp_path / "plan", {"tfplan": b""})
    data = path.read_bytes()
    path.write_bytes(data[:-22] + b"PK\x06\x07" + bytes(16) + data[-22:])
    assert "members" in refused(path)


def test_a_huge_inflation_is_refused_soon(tmp_path):
    path = tmp_path / "plan"
    zipped(path, {"tfplan": bytes(archive.MOST_MEMBER_BYTES + 1)}, compresslevel=1)
    assert path.stat().st_size < 1024 * 1024
    start = process_time()
    assert "`tfplan` holds more than" in refused(path)
    assert process_time() - start < 5


def test_many_members_that_are_huge_together_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 30_000)
    members = {f"tfconfig/m-/{n}.tf": bytes(5_000) for n in range(10)}
    assert "it holds more than 30000 bytes" in refused(
        zipped(tmp_path / "plan", {**members, "tfplan": b""})
    )


def test_a_member_that_lies_about_its_size_is_refused(tmp_path):
    path = zipped(tmp_path / "plan", {"tfplan": bytes(5_000)})
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 5_000), struct.pack("<I", 50)))
    assert "damaged" in refused(path)


def test_members_that_are_not_read_are_not_inflated(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_MEMBER_BYTES", 30_000)
    path = zipped(tmp_path / "plan", {**MEMBERS, "tfstate-prev": bytes(50_000)})
    assert read_saved_plan(path).changes


# -- the plan ---------------------------------------------------------------------------------


def with_plan(path, data, **members):
    return read_saved_plan(zipped(path / "plan", {**MEMBERS, "tfplan": data, **members}), "plan")


def message(kind, **fields):
    return _classes()[kind](**fields)


def packed_value(data):
    return message("DynamicValue", msgpack=data).SerializeToString()


def with_values(path, *values, action=1):
    """Read a plan of one change with values in msgpack."""
    change = message("Change", action=action, values=[packed_value(value) for value in values])
    one = {"addr": "a.b", "change": change.SerializeToString()}
    found = message("Plan", version=3, resource_changes=[one])
    return with_plan(path, found.SerializeToString()).changes["a.b"]


def with_variable(path, data):
    entry = message("Variable", name="v", value=packed_value(data)).SerializeToString()
    plan = with_plan(path, message("Plan", version=3, variables=[entry]).SerializeToString())
    return plan.inputs(["v"])["v"]


def typed(kind, value):
    return msgpack.packb([kind.encode(), value])


@pytest.mark.parametrize("version", [0, 2, 4, 2**40])
def test_an_unknown_format_version_leaves_variables_unknown_and_the_files_known(tmp_path, version):
    plan = with_plan(tmp_path, message("Plan", version=version).SerializeToString())
    assert f"its format version is {version}, and only version 3 is known" in plan.why_unknown
    value = plan.inputs(["timeout"])["timeout"]
    assert value == Hole("var.timeout")
    assert value.why == plan.why_unknown
    assert plan.files[""]["main.tf"] == MEMBERS["tfconfig/m-/main.tf"]
    assert not plan.complete


@pytest.mark.parametrize(
    "data",
    [
        b"\xff" * 50,
        b"\x08",
        b"\x1a\xff\xff\xff\xff\x0f",
        b"\x0b" * 10,
        b"\x08\x03\x12\x05\x0a\x03\xff\xff\xff",
        b"\x08\x03\x1a\x04\x6a\x02\xff\xff",
    ],
    ids=bytes.hex,
)
def test_a_plan_that_cannot_be_decoded_leaves_variables_unknown(tmp_path, data):
    plan = with_plan(tmp_path, data)
    assert "cannot be read" in plan.why_unknown
    assert isinstance(plan.inputs(["timeout"])["timeout"], Hole)
    assert not plan.changes


def test_a_plan_of_too_many_fields_is_not_parsed(tmp_path):
    plan = with_plan(tmp_path, b"\x08\x03" + b"\x1a\x00" * 10_000_000)
    assert f"more than {messages.MOST_FIELDS} fields" in plan.why_unknown


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x91" * 5_000 + b"\xc0",
        b"\x91" * 150 + b"\xc0",
        typed("[" * 2_000, None),
        typed('["list",' * 150 + '"string"' + "]" * 150, None),
        b"\x81\xa1a" * 5_000 + b"\xc0",
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xffa",
        b"\xc0\xc0",
        b"\xc1",
        b"\xa2\xff\xff",
        b"\x81\x01\x02",
        b"\x81\x91\xc0\x02",
        b"\xc4\x01a",
        b"\xd4\x01\x00",
        b"\xd6\xff\x00\x00\x00\x00",
        b'\x92\xc4\x08"string"\x01',
        b'\x92\xc4\x08"number"\xa1x',
        b'\x92\xc4\x06"bool"\x01',
        b"\x92\xc4\x04nope\xc0",
        b'\x92\xc4\x07"other"\xc0',
        b'\x92\xc4\x11["list","string"]\x81\xa1a\xa1b',
        b'\x92\xc4\x14["tuple",["string"]]\x92\xa1a\xa1b',
        b'\x92\xc4\x1b["object",{"size":"number"}]\x80',
        b'\x92\xc4\x1b["object",{"size":"number"}]\x81\xa1x\x01',
        b"\x92\xc4\x02[]" * 2_000,
    ],
    ids=lambda data: data[:12].hex(),
)
def test_a_value_that_cannot_be_decoded_is_unknown(tmp_path, data):
    value = with_variable(tmp_path, data)
    assert value == Hole("var.v")
    assert "cannot be read from the plan" in value.why
    change = with_values(tmp_path, data)
    assert change.action is Action.UNKNOWN
    assert change.after == Hole("a.b")
    assert list(change.secrets()) == [Hole("a.b")] * 2


def test_values_that_a_small_file_could_make_many_of_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "FREE_VALUES", 1_000)
    value = with_variable(tmp_path, b"\xdc\x40\x00" + b"\x80" * 0x4000)
    assert "steps to read" in value.why
    monkeypatch.setattr(packed, "FREE_VALUES", 100_000)
    assert len(with_variable(tmp_path, b"\xdc\x40\x00" + b"\x80" * 0x4000)) == 0x4000


def test_a_value_that_is_too_large_is_unknown(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "MOST_BYTES", 100)
    assert "larger than 100 bytes" in with_variable(tmp_path, b"\xd9\xc8" + b"a" * 200).why


def test_a_change_that_is_too_large_is_unknown(tmp_path):
    values = [
        packed_value(b"\xc6" + struct.pack(">I", size) + bytes(size))
        for size in [packed.MOST_BYTES] * 4
    ]
    change = message("Change", action=1, values=values).SerializeToString()
    data = message("Plan", version=3, resource_changes=[{"addr": "a.b", "change": change}])
    found = with_plan(tmp_path, data.SerializeToString()).changes["a.b"]
    assert f"larger than {3 * packed.MOST_BYTES} bytes" in found.after.why


def test_a_deferred_change_leaves_the_plan_incomplete(tmp_path):
    for deferred in ([], [b""]):
        data = message("Plan", version=3, complete=True, deferred_changes=deferred)
        assert with_plan(tmp_path, data.SerializeToString()).complete == (not deferred)


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ('["map","number"]', {"a": "0.5"}, Map({"a": Decimal("0.5")}, NUMBER)),
        ('["list","string"]', ["0.5"], List(["0.5"], STRING)),
        ('["set","number"]', [2, "1"], Set((1, 2), NUMBER)),
        ('["object",{"a":"dynamic"}]', {"a": None}, PlacedDict({"a": None})),
        ('["tuple",["bool"]]', [True], PlacedTuple([True])),
        ('["list","dynamic"]', [], List([], ANY)),
        ('"number"', 1.5, Decimal("1.5")),
        ('"string"', None, None),
    ],
)
def test_a_value_has_the_type_that_stands_beside_it(tmp_path, kind, value, found):
    ours = with_variable(tmp_path, typed(kind, value))
    assert ours == found
    assert type(ours) is type(found)
    assert getattr(ours, "element", None) == getattr(found, "element", None)


@pytest.mark.parametrize(("action", "count"), [(1, 0), (1, 3), (3, 1), (4, 1), (0, 2), (5, 2)])
def test_a_change_of_an_unknown_kind_is_unknown(tmp_path, action, count):
    change = with_values(tmp_path, *[b"\x80"] * count, action=action)
    assert change.action is Action.UNKNOWN
    assert isinstance(change.after, Hole)


def test_two_changes_at_one_address_are_unknown(tmp_path):
    change = message("Change", action=5, values=[packed_value(b"\x80")]).SerializeToString()
    one = {"addr": "a.b", "change": change}
    data = message("Plan", version=3, resource_changes=[one, one]).SerializeToString()
    plan = with_plan(tmp_path, data)
    assert not plan.deletes("a.b")
    assert isinstance(plan.attributes("a.b"), Hole)


@pytest.mark.parametrize(
    ("refined", "begins"),
    [
        ({1: False, 2: "arn:"}, "arn:"),
        ({2: "arn:"}, ""),
        ({1: True, 2: "arn:"}, ""),
        ({1: False, 2: 5}, ""),
        ({1: False}, ""),
        ([], ""),
        ({1: False, 2: "a" * 70_000}, ""),
    ],
    ids=lambda case: str(case)[:30],
)
def test_a_prefix_counts_only_of_what_is_not_null(tmp_path, refined, begins):
    data = msgpack.packb({"x": msgpack.ExtType(12, msgpack.packb(refined))})
    value = with_values(tmp_path, data).after["x"]
    assert value == Hole("a.b.x") if not begins else value.parts[0] == begins


def test_a_path_of_a_secret_that_cannot_be_read_covers_more(tmp_path):
    step = message("Step", attribute_name="x").SerializeToString()
    paths = [
        b"\xff",
        message("Path", steps=[step, b"\xff"]).SerializeToString(),
        message("Path", steps=[step] * 60_000).SerializeToString(),
    ]
    whole = {"x": {"y": 1}, "z": 2}
    value = packed_value(msgpack.packb(whole))
    many = [message("Path", steps=[step]).SerializeToString()] * 10_001
    for listed, secret in (
        ([paths[0]], whole),
        ([paths[1]], {"y": 1}),
        ([paths[2]], whole),
        (many, whole),
    ):
        change = message("Change", action=1, values=[value], after_sensitive_paths=listed)
        one = {"addr": "a.b", "change": change.SerializeToString()}
        data = message("Plan", version=3, resource_changes=[one]).SerializeToString()
        found = with_plan(tmp_path, data).changes["a.b"]
        assert list(found.secrets()) == [secret]


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"nonsense",
        b"[]",
        b'{"version":3,"resources":[]}',
        b'{"version":4,"resources":{"a":1}}',
        b'{"version":4,"resources":[1,{"type":1},{"type":"t","name":"n","instances":[1,{}]}]}',
        b"[" * 100_000,
    ],
    ids=lambda data: data[:30].decode(),
)
def test_a_state_that_cannot_be_read_tells_nothing(tmp_path, state):
    assert dict(with_plan(tmp_path, MEMBERS["tfplan"], tfstate=state).prior) == {}


def test_what_only_looks_like_a_value_with_its_type_is_kept(tmp_path):
    attributes = {
        "plain": {"type": "string", "value": "x"},
        "other": {"type": ["list"], "value": []},
        "list": {"type": ["list", "string"], "value": "x"},
        "typed": {"type": ["list", "string"], "value": ["x"]},
    }
    state = {
        "version": 4,
        "resources": [{"type": "t", "name": "n", "instances": [{"attributes": attributes}]}],
    }
    plan = with_plan(tmp_path, MEMBERS["tfplan"], tfstate=json.dumps(state).encode())
    assert plan.prior["t.n"] == {
        "plain": {"type": "string", "value": "x"},
        "other": {"type": ("list",), "value": ()},
        "list": {"type": ("list", "string"), "value": "x"},
        "typed": ("x",),
    }


def test_modules_without_a_manifest_still_bring_their_files(tmp_path):
    plan = with_plan(tmp_path, MEMBERS["tfplan"], **{"tfconfig/modules.json": b"nonsense"})
    assert plan.modules == {}
    assert plan.files.keys() == {""}


# -- at random --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("plans")


def changed(data, places):
    """Put other bytes into data: each place with what stands there instead."""
    cuts = sorted({(place % (len(data) + 1), new) for place, new in places})
    starts = [(0, b""), *cuts, (len(data), b"")]
    return b"".join(new + data[at + len(new) : after] for (at, new), (after, _) in pairwise(starts))


changes = st.lists(st.tuples(st.integers(0, 100_000), st.binary(max_size=4)), max_size=6)


@settings(max_examples=examples(200))
@given(data=st.binary(max_size=300))
def test_random_bytes_never_crash(folder, data):
    read_all(with_plan(folder, data, tfstate=data, **{"tfconfig/modules.json": data}))


@settings(max_examples=examples(200))
@given(places=changes, states=changes)
def test_a_damaged_plan_never_crashes(folder, places, states):
    plan = with_plan(
        folder,
        changed(MEMBERS["tfplan"], places),
        tfstate=changed(MEMBERS["tfstate"], states),
    )
    read_all(plan)


@settings(max_examples=examples(200))
@given(places=changes)
def test_a_damaged_zip_is_refused_or_read(folder, places):
    path = folder / "damaged"
    path.write_bytes(changed((FOLDER / "second" / "plan.tfplan").read_bytes(), places))
    try:
        plan = read_saved_plan(path)
    except SourceError:
        return
    read_all(plan)


@settings(max_examples=examples(100))
@given(places=changes)
def test_damaged_plan_json_is_refused_or_read(places):
    data = changed((FOLDER / "types" / "plan.json").read_bytes(), places)
    try:
        plan = parse_plan_json(data, "plan.json")
    except SourceError:
        return
    read_all(plan)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
MEANT = ["address", "change", "values", "root_module", "resources", "module_calls", "expressions"]


@settings(max_examples=examples(200))
@given(
    st.fixed_dictionaries(
        {"format_version": st.just("1.2"), "planned_values": JSON},
        optional={
            name: JSON | st.lists(st.dictionaries(st.sampled_from(MEANT), JSON), max_size=2)
            for name in ("resource_changes", "variables", "prior_state", "configuration")
        },
    )
)
def test_plan_json_of_any_shape_never_crashes(shown):
    try:
        plan = parse_plan_json(json.dumps(shown).encode(), "plan.json")
    except SourceError:
        return
    read_all(plan)
    for entries in (plan.configuration.resources, plan.configuration.calls):
        assert all(entry.expressions is not None for entry in entries.values())
    assert plan.configuration.providers is not None
    assert plan.configuration.outputs is not None


@settings(max_examples=examples(300))
@given(st.binary(max_size=60))
def test_a_value_of_random_bytes_never_crashes(folder, data):
    first_hole(with_variable(folder, data))
    first_hole(with_values(folder, data, data, action=3).after)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


@settings(max_examples=examples(200))
@given(value=VALUES)
def test_a_value_comes_back_as_it_was_packed(folder, value):
    def plain(one):
        if isinstance(one, list):
            return tuple(plain(item) for item in one)
        return {k: plain(v) for k, v in one.items()} if isinstance(one, dict) else one

    assert with_variable(folder, msgpack.packb(value)) == plain(value)
