"""What changed in the answers of a case, as an agent reads it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.design.fields import FieldView
from etoile.design.moments import spelled
from etoile.design.parts import Table
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.corrections import changes


def revisions(view: AgentCase) -> list[tuple[Table, str]]:
    """Each change of the answers since the request was sent, and its reason, the newest first. One statement, none for
    answers that are as they were sent."""
    made = changes.made(view.case) if view.has("correct", "edit") else ()
    return [(changes.table(_revised(each), each.changes), each.reason) for each in made]


def give_field() -> FieldView:
    """The control by which an agent adds a document."""
    return FieldView(
        "document",
        _("Document à ajouter"),
        "file",
        required=True,
        hint=_("PDF, image ou texte, 10 Mo au plus. La personne pourra le télécharger."),
        accept=".pdf,.jpg,.jpeg,.png,.heic,.docx,.odt",
        multiple=True,
    )


def _revised(made: changes.Made) -> str:
    words = _("Corrigé par %(name)s le %(day)s") if made.by_person else _("Modifié par %(name)s le %(day)s")
    return words % {"name": made.author, "day": spelled(timezone.localtime(made.at), "j F Y, H:i")}
