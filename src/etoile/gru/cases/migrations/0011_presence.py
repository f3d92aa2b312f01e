"""A person is present in the sector of each of their cases, and no longer than that: PostgreSQL keeps the account, so
that no verb which moves a case has to.

As the owner of the tables: who moves a case may not open a file to a sector by any other way.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION cases_make_present() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.sector_id IS NOT NULL THEN
        -- A row already there is locked, so that whoever takes it away at this moment waits, and sees this case.
        INSERT INTO people_presence (person_id, sector_id, by_act) VALUES (NEW.person_id, NEW.sector_id, false)
        ON CONFLICT (person_id, sector_id) DO UPDATE SET since = people_presence.since;
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.sector_id IS NOT NULL THEN
        PERFORM 1 FROM people_presence
        WHERE person_id = OLD.person_id AND sector_id = OLD.sector_id FOR UPDATE;
        IF NOT EXISTS (SELECT 1 FROM cases_case WHERE person_id = OLD.person_id AND sector_id = OLD.sector_id) THEN
            DELETE FROM people_presence
            WHERE person_id = OLD.person_id AND sector_id = OLD.sector_id AND NOT by_act;
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_presence AFTER INSERT OR DELETE ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_make_present();
CREATE TRIGGER cases_presence_moved AFTER UPDATE OF person_id, sector_id ON cases_case
    FOR EACH ROW WHEN ((OLD.person_id, OLD.sector_id) IS DISTINCT FROM (NEW.person_id, NEW.sector_id))
    EXECUTE FUNCTION cases_make_present();
INSERT INTO people_presence (person_id, sector_id, by_act, since)
    SELECT person_id, sector_id, false, min(submitted_at) FROM cases_case
    WHERE sector_id IS NOT NULL GROUP BY person_id, sector_id
ON CONFLICT (person_id, sector_id) DO NOTHING;
"""
BACK = """
DROP TRIGGER cases_presence_moved ON cases_case;
DROP TRIGGER cases_presence ON cases_case;
DROP FUNCTION cases_make_present();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_by_email"), ("people", "0002_sealed")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
