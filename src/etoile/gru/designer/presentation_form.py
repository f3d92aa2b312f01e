"""What the portal says of a procedure before anyone begins: its name, for whom, the cost, the other way to ask."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy

from etoile.gru.designer.sheet import Sheet
from etoile.gru.designer.words import ENGLISH, initial, line, lines
from etoile.gru.forms.texts import Text
from etoile.gru.portal import themes

TEXTS = ("title", "summary", "who", "cost", "delay", "confirmation", "non_digital")
CHOSEN = ("category", "life_event", "audience")


def _choices(named: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [("", gettext_lazy("À choisir")), *((slug, words) for slug, (words, _icon) in named.items())]


class PresentationForm(Sheet):
    texts = TEXTS

    title = line(
        gettext_lazy("Nom de la démarche"),
        required=gettext_lazy("Écrivez le nom de la démarche, par exemple : Inscription à la brocante."),
        hint=gettext_lazy("Ce que la personne veut faire, avec ses mots. Exemple : Inscription à la brocante"),
    )
    summary = lines(
        gettext_lazy("Résumé"),
        rows=2,
        hint=gettext_lazy("Une phrase. Exemple : Réservez votre stand pour le dimanche."),
    )
    who = line(gettext_lazy("Qui peut faire la demande"), hint=gettext_lazy("Exemple : Tous les habitants majeurs"))
    cost = line(gettext_lazy("Coût"), hint=gettext_lazy("Même s’il est nul. Exemple : Gratuit"))
    delay = line(gettext_lazy("Délai habituel"), hint=gettext_lazy("Exemple : Réponse en une semaine"))
    steps = lines(gettext_lazy("Ce qui va se passer"), rows=4, hint=gettext_lazy("Une étape par ligne."))
    confirmation = lines(
        gettext_lazy("Après l’envoi"), rows=2, hint=gettext_lazy("Ce que la personne lit sur son accusé : la suite.")
    )
    non_digital = lines(
        gettext_lazy("Autre façon de demander"),
        rows=2,
        hint=gettext_lazy("Obligatoire : à l’accueil, par courrier ou par téléphone. Dites où et quand."),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Thème du portail"), choices=_choices(themes.THEMES), required=False
    )
    life_event = forms.ChoiceField(
        label=gettext_lazy("Situation de vie"), choices=_choices(themes.LIFE_EVENTS), required=False
    )
    audience = forms.MultipleChoiceField(
        label=gettext_lazy("Public"),
        choices=list(themes.AUDIENCES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    keywords = forms.CharField(
        label=gettext_lazy("Mots que les gens cherchent"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Séparés par des virgules. Exemple : vide-grenier, braderie, marché aux puces"),
    )
    feedback_link = forms.URLField(
        label=gettext_lazy("Lien vers « Je donne mon avis »"),
        required=False,
        assume_scheme="https",
        max_length=300,
        validators=[URLValidator(schemes=["https"])],
        help_text=gettext_lazy("Facultatif. Proposé à qui vient de noter la démarche. L’adresse commence par https://"),
        error_messages={"invalid": gettext_lazy("Écrivez une adresse qui commence par https://.")},
    )
    title_en = line(gettext_lazy("Nom en anglais"))
    summary_en = lines(gettext_lazy("Résumé en anglais"), rows=2)
    who_en = line(gettext_lazy("Qui peut faire la demande, en anglais"))
    cost_en = line(gettext_lazy("Coût, en anglais"))
    delay_en = line(gettext_lazy("Délai habituel, en anglais"))
    steps_en = lines(gettext_lazy("Ce qui va se passer, en anglais"), rows=4)
    confirmation_en = lines(gettext_lazy("Après l’envoi, en anglais"), rows=2)
    non_digital_en = lines(gettext_lazy("Autre façon de demander, en anglais"), rows=2)

    def __init__(self, source: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        steps = [Text.of(each) for each in source.get("steps") or []]
        begun = {
            **initial(source, *TEXTS),
            **{name: source.get(name, "") for name in CHOSEN},
            "keywords": ", ".join(source.get("keywords") or []),
            "feedback_link": source.get("feedback_link", ""),
            "steps": "\n".join(each.fr for each in steps),
            "steps_en": "\n".join(each.en for each in steps).strip("\n"),
        }
        super().__init__(*args, initial=begun, **kwargs)
        for name in ("category", "life_event"):
            self._keep_choice(name, str(source.get(name, "")))

    def _keep_choice(self, name: str, value: str) -> None:
        """A town may have themes of its own: theirs stays offered."""
        field: Any = self.fields[name]
        if value and value not in dict(field.choices):
            field.choices = [*field.choices, (value, value)]

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        words = [word.strip() for word in given["keywords"].split(",")]
        return {
            **{name: self.said(name) for name in TEXTS},
            **{name: given[name] for name in CHOSEN},
            "keywords": [word for word in words if word],
            "feedback_link": given["feedback_link"],
            "steps": _steps(given["steps"], given["steps_en"]),
        }

    @property
    def main(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.endswith(ENGLISH)]

    @property
    def finer(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.endswith(ENGLISH)]


def _steps(french: str, english: str) -> list[dict[str, str]]:
    pairs = zip_longest(_split(french), _split(english), fillvalue="")
    return [{"fr": words, **({"en": said} if said else {})} for words, said in pairs if words]


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.splitlines() if each.strip()]
