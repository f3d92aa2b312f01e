"""What the page of a case shows of its payments."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form

from etoile.gru.backoffice import difference_panel
from etoile.gru.backoffice.fee_forms import Cancelled, Paid, Refunded
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.fees import queries, words
from etoile.gru.fees.differences import of_fees
from etoile.gru.fees.words import Said
from etoile.gru.forms.fields.amount import TYPE as AMOUNT


@dataclass(frozen=True, slots=True)
class Row:
    """A payment and the forms open to this agent, by the last word of their address; `sum`, in cents, is what they are
    about, and `back` the same in words when it would be given back."""

    said: Said
    sum: int
    back: str
    forms: tuple[tuple[str, Form], ...]


def panel(view: AgentCase, refused: Form | None = None) -> dict[str, Any]:
    return {"fees": rows(view, refused), "difference": difference_panel.panel(view, refused)}


def rows(view: AgentCase, refused: Form | None = None) -> list[Row]:
    """Two statements, none when nothing was ever to be paid."""
    if not any("payment" in row.detail for row in view.history):
        return []
    asked = queries.of_case(view.case.pk)
    has = of_fees(view.case.pk, asked)
    return [_row(view, words.said(view.case, fee), has.left(fee), refused) for fee in asked]


def _row(view: AgentCase, told: Said, left: int, refused: Form | None) -> Row:
    kinds: list[tuple[str, type[Form]]] = []
    if "cases.treat" in view.rights and told.is_due:
        kinds = [("paye", Paid), ("annulation", Cancelled)]
    elif "cases.treat" in view.rights and left:
        kinds = [("remboursement", Refunded)]
    made = []
    for kind, form in kinds:
        prefix = f"{kind}-{told.fee.pk}"
        is_it = refused is not None and refused.prefix == prefix
        made.append((kind, refused if is_it and refused is not None else form(prefix=prefix)))
    return Row(told, left or told.fee.amount, AMOUNT.shown(left) if left else "", tuple(made))
