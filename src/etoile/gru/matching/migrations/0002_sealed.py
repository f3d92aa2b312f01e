"""Who was written is compared again; nothing of this is read but by a named task of the server, and for the person it speaks of."""

from django.db import migrations

# The columns of each table that name a person.
NAMING = {
    "matching_key": ("person_id",),
    "matching_suspicion": ("first_id", "second_id"),
    "matching_exclusion": ("first_id", "second_id"),
    "matching_merge": ("master_id", "merged_id"),
}
BY_A_TASK = "people_scope(1) = 'task' AND (people_scope(3) = '' OR authority_id::text = people_scope(3))"
OF_A_MERGE = "EXISTS (SELECT FROM matching_merge seen WHERE seen.id = matching_move.merge_id)"

EXAMINED = """
CREATE FUNCTION matching_examine() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO matching_to_examine (person_id) SELECT DISTINCT person_id FROM written ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER matching_attribute_made AFTER INSERT ON people_attribute
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION matching_examine();
CREATE TRIGGER matching_attribute_changed AFTER UPDATE ON people_attribute
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION matching_examine();
INSERT INTO matching_to_examine (person_id) SELECT id FROM people_person ON CONFLICT DO NOTHING;
"""
NOT_EXAMINED = """
DROP TRIGGER matching_attribute_changed ON people_attribute;
DROP TRIGGER matching_attribute_made ON people_attribute;
DROP FUNCTION matching_examine();
"""


def sealed(table: str, written: str, read: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY {table}_written ON {table} USING ({written});"
        f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({read})",
        f"DROP POLICY {table}_read ON {table};"
        f"DROP POLICY {table}_written ON {table};"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )


def of_the_person(*columns: str) -> str:
    """Whoever they speak of may be given what is held."""
    named = " OR ".join(f"{each}::text = ANY (string_to_array(people_scope(2), ','))" for each in columns)
    return f"people_scope(1) = 'person' AND ({named})"


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial"), ("people", "0002_sealed"), ("cases", "0011_presence")]

    operations = [
        migrations.RunSQL(EXAMINED, NOT_EXAMINED),
        *(sealed(table, BY_A_TASK, of_the_person(*columns)) for table, columns in NAMING.items()),
        sealed("matching_move", f"people_scope(1) = 'task' AND {OF_A_MERGE}", OF_A_MERGE),
    ]
