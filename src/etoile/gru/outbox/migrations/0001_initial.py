import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="OutgoingEvent",
            fields=[
                ("position", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.UUIDField(editable=False, unique=True)),
                ("type", models.CharField(max_length=120)),
                ("subject", models.CharField(max_length=120)),
                ("authority", models.CharField(max_length=14)),
                ("sequence", models.BigIntegerField(null=True)),
                ("body", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "en attente"),
                            ("sent", "remis au concentrateur"),
                            ("refused", "refusé par le concentrateur"),
                            ("cancelled", "abandonné sur décision"),
                        ],
                        default="pending",
                        max_length=12,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("lease", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("problem", models.JSONField(null=True)),
                ("reason", models.TextField(default="")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "outbox_event",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["pending", "refused"])),
                        fields=["subject", "position"],
                        name="outbox_open",
                    ),
                    models.Index(condition=models.Q(("state", "pending")), fields=["position"], name="outbox_waiting"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "sent", "refused", "cancelled"])),
                        name="outbox_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="outbox_cancelled_with_reason",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION outbox_wake() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_notify('gru_outbox', '');
                RETURN NULL;
            END $$;
            CREATE TRIGGER outbox_wake AFTER INSERT ON outbox_event
                FOR EACH STATEMENT EXECUTE FUNCTION outbox_wake();
            """,
            "DROP TRIGGER outbox_wake ON outbox_event; DROP FUNCTION outbox_wake();",
        ),
    ]
