from django.db import migrations

# Somebody appears in the transaction that wrote their row: visible to us while it is in progress, it is ours. The clock
# of our program cannot say it: a row is dated before its transaction begins.
FOLLOW = """
CREATE OR REPLACE FUNCTION contracts_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here bigint := pg_current_xact_id()::text::bigint;
    epoch bigint := here - here % 4294967296;
BEGIN
    INSERT INTO public.contracts_changed (person_id, key)
    SELECT touched.person_id, touched.key FROM touched
    JOIN public.people_person person ON person.id = touched.person_id
    WHERE person.created_at < transaction_timestamp() - interval '1 hour'
        OR pg_xact_status((CASE WHEN person.xmin::text::bigint + epoch > here + 2147483648
            THEN person.xmin::text::bigint + epoch - 4294967296
            ELSE person.xmin::text::bigint + epoch END)::text::xid8) IS DISTINCT FROM 'in progress';
    RETURN NULL;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION contracts_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO contracts_changed (person_id, key)
    SELECT touched.person_id, touched.key FROM touched
    JOIN people_person person ON person.id = touched.person_id
    WHERE person.created_at < transaction_timestamp();
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0003_nothing_left")]

    operations = [migrations.RunSQL(FOLLOW, BEFORE)]
