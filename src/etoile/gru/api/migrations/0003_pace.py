import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0002_changes"),
        migrations.swappable_dependency(settings.OAUTH2_PROVIDER_APPLICATION_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                (
                    "client",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
                    ),
                ),
                ("whole_at", models.DateTimeField()),
            ],
            options={"db_table": "api_pace"},
        ),
        migrations.RunSQL(
            "ALTER TABLE api_pace SET UNLOGGED; ALTER TABLE api_pace SET (fillfactor = 50)",
            migrations.RunSQL.noop,
        ),
    ]
