"""What each setting of a type is called on the screens of the designer. A test holds that each one has its words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Words:
    """`choices` are the values a setting may take, when they are few."""

    label: str | Promise
    hint: str | Promise = ""
    choices: tuple[tuple[str, str | Promise], ...] = ()


SETTINGS: dict[str, Words] = {
    "max_length": Words(_("Nombre de signes, au plus")),
    "min_length": Words(_("Nombre de signes, au moins")),
    "rows": Words(_("Hauteur de la zone, en lignes")),
    "width": Words(
        _("Largeur de la zone"),
        choices=(("tiny", _("Très courte")), ("short", _("Courte")), ("medium", _("Moyenne"))),
    ),
    "example": Words(_("Exemple de réponse"), _("Il est montré quand la réponse ne convient pas.")),
    "words": Words(_("La forme, en mots"), _("Exemple : deux lettres puis six chiffres")),
    "pattern": Words(_("La forme, en expression"), _("Exemple : [A-Z]{2}[0-9]{6} pour deux lettres puis six chiffres")),
    "capitals": Words(_("Écrire les lettres en capitales")),
    "minimum": Words(_("Au moins")),
    "maximum": Words(_("Au plus")),
    "decimals": Words(_("Nombre de décimales")),
    "suffix": Words(_("Unité"), _("Elle est écrite après la zone. Exemple : mètres")),
    "unit": Words(_("Unité"), _("Elle est écrite après le résultat. Exemple : mètres")),
    "when": Words(_("Quelles dates"), choices=(("past", _("Passées seulement")), ("future", _("À venir seulement")))),
    "min_days": Words(_("Jours à partir d’aujourd’hui, au moins")),
    "max_days": Words(_("Jours à partir d’aujourd’hui, au plus")),
    "display": Words(
        _("Présentation"),
        choices=(("radios", _("Toutes les réponses sont visibles")), ("list", _("Liste qui s’ouvre"))),
    ),
    "accept": Words(_("Sortes de fichiers")),
    "max_size": Words(_("Taille d’un fichier, en Mio, au plus")),
    "max_count": Words(_("Nombre de fichiers, au plus")),
    "row_label": Words(_("Nom d’une ligne"), _("Il est répété devant chaque réponse. Exemple : Emplacement")),
    "formula": Words(_("Calcul")),
    "result": Words(
        _("Le résultat est"),
        choices=(
            ("amount", _("Un montant")),
            ("integer", _("Un nombre entier")),
            ("decimal", _("Un nombre à virgule")),
            ("text", _("Un texte")),
            ("yes_no", _("Oui ou non")),
            ("date", _("Une date")),
        ),
    ),
}


def words_of(setting: str) -> Words:
    """Those of a setting; its own name when it has none yet."""
    return SETTINGS.get(setting, Words(setting.replace("_", " ").capitalize()))
