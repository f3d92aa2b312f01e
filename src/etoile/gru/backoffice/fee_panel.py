"""What the page of a case shows of its payments."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form

from etoile.gru.backoffice import difference_panel
from etoile.gru.backoffice.fee_forms import Cancelled, Paid, Refunded
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.fees import queries, words
from etoile.gru.fees.words import Said


@dataclass(frozen=True, slots=True)
class Row:
    """A payment and the forms open to this agent, by the last word of their address."""

    said: Said
    forms: tuple[tuple[str, Form], ...]


def panel(view: AgentCase, refused: Form | None = None) -> dict[str, Any]:
    return {"fees": rows(view, refused), "difference": difference_panel.panel(view, refused)}


def rows(view: AgentCase, refused: Form | None = None) -> list[Row]:
    """One statement, none when nothing was ever to be paid."""
    asked = queries.of_case(view.case.pk) if any("payment" in row.detail for row in view.history) else []
    return [_row(view, words.said(view.case, fee), refused) for fee in asked]


def _row(view: AgentCase, told: Said, refused: Form | None) -> Row:
    kinds: list[tuple[str, type[Form]]] = []
    if "cases.treat" in view.rights and told.is_due:
        kinds = [("paye", Paid), ("annulation", Cancelled)]
    elif "cases.treat" in view.rights and told.is_paid:
        kinds = [("remboursement", Refunded)]
    made = []
    for kind, form in kinds:
        prefix = f"{kind}-{told.fee.pk}"
        is_it = refused is not None and refused.prefix == prefix
        made.append((kind, refused if is_it and refused is not None else form(prefix=prefix)))
    return Row(told, tuple(made))
