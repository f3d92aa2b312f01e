"""What the distributed engine offered to its broker: for which due time, and when. Nobody else reads it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("delivery", "0003_circuits_and_quarantine")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE delivery_delivery ADD COLUMN offered_due timestamptz, ADD COLUMN offered_at timestamptz",
            "ALTER TABLE delivery_delivery DROP COLUMN offered_due, DROP COLUMN offered_at",
        )
    ]
