"""Whom a breach concerns (RGPD, articles 33 and 34): the requests that somebody, or something, reached between two
moments, and how their people may be told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, TextIO

from django.db import connection, models, transaction
from django.db.models import Exists, Func, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.access.models import Authority
from etoile.gru.audit.models import Entry
from etoile.gru.audit.services import PROGRAM
from etoile.gru.batches.models import Exported
from etoile.gru.cases.models import Case, Handoff
from etoile.gru.documents.models import Document
from etoile.gru.forms.models import ProcedureVersion
from etoile.runtime import sheets

# What one page writes; above it, the command does.
MOST = 5_000


class Resource(models.TextChoices):
    """What was reached; the words say what then counts."""

    PROCEDURE = "procedure", gettext_lazy("Une démarche : ses demandes présentes alors")
    AGENT = "agent", gettext_lazy("Le compte d’un agent : ce qu’il a ouvert, traité ou exporté")
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


def applications(authority: Authority) -> list[tuple[str, str]]:
    """Those that something of the authority was handed to, and what they are called now. One statement, that jumps from
    one to the next whatever was handed to each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT application, name FROM rights_applications(%s) ORDER BY application", [authority.pk])
        return cursor.fetchall()


def write(out: TextIO, found: QuerySet[Case], zone: tzinfo) -> int:
    """One row a request, read as it is written: memory stays the same whatever their number. Two statements."""
    writer = sheets.Writer(out)
    out.write(sheets.MARK)
    writer.row([_("Référence"), _("Démarche"), _("Envoyée le"), _("Nom"), _("Courriel"), _("À prévenir par")])
    done = 0
    for row in _rows(found, zone):
        writer.row(row)
        done += 1
    return done


def _rows(found: QuerySet[Case], zone: tzinfo) -> Iterator[list[str]]:
    by_mail, by_letter = _("courriel"), _("lettre")
    asked_for = {each.pk: str(each.name) for each in ProcedureVersion.objects.only("title")}
    told = found.order_by("submitted_at", "pk").values_list(
        "reference", "procedure_version_id", "submitted_at", "contact_name", "contact_email"
    )
    with transaction.atomic():
        for reference, version, at, name, email in told.iterator(chunk_size=2_000):
            how = by_mail if email else by_letter
            yield [reference, asked_for[version], at.astimezone(zone).date().isoformat(), name, email, how]


def _reached(asked: Asked) -> Q:
    there = Q(submitted_at__lt=asked.until)
    match asked.resource:
        case Resource.PROCEDURE:
            return there & Q(procedure_version__procedure__slug=asked.name)
        case Resource.AGENT:
            account = int(asked.name) if asked.name.isdecimal() else -1
            # Read from the log first: it has an index by agent, and the requests follow by their key.
            opened = _lines(asked, account_id=account).order_by().values("case_id")
            return Q(pk__in=opened.union(_exported(asked, account)))
        case Resource.APPLICATION:
            handed = Handoff.objects.filter(
                application=asked.name, occurred_at__gte=asked.since, occurred_at__lt=asked.until
            )
            read = _lines(asked, **{f"detail__{PROGRAM}": asked.name})
            return Q(pk__in=handed.order_by().values("case_id").union(read.order_by().values("case_id")))
        case Resource.SENT:
            return there & Q(submitted_at__gte=asked.since)
        case Resource.DOCUMENTS:
            return Q(Exists(Document.objects.filter(holder=OuterRef("pk"), created_at__lt=asked.until)))
        case Resource.ALL:
            return there


def _exported(asked: Asked, account: int) -> QuerySet[Exported, Any]:
    """What was in the files of their exports, written in that time."""
    written = {"batch__state": "done", "batch__ended_at__gte": asked.since, "batch__ended_at__lt": asked.until}
    found = Exported.objects.filter(batch__account=account, **written)
    return found.values_list(Func("cases", function="unnest", output_field=models.UUIDField()))


def _lines(asked: Asked, **who: object) -> QuerySet[Entry]:
    return Entry.objects.filter(at__gte=asked.since, at__lt=asked.until, case_id__isnull=False, **who)
