"""The letters of a case as PDF: receipt, decisions, attestation. What was written is printed again, never rewritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from etoile.gru.access.models import Authority
from etoile.gru.cases.models import Case
from etoile.gru.notices.queries import receipt_of
from etoile.gru.papers.paper import Block, Facts, Paper, Words, paragraphs
from etoile.gru.papers.render import pdf

RECEIPT, DECISION, ATTESTATION = "accuse", "decision", "attestation"


@dataclass(frozen=True, slots=True)
class Printed:
    """A file to be saved: `name` says what it is and of which request."""

    name: str
    content: bytes


def paper(case: Case, kind: str) -> Printed | None:
    """`accuse`, `attestation`, or `decision-N` counted from 1; None when the case has no such letter."""
    with translation.override(case.language):
        made = _paper(case, kind)
    if made is None:
        return None
    return Printed(f"{made.title}.pdf", pdf(made, fonts=settings.PAPER_FONTS))


def _paper(case: Case, kind: str) -> Paper | None:
    if kind == RECEIPT:
        return _receipt(case)
    decisions = list(case.decisions.all())
    if kind == ATTESTATION:
        attested = next((each for each in decisions if each.attestation and each.attested_at), None)
        if attested is None or attested.attested_at is None:
            return None
        title = _("Attestation, demande %(reference)s") % {"reference": case.reference}
        return letter(case, title, attested.attested_at, paragraphs(attested.attestation))
    name, _separator, number = kind.partition("-")
    if name != DECISION or not number.isdecimal() or not 1 <= int(number) <= len(decisions):
        return None
    decision = decisions[int(number) - 1]
    title = _("Décision, demande %(reference)s") % {"reference": case.reference}
    return letter(case, title, decision.decided_at, paragraphs(decision.text))


def _receipt(case: Case) -> Paper | None:
    receipt = receipt_of(case.id)
    if receipt is None:
        return None
    said = receipt.said
    blocks: list[Block] = [*map(Words, said.paragraphs), Facts(said.facts), *map(Words, said.closing)]
    with translation.override(receipt.language):
        title = _("Accusé d'enregistrement, demande %(reference)s") % {"reference": case.reference}
    return letter(case, title, receipt.at, blocks, language=receipt.language)


def letter(
    case: Case, title: str, at: datetime, blocks: list[Block], *, language: str = "", recipient: Sequence[str] = ()
) -> Paper:
    """A paper with the head of the authority and the reference of the case; `recipient`, line by line, when posted."""
    authority = case.authority
    return Paper(
        title=title,
        language=language or case.language,
        sender=authority.name,
        address=sender_of(authority),
        day=at.astimezone(authority.zone).date(),
        blocks=blocks,
        reference=case.reference,
        colour=str(authority.theme.get("colour", "")).lower(),
        recipient=recipient,
    )


def sender_of(authority: Authority) -> list[str]:
    """How to reach the authority, line by line, as its letters print it."""
    town = f"{authority.postal_code} {authority.city}".strip()
    return [line for line in [*authority.address.splitlines(), town, authority.phone, authority.email] if line]
