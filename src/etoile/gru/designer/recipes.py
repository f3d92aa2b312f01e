"""Ready-made calculations, written with the questions of this very form: an agent picks one and changes the figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from etoile.gru.designer.conditions import offers
from etoile.gru.forms.definition import Field

MOST = 8


@dataclass(frozen=True, slots=True)
class Recipe:
    """`words` say what it does; `formula` is put in the box; `result` goes with it."""

    words: str
    formula: str
    result: str


def recipes(fields: Mapping[str, Field]) -> list[Recipe]:
    """Those that these questions make possible, a few at most."""
    found = [recipe for each in fields.values() for recipe in _of(each)]
    amounts = [each for each in fields.values() if offers.sort_of(each) == offers.AMOUNT]
    if len(amounts) > 1:
        words = _("La somme de %(labels)s") % {"labels": ", ".join(f"« {each.label} »" for each in amounts)}
        found.insert(0, Recipe(words, " + ".join(each.id for each in amounts), "amount"))
    return found[:MOST]


def _of(each: Field) -> Iterator[Recipe]:
    sort, label = offers.sort_of(each), each.label
    if each.fields:
        for child in each.fields:
            if offers.sort_of(child) == offers.NUMBER and child.type == "integer":
                named = {"block": label, "label": child.label}
                words = _("1,50 € pour chaque « %(label)s » de « %(block)s », toutes lignes ensemble") % named
                yield Recipe(words, f"sum({each.id}.map(ligne, ligne.{child.id})) * 150", "amount")
        words = _("5 € par ligne de « %(block)s »") % {"block": label}
        yield Recipe(words, f"size({each.id}) * 500", "amount")
    elif sort == offers.NUMBER and each.type == "integer":
        yield Recipe(_("« %(label)s » × 1,50 €") % {"label": label}, f"{each.id} * 150", "amount")
    elif sort == offers.YES_NO:
        words = _("10 € si « %(label)s » est oui, sinon rien") % {"label": label}
        yield Recipe(words, f"{each.id} ? 1000 : 0", "amount")
    elif sort == offers.CHOICE and 1 < len(each.options) < 12:
        steps = [f'{each.id} == "{option.value}" ? {1000 * (at + 1)}' for at, option in enumerate(each.options[:-1])]
        formula = " : ".join([*steps, str(1000 * len(each.options))])
        yield Recipe(_("Un tarif selon « %(label)s »") % {"label": label}, formula, "amount")
