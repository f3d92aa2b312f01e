"""A contract as a file writes it (`etoile gru load`, `etoile gru contract load`): docs/contracts.md."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, ApiClient, Authority
from etoile.gru.access.services import Refused
from etoile.gru.contracts import services
from etoile.gru.contracts.models import Contract, Way
from etoile.gru.people.models import Level

KEYS = frozenset({
    "application", "client", "purpose", "legal_basis", "contact", "procedures", "sectors", "read", "write", "answers",
    "retention_months", "begins_on", "ends_on",
})  # fmt: skip


def load(authority: Authority, raw: Mapping[str, Any], *, by: Account | None = None) -> Contract:
    """Write it, or change the one of the same application and first day. Raises `Refused` with all that is wrong."""
    problems = [_("clé inconnue « %(key)s »") % {"key": key} for key in sorted(set(raw) - KEYS)]
    begins_on, ends_on = raw.get("begins_on"), raw.get("ends_on")
    if not isinstance(begins_on, date) or not isinstance(ends_on, date | None):
        problems.append(_("begins_on et ends_on s’écrivent 2027-01-31"))
    client = None
    if "client" in raw:
        client = ApiClient.objects.filter(authority=authority, name=str(raw["client"])).first()
        if client is None:
            problems.append(
                _("il n’y a pas de programme « %(name)s » (etoile gru client list)") % {"name": raw["client"]}
            )
    lists = {name: raw.get(name) or [] for name in ("procedures", "sectors")}
    problems += [
        _("%(name)s est une liste") % {"name": name} for name, given in lists.items() if not isinstance(given, list)
    ]
    if problems:
        raise Refused(problems)
    way = Way.API if "client" in raw else Way.HUB
    values = {
        **{name: str(raw.get(name) or "") for name in ("application", "purpose", "legal_basis", "contact")},
        **{name: [str(each) for each in given] for name, given in lists.items()},
        "way": way,
        "attributes": _attributes(raw),
        "answers": raw.get("answers") or {},
        "retention_months": raw.get("retention_months"),
        "begins_on": begins_on,
        "ends_on": ends_on,
    }
    known = Contract.objects.filter(
        authority=authority, way=way, application=values["application"], begins_on=begins_on
    ).first()
    return services.keep(authority, values, client=client, by=by, pk=known.pk if known else None)


def _attributes(raw: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """`read: [email]` is as declared; `read: {email: 200}` says how sure it must be. So for `write`."""
    found: dict[str, dict[str, int]] = {}
    for name in ("read", "write"):
        given = raw.get(name) or {}
        levels = given if isinstance(given, Mapping) else dict.fromkeys(given, int(Level.DECLARED))
        for key, level in levels.items():
            found.setdefault(str(key), {})[name] = level
    return found
