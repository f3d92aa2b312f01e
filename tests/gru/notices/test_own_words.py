import pytest
from django.utils import translation
from tests.gru.notices.test_mails import CONTEXT

from etoile.gru.notices import tags, wording

OWN = {
    "subject": {"fr": "Brocante {{ reference }}\nBcc: tous", "en": "Fair {{reference}}"},
    "body": {"fr": "Bonjour du {{ service }}.\n\nAvant le {{ deadline }}."},
}


def test_a_procedure_says_a_notice_in_its_own_words_and_the_facts_stay():
    with translation.override("fr"):
        said = wording.say("document_asked", {**CONTEXT, "words": OWN})
        usual = wording.say("document_asked", CONTEXT)
    assert said.subject == "Brocante 26-K7QM-3 Bcc: tous"
    assert said.paragraphs == ("Bonjour du Service famille.", "Avant le 24 décembre 2026.")
    assert (said.facts, said.closing, said.heading) == (usual.facts, usual.closing, usual.heading)
    with translation.override("en"):
        assert wording.say("document_asked", {**CONTEXT, "words": OWN}).subject == "Fair 26-K7QM-3"


def test_what_the_law_wants_said_in_a_receipt_is_never_replaced():
    usual = wording.say("registration_receipt", CONTEXT)
    said = wording.say("registration_receipt", {**CONTEXT, "words": OWN})
    assert said.paragraphs[: len(usual.paragraphs)] == usual.paragraphs
    assert len(said.paragraphs) == len(usual.paragraphs) + 2


@pytest.mark.parametrize(
    ("template", "words", "unknown"),
    [
        ("decision", "Bonjour {{ reference }}", []),
        ("decision", "Avant le {{deadline}}", ["deadline"]),
        ("document_asked", "Avant le {{deadline}}", []),
        ("decision", "{{ answers.allergie }} et {{ reference", ["answers.allergie", "{{"]),
        ("decision", "{{}}", [""]),
    ],
)
@pytest.mark.exigence("ASVS 1.3.7")
def test_a_tag_that_the_notice_does_not_have_is_told(template, words, unknown):
    assert tags.unknown_tags(template, words) == unknown


def test_every_notice_of_the_list_exists():
    assert set(tags.NOTICES) == set(tags.NAMES) <= set(wording.BUILDERS)
