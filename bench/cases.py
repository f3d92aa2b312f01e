"""What an agent's lists and searches cost among 1,000,000 cases, against 10,000.

    python -m bench.cases                # 10,000 and 1,000,000: some minutes, 3 GB of disk
    python -m bench.cases --large=100000

Cases are made by COPY (`bench.filing`), pages asked of the real views, in this process, by two agents: one who sees
the whole town, one of a sector that holds one case in ten. Each page: same statements at both sizes, median time at
most double, no table of cases read from end to end. The small size is measured before and after the large one.
"""

import sys
from dataclasses import dataclass, field

from bench import report
from bench.arrivals import percentile
from bench.filing import FAMILIES, GIVEN, VOCABULARY, file
from bench.office import Office
from bench.plans import nodes

SMALL, LARGE, TIMES = 10_000, 1_000_000, 7
NAME = f"{GIVEN[3]} {FAMILIES[40]}"
PAGES = {
    "open": "onglet=a-traiter",
    "to take": "onglet=a-prendre",
    "mine": "onglet=a-moi",
    "pressing, by due day": "onglet=pressees&tri=echeance",
    "to read": "onglet=a-lire",
    "waiting for the person": "onglet=en-attente",
    "hand-offs in trouble": "onglet=transmissions",
    "ended": "onglet=terminees",
    "all, in the middle": "onglet=toutes&apres={middle}",
    "all, one procedure": "onglet=toutes&demarche=acte-0",
    "all, refused at the counter": "onglet=toutes&etat=refused&canal=counter",
    "search: a reference": "onglet=toutes&mots={reference}",
    "search: a whole name": f"onglet=toutes&mots={NAME}",
    "search: a family name": f"onglet=toutes&mots={FAMILIES[40]}",
    "search: a frequent word": "onglet=toutes&mots=acte",
    "search: two words": f"onglet=toutes&mots={VOCABULARY[7]} {FAMILIES[3]}",
}
WHOLE, SECTOR = "the whole town", "one sector"


@dataclass
class Timed:
    times: list = field(default_factory=list)
    statements: int = 0
    sql: list = field(default_factory=list)
    scans: int = 0
    rows: int = 0


def measure(small=SMALL, large=LARGE):
    measured = {}
    with Office() as office:
        town = office.inside.found()
        desks = {WHOLE: office.inside.Desk(town.whole), SECTOR: office.inside.Desk(town.sector)}
        for size in (small, large, small):
            filed = file(office.owner, town, size)
            middle = filed[size // 2]
            given = {
                "middle": f"{middle.at.isoformat()}_{middle.id}".replace("+", "%2B"),
                "reference": middle.reference,
            }
            del filed
            for who, desk in desks.items():
                for name, query in PAGES.items():
                    address = f"/agents/?{query.format(**given)}"
                    visit(office.inside, desk, address, measured.setdefault((who, name, size), Timed()))
    return [
        row(*key, measured[key])
        for key in sorted(measured, key=lambda key: (key[0], list(PAGES).index(key[1]), key[2]))
    ]


def visit(inside, desk, address, found):
    desk.visit(address)
    for _ in range(TIMES):
        elapsed, answer = desk.visit(address)
        found.times.append(elapsed)
    found.rows = answer.content.count(b"<tr>") - 1
    statements, milliseconds = desk.statements(address)
    found.statements = len(statements)
    found.sql.append(milliseconds)
    about = [each for each in statements if each.startswith(("SELECT", "(SELECT")) and "cases_" in each]
    found.scans = sum(_scans(inside.plan(each)) for each in about)


def _scans(plan):
    """Tables of cases read from end to end, of those that hold something."""
    return sum(
        node["Node Type"] == "Seq Scan"
        and node["Relation Name"] in ("cases_case", "cases_words")
        and node["Actual Rows"] > 0
        for node in nodes(plan)
    )


def row(who, name, size, timed):
    return {
        "agent": who,
        "page": name,
        "cases": size,
        "median_ms": round(percentile(timed.times, 0.5), 1),
        "p95_ms": round(percentile(timed.times, 0.95), 1),
        "sql_ms": round(min(timed.sql), 1),
        "statements": timed.statements,
        "rows": max(timed.rows, 0),
        "scans": timed.scans,
    }


def bars(rows):
    found, more = [], 0
    for who in (WHOLE, SECTOR):
        for name in PAGES:
            small, large = (each for each in rows if (each["agent"], each["page"]) == (who, name))
            ratio = round(large["median_ms"] / small["median_ms"], 2)
            found.append(report.at_most(f"{name}, {who}, {large['cases']:,}", ratio, 2, "×"))
            # A page without a case does not ask for their messages.
            if small["rows"]:
                more += large["statements"] - small["statements"]
    found.append(report.at_most("statements more at the large size, all pages", more, 0))
    large = max(each["cases"] for each in rows)
    scans = sum(each["scans"] for each in rows if each["cases"] == large)
    found.append(report.at_most(f"tables of cases read from end to end, {large:,}", scans, 0))
    return found


def asked(arguments):
    return next((int(each.removeprefix("--large=")) for each in arguments if each.startswith("--large=")), LARGE)


if __name__ == "__main__":
    large = asked(sys.argv[1:])
    sys.exit(report.run("cases", lambda: measure(large=large), bars))
