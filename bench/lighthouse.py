"""The four marks of Lighthouse for the main pages: `make lighthouse`. Optional: it needs Node.js, and takes Lighthouse
from the npm registry. Not one of the benchmarks that `make bench` runs, and no dependency of Étoile.

What must not be found by a search engine (drafts, follow-up, agents) is not judged on what an engine would show.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import report
from bench.chromium import CHROMIUM, OPTIONS
from bench.portal import Portal

VERSION = "12.8.2"
MARKS = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95
HIDDEN = ("form", "follow-up", "agents")
LONGEST = 180


def measure():
    if CHROMIUM is None or shutil.which("npx") is None:
        sys.exit("Lighthouse needs Chromium (`make browser`) and Node.js: sudo apt-get install nodejs npm")
    with Portal() as portal, tempfile.TemporaryDirectory() as folder:
        return [marked(visit, Path(folder)) for visit in portal.visits()]


def marked(visit, folder):
    written = folder / f"{visit.name}.json"
    command = ["npx", "--yes", f"lighthouse@{VERSION}", visit.url, "--quiet", "--output=json"]
    command += [f"--output-path={written}", f"--only-categories={','.join(MARKS)}"]
    command += [f"--chrome-flags={' '.join(['--headless', *OPTIONS])}"]
    if visit.cookies:
        cookie = "; ".join(f"{name}={value}" for name, value in visit.cookies.items())
        command.append(f"--extra-headers={json.dumps({'Cookie': cookie})}")
    if visit.name in HIDDEN:
        command.append("--skip-audits=is-crawlable,meta-description")
    subprocess.run(command, check=True, timeout=LONGEST, env=os.environ | {"CHROME_PATH": CHROMIUM})
    found = json.loads(written.read_text())
    if found.get("runtimeError"):
        raise RuntimeError(f"{visit.name}: {found['runtimeError']['message']}")
    tell_what_costs(visit, found)
    return {"page": visit.name} | {mark: round(100 * found["categories"][mark]["score"]) for mark in MARKS}


def tell_what_costs(visit, found):
    for mark in MARKS:
        for part in found["categories"][mark]["auditRefs"]:
            audit = found["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(f"{visit.name}, {mark}: {audit['title']} ({audit['score']:g})")


def bars(rows):
    return [report.at_least(f"{row['page']}, the least of the four", min(row[m] for m in MARKS), LEAST) for row in rows]


if __name__ == "__main__":
    sys.exit(report.run("lighthouse", measure, bars, kept=False))
