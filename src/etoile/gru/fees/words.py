"""A fee in words, for the person: how much, how to pay it, until when; or what became of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from etoile.design.moments import spelled
from etoile.gru.cases.models import Case
from etoile.gru.fees.models import Fee, How, State
from etoile.gru.forms.fields.amount import TYPE as AMOUNT

TONES = {State.DUE: "warning", State.PAID: "success", State.CANCELLED: "neutral", State.REFUNDED: "neutral"}


@dataclass(frozen=True, slots=True)
class Said:
    """`amount` in euros; `how` holds paragraphs, while it is due; `sequel` says what became of it."""

    fee: Fee
    amount: str
    state: str
    tone: str
    how: tuple[str, ...]
    sequel: str

    @property
    def is_due(self) -> bool:
        return self.fee.state == State.DUE


def said(case: Case, fee: Fee) -> Said:
    state = State(fee.state)
    how = tuple(each for each in _how(case, fee) if each) if state == State.DUE else ()
    return Said(fee, AMOUNT.shown(fee.amount), str(state.label), TONES[state], how, _sequel(fee))


def _how(case: Case, fee: Fee) -> list[str]:
    paragraphs = []
    if fee.how == How.TILL and case.team is not None:
        team = case.team
        where = ", ".join([team.name, *team.address.splitlines()])
        paragraphs += [_("Payez sur place : %(where)s.") % {"where": where}, team.opening_hours]
    elif fee.how == How.NOTICE:
        paragraphs.append(
            _(
                "Vous recevrez un avis de sommes à payer du Trésor public. Il dit comment payer : sur payfip.gouv.fr,"
                " par chèque, par virement ou chez un buraliste agréé."
            )
        )
    paragraphs.append(fee.words)
    if fee.due_on is not None:
        paragraphs.append(_("À payer avant le %(day)s.") % {"day": spelled(fee.due_on)})
    return paragraphs


def _sequel(fee: Fee) -> str:
    if fee.state == State.PAID and fee.paid_on is not None:
        words = _("Payé le %(day)s.") % {"day": spelled(fee.paid_on)}
        return f"{words} {_('Référence : %(reference)s.') % {'reference': fee.reference}}" if fee.reference else words
    if fee.state == State.REFUNDED:
        back = _("Rendu : %(sum)s.") % {"sum": AMOUNT.shown(fee.refunded)}
        return f"{back} {fee.reason}".strip()
    return fee.reason if fee.state == State.CANCELLED else ""
