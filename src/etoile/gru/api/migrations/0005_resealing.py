"""To be sealed again under another key is no change of a request: the feed of changes says nothing of it."""

from django.db import migrations

FOLLOW = """
DROP TRIGGER api_follow_changed_case ON cases_case;
CREATE TRIGGER api_follow_changed_case AFTER UPDATE ON cases_case
    FOR EACH ROW WHEN (
        OLD.* IS DISTINCT FROM NEW.* AND current_setting('etoile.resealing', true) IS DISTINCT FROM 'yes'
    ) EXECUTE FUNCTION api_follow_case();
"""
LEAVE = """
DROP TRIGGER api_follow_changed_case ON cases_case;
CREATE TRIGGER api_follow_changed_case AFTER UPDATE ON cases_case
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION api_follow_case();
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0004_set_apart")]

    operations = [migrations.RunSQL(FOLLOW, LEAVE)]
