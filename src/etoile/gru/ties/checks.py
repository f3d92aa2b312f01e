"""What a tie may not be: `refuse_…` and `detail` raise `TieRefused`, in plain words. What should be looked at again
(`warnings`). Under a task of the server."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from etoile.gru.people.models import Attribute, Kind, Person
from etoile.gru.ties import scopes
from etoile.gru.ties.errors import TieRefused
from etoile.gru.ties.kinds import CUSTODIES, DETAILS, LONGEST, TieKind
from etoile.gru.ties.models import Tie

OF_AGE = 18


def refuse_period(begins_on: date | None, ends_on: date | None) -> None:
    if begins_on is not None and ends_on is not None and ends_on < begins_on:
        raise TieRefused(_("Ce lien finirait avant d’avoir commencé. Vérifiez les deux dates."))


def detail(kind: TieKind, said: Mapping[str, str]) -> dict[str, str]:
    """Those that the kind asks and that were given."""
    given = {key: str(said.get(key, "")).strip()[: LONGEST if key != scopes.KEY else None] for key in kind.asks}
    if given.get("custody") and given["custody"] not in CUSTODIES:
        raise TieRefused(_("Choisissez où l’enfant réside dans la liste."))
    missing = next((key for key in kind.wants if not given[key]), "")
    if missing:
        raise TieRefused(_("Il manque : « %(what)s ».") % {"what": DETAILS[missing]})
    return {key: value for key, value in given.items() if value}


def hold(*persons: uuid.UUID) -> dict[uuid.UUID, Person]:
    """Until the transaction ends: none is merged before the tie is there, and what is told twice at once is told once.
    In the order in which a merge takes them."""
    found = Person.objects.select_for_update(no_key=True).filter(pk__in=persons)
    return {each.pk: each for each in found.order_by("pk")}


def refuse_pair(tie: Tie) -> None:
    if tie.holder_id == tie.subject_id:
        raise TieRefused(_("Une personne n’a pas de lien avec elle-même."))
    found = hold(tie.holder_id, tie.subject_id)
    if len(found) != 2 or {each.authority_id for each in found.values()} != {tie.authority_id}:
        raise TieRefused(_("L’une de ces personnes n’existe plus."))
    if any(each.merged_into_id for each in found.values()):
        raise TieRefused(_("L’une de ces fiches est fusionnée avec une autre. Ouvrez celle qui est gardée."))
    if any(each.restricted_at for each in found.values()):
        raise TieRefused(_("L’une de ces personnes a demandé que ses données ne servent plus."))
    for person, wanted in ((found[tie.holder_id], tie.what.holder), (found[tie.subject_id], tie.what.subject)):
        if wanted is not None and person.kind != wanted:
            raise TieRefused(
                _("Ce lien va d’une personne à un organisme.")
                if tie.what.subject == Kind.LEGAL
                else _("Ce lien unit deux personnes, pas un organisme.")
            )
    _refuse_upside_down(tie)


def _refuse_upside_down(tie: Tie) -> None:
    if tie.kind != "responsible":
        return
    reverse = Tie.objects.filter(kind=tie.kind, holder=tie.subject_id, subject=tie.holder_id, ended_at=None)
    born = _born(tie)
    older, younger = born.get(tie.holder_id), born.get(tie.subject_id)
    if reverse.exists() or (older and younger and younger <= older):
        raise TieRefused(_("Un enfant n’est pas responsable de son parent. Inversez le lien, ou vérifiez les dates."))


def refuse_twice(tie: Tie) -> None:
    """The same, of the same two, on a day in common. A mandate for something else is another one."""
    pair = Q(holder=tie.holder_id, subject=tie.subject_id)
    if tie.what.symmetric:
        pair |= Q(holder=tie.subject_id, subject=tie.holder_id)
    for other in Tie.objects.filter(pair, kind=tie.kind, ended_at=None).exclude(pk=tie.pk):
        same = other.detail.get("scope", "") == tie.detail.get("scope", "")
        if same and _overlap(tie, other):
            raise TieRefused(_("Ce lien est déjà noté. Ouvrez-le pour le corriger."))


def _overlap(one: Tie, other: Tie) -> bool:
    first, last = date.min, date.max
    return (one.begins_on or first) <= (other.ends_on or last) and (other.begins_on or first) <= (one.ends_on or last)


def warnings(tie: Tie) -> list[str]:
    if not tie.what.of_minor:
        return []
    born = _born(tie).get(tie.subject_id)
    if born is None or not is_of_age(born, tie.authority.today()):
        return []
    return [_("Cette personne a %(age)d ans passés : vérifiez si ce lien vaut encore.") % {"age": OF_AGE}]


def is_of_age(born: date, today: date) -> bool:
    return (today.year - born.year - ((today.month, today.day) < (born.month, born.day))) >= OF_AGE


def day(value: Any) -> date | None:
    """A date of birth as the base keeps it; of one known in part, nothing is deduced."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _born(tie: Tie) -> dict[Any, date]:
    rows = Attribute.objects.filter(person__in=[tie.holder_id, tie.subject_id], key="birth_date")
    return {each.person_id: found for each in rows if (found := day(each.value)) is not None}
