"""My own ties: those of the person whose account is open. They tell of their children, their organisations, of who may
act for them; they never reach somebody the base knows by typing a name."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.people import scope
from etoile.gru.people.models import Kind, Level, Person
from etoile.gru.people.queries import attributes
from etoile.gru.ties import mandates, offers, queries, services, telling
from etoile.gru.ties.errors import TieRefused
from etoile.gru.ties.kinds import MANDATE, ORGANISATION
from etoile.gru.ties.models import Tie
from etoile.gru.ties.queries import Line
from etoile.gru.ties.services import Said

SOURCE = mandates.OWN
ROLES = ("president", "treasurer", "secretary", "member", "representative", "employee")
# Somebody with more is no family: the page is read by a person.
MOST = 60


def lines(person: uuid.UUID) -> list[Line]:
    """Those that are not over, with who the others are. Three statements."""
    with scope.of_person(person):
        ties = [each for each in queries.ties_of(person)[:MOST] if not each.is_over]
    others = {each.other_end(person) for each in ties}
    with scope.of_person(person, *others):
        return queries.with_others(person, ties)


def tell_child(person: Person, values: Mapping[str, Any], detail: Mapping[str, str]) -> list[str]:
    """Raises `TieRefused`. What should be looked at again."""
    return _tell(person, Kind.NATURAL, values, kind="responsible", said=Said(detail))


def tell_organisation(person: Person, role: str, values: Mapping[str, Any]) -> list[str]:
    if role not in ROLES:
        raise TieRefused(_("Dites ce que vous y faites."))
    return _tell(person, Kind.LEGAL, values, kind=role, said=Said())


def give_mandate(
    person: Person, values: Mapping[str, Any], *, what_for: str, until: date | None, email: str = ""
) -> list[str]:
    """Somebody may act for me, for these procedures (`scopes`) and until then: a mandate always ends. With `email`, it
    is offered to whoever has an account under that address (`offers`); without, services alone read it."""
    today = person.authority.today()
    if until is None or until < today:
        raise TieRefused(_("Dites jusqu’à quel jour, aujourd’hui ou plus tard."))
    with scope.of_person(person.pk):
        if "family_name" not in attributes(person.pk):
            raise TieRefused(_("Écrivez d’abord votre nom dans « Mes informations » : le mandat le dira."))
    said = Said({"scope": what_for}, begins_on=today, ends_on=until)
    return _tell(person, Kind.NATURAL, values, kind="mandate", said=said, other_acts=True, offered_to=email)


def may_end(line: Line) -> bool:
    """A mandate, from either side; a role of mine; what I said of a child and nobody attested."""
    group = line.tie.what.group
    mine = line.is_holder and (group == ORGANISATION or line.tie.level_now == Level.DECLARED)
    return group == MANDATE or mine


def end(person: uuid.UUID, tie: uuid.UUID) -> Line:
    """Raises `TieRefused`."""
    line = next((each for each in lines(person) if each.tie.pk == tie), None)
    if line is None:
        raise TieRefused(_("Ce lien n’existe plus."))
    if not may_end(line):
        raise TieRefused(_("Un agent a attesté ce lien : demandez au service de le terminer."))
    with scope.of_person(person):
        services.end(tie)
    return line


def _tell(
    person: Person, kind_of_other: Kind, values: Mapping[str, Any], *, kind: str, said: Said,
    other_acts: bool = False, offered_to: str = "",
) -> list[str]:  # fmt: skip
    if person.restricted_at is not None:
        raise TieRefused(_("Vous avez demandé que vos données ne servent plus : rien ne s’ajoute."))
    with transaction.atomic():
        other = telling.tell(person.authority, kind_of_other, values, source="tie")
        holder, subject = (other, person) if other_acts else (person, other)
        with scope.of_person(person.pk, other.pk):
            tie, warned = services.declare(kind, holder, subject, said, source=SOURCE)
            if len(queries.ties_of(person.pk)[: MOST + 1]) > MOST:
                raise TieRefused(_("Vous avez noté beaucoup de liens. Terminez ceux qui ne servent plus."))
            _refuse_twin(person.pk, tie, values)
            offers.make(tie, offered_to)
    return warned


def _refuse_twin(person: uuid.UUID, tie: Tie, values: Mapping[str, Any]) -> None:
    """The same name, told twice: each would be somebody else, and the list would show them both."""
    wanted = _named(values)
    for line in lines(person):
        alike = line.tie.kind == tie.kind and line.tie.detail.get("scope") == tie.detail.get("scope")
        if line.tie.pk != tie.pk and alike and _named({key: each.value for key, each in line.known.items()}) == wanted:
            raise TieRefused(_("Ce lien est déjà noté."))


def _named(values: Mapping[str, Any]) -> tuple[str, ...]:
    keys = ("given_names", "family_name", "organisation")
    return tuple(str(values.get(key) or "").strip().casefold() for key in keys)
