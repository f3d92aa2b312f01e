"""What the person is told of a case, and when: one notice an event, in the caller's transaction.

A notice carries the reference, the name of the procedure and a link; never the content of the file.
"""

from typing import Any

from etoile.gru.cases.models import Case, Message
from etoile.gru.forms.rules import Wording
from etoile.gru.notices import authority_words
from etoile.gru.notices.services import Recipient, send_later


def tell(case: Case, template: str, *, own: Wording | None = None, **context: Any) -> None:
    """Queue one notice about a case; `own` are the words of a step, `context` holds plain JSON values."""
    send_later(
        case.authority,
        Recipient(name=case.contact_name, email=case.contact_email, language=case.language),
        template,
        {
            "reference": case.reference,
            "procedure": case.procedure_version.name.raw(),
            "authority": case.authority.name,
            "service": case.team.name if case.team else "",
            "state": str(case.state),
            "substate": str(case.substate),
            **({"discreet": True} if case.procedure_version.definition.discreet else {}),
            **_own_words(case, template, own),
            **context,
        },
        case_id=case.id,
    )


def tell_team(case: Case, template: str, **context: Any) -> bool:
    """Queue one notice to the team in charge; whether it has an address to receive it. No `case_id`: the address that
    would be printed is the person's own key."""
    if case.team is None or not case.team.email:
        return False
    send_later(
        case.authority,
        Recipient(name=case.team.name, email=case.team.email),
        template,
        {
            "reference": case.reference,
            "procedure": case.procedure_version.name.raw(),
            "service": case.team.name,
            **context,
        },
    )
    return True


def _own_words(case: Case, template: str, own: Wording | None) -> dict[str, Any]:
    """In the place of the usual words: those of the step, else of the procedure's version, else of the authority."""
    own = own or case.procedure_version.definition.messages.get(template)
    said: dict[str, Any] = {**authority_words.words_of(case.authority, template)}
    if own is not None:
        parts = {"subject": own.subject.raw(), "body": own.body.raw()}
        said |= {part: text for part, text in parts.items() if any(text.values())}
    return {"words": said} if said else {}


def tell_registration(case: Case) -> None:
    """The receipt of the law (CRPA R112-11-1): date, service with address, e-mail and phone, silence and its date."""
    team = case.team
    tell(
        case,
        "registration_receipt",
        received_at=case.submitted_at.isoformat(),
        timezone=case.authority.timezone,
        service_address=team.address if team else "",
        service_email=team.email if team else "",
        service_phone=team.phone if team else "",
        silence_regime=case.silence_regime,
        silence_date=case.silence_date.isoformat() if case.silence_date else "",
    )


def tell_message(case: Case, message: Message) -> None:
    """The person is told of a message from the other side; their own is seen by the agents in the back-office."""
    if message.author != Message.Author.PERSON:
        tell(case, "message_received")
