from django.db import migrations, models

# A record that becomes another one's, or is its own again: noted with whose it was before, in the same transaction.
FOLLOW = """
CREATE FUNCTION contracts_stand() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.contracts_changed (person_id, key, was_id) VALUES (NEW.id, 'merged_into', OLD.merged_into_id);
    RETURN NULL;
END $$;
CREATE TRIGGER contracts_stand AFTER UPDATE ON people_person FOR EACH ROW
    WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id) EXECUTE FUNCTION contracts_stand();
"""
LEAVE = """
DROP TRIGGER contracts_stand ON people_person;
DROP FUNCTION contracts_stand();
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0004_whoever_appears")]

    operations = [
        migrations.AddField("changed", "was_id", models.UUIDField(null=True)),
        migrations.RunSQL(FOLLOW, LEAVE),
    ]
