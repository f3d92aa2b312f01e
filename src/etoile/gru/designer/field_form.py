"""The screen of a question, made from what its type declares: words, answers offered, settings, finer points."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.designer.options import Choices
from etoile.gru.designer.settings_words import words_of
from etoile.gru.designer.words import ENGLISH, Worded, initial, line, lines
from etoile.gru.designer.written import Written, written
from etoile.gru.documents.kinds import KINDS
from etoile.gru.forms.definition import APPLICANT_KEYS
from etoile.gru.forms.editing.questions import NEW_DOCUMENT
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.base import FieldType
from etoile.gru.forms.texts import Text

PREFIX = "set-"
FIRST = "first"
# The simple kinds of answer of a first question: others are added one by one.
IN_BLOCK = ("text", "integer", "date", "yes_no", "name", "given_names")
APPLICANT: dict[str, str | Promise] = {
    "kind": gettext_lazy("Particulier ou organisme"),
    "civility": gettext_lazy("Sa civilité"),
    "family_name": gettext_lazy("Son nom"),
    "given_names": gettext_lazy("Ses prénoms"),
    "email": gettext_lazy("Son courriel"),
    "phone": gettext_lazy("Son téléphone"),
    "address": gettext_lazy("Son adresse"),
    "organisation": gettext_lazy("Le nom de son organisme"),
    "siret": gettext_lazy("Le SIRET de son organisme"),
}
PRIVACY = (
    ("ordinary", gettext_lazy("Ordinaire")),
    ("sensitive", gettext_lazy("Sensible : santé, handicap, religion… (chiffrée à part)")),
    ("none", gettext_lazy("Aucune donnée personnelle")),
)


class FieldForm(Worded):
    """`kind` is the type of the question, `node` what the source says of it (empty for a new one)."""

    texts = ("label", "hint", "purpose")

    def __init__(
        self, kind: FieldType, node: Mapping[str, Any], documents: Mapping[str, str], *args: Any, **kwargs: Any
    ) -> None:
        settings = node.get("settings") or {}
        shown = {**initial(node, *self.texts), "required": "yes" if node.get("required") else "no"}
        shown |= {key: node.get(key, "") for key in ("autocomplete", "applicant", "privacy")}
        shown["privacy"] = shown["privacy"] or "ordinary"
        shown["document"] = node.get("document") or (NEW_DOCUMENT if not node else "")
        for key, value in settings.items():
            shown |= _first_value(kind, key, value)
        super().__init__(*args, **{**kwargs, "initial": shown})
        self.kind, self.node = kind, node
        self.fields.update(_words(kind))
        if kind.answered:
            self.fields.update(_answer(node))
        if kind.holds_files:
            self.fields["document"] = _document(documents)
        if kind.has_fields and not node:
            self.fields.update(_first_question())
        for key, wanted in kind.settings.items():
            self.fields.update(_setting(kind, key, wanted))
        if kind.answered:
            self.fields.update(_finer(kind, bool(node.get("applicant"))))
        self.choices = (
            Choices(self.data if self.is_bound else None, node.get("options") or []) if kind.has_options else None
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.choices is not None and not self.choices.kept():
            self.add_error(None, _("Écrivez au moins une réponse possible."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The keys of the question as the source keeps them, without its `id`."""
        given = self.cleaned_data
        found: dict[str, Any] = {name: self.said(name) for name in self.texts if name in self.fields}
        if self.kind.answered:
            found["required"] = given.get("required") == "yes"
            found["privacy"] = "" if given["privacy"] == "ordinary" else given["privacy"]
            found["autocomplete"] = given.get("autocomplete", "")
            found["applicant"] = given.get("applicant", "")
        if found.get("required"):
            found["required_when"] = None
        if "document" in self.fields:
            found["document"] = given["document"]
        if self.choices is not None:
            found["options"] = self.choices.kept()
        if FIRST in self.fields:
            label = {"fr": given[FIRST]}
            first = {"type": given[f"{FIRST}-type"], "label": label, "required": True}
            # Asked for the same reason as the block, until somebody says better.
            found["fields"] = [{**first, "purpose": found["purpose"]} if found["purpose"] else first]
        found["settings"] = self._settings()
        return found

    def _settings(self) -> dict[str, Any]:
        found = dict(self.node.get("settings") or {})
        for key, wanted in self.kind.settings.items():
            name = PREFIX + key
            value: Any = self.said(name) if _is_text(wanted) else self.cleaned_data.get(name)
            if key in ("minimum", "maximum") and self.kind.name == "amount" and value is not None:
                value = round(value * 100)
            if value is None or value is False or value in ("", [], {}):
                found.pop(key, None)
            else:
                found[key] = value
        return found

    def trial(self) -> dict[str, Any]:
        """The settings as they stand in the page, for a calculation that is tried before it is kept."""
        if self.is_bound and self.is_valid():
            return self._settings()
        return dict(self.node.get("settings") or {})

    @property
    def main(self) -> Iterator[BoundField]:
        """What everyone looks at; `finer` is what is seldom changed."""
        return (self[name] for name in self.fields if not self._is_finer(name))

    @property
    def finer(self) -> list[BoundField]:
        return [self[name] for name in self.fields if self._is_finer(name)]

    def _is_finer(self, name: str) -> bool:
        seldom = {"privacy", "autocomplete", "applicant"} | {PREFIX + each for each in ("rows", "width", "min_length")}
        return name in seldom or name.endswith(ENGLISH)


def _words(kind: FieldType) -> dict[str, forms.Field]:
    read_only = kind.name == "explanation"
    label = gettext_lazy("Titre") if not kind.answered else gettext_lazy("Question")
    return {
        "label": line(
            label,
            most=300,
            required=gettext_lazy("Écrivez la question telle que la personne la lira. Exemple : Type de stand"),
        ),
        "hint": lines(
            gettext_lazy("Texte à lire") if read_only else gettext_lazy("Aide"),
            rows=2,
            hint="" if read_only else gettext_lazy("Comment répondre, où trouver l’information. Une phrase suffit."),
        ),
        "label_en": line(gettext_lazy("Question en anglais"), most=300),
        "hint_en": lines(gettext_lazy("Aide en anglais"), rows=2),
    }


def _answer(node: Mapping[str, Any]) -> dict[str, forms.Field]:
    yes_no = [("yes", gettext_lazy("Oui")), ("no", gettext_lazy("Non"))]
    hint = gettext_lazy("Aujourd’hui, seulement dans certains cas : « oui » remplace cette règle.")
    return {
        "required": forms.ChoiceField(
            label=gettext_lazy("Réponse obligatoire"),
            choices=yes_no,
            widget=forms.RadioSelect,
            help_text=hint if node.get("required_when") else "",
            error_messages={"required": gettext_lazy("Dites si la réponse est obligatoire : oui ou non.")},
        ),
        "purpose": line(
            gettext_lazy("Pourquoi cette question"),
            hint=gettext_lazy("La loi l’impose : chaque donnée a une raison. Exemple : Placer les exposants"),
        ),
        "purpose_en": line(gettext_lazy("Pourquoi, en anglais")),
    }


def _first_question() -> dict[str, forms.Field]:
    """A block is only made with something to ask."""
    kinds = [(name, TYPES[name].label) for name in IN_BLOCK]
    return {
        FIRST: line(
            gettext_lazy("Première question de chaque ligne"),
            required=gettext_lazy("Écrivez la première question de chaque ligne. Exemple : Longueur en mètres"),
            hint=gettext_lazy("Vous en ajouterez d’autres ensuite. Exemple : Longueur en mètres"),
        ),
        f"{FIRST}-type": forms.ChoiceField(label=gettext_lazy("Sorte de réponse"), choices=kinds, initial="text"),
    }


def _document(documents: Mapping[str, str]) -> forms.Field:
    new = (NEW_DOCUMENT, gettext_lazy("Une nouvelle pièce, du même nom que la question"))
    return forms.ChoiceField(
        label=gettext_lazy("Pièce de la liste"),
        choices=[*documents.items(), new],
        help_text=gettext_lazy("La liste des pièces est montrée avant de commencer."),
    )


def _finer(kind: FieldType, feeds: bool) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {
        "privacy": forms.ChoiceField(label=gettext_lazy("Nature de la donnée"), choices=PRIVACY, required=False),
    }
    if kind.tokens:
        found["autocomplete"] = forms.ChoiceField(
            label=gettext_lazy("Remplissage par le navigateur"),
            choices=[("", gettext_lazy("Non")), *((token, token) for token in kind.tokens)],
            required=False,
            help_text=gettext_lazy("Seulement pour ce qui concerne la personne qui remplit, jamais quelqu’un d’autre."),
        )
    found["applicant"] = forms.ChoiceField(
        label=gettext_lazy("Ce que la réponse dit du demandeur"),
        choices=[("", gettext_lazy("Rien")), *((key, APPLICANT[key]) for key in APPLICANT_KEYS)],
        required=False,
    )
    return found


def _setting(kind: FieldType, key: str, wanted: Any) -> dict[str, forms.Field]:
    said, name = words_of(key), PREFIX + key
    if _is_text(wanted):
        english = _("%(label)s, en anglais") % {"label": said.label}
        return {name: line(said.label, hint=said.hint), name + ENGLISH: line(english)}
    if said.choices and wanted is str:
        choices = [("", gettext_lazy("Selon l’usage")), *said.choices]
        return {name: forms.ChoiceField(label=said.label, choices=choices, required=False, help_text=said.hint)}
    if wanted is bool:
        return {name: forms.BooleanField(label=said.label, required=False, help_text=said.hint)}
    if wanted is int:
        return {name: _number(kind, key)}
    if key == "accept":
        kinds = [(each, each.upper()) for each in KINDS]
        several = forms.CheckboxSelectMultiple
        return {name: forms.MultipleChoiceField(label=said.label, choices=kinds, widget=several, required=False)}
    if key == "formula":
        return {name: lines(said.label, rows=3, hint=said.hint)}
    if wanted in (list, dict):
        return {name: Written(wanted, label=said.label, help_text=said.hint)}
    return {name: forms.CharField(label=said.label, required=False, max_length=1000, help_text=said.hint)}


def _number(kind: FieldType, key: str) -> forms.Field:
    said = words_of(key)
    if kind.name == "amount" and key in ("minimum", "maximum"):
        euros = _("%(label)s, en euros") % {"label": said.label}
        wrong = {"invalid": gettext_lazy("Écrivez un montant en euros. Exemple : 12,50")}
        return forms.DecimalField(label=euros, required=False, decimal_places=2, localize=True, error_messages=wrong)
    wrong = {"invalid": gettext_lazy("Écrivez un nombre entier, en chiffres. Exemple : 4")}
    return forms.IntegerField(label=said.label, required=False, help_text=said.hint, error_messages=wrong)


def _is_text(wanted: Any) -> bool:
    return isinstance(wanted, tuple) and dict in wanted and str in wanted


def _first_value(kind: FieldType, key: str, value: Any) -> dict[str, Any]:
    name = PREFIX + key
    if _is_text(kind.settings.get(key)):
        text = Text.of(value)
        return {name: text.fr, name + ENGLISH: text.en, f"{name}_kept": text.raw()}
    if key in ("minimum", "maximum") and kind.name == "amount":
        return {name: value / 100}
    if key != "accept" and isinstance(value, list | dict):
        return {name: written(value)}
    return {name: value}
