"""What is stuck between the hub and us waits on a page, for those who answer for a team, until they decide."""

import pytest
from django.urls import reverse

from etoile.contract.envelope import make
from etoile.contract.identifiers import uuid7
from etoile.gru.access.models import Membership, Role, Sector, Team
from etoile.gru.inbox.models import IncomingEvent
from etoile.gru.inbox.services import receive
from etoile.gru.outbox.models import OutgoingEvent
from tests.gru.conftest import log_in, make_agent, make_town, text

PAGE = "/agents/anomalies/"


@pytest.fixture
def refused(case):
    event = OutgoingEvent.objects.get(subject=case.subject)
    event.state = "refused"
    event.problem = {"title": "Contrat non respecté", "errors": [{"pointer": "/data", "detail": "champ inconnu"}]}
    event.save()
    return event


@pytest.fixture
def quarantined(town):
    return IncomingEvent.objects.create(
        source="voirie",
        event_id="1",
        type="org.etoile.case.status_changed.v1",
        subject="case/inconnue",
        authority=town.authority.siret,
        digest=b"0" * 32,
        body="{}",
        state="quarantined",
        why="demande inconnue dans cette collectivité",
    )


@pytest.fixture
def everywhere(manager):
    """The same manager, for the whole authority."""
    Membership.objects.filter(account=manager).update(team=None)
    return manager


def outgoing(event):
    return reverse("backoffice:outgoing", args=[event.id])


def incoming(row):
    return reverse("backoffice:incoming", args=[row.pk])


def test_the_page_is_for_managers_and_administrators_only(client, town, refused, quarantined):
    assert client.get(PAGE).status_code == 302
    log_in(client, town.agent)
    for answer in (
        client.get(PAGE),
        client.post(outgoing(refused), {"retry": "1"}),
        client.post(incoming(quarantined)),
    ):
        assert answer.status_code == 403
    assert "Anomalies" not in text(client.get(reverse("backoffice:inbox")))
    Membership.objects.update(role=Role.ADMINISTRATOR, team=None)
    assert client.get(PAGE).status_code == 200


def test_an_empty_page_says_that_all_is_well(client, manager):
    assert "Rien à faire ici" in text(client.get(PAGE))


def test_what_is_stuck_is_shown_with_its_reason_and_without_its_content(client, everywhere, case, refused, quarantined):
    OutgoingEvent.objects.create(
        id=case.pk, type="org.etoile.case.updated.v1", subject=case.subject, authority=refused.authority, body="{}"
    )
    page = text(client.get(PAGE))
    for words in ("Demande déposée", case.reference, "Contrat non respecté – champ inconnu", "1 évènement attend"):
        assert words in page
    assert "voirie" in page
    assert "demande inconnue" in page
    assert "camille.martin" not in page
    assert 'count-attention">2<' in text(client.get(reverse("backoffice:inbox")))


def test_an_event_offered_again_leaves_the_page(client, manager, refused):
    client.post(outgoing(refused), {"retry": "1"})
    refused.refresh_from_db()
    assert (refused.state, refused.problem) == ("pending", None)
    assert "Rien à faire ici" in text(client.get(PAGE))


def test_giving_up_needs_a_reason_which_is_kept_with_its_author(client, manager, refused):
    field = f"sortant-{refused.id}-reason"
    answer = client.post(outgoing(refused), {"drop": "1", field: " "})
    assert answer.status_code == 422
    assert "Écrivez le motif" in text(answer)
    assert OutgoingEvent.objects.get(pk=refused.pk).state == "refused"
    client.post(outgoing(refused), {"drop": "1", field: "Doublon d’un essai"})
    refused.refresh_from_db()
    assert refused.state == "cancelled"
    assert refused.reason == "Doublon d’un essai (Nadia Leroy)"


def test_a_decision_already_taken_is_said_and_changes_nothing(client, manager, refused):
    client.post(outgoing(refused), {"retry": "1"})
    page = text(client.post(outgoing(refused), {"drop": "1", f"sortant-{refused.id}-reason": "Trop tard"}, follow=True))
    assert "rien n’a été fait" in page
    assert OutgoingEvent.objects.get(pk=refused.pk).state == "pending"


def news(siret, **case):
    said = {"case": case, "status": "received", "occurred_at": "2027-01-15T10:00:00Z"}
    return make("org.etoile.case.status_changed.v1", source="voirie", subject="case/x", authority=siret, data=said)


def test_news_of_a_case_still_unknown_stays_until_it_is_set_aside(client, everywhere, town):
    receive(news(town.authority.siret, reference="26-ZZZZ-9"))
    row = IncomingEvent.objects.get()
    assert "toujours inconnue" in text(client.post(incoming(row), {"retry": "1"}, follow=True))
    client.post(incoming(row), {"drop": "1", f"entrant-{row.pk}-reason": "Essai de l’éditeur"})
    row.refresh_from_db()
    assert row.state == "dismissed"
    assert row.why == "Essai de l’éditeur (Nadia Leroy)"
    assert "rien n’a été fait" in text(client.post(incoming(row), {"retry": "1"}, follow=True))


def test_news_that_came_before_its_case_is_applied_once_the_case_is_there(client, everywhere, town):
    identity = uuid7()
    receive(news(town.authority.siret, id=str(identity), reference="26-AAAA-2"))
    row = IncomingEvent.objects.get(state="quarantined")
    town.submit(case_id=identity)
    assert "appliquée" in text(client.post(incoming(row), {"retry": "1"}, follow=True))
    row.refresh_from_db()
    assert row.state != "quarantined"
    assert row.case_id == identity


def test_what_belongs_to_another_authority_cannot_be_seen_nor_decided(client, town, refused, quarantined):
    elsewhere = make_town("21490888800016", "bourg")
    stranger = make_agent(elsewhere.authority, elsewhere.team, "chef@bourg.example")
    Membership.objects.filter(account=stranger).update(role=Role.ADMINISTRATOR, team=None)
    town.authority.host, elsewhere.authority.host = "valmont.test", "testserver"
    town.authority.save()
    elsewhere.authority.save()
    log_in(client, stranger)
    assert "Rien à faire ici" in text(client.get(PAGE))
    client.post(outgoing(refused), {"retry": "1"})
    client.post(incoming(quarantined), {"drop": "1", f"entrant-{quarantined.pk}-reason": "Non"})
    refused.refresh_from_db()
    quarantined.refresh_from_db()
    assert (refused.state, quarantined.state) == ("refused", "quarantined")


def test_a_manager_decides_of_their_sector_only_and_of_nothing_that_is_of_no_sector(
    client, town, manager, refused, quarantined
):
    sector = Sector.objects.create(authority=town.authority, slug="social", name="Action sociale")
    team = Team.objects.create(authority=town.authority, slug="ccas", name="CCAS", sector=sector)
    assert client.post(incoming(quarantined), {"retry": "1"}).status_code == 404
    Membership.objects.filter(account=manager).update(team=team)
    assert "Rien à faire ici" in text(client.get(PAGE))
    for act in ({"retry": "1"}, {"drop": "1", f"sortant-{refused.id}-reason": "Non"}):
        assert client.post(outgoing(refused), act).status_code == 404
    refused.refresh_from_db()
    quarantined.refresh_from_db()
    assert (refused.state, quarantined.state) == ("refused", "quarantined")
    OutgoingEvent.objects.filter(pk=refused.pk).update(subject="person/inconnue")
    assert "Rien à faire ici" in text(client.get(PAGE))
    Membership.objects.filter(account=manager).update(team=None)
    assert "Contrat non respecté" in text(client.get(PAGE))
