"""A person receives everything that is held about them: no table, no column is forgotten without a reason."""

import json

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone
from tests.gru.archive.conftest import CANARIES
from tests.gru.archive.test_removing import beside, holding
from tests.gru.conftest import text

from etoile.gru.accounts.models import PersonAccount
from etoile.gru.cases.models import Case
from etoile.gru.desk.models import Note
from etoile.gru.filling.models import Draft
from etoile.gru.people.models import Person
from etoile.gru.rights.holdings import export
from etoile.gru.rights.holdings.tables import EXCUSED, HELD
from etoile.gru.rights.holdings.words import COLUMNS
from etoile.gru.rights.subject import of_case

ROOTS = {Case, Person, Draft, PersonAccount}
# The same identifier under other names: a draft becomes a case, a document is held by one.
NAMES = {"case_id", "draft", "holder", "listed_case", "person_id"}


def refers(model, seen=()):
    """By keys, however far, by the identifier of a case or of a person, or by an e-mail address."""
    if model in ROOTS:
        return True
    for field in model._meta.concrete_fields:
        if field.name in NAMES or field.column in NAMES or isinstance(field, models.EmailField):
            return True
        below = field.related_model
        ours = below is not None and below.__module__.startswith("etoile.gru.") and below._meta.app_label != "access"
        if ours and below not in (model, *seen) and refers(below, (*seen, model)):
            return True
    return False


def test_every_table_that_names_a_person_is_given_or_excused_with_a_reason():
    ours = [each for each in apps.get_models() if each.__module__.startswith("etoile.gru.")]
    given = {each.name for each in HELD}
    assert given.isdisjoint(EXCUSED)
    known = given | set(EXCUSED)
    missing = {each._meta.label for each in ours if refers(each)} - known
    assert not missing, f"say in gru/rights/holdings what a person receives of {sorted(missing)}, or why nothing"
    assert known <= {each._meta.label for each in ours}


def test_every_column_of_a_table_that_is_given_has_its_words_or_its_reason():
    for held in HELD:
        columns = {each.name for each in held.model._meta.concrete_fields}
        told = [*held.given, *held.withheld]
        assert sorted(told) == sorted(columns), held.name
    assert {name for held in HELD for name in held.given} == set(COLUMNS)


@pytest.fixture
def full(archives):
    """Everything that the rooms keep of a case, with words of its person in each."""
    case = archives.ended()
    beside(case, archives.town)
    Note.objects.create(
        case=case, account=archives.town.agent, author_name="Nadia", body=CANARIES[1], written_at=case.submitted_at
    )
    return case


def test_each_table_of_the_database_that_holds_words_of_the_person_gives_them(full):
    known = {each.model._meta.db_table: each for each in HELD}
    tables = holding([*CANARIES, str(full.pk), str(full.person_id)])
    excused = {apps.get_model(each)._meta.db_table for each in EXCUSED}
    assert tables <= set(known) | excused
    given = json.dumps(export.document(of_case(full), seen=timezone.now()), ensure_ascii=False)
    assert all(canary in given for canary in CANARIES)
    said = export.document(of_case(full))["tables"]
    assert {known[name].name for name in tables & set(known)} <= set(said)
    assert said["desk.Note"]["ask_for"] == 1 and CANARIES[1] not in json.dumps(said["desk.Note"])
    assert full.tracking_key not in given


def test_the_page_gives_the_files_to_whoever_has_the_link_and_to_nobody_else(
    full, client, django_assert_max_num_queries
):
    mine = f"/suivi/{full.tracking_key}/mes-donnees/"
    with django_assert_max_num_queries(75):
        page = text(client.get(mine))
    assert "Vos échanges avec le service" in page
    told = client.get(f"{mine}tout.json").json()
    assert told["requests"] == [full.reference]
    assert told["tables"]["cases.Case"]["rows"][0]["answers"]["allergie"] == CANARIES[2]
    paper = client.get(f"{mine}tout.pdf")
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    assert client.get("/suivi/rien/mes-donnees/tout.json").status_code == 404
