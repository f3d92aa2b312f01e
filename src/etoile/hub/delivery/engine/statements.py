"""The SQL of the PostgreSQL engine. The lists of states are those of the partial indexes, word for word."""

# ruff: noqa: S608 (only constants of this file are put into the statements)

from collections.abc import Sequence

BLOCKING = "state IN ('pending', 'leased', 'retry_scheduled', 'rejected', 'dead', 'held')"
# Of a delivery `d` and the `share` it is looked for in: nothing before it in its lane, where there is an order.
FIRST_OF_ITS_LANE = f"""(NOT share.ordered OR NOT EXISTS (
              SELECT FROM delivery_delivery e
              WHERE e.subscription_id = d.subscription_id AND e.subject = d.subject
                AND e.position < d.position AND e.{BLOCKING}
          ))"""

# Positions are taken in the order given, under the advisory locks of the accepting transaction. What has a
# delivery of its lane before it is not due: the settling of that one will say so. One JSON text rather than arrays:
# the planner would see their length, and plan anew each time, for more than the work itself costs.
SUBMIT = f"""
WITH item AS MATERIALIZED (
    SELECT t.*, row_number() OVER (PARTITION BY subscription_id, subject ORDER BY rank) = 1 AS first
    FROM json_to_recordset(%(items)s::json) AS t(
        rank integer, id uuid, message_id uuid, subscription_id bigint, application_id bigint, subject text,
        held boolean, ordered boolean, doubtful boolean
    )
), placed AS (
    INSERT INTO delivery_delivery (id, message_id, subscription_id, application_id, subject, position, state, due,
                                   outcome, created_at)
    SELECT i.id, i.message_id, i.subscription_id, i.application_id, i.subject, nextval('delivery_position'),
           CASE WHEN i.held THEN 'held' ELSE 'pending' END,
           CASE WHEN NOT i.held AND (NOT i.ordered OR (i.first AND NOT EXISTS (
               SELECT FROM delivery_delivery e
               WHERE e.subscription_id = i.subscription_id AND e.subject = i.subject AND e.{BLOCKING}
           ))) THEN now() END,
           CASE WHEN i.doubtful THEN 'doubtful' END, now()
    FROM (SELECT * FROM item ORDER BY rank) i
)
SELECT pg_notify('delivery', CASE WHEN length(ids) < 7900 THEN ids ELSE '' END)
FROM (SELECT string_agg(DISTINCT subscription_id::text, ',') AS ids FROM item WHERE NOT held) woken
WHERE ids IS NOT NULL
"""


# Heads of lanes that are due, then the run of their lane; the lease is written before any call, and is the trace of
# the try until its attempt is. A lease that is taken up says whose it was: that try was cut, and must not be forgotten.
# The index holds nothing but what is due, leased or to be tried again: what waits behind is not walked. All the lanes
# share what may be taken, so that no more is read than taken, and none goes deep while another has nothing. An array
# rather than a join, so that the planner never reads the whole table for a few hundred rows it can look up.
def _claim(among: str = "") -> str:
    return f"""
WITH share AS (
    SELECT * FROM unnest(%(subscription_id)s::bigint[], %(room)s::integer[], %(ordered)s::boolean[],
                         %(lease)s::float8[], %(share_run)s::integer[]) AS t(subscription_id, room, ordered, lease, run)
), head AS MATERIALIZED (
    SELECT h.*, share.ordered, coalesce(share.run, %(run)s) AS run
    FROM share CROSS JOIN LATERAL (
        SELECT d.id, d.subscription_id, d.subject, d.position
        FROM delivery_delivery d
        WHERE d.subscription_id = share.subscription_id AND d.due <= now(){among}
          AND {FIRST_OF_ITS_LANE}
        ORDER BY d.due
        LIMIT share.room
        FOR UPDATE OF d SKIP LOCKED
    ) h
), run AS MATERIALIZED (
    SELECT r.id, r.state, r.leased_by, r.leased_at
    FROM head CROSS JOIN LATERAL (
        SELECT e.id, e.position, e.state, e.leased_by, e.leased_at,
               bool_and(e.position = head.position OR (e.state = 'pending' AND e.due IS NULL)
                        OR (e.state = 'leased' AND e.due <= now())) OVER (ORDER BY e.position) AS follows
        FROM delivery_delivery e
        WHERE e.subscription_id = head.subscription_id AND e.subject = head.subject
          AND e.position >= head.position AND e.{BLOCKING}
        ORDER BY e.position
        LIMIT CASE WHEN head.ordered
                   THEN least(head.run, greatest(1, %(most)s / (SELECT count(*) FROM head))) ELSE 1 END
    ) r
    WHERE r.follows
    ORDER BY head.position, r.position
    LIMIT %(most)s
), claimed AS (
    UPDATE delivery_delivery d
    SET state = 'leased', token = d.token + 1, leased_by = %(worker)s, leased_at = now(), attempts = d.attempts + 1,
        (lease_until, due) = (
            SELECT now() + make_interval(secs => share.lease), now() + make_interval(secs => share.lease)
            FROM share WHERE share.subscription_id = d.subscription_id
        )
    WHERE d.id = ANY (ARRAY (SELECT id FROM run)) AND d.state IN ('pending', 'retry_scheduled', 'leased')
    RETURNING d.id, d.message_id, d.subscription_id, d.application_id, d.subject, d.position, d.token, d.attempts,
              d.attempts - d.tries_from AS tries, d.leased_by AS worker
), cut AS MATERIALIZED (
    SELECT id, leased_by, leased_at FROM run WHERE state = 'leased'
)
SELECT c.*, m.payload, cut.leased_by, cut.leased_at
FROM claimed c LEFT JOIN journal_message m ON m.id = c.message_id LEFT JOIN cut ON cut.id = c.id
ORDER BY c.subscription_id, c.position
"""


CLAIM = _claim()
# The same for what is named: where another server brought it.
CLAIM_AMONG = _claim(" AND d.id = ANY(%(among)s::uuid[])")

LOCK = """
SELECT pg_advisory_xact_lock(number) FROM (
    SELECT DISTINCT hashtextextended(subject, 0) AS number FROM unnest(%s::text[]) AS t(subject) ORDER BY 1
) numbers
"""

# The token and the lease decide. The attempt is written here, once: what was given back without being tried leaves
# none. How long the try took is the worker's to say; the moments are those of the database's clock. What has an end of
# lease is leased: said by the state, the planner would find all that is leased in an index, for each result again.
SETTLE = """
WITH result AS MATERIALIZED (
    SELECT * FROM unnest(%(id)s::uuid[], %(token)s::bigint[], %(attempt_id)s::uuid[], %(number)s::integer[],
                         %(worker)s::text[], %(state)s::text[], %(delay)s::float8[], %(took)s::float8[],
                         %(outcome)s::text[], %(message)s::text[], %(detail)s::text[], %(external_id)s::text[],
                         %(http_status)s::integer[], %(exchange)s::jsonb[], %(spared)s::float8[])
        AS t(id, token, attempt_id, number, worker, state, delay, took, outcome, message, detail, external_id,
             http_status, exchange, spared)
), settled AS (
    UPDATE delivery_delivery d
    SET state = r.state, leased_by = NULL, lease_until = NULL,
        due = CASE WHEN r.state = 'retry_scheduled' THEN now() + make_interval(secs => r.delay) END,
        not_before = now() + make_interval(secs => r.spared),
        attempts = d.attempts - CASE WHEN r.state = 'pending' THEN 1 ELSE 0 END,
        external_id = coalesce(r.external_id, d.external_id),
        outcome = CASE WHEN r.state = 'pending' THEN d.outcome ELSE r.outcome END,
        detail = CASE WHEN r.state = 'pending' THEN d.detail ELSE r.message END,
        settled_at = CASE WHEN r.state = 'acknowledged' THEN now() END
    FROM result r WHERE d.id = r.id AND d.token = r.token AND d.lease_until IS NOT NULL
    RETURNING d.id, d.leased_at, r.attempt_id, r.number, r.worker, r.state, r.took, r.outcome, r.http_status,
              r.message, r.detail, r.exchange
), attempt AS (
    INSERT INTO delivery_attempt (id, delivery_id, number, worker, started_at, finished_at, outcome, http_status,
                                  detail, exchange)
    SELECT attempt_id, id, number, worker, coalesce(now() - make_interval(secs => took), leased_at), now(), outcome,
           http_status, concat_ws(' — ', nullif(message, ''), nullif(detail, '')), exchange
    FROM settled WHERE state <> 'pending'
)
SELECT id FROM settled
"""

# The tries that nobody will speak of any more: their lease ended, or a person closed the delivery during the call.
CUT = """
INSERT INTO delivery_attempt (id, delivery_id, number, worker, started_at, outcome)
SELECT t.*, %(interrupted)s
FROM unnest(%(attempt_id)s::uuid[], %(id)s::uuid[], %(number)s::integer[], %(worker)s::text[],
            %(started)s::timestamptz[]) AS t(id, delivery_id, number, worker, started_at)
WHERE NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.delivery_id = t.delivery_id AND a.number = t.number)
"""

# A worker speaks of a try whose lease was taken up, or records a second time what is recorded: its own attempt is
# completed, and nothing else changes.
LATE = """
WITH result AS MATERIALIZED (
    SELECT id AS delivery_id, attempt_id, number, worker, took, outcome, http_status,
           concat_ws(' — ', nullif(message, ''), nullif(detail, '')) AS detail, exchange
    FROM unnest(%(attempt_id)s::uuid[], %(id)s::uuid[], %(number)s::integer[], %(worker)s::text[], %(took)s::float8[],
                %(outcome)s::text[], %(message)s::text[], %(detail)s::text[], %(http_status)s::integer[],
                %(exchange)s::jsonb[])
        AS t(attempt_id, id, number, worker, took, outcome, message, detail, http_status, exchange)
), completed AS (
    UPDATE delivery_attempt a
    SET finished_at = now(), outcome = r.outcome, http_status = r.http_status, detail = r.detail, exchange = r.exchange
    FROM result r
    WHERE a.delivery_id = r.delivery_id AND a.number = r.number
      AND a.outcome = %(interrupted)s AND a.finished_at IS NULL
    RETURNING r.attempt_id
)
INSERT INTO delivery_attempt (id, delivery_id, number, worker, started_at, finished_at, outcome, http_status, detail,
                              exchange)
SELECT attempt_id, delivery_id, number, worker, now() - make_interval(secs => coalesce(took, 0)), now(), outcome,
       http_status, detail, exchange
FROM result r
WHERE NOT EXISTS (SELECT FROM completed c WHERE c.attempt_id = r.attempt_id)
  AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.delivery_id = r.delivery_id AND a.number = r.number
                                                   AND a.finished_at IS NOT NULL)
"""

# The first of each lane, if it waits for nothing but its turn, becomes due.
PROMOTE = f"""
UPDATE delivery_delivery d SET due = now()
FROM unnest(%(subscription_id)s::bigint[], %(subject)s::text[]) AS lane(subscription_id, subject)
CROSS JOIN LATERAL (
    SELECT e.id, e.state, e.due FROM delivery_delivery e
    WHERE e.subscription_id = lane.subscription_id AND e.subject = lane.subject AND e.{BLOCKING}
    ORDER BY e.position LIMIT 1
) first
WHERE d.id = first.id AND first.state = 'pending' AND first.due IS NULL AND d.state = 'pending'
RETURNING d.subscription_id
"""

# The same for every lane: after a release, and now and then as a safety net.
RECONCILE = f"""
UPDATE delivery_delivery d SET due = greatest(now(), d.not_before)
WHERE d.state = 'pending' AND d.due IS NULL AND (%(every)s OR d.subscription_id = ANY(%(subscription_id)s::bigint[]))
  AND NOT EXISTS (
      SELECT FROM delivery_delivery e
      WHERE e.subscription_id = d.subscription_id AND e.subject = d.subject
        AND e.position < d.position AND e.{BLOCKING}
  )
"""

EXTEND = """
UPDATE delivery_delivery d
SET lease_until = now() + make_interval(secs => %(lease)s), due = now() + make_interval(secs => %(lease)s)
FROM unnest(%(id)s::uuid[], %(token)s::bigint[]) AS t(id, token)
WHERE d.id = t.id AND d.token = t.token AND d.state = 'leased'
RETURNING d.id
"""

HOLD = """
UPDATE delivery_delivery SET state = 'held', due = NULL
WHERE subscription_id = ANY(%s) AND state IN ('pending', 'retry_scheduled')
"""

RELEASE = """
UPDATE delivery_delivery SET state = 'pending', due = NULL
WHERE subscription_id = ANY(%s) AND state = 'held' AND outcome IS DISTINCT FROM 'doubtful'
"""

WAITING = """
SELECT t.id FROM unnest(%s::bigint[]) AS t(id)
WHERE EXISTS (SELECT FROM delivery_delivery d
              WHERE d.subscription_id = t.id AND d.due IS NOT NULL AND d.state IN ('pending', 'retry_scheduled'))
"""

# Never sooner than the application asked (`Retry-After`).
HASTEN = """
UPDATE delivery_delivery SET due = greatest(now(), not_before)
WHERE subscription_id = ANY(%s) AND state = 'retry_scheduled' AND due > greatest(now(), not_before)
"""

# Any of them, by chance: the one whose turn is nearest may be the one that never passes.
HASTEN_FIRST = """
UPDATE delivery_delivery d SET due = now()
FROM (
    SELECT (SELECT e.id FROM delivery_delivery e
            WHERE e.subscription_id = t.id AND e.due IS NOT NULL AND e.state = 'retry_scheduled'
              AND (e.not_before IS NULL OR e.not_before <= now())
            ORDER BY random() LIMIT 1) AS id
    FROM unnest(%s::bigint[]) AS t(id)
    WHERE NOT EXISTS (SELECT FROM delivery_delivery e WHERE e.subscription_id = t.id AND e.due <= now())
) chosen
WHERE d.id = chosen.id AND d.state = 'retry_scheduled'
"""

SPARE = "UPDATE delivery_delivery SET tries_from = tries_from + 1 WHERE id = ANY(%s::uuid[]) AND attempts > tries_from"

CRITERIA = """
d.state = ANY(%(states)s)
  AND (%(any_id)s OR d.id = ANY(%(ids)s::uuid[]))
  AND (%(message_id)s::uuid IS NULL OR d.message_id = %(message_id)s)
  AND (%(subscription_id)s::bigint IS NULL OR d.subscription_id = %(subscription_id)s)
  AND (%(application_id)s::bigint IS NULL OR d.application_id = %(application_id)s)
  AND (%(subject)s::text IS NULL OR d.subject = %(subject)s)
  AND (%(since)s::timestamptz IS NULL OR d.created_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR d.created_at < %(until)s)
  AND (%(words)s::text IS NULL OR strpos(lower(d.detail), lower(%(words)s)) > 0
       OR EXISTS (SELECT FROM delivery_attempt a
                  WHERE a.delivery_id = d.id AND strpos(lower(a.detail), lower(%(words)s)) > 0))
"""

# A slice of a selection. Were it sorted, each slice would read again all that is left: a hundred thousand deliveries
# would be read two hundred times. So it walks the keys, in their order, and stops when it has enough; the states are
# written out and planned with, so that what is stuck is walked in its own small index.
WALK = """
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_sort', %(sort)s, true),
       set_config('enable_bitmapscan', %(sort)s, true), set_config('enable_seqscan', %(sort)s, true)
"""
SLICE = f"""
SELECT d.id, d.message_id, d.subscription_id, d.application_id, d.subject, d.attempts, d.external_id, d.state
FROM delivery_delivery d WHERE d.id > %(after)s AND d.id <= %(last)s AND d.state {{state}} AND {CRITERIA}
ORDER BY d.id LIMIT %(limit)s
"""
# One by one, each in the order of the index of what is stuck.
STUCK = ("rejected", "dead", "held", "sent")


def slice_of(states: Sequence[str]) -> str:
    """The statement of a slice; `states` are those of the engine, never what a person typed."""
    if len(states) == 1 or not set(states) <= set(STUCK):
        listed = ", ".join(f"'{state}'" for state in states)
        return SLICE.format(state=f"IN ({listed})")
    each = " UNION ALL ".join(f"({SLICE.format(state=f'= {state!r}')})" for state in map(str, states))
    return f"{each} ORDER BY id LIMIT %(limit)s"


# No aggregate compares keys before PostgreSQL 18; their texts have the same order.
SPAN = f"""
SELECT count(*), min(d.id::text COLLATE "C")::uuid, max(d.id::text COLLATE "C")::uuid
FROM delivery_delivery d WHERE {CRITERIA}
"""

MOVED = "d.id, d.message_id, d.subscription_id, d.application_id, d.subject, d.attempts, d.external_id, was.state"
LEASE = "was.leased_by, was.leased_at"

REPLAY = f"""
UPDATE delivery_delivery d
SET state = 'pending', due = NULL, not_before = NULL, tries_from = d.attempts, settled_at = NULL, token = d.token + 1
FROM (SELECT id, state FROM delivery_delivery WHERE id = ANY(%(ids)s::uuid[]) AND state = ANY(%(states)s)
      ORDER BY id FOR UPDATE) was
WHERE d.id = was.id
RETURNING {MOVED}
"""

CANCEL = f"""
UPDATE delivery_delivery d
SET state = 'cancelled', due = NULL, lease_until = NULL, leased_by = NULL, settled_at = now(), token = d.token + 1,
    outcome = 'cancelled', detail = %(reason)s
FROM (SELECT id, state, leased_by, leased_at FROM delivery_delivery
      WHERE id = ANY(%(ids)s::uuid[]) AND state = ANY(%(states)s) ORDER BY id FOR UPDATE) was
WHERE d.id = was.id
RETURNING {MOVED}, {LEASE}
"""

STATS = """
SELECT subscription_id, jsonb_object_agg(state, number)::text, min(oldest) FILTER (WHERE state <> 'sent')
FROM (
    SELECT subscription_id, state, count(*) AS number, min(created_at) AS oldest FROM delivery_delivery
    WHERE state IN ('pending', 'leased', 'retry_scheduled', 'rejected', 'dead', 'held')
    GROUP BY 1, 2
    UNION ALL
    SELECT subscription_id, state, count(*), min(created_at) FROM delivery_delivery WHERE state = 'sent' GROUP BY 1, 2
) counted
GROUP BY 1 ORDER BY 1
"""
