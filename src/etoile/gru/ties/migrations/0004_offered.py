"""A mandate waits for whoever proves that an address is theirs."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from etoile.gru.people.policies import open_again

# Seen with its tie, which shows neither of its persons.
WALL = """
ALTER TABLE ties_offer ENABLE ROW LEVEL SECURITY;
CREATE POLICY ties_offer_sealed ON ties_offer USING (
    EXISTS (SELECT 1 FROM ties_tie seen WHERE seen.id = ties_offer.tie_id)
);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ties", "0003_concerned"),
    ]

    operations = [
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "tie",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="ties.tie",
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "ties_offer",
                "indexes": [models.Index(fields=["email"], name="ties_offered_to")],
            },
        ),
        migrations.RunSQL(WALL, open_again("ties_offer")),
    ]
