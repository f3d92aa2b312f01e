"""A town at work, to look at: ten applications of every health, and messages in every state. Simulated, all of it."""

import json
import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from etoile.contract import schemas
from etoile.contract.identifiers import first_uuid7, uuid7
from etoile.hub.delivery import strange
from etoile.hub.delivery.strange import Strange
from etoile.hub.journal import seals
from etoile.hub.journal import services as journal
from etoile.hub.reconciliation import services as reconciliation
from etoile.hub.registry import directory
from etoile.hub.registry.models import Subscription
from etoile.hub.watch.models import Alarm, AlarmKind, Figure, Job
from etoile.sdk import Returned
from tests.hub.conftest import STATUS, SUBMITTED, TOWN

NAMES = {
    "gru": "Démarches en ligne",
    "voirie": "Services techniques",
    "famille": "Services famille",
    "urbanisme": "Urbanisme",
    "courrier": "Courrier et archives",
    "etat-civil": "État civil",
    "evenements": "Vie locale et évènements",
    "finances": "Finances",
    "sig": "Cartographie",
}
STAR = json.dumps(  # JSON is YAML
    {
        "star": 1,
        "authorities": [{"siret": TOWN, "name": "Commune de démonstration"}],
        "applications": [
            {"slug": slug, "name": name, "authorities": [TOWN], "emits": [STATUS], "receives": [SUBMITTED, STATUS]}
            for slug, name in NAMES.items()
        ],
        "subscriptions": [
            {
                "slug": f"{slug}-demandes",
                "application": slug,
                "type": STATUS if slug == "gru" else SUBMITTED,
                "connector": "mailbox",
            }
            for slug in NAMES
        ],
    },
    ensure_ascii=False,
)

# Deliveries of each application: state, how many, how many hours old.
BUSY: dict[str, list[tuple[str, int, float]]] = {
    "gru": [("acknowledged", 412, 9)],
    "voirie": [("acknowledged", 128, 20), ("dead", 3, 60), ("pending", 4, 50)],
    "famille": [("acknowledged", 231, 14)],
    "urbanisme": [("acknowledged", 42, 11), ("rejected", 1, 5), ("held", 1, 4)],
    "courrier": [("acknowledged", 96, 3), ("retry_scheduled", 6, 2)],
    "etat-civil": [("acknowledged", 57, 8)],
    "evenements": [("acknowledged", 18, 16), ("sent", 5, 16)],
    "finances": [("held", 12, 30)],
    "sig": [("acknowledged", 7, 6)],
}
CALM = {slug: [line for line in lines if line[0] == "acknowledged"] for slug, lines in BUSY.items()}
DETAILS = {
    "dead": "L’application ne répond pas (délai dépassé). Un nouvel essai est inutile tant qu’elle est arrêtée.",
    "rejected": "L’adresse du terrain est inconnue de l’application : corrigez-la, puis envoyez de nouveau.",
    "retry_scheduled": "L’application a répondu qu’elle est occupée (503). Le hub recommencera.",
}


def exchange(status: int | None) -> dict[str, Any]:
    """What the engine keeps of a call, as it keeps it."""
    body = '{"demande": "24-K7QM-3", "nature": "Nid-de-poule", "demandeur": "[masqué]"}'
    answer = {"headers": {"content-type": "application/json"}, "body": '{"erreur": "occupé"}', "cut": False}
    return {
        "calls": [
            {
                "method": "POST",
                "url": "https://atal.exemple.fr/api/demandes",
                "status": status,
                "milliseconds": 84,
                "request": {
                    "headers": {"content-type": "application/json", "authorization": "[masqué]"},
                    "body": body,
                    "cut": False,
                },
                "response": answer if status else None,
            }
        ]
    }


def key(hours: float) -> UUID:
    """A key of that long ago."""
    first = first_uuid7(timezone.now() - timedelta(hours=hours))
    return UUID(int=first.int | (uuid7().int & ((1 << 62) - 1)))


def furnish(counts: dict[str, list[tuple[str, int, float]]]) -> None:
    """Messages and deliveries, with attempts for those that failed; every application speaks too."""
    chance = random.Random(7)
    payload = json.loads(schemas.example(SUBMITTED).to_json())
    for slug, lines in counts.items():
        subscription = Subscription.objects.get(slug=f"{slug}-demandes")
        for state, number, hours in lines:
            for rank in range(number):
                reference = f"24-{chance.choice('KQMTX')}{chance.randint(2, 9)}QM-{rank % 9}"
                payload["data"]["case"]["reference"] = reference
                age = hours * (1 - rank / (number + 1) * 0.9)
                _deliver(subscription, state, age, reference, payload, "gru" if slug != "gru" else "famille")


def _deliver(
    subscription: Subscription, state: str, hours: float, reference: str, payload: dict[str, Any], source: str
) -> None:
    message, delivery, now = key(hours), key(hours), timezone.now()
    made, subject = now - timedelta(hours=hours), f"case/{message}"
    outcomes = {"held": "doubtful" if subscription.active else None, "dead": "retry", "rejected": "fix_data"}
    statuses = {"acknowledged": 201, "rejected": 422, "retry_scheduled": 503}
    tries = {"dead": 22, "rejected": 1, "retry_scheduled": 5, "acknowledged": 1}.get(state, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_message (id, received_at, source, event_id, type, subject, authority, reference,"
            " state, payload) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'routed', %s)",
            [message, made, source, str(message), SUBMITTED, subject, TOWN, reference, json.dumps(payload)],
        )
        cursor.execute(
            "INSERT INTO delivery_delivery (id, message_id, subscription_id, application_id, subject, position, state,"
            " due, attempts, external_id, outcome, detail, created_at, settled_at)"
            " VALUES (%s, %s, %s, %s, %s, nextval('delivery_position'), %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                delivery, message, subscription.pk, subscription.application_id, subject, state,
                now + timedelta(minutes=20) if state == "retry_scheduled" else now if state == "pending" else None,
                tries, f"2024-{message.int % 9000 + 1000}" if state == "acknowledged" else None, outcomes.get(state),
                DETAILS.get(state), made, now if state == "acknowledged" else None,
            ],
        )  # fmt: skip
        for number in range(1, tries + 1):
            at = made + timedelta(hours=hours * number / (tries + 1))
            outcome = "acknowledged" if state == "acknowledged" else "fix_data" if state == "rejected" else "retry"
            cursor.execute(
                "INSERT INTO delivery_attempt (id, delivery_id, number, worker, started_at, finished_at, outcome,"
                " http_status, detail, exchange) VALUES (%s, %s, %s, 'w1', %s, %s, %s, %s, %s, %s)",
                [key(hours * (1 - number / (tries + 1))), delivery, number, at, at + timedelta(milliseconds=84),
                 outcome, statuses.get(state), DETAILS.get(state), json.dumps(exchange(statuses.get(state)))],
            )  # fmt: skip


def sealed() -> None:
    with connection.cursor() as cursor:
        journal.record(cursor, "registry.loaded", actor="hub")
    for _ in range(2):
        seals.seal(connection)


def watched() -> None:
    """A report with differences, alarms and figures."""
    now = timezone.now()
    with connection.cursor() as cursor:
        # Of the day the messages came, which is yesterday for a while after midnight.
        cursor.execute("SELECT coalesce(max(received_at), now()) FROM journal_message")
        reconciliation.run(connection, cursor.fetchone()[0].date())
    chance = random.Random(3)
    for days_ago in range(30):
        for subscription in Subscription.objects.all():
            busy = 0 if (now - timedelta(days=days_ago)).weekday() > 4 else chance.randint(20, 90)
            latencies = {str(step): busy // 9 for step in range(70 + days_ago % 5 * 3, 92)}
            Figure.objects.create(
                hour=now.replace(minute=0, second=0, microsecond=0) - timedelta(days=days_ago),
                application_id=subscription.application_id, accepted=busy, delivered=max(busy - days_ago % 4, 0),
                retried=busy // 9, dead=min(days_ago % 3, busy), published=busy // 2, latencies=latencies,
            )  # fmt: skip
    for kind, words, closed in (
        (AlarmKind.SILENT, "État civil n’a rien dit depuis 3 jours : 142 demandes attendent.", None),
        (AlarmKind.JOB, "La purge n’a pas tourné depuis 26 heures.", None),
        (AlarmKind.CIRCUIT, "Urbanisme ne répondait plus : ses envois attendaient.", now - timedelta(hours=20)),
    ):
        Alarm.objects.create(
            kind=kind, cause=f"{kind}:simulated", words=words, count=142, first_seen_at=now - timedelta(days=1),
            seen_at=now, opened_at=now - timedelta(hours=22), closed_at=closed, gone_at=closed,
            detail={"application": "etat-civil"} if kind == AlarmKind.SILENT else {},
        )  # fmt: skip
    Job.objects.create(name="seal", enrolled_at=now, due=now, last_succeeded=now, said="12 entries")
    Job.objects.create(name="purge", enrolled_at=now, due=now, failures=3, last_error="OperationalError")
    quarantined()


def quarantined() -> None:
    """Two answers about cases the hub does not know."""
    with connection.cursor() as cursor:
        works = directory.current(cursor).application("voirie")
        for number in ("V-2024-118", "V-2024-119"):
            news = Returned("in_progress", timezone.now(), message="Madame Martin, c'est en cours.")
            answer = Strange(works, strange.UNKNOWN_CASE, "in_progress", news, f"voirie/{number}", number)
            strange.keep(cursor, [answer])
