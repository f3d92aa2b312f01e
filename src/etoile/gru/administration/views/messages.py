"""The words of the authority in the e-mails that people receive: written, checked, seen, given back."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from etoile.design.forms import Plain
from etoile.gru.access.models import Authority
from etoile.gru.access.services import Refused
from etoile.gru.backoffice.guard import right_required
from etoile.gru.notices import authority_words, samples, tags, wording
from etoile.gru.notices.said import Said


class WordsForm(Plain):
    """Subject and body in each language; what is empty keeps the usual words."""

    def __init__(self, template: str, known: authority_words.Words, *args: Any, **kwargs: Any) -> None:
        begun = {f"{part}_{code}": text for part, said in known.items() for code, text in said.items()}
        super().__init__(*args, initial=begun, **kwargs)
        self.template = template
        for code, language in settings.LANGUAGES:
            self.fields[f"subject_{code}"] = _field(
                _("Objet (%(language)s)") % {"language": language}, "subject", forms.TextInput()
            )
            self.fields[f"body_{code}"] = _field(
                _("Message (%(language)s)") % {"language": language}, "body", forms.Textarea(attrs={"rows": "6"})
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in self.fields:
            for problem in authority_words.problems(self.template, name.partition("_")[0], given.get(name) or ""):
                self.add_error(name, problem)
        return given

    def words(self) -> dict[str, dict[str, str]]:
        given = self.cleaned_data
        return {
            part: {code: given.get(f"{part}_{code}") or "" for code, _language in settings.LANGUAGES}
            for part in authority_words.PARTS
        }


def _field(label: str, part: str, widget: forms.Widget) -> forms.CharField:
    hints = {
        "subject": gettext_lazy("Vide : l’objet habituel est gardé."),
        "body": gettext_lazy("Une ligne vide sépare deux paragraphes. Vide : les phrases habituelles sont gardées."),
    }
    return forms.CharField(label=label, required=False, widget=widget, help_text=hints[part])


@right_required("texts.edit")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    authority: Authority = request.user.authority
    rows = [
        (template, words, bool(authority_words.words_of(authority, template))) for template, words in tags.NAMES.items()
    ]
    return render(request, "administration/messages.html", {"rows": rows, "title": _("Messages")})


@right_required("texts.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, template: str) -> HttpResponse:
    if template not in tags.NAMES:
        raise Http404(_("Ce message n’existe pas."))
    authority: Authority = request.user.authority
    if request.method == "POST" and "reset" in request.POST:
        authority_words.keep(authority, template, {}, by=request.user)
        notes.success(request, _("Les mots habituels sont repris. Les prochains messages les portent."))
        return redirect("administration:messages")
    known = authority_words.words_of(authority, template)
    form = WordsForm(template, known, request.POST or None)
    if form.is_valid() and "preview" not in request.POST:
        try:
            authority_words.keep(authority, template, form.words(), by=request.user)
        except Refused as refusal:
            form.add_error(None, " ".join(refusal.problems))
        else:
            notes.success(request, _("Le message est enregistré. Les prochains envois le suivent."))
            return redirect("administration:messages")
    words = form.words() if form.is_bound and not form.errors else known
    shown = {
        "form": form,
        "title": str(tags.NAMES[template]),
        "back": "administration:messages",
        "back_words": _("Messages"),
        "own": bool(known),
        "previews": [(name, _said(template, authority, words, code)) for code, name in settings.LANGUAGES],
        "tags": [(f"{{{{ {name} }}}}", told) for name, told in tags.NOTICES[template].items()],
        "is_receipt": template in wording.RECEIPTS,
    }
    return render(request, "administration/message.html", shown, status=422 if form.errors else 200)


def _said(template: str, authority: Authority, words: Mapping[str, Mapping[str, str]], language: str) -> Said:
    """The message with made-up facts, as it would be read in that language."""
    with translation.override(language):
        return wording.say(template, {**samples.facts(authority), "words": words})
