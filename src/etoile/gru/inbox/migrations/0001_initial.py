import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="IncomingEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=120)),
                ("event_id", models.CharField(max_length=120)),
                ("type", models.CharField(max_length=120)),
                ("subject", models.CharField(max_length=200)),
                ("authority", models.CharField(max_length=14)),
                ("digest", models.BinaryField()),
                ("body", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "appliqué"),
                            ("recorded", "enregistré sans effet"),
                            ("quarantined", "en quarantaine : demande inconnue"),
                            ("ignored", "sans objet ici"),
                            ("dismissed", "écarté sur décision"),
                        ],
                        max_length=12,
                    ),
                ),
                ("why", models.CharField(default="", max_length=300)),
                ("case_id", models.UUIDField(null=True)),
                ("received_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "inbox_event",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "quarantined")), fields=["received_at"], name="inbox_quarantine"
                    ),
                    models.Index(fields=["case_id", "received_at"], name="inbox_by_case"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "event_id"), name="inbox_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["applied", "recorded", "quarantined", "ignored", "dismissed"])
                        ),
                        name="inbox_state_known",
                    ),
                ],
            },
        ),
    ]
