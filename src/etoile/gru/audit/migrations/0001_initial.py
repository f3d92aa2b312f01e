from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=Now())),
                ("authority_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField(null=True)),
                ("actor", models.CharField(max_length=254)),
                ("action", models.CharField(max_length=60)),
                ("subject", models.CharField(default="", max_length=254)),
                ("case_id", models.UUIDField(null=True)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "audit_entry",
                "indexes": [
                    models.Index(fields=["authority_id", "-id"], name="audit_by_authority"),
                    models.Index(fields=["account_id", "-id"], name="audit_by_account"),
                    models.Index(
                        fields=["case_id", "-id"],
                        name="audit_by_case",
                        condition=models.Q(("case_id__isnull", False)),
                    ),
                    models.Index(fields=["at"], name="audit_by_age"),
                ],
            },
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION audit_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' AND OLD.at < now() - interval '180 days' THEN
                    RETURN OLD;
                END IF;
                RAISE EXCEPTION 'a line of the audit log is never changed, nor removed before 180 days'
                    USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON audit_entry
                FOR EACH ROW EXECUTE FUNCTION audit_entry_is_kept();
            """,
            """
            DROP TRIGGER audit_entry_kept ON audit_entry;
            DROP FUNCTION audit_entry_is_kept();
            """,
        ),
    ]
