"""Record what the CDK synthesizes: `cdk.out` of each folder of fixtures/assemblies.

A folder holds a program, `app.ts`, `app.mjs` or `app.py`. It is run by the CDK's own command with
the library of a pinned version, which npm (pip for Python) installs into WORK; nothing is looked up
in AWS. Of what is written the manifests, templates and metadata are kept. Paths of this machine
become `/app`, where the tests put a folder of their own. Arguments: WORK, and the folders to
record, default all.

    python tools/record_assemblies.py WORK [FOLDER ...]
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures/assemblies"
LIBRARY, COMMAND, OLD_LIBRARY, PYTHON_LIBRARY = "2.276.0", "2.1148.1", "2.100.0", "2.275.0"
OLD = {"old-assembly"}
"""Programs that a library synthesizes which keeps the metadata in the manifest."""
NOT_LOOKED_UP = {"missing-context", "missing-role"}
"""Programs that the command would ask an account for: they are run as it runs them."""
KEPT = ("manifest.json", ".template.json", ".metadata.json")
ARTIFACTS = {"aws:cloudformation:stack", "cdk:cloud-assembly"}
COMPILER = {"module": "commonjs", "target": "es2022", "esModuleInterop": True}
CONTEXT = {
    "aws:cdk:enable-path-metadata": True,
    "aws:cdk:enable-asset-metadata": True,
    "aws:cdk:version-reporting": True,
}
NEUTRAL = "/app"


def run(*words: str, cwd: Path, env: dict[str, str] | None = None) -> None:
    """Run a command; end with what it says if it fails."""
    environment = {**os.environ, **(env or {})}
    done = subprocess.run(
        words, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stdout}{done.stderr}")


def installed(work: Path, library: str) -> Path:
    """Return the folder in which npm has installed a version of the library."""
    folder = work / f"npm-{library}"
    if not (folder / "node_modules/aws-cdk-lib").exists():
        folder.mkdir(parents=True, exist_ok=True)
        run("npm", "init", "-y", cwd=folder)
        wanted = [f"aws-cdk-lib@{library}", f"aws-cdk@{COMMAND}", "constructs@^10"]
        wanted += ["typescript@5.6.3", "ts-node@10.9.2", "@types/node@20"]
        run("npm", "install", "--save-exact", *wanted, cwd=folder)
    return folder


def python(work: Path) -> Path:
    """Return a Python that has the library."""
    folder = work / f"python-{PYTHON_LIBRARY}"
    if not folder.exists():
        run(sys.executable, "-m", "venv", str(folder), cwd=work)
        wanted = [f"aws-cdk-lib=={PYTHON_LIBRARY}", "constructs"]
        run(str(folder / "bin/pip"), "install", "-q", *wanted, cwd=work)
    return folder / "bin/python"


def synthesized(source: Path, work: Path) -> Path:
    """Run a program in a folder of its own; return what it was synthesized to."""
    npm = installed(work, OLD_LIBRARY if source.name in OLD else LIBRARY)
    app = work / "apps" / source.name
    shutil.rmtree(app, ignore_errors=True)
    shutil.copytree(source, app, ignore=shutil.ignore_patterns("cdk.out", "expected.yaml"))
    env = {"TS_NODE_COMPILER_OPTIONS": json.dumps(COMPILER), "CDK_DEBUG": "1"}
    if (app / "app.py").exists():
        command = [str(python(work)), "app.py"]
        env["JSII_HOST_STACK_TRACES"] = "1"
    else:
        (app / "node_modules").symlink_to(npm / "node_modules")
        command = ["node", "node_modules/ts-node/dist/bin-transpile.js", "app.ts"]
        if (app / "app.mjs").exists():
            command = ["node", "app.mjs"]
    if source.name in NOT_LOOKED_UP:
        direct = {"CDK_OUTDIR": str(app / "cdk.out"), "CDK_CONTEXT_JSON": json.dumps(CONTEXT)}
        run(*command, cwd=app, env={**env, **direct})
    else:
        cdk = str(npm / "node_modules/.bin/cdk")
        words = [cdk, "synth", "--quiet", "--no-notices", "--app", " ".join(command)]
        run(*words, cwd=app, env=env)
    return app


def kept(app: Path, work: Path, target: Path) -> None:
    """Write what the program was synthesized to, without what tfcheck does not read."""
    shutil.rmtree(target, ignore_errors=True)
    for path in sorted((app / "cdk.out").rglob("*.json")):
        inner = path.relative_to(app / "cdk.out")
        if not path.name.endswith(KEPT) or any(p.startswith("asset.") for p in inner.parts):
            continue
        text = path.read_text(encoding="utf-8").replace(str(app), NEUTRAL)
        text = re.sub(rf"{re.escape(str(work))}/(?:npm|python)-[0-9.]+", NEUTRAL, text)
        text = re.sub(r"(\$\{Token\[[^\]]*\.)[0-9]+\]", r"\g<1>0]", text)  # differs each time
        if path.name == "manifest.json":
            manifest = json.loads(text)
            artifacts = manifest["artifacts"].items()
            manifest["artifacts"] = {
                name: each for name, each in artifacts if each["type"] in ARTIFACTS
            }
            text = json.dumps(manifest, indent=1)
        if str(work) in text:
            raise RuntimeError(f"{path} names a path of this machine")
        (target / inner).parent.mkdir(parents=True, exist_ok=True)
        (target / inner).write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def main() -> None:
    """Record the folders that the command line names."""
    work = Path(sys.argv[1]).resolve()
    work.mkdir(parents=True, exist_ok=True)
    folders = [Path(each).resolve() for each in sys.argv[2:]] or sorted(FIXTURES.iterdir())
    for folder in folders:
        kept(synthesized(folder, work), work, folder / "cdk.out")
        print(folder.name)


if __name__ == "__main__":
    main()
