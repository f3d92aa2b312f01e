"""What a row of an export says of a case.

When the list is that of one procedure, each of its questions is a column. What is sensitive and the files never are:
an export leaves the walls of the software."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from etoile.gru.batches.exports.sheets import Value
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import Channel, State, Substate
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.models import ProcedureVersion, VersionState
from etoile.gru.forms.rows import rows_said
from etoile.gru.forms.sensitive import is_sealed


class Columns:
    """The headings, and the row of a case; `procedure` is the primary key of the only one of the list, if it is."""

    def __init__(self, zone: ZoneInfo, procedure: int | None) -> None:
        self._zone = zone
        self._questions = _questions_of(procedure) if procedure is not None else []

    def headings(self) -> list[str]:
        return [
            _("Référence"), _("Démarche"), _("État"), _("En attente"), _("Reçue le"), _("Reçue"), _("Service"),
            _("Suivie par"), _("Demandeur"), _("Courriel"), _("À répondre avant"), _("Première réponse le"),
            _("Terminée le"), _("Dernier mouvement"), *(str(each.label) for each in self._questions),
        ]  # fmt: skip

    def row(self, case: Case) -> list[Value]:
        """Needs `procedure_version`, `team` and `assignee`; no statement."""
        return [
            case.reference,
            str(case.procedure_version.name),
            str(State(case.state).label),
            str(Substate(case.substate).label) if case.substate else None,
            self._local(case.submitted_at),
            str(Channel(case.channel).label),
            case.team.name if case.team else None,
            str(case.assignee) if case.assignee else None,
            case.contact_name,
            case.contact_email,
            case.due_on,
            self._day(case.answered_at),
            self._day(case.decided_at),
            self._local(case.updated_at),
            *(_said(case.answers.get(each.id), each) for each in self._questions),
        ]

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._zone).replace(tzinfo=None, second=0, microsecond=0)

    def _day(self, at: datetime | None) -> date | None:
        return at.astimezone(self._zone).date() if at else None


def _questions_of(procedure: int) -> list[Field]:
    """The questions of all its versions that were in service, the last one first: an answer given to a question taken
    away since is still there."""
    in_service = Q(state=VersionState.PUBLISHED) | Q(current_of__isnull=False)
    versions = ProcedureVersion.objects.filter(in_service, procedure=procedure).order_by("-number")
    found: dict[str, Field] = {}
    for version in versions:
        for each in version.definition.fields:
            if _exported(each):
                found.setdefault(each.id, each)
    return list(found.values())


def _exported(field: Field) -> bool:
    return not field.sensitive and field.type not in _FILES and bool(field.fields or TYPES[field.type].valued)


_FILES = frozenset({"file", "identity_document", "signature"})


def _said(value: Any, field: Field) -> str | None:
    if value is None or is_sealed(value):
        return None
    if field.fields:
        return "\n".join(_rows(value, field))
    return TYPES[field.type].plain(value, field)


def _rows(value: Any, field: Field) -> Sequence[str]:
    return [f"{name} – {' ; '.join(lines)}" for name, lines in rows_said(field, value)]
