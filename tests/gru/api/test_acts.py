"""What is done to a case through the API: by whom, on which version, once."""

import pytest
from tests.gru.api.calling import Caller, is_problem
from tests.gru.conftest import make_agent

from etoile.gru.access.models import Membership, Role, Sector, Team
from etoile.gru.api import preconditions
from etoile.gru.api.models import Limits
from etoile.gru.cases import actors, services
from etoile.gru.cases.models import History, Message
from etoile.gru.contracts.models import Contract
from etoile.gru.corrections import faults

AGENT = {"agent": "nadia@valmont.example"}
TOMORROW = "2099-01-01"


def act(caller: Caller, case, verb: str, body: dict, **headers):
    method = "put" if verb == "assignment" else "post"
    return caller.act(method, f"cases/{case.pk}/{verb}", body, **headers)


def test_a_case_goes_from_one_act_to_the_next_by_its_etags(town, caller):
    case = town.submit()
    tag = caller.get(f"cases/{case.pk}")["ETag"]
    colleague = make_agent(town.authority, town.team, "paul@valmont.example")
    path = [
        ("transitions", {"transition": "start"}, "in_progress"),
        ("assignment", {"assignee": colleague.email}, "in_progress"),
        ("assignment", {"assignee": None}, "in_progress"),
        ("transitions", {"transition": "refuse", "reason": "Hors du territoire."}, "refused"),
        ("transitions", {"transition": "reopen", "reason": "Erreur d’adresse."}, "in_progress"),
        ("transitions", {"transition": "withdraw"}, "withdrawn"),
    ]
    for verb, body, state in path:
        answer = act(caller, case, verb, {**AGENT, **body}, match=tag)
        assert (answer.status_code, answer.json().get("state")) == (200, state), answer.content
        assert answer["ETag"] != tag
        tag = answer["ETag"]
    told = list(History.objects.filter(case=case).values_list("verb", "actor", "actor_kind"))
    assert told[1] == ("start", "Nadia Leroy (Borne)", "agent")
    assert told[-1] == ("withdraw", "Borne", "application")
    assert [each[0] for each in told] == ["submit", "start", "assign", "assign", "refuse", "reopen", "withdraw"]


@pytest.mark.parametrize(
    ("match", "status"), [(None, 428), ("", 428), ('"7"', 412), ('W/"1"', 412), ('"7", "1"', 200), ("*", 200)]
)
def test_an_act_names_the_version_that_was_read(town, caller, match, status):
    answer = act(caller, town.submit(), "transitions", {**AGENT, "transition": "start"}, match=match)
    assert answer.status_code == status
    if status != 200:
        is_problem(answer, status)


def test_any_version_does_under_a_star_also_when_somebody_writes_meanwhile(town, caller, monkeypatch):
    """RFC 9110 13.1.1: `If-Match: *` is false of what is not there, and of nothing else."""
    case, kept = town.submit(), town.submit()

    def interrupted(real, place):
        def wrapped(*given, **named):
            found = real(*given, **named)
            services.post_message(given[place].pk, actors.person("Camille"), "Et ma demande ?")
            return found

        return wrapped

    monkeypatch.setattr(preconditions, "expected", interrupted(preconditions.expected, 1))
    monkeypatch.setattr(faults, "items", interrupted(faults.items, 0))
    wrong = [{"field": "motif", "fault": "incorrect", "sentence": "Illisible."}]
    opinion = {"name": "A", "email": "a@b.example", "question": "Est-il chez vous ?", "deadline": TOMORROW}
    for method, verb, body in (
        ("post", "transitions", {"transition": "start"}),
        ("put", "assignment", {"assignee": None}),
        ("post", "document-requests", {"documents": [{"name": "RIB"}], "deadline": TOMORROW}),
        ("post", "correction-requests", {"wrong": wrong, "deadline": TOMORROW}),
        ("post", "revisions", {"answers": {"motif": "Passeport"}, "reason": "Dit au téléphone."}),
        ("post", "payments", {"amount_cents": 1650, "how": "till"}),
        ("post", "opinions", opinion),
        ("put", "duplicate", {"kept": str(kept.pk)}),
    ):
        answer = caller.act(method, f"cases/{case.pk}/{verb}", {**AGENT, **body}, match="*")
        assert answer.status_code in (200, 201), answer.content


def test_what_was_read_and_has_not_changed_is_not_sent_again(town, caller):
    case = town.submit()
    first = caller.get(f"cases/{case.pk}")
    read = {"authorization": f"Bearer {caller.token}", "if-none-match": first["ETag"]}
    again = caller.http.get(f"/api/v1/cases/{case.pk}", headers=read)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    services.start(case.pk, town.agent)
    assert caller.http.get(f"/api/v1/cases/{case.pk}", headers=read).status_code == 200


@pytest.mark.parametrize(
    ("verb", "body", "status", "kind"),
    [
        ("transitions", {**AGENT, "transition": "dance"}, 422, "unknown-transition"),
        ("transitions", {**AGENT, "transition": "reopen", "reason": "x"}, 409, "not-possible"),
        ("transitions", {**AGENT, "transition": "refuse"}, 409, "not-possible"),
        ("transitions", {"transition": "accept"}, 422, "unknown-agent"),
        ("transitions", {"agent": "nobody@valmont.example", "transition": "start"}, 422, "unknown-agent"),
        ("transitions", {"agent": "reader@valmont.example", "transition": "start"}, 403, "forbidden"),
        ("transitions", {"agent": "elsewhere@valmont.example", "transition": "start"}, 403, "forbidden"),
        ("assignment", {**AGENT, "assignee": "reader@valmont.example"}, 409, "not-possible"),
        ("assignment", {**AGENT, "assignee": "nobody@valmont.example"}, 422, "unknown-agent"),
        ("assignment", {**AGENT, "team": "rien"}, 422, "unknown-team"),
        ("assignment", {**AGENT, "team": "urbanisme"}, 422, "invalid-data"),
        ("document-requests", {**AGENT, "documents": [], "deadline": TOMORROW}, 422, "invalid-data"),
        ("document-requests", {**AGENT, "documents": [{"name": "RIB"}], "deadline": "2020-01-01"}, 422, "invalid-data"),
    ],
)
def test_what_is_not_possible_is_refused_in_plain_words(town, caller, verb, body, status, kind):
    sector = Sector.objects.create(authority=town.authority, slug="urbanisme", name="Urbanisme")
    other = Team.objects.create(authority=town.authority, sector=sector, slug="urbanisme", name="Urbanisme")
    make_agent(town.authority, other, "elsewhere@valmont.example")
    reader = make_agent(town.authority, town.team, "reader@valmont.example")
    Membership.objects.filter(account=reader).update(role=Role.READER)
    case = town.submit()
    problem = is_problem(act(caller, case, verb, body, match="*"), status)
    assert problem["type"].endswith(kind)
    assert town.case(case).version == 1


def test_a_case_is_given_to_another_team_and_documents_are_asked(town, caller):
    sector = Sector.objects.create(authority=town.authority, slug="urbanisme", name="Urbanisme")
    Team.objects.create(
        authority=town.authority, sector=sector, slug="urbanisme", name="Urbanisme", email="u@v.example"
    )
    case = town.submit()
    body = {**AGENT, "documents": [{"name": "RIB", "indispensable": False}], "deadline": TOMORROW}
    asked = act(caller, case, "document-requests", body, match='"1"').json()
    assert (asked["state"], [each["name"] for each in asked["documents"]]) == ("open", ["RIB"])
    given = act(caller, case, "assignment", {**AGENT, "team": "urbanisme", "reason": "Plan."}, match='"2"')
    assert given.json()["team"] == "urbanisme", given.content


def test_a_message_is_written_once_in_the_name_of_the_program_or_of_an_agent(town, caller):
    case = town.submit()
    services.post_message(case.pk, actors.person("Camille"), "Bonjour")
    for key, body in (("a", {"body": "Reçu"}), ("a", {"body": "Reçu"}), ("b", {"body": "Merci", **AGENT})):
        answer = act(caller, case, "messages", body, key=key)
        assert answer.status_code == 201, answer.content
    is_problem(act(caller, case, "messages", {"body": "Autre"}, key="a"), 422)
    is_problem(act(caller, case, "messages", {"body": "x"}), 400)
    is_problem(act(caller, case, "messages", {"body": " "}, key="c"), 422)
    told = [
        (each["author"], each["author_name"], each["body"])
        for each in caller.get(f"cases/{case.pk}/messages").json()["items"]
    ]
    assert told == [
        ("person", "Camille", "Bonjour"),
        ("application", "Borne", "Reçu"),
        ("agent", "Nadia Leroy (Borne)", "Merci"),
    ]
    assert not Message.objects.exclude(read_at=None).exists()


def test_a_note_is_between_agents_and_leaves_the_case_as_it_was_read(town, caller):
    case = town.submit()
    body = {**AGENT, "body": "Rappeler mardi."}
    assert [act(caller, case, "notes", body, key="n").status_code for _ in range(2)] == [201, 201]
    items = caller.get(f"cases/{case.pk}/notes").json()["items"]
    assert [(each["author_name"], each["body"]) for each in items] == [("Nadia Leroy", "Rappeler mardi.")]
    assert town.case(case).version == 1


def test_the_steps_open_to_an_agent_are_listed(town, caller):
    case = town.submit()
    items = caller.get(f"cases/{case.pk}/transitions", agent=AGENT["agent"]).json()["items"]
    asked = {each["id"]: each["reason_required"] for each in items}
    assert (asked["start"], asked["accept"], asked["refuse"]) == (False, False, True)
    assert caller.get(f"cases/{case.pk}/transitions", agent="nobody@valmont.example").json()["items"] == []


def test_acting_in_an_agents_name_is_a_scope_of_its_own(town):
    caller = Caller(town, scopes="cases:read cases:write")
    caller.sign_in()
    case = town.submit()
    is_problem(act(caller, case, "transitions", {**AGENT, "transition": "start"}, match="*"), 403)
    is_problem(act(caller, case, "messages", {**AGENT, "body": "x"}, key="a"), 403)
    assert act(caller, case, "messages", {"body": "x"}, key="a").status_code == 201


@pytest.mark.parametrize(
    ("fields", "answers", "sensitive", "applicant"),
    [
        (None, {"motif"}, ["allergie"], {"kind", "person", "family_name", "given_names", "email"}),
        (["*"], {"motif"}, ["allergie"], {"kind", "person", "family_name", "given_names", "email"}),
        (["*", "allergie"], {"motif", "allergie"}, [], {"kind", "person", "family_name", "given_names", "email"}),
        (["allergie", "nom"], {"allergie"}, [], {"kind", "person", "family_name"}),
        ([], set(), ["allergie"], {"kind", "person"}),
    ],
)
def test_a_client_reads_the_answers_it_was_given(town, caller, fields, answers, sensitive, applicant):
    case = town.submit()
    if fields is not None:
        Limits.objects.create(client=caller.client, procedures={"acte": fields})
    read = caller.get(f"cases/{case.pk}").json()
    assert (set(read["answers"]), read["sensitive"], set(read["applicant"])) == (answers, sensitive, applicant)
    assert read["answers"].get("allergie", "arachide") == "arachide"
    Contract.objects.update(answers={})
    assert "allergie" not in caller.get(f"cases/{case.pk}").json()["answers"]


def test_who_asks_is_a_scope_of_its_own(town):
    caller = Caller(town, scopes="cases:read")
    caller.sign_in()
    read = caller.get(f"cases/{town.submit().pk}")
    assert read.json()["applicant"] is None
    assert "Martin" not in read.content.decode()


def test_another_procedure_than_its_own_does_not_exist_for_a_client(town, caller):
    case = town.submit()
    Limits.objects.create(client=caller.client, procedures={"autre": ["*"]})
    assert caller.get("procedures").json()["items"] == []
    for path in ("procedures/acte", f"cases/{case.pk}", f"cases/{case.pk}/messages"):
        is_problem(caller.get(path), 404)
    is_problem(caller.create({"procedure": "acte", "answers": {}}), 404)
    is_problem(act(caller, case, "transitions", {**AGENT, "transition": "start"}, match="*"), 404)
    is_problem(caller.get("cases", procedure="acte"), 422)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "martin"}, 2),
        ({"q": "rien"}, 0),
        ({"procedure": "acte", "team": "etat-civil", "channel": "web"}, 2),
        ({"state": ["submitted", "in_progress"]}, 2),
        ({"state": "submitted"}, 1),
        ({"assignee": "nobody"}, 1),
        ({"assignee": "nadia@valmont.example"}, 1),
        ({"assignee": "nadia@valmont.example", "state": "submitted"}, 0),
        ({"assignee": "nadia@valmont.example", "state": "submitted", "any_of": "true"}, 2),
        ({"waiting_for": "documents_asked"}, 0),
        ({"due": "late"}, 0),
        ({"received_from": "2020-01-01", "received_to": "2020-01-02"}, 0),
        ({"sort": "due", "limit": 1}, 1),
    ],
)
def test_the_criteria_of_the_agents_lists_are_those_of_the_api(town, caller, query, found):
    town.submit()
    services.start(town.submit().pk, town.agent)
    page = caller.get("cases", **query)
    assert len(page.json()["items"]) == found, page.content
    if query.get("sort"):
        assert len(caller.get("cases", **query, after=page.json()["next"]).json()["items"]) == 1


@pytest.mark.parametrize("query", [{"team": "x"}, {"procedure": "x"}, {"assignee": "x"}, {"due": "x"}, {"sort": "x"}])
def test_a_criterion_that_is_not_known_is_refused(town, caller, query):
    is_problem(caller.get("cases", **query), 422)
