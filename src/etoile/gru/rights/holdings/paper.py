"""Everything held about a person, on paper: a heading a table, a list a row. PDF/UA-1 and PDF/A-3a."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from etoile.gru.cases.models import Case
from etoile.gru.cases.papers import Printed, sender_of
from etoile.gru.forms.rows import all_said
from etoile.gru.papers.paper import Block, Heading, Paper, Record, Words
from etoile.gru.papers.render import pdf
from etoile.gru.people import words
from etoile.gru.people.models import Attribute, Change
from etoile.gru.rights.holdings import export, inner
from etoile.gru.rights.holdings.codes import SAID
from etoile.gru.rights.holdings.shapes import AGENT, INNER, SECRET, Held
from etoile.gru.rights.holdings.words import COLUMNS
from etoile.gru.rights.subject import Subject

# What is for programs, or is what other tables say in words: it is in the other file.
ONLY_IN_JSON = frozenset({
    ("outbox.OutgoingEvent", "body"), ("inbox.IncomingEvent", "body"), ("notices.Notice", "context"),
    ("cases.CaseWords", "words"), ("cases.History", "detail"), ("cases.Handoff", "application"),
    ("documents.Document", "sha256"), ("documents.Document", "media_type"), ("filling.Draft", "completed"),
    ("filling.Draft", "prefilled"), ("filling.Draft", "waived"), ("notices.Notice", "language"),
    ("rights.Withdrawal", "field"),
})  # fmt: skip


def printed(subject: Subject, *, seen: datetime | None = None, original: bool = False) -> Printed:
    """In the current language. Raises `papers.render.PaperError` when it is too long to be laid out."""
    title = _("Tout ce que nous savons de vous")
    now = timezone.now().astimezone(subject.authority.zone)
    paper = Paper(
        title=title,
        language=(get_language() or "fr")[:2],
        sender=subject.authority.name,
        address=sender_of(subject.authority),
        day=now.date(),
        blocks=[*_opening(subject), *_tables(subject, seen, original)],
        reference=", ".join(each.reference for each in subject.cases),
        colour=str(subject.authority.theme.get("colour", "")).lower(),
    )
    return Printed(f"{title}.pdf", pdf(paper, fonts=settings.PAPER_FONTS))


def _opening(subject: Subject) -> Iterator[Block]:
    yield Words(
        _(
            "Voici tout ce que %(authority)s garde à propos de vous (RGPD, article 15). Ce qui n’est pas donné est "
            "dit, avec la raison. Le fichier JSON dit la même chose pour un programme, avec le contenu des messages "
            "échangés entre applications."
        )
        % {"authority": subject.authority.name}
    )
    reasons = " ; ".join(str(why) for why in (INNER, SECRET, AGENT))
    yield Words(_("Non donné : %(why)s.") % {"why": reasons})


def _tables(subject: Subject, seen: datetime | None, original: bool) -> Iterator[Block]:
    names, zone = _questions(subject), subject.authority.zone
    for held, told in export.collect(subject, seen=seen, original=original):
        if not isinstance(told, int) and all((held.name, name) in ONLY_IN_JSON for name in held.given):
            continue
        yield Heading(str(held.title))
        if isinstance(told, int):
            yield Words(asked_for(told))
            continue
        for row in told:
            yield Record([*_facts(held, row, subject, names, zone)])
        if withheld := withheld_words(held):
            yield Words(withheld)


def asked_for(count: int) -> str:
    """Of what is given when the person asks."""
    return ngettext(
        "%(n)s ligne, donnée à votre demande : elle peut parler d’une autre personne.",
        "%(n)s lignes, données à votre demande : elles peuvent parler d’une autre personne.",
        count,
    ) % {"n": count}


def withheld_words(held: Held) -> str:
    """The reasons for which columns of a table are not given, each once, but for those that the opening says of all."""
    reasons = list(dict.fromkeys(str(why) for why in held.withheld.values() if why not in (INNER, SECRET, AGENT)))
    return _("Non donné : %(why)s.") % {"why": " ; ".join(reasons)} if reasons else ""


def _facts(
    held: Held, row: Mapping[str, Any], subject: Subject, names: Mapping[str, str], zone: ZoneInfo
) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if (held.name, name) in ONLY_IN_JSON:
            continue
        if held.model is Case and name == "answers":
            yield from _answers(row, subject)
            continue
        if told := _words(held, name, value, names, zone, key=str(row.get("key", ""))):
            yield str(COLUMNS[name]), told


def _answers(row: Mapping[str, Any], subject: Subject) -> Iterator[tuple[str, str]]:
    """In the words of the procedure, as the person answered."""
    case = next(each for each in subject.cases if each.reference == row["reference"])
    for label, lines in all_said(case.procedure_version.definition, row["answers"]):
        yield label, "\n".join(lines)


def _words(held: Held, name: str, value: Any, names: Mapping[str, str], zone: ZoneInfo, *, key: str) -> str:
    if value is None or value == "" or value == {} or value == []:
        return ""
    if held.model in (Attribute, Change) and name == "value":
        return "\n".join(words.lines(key, value))
    if said := SAID.get((held.name, name)):
        return said(value)
    field = held.model._meta.get_field(name)
    if field.choices and not isinstance(value, dict | list):
        return str(dict(field.flatchoices).get(value, value))  # type: ignore[union-attr]
    if field.get_internal_type() in ("CharField", "TextField", "EmailField"):
        return names.get(value, value) if name in ("question", "field") else str(value)
    return "\n".join(inner.lines(value, names, zone))


def _questions(subject: Subject) -> dict[str, str]:
    """The questions that the person answered, by their key."""
    asked = (each.procedure_version.definition for each in subject.cases)
    return {field.id: str(field.label) for each in asked for field in (*each.fields, *each.declarations)}
