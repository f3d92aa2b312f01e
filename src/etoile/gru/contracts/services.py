"""The only writer of contracts. Each change is a line of the audit log, with what it was before."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, ApiClient, Authority, Sector
from etoile.gru.access.services import Refused, problems_of_row
from etoile.gru.audit.services import differences, note
from etoile.gru.contracts.models import Contract, Way
from etoile.gru.contracts.vocabulary import ATTRIBUTES, LEVELS, MOST_WRITTEN

FIELDS = (
    "way", "application", "purpose", "legal_basis", "contact", "procedures", "sectors", "attributes", "answers",
    "retention_months", "begins_on", "ends_on",
)  # fmt: skip
_LONGEST = 120


@transaction.atomic
def keep(
    authority: Authority,
    values: Mapping[str, Any],
    *,
    client: ApiClient | None = None,
    by: Account | None,
    pk: int | None = None,
) -> Contract:
    """Write a contract, or change it (`pk`); it holds from the next answer and the next event on. Raises `Refused`.

    `values` are those of `FIELDS`; `client` is the program of the API when `way` is the API.
    """
    row = Contract(authority=authority) if pk is None else Contract.objects.get(pk=pk, authority=authority)
    before = _said(row) if pk is not None else {}
    for name in FIELDS:
        if name in values:
            setattr(row, name, values[name])
    row.client = client if row.way == Way.API else None
    problems = [*_problems(row), *problems_of_row(row)]
    if problems:
        raise Refused(problems)
    row.save()
    if told := differences(before, _said(row)):
        _note("contract.kept", row, by, told)
    return row


@transaction.atomic
def suspend(row: Contract, why: str, *, by: Account | None) -> None:
    """From now on the application is told nothing, until `resume`. Raises `Refused` without a reason."""
    if not why.strip():
        raise Refused([_("Écrivez pourquoi le contrat est suspendu.")])
    if row.suspended_at is None:
        row.suspended_at, row.suspended_why = timezone.now(), why.strip()[:300]
        row.save(update_fields=["suspended_at", "suspended_why"])
        _note("contract.suspended", row, by, {"why": row.suspended_why})


@transaction.atomic
def resume(row: Contract, *, by: Account | None) -> None:
    """It holds again, from the next answer and the next event on."""
    if row.suspended_at is not None:
        row.suspended_at, row.suspended_why = None, ""
        row.save(update_fields=["suspended_at", "suspended_why"])
        _note("contract.resumed", row, by, {})


@transaction.atomic
def end(row: Contract, last_day: date, *, by: Account | None) -> None:
    """This day is the last; one that has not begun yet ends on its first day, and stays as the record of it."""
    if row.ends_on is None or row.ends_on > last_day:
        row.ends_on = max(last_day, row.begins_on)
        row.save(update_fields=["ends_on"])
        _note("contract.ended", row, by, {"after": row.ends_on.isoformat()})


def _problems(row: Contract) -> Iterator[str]:
    if not row.procedures and not row.sectors:
        yield _("Choisissez au moins une démarche ou un secteur : un contrat ne couvre pas tout.")
    known = set(Sector.objects.filter(authority=row.authority).values_list("slug", flat=True))
    for slug in sorted(set(row.sectors) - known):
        yield _("Le secteur « %(slug)s » n’existe pas.") % {"slug": slug}
    if row.way == Way.API and (row.client is None or row.client.authority_id != row.authority_id):  # type: ignore[attr-defined]
        yield _("Choisissez le programme de l’API auquel le contrat s’applique.")
    if row.ends_on is not None and row.ends_on < row.begins_on:
        yield _("Le dernier jour vient après le premier.")
    yield from _answer_problems(row.answers)
    yield from _attribute_problems(row.attributes, needed=not row.answers)


def _answer_problems(answers: Any) -> Iterator[str]:
    lists = answers.values() if isinstance(answers, dict) else [None]
    if not all(isinstance(each, list) and each and all(isinstance(one, str) for one in each) for each in lists):
        yield _("Les réponses sensibles se nomment une à une, par démarche.")


def _attribute_problems(attributes: Mapping[str, Any], *, needed: bool) -> Iterator[str]:
    if not attributes and needed:
        yield _("Choisissez au moins une donnée que l’application lit ou écrit.")
    for key, levels in attributes.items():
        if key not in ATTRIBUTES:
            yield _("« %(key)s » n’est pas une donnée de la base des usagers.") % {"key": key}
            continue
        held = {name: level for name, level in levels.items() if level is not None}
        if not held or set(held) - {"read", "write"} or any(level not in LEVELS for level in held.values()):
            yield _("« %(key)s » : le niveau ne se lit pas.") % {"key": key}
        elif held.get("write", 0) > MOST_WRITTEN:
            yield _("« %(key)s » : une application ne certifie pas à ce niveau.") % {"key": key}


def _note(action: str, row: Contract, by: Account | None, detail: Mapping[str, Any]) -> None:
    note(action, authority=row.authority_id, by=by, subject=str(row), detail=detail)  # type: ignore[attr-defined]


def _said(row: Contract) -> dict[str, Any]:
    values: Iterable[tuple[str, Any]] = ((name, getattr(row, name)) for name in FIELDS)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values}
