"""The request itself as a PDF, for the file or for a meeting: what was answered, in the words of the procedure."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from etoile.design.moments import spelled
from etoile.gru.archive import casefile
from etoile.gru.backoffice import reading
from etoile.gru.cases.papers import Printed, letter
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.papers.paper import Block, Facts, Heading, paragraphs
from etoile.gru.papers.render import pdf

REQUEST, FILE = "demande", "dossier"


def request_paper(view: AgentCase) -> Printed:
    """In the language of the agent. What is secret shows no more than recognises it (`FieldType.plain`)."""
    return _printed(view, _("Demande %(reference)s") % {"reference": view.case.reference}, _asked(view))


def file_paper(view: AgentCase) -> Printed:
    """The whole file as the person may have it: what was asked, said, decided, and when. The notes between agents are
    not in it; whoever asks for them is given them apart."""
    title = _("Dossier %(reference)s") % {"reference": view.case.reference}
    return _printed(view, title, [*_asked(view), *_said(view), *_decided(view), *_happened(view)])


def _asked(view: AgentCase) -> list[Block]:
    case = view.case
    blocks: list[Block] = [Facts([(_("Démarche"), str(case.procedure_version.name))]), *_applicant(view)]
    return [*blocks, *casefile.answers(view), *casefile.documents(view)]


def _said(view: AgentCase) -> list[Block]:
    rows = [(f"{each.author_name}, {_at(each.sent_at)}", each.body) for each in view.messages]
    return [Heading(_("Messages")), Facts(rows)] if rows else []


def _decided(view: AgentCase) -> list[Block]:
    letters = [block for each in view.decisions for block in paragraphs(each.text)]
    return [Heading(_("Décision")), *letters] if letters else []


def _happened(view: AgentCase) -> list[Block]:
    rows = [(_at(each.at), f"{each.title} ({each.author})", each.detail) for each in reading.history(view)]
    return [Heading(_("Historique")), Facts([(at, "\n".join(filter(None, words))) for at, *words in rows])]


def _at(moment: datetime) -> str:
    return spelled(timezone.localtime(moment), "j F Y, H:i")


def _printed(view: AgentCase, title: str, blocks: list[Block]) -> Printed:
    made = letter(view.case, title, view.case.submitted_at, blocks, language=(get_language() or "fr")[:2])
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
