"""What was handed to one application, between two moments, and which applications there are: for the list of a breach."""

from django.db import migrations

FORWARD = """
CREATE INDEX rights_handed ON cases_handoff (application, occurred_at);

CREATE FUNCTION rights_applications(asked bigint) RETURNS TABLE (application text, name text) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE each AS (
        (SELECT h.application, h.application_name FROM cases_handoff h
         ORDER BY h.application DESC, h.occurred_at DESC LIMIT 1)
        UNION ALL
        SELECT next.application, next.application_name FROM each, LATERAL (
            SELECT h.application, h.application_name FROM cases_handoff h WHERE h.application < each.application
            ORDER BY h.application DESC, h.occurred_at DESC LIMIT 1
        ) next
    )
    -- One is enough, and the planner must know it: an EXISTS reads them all.
    SELECT each.application, each.application_name FROM each, LATERAL (
        SELECT FROM cases_handoff h JOIN cases_case c ON c.id = h.case_id
        WHERE h.application = each.application AND c.authority_id = asked LIMIT 1
    ) one
$$;
"""
BACK = "DROP FUNCTION rights_applications(bigint); DROP INDEX rights_handed;"


class Migration(migrations.Migration):
    dependencies = [("rights", "0002_frozen"), ("cases", "0011_presence")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
