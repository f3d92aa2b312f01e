"""The star a benchmark runs: one source, N receivers by webhook; its events, and their acceptance."""

import psycopg

from etoile.contract import schemas
from etoile.contract.envelope import make
from etoile.contract.identifiers import uuid7
from etoile.hub.routing.services import accept_many

TOWN = "21490999900017"
SUBMITTED = "org.etoile.case.submitted.v1"
SUBJECTS = 500
BATCH = 200
TABLES = (
    "journal_message",
    "journal_message_key",
    "delivery_delivery",
    "delivery_attempt",
    "delivery_external_reference",
)


def star(urls, concurrency, timeout=30):
    """The star file of a town with one receiver per address."""
    receivers = "".join(
        f"  - {{slug: r{each}, name: R{each}, authorities: ['{TOWN}'], receives: [{SUBMITTED}]}}\n"
        for each in range(len(urls))
    )
    subscriptions = "".join(
        f"  - {{slug: s{each}, application: r{each}, type: {SUBMITTED}, connector: webhook,"
        f" configuration: {{url: '{url}'}}, policy: {{concurrency: {concurrency}, timeout: {timeout}}},"
        f" secrets: {{signing_secret: {{secret: bench_signing, kind: whsec}}}}}}\n"
        for each, url in enumerate(urls)
    )
    return (
        f"star: 1\nauthorities: [{{siret: '{TOWN}', name: Bench}}]\napplications:\n"
        f"  - {{slug: gru, name: GRU, authorities: ['{TOWN}'], emits: [{SUBMITTED}],"
        " credentials: [{client_id: gru, secret: {secret: gru_hub_client_secret}, scopes: [events:write]}]}\n"
        f"{receivers}subscriptions:\n{subscriptions}"
    )


def event(index):
    """A submission of about 1 kB, one of 500 cases in turn."""
    data = schemas.example(SUBMITTED).data | {"documents": []}
    return make(
        SUBMITTED,
        source="gru",
        subject=f"case/{index % SUBJECTS:08x}-0000-7000-8000-000000000000",
        authority=TOWN,
        sequence=index,
        data=data,
        id=str(uuid7()),
    )


def fill(town, snapshot, number):
    """Accept `number` events through the only acceptance there is; the planner then knows the tables."""
    events = [event(index) for index in range(number)]
    gru = snapshot.application("gru")
    with psycopg.connect(town.database, autocommit=True) as connection, connection.cursor() as cursor:
        for start in range(0, number, BATCH):
            with connection.transaction():
                accept_many(cursor, events[start : start + BATCH], application=gru, snapshot=snapshot)
    with psycopg.connect(town.owner, autocommit=True) as connection:
        connection.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
    return events
