import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Content",
            fields=[
                (
                    "authority",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="portal_content",
                        serialize=False,
                        to="access.authority",
                    ),
                ),
                ("source", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
                ("updated_at", models.DateTimeField()),
            ],
        ),
    ]
