"""The days on which the authority does not work, besides the holidays of the law: they move what is due in working
days."""

from collections.abc import Container, Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Authority
from etoile.gru.access.services import Refused
from etoile.gru.audit.services import note

LONGEST = 62
MOST = 400


def days(authority: Authority) -> Mapping[date, str]:
    """Each closed day and its name. No statement; what cannot be read is left out."""
    found = {}
    for each in authority.closed_days if isinstance(authority.closed_days, list) else ():
        try:
            found[date.fromisoformat(each["day"])] = str(each.get("name", ""))
        except (AttributeError, TypeError, KeyError, ValueError):
            continue
    return found


@transaction.atomic
def close(authority: Authority, first: date, last: date, name: str, *, by: Account | None) -> None:
    """Add these days, both included; a day that was there takes this name. Raises `Refused`."""
    if last < first:
        raise Refused([_("Le dernier jour vient après le premier.")])
    length = (last - first).days + 1
    if length > LONGEST:
        raise Refused([_("Fermez %(most)d jours d’affilée au plus.") % {"most": LONGEST}])
    added = {first + timedelta(days=number): name.strip() for number in range(length)}
    _keep(authority, added, ())
    told = {"after": f"{first.isoformat()} – {last.isoformat()}" if last > first else first.isoformat()}
    note("closed_days.added", authority=authority.pk, by=by, subject=name.strip(), detail=told)


@transaction.atomic
def open_again(authority: Authority, day: date, *, by: Account | None) -> None:
    """Work on that day after all."""
    _keep(authority, {}, (day,))
    note("closed_days.removed", authority=authority.pk, by=by, subject=day.isoformat())


def _keep(authority: Authority, added: Mapping[date, str], removed: Container[date]) -> None:
    """Two people who write at the same time both have their days."""
    known = days(Authority.objects.select_for_update().only("pk", "closed_days").get(pk=authority.pk))
    kept = {day: name for day, name in {**known, **added}.items() if day not in removed}
    if len(kept) > MOST:
        raise Refused([_("Il y a trop de jours fermés : retirez ceux qui sont passés.")])
    authority.closed_days = [{"day": day.isoformat(), "name": name} for day, name in sorted(kept.items())]
    authority.save(update_fields=["closed_days"])
