"""One act on many cases, asked by program in the name of an agent: counted, followed, stopped, taken up again."""

import uuid

import pytest
from tests.gru.api.calling import is_problem
from tests.gru.conftest import make_agent

from etoile.gru.access.models import Membership, Role
from etoile.gru.api.models import Limits
from etoile.gru.batches import running, services
from etoile.gru.batches.models import Batch
from etoile.gru.cases import services as cases
from etoile.gru.cases.models import Case, History, Message
from etoile.gru.desk import labels

AGENT = "nadia@valmont.example"


def asked(act, chosen, **more):
    return {"agent": AGENT, "act": act, "cases": [str(each.pk) for each in chosen], **more}


def test_the_cases_that_were_counted_are_done_and_the_report_says_why_the_others_did_not_change(town, caller):
    fresh, ended = town.submit(), town.submit()
    cases.decide(ended.pk, town.agent, outcome="closed", reasons="Doublon.")
    counted = caller.get("batches/selection", agent=AGENT, act="take").json()
    assert counted == {"cases": [str(ended.pk), str(fresh.pk)], "more": False, "able": 2}
    assert caller.get("batches/selection", agent=AGENT, act="take", state="closed").json()["cases"] == [str(ended.pk)]
    body = {"agent": AGENT, "act": "take", "cases": counted["cases"] * 2}
    made, again = (caller.act("post", "batches", body, key="b") for _ in range(2))
    assert (made.status_code, made.content) == (201, again.content), made.content
    path = f"batches/{made.json()['id']}"
    assert [made.json()[name] for name in ("state", "total", "done", "refused")] == ["waiting", 2, 0, 0]
    running.act(made.json()["id"], lambda: False)
    report = caller.get(path, agent=AGENT).json()
    assert [report[name] for name in ("state", "total", "done", "refused")] == ["done", 2, 1, 1]
    (told,) = report.pop("refusals")
    assert (told["case"], "la demande est classée" in told["why"]) == (str(ended.pk), True)
    assert caller.get("batches", agent=AGENT).json() == {"items": [report]}
    Limits.objects.create(client=caller.client, procedures={"autre": ["*"]})
    assert caller.get(path, agent=AGENT).json()["refusals"] == []
    assert History.objects.get(case=fresh, verb="start").actor == "Nadia Leroy (Borne)"


def test_each_act_asks_what_its_screen_asks(town, caller):
    case, label = town.submit(), labels.create(town.authority, "Lundi")
    colleague = make_agent(town.authority, town.team, "pierre@valmont.example")
    reader = make_agent(town.authority, town.team, "reader@valmont.example")
    Membership.objects.filter(account=reader).update(role=Role.READER)
    for number, (act, wrong, right) in enumerate(
        (
            ("assign", {"assignee": reader.email}, {"assignee": colleague.email}),
            ("label", {"label": label.pk + 1}, {"label": label.pk}),
            ("message", {"body": " "}, {"body": "Le service ferme lundi."}),
            ("close", {"reason": " "}, {"reason": "Sans objet."}),
        )
    ):
        for given in ({}, wrong):
            is_problem(caller.act("post", "batches", asked(act, [case], **given), key=f"w{number}"), 422)
        made = caller.act("post", "batches", asked(act, [case], **right), key=f"r{number}")
        assert made.status_code == 201, made.content
        running.act(made.json()["id"], lambda: False)
    done = Case.objects.get(pk=case.pk)
    assert (done.state, done.assignee) == ("closed", colleague)
    assert labels.by_case([case.pk]) == {case.pk: ["Lundi"]}
    assert Message.objects.get(case=case).author_name == "Nadia Leroy (Borne)"
    assert Batch.objects.count() == 4


def test_a_work_is_stopped_then_taken_up_again_and_its_agent_alone_follows_it(town, caller):
    make_agent(town.authority, town.team, "pierre@valmont.example")
    made = caller.act("post", "batches", asked("take", [town.submit()]), key="b").json()
    path = f"batches/{made['id']}"
    is_problem(caller.get(path, agent="pierre@valmont.example"), 404)
    for state, told in (("stopped", "stopped"), ("stopped", "stopped"), ("running", "waiting"), ("running", "waiting")):
        answer = caller.act("put", f"{path}/state", {"agent": AGENT, "state": state})
        assert (answer.status_code, answer.json()["state"]) == (200, told), answer.content
    running.act(made["id"], lambda: False)
    for state in ("stopped", "running"):
        is_problem(caller.act("put", f"{path}/state", {"agent": AGENT, "state": state}), 409)


@pytest.mark.parametrize("limited", [{}, {"autre": ["*"]}])
def test_a_client_acts_on_the_cases_it_reads_alone(town, caller, limited):
    case = town.submit()
    if limited:
        Limits.objects.create(client=caller.client, procedures=limited)
        assert caller.get("batches/selection", agent=AGENT, act="take").json()["cases"] == []
    else:
        case.pk = uuid.uuid4()
    problem = is_problem(caller.act("post", "batches", asked("take", [case]), key="b"), 422)
    assert problem["errors"][0]["pointer"] == "#/cases/0"


def test_no_more_than_five_hundred_cases_nor_five_works_at_once(town, caller, monkeypatch):
    chosen = [town.submit(), town.submit()]
    monkeypatch.setattr(services, "MOST", 1)
    counted = caller.get("batches/selection", agent=AGENT, act="close").json()
    assert (len(counted["cases"]), counted["more"], counted["able"]) == (1, True, 1)
    is_problem(caller.act("post", "batches", {**asked("take", []), "cases": [str(uuid.uuid4())] * 501}, key="b"), 422)
    for number in range(services.WAITING):
        assert caller.act("post", "batches", asked("take", chosen[:1]), key=f"{number}").status_code == 201
    is_problem(caller.act("post", "batches", asked("take", chosen[:1]), key="more"), 409)
    Membership.objects.update(role=Role.READER)
    is_problem(caller.act("post", "batches", asked("take", chosen[:1]), key="0"), 403)
    is_problem(caller.get("batches/selection", agent=AGENT, act="take"), 403)
