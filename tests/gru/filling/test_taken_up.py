"""A form on the page: for whom it is, taken up elsewhere, moved to a new version, refused at once; and light."""

import json
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.gru.contracts.making import contract
from tests.gru.filling.fair import asked, page, source
from tests.gru.portal.journey import picture

from etoile.gru.access.models import Authority
from etoile.gru.cases.models import Case
from etoile.gru.documents.models import Document
from etoile.gru.filling.models import Draft
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.services import close, load
from etoile.gru.notices import mail
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent
from etoile.gru.portal.views.resuming import WRONG_CODES

YOU = {"nom": "Martin", "courriel": "camille@exemple.fr", "motif": "Vide-grenier"}
START = "/demarches/brocante/remplir/"
HTMX = {"hx-request": "true"}


@pytest.fixture
def publish(town, folder):
    """Put these data in service, whatever the legal sheet lacks: what is looked at is the form."""
    cache.clear()

    def published(data):
        version = load(town.authority, data)
        ProcedureVersion.objects.filter(pk=version.pk).update(state="published")
        Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
        return version

    return published


def simple(*questions, **more):
    data = source()
    return {**data, "pages": [page("stand", *questions), data["pages"][1]], **more}


def begun(client, **form):
    return client.post(START, form)["Location"]


def html_of(client, address):
    return client.get(address).content.decode()


def sent(client, address):
    answer = client.post(address, YOU)
    return client.post(answer["Location"])


def test_for_whom_it_is_goes_with_the_request_everywhere(client, publish):
    publish(simple(asked("objets", "text"), audience=["individuals", "associations"]))
    refused = client.post(START, {"name": "Les Amis du marché"})
    assert refused.status_code == 422 and '<details id="pour-qui" open>' in refused.content.decode()
    told = {"on_behalf_of": "association", "name": "Les Amis du marché", "capacity": "mandate"}
    contract(Authority.objects.get(), procedures=["brocante"])
    first = begun(client, **told, sworn="on")
    assert "Les Amis du marché" in html_of(client, first)
    sent(client, client.post(first, {"objets": "Livres"})["Location"])
    case = Case.objects.get()
    assert case.mandate == told
    assert json.loads(OutgoingEvent.objects.get(subject=case.subject).body)["data"]["mandate"] == told
    assert case.history.get(verb="submit").detail["mandate"] == told
    assert "Les Amis du marché" in html_of(client, f"/suivi/{case.tracking_key}/")
    assert Draft.objects.get().mandate == {}


def test_a_request_for_oneself_says_nothing_of_a_mandate(client, publish):
    publish(simple(asked("objets", "text"), audience=["individuals"]))
    sent(client, client.post(begun(client), {"objets": "Livres"})["Location"])
    assert "mandate" not in json.loads(OutgoingEvent.objects.get().body)["data"]


def test_a_form_is_taken_up_on_another_device_by_its_code_or_its_link_until_it_is_sent(client, publish):
    publish(simple(asked("objets", "text")))
    first = begun(client)
    later = client.post(first, {"objets": "Livres", "later": "1"})["Location"]
    code = re.search(r'<dd class="reference">([0-9A-Z-]{14})</dd>', html_of(client, later))[1]
    client.post(later, {"email": "camille@exemple.fr"})
    notice = Notice.objects.get(template="draft_link")
    link = re.search(r"/demarches/reprendre/\S+", mail.compose(notice).body)[0]
    # What opens the form is in no table.
    assert code not in str(list(Draft.objects.values())) and link.split("/")[3] not in str(notice.context)
    phone, tablet = Client(), Client()
    assert phone.get(first).status_code == 302
    assert follow(phone.post("/demarches/reprendre/", {"code": code.lower()}), phone).endswith("/vous/")
    assert "Livres" in html_of(phone, first)
    assert tablet.get(link).status_code == 200 and tablet.get(first).status_code == 302
    assert follow(tablet.post(link), tablet).endswith("/vous/")
    assert "Livres" in html_of(tablet, first)
    assert client.get(first).status_code == 200
    sent(client, client.post(first, {"objets": "Livres"})["Location"])
    stranger = Client()
    assert stranger.post("/demarches/reprendre/", {"code": code}).status_code == 422
    assert stranger.post(link)["Location"] == "/suivi/"


def follow(answer, client):
    return client.get(answer["Location"])["Location"]


def test_codes_are_not_tried_without_end_and_a_right_one_is_not_counted(client, publish):
    publish(simple(asked("objets", "text")))
    later = client.post(begun(client), {"later": "1"})["Location"]
    code = re.search(r'<dd class="reference">([0-9A-Z-]{14})</dd>', html_of(client, later))[1]
    for _ in range(WRONG_CODES.count - 1):
        assert client.post("/demarches/reprendre/", {"code": "K7QM-3XPT-9DBR"}).status_code == 422
    for _ in range(3):
        assert Client().post("/demarches/reprendre/", {"code": code}).status_code == 302
    client.post("/demarches/reprendre/", {"code": "K7QM-3XPT-9DBR"})
    assert "Réessayez dans dix minutes" in client.post("/demarches/reprendre/", {"code": code}).content.decode()


@pytest.mark.parametrize("token", ["rien", "a:b:c"])
def test_a_link_that_opens_nothing_says_so(client, publish, token):
    assert client.get(f"/demarches/reprendre/{token}/").status_code == 404


def test_a_new_version_is_followed_shows_what_it_set_aside_and_is_read_again_before_sending(client, publish):
    publish(simple(asked("objets", "text"), asked("stand", "text")))
    first = begun(client)
    you = client.post(first, {"objets": "Livres", "stand": "Au soleil"})["Location"]
    summary = client.post(you, YOU)["Location"]
    publish(simple(asked("stand", "text"), asked("mesure", "integer", required=True)))
    # Confirmed as it was read, under what is no longer in force: nothing is sent.
    assert client.post(summary)["Location"] == summary
    assert Case.objects.count() == 0
    assert client.get(summary)["Location"] == first
    html = html_of(client, first)
    assert "Cette démarche a changé" in html and 'value="Au soleil"' in html
    assert 'id="de-cote"' in html and "Livres" in html
    assert client.post(first, {"stand": "Au soleil", "mesure": "3"})["Location"] == you
    client.post(client.post(you, YOU)["Location"])
    assert "Livres" not in json.dumps(Case.objects.get().answers)


def test_what_is_typed_under_the_version_before_is_kept_by_the_page_that_asked_it(client, publish):
    publish(simple(asked("objets", "text")))
    first = begun(client)
    publish(simple(asked("objets", "long_text")))
    client.post(first, {"objets": "Livres"})
    assert ">Livres</textarea>" in html_of(client, first)


def test_a_procedure_closed_meanwhile_says_why_and_sends_nothing(client, publish):
    version = publish(simple(asked("objets", "text")))
    summary = client.post(client.post(begun(client), {"objets": "Livres"})["Location"], YOU)["Location"]
    close(Procedure.objects.get(pk=version.procedure_id), reason="La brocante a eu lieu.")
    assert client.post(summary)["Location"] == "/demarches/brocante/"
    assert "La brocante a eu lieu." in html_of(client, "/demarches/brocante/")
    assert Case.objects.count() == 0


def test_a_file_whose_question_is_hidden_or_gone_is_not_sent_nor_kept(client, publish):
    shown = {"field": "preuve", "op": "equals", "value": True}
    publish(simple(asked("preuve", "yes_no"), asked("piece", "file", visible_when=shown), asked("plan", "file")))
    first = begun(client)
    client.post(first, {"preuve": "yes", "stay": "1"})
    for name in ("piece", "plan"):
        client.post(first, {"preuve": "yes", name: picture(), "attach": name})
    assert Document.objects.count() == 2
    publish(simple(asked("preuve", "yes_no"), asked("piece", "file", visible_when=shown)))
    assert "trou.png" in html_of(client, first)
    sent(client, client.post(first, {"preuve": "no"})["Location"])
    assert (Case.objects.count(), Document.objects.count()) == (1, 0)


def test_who_cannot_ask_is_told_at_once_why_and_where_to_go(client, publish):
    refusal = {
        "id": "trop",
        "when": {"field": "ventes", "op": "gte", "value": 2},
        "message": {"fr": "Deux ventes par an au plus."},
        "where": {"fr": "Revenez l’an prochain."},
        "link": "https://exemple.example/ventes",
    }
    publish(simple(asked("ventes", "integer", required=True), ineligible=[refusal]))
    first = begun(client)
    html = html_of(client, first)
    known = {name: re.search(rf'id="{name}" value="([^"]*)"', html)[1] for name in ("stamp", "shown")}
    live = client.post(first, {"ventes": "2", **known}, headers=HTMX).content.decode()
    whole = client.post(first, {"ventes": "2"})
    assert whole.status_code == 422
    for said in (live, whole.content.decode()):
        assert "Deux ventes par an au plus." in said and "Revenez l’an prochain." in said
        assert 'href="https://exemple.example/ventes"' in said
    assert client.post(first, {"ventes": "1"})["Location"].endswith("/vous/")


def test_a_form_of_two_hundred_questions_is_updated_and_sent_in_twenty_statements(client, publish):
    asks = [asked("q0", "yes_no")]
    shown = {"field": "q0", "op": "equals", "value": True}
    asks += [asked(f"q{n}", "text", visible_when=shown if n % 2 else None) for n in range(1, 200)]
    publish(simple(*[{key: value for key, value in each.items() if value is not None} for each in asks]))
    first = begun(client)
    html = html_of(client, first)
    known = {name: re.search(rf'id="{name}" value="([^"]*)"', html)[1] for name in ("stamp", "shown")}
    typed = {"q0": "yes", **{f"q{n}": "Réponse" for n in range(2, 200, 2)}}
    with CaptureQueriesContext(connection) as update:
        answer = client.post(first, typed | known, headers=HTMX)
    assert answer.content.decode().count('class="question"') == 100
    assert len(update) <= 20
    summary = client.post(client.post(first, typed)["Location"], YOU)["Location"]
    with CaptureQueriesContext(connection) as sending:
        client.post(summary)
    assert Case.objects.count() == 1
    statements = [each["sql"] for each in sending if "SAVEPOINT" not in each["sql"]]
    assert len(statements) <= 16
