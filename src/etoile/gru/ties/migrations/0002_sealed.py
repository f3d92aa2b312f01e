"""A tie is seen by whoever sees one of its two persons; each writing is in its history with its author."""

from django.db import migrations

from etoile.gru.people.policies import open_again, visible

KEPT = ("detail", "begins_on", "ends_on", "ended_at", "level", "source", "expires_at")


def _of(row: str) -> str:
    pairs = ", ".join(f"'{each}', {row}.{each}" for each in KEPT)
    return f"jsonb_build_object({pairs})"


WRITTEN = f"""
CREATE FUNCTION ties_written() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO ties_history (tie_id, after, author)
        VALUES (NEW.id, {_of("NEW")}, coalesce(people_scope(4), ''));
    ELSE
        INSERT INTO ties_history (tie_id, before, after, author)
        VALUES (NEW.id, {_of("OLD")}, {_of("NEW")}, coalesce(people_scope(4), ''));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ties_tie_written AFTER INSERT OR UPDATE OF {", ".join(KEPT)} ON ties_tie
    FOR EACH ROW EXECUTE FUNCTION ties_written();
ALTER TABLE ties_history ADD CONSTRAINT ties_history_tie FOREIGN KEY (tie_id)
    REFERENCES ties_tie (id) ON DELETE CASCADE;
CREATE TRIGGER ties_history_append_only BEFORE UPDATE OR DELETE ON ties_history
    FOR EACH ROW EXECUTE FUNCTION people_history_is_written_once();
"""  # noqa: S608 - our own names
NOT_WRITTEN = """
DROP TRIGGER ties_history_append_only ON ties_history;
DROP TRIGGER ties_tie_written ON ties_tie;
DROP FUNCTION ties_written();
"""

WALL = f"""
ALTER TABLE ties_tie ENABLE ROW LEVEL SECURITY;
CREATE POLICY ties_tie_sealed ON ties_tie USING (
    EXISTS (SELECT 1 FROM people_person seen WHERE seen.id = ties_tie.holder_id)
    OR EXISTS (SELECT 1 FROM people_person seen WHERE seen.id = ties_tie.subject_id)
);
-- Read alone: the trigger of the ties writes it, as its owner.
ALTER TABLE ties_history ENABLE ROW LEVEL SECURITY;
CREATE POLICY ties_history_sealed ON ties_history FOR SELECT USING (
    EXISTS (SELECT 1 FROM ties_tie seen WHERE seen.id = ties_history.tie_id)
);
{visible("ties_told")}
"""  # noqa: S608 - our own names
NO_WALL = f"""
{open_again("ties_told")}
{open_again("ties_history")}
{open_again("ties_tie")}
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_sectors_of_whom"), ("ties", "0001_initial")]

    operations = [
        migrations.RunSQL(WRITTEN, NOT_WRITTEN),
        migrations.RunSQL(WALL, NO_WALL),
    ]
