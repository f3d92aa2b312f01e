"""Tables of good and bad answers, per type: what is kept, and what an error tells."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from etoile.gru.forms.definition import Field, Option
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.texts import Text

TODAY = timezone.localdate()
OPTIONS = (Option("a", Text("Premier", "First")), Option("b", Text("Second", "Second")), Option("c", Text("Troisième")))
LABEL = Text("Votre réponse", "Your answer")


def field(kind: str, required: bool = False, **settings: Any) -> Field:
    options = OPTIONS if TYPES[kind].has_options else ()
    return Field(id="champ", type=kind, label=LABEL, required=required, options=options, settings=settings)


def answer(kind: str, raw: Any, **settings: Any) -> tuple[Any, str | None]:
    each = field(kind, **settings)
    value = TYPES[kind].normalise(raw, each)
    return value, None if value is None else TYPES[kind].check(value, each)


GOOD: list[tuple[str, Any, Any]] = [
    ("text", "  Fête   du  quartier ", "Fête du quartier"),
    ("text", "a\x00b\x07\u202ec", "abc"),
    ("text", "   ", None),
    ("text", ["liste"], None),
    ("long_text", "un\r\ndeux  \r\n\r\n", "un\ndeux"),
    ("civility", "MADAME", "MADAME"),
    ("name", "L’Héritier-Dubois", "L'Héritier-Dubois"),
    ("name", "d'Ornano", "d'Ornano"),
    ("name", "Nguyễn Văn", "Nguyễn Văn"),
    ("given_names", "Angela, Claire ,Louise", "Angela Claire Louise"),
    ("email", " Camille.MARTIN@Exemple.FR ", "Camille.MARTIN@exemple.fr"),
    ("email", "a+b@sous.domaine.exemple.museum", "a+b@sous.domaine.exemple.museum"),
    ("phone", "06 39 98 01 23", "+33639980123"),
    ("phone", "+33 (0)6.39.98.01.23", "+33639980123"),
    ("phone", "0690 12 34 56", "+590690123456"),
    ("phone", "+32 470 12 34 56", "+32470123456"),
    (
        "address",
        {"lines": "12 rue des Tilleuls\r\n\r\nBât. B", "postal_code": "49 999", "city": " Valmont "},
        {"lines": "12 rue des Tilleuls\nBât. B", "postal_code": "49999", "city": "Valmont"},
    ),
    ("address", {"lines": "", "postal_code": "", "city": " "}, None),
    ("siret", "732 829 320 00074", "73282932000074"),
    ("siret", "35600000049837", "35600000049837"),
    ("integer", "1 250", 1250),
    ("integer", "1\u202f250", 1250),
    ("integer", "-3", -3),
    ("integer", 7, 7),
    ("amount", "12", 1200),
    ("amount", "12,5", 1250),
    ("amount", "1 234.56 €", 123456),
    ("amount", "0,05", 5),
    ("date", {"day": "24", "month": "8", "year": "1962"}, "1962-08-24"),
    ("date", "24/08/1962", "1962-08-24"),
    ("date", "24 8 1962", "1962-08-24"),
    ("date", "1962-08-24", "1962-08-24"),
    ("date", {"day": "29", "month": "2", "year": "2024"}, "2024-02-29"),
    ("date", {"day": "", "month": "", "year": ""}, None),
    (
        "time_slot",
        {"date": {"day": "12", "month": "6", "year": "2027"}, "start": "14h", "end": "18:30:00"},
        {"date": "2027-06-12", "start": "14:00", "end": "18:30"},
    ),
    ("time_slot", {"date": None, "start": "", "end": ""}, None),
    ("yes_no", "yes", True),
    ("yes_no", "no", False),
    ("yes_no", False, False),
    ("consent", "on", True),
    ("consent", "no", None),
    ("declaration", True, True),
    ("single_choice", "b", "b"),
    ("multiple_choice", ["c", "a", "a"], ["a", "c"]),
    ("multiple_choice", "b", ["b"]),
    ("multiple_choice", [], None),
    ("place", "devant le 12", {"text": "devant le 12"}),
    (
        "place",
        {"text": "ici", "latitude": "47,3", "longitude": "-0.55"},
        {"text": "ici", "latitude": 47.3, "longitude": -0.55},
    ),
    ("file", [], None),
    ("title", "x", None),
    ("explanation", "x", None),
]


@pytest.mark.parametrize(("kind", "raw", "kept"), GOOD)
def test_a_good_answer_is_kept_in_one_form(kind, raw, kept):
    assert answer(kind, raw) == (kept, None)


BAD: list[tuple[str, Any, dict[str, Any]]] = [
    ("text", "x" * 201, {}),
    ("text", "xx", {"min_length": 3}),
    ("long_text", "x" * 2001, {}),
    ("civility", "DOCTEUR", {}),
    ("name", "Martin<script>", {}),
    ("name", "R2D2", {}),
    ("name", "-", {}),
    ("name", "x" * 101, {}),
    ("given_names", "1", {}),
    ("email", "camille", {}),
    ("email", "camille@exemple", {}),
    ("email", "camille@@exemple.fr", {}),
    ("email", "camille martin@exemple.fr", {}),
    ("email", "camille..martin@exemple.fr", {}),
    ("email", "a" * 65 + "@exemple.fr", {}),
    ("email", "camille@exemple.fr\nBcc: x@y.fr", {}),
    ("phone", "12345", {}),
    ("phone", "00 00 00 00 00", {}),
    ("phone", "téléphone", {}),
    ("address", {"lines": "", "postal_code": "49999", "city": "Valmont"}, {}),
    ("address", {"lines": "12 rue", "postal_code": "4999", "city": "Valmont"}, {}),
    ("address", {"lines": "12 rue", "postal_code": "00123", "city": "Valmont"}, {}),
    ("address", {"lines": "12 rue", "postal_code": "49999", "city": ""}, {}),
    ("address", "12 rue des Tilleuls 49999 Valmont", {}),
    ("siret", "73282932000075", {}),
    ("siret", "7328293200007", {}),
    ("integer", "douze", {}),
    ("integer", "1,5", {}),
    ("integer", "0", {"minimum": 1}),
    ("integer", "11", {"minimum": 1, "maximum": 10}),
    ("integer", "9" * 16, {}),
    ("integer", 10**400, {}),
    ("amount", "12,555", {}),
    ("amount", "1e3", {}),
    ("amount", "-1", {"minimum": 0}),
    ("date", {"day": "31", "month": "2", "year": "2024"}, {}),
    ("date", {"day": "", "month": "2", "year": "2024"}, {}),
    ("date", {"day": "1", "month": "1", "year": "24"}, {}),
    ("date", "hier", {}),
    ("date", "0999-01-01", {}),
    ("date", "2999-01-01", {"when": "past"}),
    ("date", "1999-01-01", {"when": "future"}),
    ("date", (TODAY + timedelta(days=2)).isoformat(), {"min_days": 15}),
    ("date", (TODAY + timedelta(days=60)).isoformat(), {"max_days": 30}),
    ("time_slot", {"date": "2027-06-12", "start": "18:00", "end": "14:00"}, {}),
    ("time_slot", {"date": "2027-06-12", "start": "14:00", "end": "14:00"}, {}),
    ("time_slot", {"date": "2027-06-12", "start": "25:00", "end": "26:00"}, {}),
    ("time_slot", {"date": "", "start": "14:00", "end": "15:00"}, {}),
    ("time_slot", {"date": "2027-06-12", "start": "14:00", "end": ""}, {}),
    ("yes_no", "peut-être", {}),
    ("consent", "oui peut-être", {}),
    ("single_choice", "z", {}),
    ("multiple_choice", ["a", "z"], {}),
    ("multiple_choice", ["a"], {"minimum": 2}),
    ("multiple_choice", ["a", "b", "c"], {"maximum": 2}),
    ("place", {"text": "", "latitude": "47", "longitude": "0"}, {}),
    ("place", {"text": "ici", "latitude": "91", "longitude": "0"}, {}),
    ("place", {"text": "ici", "latitude": "47", "longitude": ""}, {}),
    ("place", {"text": "ici", "latitude": float("nan"), "longitude": 0.0}, {}),
    ("place", "x" * 301, {}),
    ("file", ["un", "deux"], {"max_count": 1}),
]


@pytest.mark.parametrize(("kind", "raw", "settings"), BAD)
def test_a_bad_answer_is_told_with_its_field_the_format_and_an_example(kind, raw, settings):
    each = field(kind, **settings)
    value, error = answer(kind, raw, **settings)
    assert value is not None
    assert error is not None
    assert "Votre réponse" in error
    assert TYPES[kind].shown_example(each) in error
    assert "Format attendu" in error


ASKED = [name for name, kind in TYPES.items() if kind.answered]


@pytest.mark.parametrize("kind", ASKED)
def test_every_type_has_a_format_and_an_example_to_tell(kind):
    each = field(kind, required=True)
    missing = TYPES[kind].missing(each)
    assert "Votre réponse" in missing
    assert TYPES[kind].expected(each)
    assert TYPES[kind].shown_example(each) in missing


@pytest.mark.parametrize(
    "kind", [name for name in ASKED if name not in ("file", "consent", "declaration", "multiple_choice")]
)
def test_the_example_of_a_type_is_a_good_answer(kind):
    given = TYPES[kind].shown_example(field(kind))
    raw: Any = {
        "address": {"lines": "12 rue des Tilleuls", "postal_code": "49999", "city": "Valmont-sur-Loire"},
        "time_slot": {"date": "12 06 2027", "start": "14:00", "end": "18:30"},
        "single_choice": "a",
        "civility": "MADAME",
    }.get(kind, given)
    assert answer(kind, raw)[1] is None


SLOT = {"date": "2027-06-12", "start": "14:00", "end": "18:30"}
ADDRESS = {"lines": "12 rue\nBât. B", "postal_code": "49999", "city": "Valmont"}
HERE = {"text": "ici", "latitude": 47.3, "longitude": -0.55}
SUMMARIES = [
    ("amount", 123456, "1\u202f234,56\u00a0€", "1\u202f234,56\u00a0€"),
    ("date", "1962-08-24", "24 août 1962", "24 August 1962"),
    ("yes_no", False, "Non", "No"),
    ("civility", "MADAME", "Madame", "Ms"),
    ("single_choice", "a", "Premier", "First"),
    ("multiple_choice", ["a", "c"], "Premier\nTroisième", "First\nTroisième"),
    ("phone", "+33639980123", "06 39 98 01 23", "06 39 98 01 23"),
    ("phone", "+32470123456", "+32 470 12 34 56", "+32 470 12 34 56"),
    ("time_slot", SLOT, "12 juin 2027, de 14:00 à 18:30", "12 June 2027, from 14:00 to 18:30"),
    ("address", ADDRESS, "12 rue\nBât. B\n49999 Valmont", "12 rue\nBât. B\n49999 Valmont"),
    ("place", HERE, "ici\n47.30000, -0.55000", "ici\n47.30000, -0.55000"),
    ("integer", 12, "12", "12"),
    ("text", None, "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "french", "english"), SUMMARIES)
def test_an_answer_is_read_in_both_languages(kind, value, french, english):
    with override("fr"):
        assert TYPES[kind].summary(value, field(kind)) == french
    with override("en"):
        assert TYPES[kind].summary(value, field(kind)) == english


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


@pytest.mark.parametrize("kind", [name for name in ASKED if name != "file"])
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
