"""What a client may know of people: its service contract, beside the limits of the client. Each reading is noted."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.access.models import Sector
from etoile.gru.api.allowed import Allowed
from etoile.gru.api.problems import Refusal
from etoile.gru.audit.services import note_program_reading
from etoile.gru.cases.models import Case
from etoile.gru.contracts import grants, queries
from etoile.gru.contracts.grants import Grant
from etoile.gru.contracts.models import Contract, State
from etoile.gru.contracts.subjects import subject
from etoile.gru.people.pairwise import identifier

READ, WRITE = "people:read", "people:write"
# What the words of a case, and an export of a list, say of who asks.
NAMES = frozenset({"family_name", "given_names", "organisation", "email"})


class People:
    """The contracts of a client, read once for a request. One statement."""

    def __init__(self, allowed: Allowed) -> None:
        self.allowed = allowed
        self.today = allowed.authority.today()
        self.contracts = queries.of_client(allowed.client)
        self.in_force = [each for each in self.contracts if each.state_on(self.today) == State.IN_FORCE]

    def on(self, case: Case) -> Grant:
        """What the contracts in force allow on who asks this case; nothing without one of the scopes."""
        if not {READ, WRITE} & self.allowed.scopes:
            return Grant()
        slug, sector = case.procedure_version.procedure.slug, case.sector.slug if case.sector else ""
        return grants.joined(each for each in self.in_force if grants.covers(each, slug, sector))

    def reads_names_of(self, procedures: Iterable[str]) -> bool:
        """Whether the names may be read in each of these procedures, by their slugs alone."""
        held = [grants.joined(each for each in self.in_force if slug in each.procedures) for slug in procedures]
        return READ in self.allowed.scopes and bool(held) and all(set(each.read) >= NAMES for each in held)

    def reads_names_everywhere(self) -> bool:
        """Whether the names may be read in every sector of the authority. One statement."""
        known = Sector.objects.filter(authority=self.allowed.authority).values_list("slug", flat=True)
        held = [grants.joined(each for each in self.in_force if slug in each.sectors) for slug in known]
        return READ in self.allowed.scopes and bool(held) and all(set(each.read) >= NAMES for each in held)

    def why_nothing(self) -> str:
        """In plain words, why nothing of a person is given: there is no contract, or none in force."""
        if READ not in self.allowed.scopes:
            return _("Ce jeton n’a pas le droit %(scope)s.") % {"scope": READ}
        if not self.contracts:
            return _("Aucun contrat de service ne permet à ce programme de lire des données de personnes.")
        if not self.in_force:
            return _said(self.contracts[0], self.today)
        return _("Le contrat de service de ce programme ne couvre pas cette démarche.")


def audience(allowed: Allowed) -> str:
    """For whom identifiers of persons are made: this client, and no other."""
    # No sector has a slash in its slug: what is made for one is never what is made for the other.
    return f"client/{allowed.client.pk}"


def given(allowed: Allowed, case: Case, grant: Grant) -> dict[str, Any]:
    """Who asks, as the contract and the fields given to this client allow. Three statements; the reading is noted."""
    who = subject(case.person_id)
    told = allowed.applicant(case, grant.given(who.known))
    journal(allowed, grant, told, case=case)
    called = identifier(case.person_id, allowed.authority.pk, audience(allowed))
    return {"kind": who.kind, "person": called, **told}


def journal(
    allowed: Allowed, grant: Grant, told: Iterable[str], *, case: Case, action: str = "person.read_by_application"
) -> None:
    """Which application read what of whom, and for which purpose: the person may ask. Names of values, never values.

    The same within ten minutes is one line."""
    note_program_reading(
        authority=allowed.authority.pk,
        program=allowed.client.name or allowed.client.client_id,
        client=allowed.client.client_id,
        subject=case.reference,
        case_id=case.pk,
        action=action,
        detail={
            "attributes": sorted(told),
            "contracts": [each.pk for each in grant.contracts],
            "purpose": grant.contracts[0].purpose if grant.contracts else "",
        },
    )


def names_needed(people: People, procedures: Iterable[str] = ()) -> None:
    """Raises `Refusal` (403) unless the names may be read: in these procedures, or in every sector."""
    if not (people.reads_names_of(procedures) or people.reads_names_everywhere()):
        raise Refusal(
            403,
            "no-contract",
            "Le contrat de service de ce programme ne le permet pas",
            _("Il faut y lire %(names)s, dans chaque démarche demandée ou dans tous les secteurs.")
            % {"names": ", ".join(sorted(NAMES))},
        )


def _said(contract: Contract, today: date) -> str:
    state = contract.state_on(today)
    if state == State.ENDED:
        return _("Le contrat de service a pris fin le %(day)s.") % {"day": f"{contract.ends_on:%d/%m/%Y}"}
    if state == State.COMING:
        return _("Le contrat de service commence le %(day)s.") % {"day": f"{contract.begins_on:%d/%m/%Y}"}
    return _("Le contrat de service est suspendu : %(why)s") % {"why": contract.suspended_why}
