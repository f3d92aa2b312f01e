"""History by author, presence of persons in sectors, and row-level security on all that is known of a person.

The setting `etoile.people` of the transaction says for whom (`scope.Scope.said`): kind, who, within, author. The owner
of the tables, who migrates them, is not held by the policies; the role that runs is.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from etoile.gru.people.policies import open_again, visible

FUNCTIONS = """
CREATE FUNCTION people_scope(part int) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT split_part(current_setting('etoile.people', true), ':', part)
$$;

CREATE FUNCTION people_sectors() RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT team.sector_id), '{}')
    FROM access_account account
    JOIN access_membership held ON held.account_id = account.id
    JOIN access_team team ON team.authority_id = account.authority_id
        AND (held.team_id IS NULL OR held.team_id = team.id)
    WHERE account.id = CASE people_scope(1) WHEN 'agent' THEN people_scope(2)::bigint END
        AND account.is_active AND held.role = ANY (string_to_array(people_scope(3), ','))
$$;

CREATE FUNCTION people_written() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO people_history (person_id, key, level_before, source, author)
        VALUES (OLD.person_id, OLD.key, OLD.level, OLD.source, coalesce(people_scope(4), ''));
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO people_history (person_id, key, value, level, source, author)
        VALUES (NEW.person_id, NEW.key, NEW.value, NEW.level, NEW.source, coalesce(people_scope(4), ''));
    ELSE
        INSERT INTO people_history (person_id, key, value, level_before, level, source, author)
        VALUES (NEW.person_id, NEW.key, NEW.value, OLD.level, NEW.level, NEW.source, coalesce(people_scope(4), ''));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER people_attribute_written AFTER INSERT OR UPDATE OR DELETE ON people_attribute
    FOR EACH ROW EXECUTE FUNCTION people_written();

CREATE FUNCTION people_history_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the history of a person is never changed, and goes with the person alone'
        USING ERRCODE = 'restrict_violation';
END $$;
ALTER TABLE people_history ADD CONSTRAINT people_history_person FOREIGN KEY (person_id)
    REFERENCES people_person (id) ON DELETE CASCADE;
CREATE TRIGGER people_history_append_only BEFORE UPDATE OR DELETE ON people_history
    FOR EACH ROW EXECUTE FUNCTION people_history_is_written_once();
"""
NO_FUNCTIONS = """
DROP TRIGGER people_history_append_only ON people_history;
DROP FUNCTION people_history_is_written_once();
DROP TRIGGER people_attribute_written ON people_attribute;
DROP FUNCTION people_written();
DROP FUNCTION people_sectors();
DROP FUNCTION people_scope(int);
"""

WALL = f"""
ALTER TABLE people_person ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_person_sealed ON people_person USING (
    CASE people_scope(1)
        WHEN 'task' THEN people_scope(3) = '' OR authority_id::text = people_scope(3)
        WHEN 'person' THEN id::text = ANY (string_to_array(people_scope(2), ','))
        WHEN 'agent' THEN restricted_at IS NULL AND EXISTS (
            SELECT 1 FROM people_presence present
            WHERE present.person_id = people_person.id
                AND present.sector_id = ANY ((SELECT people_sectors())::bigint[])
        )
        ELSE false
    END
);

-- An agent sees the presences of their sectors, and makes none: it would open any file to them.
ALTER TABLE people_presence ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_presence_seen ON people_presence FOR SELECT USING (
    CASE people_scope(1)
        WHEN 'task' THEN true
        WHEN 'person' THEN person_id::text = ANY (string_to_array(people_scope(2), ','))
        WHEN 'agent' THEN sector_id = ANY ((SELECT people_sectors())::bigint[])
        ELSE false
    END
);
CREATE POLICY people_presence_made ON people_presence USING (people_scope(1) = 'task');
{visible("people_attribute")}
-- Read alone: the trigger of the attributes writes it, as its owner.
ALTER TABLE people_history ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_history_sealed ON people_history FOR SELECT USING (
    EXISTS (SELECT 1 FROM people_person seen WHERE seen.id = people_history.person_id)
);
"""  # noqa: S608 - our own names
NO_WALL = f"""
{open_again("people_history")}
{open_again("people_attribute")}
DROP POLICY people_presence_made ON people_presence;
DROP POLICY people_presence_seen ON people_presence;
ALTER TABLE people_presence DISABLE ROW LEVEL SECURITY;
{open_again("people_person")}
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0006_door"), ("people", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(name="attribute", options={"base_manager_name": "objects"}),
        migrations.AlterModelOptions(name="person", options={"base_manager_name": "objects"}),
        migrations.AddField(
            model_name="person",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="person", name="restricted_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40)),
                ("value", models.JSONField(null=True)),
                ("level_before", models.IntegerField(null=True)),
                ("level", models.IntegerField(null=True)),
                ("source", models.CharField(max_length=60)),
                ("author", models.CharField(max_length=100)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="changes",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "db_table": "people_history",
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["person", "-id"], name="people_history_of_person")],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_act", models.BooleanField(default=False)),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="presences", to="people.person"
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.sector"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["sector", "person"], name="people_presence_of_sector")],
                "constraints": [models.UniqueConstraint(fields=("person", "sector"), name="people_presence_once")],
            },
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(WALL, NO_WALL),
    ]
