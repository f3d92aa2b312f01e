"""The labels of a town, and those put on its cases."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Authority
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case
from etoile.gru.cases.typed import readable
from etoile.gru.desk.models import CaseLabel, Label

# More would not be a list one reads.
MOST = 60


@dataclass(frozen=True, slots=True)
class Offered:
    """A label on the page of a case; `on`: the case has it."""

    label: Label
    on: bool


def create(authority: Authority, name: str) -> Label:
    """Raises `CaseError` with what to do; a retired label of this name comes back."""
    name = _named(name)
    with transaction.atomic():
        Authority.objects.select_for_update().only("pk").get(pk=authority.pk)
        same = Label.objects.filter(authority=authority, name__iexact=name).first()
        if same is not None and not same.retired:
            raise CaseError(_("L’étiquette « %(name)s » existe déjà. Servez-vous-en.") % {"name": same.name})
        if Label.objects.filter(authority=authority, retired=False).count() >= MOST:
            raise CaseError(
                _("Il y a déjà %(most)d étiquettes. Retirez-en une que personne n’utilise.") % {"most": MOST}
            )
        if same is not None:
            same.name, same.retired = name, False
            same.save(update_fields=["name", "retired"])
            return same
        return Label.objects.create(authority=authority, name=name)


def rename(authority: Authority, label_id: int, name: str) -> None:
    """Its cases keep it, under its new name. Raises `CaseError`."""
    name = _named(name)
    try:
        with transaction.atomic():
            changed = Label.objects.filter(authority=authority, pk=label_id).update(name=name)
    except IntegrityError as taken:
        raise CaseError(_("L’étiquette « %(name)s » existe déjà. Choisissez un autre nom.") % {"name": name}) from taken
    if not changed:
        raise CaseError(_("Cette étiquette n’existe plus. Revenez à la liste."))


def retire(authority: Authority, label_id: int) -> None:
    """No longer offered; the cases that have it keep it."""
    Label.objects.filter(authority=authority, pk=label_id).update(retired=True)


def offered(authority: int | None) -> list[Label]:
    """Those one may put, by name. One statement."""
    return sorted(Label.objects.filter(authority=authority, retired=False), key=lambda label: as_read(label.name))


def on_case(case: Case) -> list[Offered]:
    """Those of the case, then those it may have, each part by name. One statement."""
    on = Exists(CaseLabel.objects.filter(case=case, label=OuterRef("pk")))
    found = Label.objects.filter(authority=case.authority_id).annotate(on=on)
    shown = sorted(found.filter(Q(retired=False) | Q(on=True)), key=lambda label: as_read(label.name))
    offered = [Offered(label, bool(label.on)) for label in shown]  # type: ignore[attr-defined]
    return sorted(offered, key=lambda each: not each.on)


def by_case(cases: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The names of the labels of each case of a list, those without any left out. One statement."""
    names: dict[UUID, list[str]] = {}
    rows = CaseLabel.objects.filter(case__in=cases).order_by("label__name").values_list("case", "label__name")
    for case, name in rows:
        names.setdefault(case, []).append(name)
    return names


def put(case: Case, account: Account, label_ids: Collection[int]) -> None:
    """The case has exactly these labels from now on. Raises `CaseError` for one of another town, or retired since."""
    wanted = set(label_ids)
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).only("pk").get(pk=case.pk)
        had = set(CaseLabel.objects.filter(case=case).values_list("label", flat=True))
        known = Label.objects.filter(authority=case.authority_id, pk__in=wanted - had, retired=False)
        added = set(known.values_list("pk", flat=True))
        if added != wanted - had:
            raise CaseError(_("Une étiquette choisie n’est plus proposée. Choisissez de nouveau."))
        CaseLabel.objects.filter(case=case, label__in=had - wanted).delete()
        CaseLabel.objects.bulk_create(CaseLabel(case=case, label_id=pk, account=account) for pk in sorted(added))


def add(case_id: UUID, account: Account, label_id: int) -> None:
    """One more label on a case, or none when it has it. Raises `CaseError` for one of another town, or retired."""
    with transaction.atomic():
        case = Case.objects.select_for_update(no_key=True).only("pk", "authority").get(pk=case_id)
        if not Label.objects.filter(authority=case.authority_id, pk=label_id, retired=False).exists():
            raise CaseError(_("Une étiquette choisie n’est plus proposée. Choisissez de nouveau."))
        CaseLabel.objects.get_or_create(case=case, label_id=label_id, defaults={"account": account})


def remove(case: Case, label_id: int) -> None:
    """The label is off the case, whether it had it or not. One statement."""
    CaseLabel.objects.filter(case=case, label=label_id).delete()


def having(label_ids: Collection[int]) -> Q:
    """The cases with one of these labels, as a criterion of a list."""
    return Q(pk__in=CaseLabel.objects.filter(label__in=label_ids).values("case"))


def as_read(name: str) -> str:
    """As one looks for a name in a list: neither capitals nor accents count."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()


def _named(name: str) -> str:
    name = " ".join(readable(name).split())
    if not name:
        raise CaseError(_("Donnez un nom à l’étiquette, par exemple : À rappeler."))
    if len(name) > Label.NAME:
        raise CaseError(_("Le nom est trop long : %(most)d caractères au plus.") % {"most": Label.NAME})
    return name
