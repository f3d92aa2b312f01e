"""Millions of rows by SQL: messages once per size, deliveries once per way to be long."""

import psycopg

from bench.star import SUBMITTED, TOWN

SUBSCRIPTIONS = 10
KINDS = ("due", "waiting behind heads", "acknowledged history")
RUN, HEADS = 20, 500

# Keys as the hub's: the milliseconds of now, version 7, then the number of the row.
KEY = """
CREATE OR REPLACE FUNCTION bench_key(kind integer, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (left(journal_first_key(date_trunc('day', now()))::text, 13) || '-7' || lpad(kind::text, 3, '0')
            || '-8000-' || lpad(to_hex(number), 12, '0'))::uuid
$$;
"""
REFERENCE = "'A' || lpad(i::text, 9, '0')"
MESSAGES = f"""
INSERT INTO journal_message (id, received_at, source, event_id, type, subject, authority, sequence, correlation_id,
                             reference, state, payload)
SELECT bench_key(1, i), now(), 'gru', 'bench-' || i, %(type)s, 'case/' || i, %(town)s, i, NULL, {REFERENCE}, 'routed',
       '{{"data":{{"case":{{"reference":"' || {REFERENCE} || '"}},"padding":"' || repeat('x', 200) || '"}}}}'
FROM generate_series(1, %(size)s) AS i
"""
# The last %(open)s are open, in lanes taken in turn; the first of each lane is due, what follows waits behind it.
DELIVERIES = """
INSERT INTO delivery_delivery (id, message_id, subscription_id, application_id, subject, position, state, due,
                               attempts, created_at, settled_at)
SELECT bench_key(2, i), bench_key(1, i), (%(ids)s::bigint[])[1 + i % 10], 1, 'lane/' || (i / 10) % %(lanes)s, i,
       CASE WHEN i > %(size)s - %(open)s THEN 'pending' ELSE 'acknowledged' END,
       CASE WHEN i > %(size)s - %(open)s AND i <= %(size)s - %(open)s + 10 * %(lanes)s THEN now() END,
       CASE WHEN i > %(size)s - %(open)s THEN 0 ELSE 1 END, now(),
       CASE WHEN i <= %(size)s - %(open)s THEN now() END
FROM generate_series(1, %(size)s) AS i
""".replace("% ", "%% ")


def seed_messages(owner, size):
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("TRUNCATE journal_message, journal_message_key, delivery_delivery, delivery_attempt")
        connection.execute(KEY)
        connection.execute(MESSAGES, {"type": SUBMITTED, "town": TOWN, "size": size})
        connection.execute("VACUUM ANALYZE journal_message")


def seed(owner, kind, ids, size, *, open_ones):
    """Deliveries of one kind, in the place of those before; the planner knows them, as after a vacuum."""
    lanes = {
        "due": max(1, size // (SUBSCRIPTIONS * RUN)),
        "waiting behind heads": HEADS // SUBSCRIPTIONS,
        "acknowledged history": max(1, open_ones // (SUBSCRIPTIONS * RUN)),
    }[kind]
    given = {"ids": ids, "size": size, "open": open_ones if kind == "acknowledged history" else size, "lanes": lanes}
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("TRUNCATE delivery_delivery, delivery_attempt")
        connection.execute(DELIVERIES, given)
        connection.execute("VACUUM ANALYZE delivery_delivery")


def some_references(owner, number):
    """References of cases spread over all the messages."""
    with psycopg.connect(owner) as connection:
        rows = connection.execute(
            "SELECT reference FROM journal_message WHERE sequence %% (SELECT greatest(1, count(*) / %(n)s)"
            " FROM journal_message) = 0 ORDER BY sequence LIMIT %(n)s",
            {"n": number},
        )
        return [row[0] for row in rows]
