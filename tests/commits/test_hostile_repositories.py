"""Repositories that lead elsewhere, or that have what is no file: each ends with a plain answer."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zlib

import pytest
from repositories import commit, git, new

from checker.commits import CommittedRepository, opened
from checker.files import FileError, Repository

pytestmark = pytest.mark.sampled(8)

QUEUE = 'resource "aws_sqs_queue" "{name}" {{\n  name = "{name}"\n}}\n'
MAPPING = (
    'resource "aws_lambda_event_source_mapping" "m" {\n'
    '  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:orders"\n'
    '  function_name = "arn:aws:lambda:eu-west-1:123456789012:function:w"\n}\n'
)
SECONDS = 20


@pytest.fixture
def outside(tmp_path):
    """A repository that nobody asked to be read; its policy would let everything pass."""
    top = new(tmp_path / "outside")
    commit(top, {"main.tf": MAPPING, "p.yaml": "name: of-the-outside\nrules: {}\n"})
    git("branch", "secret", at=top)
    return top


@pytest.fixture
def work(tmp_path):
    top = new(tmp_path / "work")
    commit(top, {"main.tf": MAPPING, "p.yaml": "name: ours\nextends: current\n"})
    return top


def tried(place, *words):
    """Run the program; return its exit code and all that it says."""
    done = subprocess.run(
        [sys.executable, "-m", "checker", "plan", ".", "--policy", "./p.yaml", *words],
        cwd=place,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "bug in tfcheck" not in said
    assert "Traceback" not in said
    assert "of-the-outside" not in said
    return done.returncode, said


def judged(place, base="main"):
    return tried(place, f"--base={base}", f"--changed-since={base}")


def refused(place, base="main"):
    """Hold that nothing is checked, and return why."""
    code, said = judged(place, base)
    assert code == 2, said
    assert "nothing was checked" in said
    return said


def test_one_that_is_as_it_should_be_is_read(work):
    code, said = judged(work)
    assert (code, "policy ours" in said) == (0, True), said


def test_a_file_in_the_place_of_dot_git_leads_to_no_other_repository(work, outside):
    shutil.rmtree(work / ".git")
    (work / ".git").write_text(f"gitdir: {outside}/.git\n")
    assert "does not name this working tree" in refused(work, "secret")
    assert "does not name this working tree" in refused(work, git("rev-parse", "HEAD", at=outside))


def test_a_link_in_the_place_of_dot_git_leads_to_no_other_repository(work, outside):
    shutil.rmtree(work / ".git")
    (work / ".git").symlink_to(outside / ".git")
    assert "does not name this working tree" in refused(work, "secret")


def test_a_separate_directory_that_names_its_working_tree_is_read(work, tmp_path):
    git("init", "-q", f"--separate-git-dir={tmp_path / 'apart'}", at=work)
    refused(work)
    git("config", "core.worktree", str(work), at=work)
    assert judged(work)[0] == 0


@pytest.mark.parametrize(
    "content", ["gitdir: .", "gitdir: ", "gitdir: \0", "x", "", "gitdir: " + "a/" * 3000]
)
def test_a_file_in_the_place_of_dot_git_that_leads_nowhere_is_no_repository(work, content):
    shutil.rmtree(work / ".git")
    (work / ".git").write_text(content)
    refused(work)


def test_what_all_working_trees_share_is_that_of_the_repository(work, outside):
    (work / ".git/commondir").write_text(f"{outside}/.git\n")
    assert "commondir" in refused(work, "secret")


def test_objects_are_not_borrowed_from_another_repository(work, outside):
    (work / ".git/objects/info").mkdir(exist_ok=True)
    (work / ".git/objects/info/alternates").write_text(f"{outside}/.git/objects\n")
    said = refused(work, git("rev-parse", "HEAD", at=outside))
    assert "borrows objects" in said
    assert judged(work)[0] == 0


def test_objects_that_are_borrowed_in_a_circle_end(work):
    (work / ".git/objects/info").mkdir(exist_ok=True)
    (work / ".git/objects/info/alternates").write_text("../../.git/objects\n.\n" * 1_000)
    assert judged(work)[0] == 0
    refused(work, "1" * 40)


LINKED = ["objects", "refs", "packed-refs", "HEAD", "config", "shallow", "index", "info/exclude"]


@pytest.mark.parametrize("name", LINKED)
def test_nothing_that_git_keeps_is_a_link_to_elsewhere(work, outside, name):
    git("pack-refs", "--all", at=outside)
    (outside / ".git/shallow").write_text("")
    place = work / ".git" / name
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.symlink_to(outside / ".git" / name)
    code, said = judged(work, "secret")
    assert code == 2, said
    assert name in said or "secret" in said


@pytest.mark.parametrize("kind", ["fan-out", "object", "pack"])
def test_no_object_is_a_link_to_elsewhere(work, outside, kind):
    whole = git("rev-parse", "HEAD", at=outside)
    if kind == "pack":
        git("gc", "-q", at=outside)
        shutil.rmtree(work / ".git/objects/pack")
        (work / ".git/objects/pack").symlink_to(outside / ".git/objects/pack")
    else:
        for folder in (outside / ".git/objects").glob("??"):
            mine = work / ".git/objects" / folder.name
            if kind == "fan-out":
                shutil.rmtree(mine, ignore_errors=True)
                mine.symlink_to(folder)
            else:
                mine.mkdir(exist_ok=True)
                for file in folder.iterdir():
                    (mine / file.name).unlink(missing_ok=True)
                    (mine / file.name).symlink_to(file)
    refused(work, whole)


@pytest.mark.parametrize(
    "name",
    [
        *("HEAD", "packed-refs", "refs/heads/main", "refs/tags/main", "config", "shallow", "index"),
        *("commondir", "info/exclude", "objects/info/alternates", "objects/pack/x.idx"),
        *("objects/pack/pack-x.pack", "objects/pack/multi-pack-index", "objects/info/commit-graph"),
        "FETCH_HEAD",
    ],
)
@pytest.mark.parametrize("kind", ["FIFO", "device", "directory"])
def test_what_is_no_file_does_not_hold_the_run_up(work, name, kind):
    place = work / ".git" / name
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    if kind == "FIFO":
        os.mkfifo(place)
    elif kind == "device":
        place.symlink_to("/dev/zero")
    else:
        place.mkdir()
    code, said = judged(work)
    assert code in {0, 2}, said
    judged(work, "FETCH_HEAD" if name == "FETCH_HEAD" else "refs/tags/main")


def test_an_object_that_is_no_file_does_not_hold_the_run_up(work):
    whole = git("rev-parse", "HEAD", at=work)
    place = work / ".git/objects" / whole[:2] / whole[2:]
    place.unlink()
    os.mkfifo(place)
    for base in ("main", whole, whole[:8]):
        refused(work, base)


@pytest.mark.parametrize(
    "text",
    [
        "ref: ../../outside/.git/refs/heads/secret",
        "ref: refs/../../../outside/.git/refs/heads/secret",
        "ref: /etc/passwd",
        "ref: refs/heads/main",
        "ref: HEAD",
        "ref: " + "refs/heads/" + "x" * 100_000,
        "ref: refs/heads/\x00",
        "x" * 1_000_000,
        "",
    ],
)
def test_a_ref_leads_to_refs_alone(work, outside, text):
    (work / ".git/refs/heads/main").write_text(f"{text}\n")
    assert "there is no commit `main`" in refused(work)


@pytest.mark.parametrize(
    "text",
    [
        b"\0" * 1000,
        b"# pack-refs with: peeled fully-peeled sorted\n" + b"^" * 100 + b"\n",
        b"x refs/heads/other\n",
        b"1" * 40 + b" refs/heads/../../../outside\n",
        b"\xff" * 40 + b" \xff\n",
        (b"1" * 40 + b" refs/heads/n\n") * 200_000,
    ],
)
def test_packed_refs_that_are_odd_are_said_to_be(work, text):
    (work / ".git/packed-refs").write_bytes(text)
    code, _ = judged(work)
    assert code in {0, 2}
    refused(work, "missing")


def test_packed_refs_that_are_too_large_are_not_read(work):
    with (work / ".git/packed-refs").open("wb") as file:
        file.truncate(4 << 30)
    assert "packed-refs" in refused(work, "missing")


def test_replaced_and_grafted_commits_are_read_as_they_were_made(work):
    """Git would read another commit, which the clone alone names."""
    mild = "name: mild\nrules: {}\n"
    strict = git("rev-parse", "HEAD", at=work)
    other = commit(work, {"p.yaml": mild})
    git("reset", "-q", "--hard", strict, at=work)
    git("replace", strict, other, at=work)
    (work / ".git/info/grafts").write_text(f"{strict} {other}\n")
    code, said = judged(work, strict)
    assert code == 0, said
    assert "policy ours" in said


def test_a_partial_clone_asks_nobody_for_what_it_lacks(work, tmp_path):
    ran = tmp_path / "ran"
    git("config", "extensions.partialClone", "origin", at=work)
    git("config", "remote.origin.url", f"ext::sh -c 'touch {ran}'", at=work)
    git("config", "remote.origin.promisor", "true", at=work)
    git("config", "protocol.ext.allow", "always", at=work)
    blob = git("rev-parse", "HEAD:p.yaml", at=work)
    (work / ".git/objects" / blob[:2] / blob[2:]).unlink()
    assert "shallow or partial clone" in refused(work)
    assert not ran.exists()


def written(place, kind, content):
    """Write a loose object; return its id."""
    raw = f"{kind} {len(content)}\0".encode() + content
    whole = hashlib.sha1(raw).hexdigest()  # noqa: S324 - git's own
    file = place / ".git/objects" / whole[:2] / whole[2:]
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(zlib.compress(raw))
    return whole


def committed(place, tree, *parents):
    """Write a commit of a tree; return its id."""
    above = "".join(f"parent {each}\n" for each in parents)
    who = "x <x@example.com> 1 +0000"
    text = f"tree {tree}\n{above}author {who}\ncommitter {who}\n\nx\n"
    return written(place, "commit", text.encode())


def test_a_tree_that_holds_itself_ten_times_at_each_level_ends(work):
    """Twelve small objects that stand for 10^11 files."""
    leaf = written(work, "blob", b"x")
    entry = b"".join(b"100644 f%d\0" % n + bytes.fromhex(leaf) for n in range(10))
    tree = written(work, "tree", entry)
    for _ in range(10):
        inner = b"".join(b"40000 d%d\0" % n + bytes.fromhex(tree) for n in range(10))
        tree = written(work, "tree", inner)
    base = committed(work, tree, git("rev-parse", "HEAD", at=work))
    git("update-ref", "refs/heads/bomb", base, at=work)
    (work / "new.tfvars").write_text("a = 1\n")
    git("add", "new.tfvars", at=work)
    git("reset", "-q", "--soft", base, at=work)
    (work / "p.yaml").rename(work / "q.yaml")
    code, said = tried(work, "--policy=./q.yaml", "--changed-since=bomb", "--var-file=new.tfvars")
    assert code in {0, 1, 2}, said
    tried(work, "--policy=./q.yaml", "--changed-since=bomb", "--recursive")


def test_a_tree_of_many_entries_ends(work):
    leaf = bytes.fromhex(written(work, "blob", b"x"))
    tree = written(work, "tree", b"".join(b"100644 f%07d.tf\0" % n + leaf for n in range(300_000)))
    base = committed(work, tree, git("rev-parse", "HEAD", at=work))
    code, said = tried(work, "--policy=current", f"--changed-since={base}")
    assert code in {0, 1, 2}, said


def test_a_pattern_of_many_stars_is_matched_in_time(work):
    pattern = "*a" * 40 + "b"
    commit(work, {".gitignore": f"{pattern}\n**/{pattern}\n" * 50})
    (work / ("a" * 200)).mkdir()
    (work / ("a" * 200) / "main.tf").write_text(MAPPING)
    (work / f"{'a' * 200}.tfvars").write_text("x = 1\n")
    code, said = tried(
        work, "--changed-since=main", "--recursive", f"--var-file={'a' * 200}.tfvars"
    )
    assert code in {0, 1, 2}, said


def test_a_list_of_patterns_that_is_too_long_is_not_read(work):
    (work / ".git/info/exclude").write_text("a*b\n" * 2_000_000)
    code, said = tried(work, "--changed-since=main", "--recursive")
    assert code in {0, 1, 2}, said


def test_a_submodule_is_not_read_where_a_link_leads(work, outside, tmp_path):
    """The proposal puts a link to another repository where the base has a submodule."""
    part = new(tmp_path / "part")
    theirs = git("rev-parse", "HEAD", at=outside)
    commit(part, {"main.tf": MAPPING})
    git("submodule", "add", "-q", str(part), "sub", at=work)
    git("update-index", "--cacheinfo", f"160000,{theirs},sub", at=work)
    git("commit", "-qm", "x", at=work)
    shutil.rmtree(work / "sub")
    (work / "sub").symlink_to(outside)
    with opened(work) as repository:
        files = CommittedRepository(Repository(work), repository, repository.commit("main"))
        with pytest.raises(FileError, match="in whose place a link stands"):
            files.read(work / "sub/main.tf", 1_000)
    assert tried(work, "--policy=current", "--changed-since=main")[0] == 0
