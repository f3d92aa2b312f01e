"""The rules in words, so that an agent knows why two persons are suspected, and why others are not."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from etoile.design.parts import Cell, Table
from etoile.gru.matching.rules import Rules
from etoile.gru.matching.sentences import name_of


@dataclass(frozen=True, slots=True)
class RulesInWords:
    rules: Rules
    table: Table
    identity: str
    lines: list[str]


def in_words(rules: Rules) -> RulesInWords:
    headings = (_("Information"), _("Identique"), _("Écrite autrement"), _("Presque identique"), _("Différente"))
    rows = [
        (Cell(name_of(key)), *(_points(each.points[name]) for name in ("exact", "normalised", "near", "different")))
        for key, each in rules.attributes.items()
    ]
    table = Table(_("Points donnés ou retirés"), headings, rows)
    identity = ", ".join(sorted(name_of(each) for each in rules.identity))
    lines = [" + ".join(name_of(key) for key in line) for line in rules.candidates]
    return RulesInWords(rules, table, identity, lines)


def _points(number: int) -> Cell:
    return Cell(f"{number:+d}".replace("-", "−") if number else "0", numeric=True)
