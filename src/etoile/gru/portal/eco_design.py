"""The declaration of eco-design (RGESN), from the data file beside this one: measured weights, assessed criteria."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from etoile.design.parts import Cell, Table
from etoile.gru.forms.texts import Text

STATES: dict[str, tuple[str | Promise, str]] = {
    "met": (_("Respecté"), "success"),
    "partly": (_("En partie"), "info"),
    "not_met": (_("Non respecté"), "warning"),
    "not_applicable": (_("Sans objet"), "neutral"),
}


@dataclass(frozen=True, slots=True)
class Weight:
    """A page on its first load: kilobytes on the wire (1,000 bytes, compressed) and requests."""

    title: Text
    path: str
    kilobytes: int
    requests: int


@dataclass(frozen=True, slots=True)
class Criterion:
    number: str
    state: str
    said: Text

    @property
    def words(self) -> str | Promise:
        return STATES[self.state][0]

    @property
    def tone(self) -> str:
        return STATES[self.state][1]


@dataclass(frozen=True, slots=True)
class EcoDesign:
    reference: str
    total: int
    assessed_on: date
    most_kilobytes: int
    most_requests: int
    weights: tuple[Weight, ...]
    criteria: tuple[Criterion, ...]

    def count(self, state: str) -> int:
        return sum(1 for each in self.criteria if each.state == state)

    @property
    def met(self) -> int:
        return self.count("met")

    @property
    def partly(self) -> int:
        return self.count("partly")

    @property
    def not_assessed(self) -> int:
        return self.total - len(self.criteria)

    @property
    def score(self) -> int:
        """Criteria met ÷ criteria that apply, in percent, cut; one that was not assessed is not met."""
        return 100 * self.met // (self.total - self.count("not_applicable"))


@cache
def declaration() -> EcoDesign:
    raw: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("eco_design.yaml").read_text(encoding="utf-8"))
    return EcoDesign(
        reference=raw["reference"],
        total=raw["criteria_total"],
        assessed_on=raw["assessed_on"],
        most_kilobytes=raw["limit"]["kilobytes"],
        most_requests=raw["limit"]["requests"],
        weights=tuple(
            Weight(Text.of(each["title"]), each["path"], each["kilobytes"], each["requests"]) for each in raw["weights"]
        ),
        criteria=tuple(
            Criterion(each["number"], each["state"], Text(each["fr"], each["en"])) for each in raw["criteria"]
        ),
    )


def weights_table(eco: EcoDesign) -> Table:
    return Table(
        caption=_now("Poids au premier affichage, compressé"),
        columns=[_now("Page"), _now("Poids"), _now("Requêtes")],
        rows=[
            [
                Cell(str(each.title), href=each.path),
                Cell(_now("%(n)d ko") % {"n": each.kilobytes}, numeric=True),
                Cell(str(each.requests), numeric=True),
            ]
            for each in eco.weights
        ],
    )
