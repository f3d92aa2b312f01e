"""What a form costs when it is long: one page update of 200 fields and 150 conditions, against fewer and more.

    python -m bench.forms

One update is what the server does of the answers each time a page is saved: everything is normalised, shown or hidden,
computed and judged, and the price is made. Nothing else is measured: no database, no page. Fields are questions of four
types, three of four under a condition on any earlier field (nested, three comparisons), and one in ten computed from
two earlier ones. Beside it, a block of rows: 200 against 20. Processor time of this process, medians of rounds run in
turn; the bars are on the cost of one field, and of one row.
"""

import importlib
import os
import random
import statistics
import sys
import time

import django

from bench import report

SIZES, USUAL = (50, 200, 400), 200
ROWS = (20, 200)
ROUNDS, UPDATES = 15, 4
ROOMS = ("etoile.gru.forms.decisions", "etoile.gru.forms.parsing", "etoile.gru.forms.validation")


def measure():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etoile.gru.settings")
    django.setup()
    # Only once Django is set up.
    decisions, parsing, validation = map(importlib.import_module, ROOMS)

    def update(definition, answers, page):
        result = validation.validate(definition, answers, page=page)
        decisions.quote(definition, result.evaluation)
        return result

    cases = []
    for size in SIZES:
        source = form(size)
        started = time.process_time()
        definition = parsing.parse(source)
        cases.append(Case("fields", size, definition, answers_of(source), time.process_time() - started))
    for rows in ROWS:
        definition = parsing.parse(block())
        cases.append(Case("rows", rows, definition, rows_of(rows), 0))
    for _round in range(ROUNDS):
        for case in cases:
            case.timed(update)
    return [case.row() for case in cases]


class Case:
    def __init__(self, kind, size, definition, answers, read):
        self.kind, self.size, self.definition, self.answers, self.read = kind, size, definition, answers, read
        self.times, self.shown = [], 0

    def timed(self, update):
        page = self.definition.pages[len(self.definition.pages) // 2]
        started = time.process_time()
        for _each in range(UPDATES):
            result = update(self.definition, self.answers, page)
        self.times.append((time.process_time() - started) / UPDATES)
        self.shown = len(result.visible)

    def row(self):
        median = statistics.median(self.times)
        conditions = sum(bool(each.visible_when) for each in self.definition.every_field())
        return {
            "kind": self.kind,
            "size": self.size,
            "conditions": conditions,
            "shown": self.shown,
            "update_ms": round(median * 1000, 2),
            "each_us": round(median / self.size * 1_000_000, 1),
            "read_ms": round(self.read * 1000, 1),
        }


def form(size):
    """Ten fields a page; the same one each time for the same size."""
    seed = random.Random(size)
    fields = [field(number, seed) for number in range(size)]
    pages = [
        {"id": f"p{start}", "title": "P", "sections": [{"id": f"s{start}", "fields": fields[start : start + 10]}]}
        for start in range(0, size, 10)
    ]
    rules = [{"label": "Tarif", "amount_from": "f9"}]
    return {"slug": "essai", "title": "Essai", "pages": pages, "price": {"rules": rules}}


def field(number, seed):
    made = {"id": f"f{number}", "label": f"Question {number}"}
    if number % 10 == 9:
        one, other = (f"f{seed.choice(integers(number))}" for _each in range(2))
        settings = {"formula": f"{one} * 150 + {other}", "result": "amount"}
        return {**made, "type": "calculated", "settings": settings}
    made["type"] = ("integer", "text", "yes_no", "date")[number % 4]
    # Three fields of four have one: 150 of 200.
    if number % 20 not in (0, 5, 10):
        made["visible_when"] = {"any": [leaf(number, seed), {"not": [leaf(number, seed), leaf(number, seed)]}]}
    return made


def integers(number):
    return [each for each in range(number) if each % 4 == 0 and each % 10 != 9]


def leaf(number, seed):
    op = seed.choice(["filled", "equals", "not_equals"])
    return {"field": f"f{seed.randrange(number)}", "op": op, **({} if op == "filled" else {"value": "x"})}


def answers_of(source):
    day = {"day": "12", "month": "6", "year": "2027"}
    given = {"integer": "12", "text": "Rue des Lavoirs", "yes_no": "yes", "date": day}
    fields = [each for page in source["pages"] for section in page["sections"] for each in section["fields"]]
    return {each["id"]: given[each["type"]] for each in fields if each["type"] in given}


def block():
    inside = [{"id": f"c{number}", "type": "text", "label": "C"} for number in range(7)]
    inside[4]["visible_when"] = {"field": "c0", "op": "filled"}
    inside += [
        {"id": "n", "type": "integer", "label": "N"},
        {"id": "due", "type": "calculated", "label": "D", "settings": {"formula": "n * 150", "result": "amount"}},
    ]
    settings = {"maximum": 200}
    rows = {"id": "rows", "type": "repeated", "label": "R", "settings": settings, "fields": inside}
    formula = {"formula": "sum(rows.map(r, r.due))", "result": "amount"}
    total = {"id": "total", "type": "calculated", "label": "T", "settings": formula}
    page = {"id": "p", "title": "P", "sections": [{"id": "s", "fields": [rows, total]}]}
    rules = [{"label": "Tarif", "amount_from": "total"}]
    return {"slug": "essai", "title": "Essai", "pages": [page], "price": {"rules": rules}}


def rows_of(count):
    row = {**{f"c{number}": "Rue des Lavoirs" for number in range(7)}, "n": "3"}
    return {"rows": [{"row": f"r{number:07d}", **row} for number in range(count)]}


def bars(rows):
    fields = {row["size"]: row for row in rows if row["kind"] == "fields"}
    lines = {row["size"]: row for row in rows if row["kind"] == "rows"}
    least, most = min(SIZES), max(SIZES)
    return [
        report.at_least("conditions in the form of 200 fields", fields[USUAL]["conditions"], 150),
        report.at_most(f"cost of one field, {most} fields against {least}", ratio(fields, least, most), 1.3, "×"),
        report.at_most(f"cost of one row, {ROWS[1]} rows against {ROWS[0]}", ratio(lines, *ROWS), 1.3, "×"),
    ]


def ratio(rows, small, large):
    return round(rows[large]["each_us"] / rows[small]["each_us"], 2)


if __name__ == "__main__":
    sys.exit(report.run("forms", measure, bars))
