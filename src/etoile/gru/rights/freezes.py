"""Freezing a case (RGPD, article 18): it is kept, and nobody but whoever answers for data protection opens it.

Lists, search, pages and the API ask `is_frozen`; a trigger refuses what an agent would still write. The person keeps
their page; what the law decides by itself (silence) goes on. What applications say meanwhile is kept, and applied at
the end.
"""

import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.archive import holds
from etoile.gru.archive.models import Hold
from etoile.gru.cases import actors, telling
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import locked, write
from etoile.gru.cases.typed import readable
from etoile.gru.inbox import services as inbox
from etoile.gru.inbox.models import IncomingEvent
from etoile.gru.people import services as people
from etoile.gru.rights.errors import RightsRefused
from etoile.gru.rights.models import Freeze

FROZEN, THAWED = "frozen", "thawed"


def is_frozen() -> Q:
    """A condition on cases."""
    return Q(Exists(Freeze.objects.filter(case=OuterRef("pk"), lifted_at=None)))


def freeze_of(case_id: uuid.UUID) -> Freeze | None:
    return Freeze.objects.select_related("placed_by").filter(case=case_id, lifted_at=None).first()


def place(case_id: uuid.UUID, account: Account, reason: str) -> Freeze:
    """Nothing of it leaves meanwhile either. The person is told. Raises `RightsRefused`."""
    reason = readable(reason)[:300]
    if not reason:
        raise RightsRefused(_("Dites pourquoi la demande est gelée."))
    with transaction.atomic():
        case = locked(case_id)
        if Freeze.objects.filter(case=case, lifted_at=None).exists():
            raise RightsRefused(_("Cette demande est déjà gelée."))
        kept = Hold.objects.filter(case=case, lifted_at=None).exists()
        hold = None if kept else holds.place(case_id, account, _("Gel demandé (RGPD, article 18) : %s") % reason)
        case.refresh_from_db()
        write(case, FROZEN, actors.agent(account), reason=reason)
        freeze = Freeze.objects.create(case=case, reason=reason, placed_by=account, placed_at=timezone.now(), hold=hold)
        _seal_person(case)
        telling.tell(case, "data_frozen")
    return freeze


def lift(case_id: uuid.UUID, account: Account) -> list[IncomingEvent]:
    """The person is told before its treatment goes on (article 18.3); then what applications said meanwhile is applied:
    gives what. Raises `RightsRefused`."""
    with transaction.atomic():
        case = locked(case_id)
        freeze = freeze_of(case_id)
        if freeze is None:
            raise RightsRefused(_("Cette demande n’est plus gelée."))
        Freeze.objects.filter(pk=freeze.pk).update(lifted_at=timezone.now(), lifted_by=account)
        write(case, THAWED, actors.agent(account))
        if freeze.hold_id and Hold.objects.filter(pk=freeze.hold_id, lifted_at=None).exists():
            holds.lift(case_id, account)
        _seal_person(case)
        telling.tell(case, "data_thawed")
        return inbox.resume(case_id)


def _seal_person(case: Case) -> None:
    """What is known of the person is closed to agents while every request of theirs is frozen."""
    in_sight = Case.objects.filter(~is_frozen(), person=case.person_id).exists()
    people.restrict(case.person_id, since=None if in_sight else timezone.now())
