"""Search: the words people use, badly typed or not, find what the town offers."""

import pytest

from etoile.gru.forms.texts import distance, plain
from etoile.gru.portal.search import Index, usual_synonyms, words_of

ENTRIES = [
    ("acte", [("Demander un acte de naissance", 8), ("filiation", 5)]),
    ("salle", [("Réserver une salle municipale", 8), ("salle des fêtes", 5)]),
    ("rue", [("Signaler un problème sur la voie publique", 8), ("nid-de-poule", 5), ("éclairage", 5)]),
    ("papiers", [("Carte d’identité et passeport", 8)]),
    ("cantine", [("Inscrire un enfant au périscolaire", 8), ("Restauration scolaire", 2)]),
]
INDEX = Index(ENTRIES, usual_synonyms())


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("naissance", "acte"),
        ("NAISSANCES", "acte"),
        ("naiss", "acte"),
        ("naisance", "acte"),
        ("niassance", "acte"),
        ("eclairage", "rue"),
        ("nid de poule", "rue"),
        ("lampadaire", "rue"),
        ("réverbère cassé", "rue"),
        ("salle des fetes", "salle"),
        ("sale des fêtes", "salle"),
        ("louer une salle polyvalente", "salle"),
        ("carte d'identite", "papiers"),
        ("carte d’identité", "papiers"),
        ("CNI", "papiers"),
        ("je voudrais refaire mon passport", "papiers"),
        ("garderie", "cantine"),
        ("periscolaire", "cantine"),
        ("la cantine de ma fille", "cantine"),
        ("eperiscolaire", "cantine"),
    ],
)
def test_the_right_thing_comes_first(asked, first):
    assert INDEX.find(asked).entries[0] == first


def test_a_typing_error_is_said_as_it_was_read():
    assert INDEX.find("naisance").corrected == (("naisance", "naissance"),)
    assert INDEX.find("naissance").corrected == ()
    assert INDEX.find("malle").entries == [], "a short word that begins otherwise is another word"


def test_when_not_every_word_is_found_the_nearest_are_given_and_said_so():
    found = INDEX.find("naissance xylophone")
    assert found.entries == ["acte"] and found.partial
    assert not INDEX.find("acte naissance").partial


@pytest.mark.parametrize("asked", ["", " ", "xylophone", "...", "d'", "zz", "\x00", "é" * 500, "a " * 300])
def test_what_means_nothing_finds_nothing_and_breaks_nothing(asked):
    assert INDEX.find(asked).entries == []


@pytest.mark.parametrize(
    ("one", "other", "away"),
    [("", "", 0), ("acte", "acte", 0), ("acte", "actes", 1), ("acte", "atce", 1), ("porte", "prote", 1), ("a", "b", 1)],
)
def test_the_distance_counts_slips_of_the_fingers(one, other, away):
    assert distance(one, other) == distance(other, one) == away


def test_accents_ligatures_and_plurals_do_not_count():
    assert plain("Œuvre d’Été : l’ÉCOLE !") == "oeuvre d ete l ecole"
    assert words_of("noces travaux") == ["noce", "travau"]


def test_an_expression_is_a_synonym_only_as_a_whole():
    index = Index([("carte", [("Carte de bibliothèque", 8)])], [["carte d'identité", "CNI"]])
    assert index.find("CNI").entries == []


def test_the_usual_synonyms_are_groups_of_several():
    assert all(len(group) > 1 and all(group) for group in usual_synonyms())
