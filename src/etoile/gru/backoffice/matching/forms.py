"""What an agent says of two persons."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from etoile.gru.backoffice.matching.shown import Even
from etoile.gru.matching.models import Merge, Suspicion

APART, LATER, ASK, VALUE = "apart", "later", "ask", "value_"


class Decision(forms.Form):
    """`kept`: the key of the person who stays, asked unless they are two. One more question for each thing that both
    say as surely: the last said is chosen, until somebody chooses otherwise."""

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

    def __init__(self, *args: Any, persons: list[tuple[str, str]], even: Sequence[Even] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = persons  # type: ignore[attr-defined]
        self._even = {f"{VALUE}{each.key}": each for each in even}
        asked = {name: _which(each) for name, each in self._even.items()}
        self.fields = {"kept": self.fields["kept"], **asked, "why": self.fields["why"]}

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name in self._even]

    @property
    def chosen(self) -> dict[str, uuid.UUID]:
        """By attribute, the person whose value stays."""
        return {each.key: uuid.UUID(self.cleaned_data.get(name) or each.newer) for name, each in self._even.items()}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if APART not in self.data and not given.get("kept") and "kept" not in self.errors:
            self.add_error("kept", _("Choisissez la fiche à garder."))
        return given


def _which(each: Even) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=each.label, choices=each.choices, initial=each.newer, widget=forms.RadioSelect, required=False
    )


class Flag(forms.Form):
    """`others`: the persons that were found, by key, each on a line."""

    other = forms.ChoiceField(
        label=_("L’autre fiche"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez l’autre fiche.")},
    )
    why = forms.CharField(
        label=_("Pourquoi c’est la même personne"),
        max_length=Suspicion.WHY,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Par exemple : même personne, elle a changé de nom en se mariant."),
        error_messages={"required": _("Dites ce qui vous fait penser que c’est la même personne.")},
    )

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = others
        self.fields["other"].choices = others  # type: ignore[attr-defined]


class Undoing(forms.Form):
    why = forms.CharField(
        label=_("Pourquoi"),
        max_length=Merge.WHY,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Pour vos collègues, par exemple : père et fils, même prénom."),
        error_messages={"required": _("Écrivez pourquoi ce sont deux personnes.")},
    )
    apart = forms.BooleanField(label=_("Ne plus proposer ce rapprochement"), required=False, initial=True)
