"""An entry: the same form as on the portal, opened by the agent who fills it for somebody.

Whoever began an entry is alone to go on with it. Its draft has a key that only the server can make: it is in no cookie
and in no table.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases import actors
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import Channel
from etoile.gru.counter.models import Entry
from etoile.gru.filling import services as filling_services
from etoile.gru.filling import waiving
from etoile.gru.filling.errors import FillingRefused
from etoile.gru.filling.identified import SEEN
from etoile.gru.filling.mandates import Mandate
from etoile.gru.filling.models import Draft
from etoile.gru.filling.opened import KEPT, Filling
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.portal.frames import Frame

WITHIN = "counter"
# How a request may reach an agent who writes it down.
CHANNELS = (Channel.COUNTER, Channel.PHONE, Channel.MAIL, Channel.EMAIL)
# A letter that was lost for a year is a matter for a person, not for a form.
OLDEST = timedelta(days=366)
_SALT = "etoile.gru.counter"


@dataclass(frozen=True, slots=True)
class Arrival:
    """How and when a request reached the authority; `has_email` is false for somebody to be written to by post."""

    channel: Channel
    received_on: date
    has_email: bool = True
    mandate: Mandate | None = None


def begin(account: Account, version: ProcedureVersion, arrival: Arrival) -> Draft:
    """A draft that this agent alone may fill. Raises `FillingRefused`: procedure not open, or a day that cannot be."""
    today = timezone.localdate()
    if not today - OLDEST <= arrival.received_on <= today:
        raise FillingRefused(_("Le jour de réception est passé depuis moins d’un an, ou aujourd’hui."))
    if arrival.channel not in CHANNELS:
        raise FillingRefused(_("Dites comment la demande est arrivée."))
    with transaction.atomic():
        draft, _key = filling_services.start(
            version,
            mandate=arrival.mandate,
            waived=() if arrival.has_email else waiving.emails(version.definition),
            key_of=key_of,
        )
        # Their drafts are gone by now.
        Entry.objects.filter(account=account, sent_at=None, created_at__lt=timezone.now() - 8 * KEPT).delete()
        Entry.objects.create(
            draft=draft.id,
            authority=version.procedure.authority,
            account=account,
            procedure=version.procedure,
            channel=arrival.channel,
            received_on=arrival.received_on,
        )
    return draft


def entry_of(account: Any, draft: uuid.UUID) -> Entry | None:
    """The entry this agent began under this identifier."""
    known = Entry.objects.select_related("account", "authority", "procedure")
    return known.filter(draft=draft, account=account.pk, authority=account.authority_id).first()


def unfinished(account: Account) -> list[tuple[Entry, Draft]]:
    """The entries of this agent that are still to be sent, the last first. Two statements."""
    entries = list(Entry.objects.filter(account=account, sent_at=None).order_by("-created_at")[:20])
    alive = Draft.objects.filter(expires_at__gt=timezone.now(), confirmed_at=None).select_related("version__procedure")
    drafts = alive.in_bulk([each.draft for each in entries])
    return [(each, drafts[each.draft]) for each in entries if each.draft in drafts]


def forget_case(case_id: uuid.UUID) -> None:
    """Its case is removed: who wrote it down is no longer told."""
    Entry.objects.filter(draft=case_id).delete()


def key_of(draft: uuid.UUID) -> str:
    return salted_hmac(_SALT, draft.hex, algorithm="sha256").hexdigest()


def _key(request: HttpRequest, draft: uuid.UUID) -> str | None:
    return key_of(draft) if entry_of(request.user, draft) is not None else None


def _send(request: HttpRequest, filling: Filling, declarations: Mapping[str, Any]) -> Case:
    """The case, its receipt and the end of the entry: all or nothing."""
    entry = entry_of(request.user, filling.draft.id)
    if entry is None:
        raise FillingRefused(_("Cette saisie a été commencée par une autre personne."))
    with transaction.atomic():
        case = filling_services.confirm(
            entry.draft,
            key_of(entry.draft),
            authority=entry.authority,
            declarations=declarations,
            channel=Channel(entry.channel),
            language=(get_language() or "fr")[:2],
            actor=actors.agent(entry.account),
            submitted_at=_moment(entry),
            identity=SEEN,
        )
        Entry.objects.filter(pk=entry.pk, sent_at=None).update(sent_at=timezone.now())
    return case


def _moment(entry: Entry) -> datetime:
    """Now for what comes today; noon of the day for what came before, whose hour nobody wrote down."""
    now, zone = timezone.now(), entry.authority.zone
    if entry.received_on >= now.astimezone(zone).date():
        return now
    return datetime.combine(entry.received_on, time(12), zone)


FRAME = Frame(_key, _send, "counter:begin")
