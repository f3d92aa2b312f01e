"""An opinion as PDF, to be kept with the request."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from etoile.design.moments import spelled
from etoile.gru.cases.papers import Printed, letter
from etoile.gru.opinions.models import Opinion, Outcome
from etoile.gru.papers.paper import Block, Facts, Heading, Words
from etoile.gru.papers.render import pdf


def paper(opinion: Opinion) -> Printed | None:
    """None while it is not given."""
    if opinion.given_at is None:
        return None
    given, case = timezone.localtime(opinion.given_at), opinion.case
    with translation.override("fr"):
        title = _("Avis de %(name)s, demande %(reference)s") % {"name": opinion.name, "reference": case.reference}
        late = [(_("Attendu le"), spelled(opinion.deadline))] if opinion.is_late else []
        facts = [
            (_("Demande"), f"{case.reference}, {case.procedure_version.name}"),
            (_("Rendu par"), opinion.author),
            (_("Rendu le"), spelled(given, "j F Y, H:i")),
            *late,
            (_("Sens de l’avis"), str(Outcome(opinion.outcome).label)),
        ]
        blocks: list[Block] = [Facts(facts), Heading(_("Question posée")), Words(opinion.question)]
        if opinion.text:
            blocks += [Heading(_("Avis")), Words(opinion.text)]
        made = letter(case, title, given, blocks, language="fr")
    return Printed(f"{title}.pdf", pdf(made, fonts=settings.PAPER_FONTS))
