"""The register of processing (RGPD, article 30): one record a procedure, from its legal sheet, and those that the
product does whatever the procedures."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from etoile.gru.access.models import Authority
from etoile.gru.forms import periods
from etoile.gru.forms.models import Procedure
from etoile.gru.portal.processing import BASES, FATES
from etoile.runtime import sheets

# What article 30 wants of each, by the columns of the file.
COLUMNS = {
    "title": gettext_lazy("Traitement"),
    "controller": gettext_lazy("Responsable"),
    "officer": gettext_lazy("Délégué à la protection des données"),
    "service": gettext_lazy("Service"),
    "purpose": gettext_lazy("Finalité"),
    "basis": gettext_lazy("Base légale"),
    "reference": gettext_lazy("Texte"),
    "persons": gettext_lazy("Personnes concernées"),
    "data": gettext_lazy("Données"),
    "sensitive": gettext_lazy("Données sensibles"),
    "recipients": gettext_lazy("Destinataires"),
    "kept": gettext_lazy("Conservation"),
    "security": gettext_lazy("Sécurité"),
    "since": gettext_lazy("En service depuis"),
}
# Without these a record is not one.
NEEDED = ("purpose", "basis", "persons", "data", "recipients", "kept", "security")


@dataclass(frozen=True, slots=True)
class Processing:
    """One record, in words; an empty part is a part that nobody wrote."""

    title: str
    service: str = ""
    purpose: str = ""
    basis: str = ""
    reference: str = ""
    persons: str = ""
    data: str = ""
    sensitive: str = ""
    recipients: str = ""
    kept: str = ""
    security: str = ""
    since: date | None = None
    slug: str = ""

    @property
    def missing(self) -> list[str]:
        return [str(COLUMNS[name]) for name in NEEDED if not getattr(self, name)]


def processings(authority: Authority) -> list[Processing]:
    """Procedures that were ever in service and are not archived, then the common ones. One statement."""
    found = Procedure.objects.filter(authority=authority, current__isnull=False).exclude(state="archived")
    mine = [_of_procedure(each) for each in found.select_related("current", "team").order_by("slug")]
    return [*mine, *_common()]


def as_csv(authority: Authority, records: Iterable[Processing]) -> str:
    """As a French spreadsheet reads it; what it would take for a formula is not one any more."""
    out = io.StringIO()
    writer = sheets.Writer(out)
    writer.row(str(words) for words in COLUMNS.values())
    for each in records:
        writer.row(_cells(authority, each))
    return sheets.MARK + out.getvalue()


def _cells(authority: Authority, record: Processing) -> Iterator[str]:
    told = {
        "controller": f"{authority.name}, SIRET {authority.siret}",
        "officer": authority.data_protection_officer or authority.email,
        "since": record.since.isoformat() if record.since else "",
    }
    for name in COLUMNS:
        yield told[name] if name in told else getattr(record, name)


def _of_procedure(procedure: Procedure) -> Processing:
    version = procedure.current
    if version is None:
        raise ValueError("a procedure without a version has no register")
    definition, register = version.definition, version.definition.register
    kept = register.retention
    apart = periods.words(kept.intermediate)
    then = _("puis %(time)s en archive d’accès restreint") % {"time": apart} if apart else ""
    parts = [periods.words(kept.active), then, str(FATES.get(kept.final_fate, ""))]
    return Processing(
        title=str(definition.title),
        service=procedure.team.name,
        purpose=str(register.purpose),
        basis=str(BASES.get(register.basis, "")),
        reference=str(register.basis_reference),
        persons=str(register.persons),
        data=str(register.data),
        sensitive=" ; ".join(str(each.label) for each in definition.fields if each.sensitive),
        recipients=" ; ".join(str(each) for each in register.recipients),
        kept=", ".join(each for each in parts if each) if kept.active else "",
        security=" ; ".join(str(each) for each in register.security),
        since=version.published_at.date() if version.published_at else None,
        slug=procedure.slug,
    )


def _common() -> list[Processing]:
    """What the product does by itself."""
    days = settings.AUDIT_KEPT.days
    task, access = str(BASES["public_task"]), _("Droits par service et par secteur, accès tracés, chiffrement")
    return [
        Processing(
            title=_("Espace personnel des usagers"),
            purpose=_("Retrouver ses demandes et remplir moins"),
            basis=task,
            reference=_("CRPA, articles L112-8 et suivants"),
            persons=_("Usagers qui ont créé un espace"),
            data=_("Courriel, identité, demandes, appareils connectés"),
            recipients=_("La personne elle-même"),
            kept=_("Jusqu’à la fermeture de l’espace"),
            security=_("Phrase de passe hachée, sessions révocables, chiffrement"),
        ),
        Processing(
            title=_("Comptes et habilitations des agents"),
            purpose=_("Donner à chacun les accès de son service"),
            basis=task,
            persons=_("Agents"),
            data=_("Nom, courriel, qualité, rôles, connexions"),
            recipients=_("Administrateurs"),
            kept=_("Tant que l’agent est en fonction, puis le temps des actes qu’il a signés"),
            security=_("Second facteur obligatoire, sessions révocables"),
        ),
        Processing(
            title=_("Journal des accès"),
            purpose=_("Savoir qui a lu ou fait quoi, et le dire aux personnes"),
            basis=str(BASES["legal_obligation"]),
            reference=_("RGPD, article 32 ; CNIL, délibération 2021-122"),
            persons=_("Agents et usagers"),
            data=_("Qui, quoi, quand, sur quelle demande"),
            recipients=_("Administrateurs, délégué à la protection des données, la personne concernée"),
            kept=ngettext("%(n)s jour", "%(n)s jours", days) % {"n": days},
            security=_("Lignes que la base refuse de changer"),
        ),
        Processing(
            title=_("Demandes sur les données personnelles"),
            purpose=_("Répondre aux personnes qui exercent leurs droits"),
            basis=str(BASES["legal_obligation"]),
            reference=_("RGPD, articles 12 à 22"),
            persons=_("Usagers"),
            data=_("Ce qui est demandé, ce qui est répondu, quand"),
            recipients=_("Délégué à la protection des données"),
            kept=_("Comme la demande à laquelle elles se rattachent"),
            security=access,
        ),
    ]
