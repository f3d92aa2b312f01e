"""A town's cases by COPY, as many as asked: five years of requests, of which one in twenty is still open.

What is rare stays as rare, and what is frequent as frequent, whatever the number. At 10,000 already, nearly every list
fills its page: two sizes are then compared on the same number of rows. Names and words are made up; no answer
is anybody's.
"""

import random
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

YEARS, OPEN_SHARE = 5, 0.05
CHANNELS = ("web",) * 14 + ("counter", "counter", "counter", "phone", "mail", "email")
GIVEN = ["camille", "marine", "elio", "zoe"]
FAMILIES = [f"{start}tin" for start in ("mar", "du", "le", "ber", "gar", "mo", "ro", "bou", "fa", "pe")]
VOCABULARY = [f"mot{number:04d}" for number in range(3000)]
# Beside what each case has of its own, a column holds this.
ALWAYS = {
    "language": "fr", "business_code": "", "business_label": "", "version": 1, "sequence": 1, "history_number": 0,
    "history_hash": b"", "tracking_sealed": b"", "silence_alert": 0, "answer_alert": 0, "mandate": "{}",
    "timers_fired": 0,
}  # fmt: skip
OWN = (
    "id", "authority_id", "procedure_version_id", "person_id", "team_id", "sector_id", "assignee_id", "reference",
    "channel", "contact_name", "contact_email", "state", "substate", "answers", "tracking_hash", "submitted_at",
    "decided_at", "updated_at", "silence_regime", "silence_date",
)  # fmt: skip
TABLES = ("cases_words", "cases_message", "cases_handoff", "cases_case")


@dataclass(frozen=True, slots=True)
class Filed:
    """What is kept of a case while the others are made."""

    id: uuid.UUID
    at: datetime
    reference: str
    name: str
    is_open: bool
    words: str


def file(owner, town, size, *, people=(), seed=7):
    """Put `size` cases in the place of those before; the planner then knows them. `town`: what `inside.found` gave.

    `people`: keys of the persons who sent them in turn, else all are of the town's one.
    """
    filed = []
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        with connection.transaction(), _without_indexes(connection):
            cases = _cases(town, size, people or (town.person,), random.Random(seed), filed)
            copy(connection, "cases_case", (*OWN, *ALWAYS), cases)
            copy(connection, "cases_words", ("case_id", "words"), ((each.id, each.words) for each in filed))
            copy(connection, "cases_message", _MESSAGE, _messages(filed))
            copy(connection, "cases_handoff", _HANDOFF, _handoffs(filed))
        connection.execute("VACUUM ANALYZE")
    return filed


@contextmanager
def _without_indexes(connection):
    """An index built at once over a million rows takes a tenth of the time of a million insertions."""
    connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
    kept = connection.execute(
        "SELECT c.oid::regclass::text, pg_get_indexdef(c.oid) FROM pg_index JOIN pg_class c ON c.oid = indexrelid"
        " WHERE indrelid = ANY (%s::regclass[]) AND NOT indisunique",
        [list(TABLES)],
    ).fetchall()
    for name, _made in kept:
        connection.execute(f"DROP INDEX {name}")
    yield
    # What foreign keys still have to check would forbid it.
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for _name, made in kept:
        connection.execute(made)


def copy(connection, table, columns, rows):
    """Rows of values in the order of the columns, into a table."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as taken:
        for row in rows:
            taken.write_row(row)


def _cases(town, size, people, chance, filed):
    always = tuple(ALWAYS.values())
    now = datetime.now(UTC).replace(microsecond=0)
    step = timedelta(days=365 * YEARS) / size
    for number in range(size):
        at = now - step * (size - number)
        sector, team, agents = chance.choices(town.desks, weights=town.weights)[0]
        version, title = chance.choice(town.versions)
        # The open ones are among the last received: half of the last tenth.
        is_open = number > size * (1 - 2 * OPEN_SHARE) and chance.random() < 0.5
        taken = chance.random() < 0.5
        state = (
            ("in_progress" if taken else "submitted") if is_open else chance.choice(("accepted", "refused", "closed"))
        )
        asked = is_open and taken and chance.random() < 0.95
        name = f"{chance.choice(GIVEN)} {chance.choice(FAMILIES)}"
        identifier = uuid.UUID(int=(int(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | number)
        reference = f"{at.year % 100:02d}-{number:X}-B"
        words = [*name.split(), *title, *chance.choices(VOCABULARY, k=12), *reference.lower().split("-")[:2]]
        row = (
            identifier, town.authority, version, people[number % len(people)], team, sector,
            chance.choice(agents) if taken or not is_open else None, reference, chance.choice(CHANNELS),
            name, f"{number}@exemple.fr", state, "documents_asked" if asked else "",
            '{"motif": "' + " ".join(words) + '"}', identifier.bytes, at,
            None if is_open else at + timedelta(days=20), at, "reject", (at + timedelta(days=95)).date(), *always,
        )  # fmt: skip
        filed.append(Filed(identifier, at, reference, name, is_open, " ".join(f"'{word}'" for word in words)))
        yield row


_MESSAGE = ("id", "case_id", "author", "author_name", "body", "sent_at", "read_at")


def _messages(filed):
    """A conversation in every other case; that of the open ones is not read yet."""
    for each in filed[::2]:
        yield uuid.uuid4(), each.id, "person", each.name, "Bonjour", each.at, None if each.is_open else each.at


_HANDOFF = (
    "case_id", "delivery", "message_type", "subscription", "application", "application_name", "state", "external_id",
    "detail", "attempts", "occurred_at",
)  # fmt: skip


def _handoffs(filed):
    """Every other case went to an application; one in twenty is in trouble."""
    for number, each in enumerate(filed):
        if number % 2 == 0:
            state = "rejected" if number % 20 == 0 else "acknowledged"
            yield each.id, str(number), "org.etoile.case.submitted.v1", "", "app", "App", state, "", "", 1, each.at
