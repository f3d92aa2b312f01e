"""The one verb: a request goes on under another procedure, with the answers that fit it.

The delay still counts from the day the authority received the request: it was seized that day, whatever the name of
the form. What was set aside stays readable beside the case.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Team
from etoile.gru.cases import actors, events, filing, resending, telling
from etoile.gru.cases.clock import running
from etoile.gru.cases.clock.silence import NONE, Silence
from etoile.gru.cases.errors import CaseError, Incomplete
from etoile.gru.cases.models import Case, DocumentRequest
from etoile.gru.cases.moves import Outgoing, locked, write
from etoile.gru.cases.search import keeping as search
from etoile.gru.cases.typed import readable
from etoile.gru.cases.workflow import timers
from etoile.gru.documents.models import Document
from etoile.gru.fees import pricing
from etoile.gru.forms.models import ProcedureState, ProcedureVersion
from etoile.gru.forms.sensitive import open_one, seal, seal_one
from etoile.gru.requalification.fitting import Fit, fit
from etoile.gru.requalification.models import Requalification

VERB = "requalify"


def requalify(
    case_id: uuid.UUID,
    account: Account,
    version: ProcedureVersion,
    *,
    reason: str,
    expected_version: int | None = None,
) -> Case:
    """Case, clock, team, history, events and notice in one transaction; `version` with its procedure and authority."""
    reason = readable(reason)
    if not reason:
        raise Incomplete(_("Indiquez pourquoi la demande change de démarche : la personne le lira."))
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        why = refusal(case, version, timezone.now())
        if why:
            raise CaseError(why)
        before, found = case.procedure_version, fit(case, version)
        # Said under the old name, to the applications that follow it.
        left = [Outgoing(events.WITHDRAWN, events.withdrawn(case, reason))] if resending.is_followed(before) else []
        fields = _turn(case, version, found)
        documents = list(Document.objects.filter(holder=case.pk))
        write(
            case,
            VERB,
            actors.agent(account),
            fields=fields,
            reason=reason,
            detail=_detail(before, version, found),
            outgoing=[*left, resending.submitted(case, found.answers, documents, found.price)],
        )
        Requalification.objects.create(
            case=case,
            before=before,
            after=version,
            aside=_sealed(case, found),
            reason=reason,
            by=account,
            at=timezone.now(),
        )
        search.note(case, search.said(case, documents))
        pricing.follow(case, actors.agent(account), *found.prices)
        _tell(case)
    return case


def refusal(case: Case, version: ProcedureVersion, now: datetime) -> str:
    """Why this case cannot go on under this procedure, in a sentence; empty when it can. Three statements."""
    if not case.is_open:
        return _("La demande est terminée : elle ne change plus de démarche.")
    procedure = version.procedure
    if procedure.authority != case.authority or procedure.state != ProcedureState.PUBLISHED:
        return _("Cette démarche n’est pas ouverte.")
    if procedure.pk == case.procedure_version.procedure_id:
        return _("La demande suit déjà cette démarche.")
    name = resending.holder(case)
    # It would go on under the old name, and its answers would come back to the new one.
    if name:
        return _("%(application)s a reçu cette demande. Demandez-lui d’abord de l’abandonner.") % {"application": name}
    asked = DocumentRequest.objects.filter(case=case, state=DocumentRequest.State.OPEN)
    if any(each.is_correction for each in asked):
        return _("La personne corrige ses réponses : attendez qu’elle les envoie.")
    end = clock_under(case, version).date
    if case.implicit_on is None and end is not None and end <= running.today(case, now):
        return _(
            "Le délai de cette démarche serait déjà terminé, le %(day)s. Décidez la demande telle qu’elle est."
        ) % {"day": end.strftime("%d/%m/%Y")}
    return ""


def clock_under(case: Case, version: ProcedureVersion) -> Silence:
    """What silence would be worth. Two statements."""
    if running.was_answered(case):
        return Silence(NONE, None)
    before = case.procedure_version
    try:
        case.procedure_version = version
        return running.read(case, DocumentRequest.objects.filter(case=case))
    finally:
        case.procedure_version = before


def last_of(case_id: uuid.UUID) -> Requalification | None:
    """The last time it changed procedure. One statement."""
    return Requalification.objects.select_related("before").filter(case=case_id).last()


def aside_of(found: Requalification) -> dict[str, object]:
    """The answers set aside, in clear, by field of the procedure it left."""
    return {row["field"]: open_one(row["value"], row["field"], holder=found.case.pk) for row in found.aside}


def _turn(case: Case, version: ProcedureVersion, found: Fit) -> Sequence[str]:
    """The case under its new procedure; the names of the fields that changed."""
    fields = ["procedure_version", "answers"]
    clock = clock_under(case, version)
    case.procedure_version = version
    case.answers = seal(version.definition, found.answers, holder=case.pk)
    if case.implicit_on is None:
        case.silence_regime, case.silence_date, case.silence_alert = clock.regime, clock.date, 0
        fields += running.FIELDS
    if case.answered_at is None:
        case.answer_due_at, case.answer_alert = filing.promised(version, case.authority, case.submitted_at), 0
        fields += ["answer_due_at", "answer_alert"]
    team = _team(version, found.team)
    if team != case.team:
        case.team, case.sector, case.assignee = team, team.sector, None
        fields += ["team", "sector", "assignee"]
    return [*fields, *timers.schedule(case, timezone.now())]


def _team(version: ProcedureVersion, slug: str) -> Team:
    procedure = version.procedure
    return Team.objects.filter(authority=procedure.authority_id, slug=slug).first() or procedure.team


def _detail(before: ProcedureVersion, version: ProcedureVersion, found: Fit) -> dict[str, Any]:
    due = {"price": found.price.total} if found.price.lines else {}
    return {"from": before.name.fr, "to": version.name.fr, "aside": len(found.aside), **due}


def _sealed(case: Case, found: Fit) -> list[dict[str, object]]:
    return [
        {"field": name, "value": seal_one(value, name, holder=case.pk)} for name, value in sorted(found.aside.items())
    ]


def _tell(case: Case) -> None:
    day: date | None = case.silence_date
    telling.tell(
        case,
        "requalified",
        silence_regime=str(case.silence_regime),
        silence_date=day.isoformat() if day else "",
    )
