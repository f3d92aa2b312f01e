"""The proof of the thesis: copy the project, delete the GRU, and pass the tests of all the rest.

Run by `make test-without-gru`. Exit status: the first one that is not 0.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GROUPS = (
    ["-p", "no:django", "tests/contract", "tests/expressions", "tests/sdk", "tests/doubles", "src/etoile/connectors"],
    ["--ds=etoile.hub.settings", "tests/hub"],
)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="etoile-without-gru-") as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "data", ".*_cache", "__pycache__"))
        shutil.rmtree(copy / "src" / "etoile" / "gru")
        environment = os.environ | {"PYTHONPATH": str(copy / "src")}
        check = "import importlib.util; assert importlib.util.find_spec('etoile.gru') is None"
        subprocess.run([sys.executable, "-c", check], cwd=copy, env=environment, check=True)
        for group in GROUPS:
            command = [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-n",
                os.environ.get("WORKERS", "2"),
                "--dist",
                "loadfile",
                *group,
            ]
            done = subprocess.run(command, cwd=copy, env=environment, check=False)
            if done.returncode:
                return done.returncode
    sys.stdout.write("Sans la GRU, le contrat, le kit, le hub et les connecteurs passent leurs tests.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
