import django.db.models.deletion
from django.db import migrations, models

# The one the case followed then: what its next change of procedure left, else what it follows now.
_VERSION = """
UPDATE corrections_revision AS mine SET version_id = coalesce(
    (SELECT turn.before_id FROM requalification_requalification AS turn
        WHERE turn.case_id = mine.case_id AND turn.at > mine.sent_at ORDER BY turn.at LIMIT 1),
    (SELECT procedure_version_id FROM cases_case WHERE id = mine.case_id)
) WHERE sent_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("corrections", "0001_initial"),
        ("forms", "0002_procedure_changes"),
        ("requalification", "0001_requalification"),
    ]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="forms.procedureversion",
            ),
        ),
        migrations.RunSQL(_VERSION, migrations.RunSQL.noop),
    ]
