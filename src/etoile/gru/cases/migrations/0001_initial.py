import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import etoile.gru.outbox.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("forms", "0001_initial"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=etoile.gru.outbox.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reference", models.CharField(max_length=16, verbose_name="référence")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "en ligne"),
                            ("counter", "au guichet"),
                            ("phone", "par téléphone"),
                            ("mail", "par courrier"),
                            ("email", "par courriel"),
                            ("api", "par une application"),
                        ],
                        default="web",
                        max_length=8,
                    ),
                ),
                ("language", models.CharField(default="fr", max_length=5)),
                ("contact_name", models.CharField(default="", max_length=200)),
                ("contact_email", models.EmailField(default="", max_length=254)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "reçue"),
                            ("in_progress", "en cours"),
                            ("accepted", "acceptée"),
                            ("refused", "refusée"),
                            ("closed", "classée"),
                            ("withdrawn", "retirée"),
                        ],
                        default="submitted",
                        max_length=12,
                    ),
                ),
                (
                    "substate",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "rien de particulier"),
                            ("documents_asked", "en attente de pièces"),
                            ("opinion_asked", "en attente d'un avis"),
                            ("payment_due", "en attente de paiement"),
                            ("transferred", "transmise au service compétent"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("business_code", models.CharField(default="", max_length=60)),
                ("business_label", models.CharField(default="", max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("correlation", models.UUIDField(null=True)),
                ("history_number", models.PositiveIntegerField(default=0)),
                ("history_hash", models.BinaryField(default=b"")),
                ("answers", models.JSONField(default=dict)),
                ("tracking_hash", models.BinaryField(unique=True)),
                ("tracking_sealed", models.BinaryField()),
                ("submitted_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField()),
                ("silence_regime", models.CharField(default="none", max_length=8)),
                ("silence_date", models.DateField(null=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.authority"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "procedure_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="forms.procedureversion"
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.sector"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.team"
                    ),
                ),
            ],
            options={
                "db_table": "cases_case",
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=etoile.gru.outbox.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("outcome", models.CharField(max_length=12)),
                ("reasons", models.TextField(default="")),
                ("text", models.TextField()),
                ("signatory", models.CharField(max_length=200)),
                ("capacity", models.CharField(default="", max_length=200)),
                ("service", models.CharField(max_length=200)),
                ("decided_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="cases.case"
                    ),
                ),
            ],
            options={
                "db_table": "cases_decision",
                "ordering": ["decided_at"],
            },
        ),
        migrations.CreateModel(
            name="DocumentRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=etoile.gru.outbox.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("items", models.JSONField()),
                ("wording", models.TextField()),
                ("deadline", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "en attente"), ("answered", "reçu"), ("cancelled", "annulé")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="document_requests", to="cases.case"
                    ),
                ),
            ],
            options={
                "db_table": "cases_document_request",
                "ordering": ["asked_at"],
            },
        ),
        migrations.CreateModel(
            name="Handoff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("delivery", models.CharField(max_length=64)),
                ("message_type", models.CharField(max_length=120)),
                ("subscription", models.CharField(default="", max_length=120)),
                ("application", models.CharField(max_length=80)),
                ("application_name", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "en cours de transmission"),
                            ("sent", "transmise, accusé attendu"),
                            ("acknowledged", "reçue"),
                            ("rejected", "refusée par le logiciel"),
                            ("dead", "à reprendre par un exploitant"),
                            ("held", "retenue"),
                            ("cancelled", "abandonnée sur décision"),
                        ],
                        max_length=14,
                    ),
                ),
                ("external_id", models.CharField(default="", max_length=200)),
                ("detail", models.TextField(default="")),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("occurred_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handoffs", to="cases.case"
                    ),
                ),
            ],
            options={
                "db_table": "cases_handoff",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="History",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("verb", models.CharField(max_length=40)),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("person", "l'usager"),
                            ("agent", "un agent"),
                            ("application", "un logiciel métier"),
                            ("system", "le système"),
                        ],
                        max_length=12,
                    ),
                ),
                ("actor", models.CharField(max_length=200)),
                ("from_state", models.CharField(default="", max_length=12)),
                ("to_state", models.CharField(default="", max_length=12)),
                ("substate", models.CharField(default="", max_length=16)),
                ("reason", models.TextField(default="")),
                ("detail", models.JSONField(default=dict)),
                ("previous_hash", models.BinaryField()),
                ("hash", models.BinaryField()),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="history", to="cases.case"
                    ),
                ),
            ],
            options={
                "db_table": "cases_history",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=etoile.gru.outbox.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "author",
                    models.CharField(
                        choices=[
                            ("person", "l'usager"),
                            ("agent", "le service"),
                            ("application", "le logiciel métier"),
                        ],
                        max_length=12,
                    ),
                ),
                ("author_name", models.CharField(default="", max_length=200)),
                ("body", models.TextField()),
                ("sent_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="cases.case"
                    ),
                ),
            ],
            options={
                "db_table": "cases_message",
                "ordering": ["sent_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="SourcePosition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=120)),
                ("sequence", models.BigIntegerField(null=True)),
                ("occurred_at", models.DateTimeField(null=True)),
                ("external_id", models.CharField(default="", max_length=200)),
                ("status", models.CharField(default="", max_length=30)),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="positions", to="cases.case"
                    ),
                ),
            ],
            options={
                "db_table": "cases_source_position",
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["authority", "-submitted_at", "-id"], name="cases_by_authority"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["team", "state", "-submitted_at", "-id"], name="cases_by_team"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["sector", "state", "-submitted_at", "-id"], name="cases_by_sector"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("authority", "reference"), name="cases_reference_once"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["submitted", "in_progress", "accepted", "refused", "closed", "withdrawn"])
                ),
                name="cases_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("substate", ""), ("state__in", ["in_progress", "submitted"]), _connector="OR"),
                name="cases_substate_when_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["accepted", "closed", "refused"])), name="cases_decision_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "refused"), _negated=True),
                    models.Q(("reasons", ""), _negated=True),
                    _connector="OR",
                ),
                name="cases_refusal_motivated",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.UniqueConstraint(fields=("case", "delivery"), name="cases_handoff_once"),
        ),
        migrations.AddConstraint(
            model_name="history",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="cases_history_number_once"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["case", "sent_at"], name="cases_message_thread"),
        ),
        migrations.AddConstraint(
            model_name="sourceposition",
            constraint=models.UniqueConstraint(fields=("case", "source"), name="cases_position_once"),
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION cases_history_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'a row of the history of a case is never changed nor removed'
                    USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER cases_history_append_only BEFORE UPDATE OR DELETE ON cases_history
                FOR EACH ROW EXECUTE FUNCTION cases_history_is_written_once();
            CREATE FUNCTION cases_receipt_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'the date of receipt and the reference of a case never change (CRPA L112-13)'
                    USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER cases_receipt BEFORE UPDATE ON cases_case FOR EACH ROW
                WHEN ((OLD.id, OLD.authority_id, OLD.reference, OLD.submitted_at, OLD.procedure_version_id)
                    IS DISTINCT FROM (NEW.id, NEW.authority_id, NEW.reference, NEW.submitted_at, NEW.procedure_version_id))
                EXECUTE FUNCTION cases_receipt_is_written_once();
            """,
            """
            DROP TRIGGER cases_receipt ON cases_case;
            DROP FUNCTION cases_receipt_is_written_once();
            DROP TRIGGER cases_history_append_only ON cases_history;
            DROP FUNCTION cases_history_is_written_once();
            """,
        ),
    ]
