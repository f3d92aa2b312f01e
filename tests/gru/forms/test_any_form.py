"""Whatever the form: conditions give what a plain reading gives, and calculations do not depend on the pages."""

import itertools
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.expressions.test_condition_trees import plainly

from etoile.gru.forms.definition import DefinitionError
from etoile.gru.forms.evaluation import evaluate
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.lookup import Lookup
from etoile.gru.forms.parsing import parse
from etoile.gru.forms.reading import answers_of
from etoile.gru.forms.validation import validate


def pages(fields: list[dict[str, Any]], cuts: list[int]) -> list[dict[str, Any]]:
    """The fields in their order, a new page at each cut."""
    bounds = [0, *sorted(set(cuts)), len(fields)]
    parts = [fields[start:end] for start, end in itertools.pairwise(bounds)]
    return [
        {"id": f"p{number}", "title": "P", "sections": [{"id": f"s{number}", "fields": part}]}
        for number, part in enumerate(parts)
    ]


def procedure(fields: list[dict[str, Any]], cuts: list[int] | None = None) -> Any:
    return parse({"slug": "essai", "title": "E", "pages": pages(fields, cuts or [])})


@st.composite
def trees(draw: st.DrawFn, before: int, depth: int = 3) -> dict[str, Any]:
    group = draw(st.sampled_from(["leaf", "leaf", "all", "any", "not"])) if depth else "leaf"
    if group != "leaf":
        return {group: draw(st.lists(trees(before, depth - 1), min_size=1, max_size=3))}
    field = f"f{draw(st.integers(0, before - 1))}"
    op = draw(st.sampled_from(["equals", "not_equals", "gt", "lte", "filled", "empty"]))
    return {"field": field, "op": op} | ({} if op in ("filled", "empty") else {"value": draw(st.integers(0, 3))})


@st.composite
def forms(draw: st.DrawFn) -> list[dict[str, Any]]:
    count = draw(st.integers(2, 8))
    fields = []
    for number in range(count):
        conditions = {
            key: draw(trees(number)) for key in ("visible_when", "required_when") if number and draw(st.booleans())
        }
        fields.append({"id": f"f{number}", "type": "integer", "label": "F", **conditions})
    return fields


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_what_is_shown_and_required_is_what_a_plain_reading_gives(data):
    fields = data.draw(forms())
    answers = data.draw(st.dictionaries(st.sampled_from([each["id"] for each in fields]), st.integers(0, 3)))
    seen: dict[str, Any] = {}
    shown, lacking = set(), []
    for each in fields:
        if "visible_when" in each and not plainly(each["visible_when"], seen):
            continue
        shown.add(each["id"])
        if each["id"] in answers:
            seen[each["id"]] = answers[each["id"]]
        elif "required_when" in each and plainly(each["required_when"], seen):
            lacking.append(each["id"])
    result = validate(procedure(fields, data.draw(st.lists(st.integers(1, len(fields) - 1), max_size=3))), answers)
    assert (result.visible, result.cleaned) == (shown, seen)
    assert [error.field for error in result.errors] == lacking


def of_every_type() -> Any:
    """One question of each type that needs no more than options or the settings below, alone and in a block."""
    more = {"formatted": {"pattern": "[A-Z]{2}", "example": "AB", "words": "deux lettres"}, "reference": {"table": "t"}}
    options = [{"value": each, "label": each} for each in "xy"]
    fields = []
    for name, kind in sorted(TYPES.items()):
        choices = {"options": options} if kind.has_options else {}
        field = {"id": name, "type": name, "label": name, "settings": more.get(name, {}), **choices}
        try:
            procedure([field])
        except DefinitionError:
            continue
        fields.append(field)
    alone = [each for each in fields if not TYPES[each["type"]].has_fields]
    inside = [{**each, "id": f"r_{each['id']}"} for each in alone if not isinstance(TYPES[each["type"]], Lookup)]
    return procedure([*alone, {"id": "rows", "type": "repeated", "label": "R", "fields": inside}])


EVERY_TYPE = of_every_type()
PIECES = [
    "",
    "0",
    "1",
    "x",
    "2027-06-12",
    "12:00",
    "FR",
    "é",
    "\x00",
    "+33612345678",
    "49000",
    "12,5",
    10**400,
    "9" * 400,
]
NAMES = ["lines", "postal_code", "city", "day", "month", "year", "date", "start", "end", "key", "label", "state", "row"]
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from(PIECES)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([each.id for each in EVERY_TYPE.every_field()]), ANYTHING)
def test_whatever_a_program_sends_is_judged_and_breaks_nothing(name, value):
    sent = {"rows": [{name: value}, value]} if name.startswith("r_") else {name: value}
    result = validate(EVERY_TYPE, sent)
    for typed, kept in result.typed.items():
        each = EVERY_TYPE.field(typed)
        assert isinstance(TYPES[each.type].summary(kept, each), str)
    assert set(result.cleaned) <= set(result.typed) | {"calculated"}


@st.composite
def calculations(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Questions, a block, and formulas that read any of what is before them, formulas included."""
    row = {"id": "n", "type": "integer", "label": "N"}
    fields: list[dict[str, Any]] = [
        {"id": "a", "type": "integer", "label": "A"},
        {"id": "b", "type": "integer", "label": "B"},
        {"id": "rows", "type": "repeated", "label": "R", "fields": [row]},
    ]
    readable = ["a", "b", "sum(rows.map(r, r.n))", "size(rows)", "(has(answers.b) ? answers.b : 7)"]
    for number in range(draw(st.integers(1, 5))):
        read = draw(st.lists(st.sampled_from(readable), min_size=1, max_size=3))
        source = draw(st.sampled_from([" + ", " * ", " - "])).join(read)
        settings = {"formula": source, "result": "integer"}
        fields.append({"id": f"c{number}", "type": "calculated", "label": "C", "settings": settings})
        readable.append(f"c{number}")
    return fields


def reads(each: dict[str, Any], others: list[dict[str, Any]]) -> set[str]:
    source = each.get("settings", {}).get("formula", "")
    return {other["id"] for other in others if other["id"] in source.replace("answers.b", "b").replace("r.n", "")}


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_calculated_values_are_the_same_in_any_order_of_the_pages(data):
    fields = data.draw(calculations())
    given_rows = [{"n": n} for n in data.draw(st.lists(st.integers(1, 5), max_size=3))]
    answers = data.draw(st.dictionaries(st.sampled_from(["a", "b"]), st.integers(-5, 5))) | {"rows": given_rows}
    expected = evaluate(procedure(fields), answers)
    waiting, placed = data.draw(st.permutations(fields)), []
    while waiting:
        ready = next(each for each in waiting if not reads(each, [other for other in waiting if other is not each]))
        placed.append(ready)
        waiting = [each for each in waiting if each is not ready]
    found = evaluate(procedure(placed, data.draw(st.lists(st.integers(1, len(fields) - 1), max_size=4))), answers)
    assert (found.values, found.failures) == (expected.values, expected.failures)


ON_SCREEN = procedure(
    [
        {"id": "a", "type": "text", "label": "A", "required": True},
        {"id": "n", "type": "integer", "label": "N", "settings": {"minimum": 2}},
        {"id": "o", "type": "yes_no", "label": "O", "visible_when": {"field": "n", "op": "gte", "value": 3}},
        {"id": "d", "type": "date", "label": "D", "required_when": {"field": "o", "op": "equals", "value": True}},
        {
            "id": "m",
            "type": "multiple_choice",
            "label": "M",
            "options": [{"value": each, "label": each} for each in "xy"],
        },
        {
            "id": "rows",
            "type": "repeated",
            "label": "R",
            "settings": {"minimum": 1, "maximum": 2},
            "fields": [
                {"id": "t", "type": "amount", "label": "T", "required": True},
                {"id": "j", "type": "date", "label": "J", "visible_when": {"field": "t", "op": "gt", "value": 500}},
                {"id": "due", "type": "calculated", "label": "U", "settings": {"formula": "t * 2", "result": "amount"}},
            ],
        },
    ]
)
WORDS = st.sampled_from(["", " ", "x", "yes", "non", "2", "3", "12,50", "2027-06-12", "12 juin 2027", "é"])
DAYS = st.fixed_dictionaries({name: st.sampled_from(["", "2", "12", "2027"]) for name in ("day", "month", "year")})
LINES = st.lists(st.fixed_dictionaries({"t": WORDS, "j": DAYS}), max_size=3)
TYPED = st.fixed_dictionaries(
    {"a": WORDS, "n": WORDS, "o": WORDS, "d": DAYS, "m": st.lists(WORDS, max_size=2), "rows": LINES}
)


def posted(name: str, value: Any) -> list[tuple[str, str]]:
    """The controls of a page that hold this."""
    if isinstance(value, dict):
        return [control for part, inner in value.items() for control in posted(f"{name}.{part}", inner)]
    return [(name, each) for each in value] if isinstance(value, list) else [(name, value)]


@settings(max_examples=150, deadline=None)
@given(TYPED)
def test_a_program_and_a_screen_are_judged_the_same_with_the_same_words(typed):
    rows = [{"row": f"row{number:05d}", **row} for number, row in enumerate(typed["rows"])]
    controls = [control for name in "anodm" for control in posted(name, typed[name])]
    for row in rows:
        controls += [("rows.rows", row["row"])]
        controls += [each for name in "tj" for each in posted(f"rows.{row['row']}.{name}", row[name])]
    by_screen = validate(ON_SCREEN, answers_of(ON_SCREEN.pages[0], QueryDict(urlencode(controls))))
    by_program = validate(ON_SCREEN, {**typed, "rows": rows})
    assert (by_screen.errors, by_screen.cleaned) == (by_program.errors, by_program.cleaned)
    # What is kept is judged the same again: a draft that is opened later says nothing else.
    assert validate(ON_SCREEN, by_screen.typed).errors == by_screen.errors
