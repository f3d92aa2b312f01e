"""What is asked of the person whose two records these may be: read and written as the rest of this room."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import etoile.gru.outbox.identifiers

NAMED = "ARRAY[first_id::text, second_id::text] && string_to_array(people_scope(2), ',')"
SEALED = f"""
ALTER TABLE matching_asking ENABLE ROW LEVEL SECURITY;
CREATE POLICY matching_asking_written ON matching_asking USING (
    people_scope(1) = 'task' AND (people_scope(3) = '' OR authority_id::text = people_scope(3))
);
CREATE POLICY matching_asking_read ON matching_asking FOR SELECT USING (people_scope(1) = 'person' AND {NAMED});
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_door"),
        ("matching", "0002_sealed"),
        ("people", "0004_sectors_of_whom"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Asking",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=etoile.gru.outbox.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ends_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "sans réponse"),
                            ("confirmed", "vous avez dit oui"),
                            ("refused", "vous avez dit non"),
                            ("over", "ne compte plus"),
                        ],
                        default="sent",
                        max_length=10,
                    ),
                ),
                (
                    "left",
                    models.CharField(
                        blank=True,
                        choices=[("names", "Names"), ("address", "Address"), ("rules", "Rules")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("space", models.UUIDField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.authority"
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "db_table": "matching_asking",
            },
        ),
        migrations.AddField(
            model_name="merge",
            name="asking",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="matching.asking"
            ),
        ),
        migrations.AddConstraint(
            model_name="asking",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="matching_asking_once"),
        ),
        migrations.AddConstraint(
            model_name="asking",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="matching_asking_ordered"
            ),
        ),
        migrations.RunSQL(SEALED, migrations.RunSQL.noop),
    ]
