"""What the back-office does to a case beside its steps, done by a program in the name of an agent."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.gru.api.calling import Caller, is_problem
from tests.gru.conftest import PROCEDURE, make_agent

from etoile.gru.access.models import Account, Membership, Role, Sector, Team
from etoile.gru.api.models import KeptAnswer, Limits
from etoile.gru.cases import actors, services
from etoile.gru.cases.models import History
from etoile.gru.cases.states import State
from etoile.gru.contracts.models import Contract
from etoile.gru.corrections import opening
from etoile.gru.corrections import services as corrections
from etoile.gru.desk import labels
from etoile.gru.desk.models import Pair, Watch
from etoile.gru.documents.models import Document
from etoile.gru.fees import pricing
from etoile.gru.fees import services as fees
from etoile.gru.fees.models import How
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.services import load
from etoile.gru.opinions import services as opinions
from etoile.gru.opinions.models import Opinion
from etoile.gru.requalification.services import requalify

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


def test_a_difference_of_price_is_decided_on_the_sum_and_the_version_that_were_read(town, caller):
    case = town.submit()
    fee = fees.ask(case.pk, town.agent, fees.Asked(2000, How.TILL))
    fees.pay(fee.pk, town.agent, reference="Q-1", paid_on=timezone.localdate())
    pricing.follow(town.case(case), actors.agent(town.agent), 2000, 500)
    path = f"cases/{case.pk}/price-differences"
    (found,) = caller.get(path).json()["items"]
    assert (found["state"], found["gap_cents"], found["decisions"]) == ("open", -1500, ["give_back", "leave"])
    act, etag = f"price-differences/{found['id']}/decision", caller.get(f"cases/{case.pk}")["ETag"]
    back = {**AGENT, "decision": "give_back", "gap_cents": -1500, "reference": "R-1"}
    is_problem(tried(caller, case, act, back, None), 428)
    is_problem(tried(caller, case, act, back, '"1"'), 412)
    is_problem(tried(caller, case, act, back | {"gap_cents": -2000}), 409)
    is_problem(tried(caller, case, act, back | {"reference": ""}), 422)
    is_problem(tried(caller, case, act, back | {"decision": "ask", "how": None}), 422)
    is_problem(tried(caller, case, act, back | {"decision": "ask", "how": "till"}), 409)
    is_problem(tried(caller, town.submit(), act, back), 404)
    made = [caller.act("post", f"cases/{case.pk}/{act}", back, match=etag, key="k-1") for _ in range(2)]
    assert [each.json()["amount_cents"] for each in made] == [1500, 1500]
    assert made[0]["ETag"] == caller.get(f"cases/{case.pk}")["ETag"] != etag
    (found,) = caller.get(path).json()["items"]
    assert (found["state"], found["gap_cents"], found["decided_by"]) == ("given_back", None, "Nadia Leroy (Borne)")
    settle = f"payments/{fee.pk}/settlement"
    done(caller, case, settle, {**AGENT, "state": "refunded", "reason": "Annulé."})
    assert caller.get(f"cases/{case.pk}/payments").json()["items"][0]["refunded_cents"] == 500


def test_a_difference_is_asked_or_put_in_the_payment_that_is_asked(town, caller):
    case = town.submit()
    fee = fees.ask(case.pk, town.agent, fees.Asked(2000, How.TILL))
    for decision, price in (("adjust", 2500), ("ask", 3000)):
        pricing.follow(town.case(case), actors.agent(town.agent), 1000, price)
        found = caller.get(f"cases/{case.pk}/price-differences").json()["items"][-1]
        given = {**AGENT, "decision": decision, "gap_cents": 500, "how": "till"}
        answer = done(caller, case, f"price-differences/{found['id']}/decision", given)
        assert (answer.json()["state"], answer["ETag"]) == ("asked", f'"{town.case(case).version}"')
        if decision == "adjust":
            fees.pay(fee.pk, town.agent, reference="Q-1", paid_on=timezone.localdate(), seen=2500)
    amounts = [each["amount_cents"] for each in caller.get(f"cases/{case.pk}/payments").json()["items"]]
    assert amounts == [2500, 500]


def test_what_changed_under_a_former_procedure_is_read_as_that_one_allows(client, town, caller):
    case = town.submit()
    corrections.change(case.pk, town.agent, {"allergie": "pollen", "motif": "Passeport"}, reason="Dit au téléphone.")
    # The other procedure asks something else by the same name, which is no secret.
    (page,) = PROCEDURE["pages"]
    (section,) = page["sections"]
    fields = [{**each, "label": {"fr": "Ville"}, "privacy": "ordinary"} if each["id"] == "allergie" else each
              for each in section["fields"]]  # fmt: skip
    raw = PROCEDURE | {"slug": "copie", "pages": [page | {"sections": [section | {"fields": fields}]}]}
    version = load(town.authority, raw)
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    version = ProcedureVersion.objects.select_related("procedure__team", "procedure__authority").get(pk=version.pk)
    requalify(case.pk, town.agent, version, reason="Autre démarche.")
    limits = Limits.objects.create(client=caller.client, procedures={"copie": ["*"], "acte": ["*"]})
    told = caller.get(f"cases/{case.pk}/revisions")
    assert [each["field"] for each in told.json()["items"][0]["changes"]] == ["motif"]
    limits.procedures = {"copie": ["*"]}
    limits.save()
    assert caller.get(f"cases/{case.pk}/revisions").json()["items"][0]["changes"] == []
    follow = client.get(f"/suivi/{case.tracking_key}/").content.decode()
    assert "Allergie" in follow and "Ville" not in follow


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
    given = {**EDIT, "answers": {**secret, "motif": "Passeport"}}
    made = caller.act("post", f"cases/{case.pk}/revisions", given, match="*", key="k")
    assert [each["field"] for each in made.json()["changes"]] == ["motif"]
    assert "pollen" not in KeptAnswer.objects.get().body
    changes = caller.get(f"cases/{case.pk}/revisions").json()["items"][0]["changes"]
    assert {each["field"]: each["after"] for each in changes} == given["answers"]
    limits.procedures = {"acte": ["*"]}
    limits.save()
    refused = is_problem(tried(caller, case, "revisions", {**EDIT, "answers": secret}), 422)
    assert [each["pointer"] for each in refused["errors"]] == ["#/answers/allergie"]
    hidden = [{"field": "allergie", "fault": "incorrect", "sentence": "x"}]
    is_problem(tried(caller, case, "correction-requests", {**WRONG, "wrong": hidden}), 422)
    left = caller.get(f"cases/{case.pk}/revisions").json()["items"][0]["changes"]
    assert [each["field"] for each in left] == ["motif"]


def paper(town, holder):
    return Document.objects.create(authority=town.authority, holder=holder, field="piece", name="plan.pdf", size=1,
                                   media_type="application/pdf", sha256="0" * 64, state="infected")  # fmt: skip


OPINION = {
    **AGENT,
    "name": "ABF",
    "email": "abf@culture.example",
    "question": "Cela convient-il ?",
    "deadline": "2099-01-01",
}


def test_an_opinion_is_asked_read_once_given_and_taken_back(town, caller):
    case = town.submit()
    held = paper(town, case.pk)
    asked = done(caller, case, "opinions", {**OPINION, "fields": ["motif"], "documents": [str(held.pk)]}, '"1"')
    assert Opinion.objects.get().shared == {"fields": ["motif"], "documents": [str(held.pk)]}
    other = done(caller, case, "opinions", {**OPINION, "name": "SDIS"}, asked["ETag"])
    revoked = f"opinions/{other.json()['id']}/revocation"
    is_problem(tried(caller, case, revoked, AGENT, '"1"'), 412)
    assert done(caller, case, revoked, AGENT, other["ETag"]).json()["state"] == "revoked"
    is_problem(tried(caller, case, revoked, AGENT), 409)
    opinions.give(asked.json()["id"], outcome="favourable", text="Oui.", author="Léa Morin")
    answer = paper(town, asked.json()["id"])
    told = caller.get(f"cases/{case.pk}/opinions").json()["items"]
    assert [(each["name"], each["state"], each["outcome"], len(each["documents"])) for each in told] == [
        ("ABF", "given", "favourable", 1),
        ("SDIS", "revoked", "", 0),
    ]
    path = f"cases/{case.pk}/opinions/{told[0]['id']}/documents/"
    is_problem(caller.get(path + str(held.pk)), 404)
    is_problem(caller.get(path + str(answer.pk)), 409)


@pytest.mark.parametrize(
    ("change", "status", "kind"),
    [
        ({"email": ""}, 422, "invalid-data"),
        ({"team": "rien"}, 422, "unknown-team"),
        ({"team": "etat-civil"}, 409, "not-possible"),
        ({"deadline": "2020-01-01"}, 422, "invalid-data"),
        ({"fields": ["allergie"]}, 422, "invalid-data"),
        ({"documents": ["0198f0c1-1a2b-7c3d-8e4f-5a6b7c8d9e0f"]}, 422, "invalid-data"),
        ({"agent": "nobody@valmont.example"}, 422, "unknown-agent"),
    ],
)
def test_an_invitation_shows_nothing_that_the_client_may_not_read(town, caller, change, status, kind):
    case = town.submit()
    problem = is_problem(tried(caller, case, "opinions", {**OPINION, **change}), status)
    assert problem["type"].endswith(kind)
    assert town.case(case).version == 1


def test_labels_links_and_watches_are_an_agent_s_and_change_no_version(town, caller):
    case, other = town.submit(), town.submit()
    label = labels.create(town.authority, "À rappeler")
    (offered,) = caller.get("labels").json()["items"]
    for _twice in range(2):
        put = done(caller, case, f"labels/{offered['id']}", AGENT, method="put").json()
    assert [each["name"] for each in put["items"]] == ["À rappeler"]
    assert tried(caller, case, "watch", AGENT, method="put").status_code == 204
    assert tried(caller, case, f"links/{other.pk}", {**AGENT, "why": "Noces"}, method="put").status_code == 204
    for query in ({"label": label.pk}, {"watched_by": AGENT["agent"]}):
        assert [each["id"] for each in caller.get("cases", **query).json()["items"]] == [str(case.pk)]
    near = caller.get(f"cases/{other.pk}/related", **AGENT).json()
    assert [(each["case"]["id"], each["why"]) for each in near["linked"]] == [(str(case.pk), "Noces")]
    asked = f"?agent={AGENT['agent']}"
    for path in (f"labels/{label.pk}", "watch", f"links/{other.pk}"):
        assert tried(caller, case, path + asked, None, method="delete").status_code in (200, 204)
    assert caller.get(f"cases/{case.pk}/labels").json()["items"] == []
    assert not Watch.objects.exists()
    assert not Pair.objects.exists()
    assert town.case(case).version == 1
    is_problem(tried(caller, case, "labels/999", AGENT, method="put"), 404)
    is_problem(tried(caller, case, f"links/{case.pk}", AGENT, method="put"), 409)
    Membership.objects.update(role=Role.READER)
    assert tried(caller, case, "watch", AGENT, method="put").status_code == 204
    is_problem(tried(caller, case, f"labels/{label.pk}", AGENT, method="put"), 403)
    is_problem(tried(caller, case, f"links/{other.pk}", AGENT, method="put"), 403)


def test_a_duplicate_is_closed_by_an_agent_who_decides_and_goes_on_when_it_was_not_one(town, caller):
    case, kept = town.submit(), town.submit()
    closed = done(caller, case, "duplicate", {**AGENT, "kept": str(kept.pk)}, '"1"', method="put")
    assert closed.json()["state"] == "closed"
    near = caller.get(f"cases/{case.pk}/related", **AGENT).json()
    assert (near["is_duplicate"], near["kept"]["id"]) == (True, str(kept.pk))
    undo = f"duplicate?agent={AGENT['agent']}"
    is_problem(tried(caller, case, undo, None, '"1"', method="delete"), 412)
    assert done(caller, case, undo, None, closed["ETag"], method="delete").json()["state"] == "in_progress"
    is_problem(tried(caller, case, undo, None, method="delete"), 409)


def test_that_two_requests_are_of_one_person_is_told_under_a_contract(town, caller):
    case, same = town.submit(), town.submit(submitted_at=timezone.now() - timedelta(days=90))
    (told,) = caller.get(f"cases/{case.pk}/related", **AGENT).json()["others"]
    assert told["id"] == str(same.pk)
    Contract.objects.update(suspended_at=timezone.now())
    assert caller.get(f"cases/{case.pk}/related", **AGENT).json()["others"] == []


def test_decisions_are_told_with_their_letter(town, caller):
    case = town.submit()
    services.decide(case.pk, town.agent, outcome=State.REFUSED, reasons="Hors du territoire.")
    (told,) = caller.get(f"cases/{case.pk}/decisions").json()["items"]
    assert (told["outcome"], told["signatory"], told["implicit"]) == ("refused", "Nadia Leroy", False)
    assert "Hors du territoire." in told["text"]


def test_an_agent_takes_back_their_own_note(town, caller):
    case = town.submit()
    written = caller.act("post", f"cases/{case.pk}/notes", {**AGENT, "body": "x"}, key="n").json()
    make_agent(town.authority, town.team, "paul@valmont.example")
    path = f"notes/{written['id']}?agent="
    is_problem(tried(caller, case, path + "paul@valmont.example", None, method="delete"), 409)
    assert tried(caller, case, path + AGENT["agent"], None, method="delete").status_code == 204
    assert caller.get(f"cases/{case.pk}/notes").json()["items"][0]["body"] == ""


def test_those_to_whom_a_case_may_be_given_are_those_who_may_be_given_it(town, caller):
    case = town.submit()
    school = Sector.objects.create(authority=town.authority, slug="ecole", name="École")
    far = Team.objects.create(authority=town.authority, sector=school, slug="ecole", name="École")
    near = Team.objects.create(authority=town.authority, sector=town.sector, slug="papiers", name="Papiers")
    for name, team, role in (
        ("far", far, Role.INSTRUCTOR),
        ("near", near, Role.INSTRUCTOR),
        ("reader", town.team, Role.READER),
        ("whole", None, Role.MANAGER),
    ):
        account = make_agent(town.authority, team, f"{name}@valmont.example")
        Membership.objects.filter(account=account).update(role=role)
    able = {each["email"] for each in caller.get(f"cases/{case.pk}/assignees").json()["items"]}
    assert able == {"nadia@valmont.example", "near@valmont.example", "whole@valmont.example"}
    for email in Account.objects.values_list("email", flat=True):
        answer = tried(caller, case, "assignment", {**AGENT, "assignee": email}, method="put")
        assert (answer.status_code == 200) == (email in able), email
    assert [each["slug"] for each in caller.get("teams").json()["items"]] == ["papiers", "etat-civil", "ecole"]


@pytest.mark.parametrize(
    ("method", "act", "body"),
    [
        ("post", "opinions", OPINION),
        ("post", "transitions", {**AGENT, "transition": "start"}),
        ("put", "assignment", {**AGENT, "assignee": None}),
    ],
)
def test_an_act_sent_again_with_its_key_after_a_cut_is_done_once(town, caller, method, act, body):
    case = town.submit()
    path = f"cases/{case.pk}/{act}"
    first, again = (caller.act(method, path, body, match='"1"', key="k") for _ in range(2))
    assert (first.status_code, first.json(), first["ETag"]) == (again.status_code, again.json(), again["ETag"])
    assert first.status_code in (200, 201)
    assert again["ETag"] == f'"{town.case(case).version}"'
    refused = is_problem(caller.act(method, path, {**body, "agent": "x"}, match="*", key="k"), 422)
    assert refused["type"].endswith("idempotency-key")
    Limits.objects.create(client=caller.client, procedures={"autre": ["*"]})
    is_problem(caller.act(method, path, body, match='"1"', key="k"), 404)


def test_a_refusal_is_not_kept_under_the_key(town, caller):
    case = town.submit()
    path = f"cases/{case.pk}/payments"
    is_problem(caller.act("post", path, DUE, match='"7"', key="k"), 412)
    assert caller.act("post", path, DUE, match='"1"', key="k").status_code == 201
