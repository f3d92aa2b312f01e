"""The request itself as a PDF, for the file or for a meeting: what was answered, in the words of the procedure."""

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from etoile.gru.backoffice import reading
from etoile.gru.cases.papers import Printed, letter
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.forms.rows import plain_rows
from etoile.gru.papers.paper import Block, Facts, Heading
from etoile.gru.papers.render import pdf

REQUEST = "demande"


def request_paper(view: AgentCase) -> Printed:
    """In the language of the agent. What is secret shows no more than recognises it (`FieldType.plain`)."""
    case = view.case
    title = _("Demande %(reference)s") % {"reference": case.reference}
    blocks: list[Block] = [Facts([(_("Démarche"), str(case.procedure_version.name))]), *_applicant(view)]
    for page in case.procedure_version.definition.pages:
        rows = [
            row for each in page.fields if each.id in view.answers for row in plain_rows(each, view.answers[each.id])
        ]
        blocks += [Heading(str(page.title)), Facts(rows)] if rows else []
    if view.documents:
        blocks += [Heading(_("Documents")), Facts([(each.name, f"SHA-256 {each.sha256}") for each in view.documents])]
    made = letter(case, title, case.submitted_at, blocks, language=(get_language() or "fr")[:2])
    return Printed(f"{title}.pdf", pdf(made, fonts=settings.PAPER_FONTS))


def _applicant(view: AgentCase) -> list[Block]:
    who = reading.contact(view)
    known = (
        (_("Nom"), who.name),
        (_("Organisme"), who.organisation),
        (_("Courriel"), who.email),
        (_("Téléphone"), who.phone_words),
        (_("Adresse"), "\n".join(who.address)),
    )
    return [Heading(_("Demandeur")), Facts([row for row in known if row[1]])]
