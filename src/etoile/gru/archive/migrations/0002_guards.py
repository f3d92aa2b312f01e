"""What PostgreSQL itself refuses: the history of a case goes only with a line of an agreed list, written as removed in
the same transaction; such a line never changes. Without a visa, no case can be removed, whoever asks.

The runtime role may not delete from the history: `archive_remove_history` does, as its owner, and the trigger judges.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION cases_history_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM public.archive_slip_line line
        WHERE line.listed_case = OLD.case_id AND NOT line.state = 'kept' AND line.state = 'removed'
            AND line.removed_in = pg_current_xact_id()::text::bigint
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a row of the history of a case is never changed nor removed'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION archive_remove_history(gone uuid) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM public.cases_history WHERE case_id = gone
$$;
REVOKE ALL ON FUNCTION archive_remove_history(uuid) FROM PUBLIC;

CREATE FUNCTION archive_line_is_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 'removed' THEN
        RAISE EXCEPTION 'the line of a case that was removed never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'removed' AND NOT (
        NEW.removed_in = pg_current_xact_id()::text::bigint
        AND EXISTS (SELECT 1 FROM public.archive_slip slip WHERE slip.id = NEW.slip_id AND slip.state = 'agreed')
    ) THEN
        RAISE EXCEPTION 'a case is removed only under an agreed list' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER archive_line_agreed BEFORE INSERT OR UPDATE OR DELETE ON archive_slip_line
    FOR EACH ROW EXECUTE FUNCTION archive_line_is_agreed();

CREATE FUNCTION archive_done_is_done() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a list that is done never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER archive_slip_done BEFORE UPDATE OR DELETE ON archive_slip
    FOR EACH ROW WHEN (OLD.state = 'done') EXECUTE FUNCTION archive_done_is_done();
"""
BACK = """
DROP TRIGGER archive_slip_done ON archive_slip;
DROP FUNCTION archive_done_is_done();
DROP TRIGGER archive_line_agreed ON archive_slip_line;
DROP FUNCTION archive_line_is_agreed();
DROP FUNCTION archive_remove_history(uuid);
CREATE OR REPLACE FUNCTION cases_history_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of the history of a case is never changed nor removed'
        USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("archive", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
