"""A process that holds one office, its cases and its two agents, and visits the pages it is told: two sizes can then be
measured in turn, page by page, under the same noise.

with Clerk(10_000) as clerk: clerk.visit("the whole town", "onglet=toutes"), clerk.look(…)
"""

import multiprocessing
from dataclasses import dataclass

from bench.filing import file
from bench.office import Office
from bench.plans import nodes

WHOLE, SECTOR = "the whole town", "one sector"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a page asks: statements, milliseconds of SQL, pages of 8 kB touched, cases shown, tables read whole."""

    statements: int
    sql: float
    touched: int
    rows: int
    scans: int


class Clerk:
    def __init__(self, size):
        self.size = size
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other, size), daemon=True)
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

    def visit(self, who, query):
        """Milliseconds of one visit."""
        self.pipe.send(("visit", who, query))
        return self._answer()

    def look(self, who, query):
        """What the page asks of the database, as `Looked`."""
        self.pipe.send(("look", who, query))
        return self._answer()

    def _answer(self):
        try:
            answer = self.pipe.recv()
        except EOFError:
            raise RuntimeError(f"the office of {self.size:,} cases stopped; what it said is above") from None
        if isinstance(answer, Exception):
            raise answer
        return answer


def _serve(pipe, size):
    with Office() as office:
        town = office.inside.found()
        desks = {WHOLE: office.inside.Desk(town.whole), SECTOR: office.inside.Desk(town.sector)}
        filed = file(office.owner, town, size)
        given = {"middle": f"{filed[size // 2].at.isoformat()}_{filed[size // 2].id}".replace("+", "%2B"),
                 "reference": filed[size // 2].reference}  # fmt: skip
        del filed
        pipe.send(size)
        acts = {"visit": _visit, "look": _look}
        while True:
            try:
                act, who, address = pipe.recv()
            except EOFError:
                return
            try:
                pipe.send(acts[act](office.inside, desks[who], address.format(**given)))
            except Exception as error:
                pipe.send(RuntimeError(f"{address}: {error!r}"))


def _visit(inside, desk, address):
    return desk.visit(address)[0]


def _look(inside, desk, address):
    rows = desk.visit(address)[1].content.count(b"<tr>") - 1
    statements, milliseconds = desk.statements(address)
    asked = [inside.plan(each) for each in statements if each.startswith(("SELECT", "(SELECT"))]
    touched = sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in asked)
    return Looked(len(statements), milliseconds, touched, max(rows, 0), sum(map(_scans, asked)))


def _scans(plan):
    """Tables of cases read from end to end, of those that hold something."""
    return sum(
        node["Node Type"] == "Seq Scan"
        and node["Relation Name"] in ("cases_case", "cases_words")
        and node["Actual Rows"] > 0
        for node in nodes(plan)
    )
