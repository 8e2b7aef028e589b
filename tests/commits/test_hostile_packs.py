"""What a pack holds is weighed before it is made, and what is damaged in it is said."""

from __future__ import annotations

import tracemalloc
import zlib

import pytest
from dulwich.object_store import DiskObjectStore

from checker.commits import objects as objects_
from checker.commits.objects import MOST_BYTES, Objects
from checker.commits.packed_sizes import DamagedPackError, sizes
from checker.errors import SourceError
from tests.commits import packs

TEXT = b"# it\n" * 3_000
BASE = packs.named("base")
BLOB = packs.head(packs.BLOB, len(TEXT)) + zlib.compress(TEXT)


def chain(*times):
    """A blob, and deltas one on another, each of so many copies of the one below it."""
    entries, below, size = [(BASE, BLOB)], BASE, len(TEXT)
    for n, each in enumerate(times):
        entries.append((packs.named(f"delta {n}"), packs.delta(below, size, each)))
        below, size = entries[-1][0], min(size, 0xFFFFFF) * each
    return entries


def opened(place, entries):
    packs.write(place, entries)
    return Objects(place, "sha1"), entries[-1][0].encode()


@pytest.mark.parametrize("times", [(5_000,), (64, 64, 64), (64, 1, 64, 1, 64, 64)])
def test_a_delta_that_makes_too_much_is_refused_before_it_is_made(tmp_path, times):
    store, name = opened(tmp_path, chain(*times))
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match=f"is larger than {MOST_BYTES} bytes"):
            store.blob(name)
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()
        store.close()


def test_the_parts_of_an_object_are_bounded_together(tmp_path, monkeypatch):
    store, name = opened(tmp_path, chain(2, 1, 1, 1, 1))
    monkeypatch.setattr(objects_, "MOST_BYTES", 12 * len(TEXT))
    monkeypatch.setattr(objects_, "MOST_CHAINED_BYTES", 12 * len(TEXT))
    with pytest.raises(SourceError, match="is larger than"):
        store.blob(name)
    store.close()


def test_an_object_says_how_large_its_parts_are(tmp_path):
    packs.write(tmp_path, chain(3, 2))
    store = DiskObjectStore(tmp_path)
    size = len(TEXT)
    found = list(sizes(store, packs.named("delta 1").encode()))
    assert [each for each in found if each >= size] == [3 * size, 6 * size, size, 3 * size, size]
    assert list(sizes(store, packs.named("nothing").encode())) == []
    store.close()


def circle(tmp_path):
    one, other = packs.named("one"), packs.named("other")
    return [(one, packs.delta(other, 9, 1)), (other, packs.delta(one, 9, 1))]


def on_itself(tmp_path):
    data = packs.number(9) + packs.number(9) + b"\xf0\x09\x00\x00"
    packed = packs.head(packs.OFS_DELTA, len(data)) + b"\x00" + zlib.compress(data)
    return [(packs.named("one"), packed)]


def before_the_pack(tmp_path):
    data = packs.number(9) + packs.number(9) + b"\xf0\x09\x00\x00"
    packed = packs.head(packs.OFS_DELTA, len(data)) + b"\xff\x7f" + zlib.compress(data)
    return [(packs.named("one"), packed)]


def not_packed(tmp_path):
    packed = packs.head(packs.REF_DELTA, 5) + bytes.fromhex(BASE) + b"no zlib stream"
    return [(BASE, BLOB), (packs.named("one"), packed)]


def endless_size(tmp_path):
    return [(packs.named("one"), b"\xb0" + b"\xff" * 500)]


DAMAGED = [circle, on_itself, before_the_pack, not_packed, endless_size]


@pytest.mark.parametrize("entries", DAMAGED)
def test_what_is_damaged_is_said_and_ends(tmp_path, entries):
    store, name = opened(tmp_path, entries(tmp_path))
    with pytest.raises(SourceError, match="cannot be read"):
        store.blob(name)
    store.close()


@pytest.mark.parametrize("entries", DAMAGED)
def test_nothing_of_it_is_asked_of_the_library(tmp_path, entries):
    made = entries(tmp_path)
    packs.write(tmp_path, made)
    store = DiskObjectStore(tmp_path)
    with pytest.raises(DamagedPackError):
        list(sizes(store, made[-1][0].encode()))
    store.close()
