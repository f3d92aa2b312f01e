"""A list as the departmental archives sign it (ARC-02: service, kind of files, extreme dates, duration, volume): a PDF,
and a CSV that a spreadsheet opens. Neither names anybody."""

import io
from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from etoile.design.moments import spelled
from etoile.gru.archive.models import Slip, SlipLine
from etoile.gru.cases.papers import sender_of
from etoile.gru.cases.states import State
from etoile.gru.forms import periods
from etoile.gru.papers.paper import Block, Facts, Heading, Paper, Words
from etoile.gru.papers.render import pdf
from etoile.runtime import sheets

LANGUAGE = "fr"


def pdf_of(slip: Slip) -> bytes:
    """PDF/A-3a, in French whoever asks: it is a paper between administrations."""
    with translation.override(LANGUAGE):
        return pdf(_paper(slip), fonts=settings.PAPER_FONTS)


def csv_of(slip: Slip) -> str:
    """One row a case, points and commas as a French spreadsheet reads them."""
    with translation.override(LANGUAGE):
        out = io.StringIO()
        writer = sheets.Writer(out)
        columns = ("Référence", "Reçue le", "Terminée le", "Issue", "Fichiers", "Octets", "État", "Précision")
        writer.row(columns)
        for line in slip.lines.all():
            writer.row(
                [
                    line.reference,
                    line.submitted_on.isoformat(),
                    line.decided_on.isoformat(),
                    State(line.outcome).label,
                    len(line.documents),
                    line.size,
                    line.get_state_display(),
                    line.why,
                ]
            )
        return out.getvalue()


def _paper(slip: Slip) -> Paper:
    lines = list(slip.lines.exclude(state=SlipLine.State.KEPT))
    eliminated = slip.kind == Slip.Kind.ELIMINATION
    title = _("Bordereau d’élimination %(number)s") if eliminated else _("Bordereau de versement %(number)s")
    authority = slip.authority
    return Paper(
        title=title % {"number": slip.number},
        language=LANGUAGE,
        sender=authority.name,
        address=sender_of(authority),
        day=slip.proposed_at.astimezone(authority.zone).date(),
        blocks=[*_head(slip, lines), *_cases(lines), *_signature(slip)],
        reference=slip.number,
        colour=str(authority.theme.get("colour", "")).lower(),
    )


def _head(slip: Slip, lines: list[SlipLine]) -> Iterator[Block]:
    rule = slip.rule
    yield Words(_("Dossiers de demandes dont la durée d’utilité administrative est écoulée."))
    extremes = (min(each.submitted_on for each in lines), max(each.decided_on for each in lines)) if lines else ()
    facts = [
        (_("Service producteur"), f"{slip.authority.name}, {rule['service']}"),
        ("SIRET", slip.authority.siret),
        (_("Typologie"), rule["title"].get("fr", "")),
        (
            _("Durée d’utilité administrative"),
            f"{periods.words(rule['active'])} + {periods.words(rule['intermediate'])}",
        ),
        (_("Texte de référence"), rule["basis"].get("fr") or "–"),
        (_("Dates extrêmes"), " – ".join(spelled(day, "j F Y") for day in extremes)),
        (_("Nombre de dossiers"), str(len(lines))),
        (_("Volume des fichiers joints"), _("%(n)s octets") % {"n": sum(line.size for line in lines)}),
    ]
    yield Facts(facts)


def _cases(lines: list[SlipLine]) -> Iterator[Block]:
    yield Heading(_("Dossiers"))
    said = _("reçue le %(first)s, %(outcome)s le %(last)s, fichiers : %(files)s")
    rows = []
    for line in lines:
        days = {"first": date_format(line.submitted_on, "d/m/Y"), "last": date_format(line.decided_on, "d/m/Y")}
        rows.append(
            (line.reference, said % {**days, "outcome": State(line.outcome).label, "files": len(line.documents)})
        )
    yield Facts(rows)


def _signature(slip: Slip) -> Iterator[Block]:
    yield Heading(_("Visa des archives départementales"))
    if slip.agreed_on is not None:
        on = spelled(slip.agreed_on, "j F Y")
        yield Facts([(_("Numéro"), slip.agreement), (_("Signé par"), slip.agreed_by), (_("Le"), on)])
        return
    yield Words(_("Articles L212-2 et R212-14 du code du patrimoine. Numéro, nom, qualité, date et signature :"))
    yield Words("\n\n\n")
