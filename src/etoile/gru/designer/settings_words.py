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
    "places": Words(_("Nombre de décimales")),
    "longest": Words(_("Durée la plus longue, en jours")),
    "other": Words(_("Proposer « Autre », avec une réponse à écrire")),
    "abroad": Words(_("Accepter les codes des pays étrangers")),
    "relations": Words(_("Liens proposés"), _("Un par ligne : child, ward, spouse, parent, other. Sans rien, tous.")),
    "table": Words(_("Table de référence"), _("Le nom donné à l’import de la table. Exemple : rues")),
    "keep": Words(_("Colonnes gardées avec la réponse"), _("Une colonne de la table par ligne.")),
    "levels": Words(_("Colonnes des listes, la plus large d’abord"), _("Une par ligne. Exemple : marque, puis modele")),
    "labels": Words(_("Intitulé de chaque liste"), _("Un par ligne, dans le même ordre.")),
    "lookup": Words(_("Consultation"), _("Son nom dans le hub. Exemple : quotient-familial")),
    "purpose": Words(_("Motif déclaré au hub"), _("Un des motifs que le hub permet à cette consultation.")),
    "inputs": Words(_("Ce qu’on envoie"), _("Une ligne par paramètre : parametre = identifiant_de_la_question")),
    "shows": Words(_("Ce qu’on montre de la réponse"), _("Une ligne par donnée : chemin = Libellé")),
    "mandatory": Words(_("Bloquer la demande tant que l’information n’est pas obtenue")),
    "choose": Words(_("Choisir dans une liste obtenue"), _("Trois lignes : from = …, key = …, label = …")),
    "value": Words(_("Chemin du quotient dans la réponse")),
    "month": Words(_("Chemin du mois dans la réponse")),
    "suffix": Words(_("Unité"), _("Elle est écrite après la zone. Exemple : mètres")),
    "unit": Words(_("Unité"), _("Elle est écrite après le résultat. Exemple : mètres")),
    "when": Words(_("Quelles dates"), choices=(("past", _("Passées seulement")), ("future", _("À venir seulement")))),
    "min_days": Words(_("Jours à partir d’aujourd’hui, au moins")),
    "max_days": Words(_("Jours à partir d’aujourd’hui, au plus")),
    "display": Words(
        _("Présentation"),
        choices=(
            ("radios", _("Toutes les réponses sont visibles")),
            ("list", _("Liste qui s’ouvre")),
            ("search", _("Recherche par mots")),
        ),
    ),
    "accept": Words(_("Sortes de fichiers")),
    "max_size": Words(_("Taille d’un fichier, en Mio, au plus")),
    "max_count": Words(_("Nombre de fichiers, au plus")),
    "removed_after": Words(
        _("Supprimer les fichiers après la fin de la demande, en jours"),
        _("La demande reste, sans ces fichiers. Exemple, pour une pièce d’identité : 90. Vide : ils restent."),
    ),
    "row_label": Words(_("Nom d’une ligne"), _("Il est répété devant chaque réponse. Exemple : Emplacement")),
    "formula": Words(
        _("Calcul"),
        _("Avec les noms donnés plus bas, des nombres et + - * /. Les montants sont en centimes : 150 pour 1,50 €."),
    ),
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
