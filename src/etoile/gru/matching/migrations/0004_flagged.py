"""Why an agent flagged a pair."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0003_asking"),
    ]

    operations = [
        migrations.AddField(
            model_name="suspicion",
            name="why",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
    ]
