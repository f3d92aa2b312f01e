"""A town's persons by COPY, one for ten cases, and who read their cases: what a search of a person, their pages and the
list of a breach are measured on.

Family names are as spread as those of a country: the most borne one is that of six persons in a thousand. Names, days
and addresses are made up.
"""

import random
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product

import psycopg
from psycopg.types.json import Jsonb

from bench.filing import copy

CASES_OF_EACH = 10
FAMILIES = ["".join(parts) for parts in product(
    ("mar", "ber", "du", "le", "gar", "mo", "rou", "bo", "fa", "pe", "la", "vi", "gi", "cha"),
    ("", "ti", "ro", "na", "che", "lan", "ve", "mi", "do", "gue", "bi", "sa", "ne", "cou", "ri"),
    ("n", "net", "reau", "rand", "lot", "tier", "nier", "lin", "del", "gnon", "sson", "rd", "let", "ve"),
)]  # fmt: skip
GIVEN = ["".join(parts) for parts in product(
    ("ma", "lé", "ca", "jo", "é", "a", "lu", "no", "sa", "ro", "thé", "vi", "ju", "pa"),
    ("rie", "a", "mille", "line", "lie", "na", "cas", "ra", "ël", "ne", "o", "cie", "les", "trice"),
)]  # fmt: skip
POSTCODES = ("49100", "49000", "49070", "49130", "49240")
# How many of the agents read cases.
READERS = 40


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of those who were made, and how to look for them."""

    pk: uuid.UUID
    family_name: str
    given_names: str
    birth_date: str
    email: str
    phone: str
    address: dict


def people(owner, town, number, *, seed=11):
    """`number` persons with six attributes each; those the cases are then filed for."""
    made = list(_people(number, random.Random(seed)))
    now = datetime.now(UTC)
    keys = ("family_name", "given_names", "birth_date", "email", "phone", "address")
    with psycopg.connect(owner, autocommit=True) as connection, connection.transaction():
        copy(connection, "people_person", ("id", "authority_id", "kind", "created_at"),
              ((each.pk, town.authority, "natural", now) for each in made))  # fmt: skip
        copy(
            connection,
            "people_attribute",
            ("person_id", "key", "value", "level", "source", "certified_at"),
            ((each.pk, key, Jsonb(getattr(each, key)), 100, "declared", now) for each in made for key in keys),
        )
    return made


def readings(owner, town, filed):
    """A line of the audit log for each case, by one of the agents, on the day it was sent; the planner knows them."""
    columns = ("at", "authority_id", "account_id", "actor", "action", "subject", "case_id", "detail")
    with psycopg.connect(owner, autocommit=True) as connection:
        with connection.transaction():
            copy(connection, "audit_entry", columns, (
                (each.at, town.authority, town.whole.pk + number % READERS, "agent", "case.read", each.reference,
                 each.id, "{}")
                for number, each in enumerate(filed)
            ))  # fmt: skip
        connection.execute("VACUUM ANALYZE")


def _people(number, chance):
    families = chance.choices(FAMILIES, weights=[1 / (rank + 40) for rank in range(len(FAMILIES))], k=number)
    given = chance.choices(GIVEN, weights=[1 / (rank + 10) for rank in range(len(GIVEN))], k=number)
    for each in range(number):
        yield Somebody(
            pk=uuid.UUID(int=(1_700_000_000_000 + each << 80) | (7 << 76) | (2 << 62) | each),
            family_name=families[each].capitalize(),
            given_names=given[each].capitalize(),
            birth_date=str(date(1930, 1, 1) + timedelta(days=chance.randrange(32_000))),
            email=f"p{each}@exemple.fr",
            phone=f"06{each:08d}",
            address={"street": f"{each % 90 + 1} rue Haute", "postal_code": chance.choice(POSTCODES), "city": "V"},
        )
