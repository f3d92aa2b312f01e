"""What proves the journal: numbered entries, seals, and a retention that leaves its trace (docs/adr/0018)."""

from django.db import migrations, models

# An entry takes its number after its transaction has an identifier: whoever reads the last number given, then the
# transactions that are running, knows all those that may still write a number up to it. CASE keeps that order.
NUMBERS = """
CREATE SEQUENCE journal_entry_number AS bigint;
ALTER TABLE journal_entry ADD COLUMN number bigint NOT NULL
    DEFAULT CASE WHEN pg_current_xact_id() IS NOT NULL THEN nextval('journal_entry_number') END;
CREATE INDEX journal_entry_number_order ON journal_entry (number);
"""

MESSAGES = """
ALTER TABLE journal_message DROP CONSTRAINT journal_message_state_check;
ALTER TABLE journal_message ADD CONSTRAINT journal_message_state_check
    CHECK (state IN ('routed', 'unrouted', 'kept'));
ALTER TABLE journal_message ADD COLUMN reference text;
UPDATE journal_message SET reference = payload::json -> 'data' -> 'case' ->> 'reference';
CREATE INDEX journal_message_reference ON journal_message (reference, id) WHERE reference IS NOT NULL;
DROP TRIGGER journal_message_unchanged ON journal_message;
CREATE TRIGGER journal_message_unchanged
    BEFORE UPDATE OF id, received_at, source, event_id, type, subject, authority, sequence, correlation_id, reference,
                     payload
    ON journal_message FOR EACH ROW EXECUTE FUNCTION journal_refuse();
"""

SEALS = """
CREATE TABLE journal_seal (
    id bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    from_number bigint NOT NULL,
    to_number bigint NOT NULL CHECK (to_number > from_number),
    from_key uuid NOT NULL,
    to_key uuid NOT NULL,
    entries integer NOT NULL CHECK (entries > 0),
    marks bytea NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL UNIQUE
);
ALTER TABLE journal_seal ALTER COLUMN marks SET STORAGE EXTERNAL;
CREATE TRIGGER journal_seal_unchanged BEFORE UPDATE OR DELETE ON journal_seal
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_seal_whole BEFORE TRUNCATE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();

CREATE TABLE journal_horizon (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    number bigint NOT NULL,
    running bigint[] NOT NULL
);
"""

# The role that runs the hub does not own the tables. What this function will never do, whoever calls it: drop a month
# that is not three months old, or holds an unfinished delivery or an entry that no seal covers. The locks come before
# the questions, so that no decision of a person slips in between; not obtained in half a second, nothing is done.
RETENTION = """
CREATE FUNCTION journal_unfinished_before(bound uuid) RETURNS bigint LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT count(*) FROM delivery_delivery
            WHERE state IN ('pending', 'leased', 'retry_scheduled', 'rejected', 'dead', 'held')
              AND (id < bound OR message_id < bound))
         + (SELECT count(*) FROM delivery_delivery WHERE state = 'sent' AND (id < bound OR message_id < bound));
END $$;

CREATE FUNCTION journal_unsealed_before(bound uuid) RETURNS bigint LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM journal_entry
    WHERE number > coalesce((SELECT to_number FROM journal_seal ORDER BY id DESC LIMIT 1), 0) AND id < bound
$$;

CREATE FUNCTION journal_partitioned() RETURNS TABLE (name text) LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT c.relname::text FROM pg_partitioned_table p
    JOIN pg_class c ON c.oid = p.partrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
    WHERE p.partstrat = 'r' AND p.partnatts = 1 AND a.attname = 'id' AND a.atttypid = 'uuid'::regtype
      AND c.relnamespace = 'public'::regnamespace
    ORDER BY c.relname
$$;

CREATE FUNCTION journal_drop_month(month date, entry_id uuid, actor text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '500ms' AS $$
DECLARE
    parent text;
    part text;
    number_of bigint;
    bound uuid;
    waiting bigint;
    dropped jsonb := '{}';
    sealed journal_seal;
BEGIN
    IF month <> date_trunc('month', month::timestamp)::date THEN
        RAISE EXCEPTION 'a month is named by its first day';
    END IF;
    IF month + interval '4 months' > date_trunc('month', now() AT TIME ZONE 'UTC') THEN
        RAISE EXCEPTION 'a month is kept for three months at least';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('journal_ensure_partitions', 0));
    bound := journal_first_key((month + interval '1 month') AT TIME ZONE 'UTC');
    FOR parent IN SELECT name FROM journal_partitioned() LOOP
        EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent);
    END LOOP;
    waiting := journal_unfinished_before(bound);
    IF waiting > 0 THEN
        RAISE EXCEPTION '% deliveries of that month or before are not finished', waiting
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    waiting := journal_unsealed_before(bound);
    IF waiting > 0 THEN
        RAISE EXCEPTION '% entries of that month or before are not sealed', waiting
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    FOR parent IN SELECT name FROM journal_partitioned() LOOP
        part := parent || to_char(month, '"_y"YYYY"m"MM');
        CONTINUE WHEN NOT EXISTS (
            SELECT FROM pg_inherits WHERE inhrelid = to_regclass('public.' || quote_ident(part))
                                      AND inhparent = to_regclass('public.' || quote_ident(parent)));
        EXECUTE format('SELECT count(*) FROM %I', part) INTO number_of;
        EXECUTE format('DROP TABLE %I', part);
        dropped := dropped || jsonb_build_object(parent, number_of);
    END LOOP;
    IF dropped <> '{}' THEN
        SELECT * INTO sealed FROM journal_seal ORDER BY id DESC LIMIT 1;
        INSERT INTO journal_entry (id, at, kind, actor, detail) VALUES (entry_id, now(), 'journal.dropped', actor,
            jsonb_build_object('month', to_char(month, 'YYYY-MM'), 'before', bound, 'rows', dropped,
                               'seal', sealed.id, 'hash', encode(sealed.hash, 'hex')));
    END IF;
    RETURN dropped;
END $$;
"""

UNDO = """
DROP FUNCTION journal_drop_month(date, uuid, text);
DROP FUNCTION journal_partitioned();
DROP FUNCTION journal_unsealed_before(uuid);
DROP FUNCTION journal_unfinished_before(uuid);
DROP TABLE journal_horizon, journal_seal;
DROP TRIGGER journal_message_unchanged ON journal_message;
ALTER TABLE journal_message DROP COLUMN reference;
CREATE TRIGGER journal_message_unchanged
    BEFORE UPDATE OF id, received_at, source, event_id, type, subject, authority, sequence, correlation_id, payload
    ON journal_message FOR EACH ROW EXECUTE FUNCTION journal_refuse();
UPDATE journal_message SET state = 'unrouted' WHERE state = 'kept';
ALTER TABLE journal_message DROP CONSTRAINT journal_message_state_check;
ALTER TABLE journal_message ADD CONSTRAINT journal_message_state_check CHECK (state IN ('routed', 'unrouted'));
ALTER TABLE journal_entry DROP COLUMN number;
DROP SEQUENCE journal_entry_number;
"""

STATES = [
    ("routed", "aiguillé"),
    ("unrouted", "sans destinataire"),
    ("kept", "conservé, personne ne devait le recevoir"),
]


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.RunSQL(
            NUMBERS + MESSAGES + SEALS + RETENTION,
            UNDO,
            state_operations=[
                migrations.AddField("entry", "number", models.BigIntegerField()),
                migrations.AddField("message", "reference", models.TextField(null=True)),
                migrations.AlterField("message", "state", models.TextField(choices=STATES)),
                migrations.CreateModel(
                    name="Seal",
                    fields=[
                        ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("from_number", models.BigIntegerField()),
                        ("to_number", models.BigIntegerField()),
                        ("from_key", models.UUIDField()),
                        ("to_key", models.UUIDField()),
                        ("entries", models.IntegerField()),
                        ("marks", models.BinaryField()),
                        ("previous", models.BinaryField()),
                        ("hash", models.BinaryField()),
                    ],
                    options={"db_table": "journal_seal", "ordering": ["-id"], "managed": False},
                ),
            ],
        ),
    ]
