"""The API: a token for one authority, the validation of the screens, one answer for one key, problems everywhere."""

import uuid

import pytest
from django.test import Client
from django.urls import get_resolver
from tests.gru.api.calling import ANSWERS, Caller, is_problem
from tests.gru.conftest import make_town

from etoile.gru.api import idempotency
from etoile.gru.api.models import KeptAnswer
from etoile.gru.cases.models import Case
from etoile.gru.forms.exchange import from_yaml
from etoile.gru.forms.parsing import parse


def test_a_case_is_created_as_on_screen_and_read_again(town, caller):
    answer = caller.create({"procedure": "acte", "answers": ANSWERS})
    assert answer.status_code == 201, answer.content
    made = answer.json()
    read = caller.get(f"cases/{made['id']}")
    assert answer["Location"] == f"/api/v1/cases/{made['id']}"
    assert (read.json()["channel"], read.json()["answers"], read["ETag"]) == ("api", {"motif": "Mariage"}, '"1"')
    assert [each["actor"] for each in read.json()["history"]] == ["application"]
    assert "tracking" not in read.content.decode()


@pytest.mark.exigence("ASVS 8.2.3")
@pytest.mark.exigence("ASVS 15.3.1")
def test_sensitive_answers_are_named_and_not_given(town, caller):
    made = caller.create({"procedure": "acte", "answers": {**ANSWERS, "allergie": "arachide"}}).json()
    read = caller.get(f"cases/{made['id']}")
    assert read.json()["sensitive"] == ["allergie"]
    assert "arachide" not in read.content.decode()


def test_wrong_answers_are_named_by_their_pointer_and_nothing_is_stored(town, caller):
    answer = caller.create({"procedure": "acte", "answers": {"courriel": "x", "inconnu": 1}})
    pointers = {each["pointer"] for each in is_problem(answer, 422)["errors"]}
    assert pointers == {"#/answers/nom", "#/answers/courriel", "#/answers/motif", "#/answers/inconnu"}
    assert not Case.objects.exists()
    assert not KeptAnswer.objects.exists(), "a refusal may be mended under the same key"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"procedure": 1}', b"null"])
def test_a_body_that_is_no_request_is_refused(town, caller, body):
    assert is_problem(caller.create(body), caller.create(body).status_code)["status"] in {400, 422}


def test_a_body_too_large_is_refused(town, caller):
    answer = caller.create({"procedure": "acte", "answers": {"motif": "x" * 1_100_000}})
    is_problem(answer, 413)


def test_a_closed_or_unknown_procedure_is_not_found(town, caller):
    is_problem(caller.create({"procedure": "autre", "answers": {}}), 404)


def test_the_same_key_gives_the_same_answer_and_one_case(town, caller):
    body = {"procedure": "acte", "answers": ANSWERS}
    first, again = caller.create(body), caller.create(body)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert Case.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(town, caller):
    caller.create({"procedure": "acte", "answers": ANSWERS})
    is_problem(caller.create({"procedure": "acte", "answers": {**ANSWERS, "motif": "Autre"}}), 422)
    assert Case.objects.count() == 1


@pytest.mark.parametrize("key", [None, "", "x" * 201])
def test_a_key_is_needed(town, caller, key):
    is_problem(caller.create({"procedure": "acte", "answers": ANSWERS}, key=key), 400)


def test_keys_are_forgotten_after_a_day(town, caller):
    caller.create({"procedure": "acte", "answers": ANSWERS})
    kept = KeptAnswer.objects.get()
    assert idempotency.forget(before=kept.created_at + idempotency.KEPT) == 0
    assert idempotency.forget(before=kept.created_at + 2 * idempotency.KEPT) == 1


@pytest.mark.exigence("ASVS 8.4.1")
def test_another_authoritys_case_is_not_found(town, caller):
    other = make_town("21490998800012", "autre")
    case = other.submit()
    is_problem(caller.get(f"cases/{case.pk}"), 404)
    assert caller.get("cases").json()["items"] == []


@pytest.mark.parametrize("token", ["", "forged", "é"])
def test_without_a_valid_token_nothing_is_read(town, caller, token):
    caller.token = token
    answer = caller.get("cases")
    is_problem(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_token_is_refused(town, caller):
    caller.client.accesstoken_set.update(expires="2020-01-01T00:00:00Z")
    is_problem(caller.get("cases"), 401)


@pytest.mark.exigence("ASVS 8.2.1")
def test_a_scope_that_the_client_was_not_given_opens_nothing(town):
    caller = Caller(town, scopes="procedures:read")
    assert caller.sign_in("cases:read").status_code in {400, 401}
    caller.sign_in()
    assert caller.get("procedures").status_code == 200
    is_problem(caller.get("cases"), 403)
    is_problem(caller.create({"procedure": "acte", "answers": ANSWERS}), 403)


def test_a_wrong_secret_gets_no_token(town):
    assert Caller(town).sign_in(secret="wrong").status_code == 401


def test_procedures_are_listed_and_described(town, caller):
    assert [each["slug"] for each in caller.get("procedures").json()["items"]] == ["acte"]
    detail = caller.get("procedures/acte").json()
    assert [each["id"] for each in detail["fields"]] == ["nom", "courriel", "motif", "allergie"]
    is_problem(caller.get("procedures/autre"), 404)


def test_pages_follow_one_another_without_a_hole_while_cases_arrive(town, caller, django_assert_max_num_queries):
    cases = [str(town.submit().pk) for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        with django_assert_max_num_queries(4):
            answer = caller.get("cases", limit=2, after=cursor)
        seen += [each["id"] for each in answer.json()["items"]]
        cursor = answer.json()["next"]
        assert ('rel="next"' in answer.headers.get("Link", "")) == (cursor is not None)
        town.submit()
    assert seen == cases[::-1]


@pytest.mark.parametrize("query", [{"after": "x"}, {"after": "ééé"}, {"limit": 0}, {"limit": 101}, {"state": "lost"}])
def test_a_wrong_parameter_is_refused(town, caller, query):
    is_problem(caller.get("cases", **query), 422)


def test_cases_are_filtered_by_state_and_by_date_of_change(town, caller):
    case = town.submit()
    assert caller.get("cases", state="accepted").json()["items"] == []
    since = case.updated_at.isoformat()
    assert len(caller.get("cases", updated_since=since).json()["items"]) == 1


def test_the_file_of_a_procedure_is_read_by_another_authority(town, caller):
    slug = town.version.procedure.slug
    given = caller.get(f"procedures/{slug}/definition").json()
    assert given["version"] == 1
    assert parse(given["definition"]).slug == slug
    assert from_yaml(given["yaml"]) == given["definition"]
    is_problem(caller.get("procedures/rien/definition"), 404)


def test_an_unknown_address_or_method_is_a_problem_too(town, caller):
    is_problem(caller.get("nothing/here"), 404)
    is_problem(caller.http.delete("/api/v1/cases"), 405)
    is_problem(caller.get(f"cases/{uuid.uuid4()}"), 404)
    is_problem(caller.get("cases/not-a-uuid"), 422)


def test_the_description_and_its_page_are_public_and_ask_no_other_site(db):
    schema = Client().get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    assert set(schema["paths"]) == {
        "/api/v1/procedures",
        "/api/v1/procedures/{slug}",
        "/api/v1/procedures/{slug}/definition",
        "/api/v1/procedures/{slug}/links",
        "/api/v1/procedures/{slug}/schemas",
        "/api/v1/cases",
        "/api/v1/cases/{case_id}",
        "/api/v1/cases/{case_id}/assignees",
        "/api/v1/cases/{case_id}/assignment",
        "/api/v1/cases/{case_id}/clock",
        "/api/v1/cases/{case_id}/correction-requests",
        "/api/v1/cases/{case_id}/decisions",
        "/api/v1/cases/{case_id}/document-requests",
        "/api/v1/cases/{case_id}/documents",
        "/api/v1/cases/{case_id}/documents/{document_id}",
        "/api/v1/cases/{case_id}/duplicate",
        "/api/v1/cases/{case_id}/labels",
        "/api/v1/cases/{case_id}/labels/{label_id}",
        "/api/v1/cases/{case_id}/links/{other_id}",
        "/api/v1/cases/{case_id}/messages",
        "/api/v1/cases/{case_id}/notes",
        "/api/v1/cases/{case_id}/notes/{note_id}",
        "/api/v1/cases/{case_id}/opinions",
        "/api/v1/cases/{case_id}/opinions/{opinion_id}/documents/{document_id}",
        "/api/v1/cases/{case_id}/opinions/{opinion_id}/revocation",
        "/api/v1/cases/{case_id}/payments",
        "/api/v1/cases/{case_id}/payments/{payment_id}/settlement",
        "/api/v1/cases/{case_id}/price-differences",
        "/api/v1/cases/{case_id}/price-differences/{difference_id}/decision",
        "/api/v1/cases/{case_id}/related",
        "/api/v1/cases/{case_id}/revisions",
        "/api/v1/cases/{case_id}/transitions",
        "/api/v1/cases/{case_id}/watch",
        "/api/v1/changes",
        "/api/v1/contracts",
        "/api/v1/labels",
        "/api/v1/people/{person}",
        "/api/v1/people/{person}/attributes/{key}",
        "/api/v1/cases/{case_id}/revisions/files",
        "/api/v1/batches",
        "/api/v1/batches/selection",
        "/api/v1/batches/{batch_id}",
        "/api/v1/batches/{batch_id}/state",
        "/api/v1/drafts",
        "/api/v1/drafts/{draft_id}/documents",
        "/api/v1/exports",
        "/api/v1/exports/{export_id}",
        "/api/v1/exports/{export_id}/file",
        "/api/v1/teams",
    }
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    assert b"http://" not in page.content.replace(b"http://www.w3.org", b"").replace(b"http://testserver", b"")
    assert b"cdn" not in page.content


def test_what_is_wrong_is_named_as_it_was_sent(town, caller):
    case = f"cases/{town.submit().pk}"
    form = {"headers": {"authorization": f"Bearer {caller.token}", "if-match": "*"}}
    for answer, pointers in (
        (caller.get("cases", limit=0), ["#/limit"]),
        (caller.get("cases", statut="open", page=2), ["#/page", "#/statut"]),
        (caller.get("batches/selection", agent=town.agent.email, act="take", statut="open"), ["#/statut"]),
        (caller.act("post", f"{case}/messages", {}, key="k"), ["#/body"]),
        (
            caller.http.post(f"/api/v1/{case}/revisions/files", {"agent": "a"}, **form),
            ["#/field", "#/file", "#/reason"],
        ),
    ):
        assert sorted(each["pointer"] for each in is_problem(answer, 422)["errors"]) == pointers


def test_every_operation_asks_for_a_token(db):
    schema = Client().get("/api/v1/openapi.json").json()
    assert get_resolver()
    assert all("security" in each for methods in schema["paths"].values() for each in methods.values())


@pytest.mark.parametrize("strange", ["a\x00b", "\ud83d", "‮abc"])
def test_strange_characters_break_nothing(town, caller, strange):
    for body in (
        {"procedure": "acte", "answers": {**ANSWERS, "motif": strange}},
        {"procedure": strange, "answers": {}},
        {"procedure": "acte", "answers": {**ANSWERS, strange: "x"}},
        {"procedure": "acte", "answers": {**ANSWERS, "motif": {strange: 1}}},
    ):
        answer = caller.create(body, key=str(uuid.uuid4()))
        assert answer.status_code in {201, 404, 422}, answer.content
    assert caller.get("procedures/a%00b").status_code in {404, 422}
    assert caller.get("cases", after="a\x00b").status_code in {404, 422}
