"""The record of processing (article 30 RGPD) and how long files are kept."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.designer.durations import DurationField
from etoile.gru.designer.sheet import Sheet, put
from etoile.gru.designer.words import ENGLISH, initial, lines
from etoile.gru.forms.texts import Text

BASES = (
    ("", gettext_lazy("À choisir")),
    ("public_task", gettext_lazy("Mission d’intérêt public")),
    ("legal_obligation", gettext_lazy("Obligation légale")),
    ("consent", gettext_lazy("Consentement")),
    ("contract", gettext_lazy("Contrat")),
    ("vital_interest", gettext_lazy("Sauvegarde des intérêts vitaux")),
)
FATES = (
    ("", gettext_lazy("À choisir")),
    ("destroy", gettext_lazy("Destruction")),
    ("archive", gettext_lazy("Archivage définitif")),
    ("sample", gettext_lazy("Tri : un échantillon est archivé, le reste détruit")),
)
TEXTS = ("purpose", "basis_reference", "persons", "data")
LISTS = ("recipients", "security")
BY_LINE = gettext_lazy("Un par ligne. L’anglais, dans le même ordre.")


class RegisterForm(Sheet):
    verb = "register_changed"
    texts = (*TEXTS, "retention_basis")

    purpose = lines(gettext_lazy("Finalité du traitement"), hint=gettext_lazy("À quoi servent ces données."))
    purpose_en = lines(gettext_lazy("Finalité, en anglais"))
    basis = forms.ChoiceField(label=gettext_lazy("Base légale (RGPD, article 6)"), choices=BASES, required=False)
    basis_reference = lines(gettext_lazy("Texte qui fonde le traitement"), rows=2)
    basis_reference_en = lines(gettext_lazy("Texte qui fonde le traitement, en anglais"), rows=2)
    persons = lines(gettext_lazy("Personnes concernées"), rows=2)
    persons_en = lines(gettext_lazy("Personnes concernées, en anglais"), rows=2)
    data = lines(gettext_lazy("Catégories de données"), rows=2)  # type: ignore[assignment]
    data_en = lines(gettext_lazy("Catégories de données, en anglais"), rows=2)
    recipients = lines(gettext_lazy("Destinataires"), hint=BY_LINE)
    recipients_en = lines(gettext_lazy("Destinataires, en anglais"))
    security = lines(gettext_lazy("Mesures de sécurité"), hint=BY_LINE)
    security_en = lines(gettext_lazy("Mesures de sécurité, en anglais"))
    active = DurationField(
        label=gettext_lazy("Durée en base active"),
        help_text=gettext_lazy("Tant que les agents s’en servent. Exemple : 1 an"),
    )
    intermediate = DurationField(
        label=gettext_lazy("Durée d’archivage intermédiaire"),
        help_text=gettext_lazy("Ensuite, consultable par exception. 0 jour s’il n’y en a pas."),
    )
    retention_basis = lines(gettext_lazy("Texte qui fixe ces durées"), rows=2)
    retention_basis_en = lines(gettext_lazy("Texte qui fixe ces durées, en anglais"), rows=2)
    final_fate = forms.ChoiceField(label=gettext_lazy("Sort final des dossiers"), choices=FATES, required=False)

    def __init__(self, source: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        register = source.get("register") or {}
        kept = register.get("retention") or {}
        begun = {
            **initial(register, *TEXTS),
            **{f"retention_{name}": value for name, value in initial(kept, "basis").items()},
            "basis": register.get("basis", ""),
            **{name: kept.get(name, "") for name in ("active", "intermediate", "final_fate")},
        }
        for name in LISTS:
            listed = [Text.of(each) for each in register.get(name) or []]
            begun[name] = "\n".join(each.fr for each in listed)
            begun[name + ENGLISH] = "\n".join(each.en for each in listed).strip("\n")
        super().__init__(*args, initial=begun, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in LISTS:
            french, english = _split(cleaned.get(name)), _split(cleaned.get(name + ENGLISH))
            if english and len(english) != len(french):
                self.add_error(name + ENGLISH, _("Écrivez autant de lignes en anglais qu’en français."))
        return cleaned

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        retention = {name: given[name] for name in ("active", "intermediate", "final_fate")}
        retention["basis"] = self.said("retention_basis")
        register = {name: self.said(name) for name in TEXTS} | {"basis": given["basis"]}
        register |= {name: self._list(name) for name in LISTS} | {"retention": put({}, retention)}
        return {"register": put({}, register)}

    def _list(self, name: str) -> list[dict[str, str]]:
        french, english = _split(self.cleaned_data.get(name)), _split(self.cleaned_data.get(name + ENGLISH))
        pairs = zip(french, english or [""] * len(french), strict=True)
        return [{"fr": words, **({"en": translated} if translated else {})} for words, translated in pairs]


def _split(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
