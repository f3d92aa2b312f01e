import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("entries", models.BigIntegerField()),
                ("messages", models.BigIntegerField()),
                ("routed", models.BigIntegerField()),
                ("unrouted", models.BigIntegerField()),
                ("kept", models.BigIntegerField()),
                ("differences", models.BigIntegerField()),
            ],
            options={
                "ordering": ["-day", "-id"],
                "indexes": [models.Index(fields=["-day", "-id"], name="reconciliation_latest")],
            },
        ),
        migrations.CreateModel(
            name="Difference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing", "acceptée pour cet abonnement, sans envoi"),
                            ("unpromised", "envoi que l'acceptation n'annonçait pas"),
                            ("unrecorded", "message sans trace au journal"),
                            ("lost", "au journal, sans message"),
                            ("missing_there", "reçue selon le hub, absente de l'application"),
                            ("unknown_here", "dans l'application, inconnue du hub"),
                        ],
                        max_length=20,
                    ),
                ),
                ("subscription_id", models.BigIntegerField(null=True)),
                ("message_id", models.UUIDField(null=True)),
                ("delivery_id", models.UUIDField(null=True)),
                ("external_id", models.TextField(blank=True)),
                ("reference", models.TextField(blank=True)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="found", to="reconciliation.report"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Row",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subscription_id", models.BigIntegerField()),
                ("subscription", models.CharField(max_length=80)),
                ("application", models.CharField(max_length=60)),
                ("accepted", models.BigIntegerField(default=0)),
                ("acknowledged", models.BigIntegerField(default=0)),
                ("pending", models.BigIntegerField(default=0)),
                ("leased", models.BigIntegerField(default=0)),
                ("retry_scheduled", models.BigIntegerField(default=0)),
                ("sent", models.BigIntegerField(default=0)),
                ("rejected", models.BigIntegerField(default=0)),
                ("dead", models.BigIntegerField(default=0)),
                ("held", models.BigIntegerField(default=0)),
                ("cancelled", models.BigIntegerField(default=0)),
                ("missing", models.BigIntegerField(default=0)),
                ("unpromised", models.BigIntegerField(default=0)),
                ("theirs", models.BigIntegerField(null=True)),
                ("missing_there", models.BigIntegerField(default=0)),
                ("unknown_here", models.BigIntegerField(default=0)),
                ("note", models.TextField(blank=True)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="reconciliation.report"
                    ),
                ),
            ],
            options={
                "ordering": ["application", "subscription"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("report"), models.F("subscription_id"), name="reconciliation_row_once"
                    )
                ],
            },
        ),
    ]
