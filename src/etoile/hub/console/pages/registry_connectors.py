"""The installed connectors: what each can do, what was tested of it, and who uses it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from etoile.design.moments import spelled
from etoile.design.parts import Cell, Table
from etoile.hub.console import registry_queries as queries
from etoile.hub.console.access import operator_required
from etoile.hub.registry import installed
from etoile.hub.registry.installed import Installed

CAPABILITIES = {
    "deliver": gettext_lazy("livrer"),
    "poll": gettext_lazy("relire l’avancement"),
    "receive": gettext_lazy("recevoir des rappels"),
    "lookup": gettext_lazy("répondre à une question"),
    "held": gettext_lazy("lister ce que l’application détient"),
    "check": gettext_lazy("se vérifier"),
    "mailbox": gettext_lazy("être relevé"),
}
TONES = {"passed": "success", "incomplete": "info", "failed": "danger", "unreadable": "warning", "never": "neutral"}


@operator_required
@require_safe
def connector_list(request: HttpRequest) -> HttpResponse:
    users = queries.users_of_connectors()
    rows = [_row(each, users.get(each.name, [])) for each in installed.all()]
    table = Table(
        caption=_("Les connecteurs installés et leurs essais de conformité"),
        columns=[
            _("Connecteur"), _("Nom court"), _("Versions essayées"), _("Sait faire"), _("Essai"), _("Fait le"),
            _("Employé par"),
        ],
        rows=rows,
        empty=_("Aucun connecteur n’est installé : le hub ne peut rien livrer."),
    )  # fmt: skip
    return render(request, "console/registry/connectors.html", {"table": table})


def _row(each: Installed, users: list[str]) -> list[Cell]:
    manifest = each.manifest
    title = manifest.title.en if (get_language() or "").startswith("en") else manifest.title.fr
    able = [str(words) for name, words in CAPABILITIES.items() if name in manifest.capabilities]
    return [
        Cell(title),
        Cell(each.name),
        Cell(", ".join(manifest.versions) or "–"),
        Cell(", ".join(able)),
        _short(each),
        Cell(date_format(each.badge.date, "j N Y") if each.badge else "–"),
        Cell(", ".join(users) or "–"),
    ]


def _short(each: Installed) -> Cell:
    if each.changed:
        return Cell(_("à refaire"), tone="warning")
    words = {
        "passed": _("conforme"),
        "incomplete": _("en partie"),
        "failed": _("non conforme"),
        "unreadable": _("illisible"),
        "never": _("jamais fait"),
    }[each.standing]
    return Cell(words, tone=TONES[each.standing])


def standing(each: Installed) -> Cell:
    """What its badge says, as a badge of the screen."""
    if each.badge is None:
        words = _("essai illisible") if each.standing == "unreadable" else _("jamais essayé")
        return Cell(words, tone=TONES[each.standing])
    day = {"day": spelled(each.badge.date, "j F Y")}
    words = {
        "passed": _("conforme, essayé le %(day)s"),
        "incomplete": _("rien n’échoue, essayé en partie le %(day)s"),
        "failed": _("non conforme, essayé le %(day)s"),
    }[each.badge.result] % day
    if each.changed:
        return Cell(_("%(words)s ; le connecteur a changé depuis") % {"words": words}, tone="warning")
    return Cell(words, tone=TONES[each.standing])
