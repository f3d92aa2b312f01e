"""What a program of the API is given of people: its contract, and nothing without one."""

from datetime import timedelta

import pytest
from tests.gru.api.calling import Caller, is_problem
from tests.gru.conftest import make_town
from tests.gru.contracts.making import contract

from etoile.gru.access.services import Refused
from etoile.gru.audit.models import Entry
from etoile.gru.cases.models import Case
from etoile.gru.contracts import services
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Level, Person

EMAIL = "camille.martin@example.org"


@pytest.fixture
def program(town):
    made = Caller(town, known=False)
    made.sign_in()
    return made


def read(program, case):
    found = program.get(f"cases/{case.pk}").json()
    return found["applicant"], found["applicant_withheld"]


def test_a_program_without_a_contract_is_given_nobody_and_told_why(town, program):
    case = town.submit(mandate={"on_behalf_of": "child", "name": "Lou Martin", "capacity": "parent"})
    answer = program.get(f"cases/{case.pk}")
    assert answer.json()["applicant"] is None
    assert "Aucun contrat de service" in answer.json()["applicant_withheld"]
    assert "Martin" not in answer.content.decode()
    for words in ("martin", "camille"):
        is_problem(program.get("cases", q=words), 403)
    assert len(program.get("cases", q=case.reference).json()["items"]) == 1
    assert program.get("contracts").json() == {"items": []}


def test_the_contract_says_which_values_and_how_sure_until_it_ends(town, program):
    case, today = town.submit(), town.authority.today()
    made = contract(town, program.client, read={"email": 200, "family_name": 100}, begins_on=today - timedelta(days=9))
    applicant, _why = read(program, case)
    assert set(applicant) == {"kind", "person", "family_name"}
    with scope.of_task("testing"):
        Attribute.objects.filter(person=case.person_id, key="email").update(level=Level.CHECKED_BY_CODE)
    assert read(program, case)[0]["email"] == EMAIL
    services.suspend(made, "Fuite chez l'éditeur", by=None)
    assert read(program, case) == (None, "Le contrat de service est suspendu : Fuite chez l'éditeur")
    services.resume(made, by=None)
    services.end(made, today - timedelta(days=1), by=None)
    nothing, why = read(program, case)
    assert nothing is None
    assert "a pris fin le" in why
    (said,) = program.get("contracts").json()["items"]
    assert (said["state"], said["read"]) == ("ended", {"email": 200, "family_name": 100})


def test_a_reading_is_noted_with_its_program_and_purpose_and_no_value(town, program):
    case = town.submit()
    made = contract(town, program.client, read={"email": 100})
    read(program, case)
    noted = Entry.objects.get(action="person.read_by_application")
    assert (noted.actor, noted.case_id, noted.account_id) == ("Borne", case.pk, None)
    assert noted.detail == {"attributes": ["email"], "contracts": [made.pk], "purpose": "Préparer les actes"} | {
        "program": program.client.client_id
    }


def test_a_person_is_read_and_completed_under_the_identifier_of_the_program(town, program):
    case = town.submit()
    contract(town, program.client, read={"email": 100, "phone": 100}, write={"phone": 200, "email": 200})
    person = read(program, case)[0]["person"]
    assert program.get(f"people/{person}").json()["attributes"]["email"]["value"] == EMAIL

    def put(key, value, level=100):
        return program.act("put", f"people/{person}/attributes/{key}", {"value": value, "level": level})

    assert put("phone", "+33639980123", 200).json()["source"] == "Borne"
    assert "plus sûre" in is_problem(put("phone", "+33639980199", 100), 409)["title"]
    assert program.get(f"people/{person}").json()["attributes"]["phone"]["value"] == "+33639980123"
    for key, value, level, status in (
        ("family_name", "Dupont", 100, 403), ("surname", "Dupont", 100, 403), ("phone", "rouge", 100, 422),
        ("email", "camille", 100, 422), ("phone", "+33639980123", 400, 422),
    ):  # fmt: skip
        is_problem(put(key, value, level), status)


def test_an_identifier_made_for_another_opens_nothing(town, program):
    case = town.submit()
    other = Caller(town)
    other.sign_in()
    contract(town, program.client)
    theirs = read(other, case)[0]["person"]
    assert theirs != read(program, case)[0]["person"]
    for person in (theirs, str(case.person_id), "rien"):
        is_problem(program.get(f"people/{person}"), 404)


def test_a_person_merged_since_is_found_under_the_identifier_they_had(town, program):
    first, second = town.submit(), town.submit()
    contract(town, program.client, read={"email": 100})
    former = read(program, first)[0]["person"]
    with scope.of_task("testing"):
        Person.objects.filter(pk=first.person_id).update(merged_into=second.person_id)
    Case.objects.filter(pk=first.pk).update(person=second.person_id)
    assert program.get(f"people/{former}").json()["attributes"]["email"]["value"] == EMAIL


def test_nobody_reads_nor_completes_somebody_who_asked_not_to_be_used(town, program):
    case = town.submit()
    contract(town, program.client, write={"phone": 200})
    person = read(program, case)[0]["person"]
    with scope.of_task("testing"):
        Person.objects.filter(pk=case.person_id).update(restricted_at=case.submitted_at)
    assert set(read(program, case)[0]) == {"kind", "person"}
    assert program.get(f"people/{person}").json()["attributes"] == {}
    is_problem(program.act("put", f"people/{person}/attributes/phone", {"value": "+33639980123"}), 409)


def test_another_procedure_is_not_covered(town, program):
    case = town.submit()
    contract(town, program.client, procedures=["autre"])
    nothing, why = read(program, case)
    assert nothing is None
    assert "ne couvre pas" in why


@pytest.mark.parametrize(
    "wrong",
    [
        {"procedures": []},
        {"sectors": ["rien"]},
        {"read": {}},
        {"read": {"blood": 100}},
        {"read": {"email": 150}},
        {"write": {"email": 600}},
        {"purpose": ""},
        {"ends_on": "before"},
    ],
)
def test_a_contract_that_says_too_little_or_too_much_is_refused(town, wrong):
    if "ends_on" in wrong:
        wrong = {"ends_on": town.authority.today() - timedelta(days=1)}
    with pytest.raises(Refused):
        contract(town, **wrong)


def test_a_program_of_another_authority_has_no_contract_here(town):
    other = make_town("21490999900025", "autre")
    with pytest.raises(Refused):
        contract(other, Caller(town, known=False).client)
