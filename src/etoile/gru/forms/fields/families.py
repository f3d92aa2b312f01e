"""How the types are grouped for those who choose one: the order of the groups is the order of the choice."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

FAMILIES: dict[str, str | Promise] = {
    "person": gettext_lazy("Personne et demande"),
    "contact": gettext_lazy("Coordonnées et lieux"),
    "text": gettext_lazy("Texte"),
    "number": gettext_lazy("Nombre et montant"),
    "time": gettext_lazy("Date et heure"),
    "choice": gettext_lazy("Choix"),
    "source": gettext_lazy("Information obtenue pour la personne"),
    "organisation": gettext_lazy("Organisme et banque"),
    "file": gettext_lazy("Document"),
    "page": gettext_lazy("Mise en page"),
}
