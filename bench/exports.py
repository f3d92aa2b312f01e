"""What the export of a long list costs in memory, in each format, against a list ten times shorter.

    python -m bench.exports                # 10,000 and 100,000
    python -m bench.exports --large=1000000

Cases are made by COPY (`bench.filing`). Each export is run as the worker runs it, in a process of its own
(`bench.one_export`); what counts is how much more memory the longer list took at its highest.
"""

import json
import subprocess
import sys

from bench import report
from bench.cases import asked
from bench.filing import file
from bench.office import Office

SMALL, LARGE = 10_000, 100_000
FORMATS = ("csv", "ods", "xlsx")
MOST = 20


def measure(small=SMALL, large=LARGE):
    rows = []
    with Office() as office:
        town = office.inside.found()
        for size in (small, large):
            file(office.owner, town, size)
            counted = {"seconds": round(office.inside.count(town), 2), "size_mb": 0, "peak_mb": 0}
            rows.append({"what": "figures counted", "cases": size, **counted})
            rows += [exported(form, size, town.whole.pk) for form in FORMATS]
    return rows


def exported(form, size, account):
    command = [sys.executable, "-m", "bench.one_export", form, str(account)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = json.loads(said.splitlines()[-1])
    if found["cases"] != size:
        raise RuntimeError(f"{form}: {found['cases']} cases written of {size}")
    return {"what": form, **found}


def bars(rows):
    peaks = {}
    for row in rows:
        if row["what"] in FORMATS:
            peaks.setdefault(row["what"], []).append(row["peak_mb"])
    return [
        report.at_most(f"{form}: more memory for the longer list", round(large - small, 1), MOST, "MB")
        for form, (small, large) in peaks.items()
    ]


if __name__ == "__main__":
    large = LARGE if len(sys.argv) < 2 else asked(sys.argv[1:])
    sys.exit(report.run("exports", lambda: measure(large=large), bars))
