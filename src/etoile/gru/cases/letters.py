"""The letters the law wants: request for documents (CRPA L114-5) and decision (L211-2, L212-1, L212-2).

They are written in the language of the case, and kept as sent.
"""

import hashlib
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from etoile.design.moments import spelled
from etoile.gru.access import signing
from etoile.gru.access.models import Account, Team
from etoile.gru.cases.clock import running
from etoile.gru.cases.errors import Incomplete
from etoile.gru.cases.models import Case, Decision, DocumentRequest
from etoile.gru.cases.states import Fault, State


def document_request(case: Case, request: DocumentRequest, account: Account, comment: str) -> str:
    """The letter that lists what is missing, says until when, and what it changes."""
    with translation.override(case.language):
        lines = [
            _("Votre demande %(reference)s (%(procedure)s) est incomplète.")
            % {"reference": case.reference, "procedure": title(case)},
            "",
            _("Pièces et informations à fournir :"),
            *(f"- {_item_line(item)}" for item in request.items),
            "",
            _("Vous avez jusqu'au %(deadline)s pour les envoyer.") % {"deadline": day(request.deadline)},
            _effect(case, request),
        ]
        if comment.strip():
            lines += ["", comment.strip()]
        lines += ["", *_signature(account, case.team)]
        return "\n".join(lines)


def decision(case: Case, written: Decision, *, formula: str = "") -> str:
    """The decision with its author, its reasons and the ways of recourse; `formula` is what gave the author the power
    to sign."""
    with translation.override(case.language):
        lines = [
            _outcome_line(case, written),
            "",
        ]
        if written.reasons:
            lines += [_("Motifs :"), written.reasons, ""]
        if written.outcome != "accepted":
            lines += [recourse(), ""]
        capacity = f", {written.capacity}" if written.capacity else ""
        lines += [*([formula] if formula else []), f"{written.signatory}{capacity}", written.service]
        return "\n".join(lines)


def silence_reason(case: Case, day_of_birth: date) -> str:
    """Why there is a decision although nobody took one, in the language of the case."""
    with translation.override(case.language):
        return _("Silence gardé jusqu'au %(day)s sur la demande reçue le %(received)s.") % _dates(case, day_of_birth)


def implicit_decision(case: Case, written: Decision, day_of_birth: date) -> str:
    """What the person is told of the decision that silence made, and what they may do (CRPA L231-1, L231-4, L232-3,
    L232-4)."""
    with translation.override(case.language):
        if written.outcome == State.ACCEPTED:
            lines = [
                _("Votre demande %(reference)s (%(procedure)s) est acceptée depuis le %(day)s.")
                % _dates(case, day_of_birth),
                _("Le service ne vous a pas répondu dans le délai prévu : son silence vaut accord."),
                _("Vous pouvez obtenir une attestation de cet accord sur votre page de suivi."),
            ]
        else:
            lines = [
                _("Votre demande %(reference)s (%(procedure)s) est considérée comme refusée depuis le %(day)s.")
                % _dates(case, day_of_birth),
                _("Le service ne vous a pas répondu dans le délai prévu : son silence vaut refus."),
                _("Il peut encore vous répondre. Vous pouvez aussi lui demander les motifs de ce refus."),
                recourse_of_silence(),
            ]
        return "\n\n".join([*lines, written.service])


def attestation(case: Case, written: Decision, day_of_birth: date) -> str:
    """The attestation of an acceptance by silence (CRPA L232-3, D232-2): what was asked, when, and since when."""
    with translation.override(case.language):
        lines = [
            _("Attestation d'acceptation implicite"),
            _(
                "%(authority)s atteste que la demande %(reference)s (%(procedure)s), reçue le %(received)s, est "
                "acceptée depuis le %(day)s."
            )
            % _dates(case, day_of_birth),
            _("Demande présentée par %(name)s.") % {"name": case.contact_name},
            _("Article L232-3 du code des relations entre le public et l'administration."),
            written.service,
        ]
        return "\n\n".join(line for line in lines if line)


def _dates(case: Case, day_of_birth: date) -> dict[str, Any]:
    return {
        "authority": case.authority.name,
        "reference": case.reference,
        "procedure": title(case),
        "received": day(case.first_received_on or running.received_on(case)),
        "day": day(day_of_birth),
    }


def sign(written: Decision, account: Account) -> str:
    """Put the author's mentions on a decision; what is printed above the name, when there is something.

    Those of the delegation in force, where the authority recorded some (docs/administration.md); else those of the
    account. Raises `Incomplete` when one that the law wants is not there, or when the agent has no delegation."""
    case = written.case
    try:
        procedure = case.procedure_version.procedure.slug
        given = signing.signature_of(case.authority.pk, account, procedure, running.today(case, written.decided_at))
    except signing.NotDelegated:
        raise Incomplete(
            _(
                "Vous n’avez pas de délégation de signature en vigueur pour cette démarche. Demandez à un signataire de"
                " décider, ou à la personne qui administre de noter votre délégation."
            )
        ) from None
    if given is not None:
        written.signatory, written.capacity, written.service = given.name, given.capacity, given.service
        return given.formula
    _sign_as_account(written, account)
    return ""


def _sign_as_account(written: Decision, account: Account) -> None:
    team = written.case.team
    missing = [
        word
        for word, value in (
            (_("le prénom"), account.given_name),
            (_("le nom"), account.family_name),
            (_("la qualité"), account.capacity),
            (_("le service"), team.name if team else ""),
        )
        if not value
    ]
    if missing:
        raise Incomplete(
            _("Une décision porte le nom de son auteur. Il manque à votre compte : %(missing)s.")
            % {"missing": ", ".join(missing)}
        )
    written.signatory, written.capacity = f"{account.given_name} {account.family_name}", account.capacity
    written.service = team.name if team else ""


def recourse() -> str:
    """The ways and delays of recourse (CRPA L211-5, R421-1 of the code of administrative justice)."""
    return _(
        "Vous pouvez contester cette décision dans un délai de deux mois à compter de sa notification. Adressez pour "
        "cela un recours gracieux au service, ou un recours au tribunal administratif (www.telerecours.fr)."
    )


def recourse_of_silence() -> str:
    """The delay runs from the day the refusal was born (R421-2 of the code of administrative justice)."""
    return _(
        "Vous pouvez contester ce refus dans un délai de deux mois à compter de ce jour : par un recours gracieux "
        "adressé au service, ou devant le tribunal administratif (www.telerecours.fr)."
    )


def title(case: Case) -> str:
    return case.procedure_version.name.said(translation.get_language())


def day(value: date) -> str:
    return spelled(value)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _outcome_line(case: Case, written: Decision) -> str:
    named: dict[str, Any] = {"reference": case.reference, "procedure": title(case)}
    named["date"] = day(running.today(case, written.decided_at))
    if written.outcome == "accepted":
        return _("Le %(date)s, votre demande %(reference)s (%(procedure)s) est acceptée.") % named
    if written.outcome == "refused":
        return _("Le %(date)s, votre demande %(reference)s (%(procedure)s) est refusée.") % named
    return _("Le %(date)s, votre demande %(reference)s (%(procedure)s) est classée sans suite.") % named


def _item_line(item: dict[str, Any]) -> str:
    notes = []
    if item.get("indispensable"):
        notes.append(_("indispensable"))
    if item.get("to_translate"):
        notes.append(_("avec sa traduction en français"))
    named = f"{item['name']} ({', '.join(notes)})" if notes else str(item["name"])
    if not item.get("field"):
        return named
    fault = str(Fault(item["fault"]).label).lower()
    return _("%(name)s : réponse %(fault)s. %(sentence)s") % {**item, "name": named, "fault": fault}


def _effect(case: Case, request: DocumentRequest) -> str:
    # CRPA L114-5 and L114-5-1: only an indispensable document touches the delay, and not the same way in each regime.
    running_on = case.silence_regime != "none" and not running.has_decided(case, request.asked_at)
    if not running_on or not any(item["indispensable"] for item in request.items):
        return _("Cette demande de pièces ne suspend pas l'instruction de votre demande.")
    if case.silence_regime == "accept":
        return _(
            "Le délai au terme duquel votre demande est réputée acceptée ne court qu'à compter de la réception de ces "
            "pièces."
        )
    return _(
        "Le délai au terme duquel votre demande est réputée rejetée est suspendu pendant ce temps ; il reprend dès que "
        "vous les aurez transmises."
    )


def _signature(account: Account, team: Team | None) -> list[str]:
    capacity = f", {account.capacity}" if account.capacity else ""
    return [f"{account}{capacity}", *([team.name] if team else [])]
