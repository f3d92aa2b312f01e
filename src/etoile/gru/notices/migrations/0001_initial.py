import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import etoile.gru.outbox.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=etoile.gru.outbox.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("case_id", models.UUIDField(null=True)),
                ("template", models.CharField(max_length=40)),
                ("context", models.JSONField(default=dict)),
                ("language", models.CharField(default="fr", max_length=5)),
                ("recipient_name", models.CharField(default="", max_length=200)),
                ("recipient_email", models.EmailField(default="", max_length=254)),
                ("message_id", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("created", "à envoyer"),
                            ("sending", "envoi en cours"),
                            ("sent", "envoyé"),
                            ("failed", "échec, à reprendre"),
                            ("portal_only", "visible en ligne seulement"),
                        ],
                        default="created",
                        max_length=12,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("last_error", models.CharField(default="", max_length=300)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.authority"
                    ),
                ),
            ],
            options={
                "db_table": "notices_notice",
                "indexes": [
                    models.Index(fields=["case_id", "created_at"], name="notices_by_case"),
                    models.Index(
                        condition=models.Q(("state__in", ["created", "sending", "failed"])),
                        fields=["created_at"],
                        name="notices_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["created", "sending", "sent", "failed", "portal_only"])),
                        name="notices_state_known",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION notices_words_are_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'what a notice says is evidence: it never changes' USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER notices_evidence BEFORE UPDATE ON notices_notice FOR EACH ROW
                WHEN ((OLD.id, OLD.case_id, OLD.template, OLD.context, OLD.created_at)
                    IS DISTINCT FROM (NEW.id, NEW.case_id, NEW.template, NEW.context, NEW.created_at))
                EXECUTE FUNCTION notices_words_are_written_once();
            """,
            "DROP TRIGGER notices_evidence ON notices_notice; DROP FUNCTION notices_words_are_written_once();",
        ),
    ]
