"""An opinion is asked by a link that shows what was chosen, given once, kept; the link dies."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests.gru.conftest import log_in, text
from tests.gru.documents.samples import PDF

from etoile.gru.access.models import Account, Membership, Role, Team
from etoile.gru.audit.models import Entry
from etoile.gru.cases import queries, services
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import History
from etoile.gru.documents.models import Document
from etoile.gru.notices.links import address
from etoile.gru.notices.models import Notice
from etoile.gru.opinions import services as opinions
from etoile.gru.opinions.links import token_of
from etoile.gru.opinions.models import Opinion


def paper(town, case, name):
    return Document.objects.create(authority=town.authority, holder=case.pk, field="piece", name=name,
                                   media_type="application/pdf", size=1, sha256="0" * 64)  # fmt: skip


def ask(town, case, **more):
    given = {"name": "ABF", "email": "abf@culture.example", "question": "Le projet convient-il ?"}
    limit = timezone.localdate() + timedelta(days=10)
    return opinions.ask(case.pk, town.agent, deadline=limit, **{**given, **more})


def link(opinion):
    return reverse("portal:invitation", args=[token_of(opinion.pk)])


def test_an_opinion_is_asked_given_once_and_kept(client, town, case):
    """The agent's form, the mail, the page without account, the answer with a file, the case and its PDF."""
    shown, hidden = paper(town, case, "plan.pdf"), paper(town, case, "revenus.pdf")
    log_in(client, town.agent)
    here = reverse("backoffice:opinions", args=[case.pk])
    limit = (timezone.localdate() + timedelta(days=10)).isoformat()
    typed = {"version": case.version, "to": "ailleurs", "name": "ABF", "deadline": limit, "question": "Convient-il ?",
             "fields_shown": ["motif"], "documents": [str(shown.pk)]}  # fmt: skip
    typed = {f"avis-{name}": value for name, value in typed.items()}
    assert client.post(here, typed).status_code == 422
    client.post(here, {**typed, "avis-email": "abf@culture.example"})
    opinion, moved = Opinion.objects.get(), town.case(case)
    assert (moved.substate, moved.answered_at, moved.silence_date) == ("opinion_asked", None, case.silence_date)
    notice = Notice.objects.get(template="opinion_asked")
    assert notice.recipient_email == "abf@culture.example"
    assert address(notice).endswith(link(opinion))

    client.logout()
    page = text(client.get(link(opinion)))
    for seen in ("Convient-il ?", "Mariage", "plan.pdf"):
        assert seen in page
    for unseen in ("arachide", "revenus.pdf", "Martin"):
        assert unseen not in page
    stolen = reverse("portal:invitation_document", args=[token_of(opinion.pk), hidden.pk])
    assert client.get(stolen).status_code == 404
    assert client.post(link(opinion), {"outcome": "unfavourable", "text": ""}).status_code == 422
    answer = {"outcome": "reserved", "text": "Gardez les volets.", "author": "D. Leroy",
              "documents": SimpleUploadedFile("avis.pdf", PDF)}  # fmt: skip
    assert "Votre avis est rendu" in text(client.post(link(opinion), answer, follow=True))
    assert client.post(link(opinion), {"outcome": "favourable"}).status_code == 422

    opinion.refresh_from_db()
    moved = town.case(case)
    assert (opinion.outcome, opinion.is_late, moved.substate, moved.state) == ("reserved", False, "", "in_progress")
    assert [each.verb for each in History.objects.filter(case=case)] == ["submit", "opinion_asked", "opinion_given"]
    assert queries.chain_is_whole(moved)
    assert "Gardez les volets" not in text(client.get(reverse("portal:follow", args=[case.tracking_key])))
    log_in(client, town.agent)
    seen = text(client.get(reverse("backoffice:case", args=[case.pk])))
    for words in ("Gardez les volets", "avis.pdf", "D. Leroy", "Favorable avec réserves"):
        assert words in seen
    assert client.get(reverse("backoffice:opinion-paper", args=[case.pk, opinion.pk])).content.startswith(b"%PDF")
    given = Document.objects.get(holder=opinion.pk)
    opened = client.get(reverse("backoffice:opinion-document", args=[case.pk, opinion.pk, given.pk]))
    assert b"".join(opened.streaming_content) == PDF
    assert Entry.objects.filter(action="case.document", case_id=case.pk).count() == 1


def test_a_link_that_is_forged_revoked_expired_or_of_an_ended_case_opens_nothing(client, town, case):
    first, second = ask(town, case), ask(town, case)
    assert client.get(link(first)[:-5] + "aaaa/").status_code == 404
    opinions.revoke(first.pk, town.agent)
    assert client.get(link(first)).status_code == 404
    assert town.case(case).substate == "opinion_asked"
    services.decide(case.pk, town.agent, outcome="accepted")
    assert client.post(link(second), {"outcome": "favourable"}).status_code == 404
    with pytest.raises(CaseError):
        opinions.give(second.pk, outcome="favourable", text="", author="")
    Opinion.objects.filter(pk=second.pk).update(expires_on=timezone.localdate())
    assert client.get(link(second)).status_code == 404


def test_a_late_opinion_is_reminded_once_taken_and_said_late(client, town, case):
    team = Team.objects.create(authority=town.authority, sector=town.sector, slug="voirie", name="Voirie",
                               email="voirie@valmont.example")  # fmt: skip
    opinion = ask(town, case, team=team)
    assert opinion.email == "voirie@valmont.example"
    assert opinions.remind() == 0
    yesterday = timezone.localdate() - timedelta(days=1)
    Opinion.objects.update(deadline=yesterday)
    assert (opinions.remind(), opinions.remind()) == (1, 0)
    client.post(link(opinion), {"outcome": "none", "text": ""})
    opinion.refresh_from_db()
    assert (opinion.outcome, opinion.is_late) == ("none", True)


def test_what_the_person_must_send_stays_what_is_waited_for(town, case):
    soon = timezone.localdate() + timedelta(days=9)
    services.ask_document(case.pk, town.agent, items=[{"name": "Livret"}], deadline=soon)
    opinion = ask(town, case)
    assert town.case(case).substate == "documents_asked"
    opinions.revoke(opinion.pk, town.agent)
    assert town.case(case).substate == "documents_asked"


def test_whoever_may_only_read_asks_no_opinion(client, town, case):
    reader = Account.objects.create(authority=town.authority, email="lecture@valmont.example")
    Membership.objects.create(account=reader, team=town.team, role=Role.READER)
    log_in(client, reader)
    opinion = ask(town, case)
    assert client.get(reverse("backoffice:opinions", args=[case.pk])).status_code == 403
    assert client.post(reverse("backoffice:opinion-revoke", args=[case.pk, opinion.pk])).status_code == 403


def test_the_files_of_an_opinion_go_with_its_case(town, case):
    opinion = ask(town, case)
    Document.objects.create(authority=town.authority, holder=opinion.pk, field="opinion", name="avis.pdf",
                            media_type="application/pdf", size=1, sha256="0" * 64)  # fmt: skip
    opinions.forget_documents(case.pk)
    assert not Document.objects.filter(holder=opinion.pk).exists()
