"""From each type of field to what is drawn: names that the reading expects, values as people write them."""

import re

import pytest
from django.http import QueryDict

from etoile.design.templatetags.design import field as drawn
from etoile.gru.filling.questions import Question, unbroken, view
from etoile.gru.forms import periods
from etoile.gru.forms.definition import Field, Option
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.single_choice import OTHER
from etoile.gru.forms.texts import Text


def question(kind, value=None, *, error="", required=True, **more):
    options = (Option("a", Text("Un")), Option("b", Text("Deux"), Text("Le second"))) if TYPES[kind].has_options else ()
    each = Field(id="q", type=kind, label=Text("Question ?"), options=options, **more)
    return Question(each, required, value, error)


def controls(of, seen=()):
    """Every named control of a view, in order."""
    return (
        [of, *[c for part in of.parts for c in controls(part)]]
        if not of.parts
        else [c for p in of.parts for c in controls(p)]
    )


ANSWERED = {
    "text": "Fête",
    "long_text": "Deux\nlignes",
    "name": "L'Héritier",
    "email": "camille@exemple.fr",
    "phone": "+33241000000",
    "integer": 25,
    "amount": 1250,
    "date": "2027-06-12",
    "time_slot": {"date": "2027-06-12", "start": "14:00", "end": "18:30"},
    "yes_no": True,
    "consent": True,
    "single_choice": "b",
    "multiple_choice": ["a", "b"],
    "address": {"lines": "12 rue des Tilleuls", "postal_code": "49999", "city": "Valmont"},
    "place": {"text": "devant la mairie"},
    "siret": "73282932000074",
    "civility": "MADAME",
    "decimal": 1234.5,
    "iban": "BE68539007547034",
    "department": "2A",
    "case_link": "26-K7QM-3",
    "date_time": "2027-06-12T14:30",
    "period": {"start": "2027-06-12", "end": "2027-06-14"},
    "commune": {"name": "Ajaccio", "postal_code": "20000", "insee_code": "2A004"},
    "map_point": {"text": "", "latitude": 47.4736, "longitude": -0.5542},
    "family_member": {
        "given_names": "Alix", "family_name": "Martin", "birth_date": "2018-08-24", "relation": "child",
    },
    "signature": {"name": "Camille Martin", "agreed": True},
}  # fmt: skip


# Nobody answers these, so no control of theirs is wrong.
BY_SERVER = {"lookup", "quotient_familial"}


@pytest.mark.parametrize("kind", sorted(ANSWERED))
def test_what_a_page_shows_of_an_answer_is_read_back_as_the_same_answer(kind):
    asked = question(kind, ANSWERED[kind])
    posted = QueryDict(mutable=True)
    for control in controls(view(asked)):
        if control.options:
            posted.setlist(control.name, [option.value for option in control.options if option.checked])
        elif control.widget != "checkbox" or control.value:
            posted[control.name] = "on" if control.widget == "checkbox" else str(control.value)
    kind_of = TYPES[kind]
    assert kind_of.normalise(kind_of.read(posted, asked.field), asked.field) == ANSWERED[kind]


@pytest.mark.parametrize("kind", sorted(set(TYPES) - {"title", "explanation", *BY_SERVER}))
def test_every_question_has_a_label_and_an_error_that_is_tied_to_its_first_control(kind):
    html = drawn(view(question(kind, error="« Question » : à revoir.")))
    assert 'id="champ-q"' in html
    assert 'id="champ-q-erreur"' in html
    # What is no control of its own (a block, a result) is never said invalid.
    assert ('aria-invalid="true"' in html) is (kind not in {"repeated", "calculated"})
    assert "champ-q-erreur" in html.split("aria-describedby", 1)[1]
    assert ("<label" in html) or ("<legend" in html)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_no_two_controls_of_a_question_share_an_id(kind):
    identifiers = re.findall(r'\sid="([^"]+)"', drawn(view(question(kind, ANSWERED.get(kind)))))
    assert len(identifiers) == len(set(identifiers))


def test_a_date_that_does_not_exist_comes_back_as_it_was_typed():
    boxes = view(question("date", {"day": "31", "month": "2", "year": "2027"}, error="Non.")).parts
    assert [box.value for box in boxes] == ["31", "2", "2027"]


def test_the_birthday_of_the_person_only_carries_the_tokens_of_their_browser():
    own = view(question("date", autocomplete="bday")).parts
    child = view(question("date")).parts
    assert [box.autocomplete for box in own] == ["bday-day", "bday-month", "bday-year"]
    assert [box.autocomplete for box in child] == ["", "", ""]


@pytest.mark.parametrize(("kind", "value"), [("single_choice", "un avis"), ("multiple_choice", ["a", "un avis"])])
def test_words_of_the_person_s_own_come_back_in_the_box_beside_other(kind, value):
    asked = question(kind, value, settings={"other": True})
    drawn_view = view(asked)
    assert [option.value for option in drawn_view.options if option.checked][-1] == OTHER
    posted = QueryDict(mutable=True)
    posted.setlist("q", [option.value for option in drawn_view.options if option.checked])
    posted["q.other"] = drawn_view.parts[0].value
    assert TYPES[kind].normalise(TYPES[kind].read(posted, asked.field), asked.field) == value


def test_a_long_list_is_a_list_when_the_procedure_says_so():
    assert view(question("single_choice", settings={"display": "list"})).widget == "select"


def test_what_files_are_taken_is_said_once():
    said = view(question("file", hint=Text("PDF seulement, 5 Mo au plus."))).hint
    silent = view(question("file")).hint
    assert said == "PDF seulement, 5 Mo au plus."
    assert "PDF" in silent and "10 Mo" in silent


def test_a_line_does_not_end_before_a_question_mark():
    assert unbroken("Où est-ce ?") == "Où est-ce\u00a0?"
    assert unbroken("Where is it?") == "Where is it?"


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        ("P2M", "2 mois"),
        ("P1Y", "1 an"),
        ("P1Y6M", "1 an 6 mois"),
        ("P3W", "3 semaines"),
        ("P10D", "10 jours"),
        ("", ""),
    ],
)
def test_durations_are_said_in_words(duration, words):
    assert periods.words(duration) == words


@pytest.mark.parametrize("strange", ["", "P", "deux mois", "PT5H"])
def test_what_is_no_duration_is_shown_as_it_is(strange):
    assert periods.words(strange) == strange
