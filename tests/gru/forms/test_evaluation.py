"""One pass over a form: rows, calculations, refusals, routes and prices, each seeing only what is shown before it."""

from typing import Any

import pytest
from django.http import QueryDict

from etoile.gru.forms.decisions import quote, refusals, team_of
from etoile.gru.forms.evaluation import evaluate, visible_sections
from etoile.gru.forms.formulas import Budget, formula
from etoile.gru.forms.parsing import parse
from etoile.gru.forms.reading import answers_of
from etoile.gru.forms.validation import kept, validate


def when(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def ask(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"id": name, "type": kind, "label": name.capitalize(), **more}


def computed(name: str, formula: str, result: str = "integer", **more: Any) -> dict[str, Any]:
    return ask(name, "calculated", settings={"formula": formula, "result": result}, **more)


def form(*fields: dict[str, Any], **more: Any) -> Any:
    pages = [{"id": "p", "title": "P", "sections": [{"id": "s", "fields": list(fields)}]}]
    return parse({"slug": "essai", "title": "E", "team": "culture", "pages": pages, **more})


FAIR = form(
    ask("habitant", "yes_no", required=True),
    ask(
        "stands",
        "repeated",
        settings={"minimum": 1, "maximum": 3, "row_label": {"fr": "Emplacement", "en": "Stand"}},
        fields=[
            ask("metres", "integer", required=True, settings={"minimum": 1}),
            ask("camion", "yes_no"),
            ask("plaque", required=True, visible_when=when("camion", "equals", True)),
            computed("prix", "metres * (habitant ? 100 : 150)", "amount"),
        ],
    ),
    computed("total", "sum(stands.map(s, s.prix))", "amount"),
    ask("assurance", visible_when=when("stands", "gte", 2)),
    ineligible=[{"id": "loin", "when": when("habitant", "equals", False), "message": "Réservé aux habitants"}],
    routing=[
        {"when": when("total", "gt", 500), "team": "finances"},
        {"when": when("stands", "gte", 2), "team": "voirie"},
    ],
    price={
        "rules": [
            {"label": "Emplacements", "amount_from": "total"},
            {"label": "Dossier", "amount": 200, "when": when("stands", "gte", 2)},
        ]
    },
)  # fmt: skip
ROWS = [
    {"row": "aaaaaaaa", "metres": "3", "camion": "yes", "plaque": "AB-123-CD"},
    {"row": "bbbbbbbb", "metres": "2", "camion": "no", "plaque": "hidden"},
]


def test_rows_are_checked_cleared_computed_and_counted():
    result = validate(FAIR, {"habitant": "yes", "stands": ROWS, "assurance": "MAIF"})
    assert result.valid
    assert result.cleaned == {
        "habitant": True,
        "stands": [
            {"row": "aaaaaaaa", "metres": 3, "camion": True, "plaque": "AB-123-CD", "prix": 300},
            {"row": "bbbbbbbb", "metres": 2, "camion": False, "prix": 200},
        ],
        "total": 500,
        "assurance": "MAIF",
    }
    assert "stands.aaaaaaaa.plaque" in result.visible
    assert "stands.bbbbbbbb.plaque" not in result.visible
    assert team_of(FAIR, result.evaluation) == "voirie"
    priced = quote(FAIR, result.evaluation)
    assert (priced.total, [line.amount for line in priced.lines], priced.unknown) == (700, [500, 200], ())


def test_an_error_in_a_row_says_which_row_and_leaves_the_others():
    rows = [{**ROWS[0], "plaque": ""}, {**ROWS[1], "metres": "deux"}]
    result = validate(FAIR, {"habitant": "yes", "stands": rows})
    assert [error.field for error in result.errors] == ["stands.aaaaaaaa.plaque", "stands.bbbbbbbb.metres"]
    assert "Emplacement 2, Metres" in result.errors[1].message
    assert result.typed["stands"][1]["metres"] == "deux"


EMPTY = {"row": "cccccccc", "metres": "", "camion": None}
COUNTED = [
    ("none at all", [], ["stands"]),
    ("one left empty, which says what it lacks", [EMPTY], ["stands.cccccccc.metres"]),
    ("one filled, one left empty that nobody asked for", [ROWS[1], EMPTY], []),
    ("one too many", [{"metres": 1} for _each in range(4)], ["stands"]),
    ("what is no list", "x", ["stands"]),
    ("what is no row", [1], ["stands"]),
    ("what no question asks", [{**ROWS[1], "colour": "red"}], ["stands.bbbbbbbb.colour"]),
    ("the result of a calculation", [{**ROWS[1], "prix": 1}], ["stands.bbbbbbbb.prix"]),
]


@pytest.mark.parametrize(("what", "rows", "wrong"), COUNTED, ids=[what for what, _rows, _wrong in COUNTED])
def test_the_rows_of_a_block_are(what, rows, wrong):
    assert [error.field for error in validate(FAIR, {"habitant": "yes", "stands": rows}).errors] == wrong


def test_a_row_left_empty_is_shown_again_and_never_sent():
    result = validate(FAIR, {"habitant": "yes", "stands": [EMPTY, ROWS[1]]})
    assert [row["row"] for row in result.typed["stands"]] == ["cccccccc", "bbbbbbbb"]
    assert [row["row"] for row in result.cleaned["stands"]] == ["bbbbbbbb"]
    assert result.evaluation.values["total"] == 200


def test_rows_without_a_good_identifier_are_given_the_same_one_each_time():
    rows = [{"metres": 1}, {"row": "r0000000", "metres": 2}, {"row": "UPPER!", "metres": 3}]
    first = validate(FAIR, {"habitant": "yes", "stands": rows}).cleaned["stands"]
    assert [row["row"] for row in first] == ["r0000001", "r0000000", "r0000002"]
    assert validate(FAIR, {"habitant": "yes", "stands": first}).typed["stands"] != []


def test_a_calculation_is_never_taken_from_outside():
    result = validate(FAIR, {"habitant": "yes", "stands": ROWS, "total": 1})
    assert [error.field for error in result.errors] == ["total"]
    assert result.cleaned["total"] == 500


def test_nobody_is_refused_for_a_question_not_answered_yet():
    rule = {"id": "loin", "when": when("ville", "not_equals", "ici"), "message": "Ici seulement"}
    definition = form(ask("ville"), ineligible=[rule])
    page = definition.pages[0]
    assert validate(definition, {}, page=page).valid
    assert [each.id for each in validate(definition, {"ville": "loin"}, page=page).refusals] == ["loin"]
    assert not validate(definition, {"ville": "loin"}).valid
    assert [each.id for each in refusals(FAIR, evaluate(FAIR, {"habitant": "no"}))] == ["loin"]


FORMULAS = [
    ("a lazy choice needs only its branch", "a > 1 ? 5 : b", {"a": 2}, 5, False),
    ("an answer is missing", "a + b", {"a": 2}, None, False),
    ("an answer asked after", "has(answers.b) ? answers.b : 0", {}, 0, False),
    ("a division by zero", "a / 0", {"a": 2}, None, True),
    ("two kinds mixed", "a + 'x'", {"a": 2}, None, True),
    ("no row at all", "sum(a.map(x, x.n))", {"a": []}, 0, False),
    ("a row without this answer", "sum(a.map(x, x.n))", {"a": [{"row": "r"}]}, None, False),
    ("too long a walk", "a.map(x, a.map(y, y)).size()", {"a": list(range(500))}, None, True),
]


@pytest.mark.parametrize(("what", "source", "given", "value", "fails"), FORMULAS, ids=[each[0] for each in FORMULAS])
def test_a_formula_with(what, source, given, value, fails):
    found = formula(source).compute(given, Budget())
    assert (found.value, bool(found.failure)) == (value, fails)


def test_formulas_share_what_they_may_read_so_that_rows_cannot_stop_the_server():
    budget = Budget(work=1000)
    wide = {"a": list(range(100))}
    outcomes = [formula("size(a)").compute(wide, budget) for _each in range(3)]
    assert [each.value for each in outcomes] == [100, None, None]
    assert "trop de réponses" in outcomes[1].failure


RESULTS = [
    ("integer", "10 / 4", 2), ("integer", "2.5", None), ("integer", "4.0", 4), ("integer", "'x'", None),
    ("decimal", "0.1 + 0.2", 0.3), ("amount", "150 * 3", 450), ("text", "'a' + 'b'", "ab"), ("yes_no", "1 > 2", False),
    ("yes_no", "1", None), ("date", "timestamp('2027-06-12T10:00:00Z')", "2027-06-12"), ("date", "'demain'", None),
]  # fmt: skip


@pytest.mark.parametrize(("result", "source", "value"), RESULTS)
def test_a_result_is_of_the_kind_announced_or_is_said_not_to_be(result, source, value):
    known = evaluate(form(computed("c", source, result)), {})
    assert known.values.get("c") == value
    assert ("c" in known.failures) is (value is None)


def test_a_price_that_cannot_be_computed_is_not_free():
    definition = form(computed("c", "1 / 0", "amount"), price={"rules": [{"label": "Tarif", "amount_from": "c"}]})
    assert quote(definition, evaluate(definition, {})).unknown == ("c",)
    assert [error.field for error in validate(definition, {}).errors] == ["c"]


def test_a_draft_keeps_what_is_hidden_for_now_in_a_row_too():
    before = validate(FAIR, {"habitant": "yes", "stands": ROWS[:1]}).typed
    changed = validate(FAIR, {"habitant": "yes", "stands": [{"row": "aaaaaaaa", "metres": 3, "camion": "no"}]})
    after = kept(FAIR, before, changed)
    assert after["stands"] == [{"row": "aaaaaaaa", "metres": 3, "camion": False, "plaque": "AB-123-CD"}]
    assert validate(FAIR, after).cleaned["stands"] == [{"row": "aaaaaaaa", "metres": 3, "camion": False, "prix": 300}]


def test_a_file_of_a_row_is_under_its_address():
    definition = form(ask("enfants", "repeated", fields=[ask("prenom"), ask("photo", "file", required=True)]))
    rows = {"enfants": [{"row": "aaaaaaaa", "prenom": "Lou"}]}
    assert [error.field for error in validate(definition, rows).errors] == ["enfants.aaaaaaaa.photo"]
    assert validate(definition, rows, documents={"enfants.aaaaaaaa.photo": [object()]}).valid


def test_what_a_page_shows_follows_what_is_shown_before_it():
    definition = form(
        ask("a", "yes_no"),
        ask("b", "yes_no", visible_when=when("a", "equals", True)),
        ask("c", visible_when=when("b", "equals", True)),
    )
    known = evaluate(definition, {"a": False, "b": True, "c": "x"})
    assert [[each.id for each in fields] for _section, fields in visible_sections(definition.pages[0], known)] == [
        ["a"]
    ]


def test_rows_are_read_from_a_posted_page_in_their_order_the_empty_ones_too():
    posted = QueryDict(
        "habitant=yes&stands.rows=bbbbbbbb&stands.rows=aaaaaaaa&stands.rows=bbbbbbbb&stands.aaaaaaaa.metres=3"
        "&stands.zzzzzzzz.metres=9&stands.aaaaaaaa.prix=1&total=1"
    )
    read = answers_of(FAIR.pages[0], posted)
    assert [(row["row"], row["metres"]) for row in read["stands"]] == [("bbbbbbbb", None), ("aaaaaaaa", "3")]
    assert "total" not in read
    assert validate(FAIR, read).cleaned["total"] == 300
