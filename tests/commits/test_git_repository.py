"""A git repository: what its references name, where lines of history part, what a commit holds."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest
from repositories import commit, git, new

from checker.commits import EntryKind, opened
from checker.errors import SourceError, UsageError

pytestmark = pytest.mark.sampled(4)


@pytest.fixture
def place(tmp_path):
    """A repository of four commits, two branches, a merge and tags."""
    top = new(tmp_path / "work")
    commit(top, {"a.tf": "a\n", "m/b.tf": "b\n"}, when="2024-01-01T00:00:00Z")
    git("tag", "light", at=top)
    git("tag", "-am", "x", "heavy", at=top)
    git("tag", "-am", "x", "heavier", "heavy", at=top)
    git("checkout", "-qb", "feature/one", at=top)
    commit(top, {"a.tf": "aa\n"}, when="2024-01-02T00:00:00Z")
    git("checkout", "-q", "main", at=top)
    commit(top, {"c.tf": "c\n"}, when="2024-01-03T00:00:00Z")
    git("merge", "-qm", "x", "feature/one", at=top, when="2024-01-04T00:00:00Z")
    git("update-ref", "refs/remotes/origin/main", "main", at=top)
    git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main", at=top)
    git("update-ref", "refs/pull/7/merge", "main", at=top)
    return top


NAMES = (
    *("HEAD", "@", "main", "feature/one", "heads/main", "refs/heads/main", "light", "heavy"),
    *("heavier", "tags/heavy", "refs/tags/light", "origin/main", "origin", "remotes/origin/main"),
    *("HEAD~1", "HEAD~", "HEAD^", "HEAD^1", "HEAD^2", "HEAD^^", "HEAD~2", "main~1^0", "@^2~1"),
    *("HEAD^0", "HEAD^{commit}", "HEAD^{}", "heavy^{}", "heavier~0", "HEAD~0", "pull/7/merge"),
)


@pytest.mark.parametrize("packed", [False, True])
def test_a_reference_names_the_commit_that_git_takes_it_for(place, packed):
    if packed:
        git("gc", "-q", at=place)
        assert list((place / ".git/objects/pack").glob("*.pack"))
    with opened(place / "m") as repository:
        for name in NAMES:
            wanted = git("rev-parse", f"{name}^{{commit}}", at=place)
            assert repository.commit(name).id.decode() == wanted, name
        whole = git("rev-parse", "HEAD", at=place)
        for digits in (whole, whole[:7], whole[:4], whole.upper()):
            assert repository.commit(digits).id.decode() == whole


@pytest.mark.parametrize(
    "name",
    [
        *("missing", "-x", "--output=stolen", "../../etc/passwd", "refs/../../config", "a..b"),
        *("HEAD~99", "HEAD^3", "HEAD@{1}", "@{u}", "HEAD:a.tf", ":/x", "HEAD^{tree}", "HEAD~x"),
        *("0" * 40, "abcd", "main\0", "main\n", "", "~", "config", "index", "HEAD^-1"),
        *("refs/heads", "refs", "/etc/passwd", "heads//main", "\udcff", "main~9999999999"),
    ],
)
def test_a_reference_that_names_no_commit_is_an_error_that_quotes_it(place, name):
    with opened(place) as repository, pytest.raises(UsageError) as stopped:
        repository.commit(name)
    assert name[:9] in str(stopped.value)


def test_the_head_that_a_fetch_left_can_be_named(place, tmp_path):
    clone = tmp_path / "clone"
    git("clone", "-q", str(place), str(clone), at=tmp_path)
    git("fetch", "-q", "origin", "feature/one", at=clone)
    with opened(clone) as repository:
        wanted = git("rev-parse", "feature/one", at=place)
        assert repository.commit("FETCH_HEAD").id.decode() == wanted
        with pytest.raises(UsageError):
            repository.commit("ORIG_HEAD")


class TestWhereARepositoryIs:
    def test_a_linked_working_tree_has_its_own_head(self, place, tmp_path):
        git("worktree", "add", "-q", str(tmp_path / "linked"), "feature/one", at=place)
        with opened(tmp_path / "linked") as repository:
            assert repository.commit("HEAD").id == repository.commit("feature/one").id
            assert repository.commit("main").id != repository.commit("HEAD").id

    def test_objects_of_another_repository_are_not_read_and_how_to_have_them_is_said(
        self, place, tmp_path
    ):
        top = tmp_path / "shared"
        git("clone", "-q", "--shared", str(place), str(top), at=tmp_path)
        with opened(top) as repository, pytest.raises(SourceError) as caught:
            repository.commit("HEAD")
        assert "borrows objects from another one" in caught.value.hint
        git("repack", "-a", "-d", "-q", at=top)
        (top / ".git/objects/info/alternates").unlink()
        with opened(top) as repository:
            assert repository.commit("HEAD").entry("m/b.tf")

    def test_a_submodule_is_a_repository(self, place, tmp_path):
        outer = new(tmp_path / "outer")
        git("submodule", "add", "-q", str(place), "inner", at=outer)
        with opened(outer / "inner" / "m") as repository:
            assert repository.top == (outer / "inner").resolve()
            assert repository.commit("HEAD").entry("m/b.tf")

    def test_a_submodule_may_name_its_working_tree_in_a_configuration_of_its_own(
        self, place, tmp_path
    ):
        outer = new(tmp_path / "outer")
        git("submodule", "add", "-q", str(place), "inner", at=outer)
        git("sparse-checkout", "set", "m", at=outer / "inner")
        assert "worktree" in (outer / ".git/modules/inner/config.worktree").read_text()
        with opened(outer / "inner" / "m") as repository:
            assert repository.commit("HEAD").entry("m/b.tf")

    def test_a_linked_working_tree_that_has_moved_says_how_it_is_repaired(self, place, tmp_path):
        git("worktree", "add", "-q", str(tmp_path / "linked"), "feature/one", at=place)
        moved = (tmp_path / "linked").rename(tmp_path / "moved")
        with pytest.raises(SourceError) as caught, opened(moved):
            pass
        assert "git worktree repair" in caught.value.hint
        git("worktree", "repair", at=moved)
        with opened(moved) as repository:
            assert repository.commit("HEAD")

    def test_hashes_may_be_longer(self, tmp_path):
        top = tmp_path / "long"
        top.mkdir()
        git("init", "-q", "-b", "main", "--object-format=sha256", at=top)
        first = commit(top, {"a.tf": "a"})
        commit(top, {"a.tf": "b"})
        with opened(top) as repository:
            assert repository.commit("HEAD~1").id.decode() == first
            found = repository.commit(first[:9])
            entry = found.entry("a.tf")
            assert found.content(entry) == b"a"
            assert repository.objects.digest(b"a") == entry.id

    @pytest.mark.parametrize("owner", [True, False])
    def test_whose_it_is_does_not_matter_since_nothing_of_it_is_run(self, place, owner):
        if not owner:
            if os.geteuid():
                pytest.skip("only root can give a file away")
            for file in (place, *place.rglob("*")):
                os.chown(file, 12345, 12345, follow_symlinks=False)
        with opened(place) as repository:
            assert repository.commit("main")

    def test_where_there_is_none_that_is_said(self, tmp_path):
        (tmp_path / ".git").mkdir()
        with pytest.raises(UsageError, match="in no git repository"), opened(tmp_path):
            pass

    def test_refs_in_a_table_leave_whole_ids(self, place):
        git("config", "extensions.refStorage", "reftable", at=place)
        whole = (place / ".git/refs/heads/main").read_text().strip()
        with opened(place) as repository:
            assert repository.commit(whole)
            with pytest.raises(UsageError, match="table"):
                repository.commit("main")

    def test_a_hash_that_nobody_knows_is_said(self, place):
        git("config", "extensions.objectFormat", "md5", at=place)
        with pytest.raises(SourceError, match="md5"), opened(place):
            pass


class TestMergeBase:
    def test_it_is_that_of_git_in_any_history(self, tmp_path):
        chance = random.Random(7)  # noqa: S311 - the same each time
        top = new(tmp_path / "many")
        commits = [commit(top)]
        tree = git("rev-parse", "HEAD^{tree}", at=top)
        for n in range(60):
            parents = chance.sample(commits[-6:], k=min(len(commits), chance.choice((1, 1, 1, 2))))
            words = [word for parent in parents for word in ("-p", parent)]
            when = f"2024-01-01T{n // 60:02}:{n % 60:02}:00Z"
            commits.append(git("commit-tree", tree, "-m", str(n), *words, at=top, when=when))
        with opened(top) as repository:
            for _ in range(60):
                one, other = chance.sample(commits, k=2)
                found = repository.merge_base(repository.commit(one), repository.commit(other))
                best = git("merge-base", "--all", one, other, at=top).split()
                assert found.id.decode() in best

    def test_each_commit_is_looked_at_once_or_twice(self, tmp_path):
        from checker.commits.ancestry import merge_base

        asked = []

        def parents(id):
            asked.append(id)
            number = int(id)
            return tuple(str(n).encode() for n in (number - 1, number - 2) if n >= 0)

        found, cut = merge_base(b"5000", b"4999", parents, int)
        assert (found, cut) == (b"4999", False)
        assert len(asked) < 10
        asked.clear()
        found, _ = merge_base(b"20000", b"1", parents, int)
        assert found == b"1"
        assert len(asked) < 40_100

    def test_lines_that_never_meet_share_no_history(self, place):
        git("checkout", "-q", "--orphan", "alone", at=place)
        commit(place)
        with opened(place) as repository, pytest.raises(UsageError, match="no history"):
            repository.merge_base(repository.commit("main"), repository.commit("alone"))

    def test_where_a_shallow_clone_ends_that_is_said_with_the_way_out(self, place, tmp_path):
        git("checkout", "-q", "feature/one", at=place)
        for n in range(3):
            commit(place, {"a.tf": f"{n}"})
        clone = tmp_path / "shallow"
        words = ("--depth=1", "--no-single-branch", f"file://{place}", str(clone))
        git("clone", "-q", *words, at=tmp_path)
        with opened(clone) as repository:
            head, other = repository.commit("HEAD"), repository.commit("origin/main")
            with pytest.raises(UsageError) as stopped:
                repository.merge_base(head, other)
            assert "shallow" in str(stopped.value)
            assert "fetch-depth: 0" in stopped.value.hint
            with pytest.raises(UsageError, match="shallow"):
                repository.commit("HEAD~1")


class TestFilesOfACommit:
    def test_what_a_partial_clone_left_out_is_said(self, place, tmp_path):
        git("config", "uploadpack.allowFilter", "true", at=place)
        clone = tmp_path / "partial"
        words = ("--filter=blob:none", "--no-checkout", f"file://{place}", str(clone))
        git("clone", "-q", *words, at=tmp_path)
        with opened(clone) as repository:
            found = repository.commit("HEAD")
            entry = found.entry("a.tf")
            with pytest.raises(SourceError) as stopped:
                found.content(entry)
        assert "partial clone" in str(stopped.value)
        assert "without a filter" in stopped.value.hint

    def test_a_damaged_object_is_said(self, place):
        blob = git("rev-parse", "HEAD:a.tf", at=place)
        file = place / ".git/objects" / blob[:2] / blob[2:]
        file.chmod(0o644)
        file.write_bytes(b"nothing that inflates")
        with opened(place) as repository:
            found = repository.commit("HEAD")
            with pytest.raises(SourceError, match="cannot be read"):
                found.content(found.entry("a.tf"))

    def test_an_object_above_the_bound_is_not_taken(self, place, monkeypatch):
        monkeypatch.setattr("checker.commits.objects.MOST_BYTES", 1000)
        commit(place, {"large.tf": "x" * 2000})
        with opened(place) as repository:
            found = repository.commit("HEAD")
            with pytest.raises(SourceError, match=r"larger|cannot be read"):
                found.content(found.entry("large.tf"))

    def test_links_are_followed_inside_the_commit_and_never_out_of_it(self, place):
        (place / "in").symlink_to("m")
        (place / "m" / "up").symlink_to("../a.tf")
        (place / "chain").symlink_to("in/up")
        (place / "out").symlink_to("../secret")
        (place / "absolute").symlink_to("/etc")
        (place / "loop").symlink_to("loop")
        commit(place)
        with opened(place) as repository:
            found = repository.commit("HEAD")
        assert found.entry("in").kind is EntryKind.LINK
        assert found.entry("in/b.tf") is None
        assert found.followed("in/b.tf") == "m/b.tf"
        assert found.followed("chain") == "a.tf"
        assert found.followed("m/../a.tf") == "a.tf"
        for path in ("out", "out/x", "absolute/passwd", "loop", "..", "../x", "m/../../x"):
            assert found.followed(path) is None

    def test_everything_below_a_directory(self, place):
        with opened(place) as repository:
            found = repository.commit("HEAD")
            assert {path for path, _ in found.below("")} == {"a.tf", "c.tf", "m", "m/b.tf"}
            assert {path for path, _ in found.below("m")} == {"b.tf"}
            assert not list(found.below("missing"))
            assert not found.directory("a.tf")

    @pytest.mark.parametrize(
        "name",
        [".", "..", ".git", ".GIT", "git~1", ".git ", ".g\u200cit", ".git::$INDEX_ALLOCATION"],
    )
    def test_a_name_that_no_file_may_have_stops_the_reading(self, place, name):
        blob = git("rev-parse", "HEAD:a.tf", at=place)
        raw = b"100644 " + name.encode() + b"\0" + bytes.fromhex(blob)
        (place / "raw").write_bytes(raw)
        tree = git("hash-object", "-w", "-t", "tree", "--literally", "raw", at=place)
        bad = git("commit-tree", tree, "-m", "x", at=place)
        with opened(place) as repository:
            found = repository.commit(bad)
            with pytest.raises(SourceError, match="unsafe name"):
                found.directory("")

    @pytest.mark.skipif(sys.platform == "darwin", reason="its names are Unicode")
    def test_a_name_need_not_be_text(self, place):
        raw = os.fsencode(place) + b"/\xff.tf"
        Path(os.fsdecode(raw)).write_text("x")
        commit(place)
        with opened(place) as repository:
            assert "\udcff.tf" in repository.commit("HEAD").directory("")
