"""What `--share N:WORD` leaves of the cases that `.ci/run` tries."""

from __future__ import annotations

from types import SimpleNamespace

from shares import in_share

EVERY = [SimpleNamespace(nodeid=f"tests/test_x.py::test_it[{n}]") for n in range(400)]


def share(number, word):
    wanted = in_share(f"{number}:{word}")
    return {each.nodeid for each in EVERY if wanted(each)}


def test_a_share_is_about_one_of_so_many_and_the_word_decides_which():
    assert all(60 < len(share(4, word)) < 140 for word in ("a1b2", "c3d4", ""))
    assert share(4, "a1b2") == share(4, "a1b2") != share(4, "c3d4")


def test_over_the_commits_every_case_has_its_turn():
    tried = set().union(*(share(4, f"{n:040x}") for n in range(40)))
    assert tried == {each.nodeid for each in EVERY}


def test_without_a_share_all_are_tried():
    assert share(1, "") == {each.nodeid for each in EVERY}
