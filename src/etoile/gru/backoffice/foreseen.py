"""What saving a change of answers will do besides, in sentences, before it is done."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from etoile.gru.cases.models import Case
from etoile.gru.corrections.effects import Effects
from etoile.gru.fees import pricing
from etoile.gru.fees.pricing import Effect
from etoile.gru.forms.fields.amount import TYPE as AMOUNT


def sentences(case: Case, found: Effects) -> tuple[str, ...]:
    """In the order an agent decides by: the price, the team, the applications, the files, the steps. Two statements
    when the price changes, else none."""
    said = (*_unpriced(found), *price(case, *found.prices), *_team(found), *_wanted(found), *_steps(found))
    return tuple(each for each in said if each)


def _unpriced(found: Effects) -> Iterator[str]:
    if found.is_unknown:
        yield _("Le prix ne peut plus être calculé : ce qui est demandé ou payé ne change pas.")


def price(case: Case, before: int, after: int) -> Iterator[str]:
    """What becomes of what was asked or paid. Two statements when the price changes, else none."""
    if before == after:
        return
    yield _("Le prix passe de %(before)s à %(after)s.") % {
        "before": AMOUNT.shown(before),
        "after": AMOUNT.shown(after),
    }
    plan = pricing.foreseen(case, before, after)
    if plan.effect == Effect.DUE:
        yield _("Le paiement demandé change avec lui. La personne est prévenue.")
    elif plan.effect == Effect.CANCELLED:
        yield _("Le paiement demandé est annulé. La personne est prévenue.")
    elif plan.effect == Effect.DIFFERENCE:
        rest = _("%(sum)s à demander en plus") if plan.gap > 0 else _("%(sum)s en trop")
        difference = rest % {"sum": AMOUNT.shown(abs(plan.gap))}
        yield _("Un paiement est déjà demandé ou fait : %(difference)s. Vous en déciderez ensuite.") % {
            "difference": difference
        }


def _team(found: Effects) -> Iterator[str]:
    if found.team is not None and found.moves:
        yield _("La demande est transmise à : %(team)s. Le délai légal ne change pas.") % {"team": found.team.name}
    elif found.team is not None:
        yield _("Ces réponses relèvent de : %(team)s. Vous pourrez lui transmettre la demande.") % {
            "team": found.team.name
        }
    if found.holder:
        yield _("%(application)s a déjà cette demande : les nouvelles réponses lui sont envoyées.") % {
            "application": found.holder
        }
    if found.again:
        yield _("Aucun logiciel métier n’a cette demande : elle leur est proposée de nouveau.")


def _wanted(found: Effects) -> Iterator[str]:
    if found.wants_else and found.missing:
        yield _("Il manquera : %(names)s. Vous pourrez le demander à la personne.") % {"names": _listed(found.missing)}
    if found.unneeded:
        yield _("Ces fichiers ne sont plus nécessaires : %(names)s.") % {"names": _listed(found.unneeded)}


def _steps(found: Effects) -> Iterator[str]:
    if found.opened:
        yield _("Étapes désormais possibles : %(names)s.") % {"names": _listed(found.opened)}
    if found.closed:
        yield _("Étapes qui ne le seront plus : %(names)s.") % {"names": _listed(found.closed)}


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)
