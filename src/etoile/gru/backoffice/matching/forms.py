"""What an agent says of two persons."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from etoile.gru.matching.models import Merge

APART, LATER, ASK = "apart", "later", "ask"


class Decision(forms.Form):
    """`kept`: the key of the person who stays, asked unless they are two."""

    kept = forms.ChoiceField(
        label=_("Fiche à garder"),
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Elle reçoit les demandes de l’autre. Pour chaque information, la plus sûre des deux reste."),
    )
    why = forms.CharField(
        label=_("Pourquoi"),
        required=False,
        max_length=Merge.WHY,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Pour vos collègues, par exemple : même personne, confirmé au téléphone."),
    )

    def __init__(self, *args: Any, persons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = persons  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if APART not in self.data and not given.get("kept") and "kept" not in self.errors:
            self.add_error("kept", _("Choisissez la fiche à garder."))
        return given


class Undoing(forms.Form):
    why = forms.CharField(
        label=_("Pourquoi"),
        max_length=Merge.WHY,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Pour vos collègues, par exemple : père et fils, même prénom."),
        error_messages={"required": _("Écrivez pourquoi ce sont deux personnes.")},
    )
    apart = forms.BooleanField(label=_("Ne plus proposer ce rapprochement"), required=False, initial=True)
