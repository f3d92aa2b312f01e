"""What people say of the procedures: figures for those who read the cases, comments for those who moderate them."""

import uuid
from datetime import datetime

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from etoile.design.parts import Cell, Table
from etoile.gru.backoffice.guard import right_required
from etoile.gru.ratings import queries, services
from etoile.gru.ratings.models import BEST, CommentState

# How many of the marks, from the lowest, say that it went badly.
POOR = 2


@right_required("cases.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    shown = {
        "table": _table(queries.figures(request.user)),
        "to_read": queries.comments(request.user, CommentState.TO_READ),
        "kept": queries.comments(request.user, CommentState.KEPT),
        "best": BEST,
    }
    return render(request, "backoffice/ratings.html", shown)


@right_required("ratings.moderate")
@require_POST
def moderate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep or set aside the comment that was on screen; one that its person has changed since stays to be read."""
    act, words = (
        (services.keep, _("Le commentaire est gardé."))
        if request.POST.get("decision") == "keep"
        else (services.set_aside, _("Le commentaire est effacé. La note reste comptée."))
    )
    try:
        done = act(pk, request.user, seen=datetime.fromisoformat(request.POST.get("seen", "")))
    except (ValueError, TypeError):
        done = False
    if done:
        notes.success(request, words)
    else:
        notes.warning(request, _("Ce commentaire a changé ou quelqu’un s’en est occupé : rien n’a été fait."))
    return redirect("backoffice:ratings")


def _table(found: list[queries.Figures]) -> Table:
    rows = [
        (
            Cell(str(each.procedure)),
            Cell(
                _("%(mean)s sur %(best)d") % {"mean": formats.number_format(each.average.mean, 1), "best": BEST},
                numeric=True,
            ),
            Cell(
                ngettext("%(n)d avis", "%(n)d avis", each.average.ratings) % {"n": each.average.ratings}, numeric=True
            ),
            Cell(str(sum(each.spread[:POOR])), numeric=True),
        )
        for each in found
    ]
    headings = [_("Démarche"), _("Moyenne"), _("Avis reçus"), _("Notes de 1 ou 2")]
    return Table(_("Avis des douze derniers mois"), headings, rows, _("Aucun avis depuis un an."))
