"""Ties between persons, their history, and whom somebody only told of."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import etoile.gru.outbox.identifiers
import etoile.gru.people.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0006_door"),
        ("people", "0004_sectors_of_whom"),
    ]

    operations = [
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "ties_told",
            },
        ),
        migrations.CreateModel(
            name="Tie",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=etoile.gru.outbox.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("detail", models.JSONField(default=dict)),
                ("begins_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                (
                    "level",
                    models.IntegerField(
                        choices=[
                            (100, "Déclaré par la personne"),
                            (200, "Vérifié par un code"),
                            (330, "Justificatif non officiel"),
                            (360, "Justificatif non officiel vu au guichet"),
                            (400, "Justificatif officiel"),
                            (500, "Justificatif officiel vu au guichet"),
                            (600, "FranceConnect"),
                        ],
                        default=100,
                    ),
                ),
                ("source", models.CharField(max_length=60)),
                ("certified_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.authority"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "db_table": "ties_tie",
                "base_manager_name": "objects",
            },
            bases=(etoile.gru.people.models.Certified, models.Model),
        ),
        migrations.CreateModel(
            name="TieChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField()),
                ("author", models.CharField(max_length=100)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "tie",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="changes",
                        to="ties.tie",
                    ),
                ),
            ],
            options={
                "db_table": "ties_history",
                "base_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="tie",
            index=models.Index(condition=models.Q(("ends_on__isnull", False)), fields=["ends_on"], name="ties_ended"),
        ),
        migrations.AddConstraint(
            model_name="tie",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__gte", 100), ("level__lte", 600)), name="ties_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="tie",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("begins_on__isnull", True),
                    ("ends_on__isnull", True),
                    ("ends_on__gte", models.F("begins_on")),
                    _connector="OR",
                ),
                name="ties_period",
            ),
        ),
    ]
