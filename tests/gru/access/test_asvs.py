"""Requirements of OWASP ASVS 5.0 that no other test of the rooms shows: each by its number."""

import io
import json
import logging
from pathlib import Path

import pytest
import structlog
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.gru.access import matrix
from tests.gru.api.calling import ANSWERS, Caller
from tests.gru.conftest import log_in
from tests.gru.portal.conftest import make_town
from tests.gru.portal.journey import REPORT, filled, picture, started

from etoile.gru import settings as gru
from etoile.gru.cases import services
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import State
from etoile.gru.notices import mail
from etoile.gru.notices import services as notices
from etoile.gru.notices.models import Notice
from etoile.gru.portal.views import tracking
from etoile.runtime import logs
from etoile.runtime.security import django_security
from etoile.runtime.settings import Environment

# Answered without a token of our forms: they carry a proof of their own.
WITHOUT_TOKEN = ("api/", "inbox/", "documents/", "health/", "design/", "scim/")
PASSWORD = "une phrase assez longue"
TYPED = "{{ 7*7 }} {% now 'Y' %} ${7*7} #{7*7}"
CANARIES = ("Zebulonne", "Canaristan", "zebulonne@canari.example", "0698765432", "fosse aux canaris", "CANARI-MESSAGE")


@pytest.mark.exigence("ASVS 3.3.1")
def test_cookies_of_production_are_for_this_host_over_https_and_unseen_by_scripts():
    found = django_security(Environment("gru", source={"ETOILE_ENV": "production"}))
    for name in ("SESSION", "CSRF"):
        assert found[f"{name}_COOKIE_NAME"].startswith("__Host-")
        kept = [found[f"{name}_COOKIE_{each}"] for each in ("SECURE", "HTTPONLY", "SAMESITE")]
        assert kept == [True, True, "Lax"]


@pytest.mark.exigence("ASVS 11.4.2")
def test_passwords_are_hashed_by_scrypt_with_16_megabytes_at_least():
    """RFC 7914; in tests alone a hash is quick."""
    source = Path(gru.__file__).read_text(encoding="utf-8")
    assert 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]' in source
    assert 128 * ScryptPasswordHasher.work_factor * ScryptPasswordHasher.block_size >= 16 * 1024 * 1024


@pytest.mark.exigence("ASVS 3.5.1")
def test_no_form_is_taken_without_its_token(agent, monkeypatch):
    monkeypatch.setattr("django.template.loader.render_to_string", lambda *args, **kwargs: "")
    browser, wrong = Client(enforce_csrf_checks=True), []
    log_in(browser, agent)
    taken = {"courriels/<str:token>/arret"}
    for route in matrix.all_routes():
        if route.path.startswith(WITHOUT_TOKEN) or route.path in taken:
            continue
        answer = browser.post(route.address({}))
        if answer.status_code != 403:
            wrong.append(f"{route.path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.exigence("ASVS 1.3.7")
def test_what_is_typed_is_no_template(town, client):
    case = town.submit(answers={"motif": TYPED})
    log_in(client, town.agent)
    services.post_message(case.pk, services.actors.agent(town.agent), TYPED)
    for address in (f"/agents/demandes/{case.pk}/", f"/suivi/{case.tracking_key}/"):
        page = client.get(address).content.decode()
        assert "{{ 7*7 }}" in page
        assert "${7*7}" in page


@pytest.mark.exigence("ASVS 15.3.3")
def test_what_is_not_asked_is_not_taken(town):
    caller = Caller(town)
    caller.sign_in()
    more = {"state": "accepted", "agent_id": town.agent.pk, "assignee": town.agent.pk, "authority": 1}
    answer = caller.create({"procedure": "acte", "answers": ANSWERS | more, **more})
    kept = Case.objects.filter(authority=town.authority).first()
    assert answer.status_code == 422 or (kept.state, kept.assigned_to_id) == (State.SUBMITTED, None)
    assert kept is None or not set(more) & set(kept.answers)


@pytest.fixture
def lines():
    """All that would be written at the lowest level, by our own code and by libraries; call it to read."""
    root = logging.getLogger()
    handlers, levels = root.handlers[:], (root.level, logging.getLogger("etoile").level)
    stream = io.StringIO()
    logs.configure("gru", level="DEBUG", stream=stream)
    yield stream.getvalue
    root.handlers, root.level = handlers, levels[0]
    logging.getLogger("etoile").setLevel(levels[1])
    structlog.reset_defaults()


@pytest.mark.exigence("ASVS 16.2.5")
@pytest.mark.exigence("ASVS 16.5.1")
def test_what_a_person_writes_is_in_no_line_nor_on_a_page_of_error(db, lines, settings, tmp_path, monkeypatch):
    cache.clear()
    settings.DOCUMENTS_FOLDER, settings.SMTP_URL = tmp_path, "smtp://127.0.0.1:1"
    make_town()
    name, town, email, phone, described, written = CANARIES
    person = Client(raise_request_exception=False)
    contact = REPORT["vos-coordonnees"] | {
        "applicant_family_name": name,
        "applicant_email": email,
        "applicant_phone": phone,
        "applicant_address.city": town,
    }
    answers = REPORT | {
        "probleme": REPORT["probleme"] | {"description": described},
        "vos-coordonnees": contact,
    }
    # Refused first: a page with errors, a file that is none, an address that is no page.
    person.post(started(person), {"description": described, "applicant_email": f"{email}@"})
    person.get(f"/demarches/{name}/remplir/?q={email}")
    address = filled(person, answers | {"lieu": REPORT["lieu"] | {"photo": picture(f"{name}.png")}})
    person.post(address)
    case = Case.objects.get()
    follow = f"/suivi/{case.tracking_key}/"
    person.post(f"{follow}messages/", {"message": written})
    # The worker, while the mail server is away; then what the database refuses, and what nobody foresaw.
    for notice in Notice.objects.all():
        with pytest.raises(mail.Unavailable):
            notices.send(notice.pk)

    def fail(*args, **kwargs):
        raise ValueError(f"{name} {email} {written}")

    monkeypatch.setattr(tracking.services, "post_message", fail)
    broken = person.post(f"{follow}messages/", {"message": written})
    assert broken.status_code == 500
    said = lines()
    assert any(json.loads(line).get("error") == "builtins.ValueError" for line in said.splitlines())
    told = [each for each in (*CANARIES, case.tracking_key) if each in said or each in broken.content.decode()]
    assert told == []


@pytest.mark.exigence("ASVS 6.3.1")
def test_a_kiosk_where_somebody_forgot_a_password_is_open_to_the_next_person(town):
    """The account and the address are counted together: many wrong passwords of one leave the others in."""
    cache.clear()
    town.agent.set_password(PASSWORD)
    town.agent.save()
    kiosk, signing = Client(REMOTE_ADDR="192.0.2.7"), reverse("backoffice:sign-in")
    for number in range(12):
        refused = kiosk.post(signing, {"username": "distrait@valmont.example", "password": f"non {number}"})
    assert refused.status_code == 429
    assert kiosk.post(signing, {"username": town.agent.email, "password": PASSWORD}).status_code == 302
