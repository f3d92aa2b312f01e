"""The legal sheet: the texts, what silence means, the promise of an answer."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.designer.durations import DurationField
from etoile.gru.designer.sheet import Sheet, put
from etoile.gru.designer.words import initial, line, lines

REGIMES = (
    ("", gettext_lazy("À choisir")),
    ("accept", gettext_lazy("Sans réponse, la demande est acceptée (silence vaut accord)")),
    ("reject", gettext_lazy("Sans réponse, la demande est refusée (silence vaut rejet)")),
    ("none", gettext_lazy("Le silence ne vaut pas décision")),
)
TEXTS = 4


class LegalForm(Sheet):
    verb = "legal_changed"
    texts: tuple[str, ...] = ("silence_basis",)

    silence = forms.ChoiceField(
        label=gettext_lazy("Que vaut le silence de l’administration ?"), choices=REGIMES, required=False
    )
    duration = DurationField(
        label=gettext_lazy("Au bout de combien de temps ?"),
        help_text=gettext_lazy("Le délai de droit commun est de 2 mois. Exemple : 2 mois"),
    )
    silence_basis = lines(
        gettext_lazy("Quel texte le dit ?"),
        rows=2,
        hint=gettext_lazy("Exemple : Article L. 231-1 du code des relations entre le public et l’administration"),
    )
    silence_basis_en = lines(gettext_lazy("Quel texte le dit, en anglais"), rows=2)
    answer_within = DurationField(
        label=gettext_lazy("Promesse d’une première réponse"),
        help_text=gettext_lazy("Le service est prévenu deux jours avant, puis en cas de retard. Exemple : 7 jours"),
    )

    def __init__(self, source: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        self.source = source
        silence = source.get("silence") or {}
        known = list(source.get("legal") or [])
        begun = {
            "silence": silence.get("regime", ""),
            "duration": silence.get("duration", ""),
            "answer_within": source.get("answer_within", ""),
            **{f"silence_{name}": value for name, value in initial(silence, "basis").items()},
        }
        super().__init__(*args, initial=begun, **kwargs)
        for number in range(max(TEXTS, len(known) + 1)):
            each = known[number] if number < len(known) else {}
            self._text(number, each)

    def _text(self, number: int, each: Mapping[str, Any]) -> None:
        said = {"number": number + 1}
        self.fields[f"text-{number}"] = line(_("Texte applicable n° %(number)d") % said, most=300)
        self.fields[f"note-{number}"] = lines(_("Ce qu’il dit (texte n° %(number)d)") % said, rows=2)
        self.fields[f"note-{number}_en"] = lines(_("Ce qu’il dit, en anglais (texte n° %(number)d)") % said, rows=2)
        self.fields[f"check-{number}"] = forms.BooleanField(
            label=_("À vérifier par la collectivité (texte n° %(number)d)") % said, required=False
        )
        self.initial[f"text-{number}"] = each.get("reference", "")
        self.initial.update({f"note-{number}{end}": value for end, value in _note(each)})
        self.initial[f"check-{number}"] = bool(each.get("to_check"))
        self.texts = (*self.texts, f"note-{number}")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("silence") in ("accept", "reject") and not cleaned.get("duration") and not self.errors:
            self.add_error("duration", _("Écrivez au bout de combien de temps le silence vaut décision : 2 mois."))
        return cleaned

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        basis = self.said("silence_basis")
        silence = {"regime": given["silence"], "duration": given["duration"], "basis": basis}
        return {
            "silence": put({}, silence),
            "answer_within": given["answer_within"],
            "legal": [
                put({}, {
                    "reference": given[f"text-{number}"],
                    "note": self.said(f"note-{number}"),
                    "to_check": given[f"check-{number}"],
                })
                for number in range(sum(1 for name in self.fields if name.startswith("text-")))
                if given.get(f"text-{number}")
            ],
        }  # fmt: skip

    @property
    def law(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if "-" not in name]

    @property
    def applicable(self) -> list[tuple[list[forms.BoundField], list[forms.BoundField], bool]]:
        """The controls of each text, those of what it says, and whether these are shown at once.

        An empty text waits at the end."""
        numbers = [name.partition("-")[2] for name in self.fields if name.startswith("text-")]
        return [
            (
                [self[f"text-{number}"], self[f"check-{number}"]],
                [self[f"note-{number}"], self[f"note-{number}_en"]],
                bool(self[f"note-{number}"].errors),
            )
            for number in numbers
        ]


def _note(each: Mapping[str, Any]) -> list[tuple[str, Any]]:
    found = initial(each, "note")
    return [("", found["note"]), ("_en", found["note_en"]), ("_kept", found["note_kept"])]
