"""What an agent does on a case goes into the audit log with its history row: by a trigger, which costs no statement to
those who write, and which no writer can forget."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True

    dependencies = [("audit", "0001_initial"), ("cases", "0009_words")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION audit_history_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO audit_entry (at, authority_id, account_id, actor, action, subject, case_id, detail)
                SELECT NEW.at, c.authority_id, NEW.account_id, NEW.actor, 'case.' || NEW.verb, c.reference, c.id, '{}'
                FROM cases_case c WHERE c.id = NEW.case_id;
                RETURN NULL;
            END $$;
            CREATE TRIGGER audit_history AFTER INSERT ON cases_history
                FOR EACH ROW WHEN (NEW.account_id IS NOT NULL) EXECUTE FUNCTION audit_history_of_case();
            """,
            """
            DROP TRIGGER audit_history ON cases_history;
            DROP FUNCTION audit_history_of_case();
            """,
        ),
    ]
