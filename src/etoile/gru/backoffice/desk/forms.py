"""What an agent types beside a case. Rules: `gru.desk`."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from etoile.gru.desk import notes
from etoile.gru.desk.labels import Offered
from etoile.gru.desk.models import Label, Pair


class NoteForm(forms.Form):
    prefix = "note"

    body = forms.CharField(
        label=_("Note pour les agents"),
        max_length=notes.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("La personne ne la voit pas. Écrivez des faits : elle peut demander son dossier."),
        error_messages={"required": _("Écrivez votre note avant de l’ajouter.")},
    )


class LabelsForm(forms.Form):
    prefix = "etiquettes"

    labels = forms.TypedMultipleChoiceField(
        label=_("Étiquettes de cette demande"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, offered: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["labels"]
        choices.choices = [(each.label.pk, each.label.name) for each in offered]  # type: ignore[attr-defined]
        choices.initial = [each.label.pk for each in offered if each.on]


class RelateForm(forms.Form):
    """`version` is that of the case on screen: it is closed only as it was read."""

    prefix = "proche"

    reference = forms.CharField(
        label=_("Référence de l’autre demande"),
        max_length=20,
        help_text=_("Par exemple : 26-K7QM-3."),
        error_messages={"required": _("Écrivez la référence de l’autre demande, par exemple 26-K7QM-3.")},
    )
    why = forms.CharField(label=_("Pourquoi"), max_length=Pair.WHY, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class LabelForm(forms.Form):
    name = forms.CharField(
        label=_("Nom de l’étiquette"),
        max_length=Label.NAME,
        help_text=_("Trente signes au plus, par exemple : À rappeler."),
        error_messages={"required": _("Donnez un nom à l’étiquette, par exemple : À rappeler.")},
    )
