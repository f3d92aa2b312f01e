"""What other rooms hold of one request is found without reading all that they hold: « Mes données » asks for it."""

from django.db import migrations

FORWARD = """
CREATE INDEX rights_sent_of ON outbox_event (subject);
CREATE INDEX rights_listed ON archive_slip_line (listed_case);
CREATE INDEX rights_returned ON notices_bounce (case_id);
"""
BACK = "DROP INDEX rights_sent_of; DROP INDEX rights_listed; DROP INDEX rights_returned;"


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0004_redacted"),
        ("outbox", "0001_initial"),
        ("archive", "0001_initial"),
        ("notices", "0004_bounces"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACK)]
