"""What the lookups remember: answers that may be given again, and providers that do not answer.

Neither is partitioned: an answer is deleted when it is over, a provider has one row at most. What was asked is in the
journal.
"""

from django.db import migrations

TABLES = """
CREATE TABLE lookups_kept (
    key bytea PRIMARY KEY,
    lookup text NOT NULL,
    sealed text NOT NULL,
    fresh_until timestamptz NOT NULL,
    stale_until timestamptz NOT NULL,
    CHECK (octet_length(key) = 32),
    CHECK (stale_until >= fresh_until)
);
CREATE INDEX lookups_kept_over ON lookups_kept (stale_until);

CREATE TABLE lookups_failing (
    provider_id bigint PRIMARY KEY,
    failures integer NOT NULL,
    openings integer NOT NULL DEFAULT 0,
    since timestamptz NOT NULL,
    paused_until timestamptz,
    misconfigured boolean NOT NULL,
    words text NOT NULL,
    version bigint NOT NULL,
    CHECK ((paused_until IS NULL) = (openings = 0))
) WITH (fillfactor = 70);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("journal", "0001_initial"), ("registry", "0004_lookups")]

    operations = [migrations.RunSQL(TABLES, "DROP TABLE lookups_failing, lookups_kept")]
