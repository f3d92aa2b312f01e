"""In plain words: what each right lets one do, and what each line of the audit log says."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RIGHT_WORDS: dict[str, str | Promise] = {
    "cases.read": _("Lire les demandes"),
    "cases.treat": _("Traiter les demandes"),
    "cases.decide": _("Décider"),
    "cases.export": _("Exporter des listes de demandes"),
    "archives.read": _("Lire les archives intermédiaires"),
    "archives.manage": _("Verser et éliminer des demandes"),
    "absences.manage": _("Dire qui est absent et qui remplace"),
    "ratings.moderate": _("Modérer les avis"),
    "anomalies.handle": _("Régler les anomalies"),
    "alert.edit": _("Mettre une alerte sur le portail"),
    "labels.edit": _("Tenir la liste des étiquettes"),
    "texts.edit": _("Écrire les textes des pages et des messages"),
    "statements.publish": _("Publier les déclarations d’accessibilité"),
    "accounts.manage": _("Gérer les agents, les services et les signataires"),
    "authority.edit": _("Régler l’apparence et les jours fermés"),
    "audit.read": _("Lire le journal d’audit"),
    "procedures.read": _("Voir les démarches"),
    "procedures.edit": _("Préparer les démarches"),
    "procedures.publish": _("Mettre les démarches en service"),
    "register.read": _("Lire le registre des traitements"),
}
# What an action says; one whose words are not here is shown under its group.
ACTIONS: dict[str, str | Promise] = {
    "case.read": _("Demande ouverte"),
    "archive.read": _("Dossier archivé ouvert"),
    "case.document": _("Document ouvert"),
    "export.asked": _("Liste exportée"),
    "agent.created": _("Compte créé"),
    "agent.invited": _("Invitation envoyée"),
    "agent.password_chosen": _("Mot de passe choisi"),
    "agent.roles": _("Rôles changés"),
    "agent.names": _("Nom ou qualité changés"),
    "agent.away": _("Absence prévue"),
    "agent.back": _("Absence retirée"),
    "agent.cut": _("Accès fermé"),
    "agent.restored": _("Accès rouvert"),
    "team.kept": _("Service enregistré"),
    "sector.kept": _("Secteur enregistré"),
    "signatory.kept": _("Délégation enregistrée"),
    "signatory.ended": _("Délégation terminée"),
    "signatory.removed": _("Délégation retirée"),
    "closed_days.added": _("Jours fermés ajoutés"),
    "closed_days.removed": _("Jour rouvert"),
    "words.kept": _("Message réécrit"),
    "words.reset": _("Message d’origine repris"),
    "theme.changed": _("Apparence changée"),
    "audit.read": _("Journal d’audit consulté"),
}
# How the actions begin, as they are chosen in the search.
GROUPS: dict[str, str | Promise] = {
    "case.read": _("Lecture d’une demande"),
    "case.": _("Demande : lecture et actes"),
    "archive.": _("Archives"),
    "export.": _("Exports de listes"),
    "agent.": _("Comptes et rôles"),
    "team.": _("Services"),
    "sector.": _("Secteurs"),
    "signatory.": _("Signataires"),
    "closed_days.": _("Jours fermés"),
    "words.": _("Messages"),
    "theme.": _("Apparence"),
    "audit.": _("Consultation du journal"),
}
