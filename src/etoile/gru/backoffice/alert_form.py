"""The alert above the portal's pages, as an agent types it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import day
from etoile.gru.content.definition import Alert

_TONES = (
    ("danger", _("Danger : il faut agir ou se protéger")),
    ("warning", _("Gêne : un service, une rue ou une date change")),
    ("info", _("Information")),
)
_ADDRESS = RegexValidator(
    r"\A(?:https?://|/(?!/))[^\s<>\"']*\Z",
    _("Une adresse commence par https:// ou par /. Exemple : /actualites/pont-ferme/"),
)


class AlertForm(forms.Form):
    title = forms.CharField(
        label=_("Titre"),
        max_length=100,
        help_text=_("Ce qui se passe, en une ligne. Exemple : Crue de la Loire, quais fermés"),
        error_messages={"required": _("Écrivez le titre de l’alerte, par exemple : Crue de la Loire, quais fermés.")},
    )
    text = forms.CharField(
        label=_("Ce qu’il faut faire"),
        max_length=400,
        required=False,
        help_text=_("Une ou deux phrases : où, quand, que faire."),
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    title_en = forms.CharField(label=_("Titre en anglais"), max_length=100, required=False)
    text_en = forms.CharField(
        label=_("Ce qu’il faut faire, en anglais"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    tone = forms.ChoiceField(label=_("Importance"), choices=_TONES, widget=forms.RadioSelect)
    link_label = forms.CharField(
        label=_("Texte du lien"), max_length=100, required=False, help_text=_("Exemple : Voir les rues fermées")
    )
    link_label_en = forms.CharField(label=_("Texte du lien, en anglais"), max_length=100, required=False)
    link_href = forms.CharField(label=_("Adresse du lien"), max_length=300, required=False, validators=[_ADDRESS])
    until = day(
        _("Dernier jour"),
        hint=_("L’alerte disparaît le lendemain. Sans date, elle reste jusqu’à ce que vous la retiriez."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("link_label")) != bool(cleaned.get("link_href")) and "link_href" not in self.errors:
            missing = "link_href" if cleaned.get("link_label") else "link_label"
            self.add_error(missing, _("Un lien a un texte et une adresse : écrivez les deux, ou aucun."))
        return cleaned

    def alert(self) -> dict[str, Any]:
        """The alert as the content writes it."""
        given = self.cleaned_data
        written: dict[str, Any] = {
            "title": {"fr": given["title"], "en": given["title_en"]},
            "text": {"fr": given["text"], "en": given["text_en"]},
            "tone": given["tone"],
        }
        if given["link_href"]:
            label = {"fr": given["link_label"], "en": given["link_label_en"]}
            written["links"] = [{"label": label, "href": given["link_href"]}]
        if given["until"]:
            written["until"] = given["until"].isoformat()
        return written


def initial_of(alert: Alert | None) -> Mapping[str, Any]:
    if alert is None:
        return {"tone": "warning"}
    link = alert.links[0] if alert.links else None
    return {
        "title": alert.title.fr,
        "title_en": alert.title.en,
        "text": alert.text.fr,
        "text_en": alert.text.en,
        "tone": alert.tone,
        "link_label": link.label.fr if link else "",
        "link_label_en": link.label.en if link else "",
        "link_href": link.href if link else "",
        "until": alert.until,
    }
