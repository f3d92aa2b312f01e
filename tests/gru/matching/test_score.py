"""When two persons look like the same one, and what is said of it."""

import pytest

from etoile.gru.matching import sentences
from etoile.gru.matching.rules import RulesError, parse, usual
from etoile.gru.matching.score import Value, blocks, score

CAMILLE = {
    "family_name": "Martin",
    "given_names": "Camille",
    "birth_date": "1984-05-07",
    "email": "camille@exemple.fr",
    "phone": "+33639980123",
    "address": {"lines": ["12 bd St-Michel"], "postal_code": "49999", "city": "Valmont"},
}


def known(level=100, **values):
    return {key: Value(value, level) for key, value in values.items()}


def of(**changes):
    return {key: value for key, value in {**CAMILLE, **changes}.items() if value is not None}


ONLY = {"birth_date": None, "email": None, "phone": None, "address": None}
CASES = [
    ("all the same", {}, {}, True),
    ("written otherwise", {"birth_date": None}, {"birth_date": None, "family_name": "MARTIN ", "given_names": "camille",
     "phone": "06 39 98 01 23", "address": {"lines": "12, Boulevard Saint Michel", "postal_code": "49999"}}, True),
    ("names and birth", ONLY | {"birth_date": "1984-05-07"}, {}, True),
    ("names and birth, a letter apart", ONLY | {"birth_date": "1984-05-07"}, {"family_name": "Martain"}, True),
    ("names and birth, day and month swapped, nothing else", ONLY | {"birth_date": "1984-05-07"},
     ONLY | {"birth_date": "1984-07-05"}, False),
    ("names only: there are many", ONLY, {}, False),
    ("all the given names on one side", {"given_names": "Camille Anne Lou"}, {}, True),
    ("e-mail alone", dict.fromkeys(CAMILLE) | {"email": "a@b.fr"}, {"email": "a@b.fr"}, False),
    ("e-mail and telephone of a household", {"family_name": None, "address": None},
     {"given_names": "Sacha", "birth_date": "2015-01-02"}, False),
    ("twins", {"email": None}, {"given_names": "Dominique"}, False),
    ("parent and child of one name", {}, {"birth_date": "2014-11-23"}, False),
    ("married, under another name", {}, {"family_name": "Bernard", "address": None}, True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "suspected"), [line[1:] for line in CASES], ids=[line[0] for line in CASES]
)
def test_two_persons_are_suspected_when_who_they_are_and_something_more_agree(first, second, suspected):
    found = score(usual(), known(**of(**first)), known(**of(**second)))
    assert found.suspects(usual()) is suspected, found
    assert found == score(usual(), known(**of(**first)), known(**of(**second)))
    other_way = score(usual(), known(**of(**second)), known(**of(**first)))
    assert (other_way.points, other_way.suspects(usual())) == (found.points, suspected)


def test_a_difference_proved_on_both_sides_says_that_they_are_two():
    first, second = known(500, **CAMILLE), known(600, **of(family_name="Bernard"))
    assert not score(usual(), first, second).suspects(usual())
    assert score(usual(), first, known(400, **of(family_name="Bernard"))).suspects(usual())


def test_candidates_are_looked_for_by_values_written_in_one_way():
    first = blocks(usual(), known(**CAMILLE))
    second = blocks(usual(), known(**of(family_name="MÀRTIN", given_names="camille, Anne", phone="0639980123")))
    assert first == second
    assert not blocks(usual(), known(email="a@b.fr", phone="0639980123"))


def test_each_reason_is_a_sentence_with_its_points_and_what_weighs_most_comes_first():
    found = score(
        usual(), known(**CAMILLE), known(**of(family_name="MARTIN", given_names="Camile", phone="+33639980199"))
    )
    assert sentences.reasons(found) == [
        ("Date de naissance : même valeur des deux côtés (1984-05-07).", 35),
        ("Courriel : même valeur des deux côtés (camille@exemple.fr).", 25),
        ("Nom de famille : même valeur, écrite autrement (Martin ; MARTIN).", 25),
        ("Adresse : même valeur des deux côtés (12 bd St-Michel, 49999 Valmont).", 20),
        ("Prénoms : valeurs presque identiques (Camille ; Camile).", 12),
        ("Téléphone : valeurs différentes (+33639980123 ; +33639980199).", 0),
    ]
    assert found.points == 100


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"candidates": [["email"]]}, "jamais sur email seulement"),
        ({"candidates": [["phone", "email"]]}, "jamais sur phone, email seulement"),
        ({"identity": ["email"]}, "ne dit pas qui est une personne"),
        ({"suspect": "60"}, "suspect : un nombre entier"),
        ({"likely": 10}, "ne peut être plus bas"),
        ({"seuil": 3}, "seuil : cette clé n’existe pas"),
        ({"attributes": {"email": {"as": "magie"}}}, "« as » est l’un de"),
        ({"candidates": []}, "au moins une ligne"),
    ],
)
def test_rules_that_are_wrong_are_refused_with_the_place_and_the_reason(change, said):
    right = {
        "suspect": 60, "likely": 90, "decisive": 500, "identity": ["siret"], "candidates": [["siret"]],
        "attributes": {"siret": {"as": "digits", "exact": 60}, "email": {"as": "words"}, "phone": {"as": "phone"}},
    }  # fmt: skip
    parse(right)
    with pytest.raises(RulesError, match=said):
        parse({**right, **change})
