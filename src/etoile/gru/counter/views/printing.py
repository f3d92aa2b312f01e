"""Letters to print: what is told to those who have no e-mail."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from etoile.gru.backoffice.guard import right_required
from etoile.gru.cases.typed import identifiers
from etoile.gru.counter import letters
from etoile.gru.documents import serving


@right_required("cases.treat")
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first; those that are ticked are gone."""
    if request.method == "POST":
        sent = letters.mark_sent(request.user, identifiers(request.POST.getlist("lettre")[: letters.MOST]))
        if sent:
            words = ngettext("%(n)d lettre est partie.", "%(n)d lettres sont parties.", sent)
            messages.success(request, words % {"n": sent})
        else:
            messages.warning(request, _("Cochez les lettres qui sont parties."))
        return redirect("counter:letters")
    found = list(letters.waiting(request.user)[: letters.MOST])
    rows = [(each, letters.title_of(each)) for each in found]
    return render(request, "counter/letters.html", {"rows": rows, "full": len(rows) == letters.MOST})


@right_required("cases.treat")
@require_safe
def letter(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(letters.waiting(request.user), pk=pk)
    made = letters.printed(found)
    if made is None:
        raise Http404(_("Il manque une mention à cette lettre."))
    return serving.produced(made.name, made.content)
