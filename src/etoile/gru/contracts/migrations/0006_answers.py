from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0005_merges_are_told")]

    operations = [migrations.AddField("contract", "answers", models.JSONField(blank=True, default=dict))]
