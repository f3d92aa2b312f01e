import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# A verb, a command, a line typed by an operator: whatever writes a case marks it as changed, in its own transaction.
# The position is given later (see `api.changes`): here, nobody knows yet in which order transactions will end.
FOLLOW = """
CREATE SEQUENCE api_change_position;

CREATE FUNCTION api_case_changed(changed uuid, version_id bigint, owner bigint, at_version integer, is_gone boolean)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO api_change (case_id, procedure_id, authority_id, version, gone, position, changed_at)
    SELECT changed, v.procedure_id, owner, at_version, is_gone, NULL, clock_timestamp()
    FROM forms_procedureversion v WHERE v.id = version_id
    ON CONFLICT (case_id, procedure_id) DO UPDATE SET
        version = EXCLUDED.version, gone = EXCLUDED.gone, position = NULL, changed_at = EXCLUDED.changed_at
$$;

CREATE FUNCTION api_follow_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM api_case_changed(OLD.id, OLD.procedure_version_id, OLD.authority_id, OLD.version, true);
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.procedure_version_id <> NEW.procedure_version_id THEN
        -- Who may read the former procedure alone is told that the case is no longer there.
        PERFORM api_case_changed(OLD.id, OLD.procedure_version_id, OLD.authority_id, OLD.version, true);
    END IF;
    PERFORM api_case_changed(NEW.id, NEW.procedure_version_id, NEW.authority_id, NEW.version, false);
    RETURN NULL;
END $$;

INSERT INTO api_change (case_id, procedure_id, authority_id, version, gone, position, changed_at)
SELECT c.id, v.procedure_id, c.authority_id, c.version, false, nextval('api_change_position'), c.updated_at
FROM (SELECT * FROM cases_case ORDER BY updated_at, id) c JOIN forms_procedureversion v ON v.id = c.procedure_version_id;

CREATE TRIGGER api_follow_new_case AFTER INSERT OR DELETE ON cases_case
    FOR EACH ROW EXECUTE FUNCTION api_follow_case();
CREATE TRIGGER api_follow_changed_case AFTER UPDATE ON cases_case
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION api_follow_case();
"""
LEAVE = """
DROP TRIGGER api_follow_changed_case ON cases_case;
DROP TRIGGER api_follow_new_case ON cases_case;
DROP FUNCTION api_follow_case();
DROP FUNCTION api_case_changed(uuid, bigint, bigint, integer, boolean);
DROP SEQUENCE api_change_position;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0001_initial"),
        ("access", "0003_roles"),
        ("cases", "0009_words"),
        ("forms", "0002_procedure_changes"),
        migrations.swappable_dependency(settings.OAUTH2_PROVIDER_APPLICATION_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.UUIDField()),
                ("version", models.PositiveIntegerField()),
                ("gone", models.BooleanField()),
                ("position", models.BigIntegerField(null=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "authority",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="access.authority",
                    ),
                ),
                (
                    "procedure",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="forms.procedure",
                    ),
                ),
            ],
            options={
                "db_table": "api_change",
                "indexes": [
                    models.Index(fields=["authority", "position"], name="api_change_read"),
                    models.Index(
                        condition=models.Q(("position__isnull", True)), fields=["id"], name="api_change_unnumbered"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case_id", "procedure"), name="api_change_once"),
                    models.UniqueConstraint(fields=("position",), name="api_change_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Limits",
            fields=[
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="limits",
                        serialize=False,
                        to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
                    ),
                ),
                ("procedures", models.JSONField(default=dict)),
                ("per_minute", models.PositiveIntegerField(null=True)),
            ],
            options={"db_table": "api_limits"},
        ),
        migrations.RunSQL(FOLLOW, LEAVE),
    ]
