"""What the page of a case shows of a price that changed once it was asked or paid: an agent decides."""

from dataclasses import dataclass

from django.forms import Form
from django.utils.translation import gettext as _

from etoile.gru.backoffice.fee_forms import Cancelled, GivenBack, HowPaid, Nothing
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.fees.differences import Choice as Decision
from etoile.gru.fees.differences import Held, held, open_one
from etoile.gru.forms.fields.amount import TYPE as AMOUNT

# By the last word of the address.
FORMS: dict[str, type[Form]] = {
    "demande": HowPaid,
    "ajustement": Nothing,
    "restitution": GivenBack,
    "maintien": Cancelled,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision: its words, those of its button, its form."""

    kind: str
    words: str
    button: str
    form: Form


@dataclass(frozen=True, slots=True)
class Panel:
    """`said` is the sentence that gives both prices and what was asked or paid; `gap`, in cents, what is decided."""

    said: str
    gap: int
    choices: tuple[Choice, ...]


def panel(view: AgentCase, refused: Form | None = None) -> Panel | None:
    """Three statements, none when no price ever differed."""
    differed = any(row.detail.get("fee") == "difference" for row in view.history)
    found = open_one(view.case.pk) if differed else None
    if found is None:
        return None
    has = held(view.case.pk)
    gap = has.gap(found.after)
    choices = _choices(has, gap, found.after, refused) if "cases.treat" in view.rights else ()
    return Panel(_said(found.before, found.after, has, gap), gap, tuple(choices))


def _said(before: int, after: int, has: Held, gap: int) -> str:
    words = _("Les réponses ont changé : le prix passe de %(before)s à %(after)s.") % {
        "before": AMOUNT.shown(before),
        "after": AMOUNT.shown(after),
    }
    known = _("Déjà payé : %(paid)s.") % {"paid": AMOUNT.shown(has.paid)} if has.paid else ""
    if has.due is not None:
        known = f"{known} {_('Demandé : %(due)s.') % {'due': AMOUNT.shown(has.due.amount)}}".strip()
    rest = _("À demander en plus : %(sum)s.") if gap > 0 else _("En trop : %(sum)s.")
    return " ".join([words, known, rest % {"sum": AMOUNT.shown(abs(gap))}])


def _choices(has: Held, gap: int, price: int, refused: Form | None) -> list[Choice]:
    sum_ = {"sum": AMOUNT.shown(abs(gap))}
    whole = {"sum": AMOUNT.shown(has.ours.amount + gap) if has.ours is not None else ""}
    said = {
        Decision.ADJUST: ("ajustement", _("Changer le paiement demandé"), _("Le porter à %(sum)s") % whole),
        Decision.ASK: ("demande", _("Demander la différence"), _("Demander %(sum)s") % sum_),
        Decision.GIVE_BACK: ("restitution", _("Noter que la différence est rendue"), _("%(sum)s sont rendus") % sum_),
        Decision.LEAVE: ("maintien", _("Ne rien changer"), _("Laisser ce qui est demandé ou payé")),
    }
    made = [said[each] for each in has.choices(price)]
    return [Choice(kind, words, button, _form(kind, refused)) for kind, words, button in made]


def _form(kind: str, refused: Form | None) -> Form:
    prefix = prefix_of(kind)
    is_it = refused is not None and refused.prefix == prefix
    return refused if is_it and refused is not None else FORMS[kind](prefix=prefix)


def prefix_of(kind: str) -> str:
    return f"difference-{kind}"
