"""Where an administrator writes the texts of the information pages, a page and a language at a time."""

from django import forms
from django.conf import settings
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from etoile.design.forms import Plain
from etoile.gru.access import page_texts
from etoile.gru.access.page_texts import Page
from etoile.gru.access.services import Refused
from etoile.gru.backoffice.guard import right_required


class TextForm(Plain):
    text = forms.CharField(
        label=gettext_lazy("Texte de la page"),
        help_text=gettext_lazy(
            "Une ligne vide sépare deux paragraphes. Commencez une ligne par ## pour un titre, par - pour une liste."
            " Sans texte, la page reprend celui d’origine."
        ),
        required=False,
        max_length=page_texts.LONGEST,
        widget=forms.Textarea(attrs={"rows": "18"}),
    )


@right_required("texts.edit")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    written = page_texts.written(request.user.authority)
    rows = [(page, [(code, name, (page.value, code) in written) for code, name in settings.LANGUAGES]) for page in Page]
    return render(request, "backoffice/administration/texts.html", {"rows": rows})


@right_required("texts.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, page: str, language: str) -> HttpResponse:
    names = dict(settings.LANGUAGES)
    if page not in Page.values or language not in names:
        raise Http404(_("Cette page n’existe pas."))
    authority = request.user.authority
    known = page_texts.written(authority).get((page, language))
    form = TextForm(request.POST or None, initial={"text": known.text if known else ""})
    if request.method == "POST" and form.is_valid():
        try:
            page_texts.keep(authority, page, language, form.cleaned_data["text"], by=request.user)
        except Refused as refusal:
            form.add_error("text", " ".join(refusal.problems))
        else:
            notes.success(request, _("Le texte est publié. Ouvrez la page pour le relire."))
            return redirect("backoffice:texts")
    shown = {"form": form, "page": Page(page), "language": names[language], "refused": form.errors}
    return render(request, "backoffice/administration/text.html", shown, status=422 if form.errors else 200)
