"""Whom a request is about is present in its sector while it is there: PostgreSQL keeps the account, as it does for who
asks (`cases.0011`). As the owner of the tables: who moves a case may not open a file to a sector by any other way.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from etoile.gru.people.policies import open_again, visible

# Whoever stays in a sector: by an act, by a request of their own, by one that is about them.
PRESENCE = """
CREATE FUNCTION people_leave(person uuid, sector bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM people_presence WHERE person_id = person AND sector_id = sector FOR UPDATE;
    DELETE FROM people_presence here WHERE here.person_id = person AND here.sector_id = sector AND NOT here.by_act
        AND NOT EXISTS (SELECT FROM cases_case WHERE person_id = person AND sector_id = sector)
        AND NOT EXISTS (
            SELECT FROM ties_concerned about JOIN cases_case asked ON asked.id = about.case_id
            WHERE about.person_id = person AND asked.sector_id = sector
        );
END $$;

CREATE OR REPLACE FUNCTION cases_make_present() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.sector_id IS NOT NULL THEN
        -- A row already there is locked, so that whoever takes it away at this moment waits, and sees this case.
        INSERT INTO people_presence (person_id, sector_id, by_act)
        SELECT NEW.person_id, NEW.sector_id, false
        UNION SELECT person_id, NEW.sector_id, false FROM ties_concerned WHERE case_id = NEW.id
        ON CONFLICT (person_id, sector_id) DO UPDATE SET since = people_presence.since;
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.sector_id IS NOT NULL THEN
        PERFORM people_leave(OLD.person_id, OLD.sector_id);
        PERFORM people_leave(person_id, OLD.sector_id) FROM ties_concerned WHERE case_id = OLD.id;
    END IF;
    IF TG_OP = 'DELETE' THEN
        DELETE FROM ties_concerned WHERE case_id = OLD.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION ties_make_present() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO people_presence (person_id, sector_id, by_act)
        SELECT NEW.person_id, sector_id, false FROM cases_case WHERE id = NEW.case_id AND sector_id IS NOT NULL
        ON CONFLICT (person_id, sector_id) DO UPDATE SET since = people_presence.since;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM people_leave(OLD.person_id, sector_id) FROM cases_case
        WHERE id = OLD.case_id AND sector_id IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ties_presence AFTER INSERT OR DELETE OR UPDATE OF person_id ON ties_concerned
    FOR EACH ROW EXECUTE FUNCTION ties_make_present();

-- A draft that is never sent is about nobody any more.
CREATE FUNCTION ties_draft_gone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM ties_concerned about WHERE about.case_id = OLD.id
        AND NOT EXISTS (SELECT FROM cases_case WHERE id = OLD.id);
    RETURN NULL;
END $$;
CREATE TRIGGER ties_draft_gone AFTER DELETE ON filling_draft FOR EACH ROW EXECUTE FUNCTION ties_draft_gone();
"""
NO_PRESENCE = """
DROP TRIGGER ties_draft_gone ON filling_draft;
DROP FUNCTION ties_draft_gone();
DROP TRIGGER ties_presence ON ties_concerned;
DROP FUNCTION ties_make_present();
CREATE OR REPLACE FUNCTION cases_make_present() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.sector_id IS NOT NULL THEN
        INSERT INTO people_presence (person_id, sector_id, by_act) VALUES (NEW.person_id, NEW.sector_id, false)
        ON CONFLICT (person_id, sector_id) DO UPDATE SET since = people_presence.since;
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.sector_id IS NOT NULL THEN
        DELETE FROM people_presence WHERE person_id = OLD.person_id AND sector_id = OLD.sector_id AND NOT by_act
            AND NOT EXISTS (SELECT FROM cases_case WHERE person_id = OLD.person_id AND sector_id = OLD.sector_id);
    END IF;
    RETURN NULL;
END $$;
DROP FUNCTION people_leave(uuid, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_presence"),
        ("filling", "0004_waived"),
        ("people", "0004_sectors_of_whom"),
        ("ties", "0002_sealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Concerned",
            fields=[
                ("case_id", models.UUIDField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
                (
                    "tie",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="ties.tie"
                    ),
                ),
            ],
            options={
                "db_table": "ties_concerned",
            },
        ),
        migrations.RunSQL(PRESENCE, NO_PRESENCE),
        migrations.RunSQL(visible("ties_concerned"), open_again("ties_concerned")),
    ]
