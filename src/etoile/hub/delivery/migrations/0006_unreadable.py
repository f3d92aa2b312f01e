"""What an application gave back and that cannot be read has its place in the quarantine, beside its answers."""

from django.db import migrations, models

WIDER = """
ALTER TABLE delivery_quarantined DROP CONSTRAINT delivery_quarantined_reason_check;
ALTER TABLE delivery_quarantined ADD CONSTRAINT delivery_quarantined_reason_check
    CHECK (reason IN ('unknown_case', 'refused', 'unreadable'));
"""
NARROWER = """
DELETE FROM delivery_quarantined WHERE reason = 'unreadable';
ALTER TABLE delivery_quarantined DROP CONSTRAINT delivery_quarantined_reason_check;
ALTER TABLE delivery_quarantined ADD CONSTRAINT delivery_quarantined_reason_check
    CHECK (reason IN ('unknown_case', 'refused'));
"""
REASONS = [
    ("unknown_case", "demande inconnue"),
    ("refused", "réponse inutilisable"),
    ("unreadable", "fichier illisible"),
]


class Migration(migrations.Migration):
    dependencies = [("delivery", "0005_search")]

    operations = [
        migrations.RunSQL(
            WIDER,
            NARROWER,
            state_operations=[migrations.AlterField("quarantined", "reason", models.TextField(choices=REASONS))],
        )
    ]
