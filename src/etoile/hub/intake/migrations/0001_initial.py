from django.db import migrations

TABLE = """
CREATE TABLE intake_idempotency_key (
    application text NOT NULL,
    key text NOT NULL,
    digest bytea NOT NULL,
    answer text,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (application, key)
);
CREATE INDEX intake_idempotency_key_at ON intake_idempotency_key (at);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(TABLE, "DROP TABLE intake_idempotency_key")]
