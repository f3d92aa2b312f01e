"""Cases that go together: brought together or told apart by an agent, and those that look alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case as Conditional
from django.db.models import Q, QuerySet, When
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases import references
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.lists.scope import Scope
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import State
from etoile.gru.cases.typed import readable
from etoile.gru.desk.models import Duplicate, Pair

# Two requests for the same thing come within a month; a year later it is another one.
NEAR = timedelta(days=30)
MOST = 20
# Told loudly; beyond, they are among those of the same e-mail.
LOUD = 3


@dataclass(frozen=True, slots=True)
class Linked:
    case: Case
    why: str


@dataclass(frozen=True, slots=True)
class Related:
    """What an agent may see of the cases near one; `marked`: it was closed as a duplicate, `kept` is out of their
    sight when empty. `others` are those of the same person or e-mail, the latest first; `more`: there are others."""

    marked: bool
    kept: Case | None
    duplicates: tuple[Case, ...]
    linked: tuple[Linked, ...]
    alike: tuple[Case, ...]
    others: tuple[Case, ...]
    more: bool

    @property
    def number(self) -> int:
        return len(self.duplicates) + len(self.linked) + len(self.alike) + len(self.others) + bool(self.marked)


def pair(case: Case, other: Case, account: Account, kind: Pair.Kind, why: str = "") -> None:
    """Say that two cases go together, or that they do not; the last word holds. One upsert. Raises `CaseError`."""
    if case.pk == other.pk:
        raise CaseError(_("C’est la demande elle-même. Écrivez la référence d’une autre."))
    first, second = sorted((case, other), key=lambda each: each.pk)
    told = {"kind": kind, "why": readable(why)[: Pair.WHY], "account": account}
    Pair.objects.update_or_create(first=first, second=second, defaults=told)


def part(case: Case, other: Case) -> None:
    """Nothing is said of them any more."""
    Pair.objects.filter(_of(case) & _of(other)).delete()


def named(reference: str, scope: Scope) -> Case:
    """The case of this reference that the agent may see. Raises `CaseError`."""
    wanted = references.normalise(reference)
    found = _shown(scope.cases().filter(reference=wanted)).first() if references.is_well_formed(reference) else None
    if found is None:
        raise CaseError(_("Aucune demande de vos services n’a cette référence. Relisez-la, par exemple 26-K7QM-3."))
    return found


def related(case: Case, scope: Scope) -> Related:
    """Three statements, whatever there is. What lies outside the sectors of the agent is not told, not even that it
    exists."""
    pairs = {each.second_id if each.first_id == case.pk else each.first_id: each for each in _pairs(case)}
    marks = list(Duplicate.objects.filter(Q(case=case) | Q(kept=case)))
    kept = next((each.kept_id for each in marks if each.case_id == case.pk and each.holds(case)), None)
    marked = {each.case_id: each for each in marks if each.kept_id == case.pk}
    found = _near(case, scope, {*pairs, *marked, *([kept] if kept else [])})
    doubles = {each.pk for each in found if each.pk in marked and marked[each.pk].holds(each)}
    alike = tuple(each for each in _alike(case, found) if each.pk not in {*pairs, *doubles, kept})[:LOUD]
    told = {*doubles, kept, *(key for key, each in pairs.items() if each.kind == Pair.Kind.LINKED)}
    told |= {each.pk for each in alike}
    others = [each for each in found if each.pk not in told]
    return Related(
        marked=kept is not None,
        kept=next((each for each in found if each.pk == kept), None),
        duplicates=tuple(each for each in found if each.pk in doubles),
        linked=tuple(
            Linked(each, pairs[each.pk].why)
            for each in found
            if each.pk in pairs and pairs[each.pk].kind == Pair.Kind.LINKED
        ),
        alike=alike,
        others=tuple(others[:MOST]),
        more=len(others) > MOST,
    )


def _pairs(case: Case) -> QuerySet[Pair]:
    return Pair.objects.filter(_of(case)).order_by("-at")[:MOST]


def _of(case: Case) -> Q:
    return Q(first=case) | Q(second=case)


def _near(case: Case, scope: Scope, named: Iterable[object]) -> list[Case]:
    """The cases named, then those of the same person or of the same e-mail, latest first."""
    known = list(named)
    same = Q(person=case.person_id) | Q(pk__in=known)
    if case.contact_email:
        same |= Q(mail=case.contact_email.lower())
    found = scope.cases().annotate(mail=Lower("contact_email")).filter(same).exclude(pk=case.pk)
    # Those an agent spoke of are never beyond the end of the page.
    rank = Conditional(When(pk__in=known, then=0), default=1)
    return list(_shown(found).order_by(rank, "-submitted_at", "-pk")[: 2 * MOST + len(known)])


def _alike(case: Case, found: Iterable[Case]) -> Iterable[Case]:
    """The same procedure, from the same person or the same e-mail, at about the same time."""
    if not case.is_open:
        return
    for other in found:
        apart = abs(other.submitted_at - case.submitted_at)
        same = other.procedure_version.procedure_id == case.procedure_version.procedure_id
        if same and apart <= NEAR and other.state != State.WITHDRAWN:
            yield other


def _shown(found: QuerySet[Case]) -> QuerySet[Case]:
    return found.select_related("procedure_version").defer("answers", "procedure_version__source")
