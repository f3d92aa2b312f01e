"""The figures of a service in words, tables and addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.design.chart import Chart, Series
from etoile.design.parts import Cell, Choice, Table
from etoile.gru.access.models import Team
from etoile.gru.cases.lists.scope import Scope
from etoile.gru.cases.states import DECISIONS, Channel
from etoile.gru.forms.models import Procedure
from etoile.gru.steering.counting import MONTH, QUARTER, WEEK
from etoile.gru.steering.figures import Figures, Flow, Standing


@dataclass(frozen=True, slots=True)
class Tile:
    figure: int
    words: str
    href: str
    tone: str = ""


class Lists:
    """Addresses of lists, within the team that is looked at."""

    def __init__(self, team: Team | None) -> None:
        self._team = {"service": team.slug} if team else {}

    def open(self, **asked: str) -> str:
        return self._address(onglet="a-traiter", **asked)

    def all(self, **asked: str) -> str:
        return self._address(onglet="toutes", **asked)

    def group(self, tab: str) -> str:
        return self._address(onglet=tab)

    def ended(self, first: date, last: date) -> str:
        """Decided: those withdrawn are not counted."""
        states = sorted(state.value for state in DECISIONS)
        return self._address(onglet="terminees", etat=states, fin_du=first.isoformat(), fin_au=last.isoformat())

    def _address(self, **asked: str | list[str]) -> str:
        return f"{reverse('backoffice:inbox')}?{urlencode({**self._team, **asked}, doseq=True)}"


def page(found: Figures, scope: Scope, team: Team | None, today: date) -> dict[str, Any]:
    """What the page shows. One statement: the names of the procedures."""
    lists = Lists(team)
    return {
        "at": found.at,
        "team": team,
        "choices": _choices(scope, team),
        "tiles": _tiles(found, lists, today),
        "ages": _ages(found.work, lists, today),
        "procedures": _procedures(found, lists, scope),
        "channels": _channels(found, lists),
        "teams": _teams(found, scope) if team is None and len(scope.teams) > 1 else None,
        "months": _months(found, lists),
        "chart": _chart(found) if len(found.months) > 1 else None,
    }


def _choices(scope: Scope, team: Team | None) -> list[Choice]:
    if len(scope.teams) < 2:
        return []
    own = [Choice(each.name, f"?service={each.slug}", here=each == team) for each in scope.teams]
    return [Choice(_("Tous mes services"), "?", here=team is None), *own]


def _tiles(found: Figures, lists: Lists, today: date) -> list[Tile]:
    work, flow = found.work, found.months.get(today.replace(day=1), Flow())
    first = today.replace(day=1)
    return [
        Tile(work.open, _("à traiter"), lists.open()),
        Tile(work.to_take, _("à prendre en charge"), lists.group("a-prendre")),
        Tile(work.late, _("en retard"), lists.open(echeance="retard", tri="echeance"), "warning" if work.late else ""),
        Tile(work.soon, _("à répondre dans les dix jours"), lists.open(echeance="bientot", tri="echeance")),
        Tile(work.waiting, _("en attente de la personne"), lists.group("en-attente")),
        Tile(flow.received, _("reçues ce mois-ci"), lists.all(du=first.isoformat(), au=today.isoformat())),
        Tile(flow.ended, _("terminées ce mois-ci"), lists.ended(first, today)),
    ]


def _ages(work: Standing, lists: Lists, today: date) -> Table:
    bounds = (
        (_("Depuis sept jours au plus"), work.week, 0, WEEK),
        (_("De huit à trente jours"), work.month, WEEK + 1, MONTH),
        (_("De trente et un à quatre-vingt-dix jours"), work.quarter, MONTH + 1, QUARTER),
        (_("Depuis plus longtemps"), work.older, QUARTER + 1, None),
    )
    rows = [
        (Cell(words), _number(number, lists.open(**_received(today, least, most))))
        for words, number, least, most in bounds
    ]
    return Table(_("Âge des demandes à traiter"), [_("Reçues"), _("À traiter")], rows)


def _received(today: date, least: int, most: int | None) -> dict[str, str]:
    asked = {"au": (today - timedelta(days=least)).isoformat()}
    return asked if most is None else {"du": (today - timedelta(days=most)).isoformat(), **asked}


def _procedures(found: Figures, lists: Lists, scope: Scope) -> Table:
    known = Procedure.objects.filter(authority=scope.authority, pk__in=found.by_procedure).select_related("current")
    names = {each.pk: (each.slug, str(each.current.name) if each.current else each.slug) for each in known}
    lines = [
        (names[key][1], {"demarche": names[key][0]}, *cells)
        for key, cells in found.by_procedure.items()
        if key in names
    ]
    return _by(_("Par démarche"), _("Démarche"), lines, lists)


def _channels(found: Figures, lists: Lists) -> Table:
    lines = [(str(Channel(key).label), {"canal": key}, *cells) for key, cells in found.by_channel.items()]
    return _by(_("Par façon de recevoir"), _("Reçue"), lines, lists)


def _teams(found: Figures, scope: Scope) -> Table:
    teams = {each.pk: each for each in scope.teams}
    lines = [
        (teams[key].name, {"service": teams[key].slug}, *cells) for key, cells in found.by_team.items() if key in teams
    ]
    return _by(_("Par service"), _("Service"), lines, Lists(None))


Line = tuple[str, dict[str, str], Standing, Flow]


def _by(caption: str, what: str, lines: Iterable[Line], lists: Lists) -> Table:
    """Those with the most to do first."""
    columns = [
        what,
        _("À traiter"),
        _("En retard"),
        _("Dans les dix jours"),
        _("Délai moyen"),
        _("Dans le délai légal"),
    ]
    rows = [
        (
            Cell(words),
            _number(work.open, lists.open(**asked)),
            _number(work.late, lists.open(echeance="retard", **asked)),
            _number(work.soon, lists.open(echeance="bientot", **asked)),
            Cell(_days(flow.mean_days), numeric=True, note=_ended(flow)),
            Cell(_share(flow.legal_share), numeric=True),
        )
        for words, asked, work, flow in sorted(lines, key=lambda line: (-line[2].open, -line[3].ended, line[0]))
    ]
    return Table(caption, columns, rows, _("Rien n’a été reçu depuis un an."))


def _months(found: Figures, lists: Lists) -> Table:
    columns = [
        _("Mois"), _("Reçues"), _("Terminées"), _("Délai moyen"), _("Dans le délai légal"), _("Nées du silence"),
        _("Première réponse dans le délai promis"),
    ]  # fmt: skip
    rows = []
    for first in sorted(found.months, reverse=True):
        flow, last = found.months[first], _last(first)
        rows.append(
            (
                Cell(date_format(first, "F Y")),
                _number(flow.received, lists.all(du=first.isoformat(), au=last.isoformat())),
                _number(flow.ended, lists.ended(first, last)),
                Cell(_days(flow.mean_days), numeric=True),
                Cell(_share(flow.legal_share), numeric=True),
                Cell(str(flow.silent), numeric=True),
                Cell(_share(flow.promised_share), numeric=True),
            )
        )
    return Table(_("Mois par mois"), columns, rows, _("Rien n’a été reçu depuis un an."))


def _chart(found: Figures) -> Chart:
    months = sorted(found.months)
    return Chart(
        _("Demandes reçues et terminées"),
        _("Deux courbes, un point par mois. Le tableau qui suit donne les mêmes chiffres."),
        [date_format(first, "M Y") for first in months],
        [
            Series(_("Reçues"), [found.months[first].received for first in months], 1),
            Series(_("Terminées"), [found.months[first].ended for first in months], 2),
        ],
        lines=True,
        id="mois",
    )


def _last(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _number(number: int, href: str) -> Cell:
    return Cell(str(number), href=href if number else "", numeric=True)


def _days(days: int | None) -> str:
    return "–" if days is None else ngettext("%(n)s jour", "%(n)s jours", days) % {"n": days}


def _share(percent: int | None) -> str:
    return "–" if percent is None else f"{percent}\u00a0%"


def _ended(flow: Flow) -> str:
    return ngettext("%(n)s terminée", "%(n)s terminées", flow.ended) % {"n": flow.ended} if flow.ended else ""
