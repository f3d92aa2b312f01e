"""The only writer of what people ask about their data, with its month, and of the agreements they take back."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Role
from etoile.gru.audit import services as audit
from etoile.gru.cases import actors, amending, telling
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import locked
from etoile.gru.cases.services import post_message
from etoile.gru.cases.typed import readable
from etoile.gru.notices.services import Recipient, send_later
from etoile.gru.rights import clock
from etoile.gru.rights.consents import Agreement
from etoile.gru.rights.errors import RightsRefused
from etoile.gru.rights.models import ANSWERED, Kind, Request, State, Withdrawal


def ask(case: Case, kind: str, words: str) -> Request:
    """The person of the case asks; they and whoever answers are told, with the day. Raises `RightsRefused`."""
    words = readable(words)
    if kind not in Kind.values:
        raise RightsRefused(_("Choisissez ce que vous demandez."))
    if not words:
        raise RightsRefused(_("Dites ce que vous demandez, en une phrase."))
    if len(words) > Request.WORDS:
        raise RightsRefused(_("C’est trop long : %(most)d caractères au plus.") % {"most": Request.WORDS})
    now = timezone.now()
    due = clock.due_on(case.authority, now.astimezone(case.authority.zone).date())
    try:
        with transaction.atomic():
            asked = Request.objects.create(
                authority=case.authority, case=case, kind=kind, words=words, asked_at=now, due_on=due
            )
            telling.tell(case, "rights_received", deadline=due.isoformat())
            _tell_officers(case, asked)
    except IntegrityError as twice:
        raise RightsRefused(_("Vous l’avez déjà demandé : la réponse viendra ici.")) from twice
    return asked


def extend(asked: Request, account: Account, why: str) -> None:
    """Two months more, said and explained to the person within the first one (article 12.3). Raises `RightsRefused`."""
    why = readable(why)
    if not why:
        raise RightsRefused(_("Dites pourquoi il faut plus de temps : la personne le lira."))
    with transaction.atomic():
        asked = _open(asked.pk)
        today = timezone.now().astimezone(asked.authority.zone).date()
        if asked.extended_at is not None or today > asked.due_on:
            raise RightsRefused(_("Le délai se prolonge une fois, avant sa fin."))
        asked_on = asked.asked_at.astimezone(asked.authority.zone).date()
        asked.due_on = clock.due_on(asked.authority, asked_on, extended=True)
        asked.extended_at, asked.extended_because = timezone.now(), why
        asked.save(update_fields=["due_on", "extended_at", "extended_because"])
        _noted("rights.extended", asked, account)
        telling.tell(asked.case, "rights_extended", deadline=asked.due_on.isoformat())


def answer(asked: Request, account: Account, *, state: str, words: str) -> None:
    """Raises `RightsRefused`; a refusal says how to complain (article 12.4), which the page of the person adds."""
    words = readable(words)
    if state not in ANSWERED:
        raise RightsRefused(_("Choisissez ce que vous répondez."))
    if not words:
        raise RightsRefused(_("Écrivez la réponse : la personne la lira sur sa page."))
    with transaction.atomic():
        asked = _open(asked.pk)
        asked.state, asked.answer = State(state), words
        asked.answered_at, asked.answered_by = timezone.now(), account
        asked.save(update_fields=["state", "answer", "answered_at", "answered_by"])
        _noted("rights.answered", asked, account)
        telling.tell(asked.case, "rights_answered")


def take_back(case: Case, agreement: Agreement) -> None:
    """The person takes an agreement back, as easily as they gave it; the service reads it as their message. Raises
    `RightsRefused` for an agreement the request could not do without."""
    if not agreement.may_be_taken_back:
        raise RightsRefused(_("Cette case était nécessaire à la demande : pour y revenir, retirez la demande."))
    with transaction.atomic():
        _row, made = Withdrawal.objects.get_or_create(
            case=case,
            field=agreement.field,
            defaults={
                "wording": agreement.wording,
                "version": agreement.version,
                "given_at": agreement.given_at,
                "withdrawn_at": timezone.now(),
            },
        )
        if made:
            words = _("Je retire mon accord : « %(wording)s »") % {"wording": agreement.wording}
            person = actors.person(case.contact_name)
            post_message(case.pk, person, words)
            amending.take_back(locked(case.pk), person, agreement.field, agreement.wording)


def seen(case: Case) -> datetime | None:
    """Until when what may speak of others was read by whoever answers, who gave it to the person; None before."""
    given = Request.objects.filter(case=case, kind=Kind.ACCESS, state=State.GRANTED)
    return given.order_by("-answered_at").values_list("answered_at", flat=True).first()


def _open(pk: uuid.UUID) -> Request:
    """Locked until the end of the transaction."""
    asked = Request.objects.select_for_update(of=("self",)).select_related("authority").get(pk=pk)
    if asked.state != State.OPEN:
        raise RightsRefused(_("Une réponse a déjà été donnée."))
    asked.case = Case.objects.select_related("authority", "procedure_version__procedure", "team").get(pk=asked.case.pk)
    return asked


def _noted(action: str, asked: Request, account: Account) -> None:
    audit.note(action, authority=asked.authority.pk, by=account, subject=asked.case.reference, case_id=asked.case.pk)


def _tell_officers(case: Case, asked: Request) -> None:
    for officer in officers(case.authority.pk):
        send_later(
            case.authority,
            Recipient(name=str(officer), email=officer.email),
            "rights_asked",
            {
                "reference": case.reference,
                "procedure": case.procedure_version.name.raw(),
                "deadline": asked.due_on.isoformat(),
            },
        )


def officers(authority: int) -> Iterable[Account]:
    """Whoever answers for data protection."""
    return Account.objects.filter(
        authority=authority, is_active=True, memberships__role=Role.DPO, memberships__team=None
    ).distinct()
