"""A case is found by its words: reference, name, procedure, documents, answers that are not sensitive."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from tests.gru.cases.test_lists import PARIS
from tests.gru.conftest import make_town
from tests.gru.documents.samples import PDF

from etoile.gru.cases import actors, services
from etoile.gru.cases.lists.criteria import Criteria
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import CaseWords
from etoile.gru.cases.search import words
from etoile.gru.documents.services import store


def found(account, asked):
    return list(Criteria(words=asked).narrow(scope_of(account).cases(), me=(account.pk,), zone=PARIS))


@pytest.fixture
def case(town):
    return town.submit(
        applicant={"kind": "natural", "family_name": "Lefèvre-Dupont", "given_names": "Zoé", "email": "zoe@exemple.fr"},
        answers={"motif": "Mariage à l’œuvre, appeler au 02 41 99 00 12", "allergie": "arachide"},
    )


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("LEFEVRE", True),
        ("zoé dupont", True),
        ("lefèv mari", True),
        ("oeuvre", True),
        ("zoe@exemple.fr", True),
        ("demande d'acte", True),
        ("certificate", True),
        ("arachide", False),
        ("lefevre divorce", False),
        ("'; drop \\ & | !", False),
        ("d'l'", False),
        ("???", False),
        ("le", False),
        ("lef", True),
    ],
)
def test_words_are_found_by_their_beginnings_whatever_the_accents_and_never_what_is_sensitive(
    town, case, asked, is_found
):
    other = town.submit(answers={"motif": "Retraite", "allergie": "arachide"})
    assert (case in found(town.agent, asked)) is is_found
    if "demande" not in asked and "certificate" not in asked:
        assert other not in found(town.agent, asked)


def test_a_reference_is_found_whole_or_by_a_part_of_it(town, case):
    year, middle, _check = case.reference.split("-")
    for asked in (case.reference, case.reference.lower().replace("-", " "), f"{year}-{middle}", middle.lower()):
        assert found(town.agent, asked) == [case]


def test_a_number_is_found_however_it_is_spaced():
    kept = words.words_of(["+33 2 41 99 00 12"])
    for asked in ("02 41 99 00 12", "0241990012", "+33.2.41.99.00.12"):
        assert set(words.asked(asked)) <= kept
    assert len(words.words_of(str(number) for number in range(5000))) == words.MOST


def test_a_document_that_arrives_later_is_found_by_its_name(town, case):
    upload = SimpleUploadedFile("livret_de_famille.pdf", PDF, content_type="application/pdf")
    kept = store(town.authority, case.pk, upload, field="piece", accept=["pdf"], max_size=10**6)
    assert found(town.agent, "livret") == []
    services.provide_document(case.pk, [kept], actor=actors.person("Zoé"))
    assert found(town.agent, "livret") == found(town.agent, "livret lefevre") == [case]


def test_nobody_finds_what_they_may_not_see(town, case):
    stranger = make_town("21490998800012", "autre").agent
    assert found(stranger, "lefevre") == found(stranger, case.reference) == []


def test_cases_received_before_are_found_once_the_command_has_run_and_it_can_be_run_again(town, case, capsys):
    words_then = CaseWords.objects.count()
    CaseWords.objects.all().delete()
    assert found(town.agent, "lefevre") == []
    for _ in range(2):
        call_command("gru_search")
        assert found(town.agent, "lefevre mariage") == [case]
        assert found(town.agent, "arachide") == []
    assert CaseWords.objects.count() == words_then
    call_command("gru_search", after=str(case.pk))
    assert "Done: 0 cases" in capsys.readouterr().out
