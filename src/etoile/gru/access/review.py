"""The yearly review of who may come in (CNIL, ANSSI): each account with what it holds, ready to be signed off."""

import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Authority, Role
from etoile.gru.audit.services import note
from etoile.runtime import sheets


def as_csv(authority: Authority, *, by: Account | None) -> str:
    """One line for each account and role, those that are closed last; it is written in the audit log.

    Three statements to read, however many accounts there are."""
    out = io.StringIO()
    writer = sheets.Writer(out)
    writer.row([_("Courriel"), _("Nom"), _("Qualité"), _("Accès"), _("Rôle"), _("Service"),
                _("Dernière connexion"), _("Second facteur depuis"), _("Compte créé le")])  # fmt: skip
    for line in _lines(authority):
        writer.row(line)
    note("agent.reviewed", authority=authority.pk, by=by)
    return sheets.MARK + out.getvalue()


def _lines(authority: Authority) -> Iterator[list[str]]:
    accounts = Account.objects.filter(authority=authority).select_related("second_factor")
    for each in accounts.order_by("-is_active", "email").prefetch_related("memberships__team"):
        factor = getattr(each, "second_factor", None)
        seen = each.last_login.date().isoformat() if each.last_login else _("jamais")
        dates = [seen, factor.since.date().isoformat() if factor else _("aucun"), each.created_at.date().isoformat()]
        who = [each.email, each.full_name, each.capacity, _("ouvert") if each.is_active else _("fermé")]
        held = [(str(Role(row.role).label), row.team.name if row.team else _("toute la collectivité"))
                for row in each.memberships.all()]  # fmt: skip
        for role, team in sorted(held) or [(_("aucun"), "")]:
            yield [*who, role, team, *dates]
