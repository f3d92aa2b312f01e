"""Service contracts and people as the API gives them."""

from datetime import date
from typing import Any

from ninja import Field, Schema

from etoile.gru.api.shapes.given import Given
from etoile.gru.contracts.models import Contract
from etoile.gru.people.models import Attribute

LEVELS = (
    "100 declared, 200 checked by a code, 330 to 360 unofficial proof, 400 to 500 official proof, 600 FranceConnect"
)


class ContractOut(Schema):
    id: int
    state: str = Field(description="coming, in_force, suspended or ended: only one in force gives anything.")
    purpose: str
    legal_basis: str
    procedures: list[str]
    sectors: list[str]
    read: dict[str, int] = Field(description=f"By attribute, the least level a value is given at: {LEVELS}.")
    write: dict[str, int] = Field(description="By attribute, the highest level the program may give it.")
    answers: dict[str, list[str]] = Field(
        description="By procedure, the sensitive questions and the identity documents it opens."
    )
    retention_months: int = Field(description="How long the program may keep what it read.")
    begins_on: date
    ends_on: date | None = None
    suspended_why: str = ""

    @classmethod
    def of(cls, row: Contract, today: date) -> "ContractOut":
        levels = {
            name: {key: each[name] for key, each in row.attributes.items() if each.get(name) is not None}
            for name in ("read", "write")
        }
        same = {name: getattr(row, name) for name in cls.model_fields if name not in {"state", *levels}}
        return cls(state=str(row.state_on(today)), **levels, **same)


class ContractsOut(Schema):
    items: list[ContractOut]


class AttributeOut(Schema):
    value: Any
    level: int = Field(description=LEVELS)
    source: str
    certified_on: date = Field(description="A day: a moment would be a key that two programs could match.")
    expires_on: date | None = None

    @classmethod
    def of(cls, attribute: Attribute) -> "AttributeOut":
        expires = attribute.expires_at
        return cls(
            value=attribute.value,
            level=attribute.level,
            source=attribute.source,
            certified_on=attribute.certified_at.date(),
            expires_on=expires.date() if expires else None,
        )


class PersonOut(Schema):
    person: str = Field(description="As this program calls them: no other program is given this identifier.")
    kind: str = Field(description="natural or legal")
    attributes: dict[str, AttributeOut] = Field(description="What the service contract allows, and is known.")


class AttributeIn(Given):
    value: Any = Field(description="A text; for an address, `lines`, `postal_code` and `city`.")
    level: int = Field(100, description="How sure it is; the contract says the highest that may be given.")
