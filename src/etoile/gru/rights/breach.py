"""Whom a breach concerns (RGPD, articles 33 and 34): the requests that somebody, or something, reached between two
moments, and how their people may be told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.access.models import Authority
from etoile.gru.audit.models import Entry
from etoile.gru.audit.services import PROGRAM
from etoile.gru.cases.models import Case, Handoff
from etoile.gru.documents.models import Document
from etoile.runtime import sheets

# What one page writes; above it, the command does.
MOST = 5_000


class Resource(models.TextChoices):
    """What was reached; the words say what then counts."""

    PROCEDURE = "procedure", gettext_lazy("Une démarche : ses demandes présentes alors")
    AGENT = "agent", gettext_lazy("Le compte d’un agent : ce qu’il a ouvert ou traité")
    APPLICATION = "application", gettext_lazy("Une application : ce qu’elle a reçu ou lu")
    SENT = "sent", gettext_lazy("Le portail : ce qui a été envoyé entre ces moments")
    DOCUMENTS = "documents", gettext_lazy("Les fichiers : demandes qui en portaient alors")
    ALL = "all", gettext_lazy("Toute la base, telle qu’elle était alors")


# Those that nobody has to name further.
UNNAMED = frozenset({Resource.SENT, Resource.DOCUMENTS, Resource.ALL})


@dataclass(frozen=True, slots=True)
class Asked:
    """Moments are aware, the end not included. `name`: the slug of a procedure, the primary key of an account, the slug
    or the client of an application."""

    resource: Resource
    since: datetime
    until: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """`reachable`: how many different e-mail addresses there are; `by_letter`: requests that have none."""

    cases: int
    reachable: int
    by_letter: int


def concerned(authority: Authority, asked: Asked) -> QuerySet[Case]:
    """Frozen and archived ones too: a leak does not ask."""
    return Case.objects.filter(_reached(asked), authority=authority)


def count(found: QuerySet[Case]) -> Count:
    """One statement."""
    told = found.order_by().aggregate(
        cases=models.Count("pk"),
        reachable=models.Count(Lower("contact_email"), filter=~Q(contact_email=""), distinct=True),
        by_letter=models.Count("pk", filter=Q(contact_email="")),
    )
    return Count(**told)


def write(out: TextIO, found: QuerySet[Case]) -> int:
    """One row a request, read as it is written: memory stays the same whatever their number."""
    writer = sheets.Writer(out)
    out.write(sheets.MARK)
    writer.row([_("Référence"), _("Démarche"), _("Envoyée le"), _("Nom"), _("Courriel"), _("À prévenir par")])
    done = 0
    for row in _rows(found):
        writer.row(row)
        done += 1
    return done


def _rows(found: QuerySet[Case]) -> Iterator[list[str]]:
    how = {True: _("courriel"), False: _("lettre")}
    cases = found.select_related("procedure_version").only(
        "reference", "submitted_at", "contact_name", "contact_email", "procedure_version"
    )
    for case in cases.order_by("submitted_at", "pk").iterator(chunk_size=500):
        yield [
            case.reference,
            str(case.procedure_version.name),
            case.submitted_at.date().isoformat(),
            case.contact_name,
            case.contact_email,
            how[bool(case.contact_email)],
        ]


def _reached(asked: Asked) -> Q:
    there = Q(submitted_at__lt=asked.until)
    match asked.resource:
        case Resource.PROCEDURE:
            return there & Q(procedure_version__procedure__slug=asked.name)
        case Resource.AGENT:
            return _in_the_log(asked, account_id=int(asked.name) if asked.name.isdecimal() else -1)
        case Resource.APPLICATION:
            handed = Handoff.objects.filter(
                case=OuterRef("pk"), application=asked.name, occurred_at__gte=asked.since, occurred_at__lt=asked.until
            )
            return Q(Exists(handed)) | _in_the_log(asked, **{f"detail__{PROGRAM}": asked.name})
        case Resource.SENT:
            return there & Q(submitted_at__gte=asked.since)
        case Resource.DOCUMENTS:
            return Q(Exists(Document.objects.filter(holder=OuterRef("pk"), created_at__lt=asked.until)))
        case Resource.ALL:
            return there


def _in_the_log(asked: Asked, **who: object) -> Q:
    """Read from the log first: it has an index by agent, and the cases follow by their key."""
    lines = Entry.objects.filter(at__gte=asked.since, at__lt=asked.until, case_id__isnull=False, **who)
    return Q(pk__in=lines.values("case_id"))
