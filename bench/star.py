"""The star a benchmark runs: one source, N receivers by webhook, and its events."""

from etoile.contract import schemas
from etoile.contract.envelope import make
from etoile.contract.identifiers import uuid7

TOWN = "21490999900017"
SUBMITTED = "org.etoile.case.submitted.v1"
SUBJECTS = 500
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
