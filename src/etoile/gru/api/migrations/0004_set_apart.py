from django.db import migrations

# A case set apart is no longer there for programs: the feed says so in the transaction that sets it apart, or takes it
# back.
FOLLOW = """
CREATE OR REPLACE FUNCTION api_case_is_apart(asked uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM archive_standing WHERE case_id = asked AND archived_at IS NOT NULL)
$$;

CREATE OR REPLACE FUNCTION api_follow_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM api_case_changed(OLD.id, OLD.procedure_version_id, OLD.authority_id, OLD.version, true);
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.procedure_version_id <> NEW.procedure_version_id THEN
        -- Who may read the former procedure alone is told that the case is no longer there.
        PERFORM api_case_changed(OLD.id, OLD.procedure_version_id, OLD.authority_id, OLD.version, true);
    END IF;
    PERFORM api_case_changed(
        NEW.id, NEW.procedure_version_id, NEW.authority_id, NEW.version,
        TG_OP = 'UPDATE' AND api_case_is_apart(NEW.id)
    );
    RETURN NULL;
END $$;

CREATE FUNCTION api_follow_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM api_case_changed(c.id, c.procedure_version_id, c.authority_id, c.version, api_case_is_apart(c.id))
    FROM cases_case c WHERE c.id = COALESCE(NEW.case_id, OLD.case_id);
    RETURN NULL;
END $$;

UPDATE api_change SET gone = true, position = NULL
WHERE case_id IN (SELECT case_id FROM archive_standing WHERE archived_at IS NOT NULL);

CREATE TRIGGER api_follow_standing AFTER INSERT OR DELETE OR UPDATE OF archived_at ON archive_standing
    FOR EACH ROW EXECUTE FUNCTION api_follow_standing();
"""
LEAVE = """
DROP TRIGGER api_follow_standing ON archive_standing;
DROP FUNCTION api_follow_standing();
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0003_pace"), ("archive", "0002_guards")]

    operations = [migrations.RunSQL(FOLLOW, LEAVE)]
