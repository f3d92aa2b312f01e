"""Persons in words: names, what is known of each side by side, their cases."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.design.moments import said
from etoile.design.parts import Cell, Table
from etoile.gru.cases.filing import display_name
from etoile.gru.cases.models import Case
from etoile.gru.matching.examining import known_of
from etoile.gru.matching.models import Asking
from etoile.gru.matching.rules import Rules
from etoile.gru.matching.score import Known, Score, score
from etoile.gru.matching.sentences import name_of, reasons, shown
from etoile.gru.matching.values import is_even
from etoile.gru.people.models import Attribute, Level, Person
from etoile.gru.people.queries import attributes_of

# Attributes are listed as people say who they are; others follow.
ORDER = (
    "civility", "family_name", "given_names", "birth_date", "birth_place", "organisation", "siret", "email", "phone",
    "address",
)  # fmt: skip
MOST_CASES = 20


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, as the comparison shows it."""

    person: Person
    letter: str
    name: str
    cases: list[Case]
    number: int
    certainty: int

    @property
    def words(self) -> str:
        said = {"letter": self.letter, "name": self.name, "number": self.number}
        return (
            ngettext(
                "Fiche %(letter)s : %(name)s, %(number)d demande",
                "Fiche %(letter)s : %(name)s, %(number)d demandes",
                self.number,
            )
            % said
        )


@dataclass(frozen=True, slots=True)
class Even:
    """What both say as surely and not alike: `choices` as a form offers them, `newer` the key of who said it last."""

    key: str
    label: str
    choices: list[tuple[str, str]]
    newer: str


@dataclass(frozen=True, slots=True)
class Comparison:
    first: Side
    second: Side
    found: Score
    degree: Cell
    why: list[tuple[str, int]]
    table: Table
    even: list[Even]

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.first, self.second


def names_of(persons: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """One statement."""
    asked = list(persons)
    known = known_of(asked)
    return {each: name(known.get(each, {})) for each in asked}


def name(known: Known) -> str:
    return display_name({key: each.value for key, each in known.items()}) or _("Personne sans nom")


def comparison(rules: Rules, first: Person, second: Person) -> Comparison:
    """Three statements."""
    attributes = attributes_of([first.pk, second.pk])
    known = known_of([first.pk, second.pk])
    mine, other = known.get(first.pk, {}), known.get(second.pk, {})
    cases = _cases([first.pk, second.pk])
    sides = [
        Side(
            person,
            letter,
            name(known.get(person.pk, {})),
            cases[person.pk][:MOST_CASES],
            len(cases[person.pk]),
            _certainty(known.get(person.pk, {})),
        )
        for person, letter in ((first, "A"), (second, "B"))
    ]
    found = score(rules, mine, other)
    table = _table(attributes[first.pk], attributes[second.pk])
    even = _even(attributes[first.pk], attributes[second.pk])
    return Comparison(sides[0], sides[1], found, degree(found.points, rules.likely), reasons(found), table, even)


@dataclass(frozen=True, slots=True)
class Said:
    """What was asked of the person, in a sentence, with its tone."""

    sentence: str
    tone: str


def asked(found: Asking | None) -> Said | None:
    if found is None:
        return None
    said = {
        "name": found.asked_by,
        "day": date_format(timezone.localtime(found.asked_at), "j F"),
        "end": date_format(timezone.localtime(found.ends_at), "j F"),
    }
    if found.is_open:
        return Said(
            _("%(name)s a demandé à la personne le %(day)s. Elle peut répondre jusqu’au %(end)s.") % said, "info"
        )
    if found.state == Asking.State.REFUSED:
        words = _(
            "La personne a montré qu’elle tient les deux adresses, puis a dit que l’autre fiche n’est pas à elle."
        )
        return Said(words, "warning")
    if found.state == Asking.State.CONFIRMED:
        return Said(
            f"{_('La personne a montré qu’elle tient les deux, et dit que ce sont les siennes.')} {_why(found)}",
            "success",
        )
    return Said(_("La question posée le %(day)s est restée sans réponse, ou ne compte plus.") % said, "info")


def _why(found: Asking) -> str:
    """Why it is left to an agent."""
    if found.left == Asking.Left.NAMES:
        return _("À vous de décider : les noms ne concordent pas, ou personne ne les a vérifiés.")
    if found.left == Asking.Left.ADDRESS:
        return _("À vous de décider : les deux fiches ont la même adresse, qui ne prouve rien de plus.")
    return _("À vous de décider : une règle empêchait de les réunir sans vous.")


def degree(points: int, likely: int, *, by_hand: bool = False) -> Cell:
    said = _("%(points)d points sur 100") % {"points": points}
    if by_hand:
        return Cell(_("signalé"), tone="warning", note=said)
    if points >= likely:
        return Cell(_("très probable"), tone="warning", note=said)
    return Cell(_("possible"), tone="info", note=said)


def day(at: datetime) -> Cell:
    return Cell(said(at), at=at)


def taken(before: Mapping[str, Any], after: Mapping[str, Any], key: str) -> tuple[Cell, Cell, Cell]:
    """One line of what a merge changed on the person kept."""
    return Cell(name_of(key)), _kept_row(before), _kept_row(after)


def suggested(sides: Sequence[Side]) -> str:
    """The key of the one to keep: known with more certainty, then with more cases, then for longer."""
    return str(
        max(sides, key=lambda each: (each.certainty, each.number, -each.person.created_at.timestamp())).person.pk
    )


def _certainty(known: Known) -> int:
    return sum(each.level for each in known.values())


def _cases(persons: list[uuid.UUID]) -> dict[uuid.UUID, list[Case]]:
    found: dict[uuid.UUID, list[Case]] = {each: [] for each in persons}
    rows = Case.objects.filter(person__in=persons).select_related("procedure_version")
    for each in rows.defer("answers", "procedure_version__source").order_by("-submitted_at"):
        found[each.person_id].append(each)
    return found


def _table(first: Mapping[str, Attribute], second: Mapping[str, Attribute]) -> Table:
    keys = [key for key in ORDER if key in first or key in second]
    keys += sorted((first.keys() | second.keys()) - set(ORDER))
    rows = [(Cell(name_of(key)), _cell(first.get(key)), _cell(second.get(key))) for key in keys]
    empty = _("Rien n’est connu de ces deux personnes.")
    return Table(_("Ce que l’on sait de chacune"), (_("Information"), _("Fiche A"), _("Fiche B")), rows, empty)


def _even(first: Mapping[str, Attribute], second: Mapping[str, Attribute]) -> list[Even]:
    found = []
    for key in [*ORDER, *sorted(set(first) - set(ORDER))]:
        one, other = first.get(key), second.get(key)
        if one is not None and other is not None and is_even(one, other):
            choices = [(str(each.person_id), f"{shown(each.value)} ({_dated(each)})") for each in (one, other)]
            newer = str(max(one, other, key=lambda each: each.certified_at).person_id)
            found.append(Even(key, name_of(key), choices, newer))
    return found


def _dated(each: Attribute) -> str:
    return f"{Level(each.level).label}, {date_format(each.certified_at, 'SHORT_DATE_FORMAT')}"


def _cell(each: Attribute | None) -> Cell:
    if each is None:
        return Cell("–")
    return Cell(shown(each.value), note=_dated(each))


def _kept_row(row: Mapping[str, Any]) -> Cell:
    if not row:
        return Cell("–")
    at = date_format(datetime.fromisoformat(row["certified_at"]), "SHORT_DATE_FORMAT")
    return Cell(shown(row["value"]), note=f"{Level(row['level']).label}, {at}")
