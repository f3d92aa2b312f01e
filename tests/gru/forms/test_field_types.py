"""One table a type (`tables`): what is kept of an answer, what is refused and in which words, what is shown."""

from typing import Any

import pytest
from django.http import QueryDict
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from tests.gru.forms import tables, tables_of_time

from etoile.gru.forms.definition import Field, Option
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.families import FAMILIES
from etoile.gru.forms.texts import Text

TABLES = (
    tables.TEXTS
    | tables.CONTACTS
    | tables.ORGANISATIONS
    | tables.NUMBERS
    | tables_of_time.DATES
    | tables_of_time.CHOICES
)
OPTIONS = (Option("a", Text("Premier", "First")), Option("b", Text("Second", "Second")), Option("c", Text("Troisième")))
LABEL = Text("Votre réponse", "Your answer")
# What a type cannot do without: the form that a designer gives.
NEEDED: dict[str, dict[str, Any]] = {
    "formatted": {"pattern": "[A-Z]{2}-[0-9]{3}", "example": "AB-123", "words": "AB-123", "capitals": True}
}


def field(kind: str, required: bool = False, **settings: Any) -> Field:
    options = OPTIONS if TYPES[kind].has_options else ()
    given = NEEDED.get(kind, {}) | settings
    return Field(id="champ", type=kind, label=LABEL, required=required, options=options, settings=given)


def answer(kind: str, raw: Any, **settings: Any) -> tuple[Any, str | None]:
    each = field(kind, **settings)
    value = TYPES[kind].normalise(raw, each)
    return value, None if value is None else TYPES[kind].check(value, each)


def refused(kind: str, raw: Any, words: str, settings: dict[str, Any]) -> bool:
    """Kept to be shown again, and told with the question, what is wrong, the format and an example."""
    value, error = answer(kind, raw, **settings)
    told = ("Votre réponse", words, TYPES[kind].shown_example(field(kind, **settings)), "Format attendu")
    return value is not None and error is not None and all(each in error for each in told)


def read(kind: str, value: Any, language: str) -> str:
    with override(language):
        return TYPES[kind].summary(value, field(kind))


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_a_type_does_what_its_table_says(kind):
    table = TABLES[kind]
    wrong: list[Any] = []
    for raw, kept, *more in table.good:
        found = answer(kind, raw, **(more[0] if more else {}))
        wrong += [] if found == (kept, None) else [(raw, found)]
    for raw, words, *more in table.bad:
        settings = more[0] if more else {}
        wrong += [] if refused(kind, raw, words, settings) else [(raw, answer(kind, raw, **settings))]
    for value, french, english in table.shown:
        found = read(kind, value, "fr"), read(kind, value, "en")
        wrong += [] if found == (french, english) else [(value, found)]
    assert wrong == []


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_type_is_named_and_of_a_family(kind):
    with override("fr"):
        assert str(TYPES[kind].label)
    assert TYPES[kind].family in FAMILIES


def test_a_document_shows_the_ends_of_an_account_and_characters_that_any_font_has():
    assert TYPES["iban"].plain("BE68539007547034", field("iban")) == "BE68 … 034"
    assert TYPES["amount"].plain(123456, field("amount")) == "1\u00a0234,56\u00a0€"


REFUSED_SETTINGS = [
    ("formatted", {"pattern": "(a)\\1"}, "pas une expression"),
    ("formatted", {"pattern": "[0-9]{3}", "example": "AB", "words": "x"}, "ne suit pas"),
    ("formatted", {"pattern": ""}, "est attendue"),
    ("decimal", {"places": 9}, "« places »"),
    ("decimal", {"minimum": 2, "maximum": 1}, "dépasse"),
    ("date", {"min_days": 3, "max_days": 1}, "dépasse"),
    ("single_choice", {"other": True, "display": "list"}, "« other »"),
    ("family_member", {"relations": ["cousin"]}, "« relations »"),
]


@pytest.mark.parametrize(("kind", "settings", "words"), REFUSED_SETTINGS)
def test_settings_that_cannot_work_are_told(kind, settings, words):
    options = OPTIONS if TYPES[kind].has_options else ()
    each = Field(id="champ", type=kind, label=LABEL, options=options, settings=settings)
    assert words in " ".join(TYPES[kind].problems(each))


ASKED = [name for name, kind in TYPES.items() if kind.answered]


@pytest.mark.parametrize("kind", ASKED)
def test_every_type_has_a_format_and_an_example_to_tell(kind):
    each = field(kind, required=True)
    missing = TYPES[kind].missing(each)
    assert "Votre réponse" in missing
    assert TYPES[kind].expected(each)
    assert TYPES[kind].shown_example(each) in missing


@pytest.mark.parametrize(
    "kind",
    [
        name
        for name in ASKED
        if not TYPES[name].holds_files and name not in ("consent", "declaration", "multiple_choice")
    ],
)
def test_the_example_of_a_type_is_a_good_answer(kind):
    given = TYPES[kind].shown_example(field(kind))
    raw: Any = {
        "address": {"lines": "12 rue des Tilleuls", "postal_code": "49999", "city": "Valmont-sur-Loire"},
        "commune": {"name": "Valmont", "postal_code": "49999"},
        "period": {"start": "12 06 2027", "end": "14 06 2027"},
        "signature": {"name": given, "agreed": True},
        "family_member": {
            "given_names": "Alix",
            "family_name": "Martin",
            "birth_date": "24 08 2018",
            "relation": "child",
        },
        "time_slot": {"date": "12 06 2027", "start": "14:00", "end": "18:30"},
        "single_choice": "a",
        "civility": "MADAME",
    }.get(kind, given)
    assert answer(kind, raw)[1] is None


def test_errors_are_told_in_english_too():
    with override("en"):
        _value, error = answer("email", "camille")
    assert (
        error == "“Your answer”: this e-mail address is not valid. Expected format: name@domain.fr."
        " Example: camille.martin@exemple.fr."
    )


def test_controls_of_a_page_are_read_by_their_names():
    data = QueryDict("champ.day=24&champ.month=8&champ.year=1962")
    assert TYPES["date"].read(data, field("date")) == {"day": "24", "month": "8", "year": "1962"}
    data = QueryDict("champ=a&champ=c")
    assert TYPES["multiple_choice"].read(data, field("multiple_choice")) == ["a", "c"]
    data = QueryDict("champ=a&champ=__other__&champ.other=un+avis")
    assert TYPES["multiple_choice"].read(data, field("multiple_choice")) == ["a", "un avis"]
    data = QueryDict("champ=__other__&champ.other=")
    assert TYPES["single_choice"].read(data, field("single_choice")) == "__other__"
    data = QueryDict("champ.start.day=1&champ.start.month=6&champ.start.year=2027&champ.end=2027-06-02")
    assert answer("period", TYPES["period"].read(data, field("period")))[0] == {
        "start": "2027-06-01",
        "end": "2027-06-02",
    }
    data = QueryDict("champ.date.day=12&champ.date.month=6&champ.date.year=2027&champ.start=14:00&champ.end=15:00")
    assert answer("time_slot", TYPES["time_slot"].read(data, field("time_slot"))) == (
        {"date": "2027-06-12", "start": "14:00", "end": "15:00"},
        None,
    )


PARTS = sorted({part for kind in TYPES.values() for part in kind.parts})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(PARTS), inner, max_size=4,
    ),
    max_leaves=6,
)  # fmt: skip


@pytest.mark.parametrize("kind", [name for name in ASKED if not TYPES[name].holds_files])
@given(raw=JSON)
def test_no_raw_answer_makes_a_type_fail(kind, raw):
    """Whatever is posted: None, or a value that is checked, and normalising it again changes nothing."""
    each = field(kind)
    value = TYPES[kind].normalise(raw, each)
    if value is None:
        return
    error = TYPES[kind].check(value, each)
    assert error is None or isinstance(error, str)
    assert isinstance(TYPES[kind].summary(value, each), str)
    if error is None:
        assert TYPES[kind].normalise(value, each) == value
