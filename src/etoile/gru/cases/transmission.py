"""A request that reached the wrong door is passed on, and the person is told (CRPA L114-2, L114-3)."""

import uuid
from collections.abc import Callable, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Team
from etoile.gru.cases import actors, telling
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.clock import running
from etoile.gru.cases.errors import CaseError, Incomplete
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import Outgoing, locked, move, write
from etoile.gru.cases.states import Substate
from etoile.gru.cases.typed import readable

NAME_LIMIT = 200


def transfer(
    case_id: uuid.UUID, account: Account, *, team: Team, reason: str, expected_version: int | None = None
) -> Case:
    """Give the case to another team of the authority. Nobody follows it until somebody there takes it up.

    The authority stays the same, so does the clock: the law counts from the first day. Raises `CaseError`.
    """
    reason = _needed(reason)
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        if team.authority_id != case.authority_id:
            raise CaseError(_("Ce service n'est pas de votre collectivité."))
        if not case.is_open:
            raise CaseError(_("La demande est terminée : elle ne change plus de service."))
        if case.team_id == team.pk:
            raise CaseError(_("La demande est déjà dans ce service."))
        give(case, actors.agent(account), team, reason)
    return case


def _nothing() -> Sequence[Outgoing]:
    return ()


def give(
    case: Case, actor: Actor, team: Team, reason: str, outgoing: Callable[[], Sequence[Outgoing]] = _nothing
) -> None:
    """In the caller's transaction; `case` is locked and open, `team` another of its authority. `outgoing` says what is
    published, of the case as its new team has it."""
    before = case.team.name if case.team else ""
    case.team, case.sector_id, case.assignee = team, team.sector_id, None
    write(
        case,
        "transfer",
        actor,
        fields=["team", "sector", "assignee"],
        reason=reason,
        detail={"from": before, "to": team.name},
        outgoing=outgoing(),
    )
    telling.tell(case, "transmitted", to=team.name)


def keep(case_id: uuid.UUID, account: Account, *, expected_version: int | None = None) -> Case:
    """The answers send the request to another team, and the agent keeps it: it is not proposed any more."""
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        write(case, "team_kept", actors.agent(account), detail={"to": case.team.name if case.team else ""})
    return case


def transmit(
    case_id: uuid.UUID,
    account: Account,
    *,
    to: str,
    reason: str,
    competent_on: date | None = None,
    expected_version: int | None = None,
) -> Case:
    """Say that the request went to the authority that may decide, and when it received it (today unless said).

    Both dates are kept: a refusal by silence counts from the first, an acceptance from the second.
    """
    to, reason = readable(to)[:NAME_LIMIT], _needed(reason)
    if not to:
        raise Incomplete(_("Indiquez à quelle administration la demande est transmise."))
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        today = running.today(case, timezone.now())
        case.competent_on = competent_on or today
        if case.competent_on > today or case.competent_on < running.received_on(case):
            raise Incomplete(_("La date de transmission est entre la réception de la demande et aujourd'hui."))
        running.reckon(case)
        move(
            case,
            "transmit",
            actors.agent(account),
            substate=Substate.TRANSFERRED,
            reason=reason,
            detail={"to": to, "competent_on": case.competent_on.isoformat()},
            also_write=running.FIELDS,
        )
        telling.tell(case, "transmitted", to=to)
    return case


def _needed(reason: str) -> str:
    reason = readable(reason)
    if not reason:
        raise Incomplete(_("Indiquez pourquoi la demande change de mains : la personne le lira."))
    return reason
