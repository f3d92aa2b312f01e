"""Documents by program: into a draft before the request is sent, onto a case after; proven, and read by who may."""

import copy
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.gru.api.calling import ANSWERS, Caller, is_problem
from tests.gru.conftest import PROCEDURE
from tests.gru.documents.samples import PDF

from etoile.gru.api.models import Limits
from etoile.gru.archive.models import Standing
from etoile.gru.cases.models import Case
from etoile.gru.contracts.models import Contract
from etoile.gru.documents.models import Document
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DOCUMENTS_FOLDER = tmp_path


@pytest.fixture
def with_file(town):
    """The procedure asks for a file, and for another whose content is sensitive; one may ask for one's child."""
    definition = copy.deepcopy(PROCEDURE)
    definition["audience"] = ["individuals"]
    definition["pages"][0]["sections"][0]["fields"] += [
        {"id": "piece", "type": "file", "label": {"fr": "Pièce"}, "required": True},
        {"id": "sante", "type": "file", "label": {"fr": "Certificat"}, "privacy": "sensitive"},
    ]
    version = load(town.authority, definition)
    Procedure.objects.filter(pk=version.procedure_id).update(current=version)
    town.version = version


def upload(caller: Caller, path: str, content: bytes = PDF, *, once: str = "", match: str = "", **fields: str):
    headers = {"authorization": f"Bearer {caller.token}", **({"idempotency-key": once} if once else {})}
    headers |= {"if-match": match} if match else {}
    file = SimpleUploadedFile("acte.pdf", content)
    return caller.http.post(f"/api/v1/{path}", {"file": file, **fields}, headers=headers)


def test_a_request_is_sent_with_its_documents_and_a_mandate(town, caller, with_file):
    draft = caller.act("post", "drafts", {"procedure": "acte"}).json()
    body = {"procedure": "acte", "answers": ANSWERS, "draft": {"id": draft["id"], "key": draft["key"]}}
    assert [each["pointer"] for each in is_problem(caller.create(body), 422)["errors"]] == ["#/answers/piece"]
    for field in ("piece", "sante"):
        given = upload(caller, f"drafts/{draft['id']}/documents", field=field, key=draft["key"])
        assert given.status_code == 201, given.content
    mandate = {"on_behalf_of": "child", "name": "Léo Martin", "capacity": "parent"}
    made = caller.create({**body, "mandate": mandate})
    assert (made.status_code, made.json()["id"]) == (201, draft["id"]), made.content
    read = caller.get(f"cases/{draft['id']}").json()
    assert (read["mandate"], [each["field"] for each in read["documents"]]) == (mandate, ["piece"])
    again = caller.create({**body, "mandate": mandate}, key="k2")
    assert (again.status_code, again.json()["id"], Case.objects.count()) == (201, draft["id"], 1)
    document = read["documents"][0]["id"]
    file = caller.get(f"cases/{draft['id']}/documents/{document}")
    assert b"".join(file.streaming_content) == PDF
    sealed = Document.objects.get(field="sante").pk
    is_problem(caller.get(f"cases/{draft['id']}/documents/{sealed}"), 404)
    Limits.objects.create(client=caller.client, procedures={"acte": ["sante"]})
    assert [each["field"] for each in caller.get(f"cases/{draft['id']}").json()["documents"]] == ["sante"]
    is_problem(caller.get(f"cases/{draft['id']}/documents/{document}"), 404)
    Contract.objects.update(answers={})
    assert caller.get(f"cases/{draft['id']}").json()["documents"] == []
    is_problem(caller.get(f"cases/{draft['id']}/documents/{sealed}"), 404)
    Standing.objects.create(case_id=draft["id"], archived_at=timezone.now())
    is_problem(caller.create({**body, "mandate": mandate}, key="k3"), 404)


@pytest.mark.parametrize(
    ("mandate", "pointers"),
    [
        ({"on_behalf_of": "company", "name": "X", "capacity": "parent"}, ["#/mandate/on_behalf_of"]),
        ({"on_behalf_of": "child", "name": "X", "capacity": "king"}, ["#/mandate/capacity"]),
        ({"on_behalf_of": "child", "name": "", "capacity": "parent"}, ["#/mandate/name"]),
    ],
)
def test_a_mandate_is_one_that_the_procedure_knows(town, caller, with_file, mandate, pointers):
    draft = caller.act("post", "drafts", {"procedure": "acte"}).json()
    upload(caller, f"drafts/{draft['id']}/documents", field="piece", key=draft["key"])
    body = {"procedure": "acte", "answers": ANSWERS, "draft": draft, "mandate": mandate}
    assert [each["pointer"] for each in is_problem(caller.create(body), 422)["errors"]] == pointers


def test_what_is_no_file_of_the_form_is_refused(town, caller, with_file):
    draft = caller.act("post", "drafts", {"procedure": "acte"}).json()
    path = f"drafts/{draft['id']}/documents"
    assert is_problem(upload(caller, path, b"MZ\x90", field="piece", key=draft["key"]), 422)["type"].endswith(
        "document-refused"
    )
    is_problem(upload(caller, path, field="motif", key=draft["key"]), 422)
    is_problem(upload(caller, path, field="rien", key=draft["key"]), 422)
    is_problem(upload(caller, path, field="piece", key="x"), 404)
    is_problem(upload(caller, f"drafts/{uuid.uuid4()}/documents", field="piece", key=draft["key"]), 404)
    is_problem(caller.act("post", "drafts", {"procedure": "rien"}), 404)
    assert not Document.objects.exists()


def test_a_document_is_added_once_to_a_case_and_answers_what_was_asked(town, caller):
    case = town.submit()
    body = {"agent": town.agent.email, "documents": [{"name": "RIB"}], "deadline": "2099-01-01"}
    asked = caller.act("post", f"cases/{case.pk}/document-requests", body, match="*").json()["id"]
    path = f"cases/{case.pk}/documents"
    first, again = (upload(caller, path, once="a", asked=asked) for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content), first.content
    assert Document.objects.count() == 1
    assert town.case(case).substate == ""
    is_problem(upload(caller, path, PDF + b"\n", once="a", asked=asked), 422)
    is_problem(upload(caller, path), 400)
    is_problem(upload(caller, path, b"MZ\x90", once="b"), 422)
    is_problem(upload(caller, path, once="c", asked=str(uuid.uuid4())), 409)
    assert Document.objects.count() == 1


def test_one_of_several_documents_that_were_asked_leaves_the_others_awaited(town, caller):
    case = town.submit()
    body = {"agent": town.agent.email, "documents": [{"name": "RIB"}, {"name": "Plan"}], "deadline": "2099-01-01"}
    asked = caller.act("post", f"cases/{case.pk}/document-requests", body, match="*").json()["id"]
    path = f"cases/{case.pk}/documents"
    assert upload(caller, path, once="a", asked=asked, place="1").status_code == 201
    (told,) = caller.get(f"cases/{case.pk}/document-requests").json()["items"]
    assert (told["state"], ["received" in each for each in told["documents"]]) == ("open", [False, True])
    is_problem(upload(caller, path, once="b", asked=asked, place="2"), 409)
    assert upload(caller, path, once="c", asked=asked).status_code == 201
    assert town.case(case).substate == ""


def test_a_file_takes_the_place_of_another_once_in_the_name_of_an_agent_who_says_why(town, caller, with_file, tmp_path):
    case, said = town.submit(), {"agent": town.agent.email, "field": "piece", "reason": "Remise au guichet."}
    path = f"cases/{case.pk}/revisions/files"
    first, again = (upload(caller, path, once="a", match='"1"', **said) for _ in range(2))
    assert (first.status_code, first["ETag"]) == (201, '"2"'), first.content
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    is_problem(upload(caller, path, PDF + b"\n", once="a", match='"1"', **said), 422)
    second = upload(caller, path, match="*", **said).json()
    assert second["changes"] == [{"field": "piece", "before": ["acte.pdf"], "after": ["acte.pdf"]}]
    (told, _first) = caller.get(f"cases/{case.pk}/revisions").json()["items"]
    assert (told["author_name"], told["reason"]) == ("Nadia Leroy (Borne)", "Remise au guichet.")
    for status, given in (
        (428, {**said}),
        (412, {**said, "match": '"1"'}),
        (422, {**said, "match": "*", "field": "motif"}),
        (422, {**said, "match": "*", "field": "rien"}),
        (422, {**said, "match": "*", "reason": " "}),
        (422, {**said, "match": "*", "content": b"MZ\x90"}),
    ):
        is_problem(upload(caller, path, **given), status)
    assert sorted(each["field"] for each in caller.get(f"cases/{case.pk}").json()["documents"]) == ["piece", "replaced"]
    assert len([each for each in tmp_path.rglob("*") if each.is_file()]) == Document.objects.count() == 2


def test_a_document_added_is_no_answer_to_a_request_for_corrections(town, caller, with_file):
    case = town.submit()
    wrong = [{"field": "piece", "fault": "incorrect", "sentence": "Illisible."}]
    body = {"agent": town.agent.email, "wrong": wrong, "deadline": "2099-01-01"}
    asked = caller.act("post", f"cases/{case.pk}/correction-requests", body, match="*").json()["id"]
    is_problem(upload(caller, f"cases/{case.pk}/documents", once="a", asked=asked), 409)
    (told,) = caller.get(f"cases/{case.pk}/document-requests").json()["items"]
    assert (told["state"], Document.objects.count()) == ("open", 0)


def test_documents_are_opened_by_a_scope_of_their_own(town):
    caller = Caller(town, scopes="cases:read cases:write")
    caller.sign_in()
    case = town.submit()
    document = upload(caller, f"cases/{case.pk}/documents", once="a").json()["id"]
    is_problem(caller.get(f"cases/{case.pk}/documents/{document}"), 403)
