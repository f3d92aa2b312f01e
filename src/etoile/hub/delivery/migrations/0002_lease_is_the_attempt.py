"""The lease is the trace of the try in progress; the attempt is written once, with its result (docs/adr/0015).

Rows of attempts are only added, so their pages need no room for changes.
"""

from django.db import migrations, models

LEASES = """
ALTER TABLE delivery_delivery ADD COLUMN leased_at timestamptz;
UPDATE delivery_delivery SET leased_at = now() WHERE state = 'leased';
ALTER TABLE delivery_delivery ADD CONSTRAINT delivery_leased_is_a_trace
    CHECK (state <> 'leased' OR (leased_by IS NOT NULL AND leased_at IS NOT NULL));

ALTER TABLE delivery_attempt ADD COLUMN exchange jsonb;
UPDATE delivery_attempt SET outcome = 'interrupted' WHERE finished_at IS NULL;
DO $$
DECLARE
    part regclass;
BEGIN
    FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'delivery_attempt'::regclass LOOP
        EXECUTE format('ALTER TABLE %s RESET (fillfactor)', part);
    END LOOP;
END $$;
DROP FUNCTION delivery_new_key();
"""

UNDO = """
CREATE FUNCTION delivery_new_key() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT overlay(overlay(gen_random_uuid()::text PLACING left(t.milliseconds, 8) || '-' || right(t.milliseconds, 4)
                           FROM 1 FOR 13) PLACING '7' FROM 15 FOR 1)::uuid
    FROM (SELECT lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') AS milliseconds) t
$$;
ALTER TABLE delivery_attempt DROP COLUMN exchange;
ALTER TABLE delivery_delivery DROP CONSTRAINT delivery_leased_is_a_trace, DROP COLUMN leased_at;
"""


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial")]

    operations = [
        migrations.RunSQL(
            LEASES,
            UNDO,
            state_operations=[
                migrations.AddField("delivery", "leased_at", models.DateTimeField(null=True)),
                migrations.AddField("attempt", "exchange", models.JSONField(null=True)),
            ],
        ),
    ]
