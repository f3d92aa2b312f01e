"""What the answers decide, told while one fills in: what it costs, why it cannot be asked here, what was set aside."""

from dataclasses import dataclass
from typing import Any

from etoile.gru.filling import mandates, moving
from etoile.gru.filling.opened import Filling
from etoile.gru.filling.questions import unbroken
from etoile.gru.forms.decisions import Quote
from etoile.gru.forms.definition import Page
from etoile.gru.forms.fields.amount import TYPE as AMOUNT


@dataclass(frozen=True, slots=True)
class Price:
    """Labels and amounts in words; `unknown` names what the answers so far do not tell yet."""

    lines: tuple[tuple[str, str], ...]
    total: str
    unknown: tuple[str, ...]


def told(filling: Filling, here: Page | None = None) -> dict[str, Any]:
    """For the templates. With a page, as far as the pages up to it tell; one statement if something was set aside."""
    definition, evaluated = filling.definition, filling.evaluated
    refused = evaluated.refusals(here or definition.pages[-1])
    return {
        "refusals": refused,
        "refused": " ".join(each.id for each in refused),
        "price": price(evaluated.quote) if definition.price.rules else None,
        "mandate": mandates.said(filling.draft.mandate),
        "aside": moving.set_aside(filling) if filling.draft.aside else (),
    }


def price(quote: Quote) -> Price:
    lines = tuple((unbroken(line.label), AMOUNT.shown(line.amount)) for line in quote.lines)
    return Price(lines, AMOUNT.shown(quote.total), tuple(str(each) for each in quote.unknown))
