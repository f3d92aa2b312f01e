"""A program files what the screen files: rows, calculations, the team and the price they decide; in the same words."""

import json
from typing import Any

import jsonschema_rs
import pytest
from tests.gru.api.calling import is_problem
from tests.gru.conftest import Town

from etoile.contract.envelope import parse_batch
from etoile.contract.schemas import violations
from etoile.gru.access.models import Team
from etoile.gru.backoffice import reading
from etoile.gru.cases.models import Case
from etoile.gru.cases.views_of_agent import agent_view
from etoile.gru.filling import services
from etoile.gru.filling.errors import Ineligible, Invalid
from etoile.gru.filling.opened import resume
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load
from etoile.gru.outbox.models import OutgoingEvent

IS_FAR = {"field": "habitant", "op": "equals", "value": False}
MANY = {"field": "stands", "op": "gte", "value": 2}
FAIR: dict[str, Any] = {
    "slug": "brocante",
    "title": "Brocante",
    "team": "etat-civil",
    "treatment": "both",
    "silence": {"regime": "none"},
    "routing": [{"when": MANY, "team": "voirie"}],
    "ineligible": [{"id": "loin", "when": IS_FAR, "message": "Réservé aux habitants.", "where": "Voyez votre mairie."}],
    "price": {"rules": [{"label": {"fr": "Emplacements", "en": "Stands"}, "amount_from": "total"}]},
    "pages": [
        {"id": "vous", "title": "Vous", "sections": [{"id": "s", "fields": [
            {"id": "nom", "type": "name", "label": "Nom", "required": True, "applicant": "family_name"},
            {"id": "prenoms", "type": "given_names", "label": "Prénoms", "applicant": "given_names"},
            {"id": "courriel", "type": "email", "label": "Courriel", "required": True, "applicant": "email"},
            {"id": "habitant", "type": "yes_no", "label": "Habitant", "required": True},
            {"id": "stands", "type": "repeated", "label": "Emplacements", "required": True,
             "settings": {"maximum": 3, "row_label": "Emplacement"},
             "fields": [{"id": "metres", "type": "integer", "label": "Mètres", "required": True}]},
            {"id": "total", "type": "calculated", "label": "Total",
             "settings": {"formula": "sum(stands.map(s, s.metres)) * 150", "result": "amount"}},
        ]}]},
    ],
}  # fmt: skip
GOOD = {
    "nom": "Martin",
    "prenoms": "Camille",
    "courriel": "camille@example.org",
    "habitant": True,
    "stands": [{"metres": 3}, {"metres": 2}],
}


@pytest.fixture
def fair(town: Town) -> Procedure:
    Team.objects.create(authority=town.authority, sector=town.sector, slug="voirie", name="Voirie")
    version = load(town.authority, FAIR)
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    return Procedure.objects.select_related("current").get(pk=version.procedure_id)


def file_by_screen(town: Town, fair: Procedure, answers: dict[str, Any]) -> Case:
    version = fair.versions.select_related("procedure").get()
    draft, key = services.start(version)
    filling = resume(draft.id, key, authority=town.authority)
    services.save_page(filling, version.definition.pages[0], answers)
    return services.confirm(draft.id, key, authority=town.authority, declarations={})


def test_rows_reach_the_team_the_price_and_the_hub_whoever_files(town, fair, caller):
    answer = caller.create({"procedure": "brocante", "answers": GOOD})
    assert answer.status_code == 201, answer.content
    by_screen = file_by_screen(town, fair, GOOD)
    for case in (Case.objects.get(pk=answer.json()["id"]), by_screen):
        assert case.team is not None and case.team.slug == "voirie"
        told = json.loads(OutgoingEvent.objects.get(subject=case.subject).body)["data"]
        assert [row["metres"] for row in told["answers"]["stands"]] == [3, 2]
        assert (told["answers"]["total"], told["team"]["slug"]) == (750, "voirie")
        line = {"label": {"fr": "Emplacements", "en": "Stands"}, "amount_cents": 750}
        assert told["price"] == {"amount_cents": 750, "currency": "EUR", "lines": [line]}
        assert case.history.get(verb="submit").detail["price"] == 750
        schemas = caller.get("procedures/brocante/schemas").json()
        assert jsonschema_rs.is_valid(schemas["published"], told["answers"])
        assert jsonschema_rs.is_valid(schemas["accepted"], GOOD)


def test_the_agent_reads_each_row_what_was_computed_and_the_price(town, fair, caller):
    made = caller.create({"procedure": "brocante", "answers": GOOD}).json()
    view = agent_view(Case.objects.get(pk=made["id"]), frozenset())
    ((_page, rows),) = reading.answers(view)
    assert [(row.label, list(row.values)) for row in rows] == [
        ("Habitant", ["Oui"]),
        ("Emplacement 1", ["Mètres : 3"]),
        ("Emplacement 2", ["Mètres : 2"]),
        ("Total", ["7,50\u00a0€"]),
    ]
    assert "7,50\u00a0€" in reading.history(view)[-1].detail


WRONG = [
    ({"stands": [{"metres": 3}, {"metres": "deux"}]}, "#/answers/stands/1/metres", "Emplacement 2, Mètres"),
    ({"stands": [{"row": "abcd1234", "metres": None}]}, "#/answers/stands/0/metres", "Emplacement 1, Mètres"),
    ({"stands": [{"metres": 1}] * 4}, "#/answers/stands", "3 au plus"),
    ({"stands": "x"}, "#/answers/stands", "forme attendue"),
    ({"total": 1}, "#/answers/total", "est calculé"),
    ({"a.b/c": 1}, "#/answers/a.b~1c", "n’existe pas"),
]


@pytest.mark.parametrize(("change", "pointer", "told"), WRONG)
def test_what_the_screen_refuses_the_api_refuses_with_the_same_words(town, fair, caller, change, pointer, told):
    body = is_problem(caller.create({"procedure": "brocante", "answers": {**GOOD, **change}}), 422)
    found = {each["pointer"]: each["detail"] for each in body["errors"]}
    assert told in found[pointer]
    if pointer.startswith("#/answers/stands") and change["stands"] != "x":  # No screen can send that.
        with pytest.raises(Invalid) as refused:
            file_by_screen(town, fair, {**GOOD, **change})
        assert list(found.values()) == [each.message for each in refused.value.errors]


def test_who_cannot_ask_is_told_why_and_where_to_go(town, fair, caller):
    body = is_problem(caller.create({"procedure": "brocante", "answers": {**GOOD, "habitant": False}}), 422)
    assert body["type"].endswith(":ineligible")
    assert body["errors"] == [{"pointer": "#/answers", "detail": "Réservé aux habitants. Voyez votre mairie."}]
    version = fair.versions.select_related("procedure").get()
    draft, key = services.start(version)
    filling = resume(draft.id, key, authority=town.authority)
    assert not services.save_page(filling, version.definition.pages[0], {**GOOD, "habitant": False}).valid
    with pytest.raises(Ineligible, match="Voyez votre mairie"):
        services.confirm(draft.id, key, authority=town.authority, declarations={})


def test_a_team_that_is_gone_loses_no_request(town, fair, caller):
    Team.objects.filter(slug="voirie").delete()
    made = caller.create({"procedure": "brocante", "answers": GOOD}).json()
    assert made["team"] == "etat-civil"


def test_the_detail_of_a_procedure_lists_the_questions_of_its_blocks(fair, caller):
    fields = {each["id"]: each for each in caller.get("procedures/brocante").json()["fields"]}
    assert [each["id"] for each in fields["stands"]["fields"]] == ["metres"]
    assert caller.get("procedures/nowhere/schemas").status_code == 404


def test_what_is_published_is_what_the_contract_says(town, fair, caller):
    caller.create({"procedure": "brocante", "answers": GOOD})
    event = OutgoingEvent.objects.get(type="org.etoile.case.submitted.v1")
    assert [each.pointer for each in violations(parse_batch(f"[{event.body}]".encode())[0])] == []


@pytest.mark.parametrize("depth", [50, 400, 900, 5000])
def test_answers_nested_without_end_are_refused_and_break_nothing(fair, caller, depth):
    nested = b"[" * depth + b"]" * depth
    for answers in (b'{"stands": ' + nested + b"}", b'{"habitant": ' + nested + b"}"):
        answer = caller.create(b'{"procedure": "brocante", "answers": ' + answers + b"}", key=str(depth))
        # What the reader of JSON itself gives up is malformed; the rest is read, and refused.
        is_problem(answer, 422 if depth < 500 or answer.status_code != 400 else 400)
