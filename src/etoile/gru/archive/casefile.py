"""A case whole, on paper: what was asked and answered, what was written, decided, done. PDF/A-3a, in French."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from etoile.design.moments import spelled
from etoile.gru.cases.models import Case, History
from etoile.gru.cases.papers import letter
from etoile.gru.cases.states import State
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.forms.rows import plain_rows
from etoile.gru.papers.paper import Block, Facts, Heading, Words, paragraphs
from etoile.gru.papers.render import pdf

LANGUAGE = "fr"


def pdf_of(view: AgentCase) -> bytes:
    """Raises `papers.render.PaperError` when it is too long to be laid out."""
    case = view.case
    with translation.override(LANGUAGE):
        title = _("Dossier de la demande %(reference)s") % {"reference": case.reference}
        blocks = [
            *_head(case),
            *answers(view),
            *documents(view),
            *_messages(view),
            *_decisions(view),
            *_history(view),
        ]
        return pdf(letter(case, title, case.submitted_at, blocks, language=LANGUAGE), fonts=settings.PAPER_FONTS)


def _head(case: Case) -> Iterator[Block]:
    yield Facts(
        [
            (_("Démarche"), str(case.procedure_version.name)),
            (_("Demandeur"), case.contact_name),
            (_("Reçue le"), _day(case, case.submitted_at)),
            (_("Issue"), str(State(case.state).label)),
            (_("Terminée le"), _day(case, case.decided_at) if case.decided_at else "–"),
        ]
    )


def answers(view: AgentCase) -> Iterator[Block]:
    """What was answered, page by page."""
    for page in view.case.procedure_version.definition.pages:
        rows = [
            row for each in page.fields if each.id in view.answers for row in plain_rows(each, view.answers[each.id])
        ]
        if rows:
            yield Heading(str(page.title))
            yield Facts(rows)


def documents(view: AgentCase) -> Iterator[Block]:
    """The name and the SHA-256 of each file."""
    if view.documents:
        yield Heading(_("Documents"))
        yield Facts([(each.name, f"SHA-256 {each.sha256}") for each in view.documents])


def _messages(view: AgentCase) -> Iterator[Block]:
    if view.messages:
        yield Heading(_("Messages"))
        yield Facts([(f"{each.author_name}, {_day(view.case, each.sent_at)}", each.body) for each in view.messages])


def _decisions(view: AgentCase) -> Iterator[Block]:
    for decision in view.decisions:
        yield Heading(_("Décision du %(day)s") % {"day": _day(view.case, decision.decided_at)})
        yield from paragraphs(decision.text)


def _history(view: AgentCase) -> Iterator[Block]:
    yield Heading(_("Historique"))
    yield Facts([(_day(view.case, row.at), _done(row)) for row in view.history])
    yield Words(_("Chaque ligne est scellée par l’empreinte de la précédente : voir le fichier de l’historique."))


def _done(row: History) -> str:
    return " – ".join(part for part in (row.verb, row.actor, row.reason) if part)


def _day(case: Case, at) -> str:  # type: ignore[no-untyped-def]
    return spelled(at.astimezone(case.authority.zone), "j F Y H:i")
