"""The town of the demonstration at work: drafts at each step, requests in each state, what waits for a person."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from etoile.gru.access.models import Account, Role, Team
from etoile.gru.cases import actors, asking, attestation, notification, services
from etoile.gru.cases.clock import implicit
from etoile.gru.cases.models import Case, Handoff
from etoile.gru.cases.states import State
from etoile.gru.documents.models import Document
from etoile.gru.filling.models import Draft
from etoile.gru.filling.resuming import token_of
from etoile.gru.inbox.models import IncomingEvent
from etoile.gru.outbox.models import OutgoingEvent
from tests.browser.gru import (
    administration,
    after_entries,
    archives,
    batching,
    consulting,
    counter,
    designing,
    desk,
    endings,
    federation_entries,
    people_entries,
    procedures,
    rights_entries,
    space_entries,
    ties_entries,
)
from tests.browser.gru.door_entries import key_of, knocking
from tests.browser.harness.site import Scenery
from tests.gru.conftest import log_in
from tests.gru.portal.journey import REPORT, filled, picture, started

TOWN = Path(__file__).parents[3] / "src" / "etoile" / "demo" / "town"
AGENT = "charlie.garnier@valmont-sur-loire.example"
ADMINISTRATOR = "alix.moreau@valmont-sur-loire.example"
# A street that the hub found, a zone of the town's table.
ASKED = {
    "rue_ecrite": "rue des la",
    "rue": {"state": "fetched", "at": "2026-11-28T08:00:00+00:00",
            "offered": [{"code": "0010", "nom": "Rue des Lavoirs"}, {"code": "0060", "nom": "Rue des Lances"}]},
    "zone": {"key": "P", "label": "Zone verte, port", "tarif": "30"},
}  # fmt: skip


def build() -> Scenery:
    call_command("gru_load", str(TOWN / "town.yaml"), verbosity=0)
    call_command("gru_content", str(TOWN / "content.yaml"), verbosity=0)
    agent = Account.objects.get(email=AGENT)
    administrator = Account.objects.get(email=ADMINISTRATOR)
    administrator.memberships.update(role=Role.ADMINISTRATOR, team=None)
    teams = Team.objects.filter(authority=administrator.authority).select_related("authority")
    designing.build(teams.order_by("pk")[0], administrator)
    person = Client()
    new, busy, decided, withdrawable, silent, withdrawn = (send(person) for _ in range(6))
    keeper, archived = archives.build(agent.authority, send(person), send(person))
    occupy(busy, agent)
    services.start(decided.pk, agent)
    notification.choose(decided.pk, actors.person("Camille Martin"), agrees=True)
    services.decide(decided.pk, agent, outcome=State.REFUSED, reasons="La rue n’appartient pas à la commune.")
    accept_by_silence(silent)
    OutgoingEvent.objects.filter(subject=new.subject).update(state="refused", problem={"title": "Contrat"})
    held = quarantine(agent)
    procedures.prepare(administrator)
    federation_entries.build(agent.authority)
    place, summary, card = started(person), filled(person), started(person, "stationnement-resident")
    Draft.objects.filter(pk=draft_of(card)).update(answers=ASKED)
    places = {
        "draft": draft_of(place),
        "ready": draft_of(summary),
        "card": draft_of(card),
        "rows": draft_of(stand(person, "0")),
        "refused": draft_of(stand(person, "2")),
        "token": token_of(UUID(draft_of(place))),
        "sent": str(new.pk),
        "new": str(new.pk),
        "busy": str(busy.pk),
        "decided": str(decided.pk),
        "new_key": new.tracking_key,
        "busy_key": busy.tracking_key,
        "decided_key": decided.tracking_key,
        "silent": str(silent.pk),
        "silent_key": silent.tracking_key,
        "passkey": key_of(agent),
        **desk.build(agent, busy=busy, watched=withdrawable, double=send(person)),
        **endings.build(withdrawn, silent),
        "other_key": withdrawable.tracking_key,
        "document": str(Document.objects.filter(holder=new.pk).values_list("pk", flat=True).first()),
        "document_case": str(new.pk),
        "held": str(held),
        **archived,
        **counter.build(agent, timezone.localdate().isoformat()),
        **consulting.build(busy.pk, agent),
        **after_entries.build(send(person), agent),
        **space_entries.build(agent.authority, [each.pk for each in (new, busy, decided)] + [UUID(draft_of(place))]),
        **people_entries.build(busy, agent),
        **ties_entries.mandated(send(person)),
        **batching.build(agent, [new.pk, busy.pk]),
        **administration.build(administrator, agent),
        **rights_entries.build(send(person)),
        "outgoing": str(OutgoingEvent.objects.get(state="refused").id),
    }
    cookies = {"person": cookies_of(person), **sessions_of(agent, administrator, archivist=keeper)}
    cookies |= knocking(agent) | space_entries.cookies()
    return Scenery({name: str(value) for name, value in places.items()}, cookies)


def sessions_of(agent: Account, administrator: Account, *, archivist: Account) -> dict[str, dict[str, str]]:
    """The cookies of the agents who are signed in, by what they do."""
    officer = rights_entries.officer(agent.authority)
    signed_in = {"agent": agent, "administrator": administrator, "archivist": archivist, "officer": officer}
    return {name: session_of(who) for name, who in signed_in.items()}


def send(person: Client) -> Case:
    """A hole in the road, reported through the pages with its photograph."""
    address = started(person)
    for page, values in REPORT.items():
        given = {**values, "photo": picture()} if page == "lieu" else values
        address = person.post(address, given)["Location"]
    receipt = person.post(address)["Location"]
    return Case.objects.get(pk=draft_of(receipt))


def stand(person: Client, sales: str) -> str:
    """A stand at the fair, half described: a row, a hidden question shown, a price; refused from two sales a year."""
    address = started(person, "vide-grenier")
    row = "stands.aaaaaaaa"
    given = {"vendeur": "particulier", "ventes_annee": sales, "stands.rows": "aaaaaaaa"}
    person.post(address, given | {f"{row}.metres": "4", f"{row}.voiture": "yes", "stay": "1"})
    return address


def accept_by_silence(case: Case) -> None:
    """Its delay ended yesterday, and the person asked for the attestation."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Case.objects.filter(pk=case.pk).update(silence_regime="accept", silence_date=yesterday)
    implicit.decide_due()
    attestation.attest(case.pk, actors.person())
    case.refresh_from_db()


def occupy(case: Case, agent: Account) -> None:
    """Everything that a request can have: messages, a document asked, a deadline, a hand-over that waits."""
    soon = timezone.localdate() + timedelta(days=3)
    services.start(case.pk, agent)
    services.post_message(case.pk, actors.agent(agent), "Bonjour, de quel côté de la rue est le trou ?")
    services.post_message(case.pk, actors.person("Camille Martin"), "Bonjour.\nDu côté de la boulangerie.")
    listed = ("Une photographie de loin", "Le plan de la rue", "L’acte de propriété")
    items = [{"name": name, "to_translate": name == listed[2]} for name in listed]
    asked = services.ask_document(case.pk, agent, items=items, deadline=soon)
    asking.receive(case, asked.pk, [1], timezone.localdate())
    Case.objects.filter(pk=case.pk).update(silence_date=soon)
    Handoff.objects.create(
        case=case,
        delivery="d1",
        message_type="org.etoile.case.submitted.v1",
        application="voirie",
        application_name="Services techniques",
        state=Handoff.State.WAITING,
        detail="L’application ne répond pas ; un nouvel essai est prévu.",
        occurred_at=timezone.now(),
    )


def quarantine(agent: Account) -> int:
    return IncomingEvent.objects.create(
        source="voirie",
        event_id="1",
        type="org.etoile.case.status_changed.v1",
        subject="case/inconnue",
        authority=agent.authority.siret,
        digest=b"0" * 32,
        body="{}",
        state="quarantined",
        why="demande inconnue dans cette collectivité",
    ).pk


def draft_of(address: str) -> str:
    return address.split("/remplir/")[1].split("/")[0]


def cookies_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


def session_of(account: Account) -> dict[str, str]:
    signed = Client()
    log_in(signed, account)
    return {settings.SESSION_COOKIE_NAME: signed.cookies[settings.SESSION_COOKIE_NAME].value}
