import django.db.models.functions.datetime
from django.db import migrations, models

# Whatever writes an attribute notes it, in its own transaction. Not of somebody who appears: applications are told of
# them by their request, and each of these writes eight attributes.
FOLLOW = """
CREATE FUNCTION contracts_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO contracts_changed (person_id, key)
    SELECT touched.person_id, touched.key FROM touched
    JOIN people_person person ON person.id = touched.person_id
    WHERE person.created_at < transaction_timestamp();
    RETURN NULL;
END $$;
CREATE TRIGGER contracts_follow_new AFTER INSERT ON people_attribute
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION contracts_follow();
CREATE TRIGGER contracts_follow_changed AFTER UPDATE ON people_attribute
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION contracts_follow();
CREATE TRIGGER contracts_follow_gone AFTER DELETE ON people_attribute
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION contracts_follow();
"""
LEAVE = """
DROP TRIGGER contracts_follow_gone ON people_attribute;
DROP TRIGGER contracts_follow_changed ON people_attribute;
DROP TRIGGER contracts_follow_new ON people_attribute;
DROP FUNCTION contracts_follow();
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial"), ("people", "0002_sealed")]

    operations = [
        migrations.CreateModel(
            name="Changed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.UUIDField()),
                ("key", models.CharField(max_length=40)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={"db_table": "contracts_changed"},
        ),
        migrations.DeleteModel(name="Told"),
        migrations.RunSQL(FOLLOW, LEAVE),
    ]
