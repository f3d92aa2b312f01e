"""What between the hub and us waits for a person: events it refused, news of cases we do not know.

Sealed by sector as the cases are: an event is for who holds the right on its case. What is of no case we know is of no
sector: it is for who holds the right in the whole authority.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case as Choice
from django.db.models import Count, Exists, OuterRef, QuerySet, UUIDField, When
from django.db.models.functions import Cast, Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.access.models import Account, Membership
from etoile.gru.access.rights import Right, held_by, roles_with
from etoile.gru.cases import quarantine
from etoile.gru.cases.queries import reachable_by, visible_to
from etoile.gru.outbox.models import OutgoingEvent
from etoile.gru.outbox.models import State as Outgoing

RIGHT: Right = "anomalies.handle"
SHOWN = 100
_OF_A_CASE = r"^case/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
KINDS = {
    "case.submitted": gettext_lazy("Demande déposée"),
    "case.updated": gettext_lazy("Demande modifiée"),
    "case.withdrawn": gettext_lazy("Demande retirée"),
    "case.status_changed": gettext_lazy("Changement d’état"),
    "case.message_posted": gettext_lazy("Message"),
    "case.document_added": gettext_lazy("Document ajouté"),
    "case.decided": gettext_lazy("Décision"),
    "handoff.changed": gettext_lazy("Suivi de transmission"),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """One event the hub refused; `behind` others of the same case wait for it. No content: it holds personal data."""

    id: UUID
    kind: str
    case: UUID | None
    reference: str
    at: datetime
    why: str
    behind: int


@dataclass(frozen=True, slots=True)
class Quarantined:
    id: int
    kind: str
    source: str
    at: datetime
    why: str


def kind_of(message_type: str) -> str:
    name = message_type.removeprefix("org.etoile.").rpartition(".v")[0]
    return str(KINDS.get(name, name or message_type))


def in_whole(account: Account) -> bool:
    return _whole(account).exists()


def refused(account: Account) -> list[Refused]:
    """Oldest first. The reference is given, with its link, only for cases the account may open."""
    rows = list(refused_rows(account).order_by("position")[:SHOWN])
    cases = {row.pk: case_key(row.subject) for row in rows}
    keys = [key for key in cases.values() if key is not None]
    references = dict(visible_to(account).filter(pk__in=keys).values_list("pk", "reference"))
    behind = waiting_behind([row.subject for row in rows])
    found = []
    for row in rows:
        key = cases[row.pk]
        reference = references.get(key, "")
        known = key if reference else None
        why = explanation(row.problem)
        found.append(
            Refused(row.id, kind_of(row.type), known, reference, row.created_at, why, behind.get(row.subject, 0))
        )
    return found


def refused_rows(account: Account) -> QuerySet[OutgoingEvent]:
    return events_of(account).filter(state=Outgoing.REFUSED)


def events_of(account: Account) -> QuerySet[OutgoingEvent]:
    """Those that the account may decide of, refused or not."""
    rows = OutgoingEvent.objects.filter(authority=_siret(account))
    named = When(subject__regex=_OF_A_CASE, then=Cast(Substr("subject", len("case/") + 1), UUIDField()))
    theirs = reachable_by(account, RIGHT).filter(pk=OuterRef("about"))
    return rows.annotate(about=Choice(named, default=None)).filter(Exists(_whole(account)) | Exists(theirs))


def waiting_behind(subjects: list[str]) -> dict[str, int]:
    rows = OutgoingEvent.objects.filter(state=Outgoing.PENDING, subject__in=subjects).order_by()
    return dict(rows.values("subject").annotate(n=Count("pk")).values_list("subject", "n"))


def case_key(subject: str) -> UUID | None:
    try:
        return UUID(subject.removeprefix("case/"))
    except ValueError:
        return None


def explanation(problem: dict[str, Any] | None) -> str:
    """The hub's answer in one line: its title, its detail, and the first things it found wrong."""
    told = problem or {}
    wrong = [str(each.get("detail", "")) for each in told.get("errors", []) if isinstance(each, dict)][:3]
    parts = [str(told.get("title", "")), str(told.get("detail", "")), *wrong]
    return " – ".join(dict.fromkeys(part for part in parts if part)) or _("Le hub n’a pas dit pourquoi.")


def quarantined(account: Account) -> list[Quarantined]:
    """Oldest first."""
    rows = quarantine.provider().held(_siret(account)) if in_whole(account) else []
    return [Quarantined(row.id, kind_of(row.type), row.source, row.received_at, row.why) for row in rows]


def count(account: Account) -> int:
    held = quarantine.provider().count(_siret(account)) if in_whole(account) else 0
    return refused_rows(account).count() + held


def _whole(account: Account) -> QuerySet[Membership]:
    return held_by(account).filter(role__in=roles_with(RIGHT), team__isnull=True)


def _siret(account: Account) -> str:
    return account.authority.siret if account.authority is not None else ""
