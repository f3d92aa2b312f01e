"""What PostgreSQL itself sees to: an agent writes nothing on a frozen case, and programs are told that it is not there."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION rights_is_frozen(asked uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM rights_freeze WHERE case_id = asked AND lifted_at IS NULL)
$$;

CREATE FUNCTION rights_refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF rights_is_frozen(NEW.case_id) THEN
        RAISE EXCEPTION 'this case is frozen: no agent writes on it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rights_refuse_frozen BEFORE INSERT ON cases_history
    FOR EACH ROW WHEN (NEW.actor_kind = 'agent') EXECUTE FUNCTION rights_refuse_frozen();

CREATE OR REPLACE FUNCTION api_case_is_apart(asked uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM archive_standing WHERE case_id = asked AND archived_at IS NOT NULL)
        OR rights_is_frozen(asked)
$$;
CREATE TRIGGER api_follow_freeze AFTER INSERT OR DELETE OR UPDATE OF lifted_at ON rights_freeze
    FOR EACH ROW EXECUTE FUNCTION api_follow_standing();
"""
BACK = """
DROP TRIGGER api_follow_freeze ON rights_freeze;
CREATE OR REPLACE FUNCTION api_case_is_apart(asked uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM archive_standing WHERE case_id = asked AND archived_at IS NOT NULL)
$$;
DROP TRIGGER rights_refuse_frozen ON cases_history;
DROP FUNCTION rights_refuse_frozen();
DROP FUNCTION rights_is_frozen(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("rights", "0001_initial"), ("api", "0004_set_apart")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
