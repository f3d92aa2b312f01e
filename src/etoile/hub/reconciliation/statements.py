"""The counting, in SQL. A day is a range of keys: every message, and every delivery of it, belongs to one day."""

ACCEPTED = "kind IN ('message.accepted', 'message.unrouted', 'message.kept')"

# Both sides of the account are read apart: what the journal said at acceptance, and what the engine holds now.
# Entries written before the journal named the subscriptions promise nothing: their deliveries are taken as promised.
TALLY = f"""
WITH entry AS (
    SELECT message_id, detail FROM journal_entry
    WHERE message_id >= %(first)s AND message_id < %(end)s AND {ACCEPTED}
), promised AS (
    SELECT entry.message_id, s.value::bigint AS subscription_id
    FROM entry CROSS JOIN LATERAL jsonb_array_elements_text(entry.detail -> 'subscriptions') s
), found AS (
    SELECT d.id, d.message_id, d.subscription_id, d.state, NOT (entry.detail ? 'subscriptions') AS unsaid
    FROM delivery_delivery d LEFT JOIN entry ON entry.message_id = d.message_id
    WHERE d.message_id >= %(first)s AND d.message_id < %(end)s
), tally AS (
    SELECT coalesce(p.subscription_id, f.subscription_id) AS subscription_id,
           coalesce(p.message_id, f.message_id) AS message_id, f.id AS delivery_id, f.state,
           p.message_id IS NOT NULL OR coalesce(f.unsaid, false) AS promised
    FROM promised p FULL JOIN found f ON f.message_id = p.message_id AND f.subscription_id = p.subscription_id
)
"""  # noqa: S608 (only constants of this file)

COUNTS = TALLY + "SELECT subscription_id, state, promised, count(*) FROM tally GROUP BY 1, 2, 3"  # noqa: S608

OFF = (
    TALLY
    + """
SELECT CASE WHEN state IS NULL THEN 'missing' ELSE 'unpromised' END, subscription_id, message_id, delivery_id
FROM tally WHERE state IS NULL OR NOT promised ORDER BY message_id LIMIT %(most)s
"""
)

MESSAGES = f"""
SELECT (SELECT count(*) FROM journal_entry
        WHERE message_id >= %(first)s AND message_id < %(end)s AND {ACCEPTED}),
       count(*), count(*) FILTER (WHERE state = 'routed'), count(*) FILTER (WHERE state = 'unrouted'),
       count(*) FILTER (WHERE state = 'kept')
FROM journal_message WHERE id >= %(first)s AND id < %(end)s
"""  # noqa: S608

ALONE = f"""
SELECT CASE WHEN e.message_id IS NULL THEN 'unrecorded' ELSE 'lost' END, coalesce(m.id, e.message_id), count(*) OVER ()
FROM (SELECT id FROM journal_message WHERE id >= %(first)s AND id < %(end)s) m
FULL JOIN (SELECT message_id FROM journal_entry
           WHERE message_id >= %(first)s AND message_id < %(end)s AND {ACCEPTED}) e ON e.message_id = m.id
WHERE m.id IS NULL OR e.message_id IS NULL ORDER BY 2 LIMIT %(most)s
"""  # noqa: S608

# What the application acknowledged with a number of its own, and does not list.
MISSING_THERE = """
SELECT d.message_id, d.id, d.external_id, coalesce(m.reference, ''), count(*) OVER ()
FROM delivery_delivery d LEFT JOIN journal_message m ON m.id = d.message_id
WHERE d.message_id >= %(first)s AND d.message_id < %(end)s AND d.subscription_id = %(subscription_id)s
  AND d.state = 'acknowledged' AND d.external_id IS NOT NULL AND NOT d.external_id = ANY(%(theirs)s::text[])
ORDER BY d.message_id LIMIT %(most)s
"""

# What bears a reference of ours under a number we never heard of: recorded twice, or by an answer that was lost.
UNKNOWN_HERE = """
SELECT t.external_id, t.reference, count(*) OVER ()
FROM unnest(%(external_id)s::text[], %(reference)s::text[]) AS t(external_id, reference)
WHERE EXISTS (SELECT FROM journal_message m WHERE m.reference = t.reference
                AND m.id >= %(first)s AND m.id < %(end)s)
  AND NOT EXISTS (SELECT FROM delivery_external_reference r
                  WHERE r.application_id = %(application_id)s AND r.external_id = t.external_id)
ORDER BY 1 LIMIT %(most)s
"""
