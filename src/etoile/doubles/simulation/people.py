"""What a simulated application knows of persons by `person.updated`: the values it was given, under the identifiers it
was given, and which of these now means another one."""

import json
from typing import Any

from etoile.doubles.simulation.store import Store

UPDATED = "org.etoile.person.updated.v1"


def learn(store: Store, told: dict[str, Any]) -> None:
    """The data of one event; told twice, it changes nothing."""
    with store.transaction() as connection:
        row = connection.execute("SELECT * FROM person WHERE id = ?", (told["person"],)).fetchone()
        known = {**(json.loads(row["known"]) if row else {}), **told.get("attributes", {})}
        for name in told.get("removed", ()):
            known.pop(name, None)
        into = row["merged_into"] if row else ""
        if "merged_into" in told or "parted_from" in told:
            into = told.get("merged_into", "")
        connection.execute(
            "INSERT OR REPLACE INTO person VALUES (?, ?, ?)",
            (told["person"], json.dumps(known, ensure_ascii=False), into),
        )


def known(store: Store) -> list[dict[str, Any]]:
    """`[{person, attributes, merged_into}]`, in the order they were first told of."""
    return [
        {"person": row["id"], "attributes": json.loads(row["known"]), "merged_into": row["merged_into"]}
        for row in store.rows("SELECT * FROM person ORDER BY rowid")
    ]
