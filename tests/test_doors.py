"""Files are opened, looked up and written in `checker/files`, and nowhere else."""

import ast
from pathlib import Path

CHECKER = Path(__file__).resolve().parent.parent / "checker"
METHODS = {
    *("open", "fdopen", "read_text", "read_bytes", "write_text", "write_bytes", "touch"),
    *("rename", "unlink", "mkdir", "makedirs", "symlink_to", "hardlink_to", "chmod", "truncate"),
    *("glob", "iterdir", "scandir", "listdir", "fwalk", "rglob", "resolve", "realpath", "readlink"),
    *("is_file", "is_dir", "is_symlink", "isfile", "isdir", "islink", "exists", "lexists"),
    *("stat", "lstat", "samefile", "getsize", "ZipFile", "FileIO", "open_code"),
    *("NamedTemporaryFile", "TemporaryFile", "TemporaryDirectory", "mkstemp", "mkdtemp"),
}
"""What opens, reads, writes or looks up a file, whatever module or object it is called on."""
DOORS = {
    *("repository", "self.repository", "files.repository", "self.files", "self.project.files"),
    *("own", "around", "inside", "console", "where", "DISK", "Repository(root)"),
    *("self._asked.files", "self._disk(followed)", "self._disk(found.path)", "self._disk(inner)"),
    *("disk", "files", "self._repository"),
    *("holding", "self._holding(path)", "self._holding(directory)"),
}
"""What such a method may be called on: a `Repository`, `Files` over one, or standard input."""
ALLOWED = {
    # The package's own data, beside its code.
    ("shipped.py", "Path(__file__).resolve()"),
    ("shipped.py", "installed.is_dir()"),
    ("policy/read.py", "files.folder().glob('*.yaml')"),
    ("iam/managed.py", "(folder() / FILE).open('rb')"),
    ("iam/managed.py", "(folder() / FILE).open(encoding='utf-8')"),
    ("iam/managed.py", "(folder() / FILE).read_bytes()"),
    ("sources/terraform/modules/argument_names.py", "(folder() / FILE).open(encoding='utf-8')"),
    ("model/ranges.py", "(folder() / FILE).open(encoding='utf-8')"),
    ("iam/actions.py", "source.is_file()"),
    ("iam/actions.py", "source.read_text(encoding='utf-8')"),
    ("reports/html.py", "(FOLDER / name).read_text('utf-8')"),
    # A zip in a file that the door opened.
    ("sources/terraform/plan/archive.py", "zipfile.ZipFile(file)"),
    ("sources/terraform/plan/archive.py", "archive.open(member)"),
    # Where what no stream takes goes.
    ("cli/console.py", "open(os.devnull, 'w', encoding='utf-8')"),
    ("cli/console.py", "os.open(os.devnull, os.O_WRONLY)"),
    ("cli/console.py", "os.open(os.devnull, os.O_RDWR)"),
    # Whether a word of the command line is a FILE or the PATH that is checked.
    ("cli/filters.py", "os.path.isdir(after)"),
    # Whether a word of the command line that stands alone is a path.
    ("cli/loose_words.py", "os.path.lexists(word)"),
    # Names that mean something else there.
    ("rules/action_does_not_exist.py", "actions.exists(name)"),
    ("iam/validity.py", "actions.exists(literal)"),
    ("knowledge/text.py", "matching.glob(known, wanted)"),
}

GIT = {
    # Where the working tree is, and that what git keeps of it is no link and no pipe.
    ("commits/committed.py", "os.path.realpath(directory)"),
    ("commits/kept.py", "(directory / name).iterdir()"),
    ("commits/kept.py", "os.lstat(place)"),
    ("commits/left_out.py", "file.stat()"),
    ("commits/repository.py", "found.is_symlink()"),
    ("commits/repository.py", "place.resolve()"),
    ("cli/earlier_commit.py", "above.resolve()"),
    ("cli/earlier_commit.py", "whole.resolve()"),
    ("commits/packed_sizes.py", "Path(pack.data.path).open('rb')"),
    ("commits/repository.py", "(found / 'HEAD').is_file()"),
    ("commits/repository.py", "directory.resolve()"),
    ("commits/repository.py", "found.is_file()"),
    ("commits/committed.py", "directory.resolve()"),
    ("commits/committed.py", "os.path.realpath(text)"),
    # Those of a rendered unit over `Files`.
    ("sources/terraform/terragrunt/unit_files.py", "super().exists(path)"),
}


def calls():
    """Yield each such call that is on no door: its file, and how it is written."""
    for path in sorted(CHECKER.rglob("*.py")):
        file = path.relative_to(CHECKER).as_posix()
        if file.startswith("files/"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name("open" | "open_code")):
                    yield file, ast.unparse(node)
                case ast.Call(func=ast.Attribute(of, name)) if name in METHODS:
                    if ast.unparse(of) not in DOORS:
                        yield file, ast.unparse(node)


def test_only_the_door_opens_looks_up_and_writes_files():
    assert set(calls()) == ALLOWED | GIT


def test_only_the_door_and_the_data_of_the_package_import_what_opens_files():
    importing = {
        path.relative_to(CHECKER).as_posix()
        for path in CHECKER.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in (getattr(node, "module", None), *(each.name for each in node.names))
        if name in {"shutil", "tempfile", "fileinput", "mmap", "linecache", "zipfile"}
    }
    assert importing == {"iam/managed.py", "sources/terraform/plan/archive.py"}
