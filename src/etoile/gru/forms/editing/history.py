"""The history of a procedure, in words: « Question ajoutée : Type de stand »."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.models import Procedure, ProcedureChange
from etoile.gru.forms.texts import Text

# Every verb of `ProcedureChange.verb`. A test holds that each one written has its words.
VERBS: dict[str, str | Promise] = {
    "created": gettext_lazy("Démarche créée"),
    "copied": gettext_lazy("Démarche copiée de"),
    "opened": gettext_lazy("Nouvelle version commencée"),
    "discarded": gettext_lazy("Brouillon abandonné"),
    "undone": gettext_lazy("Modification annulée"),
    "presentation_changed": gettext_lazy("Présentation modifiée"),
    "page_added": gettext_lazy("Page ajoutée"),
    "page_changed": gettext_lazy("Page modifiée"),
    "page_moved": gettext_lazy("Page déplacée"),
    "page_removed": gettext_lazy("Page retirée"),
    "section_added": gettext_lazy("Partie ajoutée"),
    "section_changed": gettext_lazy("Partie modifiée"),
    "section_moved": gettext_lazy("Partie déplacée"),
    "section_removed": gettext_lazy("Partie retirée"),
    "field_added": gettext_lazy("Question ajoutée"),
    "field_changed": gettext_lazy("Question modifiée"),
    "field_moved": gettext_lazy("Question déplacée"),
    "field_removed": gettext_lazy("Question retirée"),
    "document_added": gettext_lazy("Pièce ajoutée"),
    "document_changed": gettext_lazy("Pièce modifiée"),
    "document_moved": gettext_lazy("Pièce déplacée"),
    "document_removed": gettext_lazy("Pièce retirée"),
    "declaration_added": gettext_lazy("Engagement ajouté"),
    "declaration_changed": gettext_lazy("Engagement modifié"),
    "declaration_moved": gettext_lazy("Engagement déplacé"),
    "declaration_removed": gettext_lazy("Engagement retiré"),
    "ineligible_added": gettext_lazy("Cas où la demande est impossible ajouté"),
    "ineligible_changed": gettext_lazy("Cas où la demande est impossible modifié"),
    "ineligible_moved": gettext_lazy("Cas où la demande est impossible déplacé"),
    "ineligible_removed": gettext_lazy("Cas où la demande est impossible retiré"),
    "condition_changed": gettext_lazy("Condition modifiée"),
    "price_changed": gettext_lazy("Prix modifié"),
    "legal_changed": gettext_lazy("Fiche juridique modifiée"),
    "register_changed": gettext_lazy("Registre et conservation modifiés"),
    "routing_changed": gettext_lazy("Orientation modifiée"),
    "workflow_changed": gettext_lazy("Étapes modifiées"),
    "message_changed": gettext_lazy("Message modifié"),
    "imported": gettext_lazy("Fichier importé"),
    "published": gettext_lazy("Version publiée"),
    "closed": gettext_lazy("Démarche fermée"),
    "reopened": gettext_lazy("Démarche rouverte"),
    "archived": gettext_lazy("Démarche archivée"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `words`, `who` (empty when the account is gone), `at`, `why`, `version`, whether it may be undone."""

    words: str
    who: str
    at: datetime
    why: str
    version: int
    undoable: bool


def entry(change: ProcedureChange) -> Entry:
    verb = VERBS.get(change.verb, change.verb)
    # Of the procedure itself the name is known, but for the one it was copied from.
    itself = change.subject.get("kind") == "procedure" and change.verb != "copied"
    name = "" if itself else str(Text.of(change.subject.get("name"))) or str(change.subject.get("id") or "")
    words = _("%(what)s : « %(name)s »") % {"what": verb, "name": name} if name else str(verb)
    who = str(change.by) if change.by else ""
    return Entry(words, who, change.at, change.why, change.version_number, change.before is not None)


def last(procedure: Procedure, most: int = 50) -> list[Entry]:
    """The last changes, the newest first. One statement."""
    found: Iterable[ProcedureChange] = procedure.changes.select_related("by").order_by("-pk")[:most]
    return [entry(each) for each in found]
