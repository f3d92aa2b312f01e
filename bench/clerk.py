"""A process that holds one office, its cases and its two agents, and visits the pages it is told: two sizes can then be
measured in turn, page by page, under the same noise.

with Clerk(10_000) as clerk: clerk.visit("the whole town", "onglet=toutes"), clerk.look(…)
"""

import json
import multiprocessing
import subprocess
import sys
from dataclasses import dataclass

from bench.arrivals import percentile
from bench.filing import file
from bench.office import Office
from bench.plans import nodes

WHOLE, SECTOR, OFFICER, PERSON = "the whole town", "one sector", "the officer", "the person"
# A table of which no more rows were read was not read to its end.
STOPPED = 1_000
LONG = (
    "cases_case", "cases_words", "cases_handoff", "people_person", "people_attribute", "people_presence",
    "people_history", "audit_entry",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Looked:
    """What a page asks: statements, milliseconds of SQL, pages of 8 kB touched, cases shown, tables read whole."""

    statements: int
    sql: float
    touched: int
    rows: int
    scans: int


class Clerk:
    """`fill(office, town, size)` fills the tables and gives what the addresses to visit are completed with."""

    def __init__(self, size, fill=None):
        self.size = size
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other, size, fill or cases), daemon=True)
        self.process.start()
        other.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.pipe.close()
        self.process.join(60)
        if self.process.is_alive():
            self.process.terminate()

    def ready(self):
        """Wait until the cases are filed: seconds for 10,000, minutes for 1,000,000."""
        return self._answer()

    def visit(self, who, query, data=None):
        """Milliseconds of one visit; of one post when there is `data`."""
        self.pipe.send(("visit", who, query, data))
        return self._answer()

    def look(self, who, query, data=None):
        """What the page asks of the database, as `Looked`."""
        self.pipe.send(("look", who, query, data))
        return self._answer()

    def run(self, module, *arguments):
        """The last line that a module of this folder prints, as JSON, in a process of its own on the same database."""
        self.pipe.send(("run", "", module, arguments))
        return self._answer()

    def _answer(self):
        try:
            answer = self.pipe.recv()
        except EOFError:
            raise RuntimeError(f"the office of {self.size:,} cases stopped; what it said is above") from None
        if isinstance(answer, Exception):
            raise answer
        return answer


def cases(office, town, size):
    filed = file(office.owner, town, size)
    middle = filed[size // 2]
    return {"middle": f"{middle.at.isoformat()}_{middle.id}".replace("+", "%2B"), "reference": middle.reference}


def _serve(pipe, size, fill):
    with Office() as office:
        town = office.inside.found()
        desks = {
            WHOLE: office.inside.Desk(town.whole),
            SECTOR: office.inside.Desk(town.sector),
            OFFICER: office.inside.Desk(town.officer),
            PERSON: office.inside.Desk(None),
        }
        given = fill(office, town, size)
        pipe.send(size)
        acts = {"visit": _visit, "look": _look, "run": _run}
        while True:
            try:
                act, who, address, data = pipe.recv()
            except EOFError:
                return
            try:
                pipe.send(acts[act](desks.get(who), _completed(address, given), _completed(data, given)))
            except Exception as error:
                pipe.send(RuntimeError(f"{address}: {error!r}"))


def _completed(what, given):
    """Each text in it, completed."""
    if isinstance(what, dict):
        return {key: each.format(**given) for key, each in what.items()}
    if isinstance(what, tuple):
        return tuple(each.format(**given) for each in what)
    return what.format(**given) if what else what


def _visit(desk, address, data):
    return desk.visit(address, data)[0]


def _look(desk, address, data):
    rows = desk.visit(address, data)[1].content.count(b"<tr>") - 1
    statements, milliseconds = desk.statements(address, data)
    asked = [desk.plan(each) for each in statements if each.startswith(("SELECT", "(SELECT"))]
    touched = sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in asked)
    return Looked(len(statements), milliseconds, touched, max(rows, 0), sum(map(_scans, asked)))


def _run(_desk, module, arguments):
    command = [sys.executable, "-m", module, *arguments]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(said.splitlines()[-1])


def _read(node):
    return node["Actual Rows"] + node.get("Rows Removed by Filter", 0)


def _scans(plan):
    """Tables of cases or persons read from end to end; not those of which a few rows were enough."""
    return sum(
        node["Node Type"] == "Seq Scan" and node["Relation Name"] in LONG and _read(node) > STOPPED
        for node in nodes(plan)
    )


def compared(clerks, who, query, data=None, *, times):
    """What one page costs each clerk, visited in turn so that what else the machine does weighs on all: a row each."""
    kept = [[] for _ in clerks]
    # The first visit of each warms what a page keeps.
    for visit in range(times + 1):
        for clerk, each in zip(clerks, kept, strict=True):
            elapsed = clerk.visit(who, query, data)
            if visit:
                each.append(elapsed)
    for clerk, each in zip(clerks, kept, strict=True):
        looked = clerk.look(who, query, data)
        yield {
            "cases": clerk.size,
            "median_ms": round(percentile(each, 0.5), 1),
            "p95_ms": round(percentile(each, 0.95), 1),
            "sql_ms": round(looked.sql, 1),
            "touched": looked.touched,
            "statements": looked.statements,
            "rows": looked.rows,
            "scans": looked.scans,
        }
