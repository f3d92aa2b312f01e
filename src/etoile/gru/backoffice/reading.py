"""From a case to what its page shows: answers in the words of the procedure, applicant, history, deliveries."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from etoile.design.moments import spelled
from etoile.design.parts import Cell, SummaryRow, TimelineEntry
from etoile.gru.cases import notification
from etoile.gru.cases.clock.silence import NONE
from etoile.gru.cases.models import Case, Handoff, History
from etoile.gru.cases.states import ActorKind, State, Substate
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.cases.views_of_person import repriced
from etoile.gru.cases.workflow.rules import words_of, workflow_of
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.amount import TYPE as AMOUNT
from etoile.gru.forms.rows import said

TONES = {
    State.SUBMITTED: "info",
    State.IN_PROGRESS: "progress",
    State.ACCEPTED: "success",
    State.REFUSED: "danger",
    State.CLOSED: "neutral",
    State.WITHDRAWN: "neutral",
}
HANDOFF_TONES = {
    Handoff.State.WAITING: "warning",
    Handoff.State.SENT: "progress",
    Handoff.State.ACKNOWLEDGED: "success",
    Handoff.State.REJECTED: "danger",
    Handoff.State.DEAD: "danger",
    Handoff.State.HELD: "neutral",
    Handoff.State.CANCELLED: "neutral",
}
SHAPES = {
    ActorKind.PERSON: "user",
    ActorKind.AGENT: "hall",
    ActorKind.APPLICATION: "plug",
    ActorKind.SYSTEM: "clock",
}
CIVILITIES = {"MADAME": gettext_lazy("Madame"), "MONSIEUR": gettext_lazy("Monsieur")}
HANDOFF, DOCUMENTS_ASKED = "handoff", "wait"


def state_cell(case: Case) -> Cell:
    """In the procedure's own words where it has some."""
    own = str(workflow_of(case).situation(case.state, case.substate).label)
    if case.substate:
        return Cell(own or str(Substate(case.substate).label), tone="warning")
    return Cell(own or str(State(case.state).label), tone=TONES[State(case.state)])


def answers(view: AgentCase) -> list[tuple[str, list[SummaryRow]]]:
    """One group per page of the form, in its order; a question without answer is left out."""
    groups = []
    for page in view.case.procedure_version.definition.pages:
        told = [line for each in page.fields if each.id in view.answers for line in said(each, view.answers[each.id])]
        if told:
            groups.append((str(page.title), summary(told)))
    return groups


def words_of_answer(each: Field, view: AgentCase) -> str:
    """One answer on one line; empty when there is none."""
    if TYPES[each.type].holds_files:
        return ", ".join(document.name for document in view.documents if document.field == each.id)
    found = said(each, view.answers[each.id]) if each.id in view.answers else []
    return " ; ".join(line for _name, lines in found for line in lines)


def summary(told: Iterable[tuple[str, list[str]]]) -> list[SummaryRow]:
    """Answers in words (`forms.rows`), as a list shows them."""
    return [SummaryRow(name, lines) for name, lines in told]


@dataclass(frozen=True, slots=True)
class Contact:
    """How to name and reach the applicant. What is unknown is empty."""

    name: str
    organisation: str
    siret: str
    email: str
    phone: str
    address: tuple[str, ...]

    @property
    def phone_words(self) -> str:
        """A French number by pairs, as it is read aloud; another as it is kept."""
        if not re.fullmatch(r"\+33\d{9}", self.phone):
            return self.phone
        return " ".join(re.findall("..", "0" + self.phone.removeprefix("+33")))


def contact(view: AgentCase) -> Contact:
    known = {key: attribute.value for key, attribute in view.applicant.items()}
    civility = CIVILITIES.get(known.get("civility", ""), "")
    names = [str(civility), known.get("given_names", ""), known.get("family_name", "")]
    return Contact(
        name=" ".join(each for each in names if each) or view.case.contact_name,
        organisation=known.get("organisation", ""),
        siret=known.get("siret", ""),
        email=known.get("email", "") or view.case.contact_email,
        phone=known.get("phone", ""),
        address=tuple(address_lines(known.get("address") or {})),
    )


def address_lines(address: dict[str, Any]) -> list[str]:
    given = address.get("lines") or ""
    lines = given.splitlines() if isinstance(given, str) else [str(line) for line in given]
    town = f"{address.get('postal_code', '')} {address.get('city', '')}".strip()
    return [line for line in [*lines, town] if line]


def history(view: AgentCase) -> list[TimelineEntry]:
    """What happened, newest first."""
    names = {handoff.application: handoff.application_name for handoff in view.handoffs}
    return [entry(view.case, row, names) for row in view.history][::-1]


def entry(case: Case, row: History, names: Mapping[str, str] = MappingProxyType({})) -> TimelineEntry:
    """One row of history; `names` are those of the applications, by slug."""
    return TimelineEntry(
        title=str(words_of(case, row.detail) or title(row)),
        at=row.at,
        detail=" – ".join(filter(None, (precision(row, names), row.reason))),
        author=_("le hub") if row.actor == "hub" else row.actor,
        tone=tone(row),
        icon=shape(row),
    )


def shape(row: History) -> str:
    """Who acted, at a glance: the person, an agent, the hub, a business application, the clock."""
    if row.actor == "hub":
        return "star"
    return SHAPES[ActorKind(row.actor_kind)]


def title(row: History) -> str:
    if "fee" in row.detail:
        return str(FEES.get(row.detail["fee"], _("Nouvelle du paiement")))
    if row.verb == DOCUMENTS_ASKED and "request" in row.detail:
        corrections = "corrections" in row.detail
        return _("Corrections demandées à la personne") if corrections else _("Pièces demandées à la personne")
    if row.verb == "accept" and "regime" in row.detail:
        return _("Accord né du silence")
    return str(WORDS[row.verb]) if row.verb in WORDS else _("Autre évènement (%(verb)s)") % {"verb": row.verb}


def precision(row: History, names: Mapping[str, str]) -> str:
    """The one line that says what the title does not."""
    told = row.detail
    if row.verb == HANDOFF:
        state = told.get("state", "")
        words = str(Handoff.State(state).label) if state in Handoff.State.values else state
        number = told.get("external_id")
        slug = told.get("application", "")
        return f"{names.get(slug) or slug} : {words}" + (f" ({number})" if number else "")
    if row.verb in {"document_added", "document_given", "document_offered", "document_returned"}:
        listed = told.get("documents") or [told.get("document") or {}]
        names_given = ", ".join(str(each.get("name", "")) for each in listed)
        return " – ".join(filter(None, (names_given, str(told.get("why", "")))))
    if row.verb == DOCUMENTS_ASKED and "documents" in told:
        return ", ".join(told["documents"])
    if "instead_of" in told:
        return _("%(to)s, qui remplace %(name)s") % {"to": told["to"], "name": told["instead_of"]}
    due = repriced(told) or (AMOUNT.shown(told["price"]) if "price" in told else "")
    return " – ".join(str(part) for part in (told.get("label"), told.get("why"), told.get("to"), due) if part)


def tone(row: History) -> str:
    if row.verb == HANDOFF and row.detail.get("state") in Handoff.State.values:
        return HANDOFF_TONES[Handoff.State(row.detail["state"])]
    moved = row.from_state != row.to_state and row.to_state in State.values
    return TONES[State(row.to_state)] if moved else "neutral"


FEES = {
    "due": gettext_lazy("Paiement demandé à la personne"),
    "paid": gettext_lazy("Paiement reçu"),
    "cancelled": gettext_lazy("Paiement annulé"),
    "refunded": gettext_lazy("Paiement remboursé"),
    "difference": gettext_lazy("Différence de prix à décider"),
    "even": gettext_lazy("Plus de différence de prix"),
    "given_back": gettext_lazy("Différence de prix rendue"),
    "left": gettext_lazy("Différence de prix laissée"),
    "awaited": gettext_lazy("Paiement encore attendu"),
}
WORDS = {
    "submit": gettext_lazy("Demande enregistrée"),
    "start": gettext_lazy("Prise en charge"),
    "wait": gettext_lazy("En cours de traitement"),
    "resume": gettext_lazy("Traitement repris"),
    "accept": gettext_lazy("Acceptée"),
    "refuse": gettext_lazy("Refusée"),
    "close": gettext_lazy("Classée sans suite"),
    "duplicate": gettext_lazy("Classée comme doublon"),
    "unduplicate": gettext_lazy("Rouverte : ce n’était pas un doublon"),
    "document_given": gettext_lazy("Document ajouté par le service"),
    "opinion_asked": gettext_lazy("Avis demandé"),
    "opinion_given": gettext_lazy("Avis rendu"),
    "opinion_revoked": gettext_lazy("Demande d’avis retirée"),
    "correct": gettext_lazy("Réponses corrigées par l’usager"),
    "edit": gettext_lazy("Réponses modifiées par un agent"),
    "take_back": gettext_lazy("Accord retiré par la personne"),
    "withdraw": gettext_lazy("Retirée par l’usager"),
    "reopen": gettext_lazy("Rouverte"),
    "requalify": gettext_lazy("Demande requalifiée"),
    "transfer": gettext_lazy("Transmise à un autre service"),
    "team_kept": gettext_lazy("Gardée par le service"),
    "step": gettext_lazy("Étape faite"),
    "assign": gettext_lazy("Confiée à un agent, ou à personne"),
    "reminded": gettext_lazy("Rappel envoyé"),
    "escalated": gettext_lazy("Confiée à un autre service, faute de suite"),
    "transmit": gettext_lazy("Transmise à une autre administration"),
    "implicit_refusal": gettext_lazy("Refus né du silence"),
    "attested": gettext_lazy("Attestation d’accord écrite"),
    "document_added": gettext_lazy("Document ajouté"),
    "document_returned": gettext_lazy("Document reçu du logiciel métier"),
    "document_offered": gettext_lazy("Document proposé par le logiciel métier"),
    "message_posted": gettext_lazy("Message écrit"),
    "business_status": gettext_lazy("Nouvelle du logiciel métier"),
    "status_recorded": gettext_lazy("Nouvelle du logiciel métier, sans effet"),
    "handoff": gettext_lazy("Transmission à un logiciel métier"),
    "notification_agreed": gettext_lazy("Décision en ligne acceptée par la personne"),
    "notification_ended": gettext_lazy("Décision en ligne refusée désormais par la personne"),
    "decision_opened": gettext_lazy("Décision ouverte par la personne"),
    "notice_bounced": gettext_lazy("Courriel à la personne non remis"),
    "contact_corrected": gettext_lazy("Adresse électronique corrigée, courriels renvoyés"),
    "told_by_letter": gettext_lazy("Lettres à imprimer, faute de courriel"),
    "told_otherwise": gettext_lazy("Personne prévenue autrement que par courriel"),
    "held": gettext_lazy("Gardée : rien n’en part"),
    "hold_lifted": gettext_lazy("N’est plus gardée"),
    "archived": gettext_lazy("Archivée"),
    "frozen": gettext_lazy("Gelée à la demande de la personne"),
    "thawed": gettext_lazy("N’est plus gelée"),
    "brought_back": gettext_lazy("Sortie des archives"),
    "attachments_removed": gettext_lazy("Fichiers supprimés, leur durée passée"),
}


def notified(view: AgentCase) -> dict[str, Any]:
    """Since when the person agrees to receive the decision on line; the decisions notified so, and when each was
    opened."""
    found = notification.standing(view.history)
    told = [
        (each.decided_at, found.opened.get(str(each.pk)))
        for each in view.decisions
        if found.awaits(each) or str(each.pk) in found.opened
    ]
    return {"agreed_at": found.agreed_at, "letters": told}


def clock(view: AgentCase) -> str:
    """Where the legal delay stands, when there is more to say than its date; empty otherwise."""
    case = view.case
    if case.implicit_on is not None:
        return _("Terminé le %(day)s, sans réponse") % {"day": spelled(case.implicit_on, "j F Y")}
    if not case.is_open or view.clock.regime == NONE:
        return ""
    if view.clock.waiting:
        return _("Il partira de la réception des pièces")
    if view.clock.suspended:
        return ngettext(
            "Suspendu %(n)s jour pour des pièces manquantes",
            "Suspendu %(n)s jours pour des pièces manquantes",
            view.clock.suspended,
        ) % {"n": view.clock.suspended}
    return ""
