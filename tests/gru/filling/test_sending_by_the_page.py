"""The key of a draft in its cookie, and the confirming POST through the real page: 20 SQL statements at most."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from tests.gru.documents.samples import JPEG

from etoile.gru.cases.models import Case
from etoile.gru.filling import keys

CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@pytest.fixture
def cookie(report):
    response = HttpResponse()
    keys.remember(response, report.filling.draft, report.key)
    return response.cookies


def address(report) -> str:
    return f"/demarches/signalement-voirie/remplir/{report.id}/verifier"


def test_sending_costs_at_most_twenty_statements(client, report, cookie):
    report.attach("photo", JPEG, "photo.jpg")
    client.cookies.update(cookie)
    with CaptureQueriesContext(connection) as captured:
        assert client.post(address(report)).status_code == 302
    statements = [each["sql"] for each in captured.captured_queries if not each["sql"].startswith(CONTROL)]
    assert Case.objects.count() == 1
    assert len(statements) <= 20, statements


def test_a_form_posted_again_shows_the_same_case(client, report, cookie):
    client.cookies.update(cookie)
    first, again = (client.post(address(report))["Location"] for _ in range(2))
    assert first == again
    assert Case.objects.count() == 1


def test_the_cookie_is_for_procedures_only_and_unseen_by_scripts(report, cookie):
    (kept,) = cookie.values()
    assert (kept["path"], kept["httponly"], kept["samesite"]) == ("/demarches/", True, "Lax")
    assert report.key in kept.value


def test_a_cookie_changed_by_hand_opens_nothing(client, report, cookie):
    (name,) = cookie
    request = RequestFactory().get("/demarches/")
    request.COOKIES[name] = cookie[name].value.replace(report.key, "autre")
    assert keys.key_of(request, report.id) is None
    client.cookies[name] = request.COOKIES[name]
    assert client.post(address(report)).status_code == 302
    assert not Case.objects.exists()


def test_without_the_cookie_the_draft_is_nobody_s(client, report):
    answer = client.get(address(report))
    assert (answer.status_code, answer["Location"]) == (302, "/demarches/signalement-voirie/")


@pytest.mark.parametrize("honest", [True, False])
def test_a_request_heavier_than_the_limit_is_refused_before_it_is_kept(
    client, report, cookie, settings, folder, honest
):
    settings.DOCUMENTS_REQUEST_LIMIT = 100_000
    client.cookies.update(cookie)
    upload = SimpleUploadedFile("photo.jpg", JPEG + b"\x00" * 200_000)
    length = {} if honest else {"CONTENT_LENGTH": "90000"}
    path = f"/demarches/signalement-voirie/remplir/{report.id}/lieu/"
    assert client.post(path, {"photo": upload}, **length).status_code == (400 if honest else 422)
    assert not list(folder.rglob("*"))


def test_a_file_chosen_joins_its_question_alone_and_leaves_the_rest_of_the_page_as_it_is(client, report, cookie):
    client.cookies.update(cookie)
    path = f"/demarches/signalement-voirie/remplir/{report.id}/lieu/"
    before = report.filling.answers

    def join(name: str, content: bytes) -> tuple[int, str]:
        answer = client.post(
            path, {name: SimpleUploadedFile("photo.jpg", content)}, headers={"X-Joining": name}
        )  # fmt: skip
        return answer.status_code, answer.text

    refused, wrong = join("photo", b"bonjour")
    assert refused == 422 and 'id="champ-photo-erreur"' in wrong and "<html" not in wrong
    status, drawn = join("photo", JPEG)
    assert status == 200 and "photo.jpg" in drawn and 'id="q-champ-photo"' in drawn
    assert join("description", JPEG)[0] == 400
    assert report.filling.answers == before
