"""Questions that applications may ask through the hub, and who answers them."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import etoile.hub.registry.vault

TABLES = ("lookup", "lookupprovider")
TRIGGERS = [
    f"CREATE TRIGGER raise_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON registry_{table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION registry_raise_version()"
    for table in TABLES
]
DROPS = [f"DROP TRIGGER raise_version ON registry_{table}" for table in TABLES]
SLUG = django.core.validators.RegexValidator("^[a-z0-9]+(-[a-z0-9]+)*$", "Des minuscules, des chiffres et des tirets.")
ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_expected")]

    operations = [
        migrations.CreateModel(
            name="Lookup",
            fields=[
                ("id", ID),
                ("name", models.CharField(max_length=60, unique=True, validators=[SLUG])),
                ("title", models.CharField(max_length=200)),
                ("instead", models.CharField(max_length=300)),
                ("timeout", models.FloatField(default=5.0)),
                ("cache_seconds", models.PositiveIntegerField(default=0)),
                ("stale_seconds", models.PositiveIntegerField(default=0)),
                ("purposes", models.JSONField(default=dict)),
                ("readers", models.JSONField(blank=True, default=dict)),
                ("query", models.JSONField()),
                ("answer", models.JSONField()),
                ("active", models.BooleanField(default=True)),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="LookupProvider",
            fields=[
                ("id", ID),
                ("slug", models.CharField(max_length=60, validators=[SLUG])),
                ("rank", models.PositiveSmallIntegerField()),
                ("connector", models.CharField(max_length=60)),
                ("configuration", models.JSONField(blank=True, default=dict)),
                ("secrets", etoile.hub.registry.vault.SealedMappingField(blank=True, default=dict)),
                ("mapping", models.JSONField(blank=True, null=True)),
                ("timeout", models.FloatField(blank=True, null=True)),
                ("absent", models.CharField(default="stop", max_length=4)),
                ("circuit", models.JSONField(blank=True, default=dict)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="provides",
                        to="registry.application",
                    ),
                ),
                (
                    "lookup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="providers", to="registry.lookup"
                    ),
                ),
            ],
            options={
                "ordering": ["lookup", "rank"],
                "constraints": [models.UniqueConstraint("lookup", "slug", name="registry_lookup_provider_once")],
            },
        ),
        migrations.RunSQL(TRIGGERS, DROPS),
    ]
