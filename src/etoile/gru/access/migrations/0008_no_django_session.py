"""Sessions are in `access_session` since 0006: the table of Django’s own is dropped, with what names it."""

from django.db import migrations

DROP = """
DROP TABLE IF EXISTS django_session;
DELETE FROM django_migrations WHERE app = 'sessions';
DELETE FROM auth_permission WHERE content_type_id IN
    (SELECT id FROM django_content_type WHERE app_label = 'sessions');
DELETE FROM django_content_type WHERE app_label = 'sessions';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_late_forms"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunSQL(DROP, migrations.RunSQL.noop)]
