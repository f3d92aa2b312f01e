"""The sectors of an agent are read in our own tables, whatever a session calls by the same names."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0003_searched")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION people_sectors() SET search_path = pg_catalog, public, pg_temp",
            "ALTER FUNCTION people_sectors() RESET search_path",
        )
    ]
