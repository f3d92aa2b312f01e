"""What an agent's lists, searches and dashboard cost among 1,000,000 cases, against 10,000.

    python -m bench.cases                # 10,000 and 1,000,000: some minutes, 4 GB of disk
    python -m bench.cases --large=100000

Cases are made by COPY (`bench.filing`), pages asked of the real views by two agents: one who sees the whole town, one
of a sector that holds one case in five. Each size has a process and a PostgreSQL of its own; every page is visited at
one size, then at the other, and so on, so that what else the machine does weighs on both. Each page: same statements
at both sizes, median time at most double where both show as many rows, no table of cases read from end to end.
"""

import sys

from bench import report
from bench.clerk import SECTOR, WHOLE, Clerk, compared
from bench.filing import FAMILIES, GIVEN, VOCABULARY

SMALL, LARGE, TIMES = 10_000, 1_000_000, 11
NAME = f"{GIVEN[3]} {FAMILIES[7]}"
PAGES = {
    "dashboard": "tableau-de-bord/",
    "open": "?onglet=a-traiter",
    "to take": "?onglet=a-prendre",
    "mine": "?onglet=a-moi",
    "pressing, by due day": "?onglet=pressees&tri=echeance",
    "to read": "?onglet=a-lire",
    "waiting for the person": "?onglet=en-attente",
    "hand-offs in trouble": "?onglet=transmissions",
    "ended": "?onglet=terminees",
    "all, in the middle": "?onglet=toutes&apres={middle}",
    "all, one procedure": "?onglet=toutes&demarche=acte-0",
    "all, refused at the counter": "?onglet=toutes&etat=refused&canal=counter",
    "search: a reference": "?onglet=toutes&mots={reference}",
    "search: a whole name": f"?onglet=toutes&mots={NAME}",
    "search: a family name": f"?onglet=toutes&mots={FAMILIES[7]}",
    "search: a frequent word": "?onglet=toutes&mots=acte",
    "search: two words": f"?onglet=toutes&mots=acte {GIVEN[2]}",
    "search: a rare word": f"?onglet=toutes&mots={VOCABULARY[7]}",
}


def measure(small=SMALL, large=LARGE):
    with Clerk(small) as few, Clerk(large) as many:
        clerks = (few, many)
        for clerk in clerks:
            clerk.ready()
        return [
            row
            for who in (WHOLE, SECTOR)
            for name, query in PAGES.items()
            for row in page(clerks, who, name, f"/agents/{query}")
        ]


def page(clerks, who, name, address):
    for cost in compared(clerks, who, address, times=TIMES):
        yield {"agent": who, "page": name, **cost}


def bars(rows):
    found, more = [], 0
    for who in (WHOLE, SECTOR):
        for name in PAGES:
            small, large = (each for each in rows if (each["agent"], each["page"]) == (who, name))
            # A page that shows more is not compared with one that shows less.
            if small["rows"] >= large["rows"] * 0.9:
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
