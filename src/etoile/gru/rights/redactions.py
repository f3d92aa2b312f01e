"""Notes and opinions that speak of somebody else: what the person receives in their place, the words being kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.audit import services as audit
from etoile.gru.cases.models import Case
from etoile.gru.cases.typed import readable
from etoile.gru.rights.holdings.export import redacted
from etoile.gru.rights.holdings.shapes import Held
from etoile.gru.rights.holdings.tables import HELD
from etoile.gru.rights.models import Redaction
from etoile.gru.rights.subject import Subject

SPOKEN: tuple[Held, ...] = tuple(each for each in HELD if each.spoken)


@dataclass(frozen=True, slots=True)
class Spoken:
    """`key` names it in a form; `written` is what an agent or an expert wrote, `told` what the person receives."""

    key: str
    title: str
    written: str
    told: str

    @property
    def is_redacted(self) -> bool:
        return self.told != self.written


def spoken(subject: Subject) -> list[Spoken]:
    """Those that have words, table by table. A statement for each table, and one."""
    instead = redacted(subject)
    return [
        Spoken(f"{held.name}:{row.pk}", str(held.title), words, instead.get((held.name, row.pk), words))
        for held in SPOKEN
        for row in held.rows(subject)
        if (words := _words(held, row))
    ]


def write(case: Case, subject: Subject, account: Account, told: Mapping[str, Any]) -> int:
    """Keep what differs from the words written, by the key of each; one given back as it was written is no longer
    redacted. Returns how many changed. In the audit log, without a word of them."""
    changed = [(each, readable(str(told[each.key]))) for each in spoken(subject) if each.key in told]
    changed = [(each, words) for each, words in changed if words != readable(each.told)]
    with transaction.atomic():
        for each, words in changed:
            table, _colon, row = each.key.partition(":")
            if words == readable(each.written):
                Redaction.objects.filter(table=table, row=row).delete()
                continue
            words = words or _("(retiré : cela parle d’une autre personne)")
            Redaction.objects.update_or_create(
                table=table, row=row, defaults={"case": case, "words": words, "by": account, "at": timezone.now()}
            )
        if changed:
            audit.note("rights.redacted", authority=case.authority.pk, by=account, subject=case.reference,
                       case_id=case.pk)  # fmt: skip
    return len(changed)


def _words(held: Held, row: models.Model) -> str:
    return str(getattr(row, held.spoken) or "")
