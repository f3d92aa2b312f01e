"""The register of processing as the page of personal data prints it: a record per open procedure (RGPD, article 30)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.gru.access.models import Authority
from etoile.gru.forms import periods
from etoile.gru.forms.definition import Definition, Register
from etoile.gru.forms.queries import open_procedures
from etoile.gru.forms.texts import Text

BASES: dict[str, str | Promise] = {
    "public_task": _("Mission d’intérêt public"),
    "legal_obligation": _("Obligation légale"),
    "consent": _("Votre consentement"),
    "contract": _("Contrat"),
    "vital_interest": _("Sauvegarde d’intérêts vitaux"),
}
FATES: dict[str, str | Promise] = {
    "destroy": _("puis elles sont supprimées"),
    "archive": _("puis elles sont versées aux archives"),
    "sample": _("puis une partie est versée aux archives, le reste est supprimé"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """One processing, in words."""

    slug: str
    title: Text
    register: Register
    basis: str | Promise
    active: str
    intermediate: str
    fate: str | Promise
    sensitive: Sequence[Text]


def records(authority: Authority) -> list[Record]:
    return [
        _record(procedure.slug, procedure.current.definition)
        for procedure in open_procedures(authority)
        if procedure.current is not None
    ]


def _record(slug: str, definition: Definition) -> Record:
    register = definition.register
    return Record(
        slug=slug,
        title=definition.title,
        register=register,
        basis=BASES.get(register.basis, ""),
        active=periods.words(register.retention.active),
        intermediate=periods.words(register.retention.intermediate),
        fate=FATES.get(register.retention.final_fate, ""),
        sensitive=[each.label for each in definition.fields if each.sensitive],
    )
