from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("batches", "0002_exported"),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="through",
            field=models.CharField(blank=True, default="", max_length=255),
        ),
    ]
