"""What the back-office does to a case beside its steps, done by a program in the name of an agent."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.gru.api.calling import Caller, is_problem

from etoile.gru.access.models import Membership, Role
from etoile.gru.api.models import Limits
from etoile.gru.cases import services
from etoile.gru.cases.models import History
from etoile.gru.corrections import opening
from etoile.gru.corrections import services as corrections

AGENT = {"agent": "nadia@valmont.example"}
DUE = {**AGENT, "amount_cents": 1650, "how": "till"}
EDIT = {**AGENT, "answers": {"motif": "Passeport"}, "reason": "Dit au téléphone."}
WRONG = {
    **AGENT,
    "wrong": [{"field": "motif", "fault": "incorrect", "sentence": "Illisible."}],
    "deadline": "2099-01-01",
}


def tried(caller: Caller, case, act: str, body: dict, match: str | None = "*", method: str = "post"):
    return caller.act(method, f"cases/{case.pk}/{act}", body, match=match)


def done(caller: Caller, case, act: str, body: dict, match: str | None = "*", method: str = "post"):
    answer = tried(caller, case, act, body, match, method)
    assert answer.status_code in (200, 201), answer.content
    return answer


def test_a_payment_is_asked_then_settled_on_the_version_that_was_read(town, caller):
    case = town.submit()
    start = caller.get("changes", after="latest").json()["next"]
    asked = done(caller, case, "payments", DUE, '"1"')
    paid = {**AGENT, "state": "paid", "reference": "Q-42", "paid_on": str(timezone.localdate())}
    settle = f"payments/{asked.json()['id']}/settlement"
    assert is_problem(tried(caller, case, settle, paid, '"1"'), 412)["type"].endswith("changed-meanwhile")
    settled = done(caller, case, settle, paid, asked["ETag"])
    done(caller, case, settle, {**AGENT, "state": "refunded", "reason": "Payé deux fois."}, settled["ETag"])
    (told,) = caller.get(f"cases/{case.pk}/payments").json()["items"]
    assert (told["state"], told["amount_cents"], told["reference"]) == ("refunded", 1650, "Q-42")
    assert told["settled_by"] == "Nadia Leroy (Borne)"
    (changed,) = caller.get("changes", after=start).json()["items"]
    assert (changed["case"], changed["version"]) == (str(case.pk), 4)


def test_an_agent_s_changes_are_made_at_once_and_what_they_write_on_screen_stays(town, caller):
    case = town.submit()
    begun = corrections.keep(opening.of_agent(case, town.agent), {"motif": "Autre"})
    made = done(caller, case, "revisions", EDIT, '"1"')
    assert made.json()["changes"] == [{"field": "motif", "before": "Mariage", "after": "Passeport"}]
    assert made["ETag"] == '"2"'
    assert caller.get(f"cases/{case.pk}").json()["answers"]["motif"] == "Passeport"
    assert opening.of_agent(town.case(case), town.agent).typed == begun.typed == {"motif": "Autre"}
    done(caller, case, "correction-requests", WRONG, made["ETag"])
    services.ask_document(case.pk, town.agent, items=[{"name": "RIB"}], deadline=timezone.localdate() + timedelta(5))
    asked = caller.get(f"cases/{case.pk}/document-requests").json()["items"]
    assert [(each["state"], [item.get("fault", "") for item in each["documents"]]) for each in asked] == [
        ("open", ["incorrect"]),
        ("open", [""]),
    ]
    (told,) = caller.get(f"cases/{case.pk}/revisions").json()["items"]
    assert (told["by"], told["author_name"], told["reason"]) == ("agent", "Nadia Leroy (Borne)", "Dit au téléphone.")
    assert History.objects.filter(case=case, verb="edit", actor="Nadia Leroy (Borne)").exists()


def test_the_clock_is_told_as_the_screen_shows_it(town, caller):
    case = town.submit()
    town.case(case)
    before = caller.get(f"cases/{case.pk}/clock").json()
    assert (before["regime"], before["suspended_days"], before["waiting"]) == ("reject", 0, False)
    assert before["silence_on"] == before["due_on"] == str(town.case(case).silence_date)
    done(caller, case, "correction-requests", {**WRONG, "deadline": str(timezone.localdate() + timedelta(10))})
    after = caller.get(f"cases/{case.pk}/clock").json()
    assert after["suspended_days"] == 10
    assert after["silence_on"] > before["silence_on"]


@pytest.mark.parametrize(
    ("act", "body", "status", "kind"),
    [
        ("payments", {**DUE, "how": "other"}, 422, "invalid-data"),
        ("payments", {**DUE, "amount_cents": 0}, 422, "invalid-data"),
        ("payments", {**DUE, "due_on": "2020-01-01"}, 422, "invalid-data"),
        ("payments/0198f0c1-1a2b-7c3d-8e4f-5a6b7c8d9e0f/settlement", {**AGENT, "state": "paid"}, 404, "not-found"),
        ("revisions", {**EDIT, "answers": {"motif": None}}, 422, "invalid-data"),
        ("revisions", {**EDIT, "answers": {"motif": "Mariage"}}, 409, "not-possible"),
        ("revisions", {**EDIT, "answers": {"nom": "Autre"}}, 422, "invalid-data"),
        ("revisions", {**EDIT, "answers": {"rien": "x"}}, 422, "invalid-data"),
        ("revisions", {**EDIT, "reason": " "}, 422, "invalid-data"),
        ("correction-requests", {**WRONG, "deadline": "2020-01-01"}, 422, "invalid-data"),
        ("correction-requests", {**WRONG, "wrong": [{**WRONG["wrong"][0], "field": "nom"}]}, 422, "invalid-data"),
    ],
)
def test_what_is_not_possible_changes_nothing(town, caller, act, body, status, kind):
    case = town.submit()
    assert is_problem(tried(caller, case, act, body), status)["type"].endswith(kind)
    assert town.case(case).version == 1


def test_an_agent_without_the_right_and_a_client_without_the_answer_are_refused(town, caller):
    case = town.submit()
    Membership.objects.update(role=Role.READER)
    for act, body in (("payments", DUE), ("revisions", EDIT), ("correction-requests", WRONG)):
        is_problem(tried(caller, case, act, body), 403)
        is_problem(tried(caller, case, act, body, None), 428)
    Membership.objects.update(role=Role.INSTRUCTOR)
    secret = {"allergie": "pollen"}
    limits = Limits.objects.create(client=caller.client, procedures={"acte": ["*", "allergie"]})
    done(caller, case, "revisions", {**EDIT, "answers": secret})
    assert caller.get(f"cases/{case.pk}/revisions").json()["items"][0]["changes"][0]["after"] == "pollen"
    limits.procedures = {"acte": ["*"]}
    limits.save()
    refused = is_problem(tried(caller, case, "revisions", {**EDIT, "answers": secret}), 422)
    assert [each["pointer"] for each in refused["errors"]] == ["#/answers/allergie"]
    hidden = [{"field": "allergie", "fault": "incorrect", "sentence": "x"}]
    is_problem(tried(caller, case, "correction-requests", {**WRONG, "wrong": hidden}), 422)
    assert caller.get(f"cases/{case.pk}/revisions").json()["items"][0]["changes"] == []
