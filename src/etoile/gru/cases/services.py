"""The verbs of a case, and the only writer of its tables.

Each verb is one transaction: the case, its history row, its outbox rows and the notice to the person, or nothing.
Refusals are `CaseError`s whose text is shown as it is. `expected_version` is the version the agent read on screen.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Authority, Team
from etoile.gru.cases import actors, asking, events, filing, leaving, letters, notification, resending, telling
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.clock import running
from etoile.gru.cases.errors import CaseError, Incomplete
from etoile.gru.cases.models import Case, Decision, DocumentRequest, Message
from etoile.gru.cases.moves import Outgoing, locked, move, publish, write
from etoile.gru.cases.reopening import reopen as reopen
from etoile.gru.cases.reopening import take_back as take_back
from etoile.gru.cases.search import keeping as search
from etoile.gru.cases.states import DECISION_VERBS, Channel, State, Substate
from etoile.gru.cases.typed import readable
from etoile.gru.cases.unreached import correct_email as correct_email
from etoile.gru.cases.unreached import settle as settle
from etoile.gru.cases.workflow import steps
from etoile.gru.documents.models import Document
from etoile.gru.forms.decisions import Quote
from etoile.gru.forms.models import ProcedureVersion

MESSAGE_LIMIT = 10_000


def submit(
    *,
    authority: Authority,
    version: ProcedureVersion,
    applicant: Mapping[str, Any],
    answers: Mapping[str, Any],
    documents: Sequence[Document] = (),
    case_id: uuid.UUID | None = None,
    channel: Channel = Channel.WEB,
    language: str = "fr",
    actor: Actor | None = None,
    submitted_at: datetime | None = None,
    first_received_on: date | None = None,
    team: Team | None = None,
    price: Quote | None = None,
    mandate: Mapping[str, str] | None = None,
    person: uuid.UUID | None = None,
) -> Case:
    """Make the case of a confirmed draft: person, case, history, outbox row and registration receipt, all or nothing.

    `applicant` and `answers` are validated already (`forms.validation`), answers by field id. `case_id` is the draft's
    id: the documents, held under it, need no move, and a second call with it returns the same case and writes nothing.
    `submitted_at` (aware) is for a counter entry that arrived earlier, `first_received_on` for a request that another
    authority received before and passed on (CRPA L114-3). `team` and `price` are what the answers decide of them
    (`forms.decisions`); `mandate` says for whom the applicant asks, as the contract writes it. `person`: the one who
    was proven to be asking. Nine statements, transaction control apart.
    """
    at = submitted_at or timezone.now()
    case = filing.prepare(
        authority, version, applicant, answers, case_id=case_id, at=at, first_received_on=first_received_on, team=team
    )
    case.channel, case.language, case.mandate = channel, language, dict(mandate or {})
    try:
        with transaction.atomic():
            case.person, known = filing.applicant(authority, applicant, person)
            row = filing.first_row(case, actor or actors.person(case.contact_name), price)
            _insert(case)
            row.save(force_insert=True)
            search.note(case, search.said(case, documents))
            told = resending.sent(case, case.person.kind, known, filing.clear_answers(case), documents, price)
            publish(case, [told], first=1, first_id=case.correlation)
            telling.tell_registration(case)
    except filing.AlreadySubmitted:
        return Case.objects.select_related("procedure_version__procedure", "team").get(pk=case.pk)
    return case


def start(case_id: uuid.UUID, account: Account, *, expected_version: int | None = None) -> Case:
    """An agent takes the case up, by the first step of the procedure that does and is open to them."""
    return steps.take(case_id, account, expected_version=expected_version)


def ask_document(
    case_id: uuid.UUID,
    account: Account,
    *,
    items: Sequence[Mapping[str, Any]],
    deadline: date,
    comment: str = "",
    expected_version: int | None = None,
) -> DocumentRequest:
    """Ask for missing documents (CRPA L114-5): the list, a delay, and the effect on the silence, in a generated letter.

    `items` is `[{"name": str, "indispensable": bool, "to_translate": bool}]`, the last two optional.
    """
    listed = asking.checked(items, deadline)
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        request = asking.ask(case, account, listed, deadline, comment)
        move(
            case,
            "wait",
            actors.agent(account),
            substate=Substate.DOCUMENTS_ASKED,
            detail=asking.detail(request),
            also_write=running.FIELDS,
        )
        telling.tell(case, "document_asked", deadline=deadline.isoformat())
    return request


def provide_document(
    case_id: uuid.UUID,
    documents: Sequence[Document],
    *,
    actor: Actor,
    request_id: uuid.UUID | None = None,
    places: Collection[int] | None = None,
) -> Case:
    """Add documents already stored under the case (`documents.services.store(holder=case.id)`); may answer a request,
    or what stands at these `places` of its list.

    When nothing is awaited any more, the case is no longer waiting. The business application is told of each document.
    Raises `CaseError`.
    """
    if not documents:
        raise Incomplete(_("Choisissez au moins un fichier."))
    with transaction.atomic():
        case = locked(case_id)
        if any(document.holder != case.id for document in documents):
            raise CaseError(_("Ce document n'appartient pas à cette demande."))
        if not case.is_open:
            raise CaseError(_("La demande est terminée : elle ne reçoit plus de document."))
        request = None
        if request_id is not None:
            request = asking.receive(case, request_id, places, running.today(case, timezone.now()))
        leaves = leaving.documents_of(case, documents)
        outgoing = [Outgoing(events.DOCUMENT_ADDED, events.document_added(case, each, request)) for each in leaves]
        detail = {"documents": [{"name": each.name, "sha256": each.sha256} for each in documents]}
        asking.go_on(case, "document_added", actor, request, detail=detail, outgoing=outgoing)
        search.note(case, [each.name for each in documents])
        telling.tell(case, "document_received", count=len(documents))
    return case


def post_message(case_id: uuid.UUID, actor: Actor, body: str) -> Message:
    """A message of the person or of an agent. The other side is told that a message waits, without its content. Raises
    `Incomplete`."""
    body = readable(body)
    if not body:
        raise Incomplete(_("Écrivez votre message."))
    if len(body) > MESSAGE_LIMIT:
        raise Incomplete(_("Le message est trop long : %(most)d caractères au plus.") % {"most": MESSAGE_LIMIT})
    with transaction.atomic():
        case = locked(case_id)
        message = Message(
            case=case,
            author=actor.kind.value,
            author_name=actor.name,
            account=actor.account,
            body=body,
            sent_at=timezone.now(),
        )
        outgoing = [Outgoing(events.MESSAGE_POSTED, events.message_posted(case, message))]
        write(case, "message_posted", actor, detail={"message": str(message.id)}, outgoing=outgoing)
        message.save(force_insert=True)
        telling.tell_message(case, message)
    return message


def decide(
    case_id: uuid.UUID,
    account: Account,
    *,
    outcome: State,
    reasons: str = "",
    transition: str = "",
    expected_version: int | None = None,
) -> Decision:
    """Accept, refuse or close. A refusal needs its reasons (CRPA L211-2); the letter carries first name, name, capacity
    and service of its author (L212-1, L212-2): an account that lacks one of them cannot decide. `transition` names the
    decision of the procedure's workflow, when it has several of this outcome."""
    if outcome not in DECISION_VERBS:
        raise CaseError(_("Une décision est une acceptation, un refus ou un classement."))
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        decision = Decision(
            case=case, outcome=outcome, reasons=readable(reasons), account=account, decided_at=timezone.now()
        )
        decision.text = letters.decision(case, decision, formula=letters.sign(decision, account))
        move(
            case,
            DECISION_VERBS[outcome],
            actors.agent(account),
            transition=transition,
            reason=decision.reasons,
            detail={"decision": str(decision.id), "sha256": letters.digest(decision.text)},
            also=[Outgoing(events.DECIDED, events.decided(case, decision))],
        )
        decision.save(force_insert=True)
        telling.tell(case, "decision", **notification.announced(case, decision))
    return decision


def withdraw(case_id: uuid.UUID, actor: Actor, *, reason: str = "", expected_version: int | None = None) -> Case:
    """The person gives up the request; the business applications are told."""
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        reason = readable(reason)
        also = [Outgoing(events.WITHDRAWN, events.withdrawn(case, reason))]
        move(case, "withdraw", actor, reason=reason, also=also)
        telling.tell(case, "status_changed")
    return case


def read_messages(case: Case, *, by: Message.Author) -> int:
    """Mark as read what the other side wrote; returns how many were new."""
    return Message.objects.filter(case=case, read_at=None).exclude(author=by).update(read_at=timezone.now())


def _insert(case: Case) -> None:
    """Insert the case, drawing another reference when one is taken; `AlreadySubmitted` when this case exists."""
    for length in (4, 4, 4, 5, 6):
        case.reference = filing.reference(case.submitted_at, case.authority, length)
        try:
            with transaction.atomic():
                case.save(force_insert=True)
        except IntegrityError as error:
            if filing.constraint_of(error) == "cases_case_pkey":
                raise filing.AlreadySubmitted from error
            if filing.constraint_of(error) != "cases_reference_once":
                raise
        else:
            return
    raise CaseError(_("Aucune référence libre : réessayez dans un instant."))
