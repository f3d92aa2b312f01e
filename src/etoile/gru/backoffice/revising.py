"""What changed in the answers of a case, as an agent reads it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.design.fields import FieldView, Option
from etoile.design.moments import spelled
from etoile.design.parts import Table
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.corrections import changes


def revisions(view: AgentCase) -> list[tuple[Table, str]]:
    """Each change of the answers since the request was sent, and its reason, the newest first. One statement, none for
    answers that are as they were sent."""
    made = changes.made(view.case) if view.has("correct", "edit") else ()
    return [(changes.table(_revised(each), each.changes), each.reason) for each in made]


def give_fields(view: AgentCase) -> list[FieldView]:
    """The controls by which an agent adds a document, and says which of those asked it is."""
    document = FieldView(
        "document",
        _("Document à ajouter"),
        "file",
        required=True,
        hint=_("PDF, image ou texte, 10 Mo au plus. La personne pourra le télécharger."),
        accept=".pdf,.jpg,.jpeg,.png,.heic,.docx,.odt",
        multiple=True,
    )
    awaited = tuple(
        Option(f"{each.id}.{place}", each.items[place]["name"])
        for each in view.requests
        if not each.is_correction
        for place in each.awaited
    )
    if not awaited:
        return [document]
    hint = _("Cochez ce que la personne a apporté ou envoyé autrement : elle n’aura plus à le fournir.")
    came = _("Laissez vide si c’est aujourd’hui. Le délai de réponse tient compte de ce jour.")
    return [
        document,
        FieldView("brought", _("Pièces demandées que ce document apporte"), "checkboxes", hint=hint, options=awaited),
        FieldView("day", _("Jour où le service l’a reçu"), "native_date", hint=came),
    ]


def _revised(made: changes.Made) -> str:
    words = _("Corrigé par %(name)s le %(day)s") if made.by_person else _("Modifié par %(name)s le %(day)s")
    return words % {"name": made.author, "day": spelled(timezone.localtime(made.at), "j F Y, H:i")}
