"""The answers of a case are changed: by the person who was asked to correct them, or by an agent.

Who says what changes is a room above (`corrections`); here the case, its history, its clock and its events follow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.cases import asking, events, leaving, telling
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.clock import running
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case, DocumentRequest
from etoile.gru.cases.moves import Outgoing, move, write
from etoile.gru.cases.search import keeping as search
from etoile.gru.cases.states import Substate
from etoile.gru.documents.models import Document
from etoile.gru.forms.decisions import Quote
from etoile.gru.forms.sensitive import seal


@dataclass(frozen=True, slots=True)
class Amendment:
    """`answers` are all the answers the case now keeps, sealed for it; `changed` those that changed, in clear; `labels`
    the questions they answer, in the language of the case; `documents` the files given with them, held by the case.

    `price` is the new one when it changed, `former` the one before, in cents; `proposed` the slug and the name of the
    team these answers send the request to, `missing` the questions that want an answer or a file. Left out, the answers
    have not changed that; empty, there is none any more. `again` is the request itself, published before the change for
    whoever has to receive it now."""

    answers: Mapping[str, Any]
    changed: Mapping[str, Any]
    labels: Sequence[str]
    documents: Sequence[Document] = ()
    reason: str = ""
    price: Quote | None = None
    former: int = 0
    proposed: Mapping[str, str] | None = None
    missing: Sequence[str] | None = None
    again: Sequence[Outgoing] = ()


def correct(case: Case, actor: Actor, made: Amendment, request: DocumentRequest) -> None:
    """The person answers a request for corrections, in the caller's transaction; `case` is locked.

    The clock takes it as the missing documents of CRPA L114-5: the file is complete from now on. Raises `CaseError`.
    """
    if request.state != DocumentRequest.State.OPEN:
        raise CaseError(_("Ces corrections ne sont plus attendues."))
    _refuse_closed(case)
    asking.answer(request)
    clock = running.reckon(case)
    case.answers = dict(made.answers)
    waits = case.substate != Substate.DOCUMENTS_ASKED or asking.is_open(case)
    still = case.substate if waits else Substate.NONE
    detail = {**_detail(made), "request": str(request.id)}
    move(case, "correct", actor, substate=still, detail=detail, also=_published(case, made, request),
         also_write=["answers", *clock])  # fmt: skip
    search.rewrite(case)
    telling.tell(case, "corrections_received")


def edit(case: Case, actor: Actor, made: Amendment) -> None:
    """An agent changes answers and says why, in the caller's transaction; `case` is locked. The person is told."""
    _refuse_closed(case)
    case.answers = dict(made.answers)
    write(case, "edit", actor, fields=["answers"], reason=made.reason, detail=_detail(made),
          outgoing=_published(case, made))  # fmt: skip
    search.rewrite(case)
    telling.tell(case, "answers_edited")


def take_back(case: Case, actor: Actor, field: str, label: str) -> None:
    """The person takes an agreement back, even once the request has ended, in the caller's transaction; `case` is
    locked. What shows, exports or publishes the answer says no from now on."""
    case.answers = {**case.answers, **seal(case.procedure_version.definition, {field: False}, holder=case.pk)}
    made = Amendment(answers=case.answers, changed={field: False}, labels=[label], reason=_("Accord retiré"))
    write(case, "take_back", actor, fields=["answers"], detail=_detail(made), outgoing=_published(case, made))
    search.rewrite(case)


def _refuse_closed(case: Case) -> None:
    if not case.is_open:
        raise CaseError(_("La demande est terminée : ses réponses ne changent plus."))


def _detail(made: Amendment) -> dict[str, Any]:
    given = [{"name": each.name, "sha256": each.sha256} for each in made.documents]
    priced = {"price": made.price.total, "price_before": made.former} if made.price is not None else {}
    more = {"documents": given or None, "proposed": made.proposed, "missing": made.missing, **priced}
    told = {name: value for name, value in more.items() if value is not None}
    return {"label": ", ".join(made.labels), "fields": sorted(made.changed), **told}


def _published(case: Case, made: Amendment, request: DocumentRequest | None = None) -> list[Outgoing]:
    changed = leaving.answers_of(case, made.changed)
    is_told = changed or made.price is not None
    told = [Outgoing(events.UPDATED, events.updated(case, changed, made.reason, made.price))] if is_told else []
    return [
        *made.again,
        *told,
        *(
            Outgoing(events.DOCUMENT_ADDED, events.document_added(case, each, request))
            for each in leaving.documents_of(case, made.documents)
        ),
    ]
