from django.db import migrations

# Somebody removed leaves not even the names of what was known of them.
FORGET = """
CREATE FUNCTION contracts_forget() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM contracts_changed WHERE person_id IN (SELECT id FROM gone);
    RETURN NULL;
END $$;
CREATE TRIGGER contracts_forget_person AFTER DELETE ON people_person
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION contracts_forget();
"""
KEEP = """
DROP TRIGGER contracts_forget_person ON people_person;
DROP FUNCTION contracts_forget();
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0002_told_of_changes")]

    operations = [migrations.RunSQL(FORGET, KEEP)]
