import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0004_archivist")]

    operations = [
        migrations.AddField("authority", "closed_days", models.JSONField(blank=True, default=list)),
        migrations.AddField("authority", "messages", models.JSONField(blank=True, default=dict)),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("given_name", models.CharField(max_length=100)),
                ("family_name", models.CharField(max_length=100)),
                ("capacity", models.CharField(max_length=150)),
                ("service", models.CharField(max_length=200)),
                ("formula", models.CharField(blank=True, max_length=200)),
                ("act", models.CharField(blank=True, max_length=200)),
                ("procedures", models.JSONField(blank=True, default=list)),
                ("begins_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="delegations", to="access.authority"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("begins_on")), _connector="OR"
                        ),
                        name="access_delegation_ends_after",
                    )
                ],
            },
        ),
    ]
