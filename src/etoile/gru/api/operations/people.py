"""People, as the service contract of the program allows."""

from django.db import transaction
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext as _
from ninja import Path, Router

from etoile.gru.api.allowed import Allowed
from etoile.gru.api.people import READ, WRITE, People, audience, journal
from etoile.gru.api.problems import NOT_FOUND, Refusal
from etoile.gru.api.security import Needs, allowed
from etoile.gru.api.shapes.people import AttributeIn, AttributeOut, ContractOut, ContractsOut, PersonOut
from etoile.gru.cases.models import Case
from etoile.gru.contracts import grants
from etoile.gru.contracts.grants import Grant
from etoile.gru.contracts.subjects import subject
from etoile.gru.contracts.values import WrongValue, checked
from etoile.gru.contracts.vocabulary import ATTRIBUTES, LEVELS
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Level, Person
from etoile.gru.people.pairwise import UnknownIdentifier, person_id
from etoile.gru.people.services import LowerLevel, record_attribute

router = Router(tags=["Personnes"])

# Of one person, the cases that are looked at for what a contract covers.
MANY = 100
PERSON = Path(max_length=200, description="`applicant.person` of a case.")


@router.get("contracts", response=ContractsOut, auth=Needs(READ))
def list_contracts(request: HttpRequest) -> ContractsOut:
    """Les contrats de service de ce programme, dans tous leurs états : ce qu'il peut lire, écrire, et jusqu'à quand."""
    people = People(allowed(request))
    return ContractsOut(items=[ContractOut.of(each, people.today) for each in people.contracts])


@router.get("people/{person}", response=PersonOut, auth=Needs(READ))
def read_person(request: HttpRequest, person: str = PERSON) -> PersonOut:
    """Ce qui est su d'une personne aujourd'hui, dans les limites du contrat. Chaque lecture est journalisée."""
    mine = allowed(request)
    cases, granted = _covered(mine, person)
    who = subject(cases[0].person_id)
    told = {key for case, grant in granted for key in mine.applicant(case, grant.given(who.known))}
    journal(mine, _joined(granted), told, case=cases[0])
    return PersonOut(
        person=person,
        kind=who.kind,
        attributes={key: AttributeOut.of(who.attributes[key]) for key in sorted(told)},
    )


@router.put("people/{person}/attributes/{key}", response=AttributeOut, auth=Needs(WRITE))
def write_attribute(
    request: HttpRequest, payload: AttributeIn, person: str = PERSON, key: str = Path(max_length=40)
) -> AttributeOut:
    """Dire ce qui est su maintenant. Une valeur moins sûre n'en remplace jamais une plus sûre (409)."""
    mine = allowed(request)
    cases, granted = _covered(mine, person)
    most = max((grant.write[key] for _case, grant in granted if key in grant.write), default=None)
    if most is None or key not in ATTRIBUTES:
        raise Refusal(403, "no-contract", "Le contrat de service ne permet pas d'écrire cette donnée")
    if payload.level not in LEVELS or payload.level > most:
        raise _wrong("/level", _("Au plus %(most)s, un niveau de la liste.") % {"most": most})
    try:
        value = checked(key, payload.value)
    except WrongValue as wrong:
        raise _wrong("/value", str(wrong)) from wrong
    name = mine.client.name or mine.client.client_id
    author = f"application/{slugify(name)[:80] or mine.client.pk}"
    try:
        with scope.of_person(cases[0].person_id, author=author), transaction.atomic():
            person_row = Person.objects.get(pk=cases[0].person_id)
            if person_row.restricted_at is not None:
                raise Refusal(409, "restricted", "Cette personne a demandé que ses données ne soient pas utilisées")
            of = record_attribute(person_row, key, value, level=Level(payload.level), source=name[:60])
            with scope.of_person(of):
                written = Attribute.objects.get(person_id=of, key=key)
            journal(mine, _joined(granted), [key], case=cases[0], action="person.written_by_application")
    except LowerLevel as lower:
        raise Refusal(409, "lower-level", "Une information plus sûre est déjà là", str(lower)) from lower
    return AttributeOut.of(written)


def _covered(mine: Allowed, person: str) -> tuple[list[Case], list[tuple[Case, Grant]]]:
    """The cases by which this program knows the person, newest first, with what its contracts allow on each.

    Raises `Refusal`: 404 for somebody it does not know, 403 when no contract covers them. Four statements.
    """
    try:
        found = person_id(person, mine.authority, audience(mine))
    except UnknownIdentifier:
        raise NOT_FOUND from None
    with scope.of_person(found):
        # Merged since: who is known under the former identifier is the person in use now.
        found = Person.objects.filter(pk=found).values_list("merged_into", flat=True).first() or found
    cases = list(mine.cases().filter(person_id=found).order_by("-submitted_at")[:MANY])
    if not cases:
        raise NOT_FOUND
    people = People(mine)
    granted = [(case, grant) for case in cases if (grant := people.on(case))]
    if not granted:
        raise Refusal(403, "no-contract", "Aucun contrat de service en vigueur ne le permet", people.why_nothing())
    return [case for case, _grant in granted], granted


def _joined(granted: list[tuple[Case, Grant]]) -> Grant:
    found = {each.pk: each for _case, grant in granted for each in grant.contracts}
    return grants.joined(found.values())


def _wrong(pointer: str, words: str) -> Refusal:
    return Refusal(422, "invalid-data", "Une valeur n'a pas la forme attendue", errors=[(pointer, words)])
