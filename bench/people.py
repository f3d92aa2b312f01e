"""What looking for a person, opening their page, and listing whom a breach concerns cost among 1,000,000 cases of
100,000 persons, against 10,000 cases of 1,000.

    python -m bench.people                # some minutes, 5 GB of disk
    python -m bench.people --large=100000

Pages are asked of the real views under the role that runs, hence behind row-level security; each is visited at one
size, then at the other. Same statements at both sizes; median time at most double where both show as many persons; no
long table read from end to end. A list of a breach is written by a process of its own: its memory must stay, and a row
must not cost more.
"""

import sys
from collections import Counter

from bench import report
from bench.cases import asked
from bench.clerk import OFFICER, PERSON, SECTOR, WHOLE, Clerk, compared
from bench.filing import file
from bench.peopling import CASES_OF_EACH, people, readings

# An agent searches sixty times an hour at most.
SMALL, LARGE, TIMES = 10_000, 1_000_000, 9
KEY = "k" * 27
# Who, what, the address, what is posted.
PAGES = (
    *(
        (who, name, "/agents/personnes/", data)
        for who in (WHOLE, SECTOR)
        for name, data in (
            ("search: one name and the day of birth", {"family_name": "{family_name}", "birth_date": "{birth_date}"}),
            ("search: an address and a phone", {"email": "{email}", "phone": "{phone}"}),
            ("search: the most borne names", {"family_name": "{common}", "given_names": "{given}"}),
            ("search: two letters and a postal code", {"given_names": "ma", "address": "49100"}),
        )
    ),
    (WHOLE, "file of a person", "/agents/personnes/{person}/", None),
    (SECTOR, "file of a person", "/agents/personnes/{person}/", None),
    (OFFICER, "desk", "/agents/dpo/", None),
    (OFFICER, "data of a person", "/agents/dpo/dossiers/{case}/", None),
    (OFFICER, "breach, the form", "/agents/dpo/violation/", None),
    (PERSON, "own data", f"/suivi/{KEY}/mes-donnees/", None),
    (PERSON, "own data, the file", f"/suivi/{KEY}/mes-donnees/tout.json", None),
)
# What was reached, its name, days back.
BREACHES = (
    ("all", "", 1),
    ("sent", "", 365),
    ("procedure", "acte-0", 1),
    ("agent", "{whole}", 2000),
    ("application", "app", 2000),
)
# Megabytes; rows from which a list is timed.
MOST, FEW, BREACH = 20, 400, "a breach"


def town(office, town, size):
    made = people(office.owner, town, size // CASES_OF_EACH)
    filed = file(office.owner, town, size, people=[each.pk for each in made])
    readings(office.owner, town, filed)
    seen = office.inside.seen_by(town.sector)
    somebody = next(each for each in made if each.pk == seen)
    case = office.inside.case_of(seen)
    office.inside.follow(case, KEY)
    common, _times = Counter((each.family_name, each.given_names) for each in made).most_common(1)[0]
    return {
        "person": str(seen), "case": str(case), "whole": str(town.whole.pk), "common": common[0], "given": common[1],
        **{key: getattr(somebody, key) for key in ("family_name", "birth_date", "email", "phone")},
    }  # fmt: skip


def measure(small=SMALL, large=LARGE):
    with Clerk(small, town) as few, Clerk(large, town) as many:
        clerks = (few, many)
        for clerk in clerks:
            clerk.ready()
        pages = [row for page in PAGES for row in visited(clerks, *page)]
        return pages + [row for breach in BREACHES for row in listed(clerks, *breach)]


def visited(clerks, who, name, address, data):
    for cost in compared(clerks, who, address, data, times=TIMES):
        yield {"who": who, "what": name, **cost, "peak_mb": None}


def listed(clerks, resource, name, days):
    for clerk in clerks:
        took = clerk.run("bench.one_breach", resource, name, str(days))
        yield {
            "who": BREACH,
            "what": resource,
            "cases": clerk.size,
            "median_ms": took["list_ms"],
            "p95_ms": None,
            "sql_ms": took["count_ms"],
            "touched": None,
            "statements": took["statements"],
            "rows": took["rows"],
            "scans": None,
            "peak_mb": took["peak_mb"],
        }


def bars(rows):
    found, more, scans = [], 0, 0
    for small, large in zip(rows[::2], rows[1::2], strict=True):
        name = f"{small['what']}, {small['who']}"
        more += large["statements"] - small["statements"]
        if small["who"] == BREACH:
            found.append(
                report.at_most(f"{name}: more memory", round(large["peak_mb"] - small["peak_mb"], 1), MOST, "MB")
            )
            if small["rows"] >= FEW:
                a_row = (large["median_ms"] / large["rows"]) / (small["median_ms"] / small["rows"])
                found.append(report.at_most(f"{name}: time of a row", round(a_row, 2), 2, "×"))
            continue
        scans += large["scans"]
        if small["rows"] == large["rows"]:
            found.append(report.at_most(name, round(large["median_ms"] / small["median_ms"], 2), 2, "×"))
    found.append(report.at_most("statements more at the large size, in all", more, 0))
    found.append(report.at_most("long tables read from end to end by a page", scans, 0))
    return found


if __name__ == "__main__":
    large = asked(sys.argv[1:])
    sys.exit(report.run("people", lambda: measure(large=large), bars))
