"""Asking an opinion, giving it, taking the invitation back. The only writer here; each verb is one transaction."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Team
from etoile.gru.cases import consulting
from etoile.gru.cases.errors import CaseError, Incomplete
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import locked
from etoile.gru.cases.typed import readable
from etoile.gru.documents import services as document_services
from etoile.gru.documents.models import Document
from etoile.gru.documents.services import Received
from etoile.gru.notices.services import Recipient, send_later
from etoile.gru.opinions.models import Opinion, Outcome, State

QUESTION_LIMIT, TEXT_LIMIT = 2_000, 10_000
# A late opinion is still taken, and said late; then the link is dead.
GRACE = timedelta(days=15)
NOTICE = timedelta(days=3)
FIELD = "opinion"


def ask(
    case_id: uuid.UUID,
    account: Account,
    *,
    question: str,
    deadline: date,
    team: Team | None = None,
    name: str = "",
    email: str = "",
    fields: Iterable[str] = (),
    documents: Iterable[str] = (),
    expected_version: int | None = None,
) -> Opinion:
    """Ask `team`, at its address, or somebody outside. The link shows the question, the answers to `fields` and the
    `documents` (identifiers, as texts) and nothing else of the request; not who asks it."""
    name, email = (team.name, team.email) if team is not None else (readable(name)[:200], email.strip())
    question = readable(question)[:QUESTION_LIMIT]
    if not name or not email:
        raise Incomplete(_("Indiquez à qui l’avis est demandé, avec son courriel."))
    if not question:
        raise Incomplete(_("Écrivez la question posée."))
    if deadline <= timezone.localdate():
        raise Incomplete(_("La date limite doit être à venir."))
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        if team is not None and team.authority != case.authority:
            raise CaseError(_("Ce service n'est pas de votre collectivité."))
        if team is not None and team == case.team:
            raise CaseError(_("Ce service traite déjà la demande. Choisissez-en un autre."))
        opinion = Opinion(
            case=case,
            team=team,
            name=name,
            email=email,
            question=question,
            shared={"fields": list(fields), "documents": _held(case, documents)},
            deadline=deadline,
            expires_on=deadline + GRACE + timedelta(days=1),
            asked_by=account,
            asked_at=timezone.now(),
        )
        consulting.ask(case, account, opinion.id, to=name, deadline=deadline)
        opinion.save(force_insert=True)
        _invite(opinion, "opinion_asked")
    return opinion


def give(opinion_id: uuid.UUID, *, outcome: str, text: str, author: str, received: Sequence[Received] = ()) -> Opinion:
    """Answer the invitation, once. `received` are files proven already. The team is told; the clock is not touched."""
    text, author = readable(text)[:TEXT_LIMIT], readable(author)[:200]
    if outcome not in Outcome.values:
        raise Incomplete(_("Choisissez le sens de l’avis, par exemple « Favorable »."))
    if not text and outcome in {Outcome.RESERVED, Outcome.UNFAVOURABLE}:
        raise Incomplete(_("Écrivez les réserves, ou pourquoi l’avis est défavorable."))
    with transaction.atomic():
        case, opinion = _awaited(opinion_id)
        if not case.is_open or not opinion.is_open_on(timezone.localdate()):
            raise CaseError(_("Cet avis n’est plus attendu."))
        opinion.state, opinion.outcome, opinion.text = State.GIVEN, outcome, text
        opinion.author, opinion.given_at = author or opinion.name, timezone.now()
        opinion.save()
        for each in received:
            document_services.keep(each, case.authority, opinion.id, field=FIELD)
        consulting.given(case, opinion.author, opinion.id, words=str(Outcome(outcome).label), left=_left(case))
    return opinion


def revoke(opinion_id: uuid.UUID, account: Account, *, expected_version: int | None = None) -> Opinion:
    """The link opens nothing any more."""
    with transaction.atomic():
        case, opinion = _awaited(opinion_id, expected_version)
        opinion.state = State.REVOKED
        opinion.save(update_fields=["state"])
        consulting.revoked(case, account, opinion.id, to=opinion.name, left=_left(case))
    return opinion


def remind(today: date | None = None) -> int:
    """Remind, once each, those who have three days left; how many were."""
    today = today or timezone.localdate()
    asked = Opinion.objects.filter(state=State.ASKED, reminded_at=None, case__decided_at=None)
    due = asked.filter(deadline__lte=today + NOTICE, expires_on__gt=today)
    done = 0
    for pk in list(due.values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            opinion = due.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            if opinion is not None:
                opinion.reminded_at = timezone.now()
                opinion.save(update_fields=["reminded_at"])
                _invite(opinion, "opinion_reminder")
                done += 1
    return done


def forget_documents(case_id: uuid.UUID) -> None:
    """Before the case goes: the files given with its opinions."""
    document_services.remove_all(list(Opinion.objects.filter(case=case_id).values_list("pk", flat=True)))


def _awaited(opinion_id: uuid.UUID, expected_version: int | None = None) -> tuple[Case, Opinion]:
    """The case first, as every verb does, then its opinion. Raises `CaseError` when it is given or taken back."""
    case = locked(Opinion.objects.values_list("case", flat=True).get(pk=opinion_id), expected_version=expected_version)
    opinion = Opinion.objects.select_for_update().get(pk=opinion_id)
    opinion.case = case
    if opinion.state == State.GIVEN:
        raise CaseError(_("Cet avis est déjà rendu."))
    if opinion.state == State.REVOKED:
        raise CaseError(_("Cet avis n’est plus attendu."))
    return case, opinion


def _held(case: Case, wanted: Iterable[str]) -> list[str]:
    asked = set(wanted)
    held = Document.objects.filter(holder=case.pk).values_list("pk", flat=True) if asked else ()
    return [str(each) for each in held if str(each) in asked]


def _left(case: Case) -> bool:
    return Opinion.objects.filter(case=case, state=State.ASKED).exists()


def _invite(opinion: Opinion, template: str) -> None:
    case = opinion.case
    send_later(
        case.authority,
        Recipient(name=opinion.name, email=opinion.email, language=opinion.language),
        template,
        {
            "reference": case.reference,
            "procedure": case.procedure_version.name.raw(),
            "authority": case.authority.name,
            "deadline": opinion.deadline.isoformat(),
            "opinion": str(opinion.id),
        },
    )
