"""Contracts for tests."""

from typing import Any

from tests.gru.conftest import Town

from etoile.gru.access.models import ApiClient, Authority
from etoile.gru.contracts import services
from etoile.gru.contracts.models import Contract

KNOWN = ("family_name", "given_names", "organisation", "email", "phone")


def contract(town: Town | Authority, client: ApiClient | None = None, **changes: Any) -> Contract:
    """In force today on the procedure `acte`: as declared, what is asked there."""
    authority = town if isinstance(town, Authority) else town.authority
    read = changes.pop("read", dict.fromkeys(KNOWN, 100))
    write = changes.pop("write", {})
    attributes = {key: {"read": level} for key, level in read.items()}
    for key, level in write.items():
        attributes.setdefault(key, {})["write"] = level
    given = {
        "way": "api" if client else "hub",
        "application": client.name if client else "etat-civil",
        "purpose": "Préparer les actes",
        "legal_basis": "RGPD, art. 6.1.e",
        "procedures": ["acte"],
        "attributes": attributes,
        "retention_months": 12,
        "begins_on": authority.today(),
    }
    return services.keep(authority, {**given, **changes}, client=client, by=None)
