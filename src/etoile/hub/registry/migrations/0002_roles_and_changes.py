"""Roles of operators, the history of changes of the registry, and credentials that operate the hub."""

from django.db import migrations, models

# Not partitioned, on purpose: it grows with decisions of people, not with messages, and outlives the months that the
# retention drops.
CHANGES = """
CREATE TABLE registry_change (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,
    reason text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    application text NOT NULL DEFAULT '',
    before jsonb,
    after jsonb,
    CHECK (before IS NOT NULL OR after IS NOT NULL)
);
CREATE INDEX registry_change_of ON registry_change (kind, name, id);
CREATE INDEX registry_change_application ON registry_change (application, id) WHERE application <> '';

CREATE TRIGGER registry_change_unchanged BEFORE UPDATE OR DELETE ON registry_change
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER registry_change_whole BEFORE TRUNCATE ON registry_change
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
"""

# Whoever had an account before there were roles could do everything.
EVERYTHING = "UPDATE registry_operator SET role = 'administrator'"


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("journal", "0002_seals_and_retention")]

    operations = [
        migrations.AddField(
            model_name="operator",
            name="role",
            field=models.CharField(
                choices=[
                    ("reader", "lecture"),
                    ("operator", "exploitation"),
                    ("administrator", "administration"),
                ],
                default="reader",
                max_length=20,
            ),
        ),
        migrations.RunSQL(EVERYTHING, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="credential",
            name="operation",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("operation", True), models.Q(("scopes__contains", "hub:"), _negated=True), _connector="OR"
                ),
                name="registry_credential_operates",
            ),
        ),
        migrations.RunSQL(
            CHANGES,
            "DROP TABLE registry_change",
            state_operations=[
                migrations.CreateModel(
                    name="Change",
                    fields=[
                        ("id", models.UUIDField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("actor", models.TextField()),
                        ("reason", models.TextField()),
                        ("kind", models.TextField()),
                        ("name", models.TextField()),
                        ("application", models.TextField()),
                        ("before", models.JSONField(null=True)),
                        ("after", models.JSONField(null=True)),
                    ],
                    options={"db_table": "registry_change", "ordering": ["-id"], "managed": False},
                ),
            ],
        ),
    ]
