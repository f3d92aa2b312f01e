"""The journal's tables, partitioned by month on their UUIDv7 key (docs/adr: uuid7 partition key).

The key of an event lives in a table of its own, not partitioned, because a unique constraint of a partitioned
table must contain the partition key: (source, event id) could not be unique for ever.
"""

from django.db import migrations, models

TABLES = """
CREATE TABLE journal_message_key (
    source text NOT NULL,
    event_id text NOT NULL,
    digest bytea NOT NULL,
    message_id uuid NOT NULL,
    PRIMARY KEY (source, event_id)
);

CREATE TABLE journal_message (
    id uuid PRIMARY KEY,
    received_at timestamptz NOT NULL,
    source text NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    subject text NOT NULL,
    authority text NOT NULL,
    sequence bigint,
    correlation_id text,
    state text NOT NULL CHECK (state IN ('routed', 'unrouted')),
    payload text NOT NULL
) PARTITION BY RANGE (id);
CREATE INDEX journal_message_subject ON journal_message (subject, id);
CREATE INDEX journal_message_event ON journal_message (event_id, source);
CREATE INDEX journal_message_correlation ON journal_message (correlation_id) WHERE correlation_id IS NOT NULL;
CREATE INDEX journal_message_type ON journal_message (type, id);
CREATE INDEX journal_message_unrouted ON journal_message (id) WHERE state = 'unrouted';
CREATE TABLE journal_message_default PARTITION OF journal_message DEFAULT;

CREATE TABLE journal_entry (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    actor text NOT NULL,
    message_id uuid,
    delivery_id uuid,
    application text,
    detail jsonb NOT NULL DEFAULT '{}'::jsonb
) PARTITION BY RANGE (id);
CREATE INDEX journal_entry_message ON journal_entry (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX journal_entry_delivery ON journal_entry (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX journal_entry_kind ON journal_entry (kind, id);
CREATE TABLE journal_entry_default PARTITION OF journal_entry DEFAULT;
"""

TRIGGERS = """
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the journal is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER journal_entry_unchanged BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_entry_whole BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_entry_default_whole BEFORE TRUNCATE ON journal_entry_default
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();

CREATE TRIGGER journal_message_kept BEFORE DELETE ON journal_message
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_message_unchanged
    BEFORE UPDATE OF id, received_at, source, event_id, type, subject, authority, sequence, correlation_id, payload
    ON journal_message FOR EACH ROW EXECUTE FUNCTION journal_refuse();
"""

# The role that runs the hub does not own the tables and may not add a partition: the function is its owner's,
# does this one thing, and fixes its search path so that nobody can slip another table under it.
PARTITIONS = """
CREATE FUNCTION journal_ensure_partitions(months_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent record;
    month timestamptz;
    lower_bound uuid;
    upper_bound uuid;
    part text;
    storage text;
    created integer := 0;
BEGIN
    IF months_ahead NOT BETWEEN 0 AND 24 THEN
        RAISE EXCEPTION 'months_ahead must be between 0 and 24';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('journal_ensure_partitions', 0));
    FOR parent IN
        SELECT c.oid, c.relname FROM pg_partitioned_table p
        JOIN pg_class c ON c.oid = p.partrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
        WHERE p.partstrat = 'r' AND p.partnatts = 1 AND a.attname = 'id' AND a.atttypid = 'uuid'::regtype
          AND c.relnamespace = 'public'::regnamespace
    LOOP
        -- A partitioned table has no storage settings of its own: its default partition carries them for all.
        SELECT coalesce(' WITH (' || array_to_string(reloptions, ', ') || ')', '') INTO storage
        FROM pg_class WHERE oid = to_regclass('public.' || quote_ident(parent.relname || '_default'));
        FOR ahead IN 0..months_ahead LOOP
            month := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
            month := (month AT TIME ZONE 'UTC' + make_interval(months => ahead)) AT TIME ZONE 'UTC';
            part := parent.relname || to_char(month AT TIME ZONE 'UTC', '"_y"YYYY"m"MM');
            CONTINUE WHEN to_regclass('public.' || quote_ident(part)) IS NOT NULL;
            lower_bound := journal_first_key(month);
            upper_bound := journal_first_key((month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');
            BEGIN
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)%s',
                               part, parent.relname, lower_bound, upper_bound, coalesce(storage, ''));
                IF parent.relname = 'journal_entry' THEN
                    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT '
                                   'EXECUTE FUNCTION journal_refuse()', part || '_whole', part);
                END IF;
                created := created + 1;
            EXCEPTION WHEN check_violation THEN
                -- The default partition already holds rows of that month: they stay there, whole and searchable.
                RAISE WARNING 'partition % is not made: % already has rows of that month in its default partition',
                    part, parent.relname;
            END;
        END LOOP;
    END LOOP;
    RETURN created;
END $$;

CREATE FUNCTION journal_first_key(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;

SELECT journal_ensure_partitions(2);
"""

DROP = """
DROP FUNCTION journal_ensure_partitions(integer);
DROP FUNCTION journal_first_key(timestamptz);
DROP TABLE journal_entry, journal_message, journal_message_key;
DROP FUNCTION journal_refuse();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.RunSQL(TABLES + TRIGGERS + PARTITIONS, DROP),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("received_at", models.DateTimeField()),
                ("source", models.TextField()),
                ("event_id", models.TextField()),
                ("type", models.TextField()),
                ("subject", models.TextField()),
                ("authority", models.TextField()),
                ("sequence", models.BigIntegerField(null=True)),
                ("correlation_id", models.TextField(null=True)),
                ("state", models.TextField(choices=[("routed", "aiguillé"), ("unrouted", "sans destinataire")])),
                ("payload", models.TextField()),
            ],
            options={"db_table": "journal_message", "ordering": ["-id"], "managed": False},
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kind", models.TextField()),
                ("actor", models.TextField()),
                ("message_id", models.UUIDField(null=True)),
                ("delivery_id", models.UUIDField(null=True)),
                ("application", models.TextField(null=True)),
                ("detail", models.JSONField()),
            ],
            options={"db_table": "journal_entry", "ordering": ["-id"], "managed": False},
        ),
    ]
